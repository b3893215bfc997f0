"""Which captures go into a WACZ file, and where in the WARC files they lie."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from attrs import define, field

from archive.codec import decode
from archive.connect import Archive
from archive.disk import writing
from archive.errors import BrokenRecord
from archive.keys import from_day, run_day, sha256_hex
from archive.records import Capture, ExportRequest, Unexported
from pipelines.export.wacz import PAGES_HEAD, page_line
from pipelines.steps.choosing import basis, chosen_days, chosen_on, history_of, unexported
from pipelines.steps.objects import content_of

_REVISIT = "warc/revisit"


@define
class Picked:
    """The captures of a WACZ file."""

    records: dict[str, dict[str, str]] = field(factory=dict)
    """By WARC file, the ids of its records that are wanted, each with its article's."""

    originals: set[tuple[str, datetime]] = field(factory=set)
    """Address and instant of each capture: what says that it is unchanged is wanted too."""

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

    def add(self, capture: Capture) -> None:
        """Take a capture in."""
        day = run_day(capture.run_id)
        self.since = min(self.since or day, day)
        self.originals.add((capture.url, capture.captured_at))
        if capture.warc is not None:
            of_file = self.records.setdefault(capture.warc.file, {})
            of_file[capture.warc.record_id] = capture.article_id


def pick(archive: Archive, request: ExportRequest, pages: Path) -> Picked:
    """Return the captures of an export, and write their list of pages.

    With every revision, each capture of the articles, also those that found one gone; else the one that
    is shown.
    """
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
    for file_key in _revisited(archive, picked):
        picked.records.setdefault(file_key, {})
    picked.basis = sha256_hex("\n".join([*stamps, *sorted(picked.records)]).encode())
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


def _revisited(archive: Archive, picked: Picked) -> Iterator[str]:
    """Yield the WARC files that say of a picked address that it was unchanged."""
    if picked.since is None:
        return
    urls = {url for url, _ in picked.originals}
    top = f"{archive.settings.publisher}/warc/"
    for key in archive.store.list_keys(top, after=from_day(top, picked.since)):
        if key.endswith(".cdxj") and any(url in urls for url in _revisits(archive, key)):
            yield key.removesuffix(".cdxj")


def _revisits(archive: Archive, key: str) -> Iterator[str]:
    """Yield the addresses of which an index names a revisit."""
    for line in archive.store.get(key).decode().splitlines():
        if _REVISIT in line:
            _, _, entry = line.split(" ", 2)
            found = decode(entry.encode(), dict[str, str], name=key)
            if found.get("mime") == _REVISIT:
                yield found["url"]
