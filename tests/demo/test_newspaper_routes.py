"""Addresses of stories and lists, what leads where, and what the log tells of it."""

import re
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.newspaper import Edition, Newspaper, Profile, Story
from demo.newspaper.objectid import objectid
from demo.newspaper.section_pages import MIRROR
from demo.newspaper.variants import VARIANTS
from tests.demo.newspaper_support import FEEDS, TODAY, XML, ask, listed, of_kind


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


def location(paper: Newspaper, path: str, status: int = 301) -> str:
    reply = ask(paper, path)
    assert reply.status == status
    return reply.headers["Location"]


@pytest.mark.parametrize("tail", ["", "&ref=rss", "&amp;ref=rss", "&amp;amp;ref=rss"])
def test_a_former_address_leads_to_todays_with_its_query(paper, story, tail):
    query = f"c_id=2&objectid={objectid(story.article_id)}{tail}"
    there = location(paper, f"/world/news/article.cfm?{query}")
    assert there == f"{story.path}?{query}"
    reply = ask(paper, there)
    assert reply.body == paper.page(story)
    assert f'"source_id":"{objectid(story.article_id)}"' in reply.text


def test_a_former_address_without_a_story(paper):
    assert location(paper, "/world/news/article.cfm?c_id=2") == "/world/?c_id=2"
    assert ask(paper, "/world/news/article.cfm?c_id=2&objectid=1").status == 404


def test_a_former_address_of_a_video(edition, paper):
    video = of_kind(edition, "video")
    query = f"c_id=1&gal_cid=1&gallery_id={objectid(video.article_id) % 1_000_000}"
    assert location(paper, f"/nz/news/video.cfm?{query}") == f"{video.path}?{query}"


def test_every_story_has_a_number_of_its_own(edition):
    numbers = {objectid(story.article_id) for story in edition.stories}
    assert len(numbers) == len(edition.stories)
    assert all(len(str(number)) == 8 for number in numbers)


@pytest.mark.parametrize("status", [301, 302])
def test_a_former_slug_leads_to_the_present_one(paper, story, status):
    paper.profile = Profile(redirect_status=status, wrong_slug="not_found")
    changed = paper.change(story.article_id, slug="another-slug")
    assert location(paper, story.path, status) == changed.path
    assert location(paper, story.path.rstrip("/"), status) == changed.path
    assert ask(paper, f"/world/never-had-this/{story.article_id}/").status == 404


def test_an_address_may_lead_to_another_story(edition, paper):
    first, second = edition.in_section("world")[:2]
    paper.newsroom.forward(first.article_id, second.article_id)
    assert location(paper, first.path, 302) == second.path
    paper.newsroom.restore(first.article_id)
    assert ask(paper, first.path).status == 200


def test_without_its_slash_an_address_leads_to_the_one_with_it(paper, story):
    assert location(paper, f"{story.path.rstrip('/')}?ref=rss") == f"{story.path}?ref=rss"
    assert location(paper, "/world/asia") == "/world/asia/"


def test_other_output_types(paper, edition, story):
    amp = ask(paper, f"{story.path}?outputType=amp").text
    assert f'<link rel="canonical" href="{paper.origin}{story.path}"/>' in amp
    assert story.headline in amp
    premium = of_kind(edition, "premium_style")
    assert "HIDDEN" not in ask(paper, f"{premium.path}?outputType=amp").text
    reply = ask(paper, f"{story.path}?outputType=json")
    assert reply.headers["Content-Type"] == "application/json"
    assert story.article_id in reply.text


@pytest.mark.parametrize(
    ("path", "forbidden"),
    [
        ("/pf/api/v3/content/fetch/content-by-id?query={}", True),
        ("/search?q=peace", True),
        ("/resizer/v2/ABCDEFGHIJKLMNOPQRSTUVWXYZ.jpg", True),
        ("{story}?outputType=json", True),
        ("{story}?outputType=amp", False),
        ("{story}", False),
        ("/world/", False),
    ],
)
def test_what_a_polite_reader_never_asks_for_is_noted(paper, story, path, forbidden):
    ask(paper, path.replace("{story}", story.path))
    assert paper.log[-1].forbidden is forbidden


def test_a_mirror_shows_the_same_site(paper, story):
    mirrored = ask(paper, story.path, Host=MIRROR.removeprefix("https://"))
    assert mirrored.body == paper.page(story)
    assert f'rel="canonical" href="{paper.origin}{story.path}"' in mirrored.text


