"""A site whose answers are odd, each in its own way, sent byte by byte as written here."""

import socketserver
import threading
from types import TracebackType
from typing import Self

FEEDS = "/arc/outboundfeeds"


def response(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole response with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def chunked(body: bytes, *headers: str) -> bytes:
    """A response in chunks."""
    lines = ["HTTP/1.1 200 OK", *headers, "Transfer-Encoding: chunked", "", ""]
    pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in [*pieces, b""])
    return "\r\n".join(lines).encode() + chunks


class OddSite:
    """Serves fixed bytes by path; closes each connection afterwards."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.cookies: list[str] = []
        site = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                path = self.rfile.readline().decode().split(" ")[1]
                while line := self.rfile.readline().strip():
                    if line.lower().startswith(b"cookie"):
                        site.cookies.append(path)
                site.asked.append(path)
                answer = site.answers.get(path.split("?")[0], response("404 Not Found"))
                self.wfile.write(answer)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
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
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def announce(self, paths: list[str]) -> None:
        """List these paths in today's sitemap."""
        index = f"<sitemapindex><sitemap><loc>{self.origin}{FEEDS}/sitemap/latest/</loc></sitemap>"
        self.answers[f"{FEEDS}/sitemap-index/"] = response(
            "200 OK", f"{index}</sitemapindex>".encode(), "Content-Type: text/xml"
        )
        entries = "".join(f"<url><loc>{self.origin}{path}</loc></url>" for path in paths)
        self.answers[f"{FEEDS}/sitemap/latest/"] = response(
            "200 OK", f"<urlset>{entries}</urlset>".encode(), "Content-Type: text/xml"
        )
