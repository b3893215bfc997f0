"""What pywb's own Python runs: pywb on loopback, which can reach the object store and nobody else.

    python cli/replay_app.py CONFIG PORT STORE_HOST

Nothing of this project is importable there. Nor does the configuration lead to the live web: the hook is for
what a library may do on its own, such as fetch a list of top-level domains.
"""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

LOOPBACK = "127.0.0.1"
"""Where it listens, and on no other address."""

_ASKING = {"socket.getaddrinfo", "socket.gethostbyname"}


def refuse_all_but(*hosts: str) -> Callable[[str, tuple[object, ...]], None]:
    """Return a hook that lets this process look up these hosts and loopback only."""
    allowed = {LOOPBACK, "localhost", "::1", *hosts}

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in _ASKING:
            host = arguments[0].decode() if isinstance(arguments[0], bytes) else arguments[0]
            if host is not None and host not in allowed:
                message = f"replay asks nobody but the object store, and not {host}"
                raise PermissionError(message)

    return hook


def main(config: str, port: str, store_host: str) -> None:
    """Serve until the process is ended."""
    sys.addaudithook(refuse_all_but(store_host))
    from gevent import monkey  # noqa: PLC0415 - before anything else opens a socket

    monkey.patch_all()
    from pywb.apps.frontendapp import FrontEndApp  # noqa: PLC0415 - see above
    from pywb.utils.geventserver import (  # noqa: PLC0415 - see above
        GeventServer,
        RequestURIWSGIHandler,
    )

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # Templates of the working directory come before pywb's own.
    os.chdir(Path(__file__).with_name("replay_templates"))
    application = FrontEndApp(config_file=config)
    GeventServer(
        application,
        port=int(port),
        hostname=LOOPBACK,
        handler_class=RequestURIWSGIHandler,
        direct=True,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
