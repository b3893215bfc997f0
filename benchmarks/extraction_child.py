"""The inside of a process that reads pages with one system: a line of JSON in, a line out.

    python -m benchmarks.extraction_child benchmarks.peers.readers:goose3 goose3

It runs in any environment, so it imports nothing but the system. Network is refused.
"""

import gzip
import importlib
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Read = Callable[[bytes, str, str | None], Row]

WARM_UP = b"""<html><head><title>Harbour bridge reopens</title></head><body><article>
<h1>Harbour bridge reopens</h1><p>The harbour bridge was opened again on Monday, after ten days.</p>
<p>Engineers had found a crack, said the council, and it has been mended.</p></article></body></html>"""
"""An invented page, read before the first one counts: libraries load their data when first used."""


def main(target: str, package: str) -> None:
    """Answer each page with what the system made of it, until there are no more."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer
    logging.disable(logging.CRITICAL)
    refused = refuse_network()
    module, name = target.split(":")
    read: Read = getattr(importlib.import_module(module), name)
    answer(read, {"id": "", "url": "https://example.org/world/harbour-bridge"}, WARM_UP)
    refused.clear()
    print(json.dumps({"version": version(package)}), file=answers, flush=True)
    for line in sys.stdin:
        page = json.loads(line)
        row = answer(read, page, content_of(Path(page["path"])))
        print(json.dumps(row | {"network": len(refused)}, default=str), file=answers, flush=True)
        refused.clear()


def answer(read: Read, page: Row, content: bytes) -> Row:
    """Return the record of one page, with the CPU seconds it took; an error is part of it."""
    started = time.process_time()
    try:
        row = read(content, page["url"], page.get("day"))
    except Exception as error:  # noqa: BLE001 - whatever a system throws is counted against it
        row = {"error": f"{type(error).__name__}: {error}"[:300]}
    return {"id": page["id"], "seconds": time.process_time() - started} | row


def content_of(path: Path) -> bytes:
    """Return a saved page, unpacked."""
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def refuse_network() -> list[str]:
    """Let every use of the network fail from here on; return the list in which each is noted."""
    refused: list[str] = []

    def hook(event: str, _arguments: object) -> None:
        if event in {
            "socket.connect",
            "socket.getaddrinfo",
            "socket.gethostbyname",
            "socket.sendto",
        }:
            refused.append(event)
            message = "no network while pages are read"
            raise OSError(message)

    sys.addaudithook(hook)
    return refused


if __name__ == "__main__":
    main(*sys.argv[1:3])
