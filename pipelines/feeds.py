"""Feeds of changes, Atom and JSON Feed: which articles changed, when, and how, in one line each.

A feed holds no text of an article beyond its headline and the summary of the change.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

from msgspec import UNSET

from archive.codec import encode
from archive.records import Change, HistoryStep

ATOM = "http://www.w3.org/2005/Atom"
"""The namespace of RFC 4287."""

JSON_FEED = "https://jsonfeed.org/version/1.1"
"""What a JSON Feed says it is."""

GENERATOR = "newsarchive"
"""Who made the feed, and the authority of its ids."""

_MINTED = "2026"
"""Year in the ids (RFC 4151): part of their names, never changed."""

_NOT_XML = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 forbids, and the second set of control characters, which it discourages."""


def atom(changes: Iterable[Change], *, feed_url: str, title: str, updated: datetime) -> bytes:
    """Return the substantive changes as an Atom feed (RFC 4287), newest first."""
    feed = ET.Element("feed", {"xmlns": ATOM})
    _add(feed, "id", feed_url)
    _add(feed, "title", title)
    _add(feed, "updated", _instant(updated))
    _add(feed, "generator", GENERATOR)
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=legible(feed_url))
    _add(ET.SubElement(feed, "author"), "name", GENERATOR)
    for change in newest_first(changes):
        feed.append(_entry(change))
    ET.indent(feed)
    content: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return content


def json_feed(changes: Iterable[Change], *, feed_url: str, title: str, updated: datetime) -> bytes:
    """Return the substantive changes as a JSON Feed 1.1, newest first."""
    return encode(
        {
            "version": JSON_FEED,
            "title": one_line(title),
            "feed_url": legible(feed_url),
            "authors": [{"name": GENERATOR}],
            "items": [_item(change) for change in newest_first(changes)],
            f"_{GENERATOR}": {"updated": _instant(updated)},
        }
    )


def newest_first(changes: Iterable[Change]) -> Sequence[Change]:
    """Return the changes that a reader would want to hear of; equal sets give equal orders."""
    told = [change for change in changes if is_substantive(change.step)]
    told.sort(key=lambda one: (one.publisher, one.article_id, one.step.revision))
    return sorted(told, key=lambda one: last_seen(one.step), reverse=True)


def is_substantive(step: HistoryStep) -> bool:
    """Whether a step changed what an article tells: not its first revision, not cosmetic only."""
    return "first" not in step.kinds and not set(step.kinds) <= {"cosmetic"}


def last_seen(step: HistoryStep) -> datetime:
    """Return when a step was last seen to happen: a page may go back and forth for a while."""
    return step.captured_at if step.until is UNSET else step.until


def tag(change: Change) -> str:
    """Return the id of a change (RFC 4151), made of nothing that can change afterwards."""
    parts = (change.publisher, change.article_id, change.step.revision)
    named = "/".join(quote(part, safe="") for part in parts)
    moment = change.step.captured_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return f"tag:{GENERATOR},{_MINTED}:{named}/{moment}"


def legible(text: str) -> str:
    """Return a text without control characters, which no XML, HTML or terminal should be given."""
    return _NOT_XML.sub("", text)


def one_line(text: str) -> str:
    """Return a text without control characters on one line."""
    return " ".join(legible(text).split())


def _entry(change: Change) -> ET.Element:
    entry = ET.Element("entry")
    _add(entry, "id", tag(change))
    _add(entry, "title", change.headline)
    _add(entry, "updated", _instant(last_seen(change.step)))
    _add(entry, "published", _instant(change.step.captured_at))
    ET.SubElement(entry, "link", rel="alternate", href=legible(change.url))
    for kind in change.step.kinds:
        ET.SubElement(entry, "category", term=kind)
    _add(entry, "summary", change.step.summary)
    return entry


def _item(change: Change) -> dict[str, object]:
    step = change.step
    return {
        "id": tag(change),
        "url": legible(change.url),
        "title": one_line(change.headline),
        "content_text": one_line(step.summary),
        "date_published": _instant(step.captured_at),
        "date_modified": _instant(last_seen(step)),
        "tags": list(step.kinds),
        f"_{GENERATOR}": {
            "article_id": change.article_id,
            "revision": step.revision,
            "previous": change.previous,
        },
    }


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = one_line(text)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
