"""Digests, run ids and object keys. Pure: a key follows from its content or its run.

All keys lie under ``<publisher>/``; keys under one prefix have one depth, because some stores
list by path segment and not by byte order.
"""

import hashlib
import re
from datetime import UTC, date, datetime
from functools import lru_cache

_RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")

DIGEST_PREFIX = "sha256:"
"""How digests are written in WARC headers and records, before the 64 hexadecimal digits."""


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of ``content`` as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def digest(content: bytes) -> str:
    """Return the digest of ``content`` as it stands in records: ``sha256:<hex>``."""
    return DIGEST_PREFIX + sha256_hex(content)


def new_run_id(started_at: datetime, token: str) -> str:
    """Return the id of a run, such as ``20260301T221500Z-1f2e3d4c``.

    ``token`` tells apart runs that start in the same second; equal arguments give equal ids.
    """
    stamp = started_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{stamp}-{sha256_hex(token.encode())[:8]}"


def run_started_at(run_id: str) -> datetime:
    """Return the instant in a run's id, to the second. Raises ValueError when it is no run id."""
    return datetime.strptime(run_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def run_day(run_id: str) -> date:
    """Return the UTC day on which a run started: the ``<day>`` of its keys."""
    return run_started_at(run_id).date()


def _of_run(kind: str, publisher: str, run_id: str, ending: str) -> str:
    return f"{publisher}/{kind}/{run_day(run_id).isoformat()}/{run_id}{ending}"


def warc_key(publisher: str, run_id: str, serial: int) -> str:
    """Return the key of a run's WARC file; ``serial`` counts from 0."""
    return _of_run("warc", publisher, run_id, f"-{serial:05d}.warc.gz")


def cdxj_key(warc: str) -> str:
    """Return the key of the index that lies beside a WARC file."""
    return f"{warc}.cdxj"


def crawl_key(publisher: str, run_id: str) -> str:
    """Return the key of a run's crawl lines: what became of each listed article so far."""
    return _of_run("crawls", publisher, run_id, ".jsonl")


def listings_key(publisher: str, run_id: str) -> str:
    """Return the key of the rows of a run's announcements: which of them named which article."""
    return _of_run("listings", publisher, run_id, ".jsonl")


def summary_key(publisher: str, run_id: str) -> str:
    """Return the key of how a run's crawl ended: what its books are made from."""
    return _of_run("summaries", publisher, run_id, ".json")


def lease_key(publisher: str, name: str) -> str:
    """Return the key of a lease; with the pointers beside it, the only objects ever replaced."""
    return f"{publisher}/leases/{name}.json"


def outcomes_key(warc: str) -> str:
    """Return the key of what normalise, compare and store made of a WARC file's captures."""
    publisher, _, day, name = warc.split("/")
    return f"{publisher}/outcomes/{day}/{name.removesuffix('.warc.gz')}.jsonl"


def captures_key(publisher: str, run_id: str) -> str:
    """Return the key of a run's captures, one line each."""
    return _of_run("captures", publisher, run_id, ".jsonl")


def sketches_key(publisher: str, run_id: str) -> str:
    """Return the key of the sketches of the revisions that a run was the first to keep."""
    return _of_run("sketches", publisher, run_id, ".parquet")


def ledger_key(publisher: str, run_id: str) -> str:
    """Return the key of a run's ledger, one line for each listed article id."""
    return _of_run("ledger", publisher, run_id, ".jsonl")


def run_key(publisher: str, run_id: str) -> str:
    """Return the key of a run's report."""
    return _of_run("runs", publisher, run_id, ".json")


def article_key(publisher: str, article_id: str, revision: str) -> str:
    """Return the key of one revision of an article."""
    return f"{publisher}/articles/{article_id}/{revision}.json"


def reading_key(publisher: str, reader: str, article_id: str, revision: str) -> str:
    """Return the key of what a reader (``name@version``) makes of the page of a held revision."""
    return f"{publisher}/readings/{reader}/{article_id}/{revision}.json"


def feed_key(publisher: str, name: str) -> str:
    """Return the key of a feed of changes, which is replaced as they come."""
    return f"{publisher}/feeds/{name}"


def export_key(publisher: str, name: str, file: str = "") -> str:
    """Return the key of a file of an export, ``export.json`` among them; without one, where all begin."""
    return f"{publisher}/exports/{name}/{file}"


def enrichment_key(publisher: str, annotator: str, article_id: str, revision: str) -> str:
    """Return the key of what an annotator (``name@version``) found in one revision."""
    return f"{publisher}/enrichments/{annotator}/{article_id}/{revision}.json"


def quarantine_key(publisher: str, stage: str, run_id: str, name: str) -> str:
    """Return the key of something set aside by ``stage``, with its reason."""
    day = run_day(run_id).isoformat()
    return f"{publisher}/quarantine/{stage}/{day}/{run_id}-{name}.json"


def audit_key(publisher: str, run_id: str) -> str:
    """Return the key of what an audit found."""
    return _of_run("audits", publisher, run_id, ".json")


def run_manifest_key(publisher: str, run_id: str) -> str:
    """Return the key of the list of every object that a run left."""
    return _of_run("manifests/runs", publisher, run_id, ".json")


def day_manifest_key(publisher: str, day: date) -> str:
    """Return the key of the manifest that closes a UTC day."""
    return f"{publisher}/manifests/days/{day.isoformat()}.json"


def signature_key(publisher: str, day: date) -> str:
    """Return the key of the signature of a day manifest."""
    return f"{publisher}/manifests/signatures/{day.isoformat()}.json"


def timestamp_key(publisher: str, day: date) -> str:
    """Return the key of the timestamp of a day manifest."""
    return f"{publisher}/manifests/timestamps/{day.isoformat()}.json"


def open_key(publisher: str, name: str) -> str:
    """Return the key of the note that a step without a crawl, ``<step>-<run>``, is under way."""
    return f"{publisher}/manifests/open/{name}.json"


def takedown_key(publisher: str, article_id: str, number: int = 1) -> str:
    """Return the key of the tombstone of an article that was taken down; ``number`` counts from 1."""
    name = article_id if number == 1 else f"{article_id}-{number}"
    return f"{publisher}/tombstones/{name}.json"


def from_day(prefix: str, day: date | None) -> str | None:
    """Return behind what a listing of day folders starts, for that day's and later ones. None for all.

    With the slash: SeaweedFS takes a bare date for a folder that it is to go past.
    """
    return f"{prefix}{day.isoformat()}/" if day else None


def run_prefixes(publisher: str, run_id: str) -> tuple[str, ...]:
    """Return the beginnings of all keys that belong to one run and no other, its manifest's aside."""
    kinds = (
        *("warc", "crawls", "listings", "summaries", "outcomes", "captures"),
        *("sketches", "quarantine/normalise", "ledger", "runs"),
    )
    return tuple(_of_run(kind, publisher, run_id, "") for kind in kinds)


def run_of_key(key: str) -> str | None:
    """Return the id of the run in a key. None for a key that has none, such as that of an article."""
    run_id = key.rsplit("/", 1)[-1][:25]
    return run_id if is_run_id(run_id) else None


@lru_cache(maxsize=1024)  # a listing has the keys of a run one after the other
def is_run_id(text: str) -> bool:
    """Tell whether a text is the id of a run, with a date that there is."""
    try:
        return bool(_RUN_ID.fullmatch(text) and run_started_at(text))
    except ValueError:
        return False
