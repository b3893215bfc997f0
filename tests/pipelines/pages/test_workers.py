"""Reading processes: results in order, a time limit, and replacement of what dies.

They import what they run by name, so the work here is ``eval`` on expressions.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import FailedError, UnreadablePage
from pipelines.pages.workers import AHEAD, MAX_MEMORY, TIRED_MEMORY, Readers

SLEEP = "__import__('time').sleep(300)"
PID = "__import__('os').getpid()"
DIE = "__import__('os')._exit(3)"


def test_results_come_in_the_order_of_the_items() -> None:
    with Readers(2) as readers:
        done = list(readers.map(eval, ["__import__('time').sleep(0.3)", "1 + 1", "'two'"]))
    assert [(r.item, r.result) for r in done[1:]] == [("1 + 1", 2), ("'two'", "two")]


def test_one_slow_page_holds_up_no_other_and_is_named() -> None:
    started = time.monotonic()
    with Readers(2, timeout_seconds=5) as readers:
        done = list(readers.map(eval, [SLEEP, *["1 + 1"] * 20], name=lambda item: f"page {item}"))
    assert time.monotonic() - started < 60
    assert isinstance(done[0].result, UnreadablePage)
    assert str(done[0].result) == f"page {SLEEP}: time limit of 5 seconds passed"
    assert [r.result for r in done[1:]] == [2] * 20


def test_a_page_that_ends_its_process_is_an_unreadable_page() -> None:
    with Readers(1) as readers:
        done = list(readers.map(eval, ["1 + 1", DIE, "1 + 2"]))
    assert [done[0].result, done[2].result] == [2, 3]
    assert "died (exit code 3)" in str(done[1].result)


def test_an_unexpected_error_is_an_unreadable_page_with_its_class() -> None:
    with Readers(1) as readers:
        (done,) = readers.map(eval, ["1 / 0"])
    assert "ZeroDivisionError" in str(done.result)


def test_a_crash_of_the_interpreter_costs_one_page() -> None:
    crash = "__import__('os').kill(__import__('os').getpid(), 11)"
    with Readers(1) as readers:
        done = list(readers.map(eval, ["1 + 1", crash, "1 + 2"]))
    assert [done[0].result, done[2].result] == [2, 3]
    assert "died (exit code -11)" in str(done[1].result)


def test_a_page_that_takes_all_memory_is_unreadable_and_its_process_replaced() -> None:
    items = [PID, f"bytearray({2 * MAX_MEMORY})", PID]
    with Readers(1) as readers:
        first, second, third = (done.result for done in readers.map(eval, items))
    assert isinstance(second, UnreadablePage)
    assert "bytes of memory" in str(second)
    assert first != third


def test_a_process_that_grew_is_replaced() -> None:
    grown = f"setattr(__import__('os'), 'kept', b'x' * {TIRED_MEMORY}) or 'grown'"
    with Readers(1) as readers:
        first, same, grew, other = (r.result for r in readers.map(eval, [PID, PID, grown, PID]))
    assert first == same != other
    assert grew == "grown"


def test_what_no_process_can_import_ends_the_run_and_condemns_no_page(tmp_path: Path) -> None:
    (tmp_path / "reader_here_only.py").write_text("def read(item): return item\n")
    with Readers(1) as readers:
        assert next(readers.map(eval, ["1"])).result == 1
        # The process runs already, with the path of before.
        sys.path.insert(0, str(tmp_path))
        try:
            from reader_here_only import read  # type: ignore[import-not-found] # noqa: PLC0415

            with pytest.raises(FailedError, match="can't run: ModuleNotFoundError"):
                next(readers.map(read, ["x"]))
        finally:
            sys.path.remove(str(tmp_path))
    with Readers(1) as readers, pytest.raises(FailedError, match="no_such_module"):
        next(readers.map(eval, ["__import__('no_such_module')"]))


def test_pages_after_a_slow_one_are_done_meanwhile_but_not_without_end() -> None:
    handed_out = 0

    def items() -> Iterator[str]:
        nonlocal handed_out
        for item in ["__import__('time').sleep(2)", *["1"] * (2 * AHEAD)]:
            handed_out += 1
            yield item

    with Readers(2) as readers:
        rounds = readers.map(eval, items())
        next(rounds)
        assert AHEAD // 2 < handed_out <= AHEAD + 1
        assert len(list(rounds)) == 2 * AHEAD


def test_the_processes_serve_several_rounds_and_end_with_the_pool() -> None:
    with Readers(1) as readers:
        first = [r.result for r in readers.map(eval, ["__import__('os').getpid()"])]
        second = [r.result for r in readers.map(eval, ["__import__('os').getpid()"])]
    assert first == second
    with pytest.raises(ProcessLookupError):
        os.kill(first[0], 0)


def test_an_abandoned_round_leaves_no_result_for_the_next() -> None:
    with Readers(2) as readers:
        rounds = readers.map(eval, ["1 + 1", SLEEP, "'older'"])
        assert next(rounds).result == 2
        rounds.close()
        assert [r.result for r in readers.map(eval, ["'new'"])] == ["new"]


def test_nothing_to_read_starts_no_process() -> None:
    with Readers(2) as readers:
        assert list(readers.map(eval, [])) == []


def test_work_that_no_process_could_import_is_refused_at_once() -> None:
    def local(item: str) -> str:
        return item

    local.__module__ = "__main__"
    with Readers(1) as readers, pytest.raises(TypeError, match="put it into a module"):
        next(readers.map(local, ["x"]))


def test_a_process_whose_parent_is_killed_ends_too() -> None:
    code = (
        "from pipelines.pages.workers import Readers\n"
        "r = Readers(1)\n"
        "print(next(r.map(eval, ['__import__(\"os\").getpid()'])).result, flush=True)\n"
        "__import__('os')._exit(9)\n"
    )
    command = [sys.executable, "-c", code]
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=False)
    child = int(done.stdout)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the reading process outlives its parent")
