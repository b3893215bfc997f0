"""The demo's calls of Airflow, when its database is busy."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from archive.errors import FailedError
from demo.airflow_api import TRIES, AirflowApi


class Busy(BaseHTTPRequestHandler):
    """Answers with the statuses that its server still has, and notes what it was told."""

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status = 201
        if self.path != "/auth/token":
            self.server.told.append(sent)
            status = self.server.statuses.pop(0)
        body = json.dumps({"access_token": "t"}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def busy():
    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        server.told, server.statuses = [], []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def api(server: HTTPServer) -> AirflowApi:
    return AirflowApi(f"http://127.0.0.1:{server.server_port}", user="u", password="p")


def test_a_run_whose_start_was_not_answered_is_asked_for_again_by_the_same_name(busy):
    busy.statuses = [500, 409]
    run_id = api(busy).trigger("crawl_world")
    assert [told["dag_run_id"] for told in busy.told] == [run_id, run_id]


def test_a_run_that_exists_already_is_an_error(busy):
    busy.statuses = [409]
    with pytest.raises(FailedError, match="409"):
        api(busy).trigger("crawl_world")


def test_a_database_that_stays_busy_is_an_error(busy):
    busy.statuses = [500] * TRIES
    with pytest.raises(FailedError, match="500"):
        api(busy).trigger("crawl_world")
