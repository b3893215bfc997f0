"""The calendar: which stories the made-up newspaper has published by a given instant."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import attrs

from demo.newspaper import (
    growing_blog,
    kinds_forms,
    kinds_notes,
    kinds_ordinary,
    kinds_premium,
    kinds_text,
    kinds_times,
)
from demo.newspaper.chance import chance
from demo.newspaper.prose import Writer, make_id
from demo.newspaper.story import Story, later, slugify
from demo.newspaper.variants import compose, paragraphs

KINDS = (
    kinds_ordinary, kinds_premium, kinds_forms, kinds_text, kinds_times, kinds_notes, growing_blog,
)  # fmt: skip
"""The modules that enter their kinds into `variants.VARIANTS`."""

DAYS = 14

PLAN = {"world": 11, "nz": 5, "business": 3, "sport": 3, "entertainment": 2, "travel": 1}
"""Stories a day, by section."""

WORLD_KINDS = (
    "ap_wire", "premium_style", "staff", "ap_wire", "reuters_wire", "opinion",
    "premium_stylesheet", "rich", "live_blog", "ap_wire", "afp_wire",
    "premium_json", "ap_wire", "photo", "about_subscriptions", "premium_url", "video",
    "reuters_wire", "script_in_text", "premium_flag", "repeated_paragraphs", "ap_wire",
)  # fmt: skip
"""The kinds of two days of World stories: any two days in a row show all of them."""

SUBSECTION_SHARE = 0.25
"""How many World stories stand under a sub-section's address."""

TUESDAY, SATURDAY = 1, 5

HOME_KINDS = ("staff", "staff", "rich", "afp_wire", "premium_style", "staff", "photo", "opinion")


