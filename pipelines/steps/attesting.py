"""Attest: sign the days that are closed, and have them timestamped, where the settings ask for it."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen

from archive.attest import (
    Certificate,
    fault_of_signature,
    fault_of_timestamp,
    load_roots,
    load_signing_key,
    public_key,
    sign,
    stamp,
)
from archive.codec import decode, encode
from archive.connect import Archive
from archive.errors import BrokenRecord, FailedError
from archive.holdings import Holdings
from archive.keys import signature_key, timestamp_key
from archive.records import DayManifest, DaySignature, DayTimestamp, Problem
from archive.settings import ArchiveSettings
from archive.trusted_keys import TrustedKey, parse_trusted_keys
from pipelines.steps.day_chain import recent_chain
from pipelines.steps.objects import fetch, keep
from pipelines.store import StoredObject

logger = logging.getLogger(__name__)

_KEYS = {"signatures": signature_key, "timestamps": timestamp_key}


@frozen
class Trust:
    """Whose word about the days counts."""

    keys: tuple[TrustedKey, ...] = ()
    """Keys that days must be signed with. Empty takes any signature."""

    roots: tuple[Certificate, ...] = ()
    """Roots of trusted timestamping authorities. Empty looks only at what a timestamp is of."""


@frozen(kw_only=True)
class Attested:
    """What there is to the days of a chain."""

    signed: int
    """Days with a good signature."""

    timestamped: int
    """Days with a good timestamp."""

    problems: tuple[Problem, ...]
    """Signatures and timestamps that do not hold, or are missing."""


def trust_of(settings: ArchiveSettings, keys: Sequence[TrustedKey] = ()) -> Trust:
    """Return whose word counts by the settings; ``keys`` go before our own, present and former."""
    roots = load_roots(settings.timestamp_roots) if settings.timestamp_roots else ()
    return Trust(tuple(keys) or _own_keys(settings), tuple(roots))


def _own_keys(settings: ArchiveSettings) -> tuple[TrustedKey, ...]:
    former = parse_trusted_keys(settings.former_signing_keys)
    if settings.signing_key is None:
        return former
    return (TrustedKey(public_key(load_signing_key(settings.signing_key))), *former)


def attest(archive: Archive) -> int:
    """Sign and stamp what lacks it among the days of the last weeks; returns how many objects were written.

    An authority that can't be reached is asked again the next time, and a chain that does not hold together gets
    nothing. Raises :class:`ConfigurationError`
    for a key that can't be read.
    """
    try:
        return _attest(archive)
    except BrokenRecord:
        logger.exception("nothing is signed: newsarchive verify names what is wrong")
        return 0


def _attest(archive: Archive) -> int:
    settings, written = archive.settings, 0
    if settings.signing_key is not None:
        private = load_signing_key(settings.signing_key)
        for day, content, key in _lacking(archive, "signatures"):
            made = encode(sign(private, day.day, content))
            written += keep(archive.store, StoredObject(key, made))
    if settings.timestamp_url is not None:
        for day, content, key in _lacking(archive, "timestamps"):
            try:
                made = encode(stamp(settings.timestamp_url, day.day, content))
            except FailedError as error:
                logger.warning("%s has no timestamp yet: %s", day.day, error)
                break
            written += keep(archive.store, StoredObject(key, made))
    return written


def _lacking(archive: Archive, kind: str) -> Iterator[tuple[DayManifest, bytes, str]]:
    """Yield days without an object of a kind: manifest, its bytes and the key of what it lacks."""
    store, publisher = archive.store, archive.settings.publisher
    have = set(store.list_keys(f"{publisher}/manifests/{kind}/"))
    for day in recent_chain(archive):
        if (key := _KEYS[kind](publisher, day.day)) not in have:
            yield day, encode(day), key


def check_attested(
    holdings: Holdings, publisher: str, contents: Mapping[date, bytes], trust: Trust, today: date
) -> Attested:
    """Hold signatures and timestamps against the bytes of the day manifests, by day.

    The newest day that was over before yesterday must be signed; yesterday may wait for tonight's audit.
    """
    problems: list[Problem] = []

    def good(kind: str, fault_of: Callable[[bytes], tuple[date, str | None]]) -> set[date]:
        found = set()
        for listed in holdings.list_objects(f"{publisher}/manifests/{kind}/"):
            try:
                content = fetch(holdings, listed.key)
                day, fault = fault_of(content)
            except BrokenRecord as error:
                day, fault = date.min, f"it can't be read ({error.reason})"
            if fault is None and listed.key != _KEYS[kind](publisher, day):
                fault = f"it is of {day} and lies elsewhere"
            if fault is None:
                found.add(day)
            else:
                problems.append(Problem(key=listed.key, problem=f"altered: {fault}"))
        return found

    def signature(content: bytes) -> tuple[date, str | None]:
        made = decode(content, DaySignature)
        return made.day, fault_of_signature(made, contents.get(made.day, b""), trust.keys)

    def timestamp(content: bytes) -> tuple[date, str | None]:
        made = decode(content, DayTimestamp)
        return made.day, fault_of_timestamp(made, contents.get(made.day, b""), trust.roots)

    signed = good("signatures", signature)
    timestamped = good("timestamps", timestamp)
    problems += _unsigned(publisher, contents, signed, today) if trust.keys else []
    return Attested(signed=len(signed), timestamped=len(timestamped), problems=tuple(problems))


def _unsigned(
    publisher: str, contents: Mapping[date, bytes], signed: Collection[date], today: date
) -> list[Problem]:
    due = [day for day in contents if day < today - timedelta(days=1)]
    if not due or (newest := max(due)) in signed:
        return []
    text = "missing: the newest day is not signed with a trusted key"
    return [Problem(key=signature_key(publisher, newest), problem=text)]
