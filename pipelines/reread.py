"""Reread: what a new reading of a page has that the held record has not, and the reverse."""

from collections import Counter
from collections.abc import Sequence

from attrs import fields_dict

from archive.records import Article, Capture, ReadAgain, RederiveReport

_NOT_READ = frozenset(
    {
        "article_id",
        "revision",
        "record_version",
        "publisher",
        "url",
        "aliases",
        "section",
        "first_seen_at",
        "captured_at",
        "warc",
        "reader",
        "reader_version",
        "provenance",
        "text",
        "word_count",
        "access_evidence",
    }
)
"""Fields that say where a record comes from, or follow from others: not what a reader read."""

READ_FIELDS = tuple(name for name in fields_dict(Article) if name not in _NOT_READ)
"""Fields of a record that readers fill."""


def reader_of(record: Article | Capture) -> str:
    """Return who read a record, as ``name@version``."""
    return f"{record.reader}@{record.reader_version}"


def differences(held: Article, reading: Article) -> ReadAgain:
    """Compare a held record with a new reading of the same page."""
    pairs = {name: (getattr(held, name), getattr(reading, name)) for name in READ_FIELDS}
    differ = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    old, new = (Counter(block.text for block in one.body) for one in (held, reading))
    return ReadAgain(
        article_id=held.article_id,
        revision=held.revision,
        headline=held.headline,
        before=reader_of(held),
        after=reader_of(reading),
        gained=tuple(name for name, (before, _) in differ.items() if not before),
        lost=tuple(name for name, (_, after) in differ.items() if not after),
        changed=tuple(name for name, (before, after) in differ.items() if before and after),
        words_gained=_words(new - old),
        words_lost=_words(old - new),
    )


def unread(capture: Capture, problem: str, *, headline: str = "") -> ReadAgain:
    """Return what is said of a page that could not be read again; its text is not lost, it is held.

    ``headline`` is the held record's; empty when it is the record that is gone.
    """
    return ReadAgain(
        article_id=capture.article_id,
        revision=capture.revision,
        headline=headline,
        before=reader_of(capture),
        after="",
        problem=problem,
    )


def report(found: Sequence[ReadAgain], *, readings: int) -> RederiveReport:
    """Return the sums over all that was read again."""
    failed = [one for one in found if one.problem]
    different = [one for one in found if one.differs and not one.problem]
    fields: dict[str, Counter[str]] = {}
    for one in different:
        for word in ("gained", "lost", "changed"):
            for name in getattr(one, word):
                fields.setdefault(name, Counter())[word] += 1
    return RederiveReport(
        revisions=len(found),
        same=len(found) - len(failed) - len(different),
        different=len(different),
        failed=len(failed),
        readings=readings,
        words_gained=sum(one.words_gained for one in found),
        words_lost=sum(one.words_lost for one in found),
        fields={name: dict(counts) for name, counts in sorted(fields.items())},
        differences=tuple(
            sorted([*failed, *different], key=lambda one: (-one.words_lost, one.article_id))
        ),
    )


def _words(texts: Counter[str]) -> int:
    return sum(len(text.split()) * count for text, count in texts.items())
