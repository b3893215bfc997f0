"""Each way an answer goes wrong: what goes over the wire is what is promised."""

import gzip
import http.client
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

import brotli
import pytest
from backports import zstd

from demo.newspaper import PROFILES, Edition, Fault, Newspaper, Profile, Story, combined
from demo.newspaper.fault import KINDS
from demo.newspaper.odd_pages import ODD_PAGES
from tests.demo.newspaper_support import TODAY, Reply, ask, of_kind, raw


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


@pytest.fixture
def story(edition: Edition) -> Story:
    return of_kind(edition, "ap_wire")


@pytest.fixture
def page(paper: Newspaper, story: Story) -> bytes:
    return paper.page(story)


def with_fault(paper: Newspaper, story: Story, fault: int | str | Fault) -> Reply:
    paper.profile = Profile(faults={story.path: fault})
    return ask(paper, story.path)


@pytest.mark.parametrize("status", [401, 403, 404, 410, 429, 451, 500, 502, 503])
def test_a_status_is_sent_as_it_is(paper, story, status):
    assert with_fault(paper, story, status).status == status


def test_retry_after_comes_in_seconds_as_a_date_or_not_at_all(paper, story):
    assert with_fault(paper, story, Fault(429, retry_after="7")).headers["Retry-After"] == "7"
    fault = Fault(429, retry_after=timedelta(minutes=2))
    date = parsedate_to_datetime(with_fault(paper, story, fault).headers["Retry-After"])
    assert date == TODAY + timedelta(minutes=2)
    assert "Retry-After" not in with_fault(paper, story, 429).headers


def test_a_fault_begins_after_so_many_requests_and_heals_path_by_path(edition, paper):
    first, second = (story.path for story in edition.in_section("world")[:2])
    paper.profile = Profile(faults={"/world/*/*/": Fault(503, after=1, times=1)})
    asked = [ask(paper, path).status for path in (first, first, first, second, second)]
    assert asked == [200, 503, 200, 503, 200]


def test_nothing_at_all_with_status_200(paper, story):
    reply = with_fault(paper, story, "blank")
    assert (reply.status, reply.body) == (200, b"")


def test_the_connection_is_reset(paper, story, capfd):
    paper.profile = Profile(faults={story.path: "reset"})
    with pytest.raises(ConnectionResetError):
        raw(paper, story.path)
    paper.close()
    assert capfd.readouterr().err == ""


def test_the_answer_hangs(paper, story, page):
    paper.profile = Profile(faults={story.path: Fault(kind="hangs", seconds=0.5)})
    with pytest.raises(TimeoutError):
        raw(paper, story.path, timeout=0.1)
    assert raw(paper, story.path)[1] == page


def test_the_answer_stalls_in_the_middle(paper, story, page):
    paper.profile = Profile(faults={story.path: Fault(kind="stalls", seconds=0.5)})
    with pytest.raises(TimeoutError):
        raw(paper, story.path, timeout=0.2)
    assert raw(paper, story.path)[1] == page


def test_closing_ends_what_hangs(edition, story):
    with Newspaper(
        edition, profile=Profile(faults={"*": Fault(kind="hangs", seconds=600)})
    ) as paper:
        connection = http.client.HTTPConnection("127.0.0.1", paper.port, timeout=10)
        connection.request("GET", story.path)
    connection.close()


def test_less_comes_than_was_promised(paper, story, page):
    paper.profile = Profile(faults={story.path: "truncated"})
    head, body = raw(paper, story.path)
    assert f"Content-Length: {len(page)}".encode() in head
    assert body == page[: len(page) // 2]


def test_the_chunks_end_without_their_end(paper, story):
    paper.profile = Profile(faults={story.path: "truncated_chunked"})
    with pytest.raises(http.client.IncompleteRead):
        ask(paper, story.path)


def test_half_a_gzip_stream_of_the_promised_length(paper, story, page):
    reply = with_fault(paper, story, "broken_gzip")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    with pytest.raises(EOFError):
        gzip.decompress(reply.body)
    assert page.startswith(zlib.decompressobj(31).decompress(reply.body))


@pytest.mark.parametrize(
    ("coding", "decode"), [("br", brotli.decompress), ("zstd", zstd.decompress)]
)
def test_other_codings(paper, story, page, coding, decode):
    reply = with_fault(paper, story, coding)
    assert reply.headers["Content-Encoding"] == coding
    assert decode(reply.body) == page


def test_a_chunked_body_is_whole(paper, story, page):
    reply = with_fault(paper, story, "chunked")
    assert "Content-Length" not in reply.headers
    assert reply.body == page


def test_the_header_names_another_charset_than_the_page(paper, story, page):
    reply = with_fault(paper, story, "wrong_charset")
    assert reply.headers["Content-Type"] == "text/html; charset=iso-8859-1"
    assert reply.body == page


@pytest.mark.parametrize("kind", ["oversize", "oversize_chunked"])
def test_more_comes_than_anyone_takes(paper, story, kind):
    size = 3_000_000
    reply = with_fault(paper, story, Fault(kind=kind, size=size))
    assert len(reply.body) > size
    assert ("Content-Length" in reply.headers) == (kind == "oversize")
    assert paper.log[-1].body_bytes == len(reply.body)


def test_a_small_body_becomes_enormous(paper, story):
    reply = with_fault(paper, story, Fault(kind="oversize_gzip", size=3_000_000))
    assert len(reply.body) < 100_000
    assert len(gzip.decompress(reply.body)) > 3_000_000


def test_without_validators_there_is_never_a_304(paper, story):
    validators = {"ETag", "Last-Modified"}
    assert validators <= with_fault(paper, story, "chunked").headers.keys()
    assert not validators & with_fault(paper, story, "no_validators").headers.keys()
    paper.profile = PROFILES["no_validators"]
    assert not validators & ask(paper, story.path).headers.keys()


@pytest.mark.parametrize("by", ["path", "profile"])
def test_last_modified_may_be_the_time_of_the_answer(paper, story, by):
    by_path = Profile(faults={story.path: "render_time"})
    paper.profile = by_path if by == "path" else Profile(last_modified="render_time")
    first = ask(paper, story.path).headers
    assert first["Last-Modified"] == format_datetime(TODAY, usegmt=True)
    assert "ETag" not in first
    paper.clock.advance(timedelta(seconds=1))
    again = ask(paper, story.path, If_Modified_Since=first["Last-Modified"])
    assert again.status == HTTPStatus.OK
    assert again.headers["Last-Modified"] != first["Last-Modified"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("noarchive", "noarchive"),
        ("noarchive_us", "newsarchive: noarchive, nosnippet"),
        ("noarchive_other", "otherbot: noarchive, noindex"),
    ],
)
def test_a_header_asks_robots_to_keep_nothing(paper, story, page, kind, value):
    reply = with_fault(paper, story, kind)
    assert reply.headers["X-Robots-Tag"] == value
    assert reply.body == page


