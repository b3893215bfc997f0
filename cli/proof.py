"""``newsarchive manifest``, ``verify``, ``rebuild``: the proof that nothing is missing, altered or added."""

import re
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from archive.codec import encode
from archive.connect import open_archive
from archive.errors import ConfigurationError
from archive.holdings import FolderCopy
from archive.keys import sha256_hex
from archive.records import DayLink, DayManifest, Verification
from archive.settings import ArchiveSettings, read_settings
from archive.trusted_keys import parse_trusted_keys
from cli.dates import Since, date_range, now
from cli.output import Json, Tasks, count, print_json, progress_bar, shown, stdout, table
from pipelines import steps
from pipelines.chain import link_to
from pipelines.steps import VerifyPlan
from pipelines.verify import Share

_SAMPLE = 500
"""About how many objects are read when not all are."""


def _digest(text: str | None) -> str | None:
    digest = text.strip().lower() if text else None
    if digest and not re.fullmatch("[0-9a-f]{64}", digest):
        message = "a SHA-256 has 64 hexadecimal digits; newsarchive manifest shows them"
        raise typer.BadParameter(message)
    return digest


def manifest(*, as_json: Json = False) -> None:
    """Close the UTC days that are over, sign them where the settings say so, and show the chain.

    Every run names what it left, and each day that is over gets a manifest over its runs, linked to the
    day before it. That happens by itself with every run. Keep the newest SHA-256 somewhere else, on
    paper or in another system: newsarchive verify --head SHA256 then proves that nothing was cut off.
    """
    settings = read_settings()
    with open_archive(settings) as archive:
        steps.close_days(archive, now())
        steps.attest(archive)
        chain = steps.whole_chain(archive)
    if as_json:
        print_json([{"sha256": sha256_hex(encode(day)), "manifest": day} for day in chain])
    elif chain:
        columns = ("UTC day", "runs", "objects", "size", "SHA-256 of its manifest")
        stdout.print(table("", columns, map(_row, chain)))
        # Once more, in one piece: to be copied.
        _print_head(link_to(chain[-1]))
    else:
        stdout.print("No day is closed yet: the first is once it is over, by UTC.")


def verify(  # noqa: PLR0913 - one for each option
    folder: Annotated[
        Path | None,
        typer.Argument(
            exists=True,
            file_okay=False,
            help="A copy of the bucket in a folder, or a bag. Default: the bucket itself.",
        ),
    ] = None,
    *,
    full: Annotated[bool, typer.Option("--full", help="Read every object, not a sample.")] = False,
    since: Since = None,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="SHA256",
            callback=_digest,
            help="A day manifest that must be there, noted elsewhere.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HEX[:DAY]",
            help="Ed25519 public key that the days must be signed with, up to a day; repeatable.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Hold what is stored against the manifests: what is missing, altered, or was added.

    The chain of days, every manifest and the whole listing are compared each time; of the contents
    about 500 objects are read, others each time, or all with --full. --since reads only what runs of that
    date and later left. The catalogue is compared with the bucket; a folder has none. Ends with 1
    when something is wrong.
    """
    first, _ = date_range(since, None)
    settings = read_settings()
    salt = secrets.token_hex(8)
    with progress_bar() as bar:
        plan = VerifyPlan(
            now=now(),
            choose=lambda held: Share() if full else Share(max(1, held // _SAMPLE), salt=salt),
            since=first - timedelta(days=1) if first else None,  # New Zealand is ahead of UTC
            head=head,
            trust=steps.trust_of(settings, parse_trusted_keys(",".join(key or ()))),
            progress=Tasks(bar),
        )
        found = _of_folder(settings, folder, plan) if folder else _of_bucket(settings, plan)
    if as_json:
        print_json(found)
    else:
        _print(found)
    if found.problems:
        raise typer.Exit(1)


def rebuild(*, as_json: Json = False) -> None:
    """Drop the catalogue and fill it again from the bucket, which is the only truth.

    For a catalogue that is lost, damaged or of another version: afterwards it is what it was, row for
    row. Nothing in the bucket is changed. Stop crawls first, or they wait and may end in an error.
    """
    with open_archive(read_settings(), fresh_catalogue=True) as archive, progress_bar() as bar:
        task = bar.add_task("reading runs", total=None)
        broken = steps.rebuild(archive, lambda done, of: bar.update(task, completed=done, total=of))
        runs = len(archive.catalogue.run_ids(archive.settings.publisher))
    if as_json:
        print_json({"runs": runs, "broken": broken})
    else:
        stdout.print(f"The catalogue holds {count(runs, 'run')} again.")
        for name in broken:
            text = f"{shown(name)} can't be read: newsarchive verify says what is wrong with it"
            stdout.print(text, markup=False)
    if broken:
        raise typer.Exit(1)


def _of_bucket(settings: ArchiveSettings, plan: VerifyPlan) -> Verification:
    with open_archive(settings) as archive:
        steps.catch_up(archive)
        return steps.verify(archive.store, settings.publisher, plan, archive.catalogue)


def _of_folder(settings: ArchiveSettings, folder: Path, plan: VerifyPlan) -> Verification:
    for top in (folder, folder / "data"):
        if (top / settings.publisher / "manifests").is_dir():
            return steps.verify(FolderCopy(top), settings.publisher, plan)
    message = (
        f"{folder} holds no copy of the archive: there is no {settings.publisher}/manifests in it or its "
        "data/ (name the folder above the publisher's, or another publisher with ARCHIVE_PUBLISHER)"
    )
    raise ConfigurationError(message)


def _row(day: DayManifest) -> tuple[object, ...]:
    return day.day, len(day.manifests), day.objects, decimal(day.bytes), sha256_hex(encode(day))


def _print(found: Verification) -> None:
    for one in found.problems:
        # No table: keys are long, and people search for them.
        stdout.print(f"{shown(one.key)}: {shown(one.problem)}", markup=False)
    said = f"{count(found.objects, 'object')}, {decimal(found.bytes)}, {found.read} of them read: "
    said += count(len(found.problems), "problem") if found.problems else "all as they were written"
    stdout.print(said)
    if found.taken_down:
        gone = f"{count(found.taken_down, 'article')} taken down, {count(found.removed, 'object')}"
        stdout.print(f"{gone} removed with them: the tombstones say why and for whom")
    if found.in_the_making:
        number = count(found.in_the_making, "object")
        stdout.print(f"{number} more of runs under way, which no manifest names yet")
    if found.signed or found.timestamped:
        signed = f"{found.signed} signed, {found.timestamped} timestamped"
        stdout.print(f"{count(found.days, 'closed day')}: {signed}")
    if found.head:
        _print_head(found.head)


def _print_head(head: DayLink) -> None:
    stdout.print(f"newest closed day: {head.day}, SHA-256 {head.sha256}")
