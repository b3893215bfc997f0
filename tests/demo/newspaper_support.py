"""How the tests of the made-up newspaper ask it."""

import http.client
import re
import socket
from datetime import UTC, datetime

from demo.newspaper import Edition, Newspaper, Story

TODAY = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
XML = "?outputType=xml&_website=nzh"
FEEDS = "/arc/outboundfeeds"


class Reply:
    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(paper: Newspaper, path: str, method: str = "GET", body: str = "", **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", paper.port, timeout=10)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body.encode() or None, names)
        response = connection.getresponse()
        return Reply(response.status, dict(response.headers.items()), response.read())
    finally:
        connection.close()


def listed(paper: Newspaper, path: str) -> list[str]:
    locs = re.findall(r"<loc>([^<]*)</loc>", ask(paper, path + XML).text)
    return [loc.replace("&amp;", "&").removeprefix(paper.origin) for loc in locs]


def of_kind(edition: Edition, name: str) -> Story:
    return next(story for story in edition.stories if story.variant == name)


def raw(paper: Newspaper, path: str, timeout: float = 10) -> tuple[bytes, bytes]:
    """Head and body exactly as they go over the wire, however the connection ends."""
    with socket.create_connection(("127.0.0.1", paper.port), timeout=timeout) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        pieces = []
        while piece := connection.recv(1 << 20):
            pieces.append(piece)
    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return head, body
