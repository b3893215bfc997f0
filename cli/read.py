"""What the readers make of saved pages: ``read``. No network, no store."""

import gzip
import os
import zlib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from attrs import frozen

from archive.codec import encode
from archive.disk import writing
from archive.errors import ArchiveError, ConfigurationError, UnreadablePage
from archive.records import Article
from archive.settings import read_settings
from cli.dates import instant, now
from cli.output import print_json, progress_bar, stderr
from cli.render import print_article
from pipelines import pages
from pipelines.normalise import article_of
from pipelines.pages.markup import MAX_BYTES, stated_address
from pipelines.pages.workers import TIMEOUT_SECONDS, Readers, Reading
from publishers import for_url, served
from publishers.spec import Publisher

_ENDINGS = (".html.gz", ".html")


@frozen(kw_only=True)
class SavedPage:
    """One saved page, and what is to be taken as known about it."""

    path: Path
    """Where it lies."""

    url: str | None
    """Its address. None to take the one that the page states."""

    captured_at: datetime
    """When it is taken to have been captured."""

    publisher: Publisher | None = None
    """The publisher of the settings, as served there. None for those we know by their own address."""

    @property
    def id(self) -> str:
        """Its name without the ending."""
        ending = next((end for end in _ENDINGS if self.path.name.endswith(end)), self.path.suffix)
        return self.path.name.removesuffix(ending)


def read(  # noqa: PLR0913 - one argument for each option of the command
    file: Annotated[
        Path | None,
        typer.Argument(help="A saved page (.html, .html.gz).", exists=True, dir_okay=False),
    ] = None,
    *,
    url: Annotated[
        str | None, typer.Option(help="Address of the page; else the one it states itself.")
    ] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When it was captured; else now. Picks the reader's version.")
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            help="Read every .html and .html.gz in this folder.", exists=True, file_okay=False
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Where --batch writes its records, one a line.", dir_okay=False),
    ] = None,
    processes: Annotated[int, typer.Option(help="Reading processes of --batch.", min=1)] = 2,
    timeout_seconds: Annotated[
        float, typer.Option(help="Time limit of one page.", min=0.1)
    ] = TIMEOUT_SECONDS,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on stdout.")
    ] = False,
) -> None:
    """Show what the readers make of saved pages. Asks no network and no store.

    A page of a known publisher that only subscribers may read is cut first; of others nothing is cut.
    """
    moment = instant(captured_at) if captured_at else now()
    settings = read_settings()
    publisher = served(settings.publisher, settings.publisher_origin)
    with Readers(processes, timeout_seconds) as readers:
        if batch is not None:
            _only(
                file is None and url is None and not json,
                "--batch takes --out, no FILE, --url or --json",
            )
            _only(out is not None, "--batch needs --out FILE: where the records go")
            saved = [
                SavedPage(path=p, url=None, captured_at=moment, publisher=publisher)
                for p in _pages(batch)
            ]
            target = out or Path()
            with writing(target):
                _read_batch(readers, saved, target)
        else:
            _only(out is None, "--out goes with --batch")
            if file is None:
                message = "name a saved page, or --batch FOLDER --out FILE"
                raise ConfigurationError(message)
            page = SavedPage(path=file, url=url, captured_at=moment, publisher=publisher)
            _show(next(readers.map(read_saved, [page], name=_name)).result, json=json)


def _only(fits: bool, message: str) -> None:  # noqa: FBT001 - reads as a sentence where it is called
    if not fits:
        raise ConfigurationError(message)


def _show(result: Article | ArchiveError, *, json: bool) -> None:
    if isinstance(result, ArchiveError):
        raise result
    if json:
        print_json(result)
    else:
        print_article(result)


def _pages(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.name.endswith(_ENDINGS) and p.is_file())


def _name(page: SavedPage) -> str:
    return page.path.name


def _read_batch(readers: Readers, saved: list[SavedPage], out: Path) -> None:
    """Write a line for each page, beside the target first: there is a whole file or none."""
    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    unread = 0
    try:
        with beside.open("wb") as file, progress_bar() as progress:
            task = progress.add_task("reading pages", total=len(saved))
            for reading in readers.map(read_saved, saved, name=_name):
                unread += isinstance(reading.result, ArchiveError)
                file.write(encode(_line(reading)) + b"\n")
                progress.advance(task)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)
    stderr.print(
        f"{len(saved) - unread} of {len(saved)} pages read, {unread} not; records in {out}"
    )


def _line(reading: Reading[SavedPage, Article]) -> dict[str, object]:
    about: dict[str, object] = {"file": reading.item.path.name, "id": reading.item.id}
    if isinstance(reading.result, ArchiveError):
        return about | {"error": str(reading.result), "error_class": type(reading.result).__name__}
    return about | dict(msgspec.to_builtins(reading.result))


def read_saved(page: SavedPage) -> Article:
    """Return the article in a saved page; raises ``UnreadablePage`` or ``NotAnArticle``."""
    content = _content(page.path)
    url = page.url or stated_address(content) or ""
    publisher = for_url(url, page.publisher) if url else None
    reading = pages.read(
        content, url=url or page.path.name, captured_at=page.captured_at, publisher=publisher
    )
    return article_of(reading, url=url, captured_at=page.captured_at, publisher=publisher)


def _content(path: Path) -> bytes:
    """Return the bytes of a saved page, inflated; no more than a page may have."""
    try:
        with path.open("rb") as file:
            start = file.read(2)
            file.seek(0)
            if start != b"\x1f\x8b":
                return file.read(MAX_BYTES + 1)
            with gzip.open(file) as inflated:
                return inflated.read(MAX_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadablePage(path.name, f"broken gzip: {error}") from error
    except OSError as error:
        raise UnreadablePage(path.name, f"can't be opened: {error.strerror}") from error
