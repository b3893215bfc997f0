"""The newspaper as a web server on the loopback, with its handles for tests."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import socket
import sys
import threading
from collections import Counter
from datetime import datetime
from fnmatch import fnmatchcase
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import attrs

from demo.newspaper.clock import Clock
from demo.newspaper.edition import Edition
from demo.newspaper.fault import Fault, fault_of
from demo.newspaper.handler import Handler
from demo.newspaper.newsroom import Newsroom, Removal
from demo.newspaper.profile import Profile
from demo.newspaper.request_log import RequestLog
from demo.newspaper.routing import AnswerCache, PageCache, Site, story_page
from demo.newspaper.script import Script, Step
from demo.newspaper.story import Story

LOOPBACK = "127.0.0.1"


class Newspaper:
    """A running newspaper: `with Newspaper(edition) as paper: …paper.origin…`.

    It serves from threads of this process, on 127.0.0.1 only. `clock`, `log` and `newsroom` may be
    used and `profile` replaced while it runs.
    """

    def __init__(
        self,
        edition: Edition,
        *,
        port: int = 0,
        profile: Profile | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.edition = edition
        self.profile = profile or Profile()
        self.clock = clock or Clock()
        self.log = RequestLog()
        self.newsroom = Newsroom(edition, self.clock)
        self.closing = threading.Event()
        self._pages = PageCache()
        self._kept = AnswerCache(self.clock)
        self._script = Script()
        self._published = itertools.count()
        self._sent: dict[str, bytes] = {}
        self._asked: Counter[tuple[str, Fault]] = Counter()
        self._failed: Counter[tuple[str, Fault]] = Counter()
        self._lock = threading.Lock()
        self._server = Server((LOOPBACK, port), self)
        self.port: int = self._server.server_port
        self.origin = f"http://{LOOPBACK}:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving and close every connection; the second time does nothing."""
        self.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()

    @property
    def site(self) -> Site:
        """What the routes answer from, with the profile of this moment."""
        self.play()
        return Site(
            newsroom=self.newsroom,
            profile=self.profile,
            origin=self.origin,
            pages=self._pages,
            log=self.log,
            kept=self._kept,
        )

    def page(self, story: Story) -> bytes:
        """Return the exact HTML that is served for this story now, before compression."""
        return gzip.decompress(story_page(self.site, story))

    def script(self, *steps: Step) -> None:
        """Plan what is to happen, as pairs of when and what; the module `changes` has what can.

        When is an instant of the newspaper's clock, or a number: after so many more requests.
        """
        self._script.add(steps, self.log.total)

    def play(self) -> None:
        """Do what the script has due by now; every request and look at a story does so first."""
        self._script.play(self, self.clock.now(), self.log.total)

    def publish(
        self,
        kind: str,
        at: datetime | None = None,
        *,
        section: str = "world",
        number: int | None = None,
        **fields: Any,  # noqa: ANN401 - attrs checks them
    ) -> Story:
        """Put one more story of this kind on the site, at once, and return it.

        `at` is its date, now by default: an earlier one makes a back-dated story, a later one a
        story whose page is out before its date. Each call makes another story, unless a `number`
        says otherwise. `KeyError` for an unknown kind.
        """
        now = self.clock.now()
        number = next(self._published) if number is None else number
        story = self.edition.make(kind, at=at or now, section=section, number=number)
        if story.out_at > now:
            story = attrs.evolve(story, served_from=now)
        story = attrs.evolve(story, **fields)
        self.newsroom.add(story)
        return story

    def story(self, article_id: str) -> Story:
        """Return the story as it is now, changes included; `KeyError` when it is not out."""
        self.play()
        story = self.newsroom.story(article_id)
        if story is None:
            raise KeyError(article_id)
        return story

    def change(self, article_id: str, **fields: Any) -> Story:  # noqa: ANN401 - attrs checks them
        """Replace fields of a story; its `date_modified` becomes now unless it is given."""
        return self.newsroom.change(article_id, **fields)

    def remove(self, article_id: str, how: Removal = "status") -> None:
        """Take a story off the site: 410, or what the profile's `removed_status` says, or `how`."""
        self.newsroom.remove(article_id, how)

    def bytes_sent(self, path: str) -> bytes:
        """Return the last body sent for this path (or path and query), as it went over the wire.

        A 304 leaves it as it was. `KeyError` when nothing was sent yet.
        """
        with self._lock:
            return self._sent[path]

    def note_sent(self, path: str, query: str, body: bytes) -> None:
        """Keep a body that goes out, for `bytes_sent`."""
        with self._lock:
            self._sent[path] = body
            if query:
                self._sent[f"{path}?{query}"] = body

    def fault(self, path: str) -> Fault | None:
        """Say what is to go wrong with this request, if anything; counts down what heals."""
        for pattern, planned in self.profile.faults.items():
            if fnmatchcase(path, pattern):
                fault = fault_of(planned)
                return fault if self._happens(pattern, path, fault) else None
        return None

    def _happens(self, pattern: str, path: str, fault: Fault) -> bool:
        with self._lock:
            self._asked[pattern, fault] += 1
            if self._asked[pattern, fault] <= fault.after:
                return False
            self._failed[path, fault] += 1
            return fault.times is None or self._failed[path, fault] <= fault.times


class Server(ThreadingHTTPServer):
    """Keeps count of its connections, so that closing leaves none behind."""

    daemon_threads = False
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], newspaper: Newspaper) -> None:
        self.newspaper = newspaper
        self._connections: set[socket.socket] = set()
        self._connections_lock = threading.Lock()
        super().__init__(address, Handler)

    def server_bind(self) -> None:
        """Bind without asking the resolver for a host name, which takes seconds without one."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Remember the connection, then serve it in a thread of its own."""
        with self._connections_lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as inherited
        """Forget the connection and close it."""
        with self._connections_lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End what clients keep open, so that no thread waits for them."""
        with self._connections_lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as inherited
        """Say nothing when a client has gone away; anything else is a mistake and is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
