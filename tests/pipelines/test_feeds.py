"""Feeds of changes: what any feed reader can read back, whatever newspapers write."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from archive.records import Change, ChangeKind, HistoryStep
from pipelines.feeds import ATOM, JSON_FEED, atom, is_substantive, json_feed

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = "<script>a()</script> ]]> \x00\x1b[31m [bold]b[/red] \u202ec & \"d\" 'e' \ufffe\ud800\x9b"
LEGIBLE = "<script>a()</script> ]]> [31m [bold]b[/red] \u202ec & \"d\" 'e'"
FEED: dict[str, Any] = {
    "feed_url": "https://archive.example/feeds/changes.atom?a=1&b=2",
    "title": "What changed",
    "updated": NOON + timedelta(days=1),
}


def step(hours: int = 0, *kinds: ChangeKind, **more: Any) -> HistoryStep:
    told = {"summary": "“12 people” → “14 people”", "run_id": "r", "url": "https://n.example/a"}
    moment = NOON + timedelta(hours=hours)
    found = {"revision": f"{hours:064x}", "captured_at": moment, "kinds": kinds, **told, **more}
    return HistoryStep(**found)


def change(hours: int = 0, *kinds: ChangeKind, **more: Any) -> Change:
    return Change(
        article_id="A" * 26,
        publisher="nzherald",
        headline=f"Ferry stuck for {hours} hours",
        url="https://n.example/world/a/?x=1&y=2",
        step=step(hours, *(kinds or ("headline",)), **more),
        previous="0" * 64,
    )


def parsed(content: bytes) -> ET.Element:
    return ET.fromstring(content)  # noqa: S314 - our own feed


def entries(content: bytes) -> list[ET.Element]:
    return parsed(content).findall(f"{{{ATOM}}}entry")


def said(element: ET.Element, name: str) -> str:
    text = element.findtext(f"{{{ATOM}}}{name}")
    assert text, name
    return text


def items(content: bytes) -> list[Any]:
    return list(json.loads(content)["items"])


def test_an_atom_feed_has_what_the_standard_asks_for() -> None:
    content = atom([change(1), change(2, "removed")], **FEED)
    feed = parsed(content)
    assert feed.tag == f"{{{ATOM}}}feed"
    for part in (feed, *entries(content)):
        assert said(part, "id")
        assert said(part, "title")
        assert datetime.fromisoformat(said(part, "updated")).tzinfo
    assert feed.findtext(f"{{{ATOM}}}author/{{{ATOM}}}name") == "newsarchive"
    link = feed.find(f"{{{ATOM}}}link[@rel='self']")
    assert link is not None
    assert link.get("href") == FEED["feed_url"]


def test_an_entry_says_where_what_and_which_kinds() -> None:
    (entry,) = entries(atom([change(1, "headline", "addition")], **FEED))
    link = entry.find(f"{{{ATOM}}}link[@rel='alternate']")
    assert link is not None
    assert link.get("href") == "https://n.example/world/a/?x=1&y=2"
    assert said(entry, "title") == "Ferry stuck for 1 hours"
    assert said(entry, "summary") == "“12 people” → “14 people”"
    assert said(entry, "published") == "2026-03-01T13:00:00Z"
    kinds = [one.get("term") for one in entry.findall(f"{{{ATOM}}}category")]
    assert kinds == ["headline", "addition"]


def test_a_json_feed_says_the_same() -> None:
    changes = [change(1, "headline", "addition")]
    feed = json.loads(json_feed(changes, **FEED))
    (entry,), (item,) = entries(atom(changes, **FEED)), feed["items"]
    assert feed["version"] == JSON_FEED
    assert (feed["title"], feed["feed_url"]) == (FEED["title"], FEED["feed_url"])
    assert item["id"] == said(entry, "id")
    assert item["content_text"] == said(entry, "summary")
    assert item["date_published"] == said(entry, "published")
    assert item["tags"] == ["headline", "addition"]
    assert item["_newsarchive"]["previous"] == "0" * 64


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (("first",), False),
        (("cosmetic",), False),
        ((), False),
        (("headline",), True),
        (("access",), True),
        (("correction", "addition"), True),
        (("removed",), True),
        (("restored",), True),
    ],
)
def test_only_what_a_reader_wants_to_hear_of_is_told(
    kinds: tuple[ChangeKind, ...],
    told: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    one = evolve(change(), step=step(0, *kinds))
    assert is_substantive(one.step) is told
    assert len(entries(atom([one], **FEED))) == len(items(json_feed([one], **FEED))) == told


def test_the_newest_stands_first_whatever_the_order() -> None:
    flips = change(2, returns=9, until=NOON + timedelta(hours=30))
    changes = [change(1), flips, change(5), change(3)]
    content = atom(changes, **FEED)
    times = [said(entry, "updated") for entry in entries(content)]
    assert times == sorted(times, reverse=True)
    assert times[0] == "2026-03-02T18:00:00Z"
    assert atom(reversed(changes), **FEED) == content
    assert [item["date_modified"] for item in items(json_feed(changes, **FEED))] == times


def test_ids_are_unique_and_stay() -> None:
    back = change(1, captured_at=NOON + timedelta(hours=1, microseconds=1))
    changes = [change(1), back, evolve(change(1), article_id="B" * 26), change(2)]
    ids = [said(entry, "id") for entry in entries(atom(changes, **FEED))]
    assert len(set(ids)) == len(ids) == 4
    longer = [
        evolve(one, headline="Another", step=evolve(one.step, summary="s", until=FEED["updated"]))
        for one in changes
    ]
    moved = {**FEED, "feed_url": "https://elsewhere.example/", "updated": NOON}
    assert {said(entry, "id") for entry in entries(atom(longer, **moved))} == set(ids)
    first = f"tag:newsarchive,2026:nzherald/{'A' * 26}/{1:064x}/20260301T130000.000000Z"
    assert first in ids


def test_hostile_text_is_text() -> None:
    one = evolve(
        change(),
        headline=HOSTILE,
        url=f"https://n.example/{HOSTILE}",
        article_id=HOSTILE.replace("\ud800", ""),
        step=step(0, "headline", summary=f"{HOSTILE}\r\n{HOSTILE}"),
    )
    content = atom([one], **{**FEED, "title": HOSTILE})
    (entry,) = entries(content)
    assert said(parsed(content), "title") == said(entry, "title") == LEGIBLE
    assert said(entry, "summary") == f"{LEGIBLE} {LEGIBLE}"
    assert b"<script" not in content
    assert all(byte >= 0x20 or byte == 0x0A for byte in content)
    (item,) = items(json_feed([one], **{**FEED, "title": HOSTILE}))
    assert (item["title"], item["content_text"]) == (LEGIBLE, f"{LEGIBLE} {LEGIBLE}")


def test_no_changes_make_a_feed_too() -> None:
    assert entries(atom([], **FEED)) == items(json_feed([], **FEED)) == []
