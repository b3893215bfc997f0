"""What must hold of an archive after whatever happened to it and one clean run."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from archive.codec import decode, decode_lines
from archive.connect import Archive, open_archive
from archive.errors import BrokenRecord
from archive.keys import article_key, run_of_key
from archive.members import Member, read_member
from archive.records import ArticleContent, Capture, Quarantined, RunManifest, RunReport
from archive.settings import ArchiveSettings
from archive.warc_pages import read_pages
from pipelines import steps
from pipelines.steps import VerifyPlan
from publishers import served
from tests.faults.world import PUBLISHER, World, files, later
from tests.pipelines.test_rebuild import rows

Pages = Counter[tuple[str, int]]

_ID = re.compile(rb"WARC-Record-ID: (\S+)", re.IGNORECASE)

_SECRETS = (b"HIDDENBODY", b"HIDDENJSON")


def whole_members(content: bytes) -> Iterator[Member]:
    """Yield the members of a WARC file up to the first that is not whole."""
    offset = 0
    while offset < len(content):
        try:
            member = read_member(content, offset, name="spool")
        except BrokenRecord:
            return
        yield member
        offset = member.end


def record_ids(content: bytes) -> list[bytes]:
    """Return the ids of the whole records of a WARC file."""
    return [found[1] for one in whole_members(content) if (found := _ID.search(one.content))]


def spooled(home: Path) -> set[bytes]:
    """Return the ids of the records that are whole in the spool at this moment."""
    found: set[bytes] = set()
    for path in home.glob("spool/*/*.warc.gz*"):
        if "cdxj" not in path.name:
            found |= set(record_ids(path.read_bytes()))
    return found


def assert_whole(world: World, spooled_ids: set[bytes] = frozenset()) -> None:  # type: ignore[assignment]
    """Nothing is lost, nothing is doubled, nothing is in the making, and everything verifies."""
    with world.opened() as archive:
        _assert_verified(archive)
        _assert_books(archive)
        _assert_records(archive, spooled_ids)
        _assert_pages(archive)
        _assert_newspaper(archive, world)
    _assert_nothing_left(world)
    _assert_no_secret(world)
    _assert_rebuilt(world.settings)


def _assert_verified(archive: Archive) -> None:
    plan = VerifyPlan(now=later())
    found = steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)
    assert found.problems == (), found.problems
    assert found.in_the_making == 0
    assert found.read == found.objects


def _assert_books(archive: Archive) -> None:
    """Every run that left something has a report that balances, or the manifest of a step."""
    store = archive.store
    keys = [key for key in store.list_keys(f"{PUBLISHER}/") if "/quarantine/enrich/" not in key]
    runs = {run_id for key in keys if (run_id := run_of_key(key))}
    reports = {run_of_key(key): key for key in keys if key.startswith(f"{PUBLISHER}/runs/")}
    manifests = {
        run_of_key(key): key for key in keys if key.startswith(f"{PUBLISHER}/manifests/runs/")
    }
    # An audit that was killed has none; what it left is in another's.
    audits = {run_of_key(key) for key in keys if key.startswith(f"{PUBLISHER}/audits/")}
    assert runs - audits <= manifests.keys(), runs - audits - manifests.keys()
    for run_id in manifests.keys() - reports.keys():
        manifest = decode(store.get(manifests[run_id]), RunManifest, name=str(run_id))
        assert manifest.kind != "crawl", f"{run_id} has no report"
    for key in reports.values():
        report = decode(store.get(key), RunReport, name=key)
        assert report.balanced, report
        assert report.adds_up, report
    assert archive.catalogue.run_ids(PUBLISHER) == reports.keys()


def _assert_records(archive: Archive, spooled_ids: set[bytes]) -> None:
    """Every record that was whole on the disk is in the bucket, once."""
    ids: Counter[bytes] = Counter()
    for key in _warcs(archive):
        ids.update(record_ids(archive.store.get(key)))
    assert spooled_ids <= ids.keys(), f"{len(spooled_ids - ids.keys())} records are lost"
    assert max(ids.values(), default=1) == 1


def _warcs(archive: Archive) -> list[str]:
    keys = archive.store.list_keys(f"{PUBLISHER}/warc/")
    return [key for key in keys if key.endswith(".warc.gz")]


def _assert_pages(archive: Archive) -> None:
    """Every page of an article in a WARC file has its capture, once, and its article's record."""
    publisher = served(PUBLISHER, archive.settings.publisher_origin)
    pages: Pages = Counter()
    for key in _warcs(archive):
        for page in read_pages(archive.store.get(key), file=key):
            if publisher.article_id(page.url) and page.http_status == 200:
                pages[key, page.warc.offset] += 1
    captured: Pages = Counter()
    for capture in captures(archive):
        key = article_key(PUBLISHER, capture.article_id, capture.revision)
        assert decode(archive.store.get(key), ArticleContent, name=key).body
        assert capture.warc is not None
        captured[capture.warc.file, capture.warc.offset] += 1
    found = captured + _set_aside(archive)
    assert found == pages, (pages - found, found - pages)


def captures(archive: Archive) -> Iterator[Capture]:
    """Yield every capture in the bucket."""
    for key in archive.store.list_keys(f"{PUBLISHER}/captures/"):
        yield from decode_lines(archive.store.get(key), Capture, name=key)


def _set_aside(archive: Archive) -> Pages:
    found: Pages = Counter()
    for key in archive.store.list_keys(f"{PUBLISHER}/quarantine/normalise/"):
        item = decode(archive.store.get(key), Quarantined, name=key)
        found[str(item.warc_file), item.warc_offset or 0] += 1
    return found


def _assert_newspaper(archive: Archive, world: World) -> None:
    """What the newspaper announces is held, in the words that stand there now."""
    newest = {one.article_id: one for one in archive.catalogue.newest(PUBLISHER)}
    for article_id in world.announced():
        shown = steps.article(archive, newest[article_id])
        assert shown.headline == world.newspaper.story(article_id).headline


def _assert_nothing_left(world: World) -> None:
    home = world.settings.home
    for folder in ("spool", "tmp", "crawls"):
        assert files(home / folder) == [], files(home / folder)
    assert list(world.store.list_keys(f"{PUBLISHER}/manifests/open/")) == []


def _assert_no_secret(world: World) -> None:
    for path in world.settings.home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(secret in content for secret in _SECRETS), path
    for key in world.store.list_keys(f"{PUBLISHER}/"):
        content = world.store.get(key)
        texts = [one.content for one in whole_members(content)] if ".gz" in key else [content]
        assert not any(secret in text for text in texts for secret in _SECRETS), key


def _assert_rebuilt(settings: ArchiveSettings) -> None:
    before = rows(settings)
    with open_archive(settings, fresh_catalogue=True) as fresh:
        assert steps.rebuild(fresh) == []
    after = rows(settings)
    lost = {name: sorted(set(before[name]) - set(after[name])) for name in before}
    added = {name: sorted(set(after[name]) - set(before[name])) for name in before}
    assert after == before, f"grown, and not rebuilt: {lost}; rebuilt only: {added}"
