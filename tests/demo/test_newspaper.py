import gzip
import http.client
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from demo.newspaper import Edition, Fault, Newspaper, Profile, Story

TODAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
XML = "?outputType=xml&_website=nzh"
FEEDS = "/arc/outboundfeeds"


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


class Reply:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(paper: Newspaper, path: str, method: str = "GET", body: str = "", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", paper.port, timeout=10)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, names)
        response = connection.getresponse()
        return Reply(response.status, dict(response.headers.items()), response.read())
    finally:
        connection.close()


def listed(paper: Newspaper, path: str) -> list[str]:
    locs = re.findall(r"<loc>([^<]*)</loc>", ask(paper, path + XML).text)
    return [loc.replace("&amp;", "&").removeprefix(paper.origin) for loc in locs]


def of_kind(edition: Edition, name: str) -> Story:
    return next(story for story in edition.stories if story.variant == name)


def test_the_same_anchor_makes_the_same_stories(edition):
    assert Edition(TODAY).stories == edition.stories
    assert Edition(TODAY, seed=2).stories != edition.stories


def test_a_day_that_is_over_is_the_same_for_a_later_anchor(edition):
    later = Edition(TODAY + timedelta(days=1))
    assert later.on_utc_day(date(2026, 2, 28)) == edition.on_utc_day(date(2026, 2, 28))


def test_the_same_story_has_the_same_bytes_in_two_newspapers(edition, paper):
    story = of_kind(edition, "ap_wire")
    first = paper.page(story)
    with Newspaper(edition) as other:
        assert other.page(story).replace(other.origin.encode(), paper.origin.encode()) == first


def test_the_edition_fills_fourteen_days(edition):
    assert len(edition.stories) >= 320
    assert len(edition.in_section("world")) >= 126
    assert len(edition.days) == 14
    assert edition.days[-1] == TODAY.date()
    for day in edition.days:
        assert len([s for s in edition.on_utc_day(day) if s.path.startswith("/world/")]) >= 9


@pytest.mark.parametrize("seconds", [0, 1, 59, 86399])
def test_no_story_is_later_than_the_anchor(seconds):
    anchor = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    edition = Edition(anchor)
    assert all(story.date_published <= story.date_modified <= anchor for story in edition.stories)
    assert len(edition.on_utc_day(anchor.date())) > 20


def test_ids_are_128_bits_in_base32(edition):
    ids = [story.article_id for story in edition.stories]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Z2-7]{25}[AEIMQUY4]", article_id) for article_id in ids)


def test_utc_and_new_zealand_days_differ_for_some_stories(edition):
    story = next(s for s in edition.stories if s.date_published.hour >= 12)
    assert story in edition.on_utc_day(story.date_published.date())
    assert story in edition.on_local_day(story.date_published.date() + timedelta(days=1))


def test_two_world_stories_share_a_slug_and_both_are_served(edition, paper):
    weekend = [s for s in edition.in_section("world") if s.slug.startswith("weekend-reads")]
    assert len(weekend) == 2
    first, second = (ask(paper, story.path).body for story in weekend)
    assert first != second


def test_every_variant_is_used_within_any_two_days_of_world(edition):
    used = {story.variant for story in edition.in_section("world")}
    for day in edition.days[:-1]:
        pair = (*edition.on_utc_day(day), *edition.on_utc_day(day + timedelta(days=1)))
        assert {s.variant for s in pair if s.path.startswith("/world/")} == used


def test_the_same_copy_was_sent_again_under_another_id(edition):
    again = next(s for s in edition.stories if s.headline.startswith("Update: "))
    pairs = [s for s in edition.stories if s.body[:-1] == again.body[:-1] and s != again]
    assert len(pairs) == 1


def test_pages_weigh_what_real_pages_weigh(edition, paper):
    weights = {story.variant: len(paper.page(story)) for story in edition.stories[-60:]}
    weights["section"] = len(ask(paper, "/world/").body)
    assert all(150_000 <= weight <= 250_000 for weight in weights.values()), weights


