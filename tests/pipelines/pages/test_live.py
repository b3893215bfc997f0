"""Entries of any publisher's live blog: told by its data, shown by its text, timed only where both agree."""

import json
from datetime import UTC, datetime

import pytest
from msgspec import UNSET

from archive.records import Block
from pipelines.pages import PageReading, read

ENTRIES = {
    "Bridge closed": "<p>Police have closed the old bridge at Ostmere until the wind drops.</p>"
    "<p>Drivers are asked to take the road along the lake &amp; to be patient.</p>",
    "First gusts": "<p>Gusts of 140km/h were measured at the lighthouse in the first hour.</p>",
}
TIMES = ("2026-03-02T11:05:00+13:00", "2026-03-01T21:40:00Z")


def reading(kind: str, stated: dict[str, str], times: tuple[str, ...] = TIMES) -> PageReading:
    """Read a page with both entries; ``stated`` are those in its data."""
    entries = [
        {"@type": "BlogPosting", "headline": headline, "articleBody": text, "datePublished": at}
        for (headline, text), at in zip(stated.items(), times, strict=False)
    ]
    data = {"@type": kind, "headline": "Storm Petra reaches Ostmere", "liveBlogUpdate": entries}
    shown = "".join(f"<h3>{headline}</h3>{text}" for headline, text in ENTRIES.items())
    html = (
        "<html><head><title>Storm Petra reaches Ostmere</title><script type='application/ld+json'>"
        f"{json.dumps(data)}</script></head><body><article><h1>Storm Petra reaches Ostmere</h1>"
        "<p>The storm is over land; its centre is expected at noon, the weather service says.</p>"
        f"{shown}</article></body></html>"
    )
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return read(html.encode(), url="https://paper.invalid/a", captured_at=now, publisher=None)


def updates(found: PageReading) -> list[Block]:
    return [block for block in found.body if block.kind == "update"]


def test_an_entry_has_the_time_that_the_data_states() -> None:
    found = reading("LiveBlogPosting", ENTRIES)
    first, second = updates(found)
    assert first.text == (
        "Bridge closed\nPolice have closed the old bridge at Ostmere until the wind drops.\n"
        "Drivers are asked to take the road along the lake & to be patient."
    )
    assert first.date_published == datetime(2026, 3, 1, 22, 5, tzinfo=UTC)
    assert second.text.startswith("First gusts\nGusts of")
    assert second.date_published == datetime(2026, 3, 1, 21, 40, tzinfo=UTC)
    assert found.body[0].kind == "paragraph"
    assert found.provenance["body"].endswith("json-ld:liveBlogUpdate")


def test_only_the_same_words_make_an_entry() -> None:
    other = {name: text.replace("140km/h", "150km/h") for name, text in ENTRIES.items()}
    found = reading("LiveBlogPosting", other)
    assert [block.text.split("\n")[0] for block in updates(found)] == ["Bridge closed"]
    assert "Gusts of 140km/h" in " ".join(block.text for block in found.body)
    assert "150km/h" not in repr(found.body)


def test_a_time_without_a_zone_is_none() -> None:
    found = reading("LiveBlogPosting", ENTRIES, ("2026-03-01T21:40:00", "yesterday"))
    assert [block.date_published for block in updates(found)] == [UNSET, UNSET]


@pytest.mark.parametrize(("kind", "stated"), [("NewsArticle", ENTRIES), ("LiveBlogPosting", {})])
def test_without_a_live_blog_or_its_entries_there_are_no_updates(
    kind: str, stated: dict[str, str]
) -> None:
    found = reading(kind, stated)
    assert updates(found) == []
    assert found.provenance["body"] == "trafilatura"
