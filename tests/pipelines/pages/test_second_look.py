"""A body split into several containers of one class is put together."""

from pipelines.pages.markup import text_of, tree_of
from pipelines.pages.passages import passages_of
from pipelines.pages.second_look import joined

FIRST, SECOND = "The harbour bridge was opened again. " * 3, "The council paid for the repair. " * 3


def bodies(html: str) -> list[str] | None:
    """Return the texts of the elements of the class, after the parts are joined."""
    tree = tree_of(f"<html><body><article>{html}</article></body></html>".encode(), url="")
    page = joined(tree, [passage for passage in passages_of(tree) if passage.is_prose])
    return None if page is None else [text_of(e) for e in page.iter("div") if e.get("class")]


def test_parts_beside_one_another_become_one() -> None:
    html = f'<div class="body"><p>{FIRST}</p></div><div class="body"><p>{SECOND}</p></div>'
    assert bodies(html) == [f"{FIRST}{SECOND}".strip(), ""]


def test_parts_inside_one_another_keep_all_their_text() -> None:
    inside_first = f'<div class="body"><div class="body"><p>{FIRST}</p></div><p>{SECOND}</p></div>'
    inside_last = f'<div class="body"><p>{FIRST}</p><div class="body"><p>{SECOND}</p></div></div>'
    for html in (inside_first, inside_last):
        found = bodies(html)
        assert found is not None
        assert found[0] == f"{FIRST}{SECOND}".strip()


def test_one_body_is_not_split() -> None:
    assert bodies(f'<div class="body"><p>{FIRST}</p><p>{SECOND}</p></div>') is None