@pytest.mark.parametrize("name", sorted(ODD_PAGES))
def test_a_page_that_is_no_article_comes_in_its_place(paper, story, name):
    odd = ODD_PAGES[name]
    reply = with_fault(paper, story, name)
    assert reply.status == odd.status
    assert reply.body == odd.make(paper.origin, paper.newsroom.newest_in("world", 40))
    sent = {header.lower(): value for header, value in reply.headers.items()}
    assert sent.items() >= {header.lower(): value for header, value in odd.headers.items()}.items()
    assert story.headline not in reply.text or name == "front_instead"


def canonical(paper: Newspaper, reply: Reply) -> list[str]:
    links = re.findall(r'rel="canonical" href="([^"]*)"', reply.text)
    return [link.removeprefix(paper.origin) for link in links]


def test_the_canonical_address_misleads(paper, edition, story):
    assert canonical(paper, with_fault(paper, story, "chunked")) == [story.path]
    (wrong,) = canonical(paper, with_fault(paper, story, "canonical_wrong"))
    assert wrong in {other.path for other in edition.stories} - {story.path}
    assert canonical(paper, with_fault(paper, story, "canonical_home")) == ["/"]
    many = canonical(paper, with_fault(paper, story, "canonical_many"))
    assert many == ["/nz/another-story/", story.path]


@pytest.mark.parametrize(
    ("kind", "location"),
    [
        ("redirect_section", "/world/"),
        ("redirect_home", "/"),
        ("redirect_subscribe", "/subscribe/"),
        ("redirect_other_host", "https://www.stuff.example/world/"),
        ("redirect_loopback", "http://127.0.0.1:1/"),
        ("redirect_metadata", "http://169.254.169.254/latest/meta-data/"),
        (Fault(308, kind="redirect", to="http://127.0.0.1:22/"), "http://127.0.0.1:22/"),
    ],
)
def test_a_redirect_leads_astray(paper, story, kind, location):
    reply = with_fault(paper, story, kind)
    assert reply.headers["Location"] == location
    assert reply.status == (308 if isinstance(kind, Fault) else 302)


def hops(paper: Newspaper, path: str, most: int = 10) -> list[str]:
    """The addresses that a client passes, at most so many."""
    passed = [path]
    while (reply := ask(paper, passed[-1])).status == HTTPStatus.FOUND and len(passed) <= most:
        passed.append(reply.headers["Location"])
    return passed


def test_redirects_go_in_circles(paper, story):
    paper.profile = Profile(faults={story.path: "redirect_self"})
    assert set(hops(paper, story.path)) == {story.path}
    paper.profile = Profile(faults={story.path: "redirect_loop"})
    assert len(hops(paper, story.path)) == 11
    assert set(hops(paper, story.path)) == {story.path, f"{story.path}?hop=1"}


def test_six_redirects_lead_to_the_page(paper, story, page):
    paper.profile = Profile(faults={story.path: "redirect_chain"})
    passed = hops(paper, story.path)
    assert len(passed) - 1 == 6
    assert ask(paper, passed[-1]).body == page


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_every_profile_can_be_chosen_by_name_and_together_with_another(name):
    chosen = combined(["split_days", name])
    assert chosen == replace(PROFILES[name], sitemap_limit=20)


def test_every_kind_of_fault_can_be_chosen_by_name():
    named = {
        fault if isinstance(fault, str) else getattr(fault, "kind", "status")
        for profile in PROFILES.values()
        for fault in profile.faults.values()
    }
    as_fields = {name.split("rss_", 1)[1] for name in PROFILES if name.startswith("rss_")}
    assert KINDS.keys() - named - as_fields == {"redirect", "no_validators", "render_time"}
