"""A running ``newsarchive replay``, and what it answers."""

import http.client
import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import pytest
from attrs import frozen

from pipelines.replay import replay_path
from tests.cli.support import COMMAND

PUBLISHER = "nzherald"

PYWB = Path(sys.prefix).parent / ".venv-pywb"

needs_pywb = pytest.mark.skipif(
    not (PYWB / "installed").exists(), reason="needs pywb in its own environment: make pywb"
)


@frozen
class Answer:
    """One answer of pywb, as it came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Replay:
    """A replay that serves."""

    def __init__(self, process: subprocess.Popen[str], out: IO[str]) -> None:
        self.process = process
        self.said: list[str] = []
        for line in out:
            self.said.append(line.rstrip("\n"))
            if line.startswith("  http://"):
                break
        assert self.said, "it ended before it served"
        self.url = self.said[-1].strip()
        host = re.search(r"127\.0\.0\.1:(\d+)", self.url)
        assert host is not None, self.said
        self.port = int(host[1])

    def get(self, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip, br"})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def raw(self, url: str, at: datetime) -> Answer:
        """What stands at an address at an instant, as it was received."""
        path = replay_path(PUBLISHER, url, at)
        before, after = path[: path.index("/http")], path[path.index("/http") :]
        return self.get(before + "id_" + urllib.parse.quote(after, safe="/:?&=%"))

    def children(self) -> list[int]:
        """Every process below it."""
        return list(_below(self.process.pid))


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            yield child
            yield from _below(child)


@contextmanager
def replaying(env: dict[str, str], *arguments: str) -> Iterator[Replay]:
    """Run ``newsarchive replay`` until the block ends."""
    with subprocess.Popen(
        [COMMAND, "replay", *arguments], env=env, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield Replay(process, process.stdout)
        finally:
            process.terminate()
            process.communicate(timeout=60)
