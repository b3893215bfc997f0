"""Which captures go into a WACZ file, and where in the WARC files they lie."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

from attrs import define, field, frozen
from msgspec import Meta

from archive.codec import decode
from archive.connect import Archive
from archive.disk import writing
from archive.errors import BrokenRecord
from archive.keys import from_day, run_day, sha256_hex
from archive.records import Capture, ExportRequest, Unexported
from pipelines.export.wacz import PAGES_HEAD, page_line
from pipelines.steps.choosing import (
    basis,
    chosen_days,
    chosen_on,
    history_of,
    unexported,
    what_is_known,
    while_still,
)
from pipelines.steps.objects import content_of, fetch

_INDEX, _REVISIT = ".cdxj", "warc/revisit"


@frozen
class _Entry:
    """What is read of a line of an index."""

    url: str
    offset: Annotated[str, Meta(pattern="^[0-9]+$")]
    mime: str = ""


@define
class Picked:
    """The captures of a WACZ file."""

    records: dict[str, dict[str, str]] = field(factory=dict)
    """By WARC file, the ids of its records that are wanted, each with its article's."""

    originals: set[tuple[str, datetime]] = field(factory=set)
    """Address and instant of each capture: what says that it is unchanged is wanted too."""

    addresses: dict[str, str] = field(factory=dict)
    """The address of each capture, with its article's id."""

    revisits: dict[str, dict[int, str]] = field(factory=dict)
    """By WARC file, where a later answer about such an address begins in it, each with its article's id."""

    articles: list[str] = field(factory=list)
    """Ids of the articles."""

    failed: list[Unexported] = field(factory=list)
    """What can't be read."""

    pages: int = 0
    """How many pages are listed."""

    since: date | None = None
    """UTC day of the run that made the first of them. None for none."""

    basis: str = ""
    """Digest of all that the file is made from."""

    @property
    def files(self) -> list[str]:
        """Keys of the WARC files that hold something of it."""
        return sorted(self.records.keys() | self.revisits.keys())

    def add(self, capture: Capture) -> None:
        """Take a capture in."""
        day = run_day(capture.run_id)
        self.since = min(self.since or day, day)
        self.originals.add((capture.url, capture.captured_at))
        self.addresses[capture.url] = capture.article_id
        if capture.warc is not None:
            of_file = self.records.setdefault(capture.warc.file, {})
            of_file[capture.warc.record_id] = capture.article_id


def pick(archive: Archive, request: ExportRequest, pages: Path) -> Picked:
    """Return the captures of an export, and write their list of pages.

    With every revision, each capture of the articles, also those that found one gone; else the one that
    is shown.
    """
    known = partial(what_is_known, archive, request)
    return while_still(known, partial(_pick, archive, request, pages))


def _pick(archive: Archive, request: ExportRequest, pages: Path) -> Picked:
    picked, stamps = Picked(), []
    with writing(pages.parent), pages.open("wb") as file:
        file.write(PAGES_HEAD)
        for day in chosen_days(archive, request):
            captures = chosen_on(archive, request, day)
            stamps.append(basis(archive, captures))
            for capture in captures:
                picked.articles.append(capture.article_id)
                for one in history_of(archive, capture) if request.every_revision else [capture]:
                    picked.add(one)
                    file.writelines(_page(archive, one, picked))
    _pick_revisits(archive, picked)
    picked.basis = sha256_hex("\n".join([*stamps, *picked.files]).encode())
    return picked


def _page(archive: Archive, capture: Capture, picked: Picked) -> Iterator[bytes]:
    if capture.is_removal:
        return
    picked.pages += 1
    try:
        headline = content_of(archive.store, capture, capture.revision).headline
    except BrokenRecord as error:
        # Its page is there all the same, in the WARC file.
        picked.failed.append(unexported(capture.article_id, error))
        headline = ""
    yield page_line(capture, headline)


def _pick_revisits(archive: Archive, picked: Picked) -> None:
    """Note where the WARC files say of a picked address that it was unchanged."""
    if picked.since is None:
        return
    top = f"{archive.settings.publisher}/warc/"
    for key in archive.store.list_keys(top, after=from_day(top, picked.since)):
        if not key.endswith(_INDEX):
            continue
        try:
            found = dict(_revisits(archive, key, picked.addresses))
        except BrokenRecord as error:
            picked.failed.append(unexported(None, error))
        else:
            if found:
                picked.revisits[key.removesuffix(_INDEX)] = found


def _revisits(
    archive: Archive, key: str, addresses: Mapping[str, str]
) -> Iterator[tuple[int, str]]:
    """Yield where the revisits of addresses begin, as an index has it, and what comes with the address."""
    for line in fetch(archive.store, key).splitlines():
        entry = decode(line.split(b" ", 2)[-1], _Entry, name=key)
        if entry.mime == _REVISIT and entry.url in addresses:
            yield int(entry.offset), addresses[entry.url]
