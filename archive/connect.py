"""Settings become clients here, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from attrs import frozen

from archive import probe as probing
from archive.catalogue import Catalogue
from archive.disk import writing
from archive.embedded_store import EmbeddedStore, running, store_folder
from archive.errors import ConfigurationError
from archive.object_store import ObjectStore
from archive.settings import ArchiveSettings

PROBE_NOTES = "probe.json"
"""File in the home that says which stores lately passed the probe."""


@frozen(kw_only=True)
class Archive:
    """An open archive: what every step works with."""

    settings: ArchiveSettings
    """The settings it was opened with."""

    store: ObjectStore
    """The bucket, the only truth."""

    catalogue: Catalogue
    """What the bucket holds, ready to be asked."""


@contextmanager
def open_store(settings: ArchiveSettings) -> Iterator[ObjectStore]:
    """Open the bucket, made when it does not exist, for as long as the context lasts.

    Without ``s3_endpoint`` that is the embedded store of the home: the running one, or one that is
    started now. Raises :class:`ConfigurationError`, :class:`StoreRefused` for wrong keys,
    :class:`StoreUnavailable` or :class:`DiskFull`.
    """
    with writing(settings.home):
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if settings.s3_endpoint:
        store = _named_store(settings, settings.s3_endpoint)
        store.ensure_bucket()
        yield store
        return
    with EmbeddedStore(settings.home, bucket=settings.bucket) as server:
        store = server.open(settings.bucket)
        store.ensure_bucket()
        yield store


@contextmanager
def open_archive(settings: ArchiveSettings, *, probe: bool = True) -> Iterator[Archive]:
    """Open store and catalogue for as long as the context lasts.

    Raises what :func:`open_store` does, :class:`StoreRefused` also when the probe finds that the
    store does not keep create-once (asked once a day), and :class:`CatalogueUnavailable`.
    """
    with open_store(settings) as store:
        if probe:
            _probe_daily(settings, store)
        with Catalogue(settings.catalogue) as catalogue:
            yield Archive(settings=settings, store=store, catalogue=catalogue)


def _probe_daily(settings: ArchiveSettings, store: ObjectStore) -> None:
    notes = settings.home / PROBE_NOTES
    now = datetime.now(UTC)
    if probing.is_remembered(notes, store, now=now):
        return
    probing.probe(store)
    with writing(settings.home):
        probing.remember(notes, store, now=now)


def _named_store(settings: ArchiveSettings, endpoint: str) -> ObjectStore:
    keys = {
        "ARCHIVE_S3_ACCESS_KEY": settings.s3_access_key,
        "ARCHIVE_S3_SECRET_KEY": settings.s3_secret_key,
    }
    missing = [name for name, value in keys.items() if not value]
    if missing or not settings.s3_access_key or not settings.s3_secret_key:
        message = (
            f"ARCHIVE_S3_ENDPOINT is set, {' and '.join(missing)} not: set the keys of {endpoint}"
        )
        raise ConfigurationError(message)
    store = ObjectStore(
        endpoint=endpoint,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        bucket=settings.bucket,
    )
    own = running(settings.home)
    if own is not None and own.endpoint == endpoint.rstrip("/"):
        store.data_folder = store_folder(settings.home)
    return store
