"""Tables as people read them: whole ids in a terminal of 80 columns, and text as it was written."""

from datetime import timedelta
from io import StringIO

from rich.console import Console
from rich.table import Table

from archive.records import Alarm, Gap, RunReport
from cli.output import count, table
from cli.render import runs_table
from tests.pipelines.reports import MONDAY, read, report

TERMINAL = 80


def shown(found: Table) -> str:
    console = Console(file=StringIO(), width=TERMINAL, soft_wrap=True)
    console.print(found)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def bad_run() -> RunReport:
    gap = Gap(
        since=MONDAY - timedelta(days=1),
        until=MONDAY,
        state="open",
        reason="no_overlap",
        opened_by="run",
        opened_at=MONDAY,
    )
    return report(
        MONDAY,
        listed=1470,
        archived=1400,
        skipped=60,
        pending=10,
        balanced=False,
        ending="request_budget",
        announcements=(read("rss:world", 0, "html"),),
        gaps=(gap,),
        alarms=(Alarm(stage="discover", cause="c"), Alarm(stage="fetch", cause="c")),
    )


def test_the_runs_fit_a_terminal_with_their_ids_whole() -> None:
    run = bad_run()
    text = shown(runs_table([run]))
    assert max(map(len, text.splitlines())) <= TERMINAL
    assert run.run_id in text
    for told in ("1 run\n", "1470 listed: 1400", "request_budget", "2 alarms", "1 gap", "1 unread"):
        assert told in text
    assert "DOES NOT BALANCE" in text
    assert "0 failed" not in text


def test_brackets_are_text() -> None:
    text = shown(table("", ("part", "found"), [("crawls", "halted: the [editor] called [/red]")]))
    assert "the [editor] called [/red]" in text


def test_one_is_one() -> None:
    assert [count(number, "gap") for number in (0, 1, 2)] == ["0 gaps", "1 gap", "2 gaps"]


def test_no_order_reaches_the_terminal() -> None:
    text = shown(table("", ("object", "problem"), [("a\x1b[2J\x9b2J\rb", "c\td")]))
    assert not {"\x1b", "\x9b", "\r", "\t"} & set(text)
    assert "a\\x1b[2J\\x9b2J\\x0db" in text
