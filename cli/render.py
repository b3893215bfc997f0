"""An article, and the report of a run, as a person reads them in a terminal."""

import textwrap
from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import UNSET
from rich.markup import escape
from rich.table import Table

from archive.records import Article, Block, Gap, Purpose, RunReport
from cli.dates import NEW_ZEALAND
from cli.output import count, stdout, table
from pipelines.gaps import stretches

LINE = 88
"""Longest line of the body, in characters."""

_WORDS = ("listed", "archived", "unchanged", "skipped", "failed", "pending")

_PURPOSES: dict[Purpose, str] = {
    "present": "what is listed at present",
    "dates": "given dates",
    "repair": "open gaps",
    "survey": "a look at the site",
}

_INDENT = {"quote": "    ", "list": "  - ", "update": "  ", "embed": "  "}


def print_article(article: Article) -> None:
    """Print headline, byline, times, access with its evidence, body, captions and where it lies."""
    stdout.print(f"[bold]{escape(article.headline)}[/bold]")
    if article.description:
        stdout.print(f"[italic]{escape(article.description)}[/italic]")
    for name, value in _facts(article):
        if value:
            stdout.print(f"[dim]{name:<10}[/dim] {escape(value)}")
    stdout.print()
    for block in article.body:
        stdout.print(_styled(block) + "\n")
    for name, words in _foot(article):
        stdout.print(f"[dim]{name:<10}[/dim] {escape(words)}")


def _foot(article: Article) -> Iterable[tuple[str, str]]:
    for image in article.images:
        words = " · ".join(part for part in (image.caption, image.credit) if part)
        if words:
            yield "picture", words
    for author in article.author_details:
        if author.description:
            yield "author", author.description


def _byline(article: Article) -> str:
    roles = {one.name: f" ({one.job_title})" for one in article.author_details if one.job_title}
    people = [f"{name}{roles.get(name, '')}" for name in article.authors]
    return ", ".join((*people, *filter(None, [article.agency])))


def _styled(block: Block) -> str:
    indent = _INDENT.get(block.kind, "")
    lines = [
        textwrap.fill(line, LINE, initial_indent=indent, subsequent_indent=indent)
        for line in block.text.splitlines()
    ]
    if block.date_published is not UNSET:
        lines.insert(0, f"{indent}{moment(block.date_published)}")
    text = escape("\n".join(lines))
    return f"[bold]{text}[/bold]" if block.kind == "heading" else text


def _facts(article: Article) -> list[tuple[str, str | None]]:
    published, modified = article.date_published, article.date_modified
    zone = NEW_ZEALAND
    return [
        ("by", _byline(article)),
        (
            "published",
            published.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if published else None,
        ),
        ("modified", modified.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if modified else None),
        (
            "removed",
            f"from the site, found {moment(article.removed_at)}" if article.removed_at else None,
        ),
        *(("conflict", said) for said in article.date_conflicts),
        *(("changed", note) for note in article.corrections),
        ("section", ", ".join(dict.fromkeys(filter(None, [article.section, *article.sections])))),
        ("access", f"{article.access} ({'; '.join(article.access_evidence) or 'no marks'})"),
        ("length", _length(article)),
        ("article", article.article_id),
        ("revision", article.revision),
        ("address", article.url),
        ("captured", article.captured_at.astimezone(zone).isoformat(timespec="seconds")),
        ("WARC", f"{article.warc.file} at {article.warc.offset}" if article.warc else None),
        ("reader", f"{article.reader} {article.reader_version}"),
    ]


def _length(article: Article) -> str:
    minutes = f", {count(article.read_minutes, 'minute')}" if article.read_minutes else ""
    return f"{article.word_count} words{minutes}"


def print_report(report: RunReport) -> None:
    """Print a run report: the books, what could not be read, gaps, and what looks wrong."""
    purpose = _PURPOSES[report.purpose]
    stdout.print(f"Run [bold]{report.run_id}[/bold] of {report.publisher}, for {purpose}")
    stdout.print(table("", _WORDS, [[getattr(report, word) for word in _WORDS]]))
    stdout.print(
        f"{report.new_articles} new articles, {report.new_revisions} new revisions{_kinds(report)}; "
        f"{report.requests} requests, {report.bytes / 1e6:.1f} MB received; "
        f"{report.other_sections} links of other sections"
    )
    stdout.print(table("", ("reason", "articles"), sorted(report.reasons.items())))
    for text in _remarks(report):
        stdout.print(escape(text))
    for alarm in report.alarms:
        stdout.print(f"[red]{alarm.stage}[/red]: {escape(alarm.cause)}")
    stdout.print(f"The books {'balance' if _balances(report) else '[red]do not balance[/red]'}.")


def _kinds(report: RunReport) -> str:
    """Return the kinds of change among what is not new, in parentheses."""
    told = ", ".join(f"{number} {kind}" for kind, number in report.kinds.items())
    return f" ({told})" if told else ""


def runs_table(reports: Iterable[RunReport]) -> Table:
    """Return the runs as a table that fits a terminal of 80 columns."""
    rows = [(run.run_id, run.purpose, _books(run), "\n".join(_odd(run))) for run in reports]
    return table(count(len(rows), "run"), ("run", "for", "books", "look at"), rows)


def _books(report: RunReport) -> str:
    """Return what became of what was listed; words that nothing ended as are left out."""
    ended = [f"{number} {word}" for word in _WORDS[1:] if (number := getattr(report, word))]
    return f"{report.listed} listed: {', '.join(ended)}" if ended else "nothing listed"


def _odd(report: RunReport) -> Iterable[str]:
    """Yield what a person should look at in a run."""
    if not _balances(report):
        yield "DOES NOT BALANCE"
    if report.error:
        yield "error"
    elif report.stopped or report.ending:
        yield "stopped" if report.stopped else str(report.ending)
    unread = sum(one.problem is not None for one in report.announcements)
    numbers = {"alarm": len(report.alarms), "gap": len(stretches(report.gaps))}
    yield from (count(number, noun) for noun, number in numbers.items() if number)
    if unread:
        yield f"{unread} unread"


def moment(instant: datetime) -> str:
    """Return an instant as New Zealand time, to the minute."""
    return instant.astimezone(NEW_ZEALAND).strftime("%Y-%m-%d %H:%M")


def time_to_close(gap: Gap) -> timedelta | None:
    """Return how long a gap stood open, in whole seconds. None while it does."""
    return (
        timedelta(seconds=round((gap.closed_at - gap.opened_at).total_seconds()))
        if gap.closed_at
        else None
    )


def _balances(report: RunReport) -> bool:
    return report.balanced and report.adds_up


def _remarks(report: RunReport) -> Iterable[str]:
    unread = [f"{one.source} ({one.problem})" for one in report.announcements if one.problem]
    if unread:
        yield f"Announcements that could not be read: {', '.join(unread)}"
    for gap in stretches(report.gaps):
        stretch = f"{moment(gap.since)} to {moment(gap.until)}"
        if gap.state == "closed":
            yield f"Gap closed after {time_to_close(gap)}: {stretch}"
        else:
            opened = "opened" if gap.opened_by == report.run_id else "still open"
            yield f"Gap {opened}: {stretch} ({gap.reason}); fill it: newsarchive gaps --repair"
    if report.ending:
        yield f"Ended early: {report.ending}; what is left is pending"
    if report.error:
        yield f"Ended in an error: {report.error}"
