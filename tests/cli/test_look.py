"""Looking into the archive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from archive.records import Access, Capture
from pipelines.steps import standing
from tests.cli.support import Result


def capture(hours: int, access: Access) -> Capture:
    return Capture(
        article_id="A" * 26,
        revision=f"{hours}",
        publisher="nzherald",
        run_id="20260301T000000Z-00000000",
        captured_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours),
        url="https://www.nzherald.co.nz/world/a/" + "A" * 26 + "/",
        access=access,
        reader="nzherald",
        reader_version="1",
    )


@pytest.mark.parametrize(
    ("accesses", "expected"),
    [
        (["free"], 0),
        (["free", "premium"], 1),
        (["free", "unknown"], 0),
        (["premium", "unknown", "free", "unknown"], 2),
        (["unknown", "unknown"], 1),
    ],
)
def test_unknown_access_never_takes_the_place_of_what_was_known(
    accesses: list[Access], expected: int
):
    captures = [capture(hours, access) for hours, access in enumerate(accesses)]
    assert standing(captures) is captures[expected]


def test_an_empty_archive_and_a_choice_that_fits_nothing_are_told_apart(
    run: Callable[..., Result],
) -> None:
    assert "Nothing is held yet" in run("articles").err
    for option in (
        ("--section", "World/Asia"),
        ("--at", "2026-03-01T09:30 "),
        ("--since", "2026-03-01"),
    ):
        assert "Nothing that is held fits" in run("articles", *option).err
    unknown = run("articles", ARCHIVE_PUBLISHER="nope")
    assert unknown.code == 2
    assert unknown.is_one_clear_line("nope", "ARCHIVE_PUBLISHER", "nzherald")


@pytest.mark.parametrize("command", ["replay", "newspaper"])
def test_a_port_that_is_none_is_wrong_usage(run: Callable[..., Result], command: str) -> None:
    told = run(command, "--port", "99999")
    assert told.code == 2
    assert "65535" in told.err
