"""``newsarchive takedown``: removal of an article for a legal reason, which leaves a tombstone."""

import getpass
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from archive.connect import Archive, open_archive
from archive.errors import ConfigurationError
from archive.records import Takedown
from archive.settings import read_settings
from cli.dates import now
from cli.output import Json, Tasks, count, print_json, progress_bar, stderr, stdout, table
from cli.render import moment
from cli.run_flow import fresh_run_id
from pipelines import steps
from pipelines.steps import Order


def _said(text: str) -> str:
    if not text.strip():
        message = "a takedown needs a reason"
        raise typer.BadParameter(message)
    return text


def takedown(  # noqa: PLR0913 - one for each option
    article_id: Annotated[str, typer.Argument(help="The publisher's own id, 26 characters.")],
    *,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", callback=_said, help="Why, such as the number of an order. It is kept."
        ),
    ],
    requested_by: Annotated[
        str | None,
        typer.Option("--requested-by", help="Who asks for it; kept too. Default: your login name."),
    ] = None,
    listings: Annotated[
        bool,
        typer.Option(
            "--listings",
            help="Also blank the announcements that name it (sitemaps, feeds, section pages), with "
            "what they say of other articles.",
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be removed and rewritten.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask again in a terminal.")] = False,
    as_json: Json = False,
) -> None:
    """Remove an article for good, and leave a tombstone that says when, why and for whom.

    Every revision and version of it goes, with what was annotated and exported, and its records in WARC
    files are blanked, in the bucket and in its replica. The books keep its id and address, and it is never
    asked for again. newsarchive verify counts it; nothing brings it back. What is still in copies elsewhere,
    in backups or in others' exports, is not reached.
    """
    settings = read_settings()
    order = Order(
        article_id=article_id.strip(),
        reason=reason.strip(),
        requested_by=(requested_by or getpass.getuser()).strip(),
        listings=listings,
    )
    with open_archive(settings) as archive, progress_bar() as bar:
        steps.catch_up(archive)
        steps.finish_left(archive, now())
        shown = Tasks(bar)
        if dry_run or (sys.stdin.isatty() and not yes):
            run_id = fresh_run_id(now())
            planned = steps.plan_takedown(archive, order, now=now(), run_id=run_id, progress=shown)
            made = [planned] if planned.removed or planned.rewritten else []
            if made and not dry_run:
                bar.stop()
                _ask(archive, order, planned)
                bar.start()
        if not dry_run:
            made = steps.take_down(
                archive, order, now=now(), new_run_id=lambda: fresh_run_id(now()), progress=shown
            )
        if not made and not steps.was_taken_down(archive, order.article_id):
            raise ConfigurationError(steps.why_absent(archive, order.article_id))
    if as_json:
        print_json(made)
    else:
        _print(made, dry_run=dry_run)


def _ask(archive: Archive, order: Order, planned: Takedown) -> None:
    """Show a person in a terminal what would go, and ask; raises :class:`typer.Abort` for a no."""
    captures = archive.catalogue.captures(archive.settings.publisher, order.article_id)
    if captures:
        article = steps.article(archive, steps.standing(captures))
        when = moment(article.date_published or article.first_seen_at)
        stderr.print(f"{article.headline} ({when})", markup=False)
    removed, rewritten = count(len(planned.removed), "object"), len(planned.rewritten)
    stderr.print(f"{removed} to be removed, {rewritten} to be rewritten without it")
    question = f"Remove {order.article_id} for good ({order.reason}, for {order.requested_by})?"
    typer.confirm(question, abort=True, err=True)


def _print(made: Sequence[Takedown], *, dry_run: bool) -> None:
    removed = [entry.key for one in made for entry in one.removed]
    rewritten = [one.after.key for each in made for one in each.rewritten]
    if not made:
        stdout.print("Nothing more is held of it: it was taken down before.")
        return
    rows = [("removed", key) for key in removed] + [("rewritten", key) for key in rewritten]
    stdout.print(table("", ("", "object"), rows))
    would = "would be " if dry_run else ""
    stdout.print(
        f"\n{count(len(removed), 'object')} {would}removed, {len(rewritten)} {would}rewritten without it."
    )
    if not dry_run:
        stdout.print(
            "The tombstone, with reason and digests, is kept: newsarchive verify holds it."
        )
