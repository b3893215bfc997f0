import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.newspaper import Edition, Fault, Newspaper, Profile
from tests.demo.newspaper_support import FEEDS, TODAY, XML, ask, listed, of_kind


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


def test_what_robots_txt_forbids_is_noted(paper):
    ask(paper, "/pf/api/v3/content/fetch/content-by-id?query=x")
    ask(paper, "/search?q=peace")
    ask(paper, "/robots.txt", User_Agent="newsarchive")
    assert [entry.forbidden for entry in paper.log] == [True, True, False]
    last = paper.log[-1]
    assert (last.method, last.path, last.status) == ("GET", "/robots.txt", 200)
    assert last.headers["user-agent"] == "newsarchive"
    paper.log.clear()
    assert len(paper.log) == 0


def test_moving_the_clock_back_unpublishes_and_nothing_else_appears_by_itself(edition, paper):
    story = edition.in_section("world")[-1]
    paper.clock.set(story.date_published - timedelta(minutes=1))
    assert ask(paper, story.path).status == 404
    paper.clock.advance(timedelta(minutes=2))
    assert ask(paper, story.path).status == 200
    paper.clock.set(TODAY + timedelta(days=30))
    assert len(paper.newsroom.stories()) == len(edition.stories)


def test_the_newsroom_can_change_and_remove_stories(edition, paper):
    story = edition.stories[5]
    paper.clock.advance(timedelta(hours=1))
    changed = paper.change(story.article_id, headline="A headline for the second edition")
    assert changed.date_modified == TODAY + timedelta(hours=1)
    assert "A headline for the second edition" in ask(paper, story.path).text
    assert paper.story(story.article_id) == changed
    assert edition.by_id(story.article_id) == story
    paper.remove(story.article_id)
    assert ask(paper, story.path).status == 410
    assert story.path not in listed(paper, f"{FEEDS}/sitemap/{story.date_published.date()}/")


def test_faults_are_answered_and_may_heal(edition, paper):
    path = edition.stories[5].path
    paper.profile = Profile(faults={path: Fault(503, times=1, retry_after="7"), "/arc/*": 500})
    reply = ask(paper, path)
    assert (reply.status, reply.headers["Retry-After"]) == (503, "7")
    assert ask(paper, path).status == 200
    assert ask(paper, f"{FEEDS}/sitemap/latest/{XML}").status == 500


def test_another_process_can_read_the_log_and_set_the_clock(edition, paper):
    ask(paper, "/world/")
    assert [entry["path"] for entry in json.loads(ask(paper, "/_newspaper/log").body)] == [
        "/world/"
    ]
    ask(paper, "/_newspaper/log", "DELETE")
    assert len(paper.log) == 0
    reply = ask(paper, "/_newspaper/clock", "PUT", "2026-03-05T10:00:00+13:00")
    assert reply.text == "2026-03-04T21:00:00+00:00"
    assert paper.clock.now() == datetime(2026, 3, 4, 21, tzinfo=UTC)
    assert ask(paper, "/_newspaper/clock", "PUT", "tomorrow").status == 400


def test_another_process_reads_the_truth_without_the_hidden_text(edition, paper):
    text = ask(paper, "/_newspaper/stories").text
    assert len(json.loads(text)) == len(edition.stories)
    assert "HIDDEN" not in text
    hidden = of_kind(edition, "premium_style").hidden
    assert not any(json.dumps(paragraph, ensure_ascii=False) in text for paragraph in hidden)


def test_another_process_can_edit_a_story(edition, paper):
    story = edition.stories[5]
    handle = f"/_newspaper/stories/{story.article_id}"
    assert ask(paper, handle, "PUT", '{"headline": "Changed"}').status == 200
    assert paper.story(story.article_id).headline == "Changed"
    assert ask(paper, handle, "PUT", '{"article_id": "X"}').status == 400
    assert ask(paper, handle, "DELETE").status == 204
    assert ask(paper, story.path).status == 410
    assert ask(paper, "/_newspaper/stories/NOBODY", "DELETE").status == 404


def test_one_connection_serves_many_requests_and_closing_ends_it(edition):
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        connection = http.client.HTTPConnection("127.0.0.1", newspaper.port, timeout=10)
        for story in edition.stories[:3]:
            connection.request("GET", story.path)
            assert len(connection.getresponse().read()) > 100_000
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")
    connection.close()


def test_a_taken_port_is_an_os_error(edition, paper):
    with pytest.raises(OSError, match="in use"):
        Newspaper(edition, port=paper.port)


def test_a_head_request_has_no_body(edition, paper):
    reply = ask(paper, edition.stories[5].path, "HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["Content-Length"]) > 100_000


def start(home: Path) -> subprocess.Popen[bytes]:
    code = "import sys, pathlib; from demo.newspaper import run; run(0, home=pathlib.Path(sys.argv[1]))"
    return subprocess.Popen([sys.executable, "-W", "error", "-c", code, home])


def state_of(home: Path) -> dict[str, object]:
    path = home / "newspaper.json"
    for _ in range(200):
        if path.exists():
            return json.loads(path.read_text())
        time.sleep(0.05)
    raise TimeoutError(path)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_second_start_meets_the_same_newspaper_and_a_signal_ends_it(tmp_path, number):
    states = []
    for _ in range(2):
        process = start(tmp_path)
        try:
            states.append(state_of(tmp_path))
            wait_until_open(int(states[-1]["port"]))
        finally:
            process.send_signal(number)
            assert process.wait(10) == 0
    assert states[0] == states[1]


def wait_until_open(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        time.sleep(0.05)
    raise TimeoutError(port)
