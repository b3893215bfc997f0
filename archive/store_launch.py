"""Starting the embedded store: ports, files, process, and the wait until it stores something."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from attrs import field, frozen

from archive import codec, store_keeper, weed
from archive.disk import write_private
from archive.errors import BrokenRecord, DiskFull, FailedError, StoreRefused, StoreUnavailable
from archive.object_store import ObjectStore
from archive.store_client import REGION

READY_SECONDS = 60
"""How long the server may take until it stores something; usually it takes one to three seconds."""

READY_KEY = "probe/ready"
"""Object that is written to see that the server stores something."""

LEAST_ROOM_BYTES = 16 << 20
"""With less room than this on the disk the server is not started."""

_STARTS = 5
_POLL_SECONDS = 0.05
_LOG_LINES = 3


@frozen(kw_only=True)
class StoreAddress:
    """Where the embedded store of a home listens, and its keys."""

    endpoint: str
    """Address on loopback."""

    access_key: str
    """Access key of its only user."""

    secret_key: str = field(repr=False)
    """Secret key of its only user."""

    bucket: str
    """Bucket that was asked for when it was started."""

    def open(self, folder: Path, bucket: str | None = None) -> ObjectStore:
        """Return a client for a bucket in it; ``folder`` is where the server keeps its data."""
        store = ObjectStore(
            endpoint=self.endpoint,
            access_key=self.access_key,
            secret_key=self.secret_key,
            region=REGION,
            bucket=bucket or self.bucket,
        )
        store.data_folder = folder
        return store


@frozen(kw_only=True)
class LastLaunch:
    """What a start wants to know of the one before."""

    ports: tuple[int, ...] = ()
    """Ports of the services (``weed.SERVICES``), taken again when they are free."""

    scratch: str | None = None
    """Temporary folder, removed when a killed keeper has left it."""


def last_launch(folder: Path) -> LastLaunch:
    """Return how the store in ``folder`` was started last; nothing is known of one that never was."""
    try:
        return codec.decode((folder / "launch.json").read_bytes(), LastLaunch)
    except (FileNotFoundError, BrokenRecord):
        return LastLaunch()


class Launch:
    """One attempt after the other to start the server whose files are in ``folder``."""

    def __init__(self, folder: Path, *, env_file: Path, bucket: str, program: Path | None) -> None:
        self._folder = folder
        self._env_file = env_file
        self._bucket = bucket
        self._program = weed.find_program(program)
        self._log = folder / store_keeper.LOG_FILE

    def start(self) -> tuple[subprocess.Popen[bytes], StoreAddress]:
        """Return the keeper of the started server and where that listens, when it stores things."""
        self._env_file.unlink(missing_ok=True)
        room = shutil.disk_usage(self._folder).free
        if room < LEAST_ROOM_BYTES:
            raise DiskFull(str(self._folder), f"only {room >> 10} KiB are free")
        keys = weed.Keys.of(self._folder)
        weed.write_users(self._folder, keys)
        (self._folder / "data").mkdir(exist_ok=True)
        for _ in range(_STARTS):
            keeper, port = self._start_keeper(keys)
            address = StoreAddress(
                endpoint=f"http://127.0.0.1:{port}",
                access_key=keys.access_key,
                secret_key=keys.secret_key,
                bucket=self._bucket,
            )
            try:
                if self._is_ready(keeper, address, port):
                    write_private(self._env_file, _env_lines(address))
                    return keeper, address
            except BaseException:
                keeper.terminate()
                keeper.wait()
                raise
        message = f"the embedded object store finds no free ports, see {self._log}"
        raise FailedError(message)

    def _start_keeper(self, keys: weed.Keys) -> tuple[subprocess.Popen[bytes], int]:
        last = last_launch(self._folder)
        _remove_leftovers(last)
        ports = weed.choose_ports(last.ports)
        # The path of a socket must be short, and a home may be deep.
        scratch = Path(tempfile.mkdtemp(prefix="newsarchive-"))
        launch = LastLaunch(ports=ports, scratch=str(scratch))
        write_private(self._folder / "launch.json", codec.encode(launch).decode())
        command = weed.command(self._program, self._folder, scratch, ports)
        remove = [str(self._env_file), str(scratch), *weed.socket_files(ports)]
        keeper = [sys.executable, "-I", store_keeper.__file__, str(self._folder), *remove, "--"]
        with self._log.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command line
                [*keeper, *command],
                env=weed.environment(keys, scratch),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return process, ports[0]

    def _is_ready(self, keeper: subprocess.Popen[bytes], address: StoreAddress, port: int) -> bool:
        """Wait until something can be stored; False when somebody took one of the ports."""
        deadline = time.monotonic() + READY_SECONDS
        store = address.open(self._folder)
        trouble = "it does not listen"
        while time.monotonic() < deadline:
            if keeper.poll() is not None:
                return self._explain_end()
            if _listens(port):
                try:
                    store.ensure_bucket()
                    store.put(READY_KEY, b"ready")
                except (StoreUnavailable, StoreRefused) as error:
                    trouble = str(error)
                else:
                    return True
            time.sleep(_POLL_SECONDS)
        message = f"the embedded object store is not ready after {READY_SECONDS} s: {trouble}"
        raise FailedError(message)

    def _explain_end(self) -> bool:
        """Return False when a port was taken (another start may help); else raise what it was."""
        lines = self._log.read_text(errors="replace").strip().splitlines()
        text = "\n".join(lines)
        if "is not available on" in text or "address already in use" in text:
            return False
        if "no space left on device" in text:
            raise DiskFull(str(self._folder), "the embedded object store can't start")
        last = " / ".join(lines[-_LOG_LINES:]) or "it says nothing"
        message = f"the embedded object store did not start ({last}), see {self._log}"
        raise FailedError(message)


def _remove_leftovers(last: LastLaunch) -> None:
    """Remove what a keeper that was killed could not."""
    if last.scratch is None:
        return
    shutil.rmtree(last.scratch, ignore_errors=True)
    for path in weed.socket_files(last.ports):
        Path(path).unlink(missing_ok=True)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _env_lines(address: StoreAddress) -> str:
    return (
        f"ARCHIVE_S3_ENDPOINT={address.endpoint}\n"
        f"ARCHIVE_S3_ACCESS_KEY={address.access_key}\n"
        f"ARCHIVE_S3_SECRET_KEY={address.secret_key}\n"
        f"ARCHIVE_S3_REGION={REGION}\n"
        f"ARCHIVE_BUCKET={address.bucket}\n"
    )
