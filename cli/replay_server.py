"""pywb as a process of its own: its environment, its configuration, its end."""

import json
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from archive.disk import write_private
from archive.errors import ConfigurationError, FailedError, PortTaken
from archive.object_store import ObjectStore
from archive.ports import is_free
from archive.settings import ArchiveSettings
from cli import replay_app
from demo.processes import Component
from pipelines.steps import ReplayIndex

START_SECONDS = 120
"""Most time until pywb listens; usually it takes one or two seconds."""

_POLL_SECONDS = 0.05

_CONFIG = """\
# Written by newsarchive replay at each start. Nothing here leads to the live web: no live collection, no
# fallback to one, no recording, no proxy. What is not held is not found.
collections_root: none
# Nor may a page that is shown load anything from elsewhere.
csp-header: "default-src 'unsafe-eval' 'unsafe-inline' 'self' data: blob:; form-action 'self'"
enable_auto_colls: false
collections:
  {name}:
    index_paths: {captures}
    archive_paths: {paths}
"""

# Stores that are not AWS's have no host name for each bucket.
_AWS = "[default]\ns3 =\n    addressing_style = path\n"


def find_python(settings: ArchiveSettings) -> Path:
    """Return the Python that has pywb; raises :class:`ConfigurationError` that says how to get one."""
    folder = settings.pywb or Path(sys.prefix).parent / ".venv-pywb"
    python = folder / "bin" / "python"
    if not any(folder.glob("lib/python*/site-packages/pywb")) or not python.exists():
        message = (
            f"replay needs pywb in an environment of its own, and there is none in {folder}: "
            "run make pywb, or let ARCHIVE_PYWB name the folder of one (docs/replay.md)"
        )
        raise ConfigurationError(message)
    return python


@contextmanager
def serving(
    python: Path, index: ReplayIndex, store: ObjectStore, *, name: str, port: int
) -> Iterator[tuple[str, Component]]:
    """Serve the captures of an index as collection ``name`` on loopback; give the address and the process.

    Port 0 takes a free one. Raises :class:`PortTaken`, and :class:`FailedError` when pywb does not start.
    """
    port = _port(port)
    config = index.folder / "config.yaml"
    values = {"name": name, "captures": index.captures, "paths": index.paths}
    quoted = {key: json.dumps(str(value)) for key, value in values.items()}
    write_private(config, _CONFIG.format(**quoted))
    write_private(index.folder / "aws.conf", _AWS)
    log = index.folder / "pywb.log"
    log.unlink(missing_ok=True)
    host = urlsplit(store.endpoint).hostname or ""
    # Isolated: neither our modules nor a user's own packages are in its way.
    command = [str(python), "-I", replay_app.__file__, str(config), str(port), host]
    component = Component("pywb", command, log=log, env=_environment(store, index.folder))
    try:
        _wait(component, port)
        yield f"http://{replay_app.LOOPBACK}:{port}", component
    finally:
        component.stop()


def _environment(store: ObjectStore, folder: Path) -> dict[str, str]:
    """Return the whole environment: the keys are in it, for arguments are seen by everybody."""
    conf, none = str(folder / "aws.conf"), "/dev/null"
    return {
        **store.environment(),
        "AWS_CONFIG_FILE": conf,
        "AWS_SHARED_CREDENTIALS_FILE": none,
        "HOME": str(folder),
        "LANG": "C.UTF-8",
    }


def _port(wanted: int) -> int:
    if wanted and not is_free(wanted):
        raise PortTaken(str(wanted), "choose another with --port")
    with socket.socket() as probe:
        probe.bind((replay_app.LOOPBACK, wanted))
        return int(probe.getsockname()[1])


def _wait(component: Component, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        component.check()
        try:
            socket.create_connection((replay_app.LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(_POLL_SECONDS)
        else:
            return
    message = f"pywb does not listen after {START_SECONDS} s, see {component.log}"
    raise FailedError(message)
