"""``newsarchive replay`` as a user runs it: where it listens, what it asks, what it says, how it ends."""

import html
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from archive.connect import Archive, open_archive
from archive.embedded_store import EmbeddedStore
from archive.keys import cdxj_key
from archive.settings import ArchiveSettings
from cli import replay_app
from demo.newspaper import Edition, Newspaper
from docs.screenshot import has_browser, headless, shows
from tests.cli.replaying import PYWB, needs_pywb, replaying
from tests.cli.support import Result, environment
from tests.crawler.crawling import wait_for
from tests.pipelines.support import Run, stories, take_steps


class Held:
    """An archive that holds a story in two revisions, the second an hour later."""

    def __init__(self, archive: Archive, newspaper: Newspaper, folder: Path) -> None:
        self.archive = archive
        self.newspaper = newspaper
        (self.story, *_) = stories(newspaper)
        self.pages = [newspaper.page(self.story)]
        self.pages.append(self.pages[0].replace(b"<p>", b"<p>Later: ", 1))
        self.runs = [
            self._run(folder / str(hours), hours, page) for hours, page in enumerate(self.pages)
        ]

    def _run(self, folder: Path, hours: int, page: bytes) -> Run:
        folder.mkdir()
        run = Run(self.archive, self.newspaper, folder, hours)
        run.add(self.story, page)
        summary = run.preserve()
        index = run.path.with_name(f"{run.path.name}.cdxj")
        self.archive.store.upload_once(cdxj_key(run.warc_key), index)
        take_steps(self.archive, summary)
        return run

    @property
    def url(self) -> str:
        return self.newspaper.origin + self.story.path


@pytest.fixture(scope="module")
def held(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Held]:
    """One archive for all tests, which only look."""
    folder = tmp_path_factory.mktemp("replay")
    with Newspaper(edition) as newspaper:
        settings = ArchiveSettings(
            home=folder / "home",
            publisher_origin=newspaper.origin,
            s3_endpoint=s3_server.endpoint,
            s3_access_key=s3_server.access_key,
            s3_secret_key=SecretStr(s3_server.secret_key),
            bucket=f"replay-{uuid.uuid4().hex[:12]}",
        )
        with open_archive(settings) as archive:
            yield Held(archive, newspaper, folder)


@pytest.fixture
def env(held: Held) -> dict[str, str]:
    origin = held.newspaper.origin
    return environment(held.archive.settings, ARCHIVE_PUBLISHER_ORIGIN=origin)


@needs_pywb
def test_an_article_is_shown_as_it_stood(held: Held, env: dict[str, str]) -> None:
    for at, page in zip(("2026-03-01T22:30:00Z", "2026-03-02T12:30"), held.pages, strict=True):
        with replaying(env, held.story.article_id, "--at", at) as replay:
            said = replay.said + [replay.process.stdout.readline() for _ in range(2)]  # type: ignore[union-attr]
            assert "2 WARC files" in said[0]
            address = said[-1].strip()
            assert address.startswith(replay.url + "2026030")
            assert address.endswith(held.url)
            path = address.removeprefix(f"http://127.0.0.1:{replay.port}")
            stamp = path.split("/")[2]
            raw = replay.get(path.replace(stamp, f"{stamp}id_"))
            assert raw.body == page
            # People see the frame, and in it the page.
            frame = replay.get(path)
            assert (frame.status, b"in New Zealand" in frame.body) == (200, True)
            shown = replay.get(path.replace(stamp, f"{stamp}mp_"))
            assert shown.status == 200
            assert (b"Later: " in shown.body) == (page == held.pages[1])


@needs_pywb
@pytest.mark.skipif(not has_browser(), reason="needs Chromium and its driver")
def test_a_browser_shows_the_page_and_when_it_was_captured(held: Held, env: dict[str, str]) -> None:
    asked = held.newspaper.log.total
    with replaying(env) as replay, headless() as browser:
        browser.get(f"{replay.url}20260301221501/{held.url}")
        shows(browser, "Captured 2 March 2026 at 11:15:01 in New Zealand (2026-03-01T22:15:01Z)")
        shows(browser, held.url, "All captures of this page")
        assert browser.title == page_title(held.pages[0])
        browser.switch_to.frame("replayed")
        shows(browser, held.story.headline)
        # Whatever the page asks for besides, it asks the replay for.
        browser.switch_to.default_content()
        browser.find_element("id", "others").click()
        shows(browser, "2 captures")
    assert held.newspaper.log.total == asked


def page_title(page: bytes) -> str:
    return html.unescape(page.partition(b"<title>")[2].partition(b"</title>")[0].decode())


@needs_pywb
def test_what_is_not_held_is_not_found_and_nobody_is_asked(held: Held, env: dict[str, str]) -> None:
    asked = held.newspaper.log.total
    with replaying(env) as replay:
        at = held.runs[0].started_at
        for url in (
            f"{held.newspaper.origin}/world/not-held/",
            f"{held.newspaper.origin}/",
            "http://example.org/",
            "https://example.org/a.js",
        ):
            assert replay.raw(url, at).status == 404
            for way in ("mp_", "if_", "js_", "oe_"):
                assert replay.get(f"/nzherald/2026{way}/{url}").status == 404
        for path in ("/live/", "/nzherald/record/", "/all/"):
            assert replay.get(f"{path}{held.url}").status == 404
        assert replay.raw(held.url, at).status == 200
    assert held.newspaper.log.total == asked


