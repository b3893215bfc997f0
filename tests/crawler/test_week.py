"""A whole week crawled once: the real newspaper, the real store, the real child process."""

import subprocess
import sys
import zlib
from pathlib import Path

from archive.codec import decode_lines
from archive.keys import cdxj_key, digest
from archive.records import CrawlSummary, Listing
from tests.crawler.crawling import Crawling, records

Week = tuple[Crawling, CrawlSummary]

FEEDS = "/arc/outboundfeeds"
SENTINELS = (b"HIDDENBODY", b"HIDDENJSON")


def test_every_world_story_of_seven_days_is_fetched(week: Week) -> None:
    crawling, first = week
    stories, lines = crawling.listed_stories(), crawling.lines(first)
    assert stories.keys() <= lines.keys()
    told = {(line.state, line.reason) for line in lines.values()}
    assert told == {("fetched", None), ("skipped", "not_an_article_video")}
    for article_id, story in stories.items():
        assert lines[article_id].access == story.access
        assert lines[article_id].lastmod is not None
        assert lines[article_id].etag is not None
    assert sum(first.states.values()) == len(lines)
    assert first.unread_days == {}
    assert first.days == crawling.newspaper.edition.days[-7:]
    assert first.other_sections > 50
    assert first.requests == len(crawling.newspaper.log)
    assert first.bytes == sum(entry.body_bytes for entry in crawling.newspaper.log)
    assert not first.stopped


def test_announcements_are_read_in_order_after_robots(week: Week) -> None:
    crawling, _ = week
    paths = crawling.newspaper.log.paths()
    assert paths[:3] == [
        "/robots.txt",
        f"{FEEDS}/sitemap-index/",
        f"{FEEDS}/sitemap/latest/",
    ]
    assert paths.count("/robots.txt") == 1
    for path in (
        f"{FEEDS}/sitemap-news/",
        f"{FEEDS}/rss/section/world/",
        "/world/",
        "/world/asia/",
    ):
        assert paths.count(path) == 1
    assert len(paths) == len(set(paths))
    assert not [entry for entry in crawling.newspaper.log if entry.forbidden]
    assert not [path for path in paths if path.startswith("/resizer")]


def test_articles_are_asked_newest_first(week: Week) -> None:
    crawling, first = week
    lines = {line.url: line for line in crawling.lines(first).values()}
    dated = [
        line.lastmod
        for path in crawling.asked_articles()
        if (line := lines[crawling.newspaper.origin + path]).lastmod
    ]
    assert dated == sorted(dated, reverse=True)


def test_every_announcement_that_named_an_article_is_noted(week: Week) -> None:
    crawling, first = week
    sources = {source for line in crawling.lines(first).values() for source in line.sources}
    days = {f"sitemap:{day}" for day in crawling.newspaper.edition.days[-7:]}
    assert days | {"news-sitemap", "rss:world", "section:world", "section:world/asia"} <= sources


def test_every_announcement_is_noted_kept_and_leaves_its_rows(week: Week) -> None:
    crawling, first = week
    assert [one.problem for one in first.announcements if one.problem] == []
    kept = {str(key): crawling.archive.store.get(key) for key in first.warc_keys}
    for one in first.announcements:
        target = f"WARC-Target-URI: {one.url}\r\n".encode()
        assert any(target in member.content for c in kept.values() for member in records(c))
    assert first.listings_key is not None
    rows = list(decode_lines(crawling.archive.store.get(first.listings_key), Listing))
    lines = crawling.lines(first)
    assert {row.article_id for row in rows} == lines.keys()
    for one in first.announcements:
        mine = [row for row in rows if row.source == one.source]
        assert len({row.article_id for row in mine}) == one.listed
        assert {row.seen_at for row in mine} <= {one.seen_at}
        assert [row.position for row in mine] == sorted({row.position for row in mine})
    assert {row.by for row in rows} == {"address", "taxonomy"}
    assert {row.section.split("/")[0] for row in rows if row.by == "taxonomy"} == {"nz"}


def test_agent_and_headers_are_honest(week: Week) -> None:
    crawling, _ = week
    headers = [entry.headers for entry in crawling.newspaper.log]
    assert {agent.split("/")[0] for agent in (head["user-agent"] for head in headers)} == {
        "newsarchive"
    }
    assert len({head["user-agent"] for head in headers}) == 1
    for head in headers:
        assert not {"cookie", "referer", "authorization"} & head.keys()


def test_bodies_in_the_warc_are_the_bytes_that_were_sent(week: Week) -> None:
    crawling, first = week
    compared = 0
    for key in first.warc_keys:
        for member in records(crawling.archive.store.get(key)):
            head, _, block = member.content.partition(b"\r\n\r\n")
            if b"WARC-Type: response" not in head:
                continue
            url = next(
                line.split(b": ", 1)[1].decode()
                for line in head.split(b"\r\n")
                if line.startswith(b"WARC-Target-URI")
            )
            body = block.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n\r\n")
            sent = crawling.newspaper.bytes_sent(url.removeprefix(crawling.newspaper.origin))
            assert body == sent
            assert f"WARC-Payload-Digest: {digest(sent)}".encode() in head
            compared += 1
    assert compared > 90


def test_other_tools_accept_the_warc(week: Week, tmp_path: Path) -> None:
    crawling, first = week
    for key in first.warc_keys:
        path = tmp_path / "check.warc.gz"
        path.write_bytes(crawling.archive.store.get(key))
        warcio = Path(sys.executable).with_name("warcio")
        done = subprocess.run([warcio, "check", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        index = crawling.archive.store.get(cdxj_key(key)).decode().splitlines()
        assert index == sorted(index)
        assert len(index) == first.requests


def test_subscriber_text_is_kept_nowhere(week: Week) -> None:
    crawling, _ = week
    premium = [s for s in crawling.listed_stories().values() if s.access == "premium"]
    assert len(premium) > 10
    sent = [zlib.decompress(crawling.newspaper.bytes_sent(s.path), 31) for s in premium]
    assert sum(word in page for page in sent for word in SENTINELS) > 10
    for name, content in crawling.everything_kept():
        for word in SENTINELS:
            assert word not in content, name
    assert not [line for line in crawling.log if "HIDDEN" in str(line)]


def test_a_premium_page_is_kept_cut_with_a_note(week: Week) -> None:
    crawling, first = week
    stories = crawling.listed_stories()
    premium = {
        crawling.newspaper.origin + s.path: s for s in stories.values() if s.access == "premium"
    }
    cut = {page.url: page for page in crawling.pages(first) if page.url in premium}
    assert cut.keys() == premium.keys()
    for url, page in cut.items():
        assert page.is_cut
        assert page.access == "premium"
        assert page.access_evidence
        assert premium[url].headline.split("'")[0].encode() in page.content
        assert page.warc.payload_digest == digest(crawling.newspaper.bytes_sent(premium[url].path))


def test_progress_is_told(week: Week) -> None:
    crawling, first = week
    last = [line for line in crawling.log if line.event == "progress"][-1]
    assert last.fields["done"] == last.fields["total"] == sum(first.states.values())
    assert {line.level for line in crawling.log} == {"info"}
    assert len(crawling.log) < 30
