"""The writer of invented stories: fills the templates with one consistent cast."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from datetime import date, timedelta

from demo.newspaper import home_topics as any_topic
from demo.newspaper import vocabulary as words
from demo.newspaper.more_topics import WORLD_TOPICS
from demo.newspaper.story import Image
from demo.newspaper.topics import Topic


def make_id(rng: random.Random) -> str:
    """128 random bits, shaped as a UUID of version 4, in base32 without padding."""
    bits = rng.getrandbits(128)
    bits = bits & ~(0xF << 76) | 4 << 76
    bits = bits & ~(0x3 << 62) | 2 << 62
    return base64.b32encode(bits.to_bytes(16, "big")).decode().rstrip("=")


OWN_SHARE = 0.6
"""How many paragraphs are on the subject itself."""


class Writer:
    """Writes everything in one story: the same people, places and numbers throughout."""

    def __init__(self, rng: random.Random, section: str, day: date) -> None:
        self.rng = rng
        self.place = rng.choice(words.PLACES if section == "world" else words.HOME_PLACES)
        self.topic: Topic = rng.choice(any_topic.HOME_TOPICS.get(section, WORLD_TOPICS))
        self._facts = _facts(rng, self.place, day)
        self._unused = list(self.topic.paragraphs)
        self._unused_anywhere = list(any_topic.ANY_PARAGRAPHS)
        rng.shuffle(self._unused)
        rng.shuffle(self._unused_anywhere)

    def fill(self, template: str) -> str:
        """Return the template with the story's own names; numbers are drawn anew."""
        return self._fill(template, _numbers(self.rng))

    def opening(self) -> tuple[str, str]:
        """Write a headline and the first paragraph, which agree on their numbers."""
        headline, lead = self.rng.choice(self.topic.openings)
        numbers = _numbers(self.rng)
        return self._fill(headline, numbers), self._fill(lead, numbers)

    def _fill(self, template: str, numbers: dict[str, object]) -> str:
        text = template.format(**self._facts, **numbers)
        return text[:1].upper() + text[1:]

    def standfirst(self) -> str:
        """One sentence to stand under the headline; not a paragraph of the body."""
        return self._any(any_topic.STANDFIRSTS)

    def paragraphs(self, count: int) -> list[str]:
        """Paragraphs on the subject and general ones, mixed; no template is used twice."""
        templates = []
        for _ in range(count):
            own = self._unused and (self.rng.random() < OWN_SHARE or not self._unused_anywhere)
            templates.append(self._unused.pop() if own else self._unused_anywhere.pop())
        return [self.fill(template) for template in templates]

    def heading(self) -> str:
        """Write a heading within the body."""
        return self._any(any_topic.HEADINGS)

    def quote(self) -> str:
        """Write a sentence that someone said."""
        return self._any(any_topic.QUOTES)

    def bullets(self, count: int) -> str:
        """Return a list as one text, an item a line."""
        return "\n".join(self.fill(item) for item in self.rng.sample(any_topic.BULLETS, count))

    def updates(self, count: int) -> list[str]:
        """Live updates: a title and a text on lines of their own."""
        return [self.fill(update) for update in self.rng.sample(any_topic.UPDATES, count)]

    def images(self, count: int, credit: str) -> tuple[Image, ...]:
        """Make pictures with captions."""
        captions = self.rng.sample(any_topic.CAPTIONS, count)
        return tuple(Image(make_id(self.rng), self.fill(text), credit) for text in captions)

    def person(self) -> str:
        """Make up a name."""
        return f"{self.rng.choice(words.FIRST_NAMES)} {self.rng.choice(words.LAST_NAMES)}"

    def tags(self) -> tuple[str, ...]:
        """Name the country, the city and the subject."""
        return (self.place.country.removeprefix("the "), self.place.city, self.topic.keyword)

    def _any(self, templates: Sequence[str]) -> str:
        return self.fill(self.rng.choice(templates))


def _numbers(rng: random.Random) -> dict[str, object]:
    return {
        "n": rng.randint(11, 98),
        "n2": rng.randint(2, 9),
        "pct": rng.randint(21, 79),
        "age": rng.randint(19, 84),
        "big": f"{rng.randint(2, 95)},{rng.randint(100, 999)}",
        "year": rng.randint(1978, 2019),
    }


def _facts(rng: random.Random, place: words.Place, day: date) -> dict[str, str]:
    others = [other for other in words.PLACES if other.country != place.country]
    neighbour, elsewhere = rng.sample(others, 2)
    facts = {
        "city": place.city,
        "country": place.country,
        "demonym": place.demonym,
        "neighbour": neighbour.country,
        "city2": elsewhere.city,
        "org": rng.choice(words.ORGANISATIONS),
        "company": rng.choice(words.COMPANIES),
        "role": rng.choice(words.ROLES),
        "expertise": rng.choice(words.EXPERTISE),
        "weekday": f"{day:%A}",
        "weekday2": f"{day + timedelta(days=rng.randint(2, 5)):%A}",
        "month": f"{day + timedelta(days=75):%B}",
    }
    cast = ("official", "expert", "witness")
    lasts = rng.sample(words.LAST_NAMES, len(cast))
    for part, first, last in zip(cast, rng.sample(words.FIRST_NAMES, 3), lasts, strict=True):
        facts[part], facts[f"{part}_last"] = f"{first} {last}", last
    return facts
