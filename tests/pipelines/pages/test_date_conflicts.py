"""Where a page's dates contradict each other the record says so, and no text is taken for a date."""

from datetime import UTC, datetime

import pytest

from archive.records import DateCandidate
from pipelines.pages import PageReading, read
from pipelines.pages.dates import conflicts

FIRST = ("json-ld:datePublished", "2026-03-01T10:00:00Z")
LAST = ("json-ld:dateModified", "2026-03-01T11:00:00Z")


def told(*stated: tuple[str, str]) -> tuple[str, ...]:
    return conflicts(DateCandidate(value=value, source=source) for source, value in stated)


@pytest.mark.parametrize(
    "other",
    [
        ("meta:article:published_time", "2026-03-01T10:00:59Z"),
        ("meta:article:published_time", "2026-03-01T23:00:00+13:00"),
        ("meta:article:published_time", "2026-03-01"),
        ("fusion:display_date", "2025-08-01T10:00:00Z"),
        ("html:time", "2026-03-05T10:00:00Z"),
        ("html:live-blog__entry", "2026-03-05T10:00:00Z"),
        ("json-ld:dateCreated", "2026-02-01T10:00:00Z"),
    ],
)
def test_the_same_instant_and_other_facts_are_no_conflict(other: tuple[str, str]) -> None:
    assert told(FIRST, LAST, other) == ()


def test_two_instants_of_one_fact_are_told_with_their_places() -> None:
    assert told(FIRST, ("fusion:first_publish_date", "2026-03-01T08:00:00.000Z")) == (
        (
            "date_published: json-ld:datePublished 2026-03-01T10:00:00Z, "
            "fusion:first_publish_date 2026-03-01T08:00:00Z"
        ),
    )
    assert told(FIRST, LAST, ("meta:article:modified_time", "2026-03-02T00:00:00Z")) == (
        (
            "date_modified: json-ld:dateModified 2026-03-01T11:00:00Z, "
            "meta:article:modified_time 2026-03-02T00:00:00Z"
        ),
    )


def test_a_change_before_the_publication_is_told() -> None:
    assert told(FIRST, ("json-ld:dateModified", "2026-03-01T09:00:00Z")) == (
        (
            "date_modified: json-ld:dateModified 2026-03-01T09:00:00Z is before "
            "json-ld:datePublished 2026-03-01T10:00:00Z"
        ),
    )
    assert told(FIRST, ("json-ld:dateModified", "2026-03-01T09:59:30Z")) == ()


def reading(head: str, text: str = "") -> PageReading:
    words = "".join(
        f"<p>The port of Tarevna has {n} pilots who stayed ashore, and {n} ships wait.</p>"
        for n in range(20, 28)
    )
    html = f"<html><head><title>Pilots</title>{head}</head><body><article><h1>Pilots stay ashore</h1>{words}{text}</article></body></html>"
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return read(html.encode(), url="https://paper.invalid/a", captured_at=now, publisher=None)


def test_the_record_keeps_the_most_trusted_date_and_flags_the_other() -> None:
    found = reading(
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Pilots",'
        ' "datePublished": "2026-03-01T10:00:00Z"}</script>'
        '<meta property="article:published_time" content="2026-03-01T15:00:00Z">'
    )
    assert found.date_published == datetime(2026, 3, 1, 10, tzinfo=UTC)
    (said,) = found.date_conflicts
    assert said.startswith("date_published: json-ld:datePublished 2026-03-01T10:00:00Z, ")
    assert found.provenance["date_conflicts"] == "dates"


def test_a_date_in_the_text_is_never_one_of_the_record() -> None:
    found = reading(
        "", "<p>Updated: 3 March 2026 10:00 UTC</p><p>Published 2026-03-01T10:00:00Z</p>"
    )
    assert (found.date_published, found.date_modified, found.dates) == (None, None, ())
    assert found.date_conflicts == ()
