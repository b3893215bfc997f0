"""The nightly audit: green when all is as it was written, red with the names of what is not."""

import pytest

from archive.connect import Archive
from archive.object_store import ObjectStore
from tests.dags.test_dag_runs import note_of, reds, states

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def replica(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> ObjectStore:
    """A copy of the bucket, named in the settings."""
    own = archive.settings
    assert own.s3_endpoint
    assert own.s3_access_key
    assert own.s3_secret_key
    bucket = f"{own.bucket}-copy"
    secret = own.s3_secret_key.get_secret_value()
    monkeypatch.setenv("ARCHIVE_AUDIT_DAYS", "1")
    monkeypatch.setenv("ARCHIVE_REPLICA_ENDPOINT", own.s3_endpoint)
    monkeypatch.setenv("ARCHIVE_REPLICA_ACCESS_KEY", own.s3_access_key)
    monkeypatch.setenv("ARCHIVE_REPLICA_SECRET_KEY", secret)
    monkeypatch.setenv("ARCHIVE_REPLICA_BUCKET", bucket)
    copy = ObjectStore(
        endpoint=own.s3_endpoint,
        access_key=own.s3_access_key,
        secret_key=secret,
        region=own.s3_region,
        bucket=bucket,
    )
    copy.ensure_bucket()
    return copy


def test_an_audit_is_green_then_red_with_names_and_repairs(
    dags, archive: Archive, replica: ObjectStore
):
    dags["crawl_world"].test()
    for key in archive.store.list_keys(""):
        replica.put(key, archive.store.get(key))
    well = dags["audit_archive"].test()
    assert str(well.state) == "success"
    assert "All as they were written." in note_of(well)
    assert states(well)["repair"] == {"skipped"}

    gone, bad = sorted(archive.store.list_keys("nzherald/articles/"))[:2]
    archive.store.delete(gone)
    archive.store.put(bad, b"{}")
    damaged = dags["audit_archive"].test()
    assert str(damaged.state) == "failed"
    assert reds(damaged) == {"conclude"}
    said = note_of(damaged)
    assert f"**{gone}** (repaired): missing" in said
    assert f"**{bad}** (repaired): altered" in said

    again = dags["audit_archive"].test()
    assert str(again.state) == "success"
    assert archive.store.get(bad) == replica.get(bad)
