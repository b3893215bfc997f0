"""The operator that runs a crawl as a child process of an Airflow task.

How Airflow ends a task (read in its supervisor, and seen): SIGTERM to the task's process, which calls
``on_kill`` inside the signal handler while ``execute`` goes on, and SIGKILL five seconds later. So
``on_kill`` only passes the signal on, ``execute`` ends when the child has closed, and the child ends by
itself when its parent is gone.

DAG files import this module at their top: no Scrapy and no boto3 here.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from airflow.sdk import BaseOperator, Context
from airflow.sdk.exceptions import AirflowException, AirflowTaskTimeout

from archive.codec import encode
from archive.errors import ArchiveError, FailedError
from archive.keys import new_run_id
from archive.records import CrawlPlan, CrawlSummary
from archive.settings import read_settings
from crawler.child import CrawlProcess, LogLine
from plugins.notes import note_of_error


def plain(record: object) -> dict[str, Any]:
    """Return a record as an XCom can hold it: what its JSON says, without tuples and dates."""
    result: dict[str, Any] = msgspec.json.decode(encode(record))
    return result


def failure(error: BaseException) -> dict[str, Any]:
    """Return an error as an XCom can hold it; :func:`crawler.child.rebuild` makes it one again."""
    return {
        "name": type(error).__name__,
        "arguments": [str(argument) for argument in error.args],
        "text": str(error),
    }


class CrawlOperator(BaseOperator):
    """Discover, fetch and preserve; returns the keys of the WARC files, for the next task to map over.

    The crawl's summary is the XCom ``summary`` (Airflow maps over return values only), with the dates
    that were asked for as ``since`` and ``until``. Of a crawl that failed it has the key ``error``; when
    there are books to keep all the same, this task succeeds, so that the stages keep them, and the
    task ``conclude`` fails with the error after them. Without books the other keys are missing.

    ``since`` and ``until`` are New Zealand dates, inclusive, both None for what is listed at present;
    ``ask``, ``only_count`` and ``repairs`` are the ``ask``, ``dry_run`` and ``repairs`` of
    :class:`archive.records.CrawlPlan`.
    Every try is a run of its own, with its own id.
    """

    template_fields: Sequence[str] = ("since", "until", "ask", "only_count")
    ui_color = "#dff0d8"

    def __init__(
        self,
        *,
        since: str | None = None,
        until: str | None = None,
        ask: str = "due",
        only_count: bool | str = False,
        repairs: bool = False,
        **kwargs: Any,  # noqa: ANN401 - whatever any operator takes
    ) -> None:
        super().__init__(**kwargs)
        self.since = since
        self.until = until
        self.ask = ask
        # Not called dry_run: every operator has a method of that name.
        self.only_count = only_count
        self.repairs = repairs
        self._crawl: CrawlProcess | None = None
        self._killed = False

    def execute(self, context: Context) -> list[str]:
        """Run the crawl to its end."""
        try:
            summary = self._run(context)
        except (ArchiveError, AirflowTaskTimeout) as error:
            salvaged = self._crawl.salvaged if self._crawl else None
            self._hand_on(context, salvaged, self._explained(error))
            if salvaged is None:
                raise
            self.log.error("%s (first its books are kept, then `conclude` fails with this)", error)  # noqa: TRY400 - one line
            summary = salvaged
        else:
            self._hand_on(context, summary)
        if self._killed:
            message = f"crawl {summary.run_id} was stopped; what it had fetched is preserved"
            raise AirflowException(message)
        return list(summary.warc_keys)

    def on_kill(self) -> None:
        """Pass the signal on, and nothing else: this runs inside a signal handler."""
        self._killed = True
        if self._crawl is not None:
            self._crawl.stop()

    def _explained(self, error: BaseException) -> BaseException:
        if isinstance(error, AirflowTaskTimeout):
            return FailedError(f"the crawl was ended at its time limit, {self.execution_timeout}")
        return error

    def _hand_on(
        self, context: Context, summary: CrawlSummary | None, error: BaseException | None = None
    ) -> None:
        handed: dict[str, Any] = {"since": self.since, "until": self.until}
        if summary is not None:
            handed |= plain(summary)
        if error is not None:
            handed["error"] = failure(error)
            # Says in the run's note, and not only in this task's log, why there is nothing to see.
            context["ti"].xcom_push(key="note", value=note_of_error(handed["error"]))
        context["ti"].xcom_push(key="summary", value=handed)

    def _run(self, context: Context) -> CrawlSummary:
        from pipelines import steps  # noqa: PLC0415 - brings boto3, see above
        from plugins import stages  # noqa: PLC0415 - brings boto3, see above

        settings = read_settings()
        settings.require_permission()
        # What is due follows from the catalogue, which may have missed the end of an earlier run.
        with stages.caught_up() as archive:
            steps.finish_takedowns(archive)
            plan = self._plan(context, settings.publisher)
        self._crawl = CrawlProcess(plan, home=settings.home, on_log=self._relay, settings=settings)
        if self._killed:
            message = "killed before the crawl was started"
            raise AirflowException(message)
        self._crawl.start()
        # Ends the child, whatever stops the wait: AirflowTaskTimeout comes out of a signal handler.
        return self._crawl.wait()

    def _plan(self, context: Context, publisher: str) -> CrawlPlan:
        ti = context["ti"]
        started_at = datetime.now(UTC)
        token = f"{ti.run_id}/{ti.task_id}/{ti.map_index}/{ti.try_number}"
        return CrawlPlan(
            run_id=new_run_id(started_at, token),
            publisher=publisher,
            started_at=started_at,
            since=date.fromisoformat(self.since) if self.since else None,
            until=date.fromisoformat(self.until) if self.until else None,
            ask=msgspec.convert(self.ask, CrawlPlan.__annotations__["ask"]),
            # A template always renders to text.
            dry_run=str(self.only_count) == "True",
            repairs=self.repairs,
        )

    def _relay(self, line: LogLine) -> None:
        level = logging.getLevelNamesMapping().get(line.level.upper(), logging.INFO)
        fields = [f"{name}={value}" for name, value in line.fields.items() if name != "exc"]
        self.log.log(level, "%s", " ".join([line.event, *fields]))
        if "exc" in line.fields:
            self.log.log(level, "%s", line.fields["exc"])
