"""Taking a run into the catalogue: upserts that give the same rows in whatever order runs arrive."""

from collections.abc import Iterable
from collections.abc import Sequence as Items
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Table, bindparam, case, select

from archive.catalogue import alike
from archive.catalogue.rows import Row, chunks, insert, put_rows
from archive.catalogue.tables import articles, asks, captures, gaps, ledger, runs, validators
from archive.codec import encode
from archive.records import Capture, CrawlLine, Gap, LedgerLine, RunBooks, RunReport
from archive.sequence import Look, Sequence, sequence_of

_MAY_PASS = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
"""Refusals of a moment; any other 4xx is an answer."""

_ANSWERS = {
    "redirected_away",
    "redirect_loop",
    "too_many_redirects",
    "redirect_unreadable",
    "not_redirected",
    "too_large",
    "soft_404",
    "section_front",
}
"""Failures that are answers: what gave them is looked at again as rarely as a page is."""


def local_day(instant: datetime, timezone: str) -> date:
    """Return the date of an instant in a publisher's time zone."""
    return instant.astimezone(ZoneInfo(timezone)).date()


def take_in(connection: Connection, books: RunBooks) -> None:
    """Write a run's rows; writing them again, or before an older run's, changes nothing."""
    _run(connection, books)
    _gaps(connection, books)
    _ledger(connection, books)
    _asks(connection, books)
    _captures(connection, books)
    _articles(connection, books)
    alike.take_in(connection, books.report.publisher, books.sketches)


def _upsert_newer(connection: Connection, table: Table, rows: Items[Row], order: str) -> None:
    # Replaces a row only when the incoming one is newer by the column ``order``.
    key = [column.name for column in table.primary_key]
    for chunk in chunks(rows):
        statement = insert(connection, table)
        changed = {name: statement.excluded[name] for name in chunk[0] if name not in key}
        newer = statement.excluded[order] > table.c[order]
        upsert = statement.on_conflict_do_update(index_elements=key, set_=changed, where=newer)
        connection.execute(upsert, chunk)


def _run(connection: Connection, books: RunBooks) -> None:
    report = books.report
    row = {
        "publisher": report.publisher,
        "run_id": report.run_id,
        "started_at": report.started_at,
        "day": local_day(report.started_at, books.timezone),
        "complete": report.complete,
        "record": encode(report).decode(),
    }
    put_rows(connection, runs, [row])


def _gaps(connection: Connection, books: RunBooks) -> None:
    rows = [_gap_row(books.report, gap) for gap in books.report.gaps]
    _upsert_newer(connection, gaps, rows, "rank")


def _gap_row(report: RunReport, gap: Gap) -> Row:
    return {
        "publisher": report.publisher,
        "opened_by": gap.opened_by,
        "since": gap.since,
        # Whatever order runs arrive in, closed stands over open, and the newest run over the others.
        "rank": f"{gap.state == 'closed':d} {report.run_id}",
        "record": encode(gap).decode(),
    }


def _ledger(connection: Connection, books: RunBooks) -> None:
    changes = {line.article_id: line.lastmod for line in books.crawl_lines}
    rows = [_ledger_row(books, line, changes.get(line.article_id)) for line in books.ledger]
    for chunk in chunks(rows):
        statement = insert(connection, ledger)
        new, old = statement.excluded, ledger.c
        newer = new["run_id"] > old["run_id"]
        changed = {name: case((newer, new[name]), else_=old[name]) for name in chunk[0]}
        earlier = new["day"] < old["day"]
        changed["day"] = case((earlier, new["day"]), else_=old["day"])
        upsert = statement.on_conflict_do_update(index_elements=_ARTICLE_KEY, set_=changed)
        connection.execute(upsert, chunk)


def _ledger_row(books: RunBooks, line: LedgerLine, lastmod: datetime | None) -> Row:
    return {
        "publisher": books.report.publisher,
        "article_id": line.article_id,
        "run_id": books.report.run_id,
        "outcome": line.outcome,
        "reason": line.reason,
        "record": encode(line).decode(),
        "day": local_day(min(lastmod or line.listed_at, line.listed_at), books.timezone),
    }


def _asks(connection: Connection, books: RunBooks) -> None:
    answered = [line for line in books.crawl_lines if _was_answered(line)]
    failed = {line.article_id for line in books.ledger if line.outcome == "failed"}
    publisher = books.report.publisher
    for chunk in chunks(answered):
        statement = insert(connection, asks)
        upsert = statement.on_conflict_do_update(
            index_elements=["publisher", "article_id"],
            set_={
                "asked_at": _later(statement.excluded["asked_at"], asks.c.asked_at),
                "lastmod": _later(statement.excluded["lastmod"], asks.c.lastmod),
            },
        )
        connection.execute(upsert, [_ask_row(publisher, line) for line in chunk])
    # A page that we could not read is asked for again in full: its validators are not kept.
    # A 304 that repeats no validator leaves those of the page it is about.
    # A page that is gone has none: a 304 after it would hide that it is there again.
    gone = {capture.article_id for capture in books.captures if capture.is_removal}
    validated = [
        _validator_row(publisher, line, kept=line.article_id not in gone)
        for line in answered
        if line.article_id in gone or (line.article_id not in failed and _sets_validators(line))
    ]
    _upsert_newer(connection, validators, validated, "validated_at")


