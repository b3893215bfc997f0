"""A store with bad days: a proxy before a real one that refuses, loses, cuts and delays by plan."""

import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Literal
from urllib.parse import urlsplit

from attrs import define

Fault = Literal[
    "SlowDown", "InternalError", "ConditionalRequestConflict", "InsufficientStorage", "lost", "cut", "slow", "pass",
]  # fmt: skip
"""What happens to a request. ``lost``: it is carried out, and its answer never comes. ``pass``: nothing."""

_STATUS = {
    "SlowDown": 503,
    "InternalError": 500,
    "ConditionalRequestConflict": 409,
    "InsufficientStorage": 507,
}
_WEATHER: dict[str, list[Fault]] = {
    "PUT": ["SlowDown", "InternalError", "ConditionalRequestConflict", "lost", "cut"],
    "GET": ["SlowDown", "InternalError", "lost", "cut"],
    "HEAD": ["SlowDown", "lost"],
    "DELETE": ["SlowDown", "lost"],
}
_SLOW_SECONDS = 1.0
_WRITES = {"PUT", "POST", "DELETE"}


@define
class Rule:
    """Requests of a method whose path contains some text meet a fault, so many times."""

    fault: Fault
    method: str = "PUT"
    path: str = ""
    times: int = 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # As many writers at once as a test likes.


class FaultyStore:
    """The proxy: forwards what no rule is for, and counts the requests by method."""

    def __init__(self, endpoint: str) -> None:
        self.rules: list[Rule] = []
        self.seen: Counter[str] = Counter()
        self.strike: Callable[[str], bool] = lambda _path: False
        """Told of the path of each write; True when it has killed whoever asked for it."""
        self.strikes_after = False
        """Whether it is told once the write is carried out, and not before."""
        self._share = 0.0
        self._chance = Random(0)  # noqa: S311 - the same each time
        self._target = urlsplit(endpoint).netloc
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            do_PUT = do_HEAD = do_DELETE = do_POST = do_GET  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                pass

        self.server = _Server(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"

    def bad_weather(self, share: float, chance: Random) -> None:
        """From now on, let this share of all requests meet some fault."""
        self._share, self._chance = share, chance

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Carry a request out, or what the first rule for it says."""
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        fault = self._fault(request.command, request.path)
        if fault in _STATUS:
            return self._refuse(request, str(fault))
        if fault == "slow":
            time.sleep(_SLOW_SECONDS)
        if self._strikes(request, after=False):
            return self._hang_up(request)
        status, headers, content = self._forward(request, body)
        if self._strikes(request, after=True) or fault == "lost":
            return self._hang_up(request)
        request.send_response(status)
        for name, value in headers:
            if name.lower() not in {"transfer-encoding", "connection", "date", "server"}:
                request.send_header(name, value)
        request.end_headers()
        if fault == "cut":
            request.wfile.write(content[: len(content) // 2])
            return self._hang_up(request)
        request.wfile.write(content)
        return None

    def _strikes(self, request: BaseHTTPRequestHandler, *, after: bool) -> bool:
        is_due = request.command in _WRITES and self.strikes_after == after
        return is_due and self.strike(request.path)

    def _fault(self, method: str, path: str) -> Fault | None:
        with self._lock:
            self.seen[method] += 1
            for rule in self.rules:
                if rule.times and rule.method == method and rule.path in path:
                    rule.times -= 1
                    return rule.fault
            if self._share and self._chance.random() < self._share:
                return self._chance.choice(_WEATHER[method])
        return None

    def _forward(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection(self._target, timeout=30)
        # The signature is over the headers as they came, Host among them.
        connection.putrequest(
            request.command, request.path, skip_host=True, skip_accept_encoding=True
        )
        for name, value in request.headers.items():
            if name.lower() not in {"connection", "expect"}:
                connection.putheader(name, value)
        connection.endheaders(body)
        try:
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _refuse(self, request: BaseHTTPRequestHandler, code: str) -> None:
        content = f"<Error><Code>{code}</Code><Message>By plan.</Message></Error>".encode()
        request.send_response(_STATUS[code])
        request.send_header("Content-Type", "application/xml")
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(content)

    def _hang_up(self, request: BaseHTTPRequestHandler) -> None:
        with suppress(OSError):  # Nobody may be there any more.
            request.wfile.flush()
            request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True


@contextmanager
def faulty(endpoint: str) -> Iterator[FaultyStore]:
    """Serve a faulty store before ``endpoint``."""
    store = FaultyStore(endpoint)
    thread = threading.Thread(target=store.server.serve_forever)
    thread.start()
    try:
        yield store
    finally:
        store.server.shutdown()
        thread.join()
        store.server.server_close()
