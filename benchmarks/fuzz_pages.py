"""Mutated pages through gate and readers: each ends with a record or one of our errors.

    python -m benchmarks.fuzz_pages [--pages 10000] [--seed 1]

The pages are the made-up newspaper's and, where they are there, real ones of ``../shared``. Exit code 1
when anything else is raised, or when a word of subscriber-only text comes through. Two cases that no
gate could know are counted apart:

- *erased*: none of the marks of who may read it that the page had stands in its bytes any more;
- *moved*: the page is still premium, and no such word comes through once those are renamed before
  which the part that everybody is shown was the last to be named.
"""

import argparse
import gzip
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from archive.errors import ArchiveError
from demo.newspaper import Edition
from demo.newspaper.article_page import Setting, article_page
from pipelines import pages
from publishers import get
from publishers.rules import AccessRules

SHARED = Path(__file__).resolve().parents[2] / "shared"
SECRETS = ("HIDDENBODY", "HIDDENJSON")
CHARSETS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "shift_jis", "utf-7", "x", "idna")
PIECES = (
    b"<", b">", b'"', b"'", b"&", b"\0", b"\xff", b"\xed\xa0\x80", b"<!--", b"-->", b"</p>", b"<p>",
    b"<div>" * 300, b"</div>" * 300, b"<script>", b"</script>", b"<template>", b"<svg>", b"<table>",
    b"&#xD800;", b"&#99999999999;", b"&nbsp;", b"]]>", b"{", b"}", b"[" * 300, b"\\ud800", b"\\u0000",
    b"null", b"1e999", b"true", b"[]", b"{}", b'""', b"http://[x", b"data:,", b"9999-99-99T99:99:99Z",
)  # fmt: skip
_MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
_SLOW_SECONDS = 20.0

Mutation = Callable[[random.Random, bytes], bytes]


@frozen
class Source:
    """A page that is to be mutated."""

    url: str
    html: bytes


def flipped(chance: random.Random, html: bytes) -> bytes:
    """Change some bytes."""
    changed = bytearray(html)
    for _ in range(chance.choice([1, 10, 200])):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(chance: random.Random, html: bytes) -> bytes:
    """Leave a part out, often the end."""
    start, end = _span(chance, html)
    return html[:start] if chance.random() < 0.5 else html[:start] + html[end:]  # noqa: PLR2004


def repeated(chance: random.Random, html: bytes) -> bytes:
    """Write a part several times."""
    start, end = _span(chance, html, 3000)
    return html[:end] + html[start:end] * chance.choice([1, 2, 30]) + html[end:]


def shuffled(chance: random.Random, html: bytes) -> bytes:
    """Exchange pieces that end with a tag."""
    pieces = html.split(b">")
    for _ in range(chance.choice([1, 5, 50])):
        one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return b">".join(pieces)


def strewn(chance: random.Random, html: bytes) -> bytes:
    """Strew in what parsers trip over; half of it where a value stands."""
    for _ in range(chance.choice([1, 5, 20])):
        place = chance.randrange(len(html) + 1)
        if chance.random() < 0.5:  # noqa: PLR2004
            place = max(html.find(chance.choice([b'":', b'="', b">"]), place), 0) + 2
        html = html[:place] + chance.choice(PIECES) + html[place:]
    return html


def swapped(chance: random.Random, html: bytes) -> bytes:
    """Exchange the values of attributes and JSON strings."""
    pieces = html.split(b'"')
    for _ in range(chance.choice([1, 10, 100])):
        one, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces[one], pieces[other] = pieces[other], pieces[one]
    return b'"'.join(pieces)


def recoded(chance: random.Random, html: bytes) -> bytes:
    """Write the page in another charset, whatever it says it is in."""
    text = html.decode("utf-8", "replace")
    return text.encode(chance.choice(["utf-16", "utf-16-le", "utf-32", "cp1252"]), "replace")


MUTATIONS: tuple[Mutation, ...] = (flipped, cut, repeated, shuffled, strewn, swapped, recoded)


def mutated(chance: random.Random, html: bytes) -> bytes:
    """Return a page after one to four mutations."""
    for mutation in chance.choices(MUTATIONS, k=chance.randint(1, 4)):
        html = mutation(chance, html or b" ")
    return html


def _span(chance: random.Random, html: bytes, longest: int = 20_000) -> tuple[int, int]:
    start = chance.randrange(len(html) + 1)
    return start, min(len(html), start + chance.randrange(longest))


