"""A survey of the newspaper: few requests, nothing kept, and what it finds is true."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from pydantic import SecretStr

from archive.connect import open_archive
from archive.embedded_store import EmbeddedStore
from archive.errors import CrawlRefused
from archive.records import CrawlSummary, SurveyFinding
from archive.settings import ArchiveSettings
from crawler import survey_pages
from crawler.survey import SURVEY_REQUESTS
from demo.newspaper import Edition, Fault, Newspaper
from publishers import nzherald
from tests.crawler.crawling import Crawling, change_profile
from tests.crawler.odd_site import FEEDS, OddSite, response

SENTINELS = (b"HIDDENBODY", b"HIDDENJSON")


class Surveyed:
    """A survey that ended, however it did."""

    def __init__(self, crawling: Crawling, **settings: Any) -> None:
        process = crawling.process(crawling.plan(survey=True), **settings)
        process.start()
        self.error: CrawlRefused | None = None
        try:
            process.wait()
        except CrawlRefused as error:
            self.error = error
        assert process.salvaged is not None
        self.summary: CrawlSummary = process.salvaged
        self.findings = {finding.topic: finding for finding in self.summary.survey}

    def __getitem__(self, topic: str) -> SurveyFinding:
        return self.findings[topic]


@pytest.fixture(scope="module")
def well_behaved(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Crawling, Surveyed]]:
    """One survey of the newspaper at its best, for tests that only look at it."""
    settings = ArchiveSettings(
        home=tmp_path_factory.mktemp("survey") / "home",
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"survey-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )
    with open_archive(settings) as archive, Newspaper(edition) as newspaper:
        crawling = Crawling(archive, newspaper)
        yield crawling, Surveyed(crawling)


def test_a_well_behaved_site_is_told_of_from_end_to_end(
    well_behaved: tuple[Crawling, Surveyed],
) -> None:
    crawling, surveyed = well_behaved
    days = crawling.newspaper.edition.days
    assert surveyed["sitemap index: oldest day"].finding == days[0].isoformat()
    assert surveyed["sitemap index"].passed
    assert "of our section" in surveyed["section feed"].finding
    assert "of our section" in surveyed["news sitemap"].finding
    assert "/world/asia/" in surveyed["sub-sections"].finding
    assert surveyed["a sub-section"].passed
    assert "article__body" in surveyed["free page: selectors"].finding
    assert "article__heading" in surveyed["free page: selectors"].finding
    assert "NewsArticle" in surveyed["free page: data"].finding
    assert "article:published_time" in surveyed["free page: data"].detail
    assert "fusion:isPremium=true" in surveyed["premium page: marks"].finding
    assert surveyed["validators"].finding == "etag and last-modified"
    assert surveyed["conditional request"].passed
    assert surveyed["without the slash"].finding == "301, to our spelling"
    assert surveyed["id in lower case"].finding == "404"
    assert "neither" in surveyed["size and from (section feed)"].finding
    assert surveyed["_website (section feed)"].passed
    assert surveyed["limits stated in headers"].passed
    assert "GPTBot" in surveyed["robots.txt: agents"].finding
    assert surveyed["robots.txt: agents"].passed is False
    assert "train machines" in surveyed["robots.txt: comments"].finding
    # Nothing was changed after its day, so nobody can tell.
    assert surveyed["a day's sitemap lists by"].passed is None


def test_a_survey_keeps_nothing(well_behaved: tuple[Crawling, Surveyed]) -> None:
    crawling, surveyed = well_behaved
    assert surveyed.summary.crawl_key is None
    assert surveyed.summary.warc_keys == ()
    # The lease and the copy of robots.txt are manners, not archive.
    kept = [key for key in crawling.archive.store.list_keys("") if "/leases/" not in key]
    assert kept == []
    stories = crawling.newspaper.newsroom.stories()
    paragraphs = [b.text for story in stories for b in story.body if len(b.text) > 60]
    said = repr(surveyed.summary) + repr(crawling.log)
    assert not [text for text in paragraphs if text in said]
    pages = [name for name, content in crawling.everything_kept() if b"article__body" in content]
    assert pages == []


def test_nothing_but_names_of_marks_is_told_of_a_premium_page(
    well_behaved: tuple[Crawling, Surveyed],
) -> None:
    crawling, surveyed = well_behaved
    premium = [topic for topic in surveyed.findings if topic.startswith("premium page")]
    assert premium == ["premium page: marks"]
    told = (repr(surveyed.summary) + repr(crawling.log)).encode()
    everything = [told, *(content for _, content in crawling.everything_kept())]
    assert not [content for content in everything for word in SENTINELS if word in content]


@pytest.mark.parametrize(
    "profile",
    [
        {"robots": "server_error"},
        {"robots": "html"},
        {"rss": "empty", "sitemap_limit": 3},
        {"faults": {"/arc/*": 500}},
        {"faults": {"/arc/*": 404, "/world/*": 404}},
        {"faults": {"/world/*": 429}},
        {"faults": {"/arc/outboundfeeds/sitemap-index/": 403}},
    ],
    ids=str,
)
def test_whatever_the_site_answers_the_requests_stay_few(
    crawling: Crawling, profile: dict[str, Any]
) -> None:
    change_profile(crawling.newspaper, **profile)
    surveyed = Surveyed(crawling)
    log = crawling.newspaper.log
    assert log[0].path == "/robots.txt"
    assert len(log) == surveyed.summary.requests <= SURVEY_REQUESTS
    assert not [entry for entry in log if entry.forbidden]
    assert all("newsarchive" in entry.headers["user-agent"] for entry in log)


def test_redirects_count_and_what_was_not_reached_is_named(crawling: Crawling) -> None:
    with OddSite() as site:
        moved = [f"/moved/{place}/" for place in range(4)]
        announcements = ("sitemap-index/", "sitemap-news/", "rss/section/world/")
        for path in (*(f"{FEEDS}/{name}" for name in announcements), "/world/"):
            chain = [path, *(path + step.lstrip("/") for step in moved)]
            for here, there in pairwise(chain):
                site.answers[here] = response("302 Found", b"", f"Location: {there}")
        surveyed = Surveyed(crawling, publisher_origin=site.origin)
        assert len(site.asked) == SURVEY_REQUESTS == 20
        assert surveyed.summary.ending == "request_budget"
        assert "request_budget" in surveyed["section front"].finding
        assert "article pages" in surveyed["not looked at"].finding
        assert surveyed["not looked at"].passed is None


def test_a_smaller_budget_of_the_operator_counts(crawling: Crawling) -> None:
    surveyed = Surveyed(crawling, request_budget=3)
    assert len(crawling.newspaper.log) == 3
    assert surveyed.summary.ending == "request_budget"


@pytest.mark.parametrize("robots", ["blocks_all", "blocks_us"])
def test_robots_that_forbid_are_told_of_and_end_it(crawling: Crawling, robots: str) -> None:
    change_profile(crawling.newspaper, robots=robots)
    surveyed = Surveyed(crawling)
    assert surveyed.error is not None
    assert surveyed.error.exit_code == 4
    assert crawling.newspaper.log.paths() == ["/robots.txt"]
    assert surveyed["robots.txt: our addresses"].finding.startswith("forbidden: /")
    assert surveyed["not looked at"].finding.startswith("sitemap index")


def test_a_refusal_ends_it_at_once(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/world/": 403})
    surveyed = Surveyed(crawling)
    assert surveyed.error is not None
    assert crawling.newspaper.log.paths()[-1] == "/world/"
    assert "403" in surveyed["section front"].finding
    assert surveyed["news sitemap"].passed


@pytest.mark.parametrize(
    ("rss", "word"), [("empty", "empty"), ("html", "can't be read"), ("malformed", "malformed")]
)
def test_a_feed_that_fails_silently_is_heard_of(crawling: Crawling, rss: str, word: str) -> None:
    change_profile(crawling.newspaper, rss=rss)
    surveyed = Surveyed(crawling)
    told = [f for f in surveyed.summary.survey if f.topic.startswith("section feed")]
    assert any(word in f.finding.lower() and f.passed is False for f in told)
    # Another list is tried in its place.
    assert any(topic.startswith("size and from") for topic in surveyed.findings)


def test_parameters_that_work_are_told(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, rss_parameters="honoured", sitemap="relative")
    surveyed = Surveyed(crawling)
    assert surveyed["size and from (section feed)"].finding == "size and from are honoured"
    assert surveyed[f"sitemap of {crawling.newspaper.edition.days[0]}"].passed


@pytest.mark.parametrize("date_field", ["published", "modified"])
def test_an_updated_story_shows_which_date_a_sitemap_goes_by(
    crawling: Crawling, date_field: str
) -> None:
    newspaper = crawling.newspaper
    change_profile(newspaper, sitemap_date=date_field)
    world = [s for s in newspaper.newsroom.stories() if "world" in s.sections]
    oldest = next(s for s in world if s.date_published.date() == newspaper.edition.days[0])
    yesterday = next(s for s in world if s.date_published.date() == newspaper.edition.days[-2])
    for story in (oldest, yesterday):
        newspaper.change(story.article_id, headline=f"{story.headline} (updated)")
    finding = Surveyed(crawling)["a day's sitemap lists by"]
    if date_field == "published":
        assert finding.detail.startswith("publication")
        assert finding.passed
    else:
        assert finding.detail.startswith("last change")
        assert finding.passed is False


def test_pages_that_turn_out_premium_are_passed_over_for_a_free_one(crawling: Crawling) -> None:
    # Two that do not say so in their address lead the feed.
    newspaper, now = crawling.newspaper, crawling.newspaper.clock.now()
    kinds = ("premium_badge", "premium_badge", "ap_wire")
    led = [newspaper.publish(kind, now - timedelta(minutes=n)).path for n, kind in enumerate(kinds)]
    surveyed = Surveyed(crawling)
    assert crawling.asked_articles()[:3] == led
    assert (surveyed["free page: marks"].url or "").endswith(led[2])
    assert "badge" in surveyed["premium page: marks"].finding
    everything = [repr(surveyed.summary).encode(), *(c for _, c in crawling.everything_kept())]
    assert not [content for content in everything for word in SENTINELS if word in content]


def test_three_premium_pages_are_enough(crawling: Crawling) -> None:
    paths = {crawling.newspaper.publish("premium_badge").path for _ in range(5)}
    surveyed = Surveyed(crawling)
    asked = [path for path in crawling.newspaper.log.paths() if path in paths]
    # One of them is asked for again with its validators.
    assert len(set(asked)) == 3
    assert surveyed["free page"].passed is None


def test_a_site_without_validators_or_robots_is_told_of(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, validators=False, robots="not_found")
    surveyed = Surveyed(crawling)
    assert surveyed["robots.txt"].finding == "404: there is none"
    assert surveyed["validators"].finding == "none"
    assert "conditional request" not in surveyed.findings


def test_validators_of_no_use_are_told(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, last_modified="render_time")
    crawling.newspaper.clock.advance(timedelta(seconds=2))
    surveyed = Surveyed(crawling, delay_seconds=1.1)
    assert surveyed["conditional request"].finding.startswith("200")
    assert surveyed["conditional request"].passed is False


def test_limits_that_a_site_states_are_passed_on(crawling: Crawling) -> None:
    path = f"{FEEDS}/sitemap-news/"
    change_profile(crawling.newspaper, faults={path: Fault(503, retry_after="1")})
    surveyed = Surveyed(crawling)
    assert surveyed["limits stated in headers"].finding == "retry-after: 1"
    assert surveyed["limits stated in headers"].passed is False
    assert crawling.newspaper.log.paths().count(path) == 1


def test_an_address_that_leads_to_another_story_is_not_looked_at(crawling: Crawling) -> None:
    newspaper, now = crawling.newspaper, crawling.newspaper.clock.now()
    other = newspaper.publish("ap_wire", now - timedelta(minutes=1)).path
    newest = newspaper.publish("ap_wire", now).path
    change_profile(newspaper, faults={newest: Fault(302, kind="redirect", to=other)})
    surveyed = Surveyed(crawling)
    assert surveyed["article page"].finding == "not asked: forwarded"
    assert (surveyed["free page: marks"].url or "").endswith(other)


def test_the_bare_host_is_asked_for_its_robots_alone() -> None:
    asked = survey_pages.other_hosts(nzherald.PUBLISHER)
    ours = "https://www.nzherald.co.nz/robots.txt"
    assert asked == [("host nzherald.co.nz", "https://nzherald.co.nz/robots.txt", ours)]
    assert survey_pages.other_hosts(nzherald.PUBLISHER.with_origin("http://127.0.0.1:8100")) == []


def test_pages_that_are_no_articles_are_told_of(crawling: Crawling) -> None:
    newspaper, now = crawling.newspaper, crawling.newspaper.clock.now()
    newspaper.publish("ap_wire", now - timedelta(minutes=1))
    newest = newspaper.publish("ap_wire", now).path
    change_profile(newspaper, faults={newest: Fault(kind="noarchive")})
    surveyed = Surveyed(crawling)
    assert surveyed["article page"].finding == "noarchive"
    assert surveyed["article page"].passed is False
    assert "noarchive" in surveyed["words to robots"].finding
    assert surveyed["words to robots"].passed is False
    assert "free page: marks" in surveyed.findings
