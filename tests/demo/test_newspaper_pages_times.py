"""When stories are out, what times their pages state, and how a live blog grows."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from demo.newspaper import Newspaper
from demo.newspaper.kinds_times import clock_changes, next_day_here
from tests.demo.newspaper_pages import AT, EDITION, fusion, linked_data, make, page
from tests.demo.newspaper_support import ask


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with Newspaper(EDITION) as newspaper:
        newspaper.clock.set(AT)
        yield newspaper


def test_a_made_story_is_out_from_its_instant_on(paper):
    story = make("staff", AT + timedelta(minutes=10))
    paper.newsroom.add(story)
    assert ask(paper, story.path).status == 404
    paper.clock.advance(timedelta(minutes=10))
    assert ask(paper, story.path).status == 200


def test_a_live_blog_grows_with_the_clock(paper):
    blog = make("growing_blog")
    paper.newsroom.add(blog)
    seen = []
    for _ in range(13):
        text = ask(paper, blog.path).text
        seen.append((text.count('live-blog__entry"'), paper.story(blog.article_id)))
        assert fusion(text)["headline"] == seen[-1][1].headline
        paper.clock.advance(timedelta(minutes=5))
    # Each entry has class and name, so that the word is there twice.
    assert [count // 2 for count, _ in seen] == list(range(13))
    stories = [story for _, story in seen]
    assert {story.path for story in stories} == {blog.path}
    assert len({story.headline for story in stories}) == 13
    assert all(a.date_modified < b.date_modified for a, b in pairwise(stories))
    for story in stories:
        assert len(story.update_times) == sum(block.kind == "update" for block in story.body)
        assert all(at <= story.date_modified for at in story.update_times)


def test_a_blog_that_has_ended_stays_as_it_is():
    blog = make("growing_blog")
    assert blog.as_of(blog.date_modified) == blog.as_of(AT + timedelta(days=9)) == blog
    plain = make("staff")
    assert plain.as_of(AT - timedelta(days=1)) is plain


def test_the_entries_of_a_blog_have_their_own_times():
    html = page(make("growing_blog"))
    times = [AT + timedelta(minutes=5 * n) for n in range(14, 0, -1)]
    places = [html.index(f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}">') for at in times]
    assert places == sorted(places)


def test_a_page_may_state_no_time_or_only_show_one():
    for kind, shown in (("no_dates", False), ("dates_shown_only", True)):
        story = make(kind)
        html = page(story)
        assert not {"datePublished", "dateModified"} & set(linked_data(html))
        assert not [key for key in fusion(html) if key.endswith("_date")]
        assert "article:published_time" not in html
        assert (f">{story.shown_date}</time>" in html) == shown


def test_a_story_may_be_out_before_its_stated_publication(paper):
    story = make("future")
    paper.newsroom.add(story)
    reply = ask(paper, story.path)
    stated = datetime.fromisoformat(linked_data(reply.text)["datePublished"])
    assert stated == story.date_published == AT + timedelta(days=1)


def test_a_story_may_be_shown_as_published_long_before_its_revision():
    content = fusion(page(make("shown_long_before")))
    shown, published = (
        datetime.fromisoformat(content[key]) for key in ("display_date", "publish_date")
    )
    assert (published, published - shown) == (AT, timedelta(days=200))


def test_half_past_eleven_is_the_next_day_in_new_zealand():
    day = date(2026, 3, 1)
    story = make("ap_wire", next_day_here(day))
    assert f"{story.date_published:%d %H:%M}" == "01 11:30"
    assert story.local_date_published.date() == day + timedelta(days=1)
    assert "1 Mar, 2026 11:30 AM" in page(story)


@pytest.mark.parametrize(("change", "hours"), [(0, -1), (1, 1)])
def test_the_days_of_the_clock_changes_have_25_and_23_hours(change, hours):
    at = clock_changes(2026)[change]
    before, after = (make("ap_wire", at + timedelta(minutes=n)) for n in (-30, 30))
    local = [s.local_date_published.replace(tzinfo=None) for s in (before, after)]
    assert local[1] - local[0] == timedelta(hours=1 + hours)
    assert at.astimezone(UTC).hour == 14
    assert before.local_date_published.date() == after.local_date_published.date()
