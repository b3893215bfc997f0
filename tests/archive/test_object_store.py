"""Objects are created once, under any race, and everything there is is listed."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.embedded_store import EmbeddedStore
from archive.errors import (
    ConfigurationError,
    DiskFull,
    KeyConflict,
    StoreRefused,
    StoreUnavailable,
)
from archive.object_store import ObjectStore


def open_as(server: EmbeddedStore, **other: str) -> ObjectStore:
    """Return a client with something else than the right settings."""
    right = {
        "endpoint": server.endpoint,
        "access_key": server.access_key,
        "secret_key": server.secret_key,
        "region": "us-east-1",
        "bucket": "newsarchive",
    }
    return ObjectStore(**{**right, **other})


def test_a_key_is_written_once(store: ObjectStore) -> None:
    assert store.put_once("p/warc/a", b"first")
    with pytest.raises(KeyConflict, match="p/warc/a already holds other content"):
        store.put_once("p/warc/a", b"second")
    assert store.get("p/warc/a") == b"first"


def test_the_same_bytes_again_are_a_success(store: ObjectStore) -> None:
    """The answer to the first request may have been lost."""
    assert store.put_once("p/a", b"content")
    assert not store.put_once("p/a", b"content")


def test_of_twenty_writers_one_creates(store: ObjectStore) -> None:
    def write(number: int) -> bool:
        try:
            return store.put_once("p/race", b"writer %d" % number)
        except KeyConflict:
            return False

    with ThreadPoolExecutor(20) as writers:
        outcomes = list(writers.map(write, range(20)))
    assert outcomes.count(True) == 1
    assert store.get("p/race") == b"writer %d" % outcomes.index(True)


def test_of_twenty_writers_of_the_same_bytes_all_succeed(store: ObjectStore) -> None:
    with ThreadPoolExecutor(20) as writers:
        outcomes = list(writers.map(lambda _: store.put_once("p/same", b"same"), range(20)))
    assert outcomes.count(True) == 1


def test_a_file_is_written_once_and_read_back(store: ObjectStore, tmp_path: Path) -> None:
    content = bytes(range(256)) * 40_000  # in several parts, for the server
    original, copy = tmp_path / "a.warc.gz", tmp_path / "copy"
    original.write_bytes(content)
    assert store.upload_once("p/warc/a", original)
    assert not store.upload_once("p/warc/a", original)
    store.download("p/warc/a", copy)
    assert copy.read_bytes() == content
    original.write_bytes(b"other")
    with pytest.raises(KeyConflict):
        store.upload_once("p/warc/a", original)
    assert store.get("p/warc/a") == content


def test_an_absent_key_is_a_key_error(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="p/none"):
        store.get("p/none")
    with pytest.raises(KeyError):
        store.stat("p/none")
    with pytest.raises(KeyError):
        store.download("p/none", tmp_path / "none")
    assert list(tmp_path.glob("none*")) == []
    assert not store.exists("p/none")


def test_a_pointer_is_replaced_only_by_who_knows_it(store: ObjectStore) -> None:
    store.put("p/leases/live", b"first")
    content, tag = store.get_tagged("p/leases/live")
    assert content == b"first"
    newer = store.replace("p/leases/live", b"second", expected=tag)
    assert newer is not None
    assert store.replace("p/leases/live", b"third", expected=tag) is None
    assert store.get("p/leases/live") == b"second"
    store.delete("p/leases/live")
    assert store.replace("p/leases/live", b"fourth", expected=newer) is None
    assert not store.exists("p/leases/live")


def test_what_was_replaced_without_an_answer_is_no_conflict(
    store: ObjectStore, tmp_path: Path
) -> None:
    store.put("file", b"before")
    path = tmp_path / "file"
    path.write_bytes(b"after")
    put_object = store._client.put_object

    def twice(**request: Any) -> Any:  # as botocore does when a connection breaks
        put_object(**request)
        request["Body"].seek(0)
        return put_object(**request)

    store._client.put_object = twice
    store.replace_file("file", path)
    assert store.get("file") == b"after"


def test_damaged_content_is_refused(store: ObjectStore) -> None:
    assert store.refuses_checksum("p/damaged", b"content", bytes(32))
    assert not store.exists("p/damaged")


def test_every_key_is_listed_in_order(store: ObjectStore) -> None:
    keys = [f"p/articles/{number % 3}/{number:04}.json" for number in range(1050)]
    with ThreadPoolExecutor(20) as writers:
        list(writers.map(lambda key: store.put_once(key, key.encode()), keys))
    store.put_once("p/other/0/0.json", b"")
    assert list(store.list_keys("p/articles/")) == sorted(keys)
    assert list(store.list_keys("p/articles/", after=sorted(keys)[999])) == sorted(keys)[1000:]
    assert list(store.list_keys("p/nothing/")) == []


def test_a_wrong_secret_is_refused(s3_server: EmbeddedStore) -> None:
    with pytest.raises(StoreRefused, match="ARCHIVE_S3_SECRET_KEY") as refused:
        open_as(s3_server, secret_key="wrong").ensure_bucket()
    assert refused.value.exit_code == 4
    with pytest.raises(StoreRefused, match="InvalidAccessKeyId"):
        open_as(s3_server, access_key="wrong").put_once("a", b"")
    assert s3_server.secret_key not in str(refused.value)


def test_an_unreachable_store_is_soon_known(s3_server: EmbeddedStore) -> None:
    started = time.monotonic()
    with pytest.raises(StoreUnavailable, match="ARCHIVE_S3_ENDPOINT"):
        open_as(s3_server, endpoint="http://127.0.0.1:9").ensure_bucket()
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"endpoint": "nonsense"}, "ARCHIVE_S3_ENDPOINT"),
        ({"endpoint": "ftp://127.0.0.1"}, "ARCHIVE_S3_ENDPOINT"),
        ({"bucket": "Not A Bucket"}, "ARCHIVE_BUCKET"),
    ],
)
def test_a_wrong_setting_is_named(
    s3_server: EmbeddedStore, wrong: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        open_as(s3_server, **wrong).ensure_bucket()


def test_aws_files_and_profiles_of_the_user_are_left_alone(
    s3_server: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text(
        "[default]\nregion = mars\nendpoint_url = http://127.0.0.1:9\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "none-of-that-name")
    store = open_as(s3_server)
    store.ensure_bucket()
    store.put("scratch", b"")


class _Answering(BaseHTTPRequestHandler):
    """An S3 server that has one answer to everything."""

    status = 503
    code = "SlowDown"
    message = "please"
    asked = 0

    def do_PUT(self) -> None:
        type(self).asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        body = f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>".encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def answering() -> Iterator[tuple[type[_Answering], ObjectStore]]:
    handler = type("Handler", (_Answering,), {})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield (
            handler,
            ObjectStore(
                endpoint=f"http://127.0.0.1:{server.server_port}",
                access_key="a",
                secret_key="b",
                region="us-east-1",
                bucket="bucket",
            ),
        )
        server.shutdown()
        thread.join()


def test_a_busy_store_is_asked_again_a_few_times(
    answering: tuple[type[_Answering], ObjectStore],
) -> None:
    handler, store = answering
    with pytest.raises(StoreUnavailable, match="SlowDown"):
        store.put("a", b"")
    assert handler.asked == 5


@pytest.mark.parametrize(
    ("status", "code", "message", "error"),
    [
        (507, "InsufficientStorage", "", DiskFull),
        (403, "QuotaExceeded", "", DiskFull),
        (400, "Strange", "no space left on device", DiskFull),
        (403, "AccessDenied", "", StoreRefused),
        (403, "RequestTimeTooSkewed", "", StoreRefused),
        (404, "NoSuchBucket", "", StoreRefused),
        (501, "NotImplemented", "", StoreRefused),
        (400, "BadDigest", "", StoreUnavailable),
        (400, "AuthorizationHeaderMalformed", "", ConfigurationError),
    ],
)
def test_what_a_store_says_becomes_our_error(
    answering: tuple[type[_Answering], ObjectStore],
    status: int,
    code: str,
    message: str,
    error: type[Exception],
) -> None:
    handler, store = answering
    handler.status, handler.code, handler.message = status, code, message
    with pytest.raises(error):
        store.put_once("a", b"")


def test_a_key_that_others_keep_writing_is_given_up(
    answering: tuple[type[_Answering], ObjectStore],
) -> None:
    handler, store = answering
    handler.status, handler.code = 409, "ConditionalRequestConflict"
    with pytest.raises(StoreUnavailable, match="being written by others"):
        store.put_once("a", b"")
    assert handler.asked == 8