class Edition:
    """All stories of the fourteen UTC days that end on the day of `today`.

    The same `today` and seed always give the same stories, none of them later than `today`. The
    stories of a day that is over do not depend on `today` at all.
    """

    def __init__(self, today: datetime, seed: int = 1) -> None:
        if today.tzinfo is None:
            message = "the edition's instant needs a time zone"
            raise ValueError(message)
        self.today = today.astimezone(UTC)
        self.seed = seed
        last = self.today.date()
        self.days = tuple(last - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
        stories = [story for day in self.days for story in self._day(day)]
        self.stories = tuple(sorted(stories, key=lambda story: (story.date_published, story.path)))
        self._by_id = {story.article_id: story for story in self.stories}

    def by_id(self, article_id: str) -> Story:
        """Return the story with this id; `KeyError` when there is none."""
        return self._by_id[article_id]

    def in_section(self, section: str) -> tuple[Story, ...]:
        """For `world` all stories whose address begins so; for `world/asia` all filed under it."""
        return tuple(story for story in self.stories if belongs(story, section))

    def on_utc_day(self, day: date) -> tuple[Story, ...]:
        """Return the stories first published on this UTC day."""
        return tuple(story for story in self.stories if story.date_published.date() == day)

    def on_local_day(self, day: date) -> tuple[Story, ...]:
        """Return the stories first published on this day by a New Zealand clock."""
        return tuple(story for story in self.stories if story.local_date_published.date() == day)

    def make(self, kind: str, *, at: datetime, section: str = "world", number: int = 0) -> Story:
        """Make one more story, of any kind in `variants.VARIANTS`; it is not entered anywhere.

        The same arguments and seed make the same story; `number` tells apart what is otherwise alike.
        Publish it with `Newsroom.add`. `KeyError` when there is no such kind.
        """
        at = at.astimezone(UTC).replace(microsecond=0)
        rng = chance(self.seed, "made", kind, section, at.isoformat(), number)
        modified = at + timedelta(minutes=240 if kind == "live_blog" else 0)
        writer = Writer(rng, section, at.date())
        story = compose(kind, _plain(writer, section, at, modified), writer)
        return attrs.evolve(story, read_minutes=2 + _words(story) // 120)

    def _day(self, day: date) -> Iterator[Story]:
        plan = [section for section, count in PLAN.items() for _ in range(count)]
        plan.append("video" if day.toordinal() % 2 else "sponsored-stories")
        shares = _shares(chance(self.seed, day, "times"), plan)
        stories = [
            self._story(section, number, self._instant(day, share))
            for number, (section, share) in enumerate(zip(plan, shares, strict=True))
        ]
        return _with_oddities(stories, day)

    def _story(self, section: str, number: int, at: datetime) -> Story:
        rng = chance(self.seed, at.date(), number)
        writer = Writer(rng, section, at.date())
        day_end = datetime.combine(at.date(), time(23, 59, 59), UTC)
        kind = _kind(section, at.date(), number)
        minutes = 240 if kind == "live_blog" else rng.choice((0, 3, 47, 95, 240))
        modified = later(at, minutes, min(day_end, self.today))
        story = compose(kind, _plain(writer, section, at, modified.replace(microsecond=0)), writer)
        return attrs.evolve(story, read_minutes=2 + _words(story) // 120)

    def _instant(self, day: date, share: float) -> datetime:
        """Return a share of the day, or of the part of it that has passed, in whole seconds."""
        start = datetime.combine(day, time(), UTC)
        seconds = min((self.today - start).total_seconds(), 86400.0)
        return start + timedelta(seconds=int(seconds * share))


def belongs(story: Story, section: str) -> bool:
    """Whether a story stands under `/world/`, or is filed under a sub-section `world/asia`."""
    return section in story.sections if "/" in section else story.path.startswith(f"/{section}/")


def _plain(writer: Writer, section: str, at: datetime, modified: datetime) -> Story:
    """Return a wire story with a lead, some ten paragraphs and two pictures."""
    headline, lead = writer.opening()
    region = f"world/{writer.place.region}"
    primary = region if section == "world" and writer.rng.random() < SUBSECTION_SHARE else section
    return Story(
        article_id=make_id(writer.rng),
        variant="ap_wire",
        section=primary,
        sections=("world", region) if section == "world" else (section,),
        url_prefix=primary,
        slug=slugify(headline),
        headline=headline,
        web_headline=f"{writer.place.city}: {headline}",
        description=writer.standfirst(),
        agency="AP",
        body=paragraphs([lead, *writer.paragraphs(writer.rng.randint(9, 14))]),
        images=writer.images(2, "AP"),
        tags=writer.tags(),
        date_published=at,
        date_modified=modified,
        sponsored=section == "sponsored-stories",
    )


def _with_oddities(stories: list[Story], day: date) -> Iterator[Story]:
    """Twice in a fortnight: a slug used before, and agency copy sent again under another id."""
    world = [story for story in stories if story.variant == "ap_wire"]
    first, last = world[0], world[-1]
    for story in stories:
        if story is first and day.weekday() == SATURDAY:
            headline = "Weekend reads: Six of the best international stories"
            yield attrs.evolve(story, slug=slugify(headline), headline=headline)
        elif story is last and day.weekday() == TUESDAY:
            again = (*first.body[:-1], story.body[-1])
            yield attrs.evolve(story, headline=f"Update: {first.headline}", body=again)
        elif story.section == "nz" and story.variant == "rich":
            yield attrs.evolve(story, sections=("nz", "world"))
        else:
            yield story


def _shares(rng: random.Random, plan: list[str]) -> list[float]:
    """For each story a moment of the day, each section's spread round the clock."""
    moments: dict[str, list[float]] = {}
    for section in dict.fromkeys(plan):
        count = plan.count(section)
        moments[section] = [(place + 0.1 + 0.8 * rng.random()) / count for place in range(count)]
        rng.shuffle(moments[section])
    return [moments[section].pop() for section in plan]


def _kind(section: str, day: date, number: int) -> str:
    if section == "world":
        return WORLD_KINDS[(day.toordinal() * PLAN["world"] + number) % len(WORLD_KINDS)]
    if section == "video":
        return "video"
    return HOME_KINDS[(day.toordinal() * 3 + number) % len(HOME_KINDS)]


def _words(story: Story) -> int:
    return sum(len(text.split()) for text in (*story.public_paragraphs, *story.hidden))
