"""Manifests: what the bucket must hold, and the chain of days that proves it."""

from datetime import date, datetime
from typing import Literal

from attrs import field, frozen

ManifestKind = Literal["audit", "crawl", "enrich", "rederive", "takedown"]
"""What left the objects of a run manifest."""


@frozen(kw_only=True)
class ObjectEntry:
    """One object of the bucket, as a manifest names it."""

    key: str
    """Its key."""

    size: int
    """Its length in bytes."""

    sha256: str
    """SHA-256 of its bytes, 64 hexadecimal digits."""


@frozen(kw_only=True)
class DayLink:
    """A day manifest, as what comes after it points back to it."""

    day: date
    """UTC day that it closes."""

    sha256: str
    """SHA-256 of its bytes, 64 hexadecimal digits."""


@frozen(kw_only=True)
class Annotated:
    """That an annotator has done an article."""

    annotator: str
    """Name and version, ``name@version``."""

    article_id: str
    """The publisher's own id."""

    revision: str
    """Newest revision of the article at the time; the annotation is about the text that was shown for it."""


@frozen(kw_only=True)
class RunManifest:
    """Every object that one run left: ``manifests/runs/<day>/<run>.json``, the last that a run writes."""

    publisher: str
    """Name of the publisher."""

    run_id: str
    """Id of the run."""

    kind: ManifestKind
    """What the run did."""

    chain: DayLink | None
    """Newest day manifest when it was written, so that a day cut off later is missed. None before the first."""

    objects: tuple[ObjectEntry, ...]
    """The objects, by key. One that two runs left, each not knowing of the other, is in both."""

    annotated: tuple[Annotated, ...] = ()
    """What an enrichment has done, as the catalogue notes it. Empty for other runs."""


@frozen(kw_only=True)
class DayManifest:
    """What was new by the end of a UTC day: ``manifests/days/<day>.json``, a link of the chain."""

    publisher: str
    """Name of the publisher."""

    day: date
    """UTC day that it closes."""

    previous: DayLink | None
    """The day manifest before it. None for the first."""

    manifests: tuple[ObjectEntry, ...]
    """Run manifests of this day, and late ones of days before, by key."""

    merkle_root: str
    """Root of the Merkle tree (RFC 6962) over the objects that they name, 64 hexadecimal digits."""

    objects: int
    """How many objects those are."""

    bytes: int
    """How long they are together."""


@frozen(kw_only=True)
class DaySignature:
    """Whose day manifest it is: ``manifests/signatures/<day>.json``."""

    day: date
    """UTC day of the manifest."""

    sha256: str
    """SHA-256 of the manifest's bytes, which are what is signed."""

    public_key: str
    """Ed25519 public key (RFC 8032), 64 hexadecimal digits."""

    signature: str
    """Ed25519 signature, 128 hexadecimal digits."""


@frozen(kw_only=True)
class DayTimestamp:
    """Since when a day manifest exists, by a third party's word: ``manifests/timestamps/<day>.json``."""

    day: date
    """UTC day of the manifest."""

    sha256: str
    """SHA-256 of the manifest's bytes, which are what was stamped."""

    authority: str
    """Address of the timestamping authority."""

    stamped_at: datetime
    """The instant that it vouches for."""

    token: str
    """Its answer, a ``TimeStampResp`` of RFC 3161 in DER, base64."""


@frozen(kw_only=True)
class Problem:
    """Something that is not as the manifests have it."""

    key: str
    """Key of the object, or what else is meant: ``catalogue``."""

    problem: str
    """What is wrong: a word of its own, a colon, and the particulars."""


@frozen(kw_only=True)
class Verification:
    """What ``newsarchive verify`` found."""

    objects: int
    """Objects that the manifests name."""

    bytes: int
    """How long they are together."""

    read: int
    """Objects whose bytes were read and compared."""

    in_the_making: int
    """Objects of runs that have no books yet, which no manifest can name."""

    head: DayLink | None
    """Newest day manifest. None when there is none yet."""

    days: int = 0
    """Day manifests in the chain."""

    signed: int = 0
    """Day manifests with a good signature."""

    timestamped: int = 0
    """Day manifests with a good timestamp."""

    taken_down: int = 0
    """Articles that were removed for a legal reason; ``tombstones/`` says which, why, and who asked."""

    removed: int = 0
    """Objects that were removed with them."""

    problems: tuple[Problem, ...] = field(factory=tuple)
    """What is wrong, by key; empty when all is well."""


@frozen(kw_only=True)
class AuditReport:
    """What a night's audit found: ``audits/<day>/<run>.json``."""

    run_id: str
    """Id of the audit."""

    publisher: str
    """Name of the publisher."""

    started_at: datetime
    """When it began."""

    turns: int
    """In how many days every object is read once."""

    taken: tuple[int, ...]
    """Which of the turns, counted from 0, were taken: one a day, and those of nights without an audit."""

    found: Verification
    """What it found."""


@frozen(kw_only=True)
class RepairReport:
    """What was brought back from the replica."""

    repaired: tuple[str, ...]
    """Keys of the objects that are whole again."""

    left: tuple[Problem, ...]
    """What could not be repaired, and why."""
