"""Settings become clients here, and nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from attrs import frozen
from pydantic import SecretStr

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
def open_archive(
    settings: ArchiveSettings, *, probe: bool = True, fresh_catalogue: bool = False
) -> Iterator[Archive]:
    """Open store and catalogue for as long as the context lasts.

    ``fresh_catalogue`` drops what the catalogue holds, for it to be filled from the bucket.

    Raises what :func:`open_store` does, :class:`StoreRefused` also when the probe finds that the
    store does not keep create-once (asked once a day), and :class:`CatalogueUnavailable`.
    """
    with open_store(settings) as store:
        if probe:
            _probe_daily(settings, store)
        with Catalogue(settings.catalogue, fresh=fresh_catalogue) as catalogue:
            yield Archive(settings=settings, store=store, catalogue=catalogue)


def _probe_daily(settings: ArchiveSettings, store: ObjectStore) -> None:
    notes = settings.home / PROBE_NOTES
    now = datetime.now(UTC)
    if probing.is_remembered(notes, store, now=now):
        return
    probing.probe(store)
    with writing(settings.home):
        probing.remember(notes, store, now=now)


def open_replica(settings: ArchiveSettings) -> ObjectStore | None:
    """Return the store with a copy of the bucket, to be read. None when the settings name none."""
    if not settings.replica_endpoint:
        return None
    return _connect(
        "REPLICA",
        endpoint=settings.replica_endpoint,
        keys=(settings.replica_access_key, settings.replica_secret_key),
        region=settings.replica_region,
        bucket=settings.replica_bucket or settings.bucket,
    )


def _named_store(settings: ArchiveSettings, endpoint: str) -> ObjectStore:
    store = _connect(
        "S3",
        endpoint=endpoint,
        keys=(settings.s3_access_key, settings.s3_secret_key),
        region=settings.s3_region,
        bucket=settings.bucket,
    )
    own = running(settings.home)
    if own is not None and own.endpoint == endpoint.rstrip("/"):
        store.data_folder = store_folder(settings.home)
    return store


def _connect(
    name: str, *, endpoint: str, keys: tuple[str | None, SecretStr | None], region: str, bucket: str
) -> ObjectStore:
    """Connect to the store of the settings ``ARCHIVE_<name>_…``; raises :class:`ConfigurationError`."""
    access_key, secret_key = keys
    words = {"ACCESS_KEY": access_key, "SECRET_KEY": secret_key}
    missing = [f"ARCHIVE_{name}_{word}" for word, value in words.items() if not value]
    if missing or not access_key or not secret_key:
        message = f"ARCHIVE_{name}_ENDPOINT is set, {' and '.join(missing)} not: set the keys of {endpoint}"
        raise ConfigurationError(message)
    return ObjectStore(
        endpoint=endpoint,
        access_key=access_key,
        secret_key=secret_key.get_secret_value(),
        region=region,
        bucket=bucket,
    )
