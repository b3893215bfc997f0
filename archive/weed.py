"""SeaweedFS as one program on loopback: its files, its ports, its command line.

The flags and the environment are those tried with version 4.48 (November 2026). Without the signing
keys its inner HTTP ports would hand out and take every object without credentials. Its gRPC ports
have no login: on a machine with other people's accounts, use a store of your own.
"""

import json
import secrets
import shutil
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import msgspec
from attrs import asdict, frozen

from archive.disk import write_private
from archive.errors import ConfigurationError
from archive.ports import is_free

GRPC_OFFSET = 10_000
"""The server listens on each of its ports and on that port plus this."""

SERVICES = ("s3", "master", "volume", "filer", "admin")
"""What listens on the ports of one server, in their order."""

# Below the range from which Linux takes the ports of outgoing connections, the offset included.
_FIRST_PORT, _LAST_PORT = 11_000, 22_000
# The server's own socket files; it takes no option for them, and a killed server leaves them.
_SOCKETS = "/tmp/seaweedfs-{service}-grpc-{port}.sock"  # noqa: S108 - fixed in the program
# By default it makes room for one volume a GiB of free disk, and each bucket needs one of its own.
_MOST_VOLUMES = 1000


@frozen(kw_only=True)
class Keys:
    """The secrets of one embedded store, made at its first start."""

    access_key: str
    """Access key of its only user."""

    secret_key: str
    """Secret key of its only user."""

    signing_key: str
    """What the parts of the server sign their own requests with."""

    @classmethod
    def of(cls, folder: Path) -> "Keys":
        """Return the keys kept in ``folder``, made now when there are none."""
        path = folder / "keys.json"
        if not path.exists():
            keys = cls(
                access_key=secrets.token_hex(10).upper(),
                secret_key=secrets.token_urlsafe(30),
                signing_key=secrets.token_hex(32),
            )
            write_private(path, json.dumps(asdict(keys)))
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except msgspec.DecodeError as error:
            message = f"{path} is damaged ({error}): restore it, the store cannot be opened without"
            raise ConfigurationError(message) from error


def find_program(told: Path | None = None) -> Path:
    """Return the ``weed`` program; raises :class:`ConfigurationError` when it is not installed."""
    beside = told or Path(sysconfig.get_path("scripts")) / "weed"
    found = str(beside) if beside.exists() or told else shutil.which("weed")
    if found is None or not Path(found).exists():
        message = (
            "the embedded object store is not installed here (the program weed): "
            "run make install, or set ARCHIVE_S3_ENDPOINT to another store"
        )
        raise ConfigurationError(message)
    return Path(found)


def choose_ports(before: Sequence[int] = ()) -> tuple[int, ...]:
    """Return a free port for each service; the ones used ``before`` if they still are free."""
    if len(before) == len(SERVICES) and all(map(_is_pair_free, before)):
        return tuple(before)
    candidates = secrets.SystemRandom().sample(range(_FIRST_PORT, _LAST_PORT), 500)
    free = (port for port in candidates if _is_pair_free(port))
    return tuple(port for port, _ in zip(free, SERVICES, strict=False))


def _is_pair_free(port: int) -> bool:
    return is_free(port) and is_free(port + GRPC_OFFSET)


def socket_files(ports: Sequence[int]) -> list[str]:
    """Return the socket files that a server on these ports leaves behind when it is killed."""
    return [
        _SOCKETS.format(service=service, port=port + GRPC_OFFSET)
        for service, port in zip(SERVICES, ports, strict=True)
    ]


def command(program: Path, folder: Path, scratch: Path, ports: Sequence[int]) -> list[str]:
    """Return the command line; ``scratch`` is short enough for a socket's path."""
    chosen = [f"-{name}.port={port}" for name, port in zip(SERVICES, ports, strict=True)]
    return [
        str(program),
        # To the output, not into files: it gives up when it cannot write those.
        "-logtostderr=true",
        "mini",
        f"-dir={folder / 'data'}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        f"-s3.config={folder / 's3.json'}",
        *chosen,
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-webdav=false",
        "-admin.ui=false",
        "-master.telemetry=false",
        # It would wait to be elected, and the volumes would come back for it five seconds later.
        "-master.resumeState=false",
        f"-volume.max={_MOST_VOLUMES}",
        f"-s3.localSocket={scratch / 's3.sock'}",
        f"-filer.localSocket={scratch / 'filer.sock'}",
    ]


def environment(keys: Keys, scratch: Path) -> dict[str, str]:
    """Return the whole environment of the server: nothing of ours leaks into it."""
    names = ("SIGNING", "SIGNING_READ", "FILER_SIGNING", "FILER_SIGNING_READ")
    signing = {f"WEED_JWT_{name}_KEY": keys.signing_key for name in names}
    return {"TMPDIR": str(scratch), "HOME": str(scratch), **signing}


def write_users(folder: Path, keys: Keys) -> None:
    """Write the server's list of users: one, who may do everything."""
    credentials = [{"accessKey": keys.access_key, "secretKey": keys.secret_key}]
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    user = {"name": "newsarchive", "credentials": credentials, "actions": actions}
    write_private(folder / "s3.json", json.dumps({"identities": [user]}))
