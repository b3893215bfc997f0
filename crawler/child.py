"""A crawl as a child process. Whoever starts one needs this module only, and no Scrapy."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import field, frozen

from archive import errors
from archive.codec import decode, encode
from archive.disk import give_back_folder, hold_folder, writing
from archive.errors import STOPPED, ArchiveError, FailedError
from archive.records import CrawlPlan, CrawlSummary
from archive.settings import ArchiveSettings

_FIXED = {"level", "logger", "event"}


@frozen(kw_only=True)
class LogLine:
    """One line that a crawl logged."""

    level: str
    """``debug``, ``info``, ``warning``, ``error``, ``critical``."""

    logger: str
    """Who said it."""

    event: str
    """What happened, in words. ``progress`` has the fields ``done``, ``total`` and ``url``."""

    fields: dict[str, Any] = field(factory=dict)
    """What else is known of it; ``exc`` is a traceback."""


class CrawlProcess:
    """One crawl in a process and a session of its own.

    The process ends itself when the thread that called :meth:`start` dies, so call it from one that
    lives as long as the crawl.
    """

    def __init__(
        self,
        plan: CrawlPlan,
        *,
        home: Path,
        on_log: Callable[[LogLine], None],
        grace_seconds: float = 60,
        settings: ArchiveSettings | None = None,
    ) -> None:
        """Prepare a crawl.

        ``settings`` are handed to the child on a pipe (they hold a secret); None: it reads
        ``ARCHIVE_*`` itself. ``grace_seconds`` is how long it may take to end cleanly.
        """
        self.plan = plan
        self.summary: CrawlSummary | None = None
        """How the crawl ended. None until it did, and when it broke off without a summary."""
        self._folder = home.absolute() / "crawls" / plan.run_id
        self._on_log = on_log
        self._grace_seconds = grace_seconds
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None
        self._lock: int | None = None
        self._error: ArchiveError | None = None

    @property
    def salvaged(self) -> CrawlSummary | None:
        """The summary, when there are books to keep or a survey to tell of, however the crawl ended.

        With books, all that was fetched is in the bucket, and so is what became of each listed article.
        """
        summary = self.summary
        return summary if summary is not None and (summary.crawl_key or summary.survey) else None

    def start(self) -> None:
        """Start the crawl."""
        plan, summary = self._folder / "plan.json", self._folder / "summary.json"
        self._lock = hold_folder(self._folder)
        with writing(self._folder):
            plan.write_bytes(encode(self.plan))
            summary.unlink(missing_ok=True)
        command = [sys.executable, "-m", "crawler.run", "--plan", str(plan)]
        command += ["--summary", str(summary), "--close-seconds", str(self._grace_seconds)]
        command += ["--parent", str(os.getpid())]
        if self._settings is not None:
            command.append("--settings-on-stdin")
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=Path(__file__).resolve().parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._hand_over_settings(self._process)

    def stop(self) -> None:
        """Ask for a clean end. Only sends a signal, so a signal handler may call it."""
        process = self._process
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)

    def wait(self) -> CrawlSummary:
        """Pass on the log until the crawl ends, and return its summary.

        Raises the child's own error when it failed, and whatever interrupts the waiting once the
        child has ended; see :attr:`salvaged` then. ``summary.stopped`` tells of a clean early end.
        """
        process = self._process
        if process is None or process.stderr is None:
            message = "the crawl was not started"
            raise FailedError(message)
        try:
            for line in process.stderr:
                self._relay(line.rstrip("\n"))
            code = process.wait()
        except BaseException:
            # Airflow's time-out or a Ctrl-C, raised in the middle of reading.
            self._end(process)
            raise
        finally:
            process.stderr.close()
            self._take_summary()
        return self._result(code)

    def _take_summary(self) -> None:
        path = self._folder / "summary.json"
        if path.exists():
            self.summary = decode(path.read_bytes(), CrawlSummary, name=str(path))
        if self._lock is not None:
            give_back_folder(self._folder, self._lock)
            self._lock = None

    def _result(self, code: int) -> CrawlSummary:
        if code in {0, STOPPED} and self.summary is not None:
            return self.summary
        if self._error is not None and code > 0:
            raise self._error
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        message = f"the crawl's process ended with {ended} and no summary; its log says more"
        raise FailedError(message)

    def _hand_over_settings(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None:
            return
        with suppress(BrokenPipeError), process.stdin as pipe:
            if self._settings is not None:
                pipe.write(_settings_json(self._settings))
        # Otherwise communicate() would flush the closed pipe.
        process.stdin = None

    def _end(self, process: subprocess.Popen[str]) -> None:
        self.stop()
        try:
            process.communicate(timeout=self._grace_seconds + 5)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def _relay(self, text: str) -> None:
        line = _parse(text)
        if line.level == "error" and "error" in line.fields:
            self._error = rebuild(
                line.fields["error"], line.fields.get("arguments", []), line.event
            )
        self._on_log(line)


def rebuild(name: str, arguments: Iterable[Any], text: str) -> ArchiveError:
    """Return an error that was raised in another process, by its class, its arguments and its text."""
    kind = getattr(errors, str(name), FailedError)
    try:
        error = kind(*arguments)
    except TypeError:
        return FailedError(text)
    return error if isinstance(error, ArchiveError) else FailedError(text)


def _settings_json(settings: ArchiveSettings) -> str:
    values = settings.model_dump(mode="json")
    if settings.s3_secret_key is not None:
        values["s3_secret_key"] = settings.s3_secret_key.get_secret_value()
    return json.dumps(values)


def _parse(text: str) -> LogLine:
    try:
        values = json.loads(text)
        return LogLine(
            **{name: str(values[name]) for name in _FIXED},
            fields={name: value for name, value in values.items() if name not in _FIXED},
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        # A library that writes to stderr by itself.
        return LogLine(level="warning", logger="crawler", event=text)
