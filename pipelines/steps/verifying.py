"""Verify: the chain, the manifests, the listing, the contents and the catalogue, one after the other."""

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

from attrs import field, frozen

from archive.catalogue import Catalogue
from archive.errors import BrokenRecord
from archive.holdings import Holdings, noticing_damage, read_entry
from archive.keys import article_key, run_day, run_key, run_manifest_key, run_of_key
from archive.records import ObjectEntry, Problem, Verification
from archive.tombstones import readable_takedowns
from pipelines.chain import day_of_key, is_far_ahead
from pipelines.steps.attesting import Trust, check_attested
from pipelines.steps.reading_manifests import (
    Manifests,
    Progress,
    check_link,
    claims_of,
    read_manifests,
)
from pipelines.takedown import strays
from pipelines.verify import Share, altered, compare, under_way

_CATALOGUE = "catalogue"
_READERS = 8


@frozen(kw_only=True)
class VerifyPlan:
    """What is asked of a verification."""

    now: datetime
    """The present: what is at work may have left objects that no manifest names yet."""

    choose: Callable[[int], Share] = lambda _: Share()
    """Gives, for so many objects, the share whose bytes are read."""

    since: date | None = None
    """Read only objects of runs from this UTC day on. None for all; the listing is compared whole."""

    trust: Trust = field(factory=Trust)
    """Whose signatures and timestamps count."""

    head: str | None = None
    """SHA-256 of a day manifest that must be in the chain, noted elsewhere. None for no such word."""

    progress: Progress = lambda *_: None
    """Told of the progress."""


def verify(
    holdings: Holdings, publisher: str, plan: VerifyPlan, catalogue: Catalogue | None = None
) -> Verification:
    """Hold a bucket, or a copy of one in a folder, against its manifests; ``catalogue`` too, when given."""
    listed = {one.key: one for one in holdings.list_objects(f"{publisher}/")}
    keys = sorted(key for key in listed if not is_far_ahead(key, plan.now))
    manifests = read_manifests(holdings, publisher, keys, head=plan.head, progress=plan.progress)
    claims = claims_of(manifests)
    modified = {key: one.modified_at for key, one in listed.items()}
    notes = [at for key, at in modified.items() if "/manifests/open/" in key]
    finished = [run.run_id for run in manifests.runs.values()]
    found = compare(
        claims.keys(), modified, under_way(modified, finished, notes, plan.now), manifests.gone
    )
    chosen = _chosen([claims[key] for key in claims if key in listed], manifests, plan)
    odd = [
        claim for key, claim in claims.items() if key in listed and listed[key].size != claim.size
    ]
    read, wrong = _read(holdings, {*chosen, *odd}, claims, plan.progress, manifests.halfway)
    attested = check_attested(holdings, publisher, manifests.closed, plan.trust, plan.now.date())
    ahead = _still_to_come(listed, plan.now.date())
    bare = _without_manifest(listed, publisher)
    problems = [*ahead, *bare, *manifests.problems, *attested.problems, *found.problems, *wrong]
    if catalogue is not None:
        problems += _against_catalogue(catalogue, holdings, publisher, manifests, listed.keys())
    return Verification(
        objects=len(claims),
        bytes=sum(claim.size for claim in claims.values()),
        read=read,
        in_the_making=len(found.in_the_making),
        head=manifests.head,
        days=len(manifests.chain),
        signed=attested.signed,
        timestamped=attested.timestamped,
        taken_down=len({one.article_id for one in manifests.takedowns.values()}),
        removed=sum(tombstone is not None for tombstone in manifests.gone.values()),
        problems=_each_once(_still(problems, holdings, publisher, listed)),
    )


def _still_to_come(keys: Iterable[str], today: date) -> Iterator[Problem]:
    for key in keys:
        if (day := day_of_key(key)) and day > today:
            yield Problem(key=key, problem="unexpected: its day is still to come")


def _without_manifest(keys: Collection[str], publisher: str) -> Iterator[Problem]:
    """Yield the manifests that must be there: of each run that has a report, which comes just before it."""
    top = f"{publisher}/runs/"
    for key in keys:
        run_id = run_of_key(key) if key.startswith(top) else None
        if run_id and (wanted := run_manifest_key(publisher, run_id)) not in keys:
            yield Problem(key=wanted, problem="missing: its run has a report, and nothing names it")


def _still(
    problems: Collection[Problem], holdings: Holdings, publisher: str, listed: Collection[str]
) -> Iterator[Problem]:
    """Yield the problems that are any: not what was written, or taken down, while we looked."""
    taken = _taken_down_since(holdings, publisher, listed) if problems else {}
    for one in problems:
        is_late = one.problem.startswith("missing") and one.key not in listed
        if is_late and _is_there(holdings, one.key):
            continue
        if one.key not in taken or _sha256(holdings, one.key) not in taken[one.key]:
            yield one


