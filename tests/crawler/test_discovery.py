"""Announcements that misbehave: each is told apart, none is half-trusted, nothing listed is lost."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve

from archive.errors import FailedError
from archive.records import AnnouncementRead, CrawlSummary
from demo.newspaper import Fault
from tests.crawler.crawling import Crawling, change_profile, events
from tests.crawler.odd_site import OddSite, response

FEEDS = "/arc/outboundfeeds"

# What becomes of a daily sitemap that comes in this shape: the problem that is told, and whether its
# day counts as read.
FORMS = {
    "missing": ("http_404", False),
    "server_error": ("http_500", False),
    "empty": ("empty", False),
    "blank": ("empty", False),
    "html": ("html", False),
    "malformed": ("malformed_xml", False),
    "truncated": ("truncated", False),
    "wrong_root": ("wrong_root", False),
    "doctype": ("doctype", False),
    "nul": ("bad_characters", True),
    "windows_1252": ("bad_characters", True),
    "utf16": (None, True),
    "relative": (None, True),
    "schemeless": (None, True),
    "double_escaped": (None, True),
    "many_headers": (None, True),
}
SALVAGED = {"malformed", "truncated"}


def read(summary: CrawlSummary) -> dict[str, AnnouncementRead]:
    found = {one.source: one for one in summary.announcements}
    assert len(found) == len(summary.announcements)
    return found


def problems(summary: CrawlSummary) -> dict[str, str]:
    return {source: one.problem for source, one in read(summary).items() if one.problem}


@pytest.fixture
def looking(crawling: Crawling) -> Crawling:
    """Crawls of the last two days of a small site."""
    change_profile(crawling.newspaper, day_limit=4)
    settings = crawling.archive.settings.model_copy(update={"listing_days": 2})
    return Crawling(evolve(crawling.archive, settings=settings), crawling.newspaper)


@pytest.mark.parametrize("forms", [list(FORMS)[:8], list(FORMS)[8:]], ids=["broken", "odd"])
def test_each_shape_of_a_sitemap_is_told_apart(looking: Crawling, forms: list[str]) -> None:
    days = looking.newspaper.edition.days[1 : 1 + len(forms)]
    faults = {
        f"{FEEDS}/sitemap*/{day}/": Fault(kind=form) for day, form in zip(days, forms, strict=True)
    }
    plan = {"since": days[0] + timedelta(days=1), "until": days[-1], "repairs": True}
    plain = read(looking.run(dry_run=True, **plan))
    change_profile(looking.newspaper, faults=faults)
    looking.log.clear()
    summary = looking.run(dry_run=True, **plan)
    found = read(summary)
    warned = {str(line.fields["source"]) for line in events(looking, "warning")}
    for day, form in zip(days, forms, strict=True):
        source = f"sitemap:{day}"
        problem, is_read = FORMS[form]
        assert found[source].problem == problem, form
        assert (day in summary.days) == is_read, form
        assert (source in warned) == (problem is not None), form
        assert summary.unread_days.get(day) == (None if is_read else f"{source}: {problem}"), form
        if is_read:
            assert found[source].listed == plain[source].listed > 0, form
        elif form in SALVAGED:
            assert 0 < found[source].links <= plain[source].links, form
        else:
            assert found[source].links == 0, form


@pytest.mark.parametrize(
    ("rss", "problem"),
    [
        ("empty", "empty"),
        ("html", "html"),
        ("homepage_urls", "no_articles"),
        ("two_items", None),
        ("duplicated", None),
        ("no_date", None),
        ("guid_only", None),
    ],
)
def test_each_oddity_of_a_feed_is_told_apart(
    looking: Crawling, rss: str, problem: str | None
) -> None:
    plain = read(looking.run(dry_run=True))["rss:world"]
    change_profile(looking.newspaper, rss=rss)
    found = read(looking.run(dry_run=True))["rss:world"]
    assert found.problem == problem
    # A feed has a hundred items at most, so that of doubled ones it has half as many.
    expected = {"two_items": 2, "duplicated": found.links // 2}.get(rss, plain.listed)
    assert (found.listed, found.elsewhere) == (0 if problem else expected, 0)


@pytest.mark.parametrize("index", ["nested", "nested_loop", "dead"])
def test_an_index_in_another_shape_leads_to_the_same_days(looking: Crawling, index: str) -> None:
    plain = looking.run(dry_run=True)
    change_profile(looking.newspaper, index=index)
    looking.newspaper.log.clear()
    summary = looking.run(dry_run=True)
    assert summary.days == plain.days == looking.newspaper.edition.days[-2:]
    assert summary.states == plain.states
    paths = looking.newspaper.log.paths()
    assert len(paths) == len(set(paths))
    assert f"{FEEDS}/sitemap-archive/" not in paths


@pytest.mark.parametrize(
    ("form", "problem", "listed"),
    [
        ("relative", None, True),
        ("utf16", None, True),
        ("html", "html", False),
        ("empty", "empty", False),
        ("malformed", "malformed_xml", True),
    ],
)
def test_no_day_is_whole_when_the_index_is_not(
    looking: Crawling, form: str, problem: str | None, *, listed: bool
) -> None:
    change_profile(looking.newspaper, sitemap_index=form)
    summary = looking.run(dry_run=True)
    days = looking.newspaper.edition.days[-2:]
    assert problems(summary).get("sitemap-index") == problem
    assert summary.days == (() if problem else days)
    assert summary.unread_days == (
        dict.fromkeys(days, f"sitemap-index: {problem}") if problem else {}
    )
    # What else announces, and what could be read, is listed all the same.
    assert (f"sitemap:{days[0]}" in read(summary)) == listed
    assert summary.states["pending"] > 0


def test_a_split_day_is_read_whole_and_each_part_once(looking: Crawling) -> None:
    plain = looking.run(dry_run=True)
    change_profile(looking.newspaper, sitemap_limit=9)
    summary = looking.run(dry_run=True)
    assert summary.states == plain.states
    assert summary.days == plain.days
    (yesterday, today) = plain.days
    assert {f"sitemap:{yesterday}", f"sitemap:{yesterday}-2", f"sitemap:{today}"} <= read(
        summary
    ).keys()
    part = f"{FEEDS}/sitemap/{yesterday}-2/"
    change_profile(looking.newspaper, faults={part: Fault(404)})
    half = looking.run(dry_run=True)
    assert half.unread_days == {yesterday: f"sitemap:{yesterday}-2: http_404"}
    assert half.days == (today,)


def test_midnight_between_index_and_sitemap_loses_nothing(looking: Crawling) -> None:
    newspaper, today = looking.newspaper, looking.newspaper.edition.days[-1]
    midnight = datetime.combine(today + timedelta(days=1), time(), UTC)
    newspaper.clock.set(midnight - timedelta(seconds=3))
    plan = looking.plan(since=today, until=today, dry_run=True)
    newspaper.script((2, lambda paper, _: paper.clock.set(midnight + timedelta(seconds=1))))
    process = looking.process(plan, delay_seconds=2)
    process.start()
    summary = process.wait()
    assert today in summary.days
    assert f"{FEEDS}/sitemap/{today}/" in newspaper.log.paths()
    listed = {one.url: one.listed for one in summary.announcements}
    dated = next(n for url, n in listed.items() if f"/{today}/" in url)
    assert dated > 0


def test_an_empty_day_that_is_not_over_is_no_problem(looking: Crawling) -> None:
    today = looking.newspaper.edition.days[-1]
    change_profile(looking.newspaper, faults={f"{FEEDS}/sitemap/latest/": "empty"})
    summary = looking.run(dry_run=True)
    assert today in summary.days
    assert problems(summary) == {}


def test_a_list_that_only_a_browser_fills_is_told(looking: Crawling) -> None:
    change_profile(looking.newspaper, listing="empty")
    summary = looking.run(dry_run=True)
    assert problems(summary)["section:world"] == "no_articles"
    assert summary.states["pending"] > 0


def test_a_subsection_that_leads_to_its_section_is_told(looking: Crawling) -> None:
    asia = Fault(kind="redirect", status=301, to="/world/")
    change_profile(looking.newspaper, faults={"/world/asia/": asia})
    assert problems(looking.run(dry_run=True)) == {"section:world/asia": "redirected_away"}


def test_nothing_listed_is_a_failure_with_its_books_kept(looking: Crawling) -> None:
    change_profile(looking.newspaper, sitemap="empty", sitemap_news="empty", rss="empty",
                   listing="empty")  # fmt: skip
    process = looking.process(looking.plan())
    process.start()
    with pytest.raises(FailedError, match=r"nothing is listed by .*rss:world: empty"):
        process.wait()
    assert process.summary is not None
    assert problems(process.summary)["news-sitemap"] == "empty"
    assert looking.lines(process.summary) == {}


def test_dates_before_the_first_listed_day_are_not_available(looking: Crawling) -> None:
    first = looking.newspaper.edition.days[0]
    long_ago = first - timedelta(days=900)
    unlisted = f"sitemap:{long_ago}: not listed by the sitemap index"
    with pytest.raises(FailedError, match=f"{long_ago} is not available .*{unlisted}"):
        looking.run(since=long_ago, until=long_ago)
    summary = looking.run(since=first, until=first, dry_run=True)
    before = first - timedelta(days=1)
    assert summary.unread_days == {before: f"sitemap:{before}: not listed by the sitemap index"}
    assert summary.days == (first,)


def test_a_day_whose_stories_are_all_too_old_was_read(looking: Crawling) -> None:
    paper = looking.newspaper
    eve, date = paper.edition.days[-4], paper.edition.days[-3]
    begins = datetime.combine(date, time(), ZoneInfo("Pacific/Auckland"))
    for story in paper.edition.on_utc_day(eve):
        if story.section != "world" or story.date_modified >= begins:
            paper.remove(story.article_id)
    summary = looking.run(since=date, until=date, dry_run=True)
    assert paper.newsroom.stories()
    assert f"sitemap:{eve}" not in problems(summary)
    assert eve not in summary.unread_days


def test_what_a_refused_crawl_did_not_come_to_stands_as_unread(looking: Crawling) -> None:
    (yesterday, _) = looking.newspaper.edition.days[-2:]
    faults = {f"{FEEDS}/sitemap/{yesterday}/": Fault(403)}
    change_profile(looking.newspaper, faults=faults)
    process = looking.process(looking.plan())
    process.start()
    with pytest.raises(Exception, match="403"):
        process.wait()
    assert process.summary is not None
    assert problems(process.summary) == {f"sitemap:{yesterday}": "refused"}
    assert process.summary.unread_days == {yesterday: f"sitemap:{yesterday}: not asked"}


def test_a_repair_reads_its_days_whole_and_the_pages_of_the_section(looking: Crawling) -> None:
    change_profile(looking.newspaper, day_limit=None)
    days = looking.newspaper.edition.days
    summary = looking.run(since=days[5], until=days[5], repairs=True, dry_run=True)
    assert summary.purpose == "repair"
    assert summary.days == days[4:6]
    found = read(summary)
    assert {"section:world", "section:world/asia", "section:world/2"} <= found.keys()
    assert not {source for source in found if source.startswith(("rss", "news"))}
    # They go on as long as there is something on them, and not for ever.
    pages = [
        found[f"section:world/{n}"].listed for n in range(2, 11) if f"section:world/{n}" in found
    ]
    assert len(pages) > 3
    assert all(pages[:-1])
    last = f"{FEEDS}/sitemap*/{days[5]}/"
    change_profile(looking.newspaper, faults={last: Fault(404), "/world/3/": Fault(404)})
    lacking = looking.run(since=days[5], until=days[5], repairs=True, dry_run=True)
    assert lacking.unread_days == {days[5]: f"sitemap:{days[5]}: http_404"}
    assert "section:world/4" not in read(lacking)


def test_an_index_where_a_day_should_be_is_followed_so_far(crawling: Crawling) -> None:
    """Today's sitemap names two others; yesterday's names itself anew under every address."""
    yesterday, _ = crawling.newspaper.edition.days[-2:]
    stories = [f"/world/a/{letter * 25}A/" for letter in "BCD"]

    def index(*places: str) -> bytes:
        entries = "".join(f"<sitemap><loc>{FEEDS}{place}</loc></sitemap>" for place in places)
        return response("200 OK", f"<sitemapindex>{entries}</sitemapindex>".encode())

    with OddSite() as site:
        for number, story in enumerate(stories[:2]):
            site.announce([story])
            site.answers[f"{FEEDS}/part/{number}/"] = site.answers[f"{FEEDS}/sitemap/latest/"]
        site.answers[f"{FEEDS}/sitemap-index/"] = index(
            "/sitemap/latest/", f"/sitemap/{yesterday}/"
        )
        site.answers[f"{FEEDS}/sitemap/latest/"] = index("/part/0/", "/part/1/")
        site.answers[f"{FEEDS}/sitemap/{yesterday}/"] = index("/deep/1/")
        for depth in range(1, 9):
            site.answers[f"{FEEDS}/deep/{depth}/"] = index(f"/deep/{depth + 1}/")
        settings = {"publisher_origin": site.origin, "listing_days": 2}
        summary = crawling.run(settings=settings, dry_run=True)
    assert summary.states == {"pending": 2}
    assert len(summary.days) == 1
    assert summary.unread_days == {yesterday: f"sitemap:{yesterday}.1.1: too_nested"}
    assert f"{FEEDS}/deep/3/" not in site.asked
