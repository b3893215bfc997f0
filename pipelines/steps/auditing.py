"""Audit: every object is read again within some days, and what is damaged comes back from a replica."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from archive.codec import decode, encode
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.holdings import FolderCopy, noticing_damage, read_entry
from archive.keys import audit_key, run_day
from archive.object_store import ObjectStore
from archive.records import AuditReport, Problem, RepairReport
from pipelines.steps.attesting import trust_of
from pipelines.steps.manifests import under_way
from pipelines.steps.objects import claim, fetch, scratch
from pipelines.steps.reading_manifests import expected
from pipelines.steps.verifying import VerifyPlan, verify
from pipelines.store import StoredObject
from pipelines.verify import Share, turns_due

logger = logging.getLogger(__name__)


def audit(archive: Archive, now: datetime, run_id: str) -> AuditReport:
    """Verify the archive, and read the share of its objects whose turn it is; returns what was found.

    The report is kept in the bucket; it also says which turns were taken, so that nights without an audit
    are made good. It may have problems; whoever called decides what to do about them.
    """
    publisher, turns = archive.settings.publisher, archive.settings.audit_days
    last = newest_audit(archive)
    same = last is not None and last.turns == turns
    taken = turns_due(now.date(), run_day(last.run_id) if last and same else None, turns)
    plan = VerifyPlan(
        now=now, choose=lambda _: Share(turns, taken), trust=trust_of(archive.settings)
    )
    report = AuditReport(
        run_id=run_id,
        publisher=publisher,
        started_at=now,
        turns=turns,
        taken=tuple(sorted(taken)),
        found=verify(archive.store, publisher, plan, archive.catalogue),
    )
    with under_way(archive, "audit", run_id) as left:
        made = StoredObject(audit_key(publisher, run_id), encode(report))
        left.objects.append(claim(archive.store, made))
    return report


def newest_audit(archive: Archive) -> AuditReport | None:
    """Return what the last audit found. None when there was none, or its report can't be read."""
    prefix = f"{archive.settings.publisher}/audits/"
    key = max(archive.store.list_keys(prefix), default=None)
    if key is None:
        return None
    try:
        return decode(fetch(archive.store, key), AuditReport, name=key)
    except BrokenRecord:
        logger.exception("the last audit says nothing: every object has its turn")
        return None


def repair(archive: Archive, replica: ObjectStore, problems: Sequence[Problem]) -> RepairReport:
    """Bring missing and altered objects back from a replica whose bytes are those of the manifests.

    Manifests first, then tombstones: what they name, and what must not come back, is known once they are whole.
    """
    repaired: list[str] = []
    left: list[Problem] = []
    with scratch(archive.settings.home) as folder:
        for kind in ("manifests", "tombstones", "others"):
            tombstones = _tombstones(archive)
            wanted = expected(archive.store, archive.settings.publisher)
            lacking = _lacking_tombstone(archive.store, wanted) if kind == "others" else None
            for problem in (one for one in problems if _kind(one.key) == kind):
                sha256 = wanted.get(problem.key)
                reason = lacking or _restore(archive.store, replica, problem.key, sha256, folder)
                if not reason and _tombstones(archive) != tombstones:
                    wanted = expected(archive.store, archive.settings.publisher)
                    if (now := wanted.get(problem.key)) != sha256:
                        reason = _take_back(archive.store, replica, problem.key, now, folder)
                if reason:
                    left.append(Problem(key=problem.key, problem=f"{problem.problem}; {reason}"))
                else:
                    logger.warning("%s is whole again", problem.key)
                    repaired.append(problem.key)
    return RepairReport(repaired=tuple(repaired), left=tuple(left))


def _kind(key: str) -> str:
    _, _, below = key.partition("/")
    kind = below.split("/")[0]
    return kind if kind in {"manifests", "tombstones"} else "others"


def _lacking_tombstone(store: ObjectStore, wanted: Mapping[str, str]) -> str | None:
    """Return why nothing may come back: a tombstone, which may speak of it, is lost or altered. None otherwise."""
    tombstones = (item for item in wanted.items() if _kind(item[0]) == "tombstones")
    lost = next((key for key, sha256 in tombstones if _sha256(store, key) != sha256), None)
    return f"it may have been taken down, and {lost} must be mended first" if lost else None


def _restore(
    store: ObjectStore, replica: ObjectStore, key: str, sha256: str | None, folder: Path
) -> str | None:
    """Bring an object back; returns why it can't be. None when it is whole."""
    if sha256 is None:
        return "no manifest says what it was"
    if _sha256(store, key) == sha256:
        return None
    path = folder / "object"
    try:
        with noticing_damage(replica, key):
            replica.download(key, path)
    except KeyError:
        return "the replica lacks it"
    except BrokenRecord as error:
        return f"the replica's is damaged too ({error.reason})"
    found = read_entry(key, FolderCopy(folder).chunks(path.name)).sha256
    if found != sha256:
        return f"the replica holds other bytes, with SHA-256 {found}"
    # A kill in between leaves it missing, which the next repair makes good.
    store.delete(key)
    store.upload_once(key, path)
    return None


def _tombstones(archive: Archive) -> set[str]:
    return set(archive.store.list_keys(f"{archive.settings.publisher}/tombstones/"))


def _take_back(
    store: ObjectStore, replica: ObjectStore, key: str, sha256: str | None, folder: Path
) -> str | None:
    """Undo it when a takedown removed, or wrote again, what was brought back meanwhile.

    ``sha256`` is what the takedown left, None for nothing. Returns why the object is not as it must be.
    """
    if sha256 is None:
        store.erase(key)
        return "it was taken down meanwhile"
    reason = _restore(store, replica, key, sha256, folder)
    store.erase(key, newest=False)
    return reason


def _sha256(store: ObjectStore, key: str) -> str | None:
    try:
        with noticing_damage(store, key):
            return read_entry(key, store.chunks(key)).sha256
    except (BrokenRecord, KeyError):
        return None