def _taken_down_since(
    holdings: Holdings, publisher: str, listed: Collection[str]
) -> dict[str, set[str | None]]:
    """Return what may be there, by key and SHA-256, of what is taken down by tombstones that were not listed."""
    found: dict[str, set[str | None]] = defaultdict(set)
    for made in readable_takedowns(holdings, publisher, besides=listed).values():
        if not strays(made):
            for entry in made.removed:
                found[entry.key] |= {entry.sha256, None}
            for one in made.rewritten:
                found[one.after.key] |= {one.before.sha256, one.after.sha256}
    return found


def _sha256(holdings: Holdings, key: str) -> str | None:
    entry = _entry(holdings, key)
    return entry.sha256 if isinstance(entry, ObjectEntry) else None


def _each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return problems by key; of one object only the first, for what follows from it is noticed too."""
    first: dict[tuple[str, str], Problem] = {}
    for one in problems:
        first.setdefault((one.key, one.problem if one.key == _CATALOGUE else ""), one)
    return tuple(first[where] for where in sorted(first))


def _chosen(
    claims: Sequence[ObjectEntry], manifests: Manifests, plan: VerifyPlan
) -> list[ObjectEntry]:
    if plan.since is not None:
        runs = (run for run in manifests.runs.values() if run_day(run.run_id) >= plan.since)
        late = {entry.key for run in runs for entry in run.objects}
        claims = [claim for claim in claims if claim.key in late]
    share = plan.choose(len(claims))
    return [claim for claim in claims if share.takes(claim.key)]


def _read(
    holdings: Holdings,
    chosen: Collection[ObjectEntry],
    claims: Mapping[str, ObjectEntry],
    progress: Progress,
    halfway: Mapping[str, str],
) -> tuple[int, list[Problem]]:
    """Read objects; returns how many, and those whose bytes are not what was claimed."""
    by_digest = {claim.sha256: claim.key for claim in claims.values()}
    problems = []
    with ThreadPoolExecutor(_READERS) as pool:
        for number, (claim, entry) in enumerate(
            zip(chosen, pool.map(lambda one: _entry(holdings, one.key), chosen), strict=True),
            start=1,
        ):
            if entry is None:
                problems.append(Problem(key=claim.key, problem="missing: it is gone by now"))
            elif isinstance(entry, BrokenRecord):
                problems.append(Problem(key=claim.key, problem=f"altered: {entry.reason}"))
            elif entry.sha256 not in {claim.sha256, halfway.get(claim.key)}:
                problems.append(altered(claim, entry, by_digest))
            progress("reading objects", number, len(chosen))
    return len(chosen), problems


def _entry(holdings: Holdings, key: str) -> ObjectEntry | BrokenRecord | None:
    try:
        with noticing_damage(holdings, key):
            return read_entry(key, holdings.chunks(key))
    except BrokenRecord as error:
        return error
    except KeyError:
        return None


def _is_there(holdings: Holdings, key: str) -> bool:
    return any(one.key == key for one in holdings.list_objects(key))


def _against_catalogue(
    catalogue: Catalogue,
    holdings: Holdings,
    publisher: str,
    manifests: Manifests,
    keys: Iterable[str],
) -> Iterator[Problem]:
    """Yield where the catalogue and the bucket differ."""
    held = set(keys)
    reports = {run_of_key(key) for key in held if key.startswith(f"{publisher}/runs/")} - {None}
    known = catalogue.run_ids(publisher)
    for run_id in reports - known:
        yield Problem(key=_CATALOGUE, problem=f"missing: run {run_id}, which is in the bucket")
    for run_id in known - reports:
        if not _is_there(holdings, run_key(publisher, run_id)):
            yield Problem(key=_CATALOGUE, problem=f"unexpected: run {run_id} is not in the bucket")
    yield from _articles_against(catalogue, holdings, publisher, manifests, held)
    if (link := catalogue.head(publisher)) is not None:
        by_day = {day.day: sha256 for day, sha256 in manifests.chain}
        witness = Manifests()
        check_link(publisher, witness, link, by_day, "the catalogue")
        yield from witness.problems


def _articles_against(
    catalogue: Catalogue,
    holdings: Holdings,
    publisher: str,
    manifests: Manifests,
    held: Container[str],
) -> Iterator[Problem]:
    lacking = _articles_of(catalogue.run_ids(publisher), manifests, f"{publisher}/articles/")
    for article_id, revision in catalogue.revisions(publisher):
        key = article_key(publisher, article_id, revision)
        lacking.discard(key)
        if key not in held and key not in manifests.gone:
            yield Problem(key=key, problem="missing: the catalogue knows it, and it is not there")
    for key in lacking - manifests.gone.keys():
        if _is_there(holdings, key):
            yield Problem(key=_CATALOGUE, problem=f"missing: {key}, which is in the bucket")


def _articles_of(known: Container[str], manifests: Manifests, prefix: str) -> set[str]:
    """Return the keys of articles that crawls left whose books the catalogue has."""
    runs = [run for run in manifests.runs.values() if run.kind == "crawl" and run.run_id in known]
    return {one.key for run in runs for one in run.objects if one.key.startswith(prefix)}
