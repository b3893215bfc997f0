"""Histories and differences as people read them: in 80 columns, with colours and without."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from archive.errors import ConfigurationError
from archive.records import (
    BlockChange,
    ChangeKind,
    Diff,
    FieldChange,
    History,
    HistoryStep,
    Removal,
    WordChange,
)
from cli.render_versions import history_table, print_diff, remarks
from cli.versions import _write, headline

TERMINAL = 80
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLE = "A" * 26
GONE = Removal(
    kind="redirected",
    http_status=301,
    location="https://n.example/world/a/long/address/of/a/section/and/its/front/",
    evidence=("title: World",),
)


def console(**more: Any) -> Console:
    return Console(file=StringIO(), width=TERMINAL, soft_wrap=True, highlight=False, **more)


def printed(on: Console) -> str:
    assert isinstance(on.file, StringIO)
    return on.file.getvalue()


def step(number: int, *kinds: ChangeKind, **more: Any) -> HistoryStep:
    told: dict[str, Any] = {"summary": "“12 people” → “14 people”; 2 paragraphs added"}
    told |= {"revision": f"{number}f{'0' * 62}", "run_id": "r", "url": "https://n.example/a"}
    told |= {"captured_at": NOON + timedelta(hours=number), "headline": f"Ferry {number}"}
    return HistoryStep(**{**told, "kinds": kinds, **more})


def history(*steps: HistoryStep, **more: Any) -> History:
    return History(article_id=ARTICLE, revisions=steps, **more)


def long_history() -> History:
    return history(
        step(1, "first", summary="first seen"),
        step(2, "headline", "description", "correction", "live_update", "addition"),
        step(3, "headline", returns=7, until=NOON + timedelta(days=3)),
        step(4, "access", returns=1, summary="the [editor] called [/red]"),
        step(5, "removed", summary="its address leads to /world/", headline=None, removal=GONE),
        suspected=Removal(kind="http_404", http_status=404),
    )


def words() -> BlockChange:
    return BlockChange(
        op="replace",
        kind="paragraph",
        before="The master said 12 people were aboard on Tuesday.",
        after="The master said 14 people were aboard.",
        words=(
            WordChange(op="equal", before="The master said", after="The master said"),
            WordChange(op="replace", before="12 people", after="14 people"),
            WordChange(op="equal", before="were aboard", after="were aboard"),
            WordChange(op="delete", before="on Tuesday."),
        ),
    )


def difference(*blocks: BlockChange, **more: Any) -> Diff:
    return Diff(
        kinds=("headline", "live_update"), summary="2 [red]words[/red]", blocks=blocks, **more
    )


def same(number: int) -> list[BlockChange]:
    return [BlockChange(op="equal", kind="paragraph", before="Calm.", after="Calm.")] * number


def plain(found: Diff) -> str:
    on = console(color_system=None)
    print_diff(on, found, headline="Ferry", sides=(step(1), step(2)))
    return printed(on)


def test_a_history_fits_a_terminal() -> None:
    on = console()
    on.print(history_table(long_history()))
    text = printed(on)
    assert max(map(len, text.splitlines())) <= TERMINAL
    joined = " ".join(text.split())
    for told in ("2026-03-02 02:00", "first seen", "live update", "[editor] called [/red]"):
        assert told in joined
    assert "its address leads to /world/" in joined


def test_returns_are_told_in_words() -> None:
    on = console()
    on.print(history_table(long_history()))
    text = " ".join(printed(on).split())
    assert "until 2026-03-05 01:00" in text


def test_what_stands_below_a_history() -> None:
    suspected, hint = remarks(long_history())
    assert "not found (status 404)" in suspected
    assert hint.endswith(f"newsarchive diff {ARTICLE} 3 4")
    (alone,) = remarks(history(step(1, "first")))
    assert "nothing to compare" in alone


def test_without_colours_words_stand_in_marks() -> None:
    text = plain(difference(words(), BlockChange(op="insert", kind="quote", after="So [it] is.")))
    assert "said [-12 people-]{+14 people+} were aboard [-on Tuesday.-]" in " ".join(text.split())
    assert "    {+So [it] is.+}" in text
    assert "headline, live update: 2 [red]words[/red]" in text
    assert "\x1b" not in text


def test_with_colours_old_words_are_struck_through_and_new_ones_underlined() -> None:
    on = console(force_terminal=True, color_system="standard", no_color=False)
    print_diff(on, difference(words()), headline="Ferry")
    assert "\x1b[9;31m12 people\x1b[0m" in printed(on)
    assert "\x1b[4;32m14 people\x1b[0m" in printed(on)
    assert "[-" not in printed(on)


def test_who_wants_no_colour_gets_marks() -> None:
    on = console(force_terminal=True, color_system="standard", no_color=True)
    print_diff(on, difference(words()), headline="Ferry")
    assert "[-12 people-]{+14 people+}" in printed(on)


def test_fields_stand_first_and_unchanged_blocks_are_folded() -> None:
    field = FieldChange(field="authors", before=None, after="Mere Tane")
    other = BlockChange(op="equal", kind="heading", before="Tide", after="Tide")
    caption = BlockChange(op="delete", kind="caption", before="The quay")
    blocks = (*same(5), words(), other, *same(1))
    text = plain(difference(*blocks, fields=(field,), captions=(caption,)))
    order = ("authors: {+Mere Tane+}", "… 5 paragraphs unchanged …", "[-12 people-]")
    order = (*order, "… 2 blocks unchanged …", "caption: [-The quay-]")
    places = [text.index(told) for told in order]
    assert places == sorted(places)
    assert "Calm." not in text


def test_lines_break_at_words() -> None:
    block = BlockChange(op="insert", kind="paragraph", after="harbour " * 60)
    lines = plain(difference(block)).splitlines()
    assert max(map(len, lines)) <= TERMINAL
    assert all(word.strip("{+}") in {"harbour", ""} for line in lines[4:] for word in line.split())


def test_control_characters_do_not_reach_the_terminal() -> None:
    block = BlockChange(op="insert", kind="paragraph", after="a\x1b[2Jb\x9bc\x00d")
    on = console(color_system=None)
    print_diff(on, difference(block), headline="x\x1b]0;y\x07")
    assert "{+a[2Jbcd+}" in printed(on)
    assert not {"\x1b", "\x9b", "\x00", "\x07"} & set(printed(on))


def test_the_same_story_is_said_to_be_the_same() -> None:
    assert "Both are the same story." in plain(Diff(kinds=(), summary=""))


def test_the_last_headline_names_an_article_that_is_gone() -> None:
    assert headline(long_history()) == "Ferry 4"
    assert headline(history(step(1, headline=None))) == ARTICLE


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    _write(tmp_path / "page.html", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(ConfigurationError, match="a folder of yours"):
        _write(tmp_path / "none" / "page.html", "whole")
    with pytest.raises(ConfigurationError, match="directory"):
        _write(tmp_path, "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
