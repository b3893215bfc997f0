"""Reading the manifests of a bucket, or of a copy of one, and what contradicts the chain in them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from attrs import field, frozen

from archive.codec import decode
from archive.errors import BrokenRecord
from archive.holdings import Holdings
from archive.keys import day_manifest_key, is_run_id, run_manifest_key, run_of_key, sha256_hex
from archive.records import DayLink, DayManifest, ObjectEntry, Problem, RunManifest, Takedown
from archive.tombstones import in_order
from pipelines.chain import broken_links, is_far_ahead, merkle_root
from pipelines.steps.manifests import kind_of_note
from pipelines.steps.objects import fetch
from pipelines.takedown import strays

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of it, and of how many."""

_MANIFESTS = ("days", "runs", "signatures", "timestamps", "open")


@frozen
class Manifests:
    """The manifests of a publisher, as far as they can be read."""

    chain: list[tuple[DayManifest, str]] = field(factory=list)
    """Days with the SHA-256 of what is there, the oldest first."""

    closed: dict[date, bytes] = field(factory=dict)
    """The bytes of the day manifests."""

    runs: dict[str, RunManifest] = field(factory=dict)
    """Run manifests, by key."""

    takedowns: dict[str, Takedown] = field(factory=dict)
    """Takedowns by the key of their tombstone, in the order in which they were ordered."""

    tombstones: dict[str, str] = field(factory=dict)
    """SHA-256 of each tombstone that can be read, by key."""

    gone: dict[str, str | None] = field(factory=dict)
    """Objects that were taken down, with the key of the tombstone that says so; None while one is at work."""

    halfway: dict[str, str] = field(factory=dict)
    """SHA-256 of what objects may be by now, by key, that a takedown at work is to write again."""

    problems: list[Problem] = field(factory=list)
    """What is wrong with them."""

    def blame(self, key: str, problem: str) -> None:
        """Add a problem."""
        self.problems.append(Problem(key=key, problem=problem))

    def is_done(self, key: str, takedown: Takedown) -> bool:
        """Tell whether a takedown, by the key of its tombstone, went to its end and wrote its manifest.

        Raises :class:`BrokenRecord` when the manifest says nothing of the tombstone as it is, and when the tombstone
        names what is not the article's: what it says counts for nothing then.
        """
        if others := strays(takedown):
            raise BrokenRecord(key, f"it names what is not the article's: {', '.join(others)}")
        run = self.runs.get(run_manifest_key(takedown.publisher, takedown.run_id))
        said = run and {one.key: one.sha256 for one in run.objects}.get(key)
        if run and said != self.tombstones[key]:
            raise BrokenRecord(key, "it is not the tombstone that its manifest names")
        return run is not None

    @property
    def chained(self) -> dict[str, ObjectEntry]:
        """Run manifests as the days name them, by key."""
        return {entry.key: entry for day, _ in self.chain for entry in day.manifests}

    @property
    def head(self) -> DayLink | None:
        """The newest day. None when no day is closed."""
        return DayLink(day=self.chain[-1][0].day, sha256=self.chain[-1][1]) if self.chain else None


def expected(holdings: Holdings, publisher: str) -> dict[str, str]:
    """Return the SHA-256 of each object as the manifests have it, of those that are whole, and of themselves."""
    tops = (f"{publisher}/manifests/", f"{publisher}/tombstones/")
    listed = (one for top in tops for one in holdings.list_objects(top))
    keys = sorted(one.key for one in listed if not is_far_ahead(one.key, one.modified_at))
    found = read_manifests(holdings, publisher, keys)
    blamed = {problem.key for problem in found.problems}
    runs = [run for key, run in _chained_first(found) if key not in blamed]
    named: dict[str, ObjectEntry] = {}
    for entry in (entry for run in runs for entry in run.objects):
        named.setdefault(entry.key, entry)
    _take_down(found, named)
    wanted = {key: entry.sha256 for key, entry in named.items()}
    links = [run.chain for run in runs] + [day.previous for day, _ in found.chain]
    wanted |= {day_manifest_key(publisher, link.day): link.sha256 for link in links if link}
    return wanted | {key: entry.sha256 for key, entry in found.chained.items()}


def read_manifests(
    holdings: Holdings,
    publisher: str,
    keys: Sequence[str],
    *,
    head: str | None = None,
    progress: Progress = lambda *_: None,
) -> Manifests:
    """Read every manifest among ``keys``; ``head`` is the SHA-256 of a day that must be among them."""
    found = Manifests()
    kinds: dict[str, list[str]] = {kind: [] for kind in _MANIFESTS}
    for key in keys:
        _, top, kind, *_ = *key.split("/"), ""
        if top == "tombstones":
            _read_takedown(holdings, key, found)
        if top == "manifests":
            kinds.get(kind, []).append(key)
            if kind not in kinds or (kind == "open" and kind_of_note(key) is None):
                found.blame(key, "unexpected: manifests are not kept there")
    for key in kinds["days"]:
        _read_day(holdings, key, found)
    found.problems.extend(broken_links(publisher, found.chain))
    for number, key in enumerate(kinds["runs"], start=1):
        _read_run(holdings, key, found)
        progress("reading manifests", number, len(kinds["runs"]))
    for key in found.chained.keys() - set(kinds["runs"]):
        found.blame(key, "missing: the manifest of its day names it, and it is not there")
    _check_chain(publisher, found, head)
    return found


def _read_day(holdings: Holdings, key: str, found: Manifests) -> None:
    try:
        content = fetch(holdings, key)
        manifest = decode(content, DayManifest, name=key)
    except BrokenRecord as error:
        found.blame(key, f"altered: it can't be read ({error.reason})")
    else:
        if key != day_manifest_key(manifest.publisher, manifest.day):
            found.blame(key, f"altered: it is the manifest of {manifest.publisher}, {manifest.day}")
        found.chain.append((manifest, sha256_hex(content)))
        found.closed[manifest.day] = content


