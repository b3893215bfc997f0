"""The whole stack on one machine: object store, made-up newspaper and the four parts of Airflow.

``with Stack(home, newspaper=True) as stack`` starts everything and goes on when Airflow is healthy and
has read the DAGs. Leaving the block stops everything, last started first, and sees to it that nothing
is left. Each part but the store (which has a keeper of its own) runs under a guard, so that even a
runner killed with SIGKILL leaves no process behind.
"""

import fcntl
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.embedded_store import EmbeddedStore
from archive.errors import FailedError, PortTaken
from archive.ports import is_free
from demo.airflow_api import AirflowApi
from demo.airflow_home import USER, AirflowHome, prepare
from demo.processes import ROOT, Component, inherited, stop_together

DAGS = (
    *("crawl_world", "backfill_world", "repair_gaps", "enrich_articles"),
    *("audit_archive", "take_down"),
)

START_SECONDS = 300
"""Most time until everything is up; on a busy machine it takes two minutes."""

POOL = ("publisher", 1, "One crawl of the publisher at a time, live, backfill or repair")

_POLL_SECONDS = 0.3
_NEWSPAPER = (
    "import pathlib, sys; from demo.newspaper import run; run(0, home=pathlib.Path(sys.argv[1]))"
)
_AIRFLOW = {
    "api-server": ["api-server", "--workers", "1"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
}


class Stack:
    """Everything that runs, for as long as the block lasts.

    ``bucket`` is that of the embedded store; None when the settings name another store.
    Raises :class:`FailedError` with the end of its log when a part dies, and :class:`PortTaken` when
    the newspaper's port, fixed at the first start, is in use.
    """

    def __init__(
        self,
        home: Path,
        *,
        newspaper: bool,
        bucket: str | None = "newsarchive",
        say: Callable[[str], None] = lambda _text: None,
    ) -> None:
        self.home = home.absolute()
        self._with_newspaper = newspaper
        self._bucket = bucket
        self._store: EmbeddedStore | None = None
        self._say = say
        self._components: list[Component] = []
        self._running = ExitStack()
        self.airflow: AirflowHome
        """Where Airflow lives; set on entering."""
        self.api: AirflowApi
        """Airflow's REST API as its administrator; set on entering."""

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self._start(starting)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._say("stopping")
        self._running.__exit__(kind, error, trace)

    def check(self) -> None:
        """Raise :class:`FailedError` when a part has died."""
        for component in self._components:
            component.check()
        if self._store is not None and not self._store.is_alive():
            message = f"the object store has ended; its log lies in {self.home / 'store'}"
            raise FailedError(message)

    def rest(self, dag_id: str) -> None:
        """Pause a DAG before the end, if Airflow still answers."""
        with suppress(FailedError):
            self.api.pause(dag_id, paused=True)

    def _start(self, starting: ExitStack) -> None:
        starting.enter_context(_only_one(self.home))
        environment = self._environment()
        self.api = AirflowApi(self.airflow.url, user=USER, password=self.airflow.password)
        self._say("database")
        migration = self._airflow("migration", ["db", "migrate"], environment)
        starting.callback(migration.stop)
        if self._with_newspaper:
            self._say("newspaper")
            environment |= self._start_newspaper(starting)
        if self._bucket is not None:
            self._say("object store")
            self._store = EmbeddedStore(self.home, bucket=self._bucket)
            starting.enter_context(self._store)
        self._say("database")
        migration.wait()
        self._say("Airflow")
        started: list[Component] = []
        starting.callback(lambda: stop_together(reversed(started)))
        for name, arguments in _AIRFLOW.items():
            started.append(self._airflow(name, arguments, environment))
        self._components += started
        self._await_airflow()

    def _environment(self) -> dict[str, str]:
        """Return what every part finds in its environment, the archive's settings included."""
        given = {} if self._with_newspaper else inherited(only=("AIRFLOW__",))
        self.airflow = prepare(self.home, root=ROOT, paused=self._with_newspaper, given=given)
        # The demo must not meet the operator's own store or publisher.
        strange = ("AIRFLOW_", "ARCHIVE_") if self._with_newspaper else ("AIRFLOW_",)
        own = {"ARCHIVE_HOME": str(self.home), "PYTHONUNBUFFERED": "1"}
        return {**inherited(without=strange), **self.airflow.environment, **own}

    def _start_newspaper(self, starting: ExitStack) -> dict[str, str]:
        """Start the newspaper; return the settings that make the crawl go there."""
        state = self.home / "newspaper.json"
        if state.exists() and not is_free(port := json.loads(state.read_text())["port"]):
            reason = (
                f"the newspaper of {self.home} has its stories under that address. End the program "
                "that listens there, or remove the folder and begin afresh"
            )
            raise PortTaken(str(port), reason)
        known = state.stat().st_mtime_ns if state.exists() else None
        paper = Component(
            "newspaper",
            [sys.executable, "-c", _NEWSPAPER, str(self.home)],
            log=self.airflow.logs / "newspaper.log",
            env=inherited(without=("AIRFLOW_", "ARCHIVE_")),
        )
        starting.callback(paper.stop)
        self._components.append(paper)
        # It writes the file when it listens.
        self._until(lambda: state.exists() and state.stat().st_mtime_ns != known, "the newspaper")
        origin = json.loads(state.read_text())["origin"]
        return {"ARCHIVE_PUBLISHER_ORIGIN": origin, "ARCHIVE_DELAY_SECONDS": "0.05"}

    def _airflow(self, name: str, arguments: list[str], environment: dict[str, str]) -> Component:
        return Component(
            name,
            [sys.executable, "-m", "airflow", *arguments],
            log=self.airflow.logs / f"{name}.log",
            env=environment,
        )

    def _await_airflow(self) -> None:
        self._until(self._healthy, "Airflow")
        self.api.ensure_pool(*POOL)
        self._say("DAGs")
        self._until(self._has_dags, "the DAGs")

    def _healthy(self) -> bool:
        health = self.api.health()
        for name in health:
            self._say(f"Airflow: {name} {health[name]}")
        return bool(health) and set(health.values()) == {"healthy"}

    def _has_dags(self) -> bool:
        errors = self.api.get("/importErrors")["import_errors"]
        if errors:
            message = f"{errors[0]['filename']} cannot be read:\n{errors[0]['stack_trace']}"
            raise FailedError(message)
        return {dag["dag_id"] for dag in self.api.get("/dags", limit=100)["dags"]} >= set(DAGS)

    def _until(self, ready: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                message = f"{what} did not get ready in {START_SECONDS} s; see {self.airflow.logs}"
                raise FailedError(message)
            time.sleep(_POLL_SECONDS)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the lock of a home; raises :class:`FailedError` when another runner has it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "stack.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"the stack of {home} is running already; stop it there first (Ctrl-C)"
            raise FailedError(message) from error
        yield
