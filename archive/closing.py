"""What closes a publisher for every run, and how the object that says so is changed."""

from collections.abc import Callable
from datetime import datetime

from attrs import evolve

from archive.codec import decode, encode
from archive.errors import KeyConflict, StoreUnavailable
from archive.keys import lease_key
from archive.object_store import ObjectStore
from archive.records import Closure, Lease

ROUNDS = 10
"""How often a change is tried again when others were first."""


def turnstile_key(publisher: str) -> str:
    """Return the key of the turnstile of a publisher."""
    return lease_key(publisher, "publisher")


def read_closure(store: ObjectStore, publisher: str) -> Closure | None:
    """Return what closes the publisher. None when nothing was closed; it may be over by now."""
    return read(store, turnstile_key(publisher))[0].closure


def close(store: ObjectStore, publisher: str, closure: Closure) -> Closure:
    """Close the publisher for every run, and return the closure that is in force then.

    The operator's word weighs more than a refusal, and that more than a wish for a pause; of two
    of a kind the later end stays.
    """
    return _change(store, publisher, lambda lease: closed(lease, closure, closure.closed_at)) or (
        closure
    )


def reopen(store: ObjectStore, publisher: str) -> None:
    """Lift whatever closure there is."""
    _change(store, publisher, lambda lease: evolve(lease, closure=None))


def _change(store: ObjectStore, publisher: str, change: Callable[[Lease], Lease]) -> Closure | None:
    key = turnstile_key(publisher)
    for _ in range(ROUNDS):
        lease, tag = read(store, key)
        changed = change(lease)
        if changed == lease or write(store, key, changed, tag):
            return changed.closure
    raise StoreUnavailable(store.endpoint, f"{key} is written by others all the time")


def closed(lease: Lease, closure: Closure | None, now: datetime) -> Lease:
    """Return the lease with a closure, unless one that weighs more is in force; see :func:`close`."""
    present = lease.closure
    if closure is None or (
        present and present.holds_at(now) and _weight(present) > _weight(closure)
    ):
        return lease
    return evolve(lease, closure=closure)


def _weight(closure: Closure) -> tuple[int, float]:
    rank = ("back_off", "refused", "halted").index(closure.kind)
    return rank, closure.until.timestamp() if closure.until else float("inf")


def read(store: ObjectStore, key: str) -> tuple[Lease, str | None]:
    """Return the lease and its ETag; a free one and None where there is none yet."""
    try:
        content, tag = store.get_tagged(key)
    except KeyError:
        return Lease(), None
    return decode(content, Lease, name=key), tag


def write(store: ObjectStore, key: str, lease: Lease, tag: str | None) -> bool:
    """Write it if it is still as it was read; False when somebody else was first."""
    content = encode(lease)
    if tag is not None:
        return store.replace(key, content, expected=tag) is not None
    try:
        store.put_once(key, content)
    except KeyConflict:
        return False
    return True
