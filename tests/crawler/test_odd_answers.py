"""Answers that a site gives on its worse days: each costs its own article at most."""

import gzip
import uuid
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime

import brotli
import pytest
from attrs import frozen
from pydantic import SecretStr

from archive.connect import open_archive
from archive.embedded_store import EmbeddedStore
from archive.keys import digest, new_run_id
from archive.records import CrawlLine, CrawlPlan
from archive.settings import ArchiveSettings
from archive.warc import PageRecord
from crawler.child import CrawlProcess
from demo.newspaper import Edition, Newspaper
from tests.crawler.crawling import Crawling, records
from tests.crawler.odd_site import OddSite, chunked, response

HTML = "Content-Type: text/html; charset=utf-8"
GZIP = "Content-Encoding: gzip"
OK = "200 OK"
ENDLESS = 200
"""Pages in a row that make more than a body may have."""


def path(name: str, slug: str = "a-slug") -> str:
    return f"/world/{slug}/{article_id(name)}/"


def article_id(name: str) -> str:
    return name.upper().replace("_", "").ljust(26, "A")[:26]


@frozen
class OddCrawl:
    site: OddSite
    lines: dict[str, CrawlLine]
    pages: dict[str, list[PageRecord]]
    warc: bytes
    free: bytes
    requests: int

    def line(self, name: str) -> CrawlLine:
        return self.lines[article_id(name)]

    def state(self, name: str) -> tuple[str, str | None]:
        return self.line(name).state, self.line(name).reason


def moved(to: str, status: str = "301 Moved") -> bytes:
    return response(status, b"<html>moved</html>", f"Location: {to}", HTML)


def answers(free: bytes, premium: bytes) -> dict[str, bytes]:
    packed = gzip.compress(free, mtime=0)

    return {
        "chunked": chunked(packed, HTML, GZIP),
        "brotli": response(OK, brotli.compress(free), HTML, "Content-Encoding: br"),
        "deflate": response(OK, zlib.compress(free)[2:-4], HTML, "Content-Encoding: deflate"),
        "until_close": b"HTTP/1.0 200 OK\r\n" + HTML.encode() + b"\r\n\r\n" + free,
        "cookies": response(OK, packed, HTML, GZIP, "Set-Cookie: a=1", "Set-Cookie: b=2"),
        "cut_short": response(OK, packed, HTML, GZIP)[:-500],
        "moved": moved(path("moved", "another-slug") + "?c_id=2&objectid=7"),
        "forwarded": moved(path("target"), "302 Found"),
        "loop": moved(path("loop")),
        "circle": moved(path("circle", "there")),
        "chain": moved(path("chain", "1")),
        "to_front": moved("/world/"),
        "to_others": moved("http://198.51.100.7/world/x/" + article_id("x") + "/"),
        "to_login": moved("/subscribe/"),
        "empty": response(OK, b"", HTML),
        "damaged": response(OK, packed[:200] + b"HIDDENBODY" + packed[200:], HTML, GZIP),
        "strange": response(OK, premium, HTML, "Content-Encoding: compress"),
        "as_text": response(OK, premium, "Content-Type: text/plain"),
        "as_json": response(OK, b'{"body": "HIDDENJSON"}', "Content-Type: application/json"),
        "gone": response("410 Gone", b"<html>gone</html>", HTML),
        "missing": response("404 Not Found", b"<html>no</html>", HTML),
        "hung_up": b"",
        "unasked": response("304 Not Modified"),
        "too_large": b"HTTP/1.1 200 OK\r\n"
        + HTML.encode()
        + b"\r\nContent-Length: 99999999\r\n\r\n",
        "endless": b"HTTP/1.1 200 OK\r\n" + HTML.encode() + b"\r\n\r\n" + premium * ENDLESS,
    }