def _read_takedown(holdings: Holdings, key: str, found: Manifests) -> None:
    try:
        content = fetch(holdings, key)
        made = decode(content, Takedown, name=key)
    except BrokenRecord as error:
        found.blame(key, f"altered: it can't be read ({error.reason})")
    else:
        if is_run_id(made.run_id):
            found.takedowns[key] = made
            found.tombstones[key] = sha256_hex(content)
        else:
            found.blame(key, f"altered: it is of no run: {made.run_id}")


def _read_run(holdings: Holdings, key: str, found: Manifests) -> None:
    entry = found.chained.get(key)
    try:
        content = fetch(holdings, key)
        if entry is not None and entry.sha256 != sha256_hex(content):
            found.blame(key, "altered: it is not the one that the manifest of its day names")
        manifest = decode(content, RunManifest, name=key)
        if run_of_key(key) != manifest.run_id or key != run_manifest_key(
            manifest.publisher, manifest.run_id
        ):
            found.blame(key, f"altered: it is of {manifest.publisher}, run {manifest.run_id}")
        else:
            found.runs[key] = manifest
    except BrokenRecord as error:
        found.blame(key, f"altered: it can't be read ({error.reason})")


def _check_chain(publisher: str, found: Manifests, head: str | None) -> None:
    """Find what contradicts the chain: roots, what runs knew of it, and what somebody noted elsewhere."""
    by_day = {day.day: sha256 for day, sha256 in found.chain}
    chained = found.chained
    for day, _ in found.chain:
        runs = [found.runs[one.key] for one in day.manifests if one.key in found.runs]
        entries = [entry for run in runs for entry in run.objects]
        if len(runs) == len(day.manifests) and merkle_root(entries) != day.merkle_root:
            key = day_manifest_key(publisher, day.day)
            found.blame(key, "altered: its Merkle root is not that of the objects of its runs")
    for key, run in found.runs.items():
        if run.chain is not None:
            check_link(publisher, found, run.chain, by_day, f"run {run.run_id}")
        if key not in chained and _should_be_chained(run, found.chain):
            found.blame(key, "unexpected: the manifests of the days after it do not name it")
    if head is not None and head not in by_day.values():
        found.blame(f"{publisher}/manifests/days", f"missing: no day manifest has SHA-256 {head}")


def check_link(
    publisher: str, found: Manifests, link: DayLink, by_day: Mapping[date, str], who: str
) -> None:
    """Blame a day that somebody (``who``) knew, and that is not there as it was."""
    if by_day.get(link.day) != link.sha256:
        word = "altered" if link.day in by_day else "missing"
        text = f"{word}: {who} knew it with SHA-256 {link.sha256}"
        found.blame(day_manifest_key(publisher, link.day), text)


def _should_be_chained(run: RunManifest, chain: Sequence[tuple[DayManifest, str]]) -> bool:
    """Whether two days were closed since a run wrote its manifest: the first may have been too early."""
    if len(chain) < 2:  # noqa: PLR2004 - the first link that comes after it, and the next
        return False
    return run.chain is None or run.chain.day < chain[-2][0].day


def claims_of(manifests: Manifests) -> dict[str, ObjectEntry]:
    """Return what must be there, by key: what the run manifests name, as takedowns have left it.

    Blames an object that two manifests name with other bytes, and a takedown of what was not there.
    """
    claims: dict[str, ObjectEntry] = {}
    for key, run in _chained_first(manifests):
        for entry in run.objects:
            if claims.setdefault(entry.key, entry) != entry:
                manifests.blame(entry.key, f"altered: {key} names it with other bytes than another")
    _take_down(manifests, claims)
    return claims


def _chained_first(manifests: Manifests) -> list[tuple[str, RunManifest]]:
    """Return run manifests by key, those that a day vouches for first: their word goes before others'."""
    chained = manifests.chained
    return sorted(manifests.runs.items(), key=lambda item: (item[0] not in chained, item[0]))


def _take_down(manifests: Manifests, claims: dict[str, ObjectEntry]) -> None:
    """Let claims be what the takedowns have left of them, by the tombstones that are as they were written."""
    # A run that wrote its manifest late names what a takedown had left.
    rewritten = {one.after for made in manifests.takedowns.values() for one in made.rewritten}
    for key, made in in_order(manifests.takedowns):
        try:
            is_done = manifests.is_done(key, made)
        except BrokenRecord as error:
            manifests.blame(key, f"altered: {error.reason}")
            continue
        if not is_done:
            text = (
                "unfinished: it was cut short; newsarchive takedown of the same article finishes it"
            )
            manifests.blame(key, text)
            manifests.gone[key] = None
        for entry in made.removed:
            _check_claim(manifests, claims.pop(entry.key, None), key, {entry})
            manifests.gone[entry.key] = key if is_done else None
        for one in made.rewritten:
            if is_done:
                claimed = claims.get(one.after.key)
                _check_claim(manifests, claimed, key, {one.before, *rewritten})
                claims[one.after.key] = one.after
            else:
                # Others are in it: it must be there, with the article or without.
                manifests.halfway[one.after.key] = one.after.sha256


def _check_claim(
    manifests: Manifests, claimed: ObjectEntry | None, tombstone: str, known: set[ObjectEntry]
) -> None:
    if claimed is not None and claimed not in known:
        text = f"altered: it was taken down ({tombstone}) with other bytes than a manifest names"
        manifests.blame(claimed.key, text)
