"""Airflow with a database, logs and secrets of its own, made before its first import."""

import os
import sys
import tempfile
import warnings
from pathlib import Path

import pytest

from archive.settings import ArchiveSettings
from demo.airflow_home import prepare
from demo.newspaper import Newspaper

ROOT = Path(__file__).resolve().parents[2]

if "airflow" not in sys.modules:
    _home = Path(tempfile.mkdtemp(prefix="newsarchive-airflow-"))
    os.environ.update(prepare(_home, root=ROOT, paused=False, given={}).environment)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import airflow.sdk
    from airflow.dag_processing.dagbag import DagBag
    from airflow.models.pool import Pool
    from airflow.utils.db import initdb


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Airflow warns about its own dependencies and its own use of them; not our business here."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.filterwarnings("ignore"))


@pytest.fixture(scope="session")
def dags() -> dict[str, airflow.sdk.DAG]:
    """The DAGs of the repository by id, in a database that knows them."""
    initdb()
    Pool.create_or_update_pool("publisher", slots=1, description="", include_deferred=False)
    bag = DagBag(str(ROOT / "dags"))
    assert bag.import_errors == {}
    return dict(bag.dags)


@pytest.fixture
def environment(
    settings: ArchiveSettings, newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The settings of this test's archive, as the tasks and the crawl find them."""
    secret = settings.s3_secret_key
    assert secret is not None
    for name, value in {
        "HOME": str(settings.home),
        "PUBLISHER_ORIGIN": newspaper.origin,
        "S3_ENDPOINT": settings.s3_endpoint,
        "S3_ACCESS_KEY": settings.s3_access_key,
        "S3_SECRET_KEY": secret.get_secret_value(),
        "BUCKET": settings.bucket,
        "DELAY_SECONDS": "0",
        "LISTING_DAYS": "2",
    }.items():
        monkeypatch.setenv(f"ARCHIVE_{name}", str(value))
