"""Looking again: what is around a story makes no revision, and a live blog stays one article."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import attrs

from archive.connect import Archive
from archive.intervals import DEFAULT, parse_intervals
from archive.keys import article_key
from archive.records import ArticleContent
from archive.sequence import Look, sequence_of
from crawler.schedule import SLACK
from demo.newspaper import Newspaper, Story
from demo.newspaper.story import Block
from pipelines import pages, steps
from pipelines.compare import split
from pipelines.diff import diff
from pipelines.normalise import article_of
from publishers import get
from tests.crawler.crawling import change_profile
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories

REVISITS = 1_000
UPDATES = 300
KINDS = ("staff", "ap_wire", "rich", "reuters_wire")


def content_of(
    newspaper: Newspaper, story: Story, *, at_minute: int
) -> tuple[bytes, ArticleContent]:
    page = newspaper.page(story)
    publisher = get(PUBLISHER).with_origin(newspaper.origin)
    url, at = newspaper.origin + story.path, STARTED_AT + timedelta(minutes=at_minute)
    reading = pages.read(page, url=url, captured_at=at, publisher=publisher)
    article = article_of(reading, url=url, captured_at=at, publisher=publisher)
    return page, split(article, "run")[0]


def test_a_thousand_revisits_with_other_side_content_give_no_revision(
    newspaper: Newspaper,
) -> None:
    world = [story for story in stories(newspaper, KINDS) if story.path.startswith("/world/")]
    found = [story for kind in KINDS for story in world if story.variant == kind][
        :: len(world) // 20
    ]
    found = found[:20]
    assert {story.variant for story in found} == set(KINDS)
    seen: dict[str, set[str]] = {}
    sent = set()
    change_profile(newspaper, side_cards="by_minute")
    for turn in range(REVISITS // len(found)):
        # Other cards, another render time, more carried data, a touched time of last change.
        change_profile(newspaper, side_edition=turn)
        newspaper.clock.advance(timedelta(minutes=7))
        for story in found:
            at = newspaper.clock.now().replace(microsecond=0)
            newspaper.change(story.article_id, date_modified=at)
            now = newspaper.story(story.article_id)
            page, content = content_of(newspaper, now, at_minute=turn)
            sent.add(page)
            seen.setdefault(story.article_id, set()).add(content.revision)
    assert len(sent) == REVISITS
    assert {len(revisions) for revisions in seen.values()} == {1}


def grown(story: Story, entries: int) -> dict[str, object]:
    """How a live blog is after so many entries, the newest first."""
    posted = [story.date_published + timedelta(minutes=4 * n) for n in range(1, entries + 1)]
    blocks = [
        Block(
            "update", f"Update {n}\nThe brigade has sent {n} more people to pier {n * 7}, it says."
        )
        for n in range(1, entries + 1)
    ]
    return {
        "body": (*story.body[:2], *blocks[::-1]),
        "update_times": tuple(posted[::-1]),
        "headlines": (),
        "date_modified": posted[-1],
    }


def test_three_hundred_updates_in_a_day_are_one_article(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    archive = attrs.evolve(archive, settings=settings)
    newspaper.clock.advance(timedelta(days=2))
    (story, *_) = stories(newspaper, ["live_blog"])
    run = Run(archive, newspaper, tmp_path)
    for entries in range(1, UPDATES + 1):
        newspaper.change(story.article_id, **grown(story, entries))
        run.add(newspaper.story(story.article_id))
    report = run.finish()
    assert (report.balanced, report.listed, report.archived) == (True, 1, 1)
    (only,) = archive.catalogue.newest(PUBLISHER)
    captures = archive.catalogue.captures(PUBLISHER, only.article_id)
    assert len({capture.revision for capture in captures}) == UPDATES
    history = steps.history(archive, only.article_id)
    assert [step.kinds for step in history.revisions[1:]] == [("live_update",)] * (UPDATES - 1)
    for before, after in list(pairwise(captures))[:: UPDATES // 10]:
        one, other = (
            steps.objects.content_of(archive.store, c, c.revision) for c in (before, after)
        )
        changed = [block for block in diff(one, other).blocks if block.op != "equal"]
        assert [(block.op, block.kind) for block in changed] == [("insert", "update")]
    # No version costs more than its own text: the sum is that of a triangle.
    sizes = [
        len(archive.store.get(article_key(PUBLISHER, c.article_id, c.revision))) for c in captures
    ]
    assert sum(sizes) <= 0.6 * UPDATES * max(sizes)


def test_a_blog_that_never_rests_is_asked_for_as_often_as_the_shortest_interval() -> None:
    intervals, now, end = parse_intervals(DEFAULT), STARTED_AT, STARTED_AT + timedelta(days=1)
    looks: list[Look] = []
    while now < end:
        sequence = sequence_of(looks)
        fresh_at = sequence.fresh_at(STARTED_AT) or now
        if not looks or now - looks[-1].captured_at >= intervals.pause(now - fresh_at) - SLACK:
            looks.append(
                Look(
                    captured_at=now,
                    run_id=f"{len(looks)}",
                    revision=f"{len(looks)}",
                    access="free",
                    removed=False,
                )
            )
        now += timedelta(minutes=30)
    assert len(looks) == 48