def _was_answered(line: CrawlLine) -> bool:
    # A page that is no article is skipped, and a 304 says that it still is none.
    known = line.state in {"fetched", "not_modified", "skipped"} or line.reason in _ANSWERS
    status = line.http_status or 0
    gone = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    return line.asked_at is not None and (known or (gone and status not in _MAY_PASS))


def _sets_validators(line: CrawlLine) -> bool:
    return line.state == "fetched" or bool(line.etag or line.last_modified)


def _later(new: ColumnElement[Any], old: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((new.is_(None), old), (old.is_(None) | (new > old), new), else_=old)


def _ask_row(publisher: str, line: CrawlLine) -> Row:
    return {
        "publisher": publisher,
        "article_id": line.article_id,
        "asked_at": line.asked_at,
        "lastmod": line.lastmod,
    }


def _validator_row(publisher: str, line: CrawlLine, *, kept: bool) -> Row:
    return {
        "publisher": publisher,
        "article_id": line.article_id,
        "validated_at": line.asked_at,
        "etag": line.etag if kept else None,
        "last_modified": line.last_modified if kept else None,
        "original": encode(line.original).decode() if kept and line.original else None,
    }


def _captures(connection: Connection, books: RunBooks) -> None:
    put_rows(connection, captures, (_capture_row(capture) for capture in books.captures))


def _capture_row(capture: Capture) -> Row:
    return {
        "publisher": capture.publisher,
        "article_id": capture.article_id,
        "captured_at": capture.captured_at,
        "run_id": capture.run_id,
        "revision": capture.revision,
        "access": capture.access,
        "removed": capture.is_removal,
        "date_published": capture.date_published,
        "record": encode(capture).decode(),
    }


def _articles(connection: Connection, books: RunBooks) -> None:
    # Worked out anew from all captures of the article, so that no order of arrival matters.
    for chunk in chunks(sorted({capture.article_id for capture in books.captures})):
        found = captures_of(connection, books.report.publisher, chunk).values()
        worked_out = [(rows, sequence) for rows in found if (sequence := sequence_in(rows)).steps]
        if not worked_out:
            continue
        rows = [_article_row(books.timezone, *one) for one in worked_out]
        statement = insert(connection, articles)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in _ARTICLE_KEY}
        upsert = statement.on_conflict_do_update(index_elements=_ARTICLE_KEY, set_=changed)
        connection.execute(upsert, rows)
        _ages(
            connection,
            books.report.publisher,
            [_age(row, one) for row, (_, one) in zip(rows, worked_out, strict=True)],
        )


def _age(row: Row, sequence: Sequence) -> Row:
    return {"key": row["article_id"], "age": sequence.fresh_at(row["date_published"])}


def _ages(connection: Connection, publisher: str, rows: list[Row]) -> None:
    same = (asks.c.publisher == publisher) & (asks.c.article_id == bindparam("key"))
    connection.execute(asks.update().where(same).values(fresh_at=bindparam("age")), rows)


_ARTICLE_KEY = ["publisher", "article_id"]


def captures_of(
    connection: Connection, publisher: str, article_ids: Items[str]
) -> dict[str, list[Row]]:
    """Return the rows of the articles' captures, by time, by article."""
    query = (
        select(captures)
        .where(captures.c.publisher == publisher, captures.c.article_id.in_(article_ids))
        .order_by(captures.c.article_id, captures.c.captured_at, captures.c.run_id)
    )
    found: dict[str, list[Row]] = {}
    for row in connection.execute(query).mappings():
        found.setdefault(row["article_id"], []).append(dict(row))
    return found


def sequence_in(rows: Iterable[Row]) -> Sequence:
    """Return the sequence of an article's capture rows."""
    names = ("captured_at", "run_id", "revision", "access", "removed")
    return sequence_of(Look(**{name: row[name] for name in names}) for row in rows)


def _article_row(timezone: str, rows: Iterable[Row], sequence: Sequence) -> Row:
    stands, first_seen_at = sequence.standing, sequence.steps[0].look.captured_at
    newest = next(row for row in rows if stands and is_of(row, stands))
    names = ["publisher", "article_id", "captured_at", "revision", "access", "date_published"]
    row = {name: newest[name] for name in [*names, "record"]}
    day = local_day(newest["date_published"] or first_seen_at, timezone)
    gone = sequence.gone[0].captured_at if sequence.is_removed else None
    times = {"first_seen_at": first_seen_at, "changed_at": sequence.changed_at, "removed_at": gone}
    return {**row, **times, "day": day}


def is_of(row: Row, look: Look) -> bool:
    """Tell whether a look was worked out from a row."""
    return (row["captured_at"], row["run_id"]) == (look.captured_at, look.run_id)
