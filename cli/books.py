"""The books over time: ``coverage`` and ``gaps``."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

import typer
from attrs import asdict
from rich.table import Table

from archive.connect import Archive
from archive.errors import ArchiveError, RefusedError
from archive.records import DayCoverage, DayFields, Gap
from cli.crawl import crawl_archive
from cli.dates import NEW_ZEALAND, Since, Until, date_range
from cli.look import open_caught_up
from cli.output import Json, count, print_json, stderr, stdout, table
from cli.render import moment, time_to_close
from cli.run_flow import check, keep_books, make_plan
from cli.run_flow import crawl as run_crawl
from pipelines import steps
from pipelines.gaps import stretches
from pipelines.health import FIELDS, below_floor
from pipelines.usual import LEAST_PAGES

BAR = 10
"""Width of a bar, in characters: with it a line has room in a terminal of 80."""

EMPTY = "Nothing is in the books yet (or for these dates). Fill the archive: newsarchive crawl"
"""What is said instead of an empty table."""

OPEN = "Fill what is open: newsarchive gaps --repair"
"""What is said after a table with open gaps."""


def coverage(
    since: Since = None,
    until: Until = None,
    *,
    fields: Annotated[
        bool,
        typer.Option(
            "--fields", help="How often each field of a record was found, by date of the run."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show how much of what was listed is held, for each New Zealand date.

    An article belongs to the date of its publication; what is not held, to the date of its first
    change or listing that is known. A date with a gap may lack articles that were never listed: newsarchive gaps.

    With --fields: on how many pages of free articles each watched field was found. A rate below its
    floor turns the run red; mostly the page layout has changed, and a selector finds nothing.
    """
    first, last = date_range(since, until)
    with open_caught_up() as archive:
        publisher, catalogue = archive.settings.publisher, archive.catalogue
        if fields:
            rates = catalogue.fill_rates(publisher, since=first, until=last)
            _print_fields(rates, as_json=as_json)
        else:
            days = catalogue.coverage(publisher, since=first, until=last)
            with_gap = _dates_with_gap(catalogue.gaps(publisher))
            _print_coverage(days, with_gap, as_json=as_json)


def gaps(
    *,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair", help="Read the listings of the open gaps again, and fetch what is missing."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the stretches of time of which the publisher's listing was not seen.

    A gap is opened by a run whose listing has nothing in common with what was listed before, that
    could not read a day's sitemap, or that came after an outage longer than ARCHIVE_LISTING_DAYS.
    It is closed by the first run that lists its days whole and leaves nothing pending, and stays
    open with the reason when the publisher no longer lists them. Airflow repairs gaps by itself;
    --repair does it now, by hand: one crawl after the other, the oldest gap first.
    """
    error = None
    with crawl_archive() if repair else open_caught_up() as archive:
        if repair:
            error = _repair(archive)
        publisher = archive.settings.publisher
        found = stretches(archive.catalogue.gaps(publisher))
        is_empty = not archive.catalogue.run_ids(publisher)
    if as_json:
        print_json([_told(gap) for gap in found])
    elif found:
        stdout.print(_table(found))
        if any(gap.state == "open" for gap in found):
            stderr.print(OPEN, soft_wrap=True)
    else:
        none = "No gap: each listing joined on to the one before it."
        stderr.print(EMPTY if is_empty else none, soft_wrap=True)
    if error is not None:
        raise error


def _repair(archive: Archive) -> ArchiveError | None:
    """Repair every open gap and return the first error; a refusal ends it, the others do not."""
    first = None
    plans = steps.repair_plans(archive)
    for number, dates in enumerate(plans, start=1):
        stderr.print(f"repair {number} of {len(plans)}: {dates[0]} to {dates[1]}")
        plan = make_plan(archive.settings.publisher, dates, ask="missing", repairs=True)
        try:
            crawled = run_crawl(archive, plan)
            report = keep_books(archive, crawled)
            stderr.print(
                f"{report.run_id}: {report.listed} listed, {report.archived} archived, "
                f"{report.pending} pending, {report.failed} failed"
            )
            check(crawled, report)
        except ArchiveError as error:
            first = first or error
            if isinstance(error, RefusedError):
                break
    return first


def _told(gap: Gap) -> dict[str, object]:
    taken = time_to_close(gap)
    return asdict(gap) | {"seconds_to_close": taken and taken.total_seconds()}


def _table(found: Sequence[Gap]) -> Table:
    rows = [(moment(gap.since), moment(gap.until), _state(gap), gap.reason) for gap in found]
    still = sum(gap.state == "open" for gap in found)
    columns = ("since (NZ)", "until (NZ)", "state", "reason")
    return table(f"{count(len(found), 'gap')}, {still} open", columns, rows)


def _state(gap: Gap) -> str:
    taken = time_to_close(gap)
    return gap.state if taken is None else f"{gap.state} after {taken}"


def _dates_with_gap(found: Sequence[Gap]) -> set[date]:
    """Return the New Zealand dates that an open gap touches."""
    dates = set()
    for gap in found:
        day = gap.since.astimezone(NEW_ZEALAND).date()
        last = (gap.until - timedelta.resolution).astimezone(NEW_ZEALAND).date()
        while gap.state == "open" and day <= last:
            dates.add(day)
            day += timedelta(days=1)
    return dates


def _print_coverage(days: Sequence[DayCoverage], with_gap: set[date], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(one) | {"gap": one.day in with_gap} for one in days])
        return
    rows = [
        (
            one.day,
            one.listed,
            one.archived,
            f"{one.share:.0%}",
            "█" * round(one.share * BAR),
            ", ".join(f"{number} {word}" for word, number in one.left.items()),
            "gap" if one.day in with_gap else None,
        )
        for one in days
    ]
    columns = ("date (NZ)", "listed", "archived", "share", "", "the others", "gap")
    _print(table(count(len(rows), "date"), columns, rows), is_empty=not rows)
    if any(one.day in with_gap for one in days):
        stderr.print("What a gap may hide, and how to fill it: newsarchive gaps", soft_wrap=True)


def _print_fields(days: Sequence[DayFields], *, as_json: bool) -> None:
    if as_json:
        print_json([_rates(one) for one in days])
        return
    names = list(FIELDS)
    floors = [("floor", None, *(f"{FIELDS[name].floor:.0%}" for name in names))]
    rows = [(one.day, one.readable, *(_rate(one, name) for name in names)) for one in days]
    title = f"{count(len(rows), 'date')}; ! is below the floor (of at least {LEAST_PAGES} pages)"
    columns = ("date (NZ)", "pages", *(name.replace("_", "_\n") for name in names))
    _print(table(title, columns, [*rows, *floors], gap=1), is_empty=not rows)


def _print(found: Table, *, is_empty: bool) -> None:
    if is_empty:
        stderr.print(EMPTY, soft_wrap=True)
    else:
        stdout.print(found)


def _rates(one: DayFields) -> dict[str, object]:
    return {
        "day": one.day,
        "readable": one.readable,
        "rates": {name: one.filled.get(name, 0) / one.readable for name in FIELDS},
        "below_floor": below_floor(one.readable, one.filled),
    }


def _rate(one: DayFields, name: str) -> str:
    mark = " !" if name in below_floor(one.readable, one.filled) else ""
    return f"{one.filled.get(name, 0) / one.readable:.0%}{mark}"