def test_the_process_that_replays_can_look_up_nobody_but_the_store() -> None:
    code = f"""
import runpy, socket, sys
app = runpy.run_path({replay_app.__file__!r})
sys.addaudithook(app["refuse_all_but"]("s3.example"))
socket.getaddrinfo("127.0.0.1", 80), socket.getaddrinfo("localhost", 80)
for host in ("publicsuffix.example", b"publicsuffix.example", "192.0.2.1"):
    try:
        socket.getaddrinfo(host, 80)
    except PermissionError as error:
        print(error)
try:
    socket.getaddrinfo("s3.example", 80)
except OSError as error:
    print(type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.count("replay asks nobody but the object store") == 3
    assert done.stdout.splitlines()[-1] == "gaierror", "only the network stands in its way"


def listening(pids: list[int]) -> set[str]:
    """The addresses on which these processes listen, as the kernel writes them."""
    inodes = set()
    for pid in pids:
        for entry in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                inodes.add(str(entry.readlink()).removeprefix("socket:[").rstrip("]"))
            except OSError:
                continue
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            parts = line.split()
            if parts[3] == "0A" and parts[9] in inodes:
                found.add(parts[1].partition(":")[0])
    return found


@needs_pywb
def test_it_listens_on_loopback_and_its_keys_are_nowhere_to_be_seen(
    held: Held, env: dict[str, str]
) -> None:
    secret, key = env["ARCHIVE_S3_SECRET_KEY"], env["ARCHIVE_S3_ACCESS_KEY"]
    with replaying(env) as replay:
        assert replay.raw(held.url, held.runs[0].started_at).status == 200
        replay.get("/nzherald/2026id_/http://not.held.example/")
        pids = replay.children()
        assert len(pids) >= 2
        loopback = {"0100007F", "00000000000000000000000001000000"}
        assert listening(pids) <= loopback
        for pid in (*pids, replay.process.pid):
            assert secret not in Path(f"/proc/{pid}/cmdline").read_text()
    folder = held.archive.settings.home / "replay" / "nzherald"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"config.yaml", "index.cdxj", "paths.tsv", "pywb.log"} <= {path.name for path in files}
    for path in files:
        content = path.read_text()
        assert secret not in content, path
        assert key not in content, path
    assert (folder / "config.yaml").stat().st_mode & 0o777 == 0o600
    assert "live" in (folder / "config.yaml").read_text()
    # Nothing of the captures is copied.
    assert sum(path.stat().st_size for path in files) < len(held.pages[0])


def gone(pids: list[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


@needs_pywb
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_nothing_is_left_of_it(
    held: Held, env: dict[str, str], ending: int
) -> None:
    with replaying(env, "--port", str(free := free_port())) as replay:
        assert replay.port == free
        pids = replay.children()
        assert len(pids) >= 2
        replay.process.send_signal(ending)
        code = replay.process.wait(timeout=60)
    assert code == (0 if ending != signal.SIGKILL else -signal.SIGKILL)
    wait_for(lambda: gone(pids))


@needs_pywb
def test_pywb_that_dies_is_told(held: Held, env: dict[str, str]) -> None:
    with replaying(env) as replay:
        time.sleep(0.1)
        os.kill(replay.children()[-1], signal.SIGKILL)
        assert replay.process.wait(timeout=60) == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@needs_pywb
def test_a_port_that_is_taken_is_told(held: Held, run: Callable[..., Result]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = run("replay", "--port", port)
    assert done.code == 1
    assert done.is_one_clear_line(port, "--port")


@needs_pywb
def test_a_store_is_asked_by_path_also_under_a_host_name(held: Held, env: dict[str, str]) -> None:
    named = env["ARCHIVE_S3_ENDPOINT"].replace("127.0.0.1", "localhost")
    with replaying({**env, "ARCHIVE_S3_ENDPOINT": named, "ARCHIVE_PYWB": str(PYWB)}) as replay:
        assert replay.raw(held.url, held.runs[0].started_at).body == held.pages[0]


@needs_pywb
def test_what_is_not_held_is_refused_clearly(
    held: Held, run: Callable[..., Result], tmp_path: Path
) -> None:
    unknown = run("replay", "A" * 26)
    assert unknown.code == 2
    assert unknown.is_one_clear_line("no article", "newsarchive articles")
    early = run("replay", held.story.article_id, "--at", "2026-03-01T00:00:00Z")
    assert early.code == 2
    assert early.is_one_clear_line("first captured at")
    fresh = {"ARCHIVE_HOME": str(tmp_path / "fresh")}
    left_out = run("replay", held.story.article_id, "--until", "2026-02-20", **fresh)
    assert left_out.code == 2
    assert left_out.is_one_clear_line("leave out --since and --until")
    assert run("replay", "--at", "2026-03-02").code == 2


def test_without_pywb_it_says_what_to_do(run: Callable[..., Result], tmp_path: Path) -> None:
    done = run("replay", ARCHIVE_PYWB=str(tmp_path))
    assert done.code == 2
    assert done.is_one_clear_line("make pywb", "ARCHIVE_PYWB", str(tmp_path))
