"""Each article stands in the book once, with everything that was said of it."""

from datetime import UTC, datetime, timedelta

from archive.records import LedgerLine, Listing
from crawler.book import Book

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def listing(article_id: str, source: str, **changes: object) -> Listing:
    values = {"url": f"http://a/{article_id}/", "position": 0, "seen_at": NOW} | changes
    return Listing(article_id=article_id, source=source, section="world", **values)


def test_many_announcements_make_one_entry() -> None:
    book = Book()
    book.add(listing("A", "sitemap:2026-03-10", lastmod=NOW - timedelta(hours=2)))
    book.add(listing("A", "rss:world", seen_at=NOW + timedelta(seconds=9)))
    book.add(listing("A", "rss:world"))
    book.add(listing("A", "section:world", url="http://a/other-slug/A/", lastmod=NOW))
    (line,) = book.lines()
    assert line.sources == ("sitemap:2026-03-10", "rss:world", "section:world")
    assert line.aliases == ("http://a/other-slug/A/",)
    assert line.url == "http://a/A/"
    assert line.lastmod == NOW
    assert line.listed_at == NOW


def test_an_article_is_elsewhere_only_when_it_is_not_here() -> None:
    book = Book()
    for article_id in ("A", "B", "B"):
        book.add_elsewhere(article_id, f"http://a/video/{article_id}/")
    book.add(listing("A", "rss:world"))
    assert book.other_sections == 1
    (line,) = book.lines()
    assert line.aliases == ("http://a/video/A/",)


def test_the_newest_change_is_asked_first() -> None:
    book = Book()
    for hours, article_id in ((5, "old"), (1, "new"), (3, "mid")):
        book.add(listing(article_id, "s", lastmod=NOW - timedelta(hours=hours)))
    book.add(listing("dateless", "section:world"))
    assert [entry.article_id for entry in book.to_ask()] == ["dateless", "new", "mid", "old"]


def test_what_was_left_pending_comes_back() -> None:
    book = Book()
    book.add(listing("A", "rss:world"))
    left = [
        LedgerLine(
            article_id=article_id,
            url=f"http://a/{article_id}/",
            outcome="pending",
            reason="request_budget",
            sources=("sitemap:2026-03-01",),
            listed_at=NOW - timedelta(days=2),
        )
        for article_id in ("A", "B")
    ]
    assert book.carry(left) == 1
    lines = {line.article_id: line for line in book.lines()}
    assert lines["A"].sources == ("rss:world",)
    assert lines["B"].sources == ("sitemap:2026-03-01",)
    assert lines["B"].listed_at == NOW - timedelta(days=2)
    assert all(entry.carried for entry in book.to_ask())


def test_what_is_left_gets_the_reason_and_the_rest_keeps_its_own() -> None:
    book = Book()
    for article_id in ("A", "B", "C"):
        book.add(listing(article_id, "s"))
    book.entries["A"].become("fetched", None)
    book.entries["B"].become("failed", "http_500")
    assert book.leave_pending("stopped") == 1
    assert [(line.state, line.reason) for line in book.lines()] == [
        ("fetched", None),
        ("failed", "http_500"),
        ("pending", "stopped"),
    ]
    assert book.states() == {"failed": 1, "fetched": 1, "pending": 1}
