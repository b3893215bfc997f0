"""``newsarchive store`` and ``newsarchive newspaper``: the two servers, in the foreground."""

import signal
from datetime import UTC, datetime
from typing import Annotated

import typer

from archive.embedded_store import EmbeddedStore
from archive.errors import PortTaken
from archive.settings import read_settings
from cli.dates import now
from cli.output import Port, stdout


def store() -> None:
    """Run the embedded S3 store of ARCHIVE_HOME until Ctrl-C.

    Its address and keys stand in store.env in that folder, for any S3 client.
    """
    settings = read_settings()
    with EmbeddedStore(settings.home, bucket=settings.bucket) as server:
        stdout.print(
            f"S3 at {server.endpoint}, keys in {settings.home / 'store.env'}. Ctrl-C stops."
        )
        wait_for_signal()


def newspaper(
    port: Port = 8100,
    today: Annotated[
        datetime | None,
        typer.Option(help="Last day of its fourteen days of stories. Default: now."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Other seeds give other stories.")] = 1,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="A way to misbehave, several if repeated. A wrong name lists them all."),
    ] = None,
) -> None:
    """Serve the made-up newspaper on loopback until Ctrl-C, to crawl without touching a real site."""
    from demo.newspaper import (  # noqa: PLC0415 - the other commands need no newspaper
        PROFILES,
        Newspaper,
        combined,
        run,
    )

    if not PROFILES.keys() >= set(profile or ()):
        message = f"choose among {', '.join(PROFILES)}"
        raise typer.BadParameter(message, param_hint="--profile")

    def tell(paper: Newspaper) -> None:
        paper.profile = combined(profile or ())
        stdout.print(
            f"The made-up newspaper is at {paper.origin}/world/ until Ctrl-C. Crawl it with"
        )
        stdout.print(f"  export ARCHIVE_PUBLISHER_ORIGIN={paper.origin} ARCHIVE_DELAY_SECONDS=0.05")
        stdout.print("  newsarchive crawl")

    anchor = today.replace(tzinfo=today.tzinfo or UTC) if today else now()
    try:
        run(port, anchor, seed, on_ready=tell)
    except OSError as error:
        raise PortTaken(str(port), f"choose another with --port ({error.strerror})") from error


def wait_for_signal() -> None:
    """Wait until SIGINT or SIGTERM."""
    ending = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    signal.sigwait(ending)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ending)
