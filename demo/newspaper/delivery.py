"""How an answer goes over the wire: its coding, and what may break on the way."""

from __future__ import annotations

import gzip
import socket
import struct
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Literal, NoReturn

import attrs
import brotli  # type: ignore[import-untyped]

Coding = Literal["by_request", "identity", "gzip", "br", "zstd"]


@attrs.frozen(kw_only=True)
class Delivery:
    """The manner of sending one answer; the plain one by default."""

    coding: Coding = "by_request"
    """The content coding: gzip if the client accepts it, or this one whatever it accepts."""

    chunked: bool = False
    """Whether the body goes in chunks, without `Content-Length`."""

    sent_share: float = 1.0
    """How much of the body is sent before the connection is closed; all headers say otherwise."""

    repeats: int = 1
    """How often the body is sent, one after the other: an enormous answer from a small one."""

    reset: bool = False
    """Whether the connection is reset in place of an answer."""

    hold_seconds: float = 0.0
    """How long nothing at all is sent."""

    stall_seconds: float = 0.0
    """How long the body stops in the middle; then the rest comes."""


def encode(body: bytes, coding: Coding) -> bytes:
    """Compress in a coding; equal bodies have equal bytes."""
    match coding:
        case "gzip":
            return gzip.compress(body, 6, mtime=0)
        case "br":
            return bytes(brotli.compress(body, quality=4))
        case "zstd":
            from backports import zstd  # noqa: PLC0415 - only this profile needs it

            return bytes(zstd.compress(body))
        case _:
            return body


def send_body(
    handler: BaseHTTPRequestHandler, body: bytes, delivery: Delivery, closing: Event
) -> None:
    """Send a body after its headers, and break off where the delivery says so.

    `closing` ends the waiting early, when the newspaper closes.
    """
    for number, piece in enumerate(_pieces(body, delivery)):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if delivery.chunked else piece)
        if delivery.stall_seconds and number == 0:
            handler.wfile.flush()
            closing.wait(delivery.stall_seconds)
    if delivery.sent_share < 1:
        handler.close_connection = True
    elif delivery.chunked:
        handler.wfile.write(b"0\r\n\r\n")


def hang_up(handler: BaseHTTPRequestHandler) -> NoReturn:
    """Reset the connection, so that the client does not take it for an orderly end.

    Ends the handler with a `ConnectionAbortedError`, since there is nothing left to write to.
    """
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    for end in (handler.rfile, handler.wfile, handler.connection):
        end.close()
    raise ConnectionAbortedError


def _pieces(body: bytes, delivery: Delivery) -> Iterator[bytes]:
    """Cut the part of the body that is sent in two where it matters."""
    share = body[: int(len(body) * delivery.sent_share)]
    parts = 2 if delivery.chunked or delivery.stall_seconds else 1
    size = max(1, -(-len(share) // parts))
    for _ in range(delivery.repeats):
        for start in range(0, len(share), size):
            yield share[start : start + size]
