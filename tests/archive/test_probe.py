"""A store that accepts conditions and ignores them is found out before anything is written."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from moto.server import ThreadedMotoServer

from archive.errors import StoreRefused
from archive.object_store import ObjectStore
from archive.probe import check, is_remembered, probe, remember

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
EVERYTHING = frozenset({"create", "replace", "checksum", "keep", "delete", "list"})


class _Handler(BaseHTTPRequestHandler):
    """A store as small as can be that keeps only some of its promises; it believes every signature."""

    protocol_version = "HTTP/1.1"
    keeps: frozenset[str] = EVERYTHING
    objects: dict[str, bytes] = {}  # noqa: RUF012 - each server gets its own

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        there = self.objects.get(self.path)
        if not self._condition_holds(there):
            self._answer(412, self._error("PreconditionFailed"))
        elif not self._has_checksum(content):
            self._answer(400, self._error("BadDigest"))
        else:
            if "keep" in self.keeps:
                self.objects[self.path] = content
            self._answer(200, b"", content)

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if "list-type" in query:
            self._list(f"{path}/{parse_qs(query)['prefix'][0]}")
            return
        content = self.objects.get(self.path)
        if content is None:
            self._answer(404, self._error("NoSuchKey"))
        else:
            self._answer(200, content, content)

    def _list(self, prefix: str) -> None:
        most = None if "list" in self.keeps else 1000
        paths = sorted(path for path in self.objects if path.startswith(prefix))[:most]
        contents = "".join(self._entry(path) for path in paths)
        words = f"<IsTruncated>false</IsTruncated>{contents}"
        self._answer(200, f"<ListBucketResult>{words}</ListBucketResult>".encode())

    def _entry(self, path: str) -> str:
        key, size = path.split("/", 2)[2], len(self.objects[path])
        about = (
            f"<Key>{key}</Key><Size>{size}</Size><LastModified>2026-03-01T12:00:00Z</LastModified>"
        )
        return f"<Contents>{about}</Contents>"

    def do_DELETE(self) -> None:
        if "delete" not in self.keeps:
            self._answer(403, self._error("AccessDenied"))
            return
        self.objects.pop(self.path, None)
        self._answer(204, b"")

    def _condition_holds(self, there: bytes | None) -> bool:
        if "create" in self.keeps and self.headers["If-None-Match"] and there is not None:
            return False
        expected = self.headers["If-Match"]
        return "replace" not in self.keeps or not expected or expected == _tag(there or b"")

    def _has_checksum(self, content: bytes) -> bool:
        sent = self.headers["x-amz-checksum-sha256"]
        real = base64.b64encode(hashlib.sha256(content).digest()).decode()
        return "checksum" not in self.keeps or sent in {None, real}

    def _error(self, code: str) -> bytes:
        return f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()

    def _answer(self, status: int, body: bytes, content: bytes | None = None) -> None:
        self.send_response(status)
        if content is not None:
            self.send_header("ETag", _tag(content))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _bucket_at(host: str, port: int) -> ObjectStore:
    return ObjectStore(
        endpoint=f"http://{host}:{port}",
        access_key="any",
        secret_key="any",
        region="us-east-1",
        bucket="bucket",
    )


@contextmanager
def _keeping(keeps: frozenset[str]) -> Iterator[ObjectStore]:
    handler = type("Handler", (_Handler,), {"keeps": keeps, "objects": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield _bucket_at("127.0.0.1", server.server_port)
        server.shutdown()
        thread.join()


@contextmanager
def _moto() -> Iterator[ObjectStore]:
    """Start the widespread imitation of S3, which believes every checksum and every secret."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        store = _bucket_at(host, port)
        store.ensure_bucket()
        yield store
    finally:
        server.stop()


def test_the_embedded_store_keeps_its_word_and_no_scratch_stays(store: ObjectStore) -> None:
    results = check(store)
    assert [result.name for result in results if not result.passed] == []
    names = {"create once", "one winner", "checksum", "replace", "listing"}
    assert names < {result.name for result in results}
    probe(store)
    assert list(store.list_keys("probe/")) == []


def test_moto_is_refused_for_what_it_gets_wrong() -> None:
    with _moto() as store:
        wrong = [result for result in check(store) if not result.passed]
        with pytest.raises(StoreRefused, match="accepts content that does not have its SHA-256"):
            probe(store)
        assert list(store.list_keys("probe/")) == []
    assert "checksum" in {result.name for result in wrong}
    assert {result.name for result in wrong} <= {"checksum", "one winner"}


def test_a_small_store_that_keeps_everything_passes() -> None:
    with _keeping(EVERYTHING) as store:
        probe(store)


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("create", "accepts a second create .IfNoneMatch is ignored.; create-once cannot be kept"),
        ("checksum", "accepts content that does not have its SHA-256"),
        ("replace", "stale condition .IfMatch is ignored."),
        ("keep", "does not give back what was just written"),
    ],
)
def test_a_broken_promise_is_named(broken: str, words: str) -> None:
    with _keeping(EVERYTHING - {broken}) as store:
        with pytest.raises(StoreRefused, match=f"{words}.*docs/operations.md") as refused:
            probe(store)
        assert store.endpoint in str(refused.value)
        assert refused.value.exit_code == 4
        assert broken == "keep" or [r.passed for r in check(store)].count(False) <= 2


def test_a_listing_that_ends_too_soon_is_named() -> None:
    with _keeping(EVERYTHING - {"list"}) as store:
        wrong = [result for result in check(store) if not result.passed]
    assert [result.name for result in wrong] == ["listing"]
    assert wrong[0].detail.startswith("of 1010 keys it lists 1000, 1000 times in all")


def test_a_store_that_forbids_deleting_is_good_enough() -> None:
    with _keeping(EVERYTHING - {"delete"}) as store:
        probe(store)


def test_a_passed_probe_is_remembered_for_a_day_and_for_one_bucket(tmp_path: Path) -> None:
    notes = tmp_path / "probe.json"
    with _keeping(EVERYTHING) as store, _keeping(EVERYTHING) as other:
        assert not is_remembered(notes, store, now=NOW)
        remember(notes, store, now=NOW)
        assert is_remembered(notes, store, now=NOW + timedelta(hours=23))
        assert not is_remembered(notes, store, now=NOW + timedelta(hours=24))
        assert not is_remembered(notes, other, now=NOW)
        remember(notes, other, now=NOW + timedelta(days=2))
        assert not is_remembered(notes, store, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"a": "yesterday"}', b"\xff"])
def test_damaged_notes_only_mean_another_probe(tmp_path: Path, damage: bytes) -> None:
    notes = tmp_path / "probe.json"
    notes.write_bytes(damage)
    with _keeping(EVERYTHING) as store:
        assert not is_remembered(notes, store, now=NOW)
        remember(notes, store, now=NOW)
        assert is_remembered(notes, store, now=NOW)
