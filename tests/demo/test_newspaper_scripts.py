"""Changes over time: they happen when the newspaper's clock says so, and are what they promise."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.newspaper import Edition, Newspaper, Story, changes
from tests.demo.newspaper_support import FEEDS, TODAY, XML, ask, listed, of_kind

SOON = TODAY + timedelta(hours=1)
LATER = TODAY + timedelta(hours=2)


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


def after(paper: Newspaper, change: changes.Change, story: Story) -> Story:
    """The story after a change that happened an hour ago."""
    paper.script((SOON, change))
    assert paper.story(story.article_id) == story
    paper.clock.set(LATER)
    return paper.story(story.article_id)


def fields_changed(before: Story, now: Story) -> set[str]:
    names = [name for name in dir(before) if name in Story.__annotations__]
    return {name for name in names if getattr(before, name) != getattr(now, name)}


def test_a_step_happens_at_its_instant_and_is_dated_so(paper, story):
    paper.script((SOON, changes.headline(story.article_id, "Second headline")))
    paper.clock.set(SOON - timedelta(seconds=1))
    assert "Second headline" not in ask(paper, story.path).text
    paper.clock.set(LATER)
    assert "Second headline" in ask(paper, story.path).text
    assert paper.story(story.article_id).date_modified == SOON


def test_steps_happen_in_the_order_of_their_instants(paper, story):
    texts = {LATER: "Third", SOON: "Second", LATER + timedelta(hours=1): "Fourth"}
    paper.script(*((at, changes.headline(story.article_id, text)) for at, text in texts.items()))
    for at, text in sorted(texts.items()):
        paper.clock.set(at)
        assert paper.story(story.article_id).headline == text
    paper.clock.set(TODAY)
    assert paper.story(story.article_id).headline == "Fourth"


@pytest.mark.parametrize("minutes", [0, 1])
def test_many_steps_that_are_due_at_once_leave_the_last(paper, story, minutes):
    steps = [(SOON, "Second"), (SOON + timedelta(minutes=minutes), "Third")]
    paper.script(*((at, changes.headline(story.article_id, text)) for at, text in steps))
    paper.clock.set(LATER)
    last = paper.story(story.article_id)
    assert (last.headline, last.date_modified) == ("Third", steps[1][0])


def test_a_step_may_wait_for_so_many_requests(paper):
    paper.script((2, changes.behave(robots="blocks_all")))
    texts = [ask(paper, "/robots.txt").text for _ in range(3)]
    assert texts[0] == texts[1]
    assert texts[2] == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (changes.correct, {"body"}),
        (lambda article_id: changes.headline(article_id, "Other"), {"headline"}),
        (lambda article_id: changes.description(article_id, "Other"), {"description"}),
        (lambda article_id: changes.reslug(article_id, "Other"), {"headline", "slug"}),
        (changes.picture, {"images"}),
        (changes.touch, set()),
        (changes.premium, {"access", "body", "hidden", "variant"}),
        (lambda article_id: changes.move(article_id, SOON), {"date_published"}),
    ],
)
def test_a_change_changes_only_what_it_says(paper, story, change, changed):
    now = after(paper, change(story.article_id), story)
    assert fields_changed(story, now) == changed | {"date_modified"}
    assert now.date_modified == SOON
    assert ask(paper, now.path).body == paper.page(now)


def test_a_correction_is_of_one_word(paper, story):
    now = after(paper, changes.correct(story.article_id), story)
    pairs = [(a.text, b.text) for a, b in zip(story.body, now.body, strict=True) if a != b]
    ((before, corrected),) = pairs
    words = zip(before.split(), corrected.split(), strict=True)
    assert sum(one != other for one, other in words) == 1
    assert "corrected" in corrected


def test_a_chosen_word_is_corrected(paper, story):
    word = story.body[0].text.split()[0]
    change = changes.correct(story.article_id, word, "Forsooth")
    assert after(paper, change, story).body[0].text.startswith("Forsooth ")


def test_text_goes_back_to_what_it_was(paper, story):
    paper.script(
        (SOON, changes.correct(story.article_id)), (LATER, changes.revert(story.article_id))
    )
    paper.clock.set(SOON)
    assert paper.story(story.article_id).body != story.body
    paper.clock.set(LATER)
    back = paper.story(story.article_id)
    assert fields_changed(story, back) == {"date_modified"}
    assert back.date_modified == LATER


def test_two_headlines_take_turns_without_a_new_date(paper, story):
    texts = (story.headline, "The other headline")
    every = timedelta(minutes=10)
    paper.script(*changes.ab_headlines(story.article_id, texts, TODAY, every, times=4))
    shown = []
    for _ in range(4):
        shown.append(paper.story(story.article_id))
        paper.clock.advance(every)
    assert [one.headline for one in shown] == [*texts, *texts]
    assert {one.date_modified for one in shown} == {story.date_modified}


def test_other_cards_are_shown_beside_an_unchanged_story(paper, story):
    before = ask(paper, story.path).text
    assert after(paper, changes.side_content(), story) == story
    now = ask(paper, story.path).text
    assert now != before

    def own_part(text: str) -> str:
        return text.partition("<header>")[2].partition('id="share-bar-below"')[0]

    assert own_part(now) == own_part(before) != ""


def test_every_story_may_be_touched_at_once(edition, paper):
    paper.script((SOON, changes.touch_all()))
    paper.clock.set(LATER)
    text = ask(paper, f"{FEEDS}/sitemap/2026-02-28/{XML}").text
    dates = set(re.findall("<lastmod>(.*?)</lastmod>", text))
    assert dates == {"2026-03-01T10:30:00.000Z"}


@pytest.mark.parametrize(
    ("how", "status", "part"),
    [
        ("status", 410, "not here"),
        (404, 404, "not here"),
        (410, 410, "not here"),
        ("page_not_found", 200, "Page not found"),
        ("front_instead", 200, "<h1"),
        ("redirect_section", 302, ""),
    ],
)
def test_a_story_is_removed_and_comes_back(paper, story, how, status, part):
    paper.script(
        (SOON, changes.remove(story.article_id, how)), (LATER, changes.restore(story.article_id))
    )
    before = ask(paper, story.path).body
    day = f"{FEEDS}/sitemap/{story.date_published.date()}/"
    paper.clock.set(SOON)
    reply = ask(paper, story.path)
    assert reply.status == status
    assert part in reply.text
    assert story.path not in listed(paper, day)
    paper.clock.set(LATER)
    assert ask(paper, story.path).body == before
    assert story.path in listed(paper, day)


def test_a_story_becomes_premium_and_free_again(paper, story):
    paper.script((SOON, changes.premium(story.article_id)), (LATER, changes.free(story.article_id)))
    last = story.body[-1].text
    assert "HIDDENBODY" not in ask(paper, story.path).text
    paper.clock.set(SOON)
    page = ask(paper, story.path).text
    assert page.count("HIDDENBODY") == len(story.body) - 3
    assert "nzh-premium-badge" in page
    assert last not in paper.story(story.article_id).public_paragraphs
    paper.clock.set(LATER)
    assert "HIDDEN" not in ask(paper, story.path).text
    assert paper.story(story.article_id).body == story.body


def test_a_premium_story_is_opened(edition, paper):
    premium = of_kind(edition, "premium_url")
    now = after(paper, changes.free(premium.article_id), premium)
    assert now.path == premium.path.replace("/premium/", "/")
    assert ask(paper, premium.path).headers["Location"] == now.path
    assert now.public_paragraphs == (*premium.public_paragraphs, *premium.hidden)


def test_a_story_is_forwarded(edition, paper, story):
    other = edition.in_section("world")[0]
    paper.script((SOON, changes.forward(story.article_id, other.article_id)))
    paper.clock.set(SOON)
    reply = ask(paper, story.path)
    assert (reply.status, reply.headers["Location"]) == (302, other.path)


def test_a_story_moves_to_another_day(paper, story):
    to = TODAY - timedelta(days=2)
    after(paper, changes.move(story.article_id, to.isoformat()), story)
    assert story.path in listed(paper, f"{FEEDS}/sitemap2/{to.date()}/")
    assert story.path not in listed(paper, f"{FEEDS}/sitemap/{story.date_published.date()}/")


def test_manners_change_and_one_path_fails(paper, story):
    paper.script(
        (SOON, changes.behave(["silent_feeds"], sitemap_cache="stale")),
        (LATER, changes.fail("/world/", 503)),
    )
    paper.clock.set(SOON)
    assert "<item>" not in ask(paper, f"{FEEDS}/rss/section/world/{XML}").text
    assert paper.profile.sitemap_cache == "stale"
    assert ask(paper, "/world/").status == 200
    paper.clock.set(LATER)
    assert ask(paper, "/world/").status == 503


def test_a_story_is_published_now_earlier_or_before_its_date(paper):
    now, early, embargoed = (
        paper.publish("ap_wire", at)
        for at in (None, TODAY - timedelta(days=3), TODAY + timedelta(days=1))
    )
    again = paper.publish("ap_wire", headline="Another headline")
    assert now.date_published == TODAY
    assert early.date_published < TODAY < embargoed.date_published
    assert again.headline == "Another headline"
    ids = {story.article_id for story in (now, early, embargoed, again)}
    assert len(ids) == 4
    for story in (now, early, embargoed, again):
        assert ask(paper, story.path).body == paper.page(story)


def test_a_script_can_publish(paper):
    paper.script((SOON, changes.publish("staff", headline="Fresh from the script")))
    assert "Fresh from the script" not in ask(paper, "/world/").text
    paper.clock.set(LATER)
    assert "Fresh from the script" in ask(paper, "/world/").text


def test_another_process_can_write_the_script(paper, story):
    early = "2026-02-26T03:00:00+00:00"
    steps = [
        [SOON.isoformat(), "headline", {"article_id": story.article_id, "text": "From outside"}],
        [SOON.isoformat(), "publish", {"kind": "staff", "at": early, "slug": "from-outside"}],
        [1, "behave", {"names": ["robots_blocks_all"]}],
    ]
    assert ask(paper, "/_newspaper/script", "PUT", json.dumps(steps)).status == 204
    paper.clock.set(LATER)
    assert "From outside" in ask(paper, "/_newspaper/stories").text
    assert "From outside" in ask(paper, story.path).text
    assert any("from-outside" in path for path in listed(paper, f"{FEEDS}/sitemap2/2026-02-26/"))
    assert ask(paper, "/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_another_process_can_choose_the_profile(paper):
    names = '["robots_blocks_us", "rss_empty"]'
    assert ask(paper, "/_newspaper/profile", "PUT", names).status == 204
    assert (paper.profile.robots, paper.profile.rss) == ("blocks_us", "empty")


@pytest.mark.parametrize(
    ("handle", "sent"),
    [
        ("profile", '["nonsense"]'),
        ("profile", "no JSON"),
        ("script", '[["2026-03-01T00:00:00+00:00", "nonsense", {}]]'),
        ("script", '[["2026-03-01T00:00:00+00:00", "touch", {"nobody": 1}]]'),
        ("script", '[["soon", "touch_all"]]'),
    ],
)
def test_what_another_process_asks_for_wrongly_changes_nothing(paper, handle, sent):
    before = paper.profile
    assert ask(paper, f"/_newspaper/{handle}", "PUT", sent).status == 400
    assert paper.profile == before
