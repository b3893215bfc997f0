"""``newsarchive replay``: any capture as it was, in a browser."""

import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from archive.connect import Archive, open_archive
from archive.errors import ConfigurationError
from archive.records import Capture
from archive.settings import read_settings
from cli.dates import NEW_ZEALAND, Since, Until, date_range, instant
from cli.look import At, captures_by
from cli.output import Port, count, progress_bar, stderr, stdout
from cli.replay_server import find_python, serving
from demo.processes import Component
from pipelines import steps
from pipelines.replay import replay_path

_WATCH_SECONDS = 0.5
_ENDING = {signal.SIGINT, signal.SIGTERM}


def replay(  # noqa: PLR0913 - one for each option
    article_id: Annotated[
        str | None, typer.Argument(help="An article whose address is printed, too.")
    ] = None,
    at: At = None,
    since: Since = None,
    until: Until = None,
    *,
    port: Port = 0,
    open_it: Annotated[bool, typer.Option("--open", help="Open it in your browser.")] = False,
) -> None:
    """Show captures as they were received, in a browser, until Ctrl-C.

    pywb serves them on loopback from the WARC files in the bucket, and asks nobody else: what is not held is
    not found. Needs `make pywb`, once. --since and --until limit what is taken into the index, which the
    first start makes and later ones only add to, to runs of these dates.
    """
    dates = date_range(since, until)
    settings = read_settings()
    python = find_python(settings)
    if at and not article_id:
        message = "--at says when an article is shown: name the article, too"
        raise ConfigurationError(message)
    with open_archive(settings) as archive:
        capture = _wanted(archive, article_id, at) if article_id else None
        folder = settings.home / "replay" / settings.publisher
        with progress_bar() as bar:
            task = bar.add_task("reading indexes", total=None)
            index = steps.index_for_replay(
                archive.store,
                settings.publisher,
                folder,
                days=dates,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
        _tell_broken(index)
        _require(index, capture)
        server = serving(python, index, archive.store, name=settings.publisher, port=port)
        with server as (url, pywb):
            if open_it:
                webbrowser.open(_address(url, archive, capture))
            with _signals_held_back():
                _tell(url, archive, index, capture)
                _watch(pywb)


def _wanted(archive: Archive, article_id: str, at: str | None) -> Capture:
    steps.catch_up(archive)
    return captures_by(archive, article_id, instant(at) if at else None)[-1]


def _tell_broken(index: steps.ReplayIndex) -> None:
    for key in index.broken:
        stderr.print(f"{key} can't be read, its captures are not shown: newsarchive verify")


def _require(index: steps.ReplayIndex, capture: Capture | None) -> None:
    """Raise :class:`ConfigurationError` when the index does not lead to the page of a capture."""
    if capture is None or (capture.warc and capture.warc.file in index.files):
        return
    when = capture.captured_at.astimezone(NEW_ZEALAND).isoformat(timespec="seconds")
    message = f"the capture of {when} is not in the index: leave out --since and --until, or see newsarchive verify"
    raise ConfigurationError(message)


def _address(url: str, archive: Archive, capture: Capture | None) -> str:
    name = archive.settings.publisher
    if capture is None:
        return f"{url}/{name}/"
    return url + replay_path(name, capture.url, capture.captured_at)


def _tell(url: str, archive: Archive, index: steps.ReplayIndex, capture: Capture | None) -> None:
    files = count(len(index.files), "WARC file")
    stdout.print(f"Replay of {files}, {index.added} of them new, until Ctrl-C:")
    stdout.print(f"  {_address(url, archive, None)}")
    if capture is not None:
        when = capture.captured_at.astimezone(NEW_ZEALAND).strftime("%Y-%m-%d %H:%M:%S")
        shown = "" if capture.access == "free" else ", only what any visitor was shown"
        stdout.print(f"{capture.article_id} as captured at {when} in New Zealand{shown}:")
        stdout.print(f"  {_address(url, archive, capture)}")


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """Let signals wait until :func:`_watch` takes them: from here on they are the ordinary end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


def _watch(pywb: Component) -> None:
    """Wait until SIGINT or SIGTERM; raises :class:`FailedError` when pywb ends by itself."""
    while signal.sigtimedwait(_ENDING, _WATCH_SECONDS) is None:
        pywb.check()
