"""Exports: what was asked for, and what was taken away."""

from datetime import date, datetime
from typing import Literal

from attrs import frozen

ExportFormat = Literal["parquet", "jsonl", "csv", "ninjs", "wacz", "bagit"]
"""How an archive is taken away: as records in one of four forms, as pages to look at, as the objects."""


@frozen(kw_only=True)
class ExportRequest:
    """What an export is to hold: the articles that all of its words let through."""

    format: ExportFormat
    """How it is written."""

    publisher: str
    """Name of the publisher."""

    since: date | None = None
    """First New Zealand date of publication. None for no bound."""

    until: date | None = None
    """Last one, included. None for no bound."""

    section: str | None = None
    """Only this section, such as ``world`` or ``world/asia``. None for all."""

    article_ids: tuple[str, ...] = ()
    """Only these articles, sorted. Empty for all."""

    every_revision: bool = False
    """Every revision held, not the one that is shown."""

    @property
    def is_whole(self) -> bool:
        """Whether it leaves nothing out."""
        return not (self.since or self.until or self.section or self.article_ids)


@frozen(kw_only=True)
class Unexported:
    """Something that was to be exported and could not be read."""

    article_id: str | None
    """The publisher's own id. None for an object that belongs to no single article."""

    key: str
    """The object that is broken or not there."""

    reason: str
    """What is wrong with it."""


@frozen(kw_only=True)
class ExportedFile:
    """One file of an export."""

    name: str
    """Its path in the folder."""

    size: int
    """Its length in bytes."""

    sha256: str
    """SHA-256 of its bytes, 64 hexadecimal digits."""

    records: int
    """Records in it; of a WACZ file the pages, of a bag the objects."""

    basis: str
    """SHA-256 of the captures that it was made from: while it is the same, the file need not be made again."""

    articles: tuple[str, ...]
    """Ids of the articles in it."""

    failed: tuple[Unexported, ...] = ()
    """What should have been in it; the file is tried again by the next export into this folder."""


@frozen(kw_only=True)
class Export:
    """What a folder holds: its ``export.json``, which also lies beside the files that went to the bucket."""

    request: ExportRequest
    """What was asked for."""

    started_at: datetime
    """When it was first asked for."""

    files: tuple[ExportedFile, ...] = ()
    """The files, by name. A bag has one, its manifest, which names all others."""


@frozen(kw_only=True)
class ExportReport:
    """What one export did."""

    format: ExportFormat
    """How it was written."""

    folder: str
    """Where it is."""

    files: int
    """Files that it holds; objects, of a bag."""

    written: int
    """How many of them were written now; the others were whole already."""

    articles: int
    """Articles in it."""

    records: int
    """Records in it; of a WACZ file the pages, of a bag the objects."""

    bytes: int
    """Size of the files; of a bag with its objects."""

    failed: tuple[Unexported, ...] = ()
    """What could not be read."""

    uploaded: tuple[str, ...] = ()
    """Keys in the bucket that hold it too; empty when that was not asked for."""
