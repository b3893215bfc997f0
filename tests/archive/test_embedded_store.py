"""One store for each home, that starts by itself, ends with its last user, and loses nothing."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import store_launch, weed
from archive.embedded_store import EmbeddedStore, env_file, running, store_folder
from archive.errors import ConfigurationError, DiskFull, FailedError, KeyConflict
from tests.faults.processes import alive, until


def pid_of(home: Path) -> int:
    return int((store_folder(home) / "weed.pid").read_text())


def test_it_starts_shares_and_stops_without_a_trace(tmp_path: Path) -> None:
    home = tmp_path / ("deep/" * 20) / "home"  # too deep for a socket
    with EmbeddedStore(home) as server:
        pid, port = pid_of(home), int(server.endpoint.rsplit(":", 1)[1])
        assert server.open().put_once("p/a", b"content")
        assert stat.S_IMODE(env_file(home).stat().st_mode) == 0o600
        assert stat.S_IMODE(store_folder(home).stat().st_mode) == 0o700
        for secret in ("keys.json", "s3.json"):
            assert stat.S_IMODE((store_folder(home) / secret).stat().st_mode) == 0o600
        assert env_file(home).read_text().splitlines() == [
            f"ARCHIVE_S3_ENDPOINT={server.endpoint}",
            f"ARCHIVE_S3_ACCESS_KEY={server.access_key}",
            f"ARCHIVE_S3_SECRET_KEY={server.secret_key}",
            "ARCHIVE_S3_REGION=us-east-1",
            "ARCHIVE_BUCKET=newsarchive",
        ]
        assert server.secret_key not in (store_folder(home) / "weed.log").read_text()
        found = running(home)
        assert found is not None
        assert found.endpoint == server.endpoint
        with EmbeddedStore(home) as second:
            assert second.endpoint == server.endpoint
            assert second.open().get("p/a") == b"content"
        assert server.is_alive()
        assert server.open().get("p/a") == b"content"
    assert not alive(pid)
    assert running(home) is None
    assert not env_file(home).exists()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
    launch = store_launch.codec.decode(
        (store_folder(home) / "launch.json").read_bytes(), store_launch.LastLaunch
    )
    assert [path for path in weed.socket_files(launch.ports) if Path(path).exists()] == []
    assert launch.scratch is not None
    assert not Path(launch.scratch).exists()


def test_only_signed_requests_are_answered(s3_server: EmbeddedStore) -> None:
    """The inner ports would hand out every object, were they not given keys of their own."""
    server = s3_server
    server.open().put("secret", b"secret")
    ports = json.loads((server.folder / "launch.json").read_text())["ports"]
    for port, path in (
        (ports[0], "/newsarchive/secret"),
        (ports[3], "/buckets/newsarchive/secret"),
    ):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}")
        assert refused.value.code in {401, 403}
        refused.value.close()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_a_restart_keeps_data_and_keys_on_any_port(home: Path) -> None:
    with EmbeddedStore(home) as server:
        secret = server.secret_key
        assert server.open().put_once("p/a", b"content")
    (store_folder(home) / "launch.json").unlink()  # which makes it choose other ports
    with EmbeddedStore(home) as server:
        assert server.secret_key == secret
        assert server.open().get("p/a") == b"content"
        assert not server.open().put_once("p/a", b"content")


def test_a_killed_server_is_noticed_and_loses_nothing(home: Path) -> None:
    with EmbeddedStore(home) as server:
        store = server.open()
        for number in range(100):
            assert store.put_once(f"p/killed/{number}", b"%d" % number)
        os.kill(pid_of(home), signal.SIGKILL)
        until(lambda: not server.is_alive())
        assert running(home) is None
        with EmbeddedStore(home) as again:
            store = again.open()
            for number in range(100):
                assert store.get(f"p/killed/{number}") == b"%d" % number
                with pytest.raises(KeyConflict):
                    store.put_once(f"p/killed/{number}", b"other")


def test_two_starts_at_once_make_one_server(home: Path) -> None:
    def use(_: int) -> tuple[int, str]:
        with EmbeddedStore(home) as server:
            time.sleep(1)
            return pid_of(home), server.endpoint

    with ThreadPoolExecutor(4) as users:
        assert len(set(users.map(use, range(4)))) == 1


USER = """
    import sys, time
    from pathlib import Path
    from archive.embedded_store import EmbeddedStore

    with EmbeddedStore(Path(sys.argv[1])) as server:
        print(server.endpoint, flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def user(home: Path) -> Iterator[subprocess.Popen[str]]:
    """Another command that uses the store until a line comes in."""
    command = [sys.executable, "-c", textwrap.dedent(USER), str(home)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("http://127.0.0.1:")
        yield process
        process.kill()


def test_it_ends_when_its_user_is_killed(home: Path, user: subprocess.Popen[str]) -> None:
    pid = pid_of(home)
    user.kill()
    user.wait()
    until(lambda: not alive(pid))
    assert running(home) is None


def test_it_outlives_the_command_that_started_it(home: Path, user: subprocess.Popen[str]) -> None:
    with EmbeddedStore(home) as server:
        pid = pid_of(home)
        user.kill()
        user.wait()
        time.sleep(0.5)
        assert server.is_alive()
        server.open().put("p/still", b"here")
    assert not alive(pid)


def test_a_killed_keeper_takes_the_server_along(home: Path) -> None:
    with EmbeddedStore(home) as server:
        pid = pid_of(home)
        keeper = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(keeper, signal.SIGKILL)
        until(lambda: not alive(pid))
        until(lambda: not server.is_alive())
        with EmbeddedStore(home) as again:
            assert again.open().get("p/a") == b"content"


def test_stale_files_are_nobody_s_store(home: Path) -> None:
    env_file(home).write_text("ARCHIVE_S3_ENDPOINT=http://127.0.0.1:9\nnonsense\n")
    assert running(home) is None
    env_file(home).write_bytes(b"\xff\xfe")
    assert running(home) is None
    (store_folder(home) / "launch.json").write_text("{")
    with EmbeddedStore(home) as server:
        assert server.open().get("p/a") == b"content"


def test_a_taken_port_is_avoided(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        before = (port, port, port, port, port)
        assert port not in weed.choose_ports(before)
        assert port not in weed.choose_ports((port - weed.GRPC_OFFSET,) * 5)


def test_without_the_program_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="ARCHIVE_S3_ENDPOINT"):
        EmbeddedStore(tmp_path, program=tmp_path / "weed").start()


def test_a_program_that_does_not_work_is_reported_with_its_words(tmp_path: Path) -> None:
    program = tmp_path / "weed"
    program.write_text("#!/bin/sh\necho no such instruction >&2\nexit 1\n")
    program.chmod(0o700)
    with pytest.raises(FailedError, match="no such instruction"):
        EmbeddedStore(tmp_path / "home", program=program).start()


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(ConfigurationError, match="ARCHIVE_HOME"):
        EmbeddedStore(tmp_path / "home").start()


def test_damaged_keys_are_named(tmp_path: Path) -> None:
    store_folder(tmp_path).mkdir()
    (store_folder(tmp_path) / "keys.json").write_text("{}")
    with pytest.raises(ConfigurationError, match=r"keys\.json"):
        EmbeddedStore(tmp_path).start()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=48m", "newsarchive", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def fill(server: EmbeddedStore) -> None:
    store = server.open()
    for number in range(60):
        store.put_once(f"p/{number}", os.urandom(1 << 20))


def write_the_rest(path: Path) -> None:
    with path.open("wb", buffering=0) as rest:
        while True:
            rest.write(bytes(1 << 16))


def test_a_full_disk_is_called_that(small_disk: Path) -> None:
    with EmbeddedStore(small_disk) as server, pytest.raises(DiskFull, match=str(small_disk)):
        fill(server)
    with pytest.raises(DiskFull, match=str(small_disk)):
        EmbeddedStore(small_disk).start()
    with pytest.raises(OSError, match="No space left"):
        write_the_rest(small_disk / "rest")
    with pytest.raises(DiskFull, match=str(small_disk)):
        EmbeddedStore(small_disk).start()
