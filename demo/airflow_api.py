"""What the runner asks of Airflow's REST API; nothing but the standard library."""

import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from archive.errors import FailedError

Json = dict[str, Any]

FINISHED = frozenset({"success", "failed"})
TIMEOUT_SECONDS = 30
TRIES = 3


class AirflowApi:
    """One user's view of a running Airflow."""

    def __init__(self, base_url: str, *, user: str, password: str) -> None:
        self.base_url = base_url
        self._login = {"username": user, "password": password}
        self._token: str | None = None

    def health(self) -> dict[str, str]:
        """Return the state of each component; empty while nothing answers."""
        try:
            answer = self._send("GET", "/api/v2/monitor/health", None, token=None)
        except (OSError, ValueError):
            return {}
        return {name: part["status"] or "not seen" for name, part in answer.items() if part}

    def get(self, path: str, **query: str | int) -> Json:
        """Return the JSON document at a path below ``/api/v2``."""
        return self._call(
            "GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), None
        )

    def post(self, path: str, body: Mapping[str, object]) -> Json:
        """Create something; returns what was made."""
        return self._call("POST", path, body)

    def patch(self, path: str, body: Mapping[str, object]) -> Json:
        """Change something; returns what it has become."""
        return self._call("PATCH", path, body)

    def ensure_pool(self, name: str, slots: int, description: str) -> None:
        """Create a pool, or leave the one that is there as it is."""
        if any(pool["name"] == name for pool in self.get("/pools", limit=100)["pools"]):
            return
        self.post("/pools", {"name": name, "slots": slots, "description": description})

    def trigger(self, dag_id: str, conf: Mapping[str, object] | None = None) -> str:
        """Start a run; returns its id."""
        # A name of our own: asking again, when there was no answer, starts no second run.
        run_id = f"manual__{datetime.now(UTC).isoformat()}"
        body = {"dag_run_id": run_id, "logical_date": None, "conf": dict(conf or {})}
        self.post(f"/dags/{dag_id}/dagRuns", body)
        return run_id

    def pause(self, dag_id: str, *, paused: bool) -> None:
        """Pause a DAG, or let it run."""
        self.patch(f"/dags/{dag_id}", {"is_paused": paused})

    def runs(self, dag_id: str) -> list[Json]:
        """Return the newest runs of a DAG, newest first."""
        found = self.get(f"/dags/{dag_id}/dagRuns", order_by="-run_after", limit=100)["dag_runs"]
        return list(found)

    def run(self, dag_id: str, run_id: str) -> Json:
        """Return one run."""
        return self.get(f"/dags/{dag_id}/dagRuns/{urllib.parse.quote(run_id, safe='')}")

    def tasks(self, dag_id: str, run_id: str) -> list[Json]:
        """Return the task instances of a run."""
        path = f"/dags/{dag_id}/dagRuns/{urllib.parse.quote(run_id, safe='')}/taskInstances"
        return list(self.get(path, limit=200)["task_instances"])

    def result(self, dag_id: str, run_id: str, task_id: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what a task returned."""
        run = urllib.parse.quote(run_id, safe="")
        path = f"/dags/{dag_id}/dagRuns/{run}/taskInstances/{task_id}/xcomEntries/return_value"
        return self.get(path, deserialize="true")["value"]

    def _call(self, method: str, path: str, body: Mapping[str, object] | None) -> Json:
        for left in reversed(range(TRIES)):
            try:
                self._token = self._token or self._log_in()
                return self._send(method, f"/api/v2{path}", body, token=self._token)
            except urllib.error.HTTPError as error:
                if error.code == HTTPStatus.CONFLICT and left < TRIES - 1:
                    # It was done, though the answer was lost.
                    return {}
                if not left or not self._may_pass(error.code):
                    detail = error.read().decode(errors="replace")[:500]
                    message = f"Airflow refused {method} {path}: {error.code} {detail}"
                    raise FailedError(message) from error
            except OSError as error:
                if not left:
                    message = f"Airflow does not answer at {self.base_url} ({error})"
                    raise FailedError(message) from error
            time.sleep(1)
        raise AssertionError

    def _may_pass(self, code: int) -> bool:
        # A token lasts a day, a demo may stay up for longer.
        if code == HTTPStatus.UNAUTHORIZED:
            self._token = None
            return True
        # SQLite is busy for a moment now and then. Whatever is made has a name, so it is made once.
        return code >= HTTPStatus.INTERNAL_SERVER_ERROR

    def _log_in(self) -> str:
        return str(self._send("POST", "/auth/token", self._login, token=None)["access_token"])

    def _send(
        self, method: str, path: str, body: Mapping[str, object] | None, *, token: str | None
    ) -> Json:
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(  # noqa: S310 - our own loopback address
            self.base_url + path,
            data=json.dumps(body).encode() if body is not None else None,
            headers=headers,
            method=method,
        )
        # No proxy of the environment stands between us and the loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            document: Json = json.load(answer)
            return document