def newspaper() -> list[Source]:
    """Return a page of each variant of the made-up newspaper."""
    edition = Edition(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    setting = Setting(origin="https://www.nzherald.co.nz", edition=edition)
    stories = {story.variant: story for story in edition.stories}
    return [
        Source(setting.origin + story.path, article_page(story, setting).encode())
        for story in stories.values()
    ]


def real() -> list[Source]:
    """Return real pages; none in a clone without ``../shared``."""
    url = "https://www.nzherald.co.nz/world/example/AAAABBBBCCCCDDDDEEEEFFFF2A/"
    skeletons = [Source(url, path.read_bytes()) for path in sorted(SHARED.glob("pages/**/*.html"))]
    files = sorted(SHARED.glob("extraction/open/html/*.html.gz"))
    small = [path for path in files if path.stat().st_size < 60_000]  # noqa: PLR2004 - many, quickly
    return skeletons + [Source(url, gzip.decompress(p.read_bytes())) for p in small[::3]]


def outcome(chance: random.Random, source: Source) -> str:
    """Return what became of a mutated page, in a word; a crash is raised, a leak as AssertionError."""
    html = mutated(chance, source.html)
    publisher = chance.choice([None, get("nzherald")])
    kind = chance.choice([None, f"text/html; charset={chance.choice(CHARSETS)}"])

    def reading(content: bytes) -> pages.PageReading:
        return pages.read(
            content, url=source.url, captured_at=_MOMENT, publisher=publisher, content_type=kind
        )

    try:
        found = reading(html)
    except ArchiveError as error:
        return type(error).__name__
    # Without a publisher nobody decides who may read it, and nothing is cut.
    if publisher is None or not _tells(found):
        return f"read by {found.reader}"
    rules = publisher.access
    if marks(source.html, rules).isdisjoint(marks(html, rules)):
        return "erased"
    assert found.access == "premium", found.access_evidence  # noqa: S101
    assert not _tells(reading(without_moved(html, rules))), "subscriber-only text"  # noqa: S101
    return "moved"


def marks(html: bytes, rules: AccessRules) -> set[bytes]:
    """Return the words of a page's bytes that could mark it as premium, wherever they stand."""
    historic = [re.split("[#.]", mark)[-1] for mark in rules.historic]
    names = map(re.escape, (*rules.badges, *rules.subscriber_sections, *historic))
    flags = (rf'"{flag}":\s*"?true' for flag in rules.flags)
    pattern = "|".join((*names, *flags, r'"content_code":\s*"(?!free)\w+'))
    return set(re.findall(pattern.encode(), html.replace(b"\0", b"")))


def without_moved(html: bytes, rules: AccessRules) -> bytes:
    """Return a page without the secret words that follow the name of a public part, and no other."""
    names = "|".join(map(re.escape, (*rules.public_sections, *rules.subscriber_sections)))
    pieces = re.split(f"({names})".encode(), html)
    for place in range(1, len(pieces), 2):
        if pieces[place].decode() in rules.public_sections:
            pieces[place + 1] = pieces[place + 1].replace(b"HIDDENBODY", b"MOVED")
    return b"".join(pieces)


def _tells(reading: pages.PageReading) -> bool:
    said = repr(reading)
    return any(secret in said for secret in SECRETS)


def fuzz(sources: list[list[Source]], count: int, seed: int) -> Iterator[tuple[str, str | None]]:
    """Yield for each mutated page its outcome, and the traceback when it crashed."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")  # noqa: S311 - no secret
        started = time.process_time()
        try:
            found, trace = outcome(chance, chance.choice(chance.choice(sources))), None
        except Exception as error:  # noqa: BLE001 - the very thing looked for
            found, trace = f"crash: {type(error).__name__}", traceback.format_exc()
        if time.process_time() - started > _SLOW_SECONDS:
            found, trace = "slow", f"page {number} took {time.process_time() - started:.0f} s"
        yield found, trace and f"seed {seed}, page {number}\n{trace}"


def main() -> int:
    """Run it; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    outcomes: Counter[str] = Counter()
    wrong = 0
    for found, trace in fuzz(
        [group for group in (newspaper(), real()) if group], options.pages, options.seed
    ):
        outcomes[found] += 1
        if trace:
            wrong += 1
            sys.stderr.write(trace + "\n")
    for found, number in outcomes.most_common():
        sys.stdout.write(f"{number:6} {found}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