def test_a_page_is_compressed_for_those_who_accept_it(edition, paper):
    story = edition.stories[5]
    packed = ask(paper, story.path, Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert paper.bytes_sent(story.path) == packed.body
    assert gzip.decompress(packed.body) == paper.page(story)
    again = ask(paper, story.path, Accept_Encoding="gzip;q=0.5")
    assert again.body == packed.body
    plain = ask(paper, story.path, Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in plain.headers
    assert plain.body == paper.page(story)


def test_an_unchanged_page_is_not_sent_again(edition, paper):
    story = edition.stories[5]
    first = ask(paper, story.path, Accept_Encoding="gzip")
    by_tag = ask(paper, story.path, If_None_Match=first.headers["ETag"])
    by_date = ask(paper, story.path, If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_tag.body, by_date.status) == (304, b"", 304)
    assert paper.bytes_sent(story.path) == first.body
    paper.change(story.article_id, headline="Another headline")
    assert ask(paper, story.path, If_None_Match=first.headers["ETag"]).status == 200


def test_sitemaps_have_validators_too(paper):
    path = f"{FEEDS}/sitemap2/2026-02-25/{XML}"
    first = ask(paper, path)
    assert ask(paper, path, If_None_Match=first.headers["ETag"]).status == 304


def test_a_profile_without_validators_always_sends_the_page(edition, paper):
    paper.profile = Profile(validators=False)
    reply = ask(paper, edition.stories[5].path, If_Modified_Since="Sun, 01 Mar 2026 09:30:00 GMT")
    assert reply.status == 200
    assert not {"ETag", "Last-Modified"} & set(reply.headers)


def test_robots_txt_names_sitemaps_and_forbids_little(paper):
    text = ask(paper, "/robots.txt").text
    assert "User-agent: *\nDisallow: /pf/\nDisallow: /search\n" in text
    assert f"Sitemap: {paper.origin}{FEEDS}/sitemap-index/{XML}" in text
    assert "User-agent: GPTBot\nDisallow: /" in text
    assert "Crawl-delay" not in text


@pytest.mark.parametrize(
    ("robots", "status", "part"),
    [
        ("blocks_all", 200, "User-agent: *\nDisallow: /\n"),
        ("blocks_us", 200, "User-agent: newsarchive\nDisallow: /\n"),
        ("crawl_delay", 200, "Crawl-delay: 5\n"),
        ("not_found", 404, "not here"),
        ("server_error", 500, "error"),
        ("html", 200, "<!doctype html>"),
    ],
)
def test_robots_txt_has_other_profiles(paper, robots, status, part):
    paper.profile = Profile(robots=robots)
    reply = ask(paper, "/robots.txt")
    assert reply.status == status
    assert part in reply.text


def test_the_index_lists_each_day_by_its_age(paper):
    index = listed(paper, f"{FEEDS}/sitemap-index/")
    assert index[0] == f"{FEEDS}/sitemap/latest/{XML}"
    assert index[1] == f"{FEEDS}/sitemap/2026-02-28/{XML}"
    assert index[2] == f"{FEEDS}/sitemap2/2026-02-27/{XML}"
    assert index[7] == f"{FEEDS}/sitemap3/2026-02-22/{XML}"
    assert index[13:] == [f"{FEEDS}/sitemap3/2026-02-16/{XML}", f"{FEEDS}/sitemap-video/{XML}"]


def test_sitemaps_hold_utc_days_and_together_everything(edition, paper):
    for day in edition.days[:-1]:
        paths = listed(paper, f"{FEEDS}/sitemap/{day}/")
        assert paths[:1]
        stories = {story.path for story in edition.on_utc_day(day)}
        assert {path for path in paths if not path.startswith("/resizer/")} == stories
    latest = listed(paper, f"{FEEDS}/sitemap/latest/")
    assert latest == [story.path for story in edition.on_utc_day(TODAY.date())]


def test_latest_starts_again_at_utc_midnight(edition, paper):
    paper.clock.set(datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
    eve = [story.path for story in edition.on_utc_day(date(2026, 2, 28))]
    assert listed(paper, f"{FEEDS}/sitemap/latest/") == eve
    paper.clock.advance(timedelta(seconds=1))
    assert listed(paper, f"{FEEDS}/sitemap/latest/") == []
    assert listed(paper, f"{FEEDS}/sitemap/2026-02-28/") == eve


def test_a_busy_day_is_split(edition, paper):
    paper.profile = Profile(sitemap_limit=20)
    day = edition.days[3]
    split = [loc for loc in listed(paper, f"{FEEDS}/sitemap-index/") if str(day) in loc]
    assert [loc.split("/")[-2] for loc in split] == [f"{day}-1", f"{day}-2"]
    paths = [path for loc in split for path in listed(paper, loc.split("?")[0])]
    assert paths == [story.path for story in edition.on_utc_day(day)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FEEDS}/sitemap/2026-03-02/{XML}", 500),
        (f"{FEEDS}/sitemap3/2024-01-31/{XML}", 404),
        (f"{FEEDS}/sitemap3/2025-07-01/{XML}", 200),
        (f"{FEEDS}/sitemap/latest/", 404),
        ("/world", 301),
        ("/nowhere/", 404),
        ("/latest-news/", 200),
        ("/world/middle-east/", 200),
    ],
)
def test_routes_answer_as_the_real_ones(paper, path, status):
    assert ask(paper, path).status == status


def test_the_news_sitemap_covers_two_days(edition, paper):
    text = ask(paper, f"{FEEDS}/sitemap-news/{XML}").text
    recent = [s for s in edition.stories if s.date_published > TODAY - timedelta(days=2)]
    assert text.count("<news:news>") == len(recent)


@pytest.mark.parametrize(("rss", "items"), [("normal", 100), ("two_items", 2), ("empty", 0)])
def test_the_section_feed_may_be_thin(paper, rss, items):
    paper.profile = Profile(rss=rss)
    reply = ask(paper, f"{FEEDS}/rss/section/world/{XML}")
    assert reply.status == 200
    assert reply.text.count("<item>") == items


def test_addresses_that_are_not_quite_right(edition, paper):
    story = edition.stories[5]
    slashless = ask(paper, story.path.rstrip("/"))
    wrong_slug = ask(paper, f"/world/something-else/{story.article_id}/")
    for reply in (slashless, wrong_slug):
        assert (reply.status, reply.headers["Location"]) == (301, story.path)
    lower_case = story.path.replace(story.article_id, story.article_id.lower())
    assert ask(paper, lower_case).status == 404


def test_an_article_page_says_what_is_true(edition, paper):
    story = of_kind(edition, "staff")
    page = ask(paper, story.path).text
    assert f'data-test-ui="article__heading">{story.headline}</h1>' in page
    assert f"{story.shown_date}</time>" in page
    assert f"{story.read_minutes} mins to read" in page
    linked = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert linked
    data = json.loads(linked[1])
    assert datetime.fromisoformat(data["datePublished"]) == story.date_published
    assert [author["name"] for author in data["author"]] == list(story.authors)
    content = fusion_content(page)
    assert content["isPremium"] is False
    assert content["_id"] == story.article_id
    texts = [part["content"] for part in content["elements"] if part["type"] == "text"]
    assert texts == [text.replace("&", "&amp;") for text in story.public_paragraphs]


def fusion_content(page: str) -> dict[str, object]:
    start = page.index("Fusion.globalContent=") + len("Fusion.globalContent=")
    return json.JSONDecoder().raw_decode(page, start)[0]


def test_free_pages_carry_the_words_of_premium_ones_but_no_hidden_text(edition, paper):
    for story in edition.stories:
        page = paper.page(story).decode()
        assert "Access to Herald Premium articles require" in page
        assert ("HIDDENJSON" in page) == bool(story.hidden)
        if story.access == "free":
            assert "HIDDENBODY" not in page
            assert "nzh-premium-badge" not in page
            assert fusion_content(page)["isPremium"] is False


@pytest.mark.parametrize(
    ("variant", "marks"),
    [
        ("premium_style", {"HIDDENBODY", "nzh-premium-badge", 'style="display:none"'}),
        ("premium_stylesheet", {"HIDDENBODY", "nzh-premium-badge", 'data-hidden-by-css="x1"'}),
        ("premium_json", {"nzh-premium-badge"}),
        ("premium_url", {"HIDDENBODY", "nzh-premium-badge", 'style="display:none"', "/premium/"}),
        ("premium_flag", set()),
    ],
)
def test_premium_pages_differ_in_their_marks(edition, paper, variant, marks):
    story = of_kind(edition, variant)
    page = ask(paper, story.path).text
    assert fusion_content(page)["isPremium"] is True
    looked_for = ("HIDDENBODY", "nzh-premium-badge", 'style="display:none"', 'by-css="x1"')
    assert {mark for mark in looked_for if mark in page} == {
        mark.removeprefix("data-hidden-") for mark in marks if mark != "/premium/"
    }
    assert ("/premium/" in story.path) == ("/premium/" in marks)
    assert "HIDDEN" not in "".join(story.public_paragraphs)
    assert not set(story.hidden) & set(story.public_paragraphs)


def test_section_pages_carry_hidden_text_of_premium_stories_in_their_data(paper):
    page = ask(paper, "/world/").text
    assert "HIDDENJSON" in page
    assert "HIDDENBODY" not in page
    assert "?ref=section-front" in page
    assert f'href="{paper.origin}/world/' in page
    assert "sponsored" in page


def test_text_that_looks_like_script_does_not_end_the_script(edition, paper):
    story = of_kind(edition, "script_in_text")
    page = ask(paper, story.path).text
    content = fusion_content(page)
    texts = [part["content"] for part in content["elements"] if part["type"] == "text"]
    assert any("};Fusion.globalContentConfig" in text for text in texts)
    assert page.count("</script>") == 3


def test_near_identical_paragraphs_are_both_there(edition, paper):
    page = ask(paper, of_kind(edition, "repeated_paragraphs").path).text
    assert page.count("<p>Both officials spoke on condition of anonymity") == 2


def test_what_robots_txt_forbids_is_noted(paper):
    ask(paper, "/pf/api/v3/content/fetch/content-by-id?query=x")
    ask(paper, "/search?q=peace")
    ask(paper, "/robots.txt", User_Agent="newsarchive")
    assert [entry.forbidden for entry in paper.log] == [True, True, False]
    last = paper.log[-1]
    assert (last.method, last.path, last.status) == ("GET", "/robots.txt", 200)
    assert last.headers["user-agent"] == "newsarchive"
    paper.log.clear()
    assert len(paper.log) == 0


def test_moving_the_clock_back_unpublishes_and_nothing_else_appears_by_itself(edition, paper):
    story = edition.in_section("world")[-1]
    paper.clock.set(story.date_published - timedelta(minutes=1))
    assert ask(paper, story.path).status == 404
    paper.clock.advance(timedelta(minutes=2))
    assert ask(paper, story.path).status == 200
    paper.clock.set(TODAY + timedelta(days=30))
    assert len(paper.newsroom.stories()) == len(edition.stories)


def test_side_cards_change_only_when_they_should(edition, paper):
    story = edition.stories[-1]
    stable = paper.page(story)
    paper.clock.advance(timedelta(minutes=1))
    assert paper.page(story) == stable
    paper.profile = Profile(side_cards="by_minute")
    lively = paper.page(story)
    paper.clock.advance(timedelta(minutes=1))
    assert paper.page(story) != lively


def test_the_newsroom_can_change_and_remove_stories(edition, paper):
    story = edition.stories[5]
    paper.clock.advance(timedelta(hours=1))
    changed = paper.change(story.article_id, headline="A headline for the second edition")
    assert changed.date_modified == TODAY + timedelta(hours=1)
    assert "A headline for the second edition" in ask(paper, story.path).text
    assert paper.story(story.article_id) == changed
    assert edition.by_id(story.article_id) == story
    paper.remove(story.article_id)
    assert ask(paper, story.path).status == 410
    assert story.path not in listed(paper, f"{FEEDS}/sitemap/{story.date_published.date()}/")


def test_faults_are_answered_and_may_heal(edition, paper):
    path = edition.stories[5].path
    paper.profile = Profile(faults={path: Fault(503, times=1, retry_after="7"), "/arc/*": 500})
    reply = ask(paper, path)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    assert ask(paper, path).status == 200
    assert ask(paper, f"{FEEDS}/sitemap/latest/{XML}").status == 500


def test_another_process_can_read_the_log_and_set_the_clock(edition, paper):
    ask(paper, "/world/")
    assert [entry["path"] for entry in json.loads(ask(paper, "/_newspaper/log").body)] == [
        "/world/"
    ]
    ask(paper, "/_newspaper/log", "DELETE")
    assert len(paper.log) == 0
    reply = ask(paper, "/_newspaper/clock", "PUT", "2026-03-05T10:00:00+13:00")
    assert reply.text == "2026-03-04T21:00:00+00:00"
    assert paper.clock.now() == datetime(2026, 3, 4, 21, tzinfo=UTC)
    assert ask(paper, "/_newspaper/clock", "PUT", "tomorrow").status == 400


def test_another_process_reads_the_truth_without_the_hidden_text(edition, paper):
    text = ask(paper, "/_newspaper/stories").text
    assert len(json.loads(text)) == len(edition.stories)
    assert "HIDDEN" not in text
    hidden = of_kind(edition, "premium_style").hidden
    assert not any(json.dumps(paragraph, ensure_ascii=False) in text for paragraph in hidden)


def test_another_process_can_edit_a_story(edition, paper):
    story = edition.stories[5]
    handle = f"/_newspaper/stories/{story.article_id}"
    assert ask(paper, handle, "PUT", '{"headline": "Changed"}').status == 200
    assert paper.story(story.article_id).headline == "Changed"
    assert ask(paper, handle, "PUT", '{"article_id": "X"}').status == 400
    assert ask(paper, handle, "DELETE").status == 204
    assert ask(paper, story.path).status == 410
    assert ask(paper, "/_newspaper/stories/NOBODY", "DELETE").status == 404


def test_one_connection_serves_many_requests_and_closing_ends_it(edition):
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        connection = http.client.HTTPConnection("127.0.0.1", newspaper.port, timeout=10)
        for story in edition.stories[:3]:
            connection.request("GET", story.path)
            assert len(connection.getresponse().read()) > 100_000
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")
    connection.close()


def test_a_taken_port_is_an_os_error(edition, paper):
    with pytest.raises(OSError, match="in use"):
        Newspaper(edition, port=paper.port)


def test_a_head_request_has_no_body(edition, paper):
    reply = ask(paper, edition.stories[5].path, "HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) > 100_000
