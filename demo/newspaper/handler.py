"""One connection to the newspaper: reads requests, logs them, sends answers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, ClassVar, cast
from urllib.parse import urlsplit

import attrs

from demo.newspaper.control import control
from demo.newspaper.delivery import encode, hang_up, send_body
from demo.newspaper.fault import go_wrong
from demo.newspaper.request_log import LoggedRequest
from demo.newspaper.routes import is_forbidden, respond
from demo.newspaper.routing import TEXT, Answer, Call, etag

if TYPE_CHECKING:
    from demo.newspaper.server import Newspaper, Server

WORTH_COMPRESSING = 300


class Handler(BaseHTTPRequestHandler):
    """Answers from the newspaper that its server belongs to."""

    protocol_version = "HTTP/1.1"
    timeout = 120
    disable_nagle_algorithm = True
    wbufsize: ClassVar[int] = -1

    @property
    def newspaper(self) -> Newspaper:
        """Whose requests these are."""
        return cast("Server", self.server).newspaper

    def parse_request(self) -> bool:
        """Take the time: the first line has just arrived."""
        self._arrived_at, self._arrived = datetime.now(UTC), time.monotonic()
        return super().parse_request()

    def _serve(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.newspaper.play()
        target = urlsplit(self.path)
        if target.path.startswith("/_newspaper/"):
            self._send(control(self.newspaper, self.command, target.path, sent))
            return
        self.newspaper.closing.wait(self.newspaper.profile.delay_seconds)
        found = self._conditional(self._answer(target.path, target.query))
        found = self._compressed(found)
        number = self._note(found)
        try:
            self._send(found)
        finally:
            self.newspaper.log.end(number, time.monotonic())

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Serve every method alike; the base class looks for `do_GET` and so on."""
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _answer(self, path: str, query: str) -> Answer:
        call = Call(
            site=self.newspaper.site, path=path, query=query, host=self.headers.get("Host", "")
        )
        if fault := self.newspaper.fault(path):
            return go_wrong(fault, call, respond(call))
        if self.command not in {"GET", "HEAD"}:
            return Answer(status=405, headers={"Allow": "GET, HEAD"}, content_type=TEXT)
        return respond(call)

    def _conditional(self, found: Answer) -> Answer:
        """Add the validators; leave the body out when the client has it already."""
        if found.modified_at is None or not self.newspaper.profile.validators:
            return found
        now = self.newspaper.clock.now()
        if self.newspaper.profile.last_modified == "render_time":
            return found.with_headers(Last_Modified=format_datetime(now, usegmt=True))
        modified_at = min(found.modified_at, now)
        tag = etag(found.body)
        date = format_datetime(modified_at.astimezone(UTC), usegmt=True)
        found = attrs.evolve(found, headers={**found.headers, "ETag": tag, "Last-Modified": date})
        if self._has(tag, modified_at):
            return attrs.evolve(found, status=304, body=b"", compressed=None)
        return found

    def _has(self, tag: str, modified_at: datetime) -> bool:
        if asked := self.headers.get("If-None-Match"):
            known = {part.strip().removeprefix("W/") for part in asked.split(",")}
            return "*" in known or tag.removeprefix("W/") in known
        try:
            since = parsedate_to_datetime(self.headers.get("If-Modified-Since", ""))
        except ValueError:
            return False
        return modified_at.replace(microsecond=0) <= since.astimezone(UTC)

    def _compressed(self, found: Answer) -> Answer:
        coding = found.delivery.coding
        if coding == "identity" or not self.newspaper.profile.compress:
            return found
        found = found.with_headers(Vary="Accept-Encoding")
        if coding == "by_request":
            if not self._accepts_gzip() or len(found.body) < WORTH_COMPRESSING:
                return found
            coding = "gzip"
        ready = found.compressed if coding == "gzip" else None
        found = found.with_body(ready or encode(found.body, coding))
        return found.with_headers(Content_Encoding=coding)

    def _accepts_gzip(self) -> bool:
        codings = self.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
        return any(coding in {"gzip", "*"} or _wanted(coding) for coding in codings)

    def _note(self, found: Answer) -> int:
        """Log the request before it is answered, so that a client finds it there at once."""
        target = urlsplit(self.path)
        entry = LoggedRequest(
            at=self._arrived_at,
            arrived=self._arrived,
            method=self.command,
            path=target.path,
            query=target.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            status=found.status,
            body_bytes=0 if self.command == "HEAD" else len(found.body) * found.delivery.repeats,
            forbidden=is_forbidden(target.path, target.query),
        )
        if found.status != HTTPStatus.NOT_MODIFIED and self.command != "HEAD":
            self.newspaper.note_sent(target.path, target.query, found.body)
        return self.newspaper.log.add(entry)

    def _send(self, found: Answer) -> None:
        delivery = found.delivery
        self.newspaper.closing.wait(delivery.hold_seconds)
        if delivery.reset:
            hang_up(self)
        self.send_response_only(found.status)
        common = {"Server": self.version_string(), "Date": self.date_time_string()}
        for name, value in {**common, **found.headers}.items():
            self.send_header(name, value)
        if found.status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", found.content_type)
            if delivery.chunked:
                self.send_header("Transfer-Encoding", "chunked")
            else:
                self.send_header("Content-Length", str(len(found.body) * delivery.repeats))
        self.end_headers()
        if self.command != "HEAD" and found.status != HTTPStatus.NOT_MODIFIED:
            send_body(self, found.body, delivery, self.newspaper.closing)
        self.wfile.flush()

    def date_time_string(self, timestamp: float | None = None) -> str:  # noqa: ARG002 - as inherited
        """Return the `Date` header, by the newspaper's clock."""
        return format_datetime(self.newspaper.clock.now(), usegmt=True)

    def version_string(self) -> str:
        """Return the `Server` header."""
        return "openresty"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Print nothing; the request log has it."""


def _wanted(coding: str) -> bool:
    name, _, quality = coding.partition(";q=")
    return name == "gzip" and quality.strip("0.") != ""