@pytest.fixture(scope="module")
def odd(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OddCrawl]:
    settings = ArchiveSettings(
        home=tmp_path_factory.mktemp("odd") / "home",
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"odd-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )
    newspaper = Newspaper(edition)
    stories = newspaper.newsroom.stories()
    free = newspaper.page(next(s for s in stories if s.variant == "ap_wire"))
    premium = newspaper.page(next(s for s in stories if s.variant == "premium_style"))
    newspaper.close()
    now = datetime.now(UTC)
    with open_archive(settings) as archive, OddSite() as site:
        for name, answer in answers(free, premium).items():
            site.answers[path(name)] = answer
        site.answers[path("moved", "another-slug")] = response(OK, free, HTML)
        site.answers[path("circle", "there")] = moved(path("circle"))
        for step in range(1, 9):
            site.answers[path("chain", f"{step}")] = moved(path("chain", f"{step + 1}"))
        site.announce([path(name) for name in answers(b"", b"")])
        plan = CrawlPlan(run_id=new_run_id(now, "odd"), publisher="nzherald", started_at=now)
        crawling = Crawling(archive, newspaper)
        process = CrawlProcess(
            plan,
            home=settings.home,
            on_log=crawling.log.append,
            settings=settings.model_copy(update={"publisher_origin": site.origin}),
        )
        process.start()
        summary = process.wait()
        pages: dict[str, list[PageRecord]] = {}
        for page in crawling.pages(summary):
            pages.setdefault(page.url.removeprefix(site.origin), []).append(page)
        content = b"".join(archive.store.get(key) for key in summary.warc_keys)
        yield OddCrawl(site, crawling.lines(summary), pages, content, free, summary.requests)


@pytest.mark.parametrize("name", ["chunked", "brotli", "deflate", "until_close", "cookies"])
def test_every_way_to_send_a_page_gives_the_page(odd: OddCrawl, name: str) -> None:
    assert odd.state(name) == ("fetched", None)
    (page,) = odd.pages[path(name)]
    assert page.content == odd.free
    sent = answers(odd.free, b"")[name]
    if name != "chunked":
        assert page.warc.payload_digest == digest(sent.partition(b"\r\n\r\n")[2])
    else:
        assert page.warc.payload_digest == digest(gzip.compress(odd.free, mtime=0))
        assert "transfer-encoding" not in {key.lower() for key, _ in page.headers}


def test_cookies_are_recorded_and_never_sent(odd: OddCrawl) -> None:
    (page,) = odd.pages[path("cookies")]
    assert [value for key, value in page.headers if key == "Set-Cookie"] == ["a=1", "b=2"]
    assert odd.site.cookies == []


def test_what_came_before_the_line_broke_is_kept_and_marked(odd: OddCrawl) -> None:
    assert odd.state("cut_short") == ("failed", "truncated")
    assert {page.truncated for page in odd.pages[path("cut_short")]} == {"disconnect"}
    assert odd.site.asked.count(path("cut_short")) == 3


def test_a_story_under_a_new_slug_is_the_same_story(odd: OddCrawl) -> None:
    assert odd.state("moved") == ("fetched", None)
    there = path("moved", "another-slug")
    assert odd.line("moved").aliases == (odd.site.origin + there,)
    # The query that came along means nothing on an article's address.
    assert there in odd.site.asked


def test_a_redirect_to_another_story_is_that_storys_own_line(odd: OddCrawl) -> None:
    assert odd.state("forwarded") == ("skipped", "forwarded")
    assert odd.line("forwarded").asked_at is not None
    assert odd.state("target") == ("failed", "http_404")
    assert odd.site.asked.count(path("target")) == 1


def test_redirects_end(odd: OddCrawl) -> None:
    assert odd.state("loop") == ("failed", "redirect_loop")
    assert odd.site.asked.count(path("loop")) == 1
    assert odd.state("circle") == ("failed", "redirect_loop")
    assert odd.site.asked.count(path("circle")) == 1
    assert odd.state("chain") == ("failed", "too_many_redirects")
    assert path("chain", "5") in odd.site.asked
    assert path("chain", "6") not in odd.site.asked


def test_a_redirect_to_another_host_is_not_followed(odd: OddCrawl) -> None:
    assert odd.state("to_others") == ("failed", "other_host")


@pytest.mark.parametrize("name", ["to_front", "to_login"])
def test_a_redirect_away_is_not_an_article(odd: OddCrawl, name: str) -> None:
    assert odd.state(name) == ("failed", "redirected_away")
    assert "/subscribe/" not in odd.site.asked
    assert odd.site.asked.count("/world/") == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty", "empty"),
        ("damaged", "undecodable"),
        ("strange", "undecodable"),
        ("gone", "http_410"),
        ("missing", "http_404"),
        ("hung_up", "connection_lost"),
        ("unasked", "http_304"),
        ("too_large", "too_large"),
        ("endless", "too_large"),
    ],
)
def test_what_is_no_page_fails_with_its_reason(odd: OddCrawl, name: str, reason: str) -> None:
    assert odd.state(name) == ("failed", reason)


@pytest.mark.parametrize("name", ["too_large", "endless"])
def test_a_body_that_is_too_large_leaves_its_headers_and_a_mark(odd: OddCrawl, name: str) -> None:
    assert odd.site.asked.count(path(name)) == 1
    (page,) = odd.pages[path(name)]
    assert (page.http_status, page.content, page.truncated) == (200, b"", "length")


def test_an_article_is_judged_by_its_address_and_not_by_its_label(odd: OddCrawl) -> None:
    (as_text,) = odd.pages[path("as_text")]
    assert (as_text.is_cut, as_text.access) == (True, "premium")
    assert odd.line("as_text").access == "premium"
    assert odd.line("as_json").access == "unknown"


def test_nothing_that_could_not_be_judged_is_kept(odd: OddCrawl) -> None:
    kinds = []
    for member in records(odd.warc):
        assert b"HIDDEN" not in member.content
        head = member.content.partition(b"\r\n\r\n")[0]
        if any(
            f"{odd.site.origin}{path(name)}".encode() in head for name in ("damaged", "strange")
        ):
            kinds += [line for line in head.split(b"\r\n") if line.startswith(b"WARC-Type")]
    assert b"WARC-Type: metadata" in kinds
    assert b"WARC-Type: response" not in kinds


def test_every_request_is_counted(odd: OddCrawl) -> None:
    assert odd.requests == len(odd.site.asked)