@pytest.mark.parametrize("host", ["nzherald.co.nz", "www.nzherald.co.nz"])
def test_plain_addresses_of_the_real_site_lead_to_the_secure_one(paper, story, host):
    reply = ask(paper, f"{story.path}?ref=rss", Host=host)
    assert reply.status == 301
    assert reply.headers["Location"] == f"https://www.nzherald.co.nz{story.path}?ref=rss"


def test_the_host_of_the_former_feeds_has_nothing(paper):
    path = "/rss/xml/nzhrsscid_000000002.xml"
    assert ask(paper, path, Host="rss.nzherald.co.nz").status == 404
    assert ask(paper, path).status == 404


def links(paper: Newspaper, path: str) -> list[str]:
    return re.findall(r'<a href="([^"]*)"', ask(paper, path).text)


def ids(paper: Newspaper, path: str) -> set[str]:
    return set(re.findall(r'href="[^"]*/([A-Z2-7]{26})', ask(paper, path).text))


def test_further_pages_of_a_list_have_their_number_in_the_path(paper, edition):
    world = {story.article_id for story in edition.in_section("world")}
    pages = [ids(paper, f"/world/{number}/") & world for number in range(2, 7)]
    first = ids(paper, "/world/") & world
    assert all(pages)
    assert set.union(first, *pages) >= world
    assert not first & set.union(*pages)
    assert ask(paper, "/world/99/").status == 404
    assert ask(paper, "/world/0/").status == 404


@pytest.mark.parametrize(
    "path", ["/topic/united-states/", "/news/1/", "/news/2/", "/latest-news/", "/world/asia/", "/"]
)
def test_other_lists(paper, path):
    assert ids(paper, path)


def test_a_topic_has_further_pages(paper, edition):
    tagged = [s for s in edition.stories if "world/asia" in s.sections]
    assert len(tagged) > 30
    assert ids(paper, "/topic/asia/2/") & {story.article_id for story in tagged}
    assert ask(paper, "/topic/nobody-wrote-of-this/").status == 404


def test_a_list_has_links_of_every_shape(paper, edition):
    newest = edition.in_section("world")[-1]
    shown = links(paper, "/world/")
    to_newest = [link for link in shown if newest.article_id in link]
    assert len(to_newest) >= 3
    assert MIRROR + newest.path in shown
    assert any(link.startswith(paper.origin) for link in shown)
    assert any(link.endswith("?ref=section-front") for link in shown)
    assert any(re.fullmatch(r"/world/.*[A-Z2-7]{26}", link) for link in shown)
    for elsewhere in ("/sponsored-stories/", "/video/", "/nz/", "//social.example/"):
        assert any(link.startswith(elsewhere) for link in shown)


@pytest.mark.parametrize("path", ["/world/", "/world/2/", "/topic/united-states/"])
def test_a_list_may_stand_in_no_html_at_all(paper, path):
    paper.profile = Profile(listing="empty")
    reply = ask(paper, path)
    assert reply.status == 200
    assert not re.search("[A-Z2-7]{26}", reply.text)


def test_the_log_tells_how_far_apart_requests_were(paper):
    paper.profile = Profile(delay_seconds=0.05)
    for pause in (0.2, 0.1, 0):
        ask(paper, "/robots.txt")
        time.sleep(pause)
    gaps, pauses = paper.log.gaps(), paper.log.pauses()
    assert [len(gaps), len(pauses)] == [2, 2]
    assert gaps[0] > pauses[0] >= 0.19
    assert gaps[0] - pauses[0] >= 0.045
    assert gaps[0] > gaps[1]


def test_a_request_arrives_with_its_first_line(paper):
    with socket.create_connection(("127.0.0.1", paper.port)) as connection:
        connection.sendall(b"GET /robots.txt HTTP/1.1\r\n")
        begun = time.monotonic()
        time.sleep(0.2)
        connection.sendall(b"Host: x\r\nConnection: close\r\n\r\n")
        while connection.recv(1 << 16):
            pass
    entry = paper.log[0]
    assert entry.arrived < begun + 0.1
    assert entry.ended is not None
    assert entry.ended >= begun + 0.2


def test_stories_of_every_kind_can_be_published_and_announced(paper):
    stories = [paper.publish(kind) for kind in sorted(VARIANTS)]
    today = {story.path for story in stories if story.date_published == TODAY}
    assert len(today) > 20
    paper.clock.advance(timedelta(minutes=1))
    listed_now = listed(paper, f"{FEEDS}/sitemap/latest/")
    feed = ask(paper, f"{FEEDS}/rss/{XML}").text
    assert "World" in ask(paper, "/world/").text
    assert today <= set(listed_now)
    assert all(path in feed for path in today)
    assert {ask(paper, story.path).status for story in stories} == {200}
