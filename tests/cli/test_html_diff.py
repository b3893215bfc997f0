"""The HTML page of a difference: it stands alone, and what newspapers write stays text."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from archive.records import BlockChange, Diff, FieldChange, HistoryStep, WordChange
from cli.html_diff import page

HOSTILE = "</title><script>a()</script> \" ' & ]]> \x00\x1b[red]\u202e"
VOID = {"meta"}


class Seen(HTMLParser):
    """Elements, attributes and the text of a page; fails on one that is not closed."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.text: dict[str, str] = {}
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {f"{tag}.{name}": value for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.text[self.open[-1]] = self.text.get(self.open[-1], "") + data


def step(number: int) -> HistoryStep:
    return HistoryStep(
        revision=f"{number}" * 64,
        captured_at=datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(hours=number),
        kinds=("headline",),
        summary="s",
        run_id="r",
        url="https://n.example/a",
    )


def difference(text: str = "So it is.") -> Diff:
    calm = BlockChange(op="equal", kind="paragraph", before="Calm.", after="Calm.")
    changed = WordChange(op="replace", before="12 people", after="14 people")
    return Diff(
        kinds=("headline", "live_update"),
        summary=text,
        fields=(FieldChange(field="headline", before=text, after="New"),),
        blocks=(
            *[calm] * 5,
            BlockChange(op="replace", kind="paragraph", before="b", after="a", words=(changed,)),
            BlockChange(op="insert", kind="heading", after=text),
            BlockChange(op="delete", kind="quote", before=text),
        ),
        captions=(BlockChange(op="insert", kind="caption", after=text),),
    )


def made(text: str = "So it is.") -> str:
    return page(difference(text), article_id="A" * 26, headline=text, sides=(step(1), step(2)))


def test_the_page_is_whole_and_says_what_it_is() -> None:
    source = made()
    seen = Seen(source)
    assert source.startswith("<!doctype html>")
    assert not seen.open
    assert seen.attributes["html.lang"] == "en"
    assert seen.text["title"] == "What changed: So it is."
    assert seen.text["h1"] == "So it is."
    assert "width=device-width" in source
    assert "prefers-color-scheme: dark" in source


def test_kinds_times_and_revisions_are_told() -> None:
    source = made()
    assert "<li>headline</li>\n<li>live update</li>" in source
    assert '<time datetime="2026-03-01T13:00:00+00:00">2 March 2026, 02:00 NZDT</time>' in source
    assert "111111111111 → 222222222222" in source


def test_old_and_new_words_are_marked_and_what_stayed_is_folded() -> None:
    source = made()
    assert "<del>12 people</del> <ins>14 people</ins>" in source
    assert '<h2 dir="auto"><ins>So it is.</ins></h2>' in source
    assert '<blockquote dir="auto"><del>So it is.</del></blockquote>' in source
    assert "<summary>… 5 paragraphs unchanged …</summary>" in source
    assert Seen(source).elements.count("details") == 1


def test_nothing_is_fetched_and_nothing_runs() -> None:
    seen = Seen(made())
    assert not {"script", "link", "img", "iframe", "a"} & set(seen.elements)
    assert "url(" not in seen.text["style"]
    assert "@import" not in seen.text["style"]
    assert "default-src 'none'" in made()


def test_hostile_text_is_text() -> None:
    source = made(HOSTILE)
    seen = Seen(source)
    assert not seen.open
    assert seen.elements == Seen(made()).elements
    assert "</title><script>a()</script>" in seen.text["h1"]
    assert "</title><script>a()</script>" in seen.text["title"]
    assert not {"\x00", "\x1b"} & set(source)


def test_unknown_sides_and_no_change_are_no_trouble() -> None:
    source = page(Diff(kinds=(), summary=""), article_id="A" * 26, headline="Ferry")
    assert "Both are the same story." in source
    assert "<time" not in source
    assert not Seen(source).open
