"""Does the store keep its word? Tried before anything is written, because many accept and ignore.

A store that answers 200 to a second create has lost the first object: never infer support from a 200.
"""

import contextlib
import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from attrs import frozen

from archive.codec import encode
from archive.errors import KeyConflict, StoreRefused, StoreUnavailable
from archive.object_store import ObjectStore

REMEMBERED_FOR = timedelta(days=1)
"""How long a store that passed is trusted before it is asked again."""

_RACERS = 10
_MORE_THAN_A_PAGE = 1_010
"""Keys to be listed: one answer to a listing holds at most 1,000 (S3's API)."""

_ADVICE = "use another store, see docs/operations.md"


@frozen(kw_only=True)
class ProbeResult:
    """What one question to the store gave."""

    name: str
    """What was asked, such as ``create once``."""

    passed: bool
    """Whether the store does what the archive needs."""

    detail: str
    """What was seen; for a failure, what it means and what to do."""


def check(store: ObjectStore) -> list[ProbeResult]:
    """Ask the store all there is to ask, on scratch keys that are removed again.

    Raises :class:`StoreUnavailable` when it does not answer.
    """
    return [_ask(store, question) for question in (*_QUESTIONS, *_THOROUGH)]


def probe(store: ObjectStore) -> None:
    """Raise :class:`StoreRefused` naming the first thing that the store gets wrong."""
    for question in _QUESTIONS:
        result = _ask(store, question)
        if not result.passed:
            raise StoreRefused(store.endpoint, result.detail)


def is_remembered(notes: Path, store: ObjectStore, *, now: datetime) -> bool:
    """Whether ``notes`` say that this bucket passed within the last day."""
    passed_at = _read(notes).get(_bucket_of(store))
    return passed_at is not None and timedelta(0) <= now - passed_at < REMEMBERED_FOR


def remember(notes: Path, store: ObjectStore, *, now: datetime) -> None:
    """Note that this bucket passed."""
    fresh = {name: at for name, at in _read(notes).items() if now - at < REMEMBERED_FOR}
    part = notes.with_name(f"{notes.name}.{secrets.token_hex(4)}")
    part.write_bytes(encode({**fresh, _bucket_of(store): now.astimezone(UTC)}))
    part.replace(notes)


def _bucket_of(store: ObjectStore) -> str:
    return f"{store.endpoint} {store.bucket}"


def _read(notes: Path) -> dict[str, datetime]:
    # Notes that are lost or damaged only mean that the store is asked again.
    with contextlib.suppress(FileNotFoundError, msgspec.DecodeError, msgspec.ValidationError):
        return msgspec.json.decode(notes.read_bytes(), type=dict[str, datetime])
    return {}


def _ask(store: ObjectStore, question: "Question") -> ProbeResult:
    key = f"probe/{secrets.token_hex(8)}/{question.name.replace(' ', '-')}"
    try:
        wrong = question.find_wrong(store, key)
    except StoreRefused as error:
        wrong = error.reason
    finally:
        _remove_scratch(store, key)
    return ProbeResult(name=question.name, passed=wrong is None, detail=wrong or question.right)


def _reads_back(store: ObjectStore, key: str) -> str | None:
    store.put_once(key, b"first")
    try:
        content = store.get(key)
    except KeyError:
        return f"it does not give back what was just written; {_ADVICE}"
    if content != b"first":
        return f"it gives back other bytes than were written; {_ADVICE}"
    return None


def _creates_once(store: ObjectStore, key: str) -> str | None:
    store.put_once(key, b"first")
    try:
        store.put_once(key, b"second")
    except KeyConflict:
        if store.get(key) == b"first":
            return None
        return f"it refuses a second create and changes the object all the same; {_ADVICE}"
    return (
        "it accepts a second create (IfNoneMatch is ignored); create-once cannot be kept "
        f"there; {_ADVICE}"
    )


def _has_one_winner(store: ObjectStore, key: str) -> str | None:
    def race(number: int) -> bool:
        try:
            return store.put_once(key, b"racer %d" % number)
        except KeyConflict:
            return False

    with ThreadPoolExecutor(_RACERS) as racers:
        winners = sum(racers.map(race, range(_RACERS)))
    if winners == 1:
        return None
    return f"{winners} of {_RACERS} writers at once were told that they created one key; {_ADVICE}"


def _refuses_wrong_checksum(store: ObjectStore, key: str) -> str | None:
    if store.refuses_checksum(key, b"content", hashlib.sha256(b"other content").digest()):
        return None
    return f"it accepts content that does not have its SHA-256; damage would go unseen; {_ADVICE}"


def _replaces_only_what_is_known(store: ObjectStore, key: str) -> str | None:
    store.put(key, b"first")
    _, stale = store.get_tagged(key)
    store.put(key, b"second")
    if store.replace(key, b"third", expected=stale) is None and store.get(key) == b"second":
        return None
    return f"it replaces an object on a stale condition (IfMatch is ignored); {_ADVICE}"


def _lists_completely(store: ObjectStore, key: str) -> str | None:
    keys = [f"{key}/{number:04d}" for number in range(_MORE_THAN_A_PAGE)]
    with ThreadPoolExecutor(_RACERS) as workers:
        try:
            list(workers.map(lambda one: store.put_once(one, b"listed"), keys))
            listed = list(store.list_keys(f"{key}/"))
        finally:
            list(workers.map(lambda one: _remove_scratch(store, one), keys))
    if sorted(listed) == keys:
        return None
    return f"of {len(keys)} keys it lists {len(set(listed))}, {len(listed)} times in all; {_ADVICE}"


def _remove_scratch(store: ObjectStore, key: str) -> None:
    # A store that forbids deleting is fine: it keeps a few bytes of scratch.
    with contextlib.suppress(StoreRefused, StoreUnavailable):
        store.delete(key)


@frozen
class Question:
    """One property of the store that is put to the test."""

    name: str
    """In two words."""

    find_wrong: Callable[[ObjectStore, str], str | None]
    """Tries it at a scratch key; returns what is wrong, None when it holds."""

    right: str
    """What to say when it holds."""


_QUESTIONS = (
    Question("read back", _reads_back, "what is written can be read"),
    Question("create once", _creates_once, "a second create is refused and changes nothing"),
    Question("checksum", _refuses_wrong_checksum, "content with a wrong SHA-256 is refused"),
    Question("replace", _replaces_only_what_is_known, "a stale IfMatch is refused"),
)
# Not asked daily: they take seconds, the race up to five in the embedded store's first second.
_THOROUGH = (
    Question("one winner", _has_one_winner, f"of {_RACERS} writers at once, one creates"),
    Question("listing", _lists_completely, f"{_MORE_THAN_A_PAGE} keys are listed, each once"),
)
