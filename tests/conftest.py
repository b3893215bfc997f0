"""Real parts for every test: a real S3 server, a real newspaper; only loopback is reachable."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from archive.connect import Archive, open_archive
from archive.embedded_store import EmbeddedStore
from archive.object_store import ObjectStore
from archive.settings import ArchiveSettings
from demo.newspaper import Edition, Newspaper

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and gold; tests that need it skip in a clone without it."""
    if not SHARED.is_dir():
        pytest.skip("needs ../shared (real pages and gold), which is not part of the repository")
    return SHARED


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """One SeaweedFS for the whole session."""
    with EmbeddedStore(tmp_path_factory.mktemp("store")) as server:
        yield server


@pytest.fixture
def settings(s3_server: EmbeddedStore, tmp_path: Path) -> ArchiveSettings:
    """Settings with a home and a bucket of this test's own, and no delay between requests."""
    return ArchiveSettings(
        home=tmp_path / "home",
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"test-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )


@pytest.fixture
def archive(settings: ArchiveSettings) -> Iterator[Archive]:
    """An open, empty archive."""
    with open_archive(settings) as opened:
        yield opened


@pytest.fixture
def store(archive: Archive) -> ObjectStore:
    """The object store of an empty archive."""
    return archive.store


@pytest.fixture(scope="session")
def edition() -> Edition:
    """Fourteen days of stories that end today."""
    return Edition(datetime.now(UTC).replace(minute=0, second=0, microsecond=0))


@pytest.fixture
def newspaper(edition: Edition) -> Iterator[Newspaper]:
    """The made-up newspaper, served on a free port."""
    with Newspaper(edition) as paper:
        yield paper
