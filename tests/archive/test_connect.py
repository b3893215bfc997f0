"""Settings become an open archive, or one clear line that says what to set."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from archive.connect import open_archive, open_store
from archive.embedded_store import EmbeddedStore, running, store_folder
from archive.errors import ConfigurationError, StoreRefused, StoreUnavailable
from archive.settings import ArchiveSettings


def change(settings: ArchiveSettings, **fields: object) -> ArchiveSettings:
    return settings.model_copy(update=fields)


def test_a_named_store_is_opened_with_its_bucket_and_an_empty_catalogue(
    settings: ArchiveSettings,
) -> None:
    with open_archive(settings) as archive:
        assert archive.settings is settings
        assert archive.store.bucket == settings.bucket
        assert list(archive.store.list_keys("")) == []
        assert archive.catalogue.run_ids("nzherald") == set()
    assert (settings.home / "catalogue.db").is_file()
    assert (settings.home / "probe.json").is_file()
    with open_archive(settings) as archive:
        assert archive.store.put_once("p/a", b"content")


def test_without_an_endpoint_the_embedded_store_runs_as_long_as_needed(tmp_path: Path) -> None:
    settings = ArchiveSettings(home=tmp_path / "home", bucket="chosen-name")
    with open_archive(settings) as archive:
        assert archive.store.put_once("p/a", b"content")
        assert archive.store.data_folder == store_folder(settings.home)
        with open_store(settings) as store:
            assert store.endpoint == archive.store.endpoint
        named = running(settings.home)
        assert named is not None
        assert named.bucket == "chosen-name"
        same = change(
            settings,
            s3_endpoint=named.endpoint,
            s3_access_key=named.access_key,
            s3_secret_key=SecretStr(named.secret_key),
        )
        with open_store(same) as store:
            assert store.get("p/a") == b"content"
            assert store.data_folder == store_folder(settings.home)
    assert running(settings.home) is None
    with open_store(settings) as store:
        assert store.get("p/a") == b"content"


@pytest.mark.parametrize("missing", ["s3_access_key", "s3_secret_key"])
def test_missing_keys_are_named(settings: ArchiveSettings, missing: str) -> None:
    opening = open_store(change(settings, **{missing: None}))
    with pytest.raises(ConfigurationError, match=f"ARCHIVE_{missing.upper()} not"), opening:
        pass


def test_wrong_keys_are_refused_in_one_line(settings: ArchiveSettings) -> None:
    wrong = change(settings, s3_secret_key=SecretStr("wrong"))
    opening = open_archive(wrong)
    with pytest.raises(StoreRefused, match="check ARCHIVE_S3_ACCESS_KEY") as refused, opening:
        pass
    assert refused.value.exit_code == 4
    assert "\n" not in str(refused.value)


def test_an_unreachable_store_is_named(settings: ArchiveSettings) -> None:
    away = change(settings, s3_endpoint="http://127.0.0.1:9")
    with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1:9"), open_store(away):
        pass


def test_a_home_that_cannot_be_made_is_named(settings: ArchiveSettings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "home"):
        opening = open_store(change(settings, home=home))
        with pytest.raises(ConfigurationError, match="ARCHIVE_HOME"), opening:
            pass


def test_an_error_inside_comes_out_and_the_store_ends(tmp_path: Path) -> None:
    settings = ArchiveSettings(home=tmp_path)
    message = "from inside"
    with pytest.raises(RuntimeError, match=message), open_archive(settings, probe=False):
        raise RuntimeError(message)
    assert not (tmp_path / "probe.json").exists()
    assert running(tmp_path) is None
    assert not EmbeddedStore(tmp_path).is_alive()
