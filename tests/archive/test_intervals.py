"""Intervals between two looks, as a setting writes them."""

from datetime import timedelta

import pytest

from archive.errors import ConfigurationError
from archive.intervals import DEFAULT, parse_intervals
from archive.settings import read_settings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (-DAY, HOUR / 2),
        (timedelta(), HOUR / 2),
        (23 * HOUR, 2 * HOUR),
        (25 * HOUR, 6 * HOUR),
        (8 * DAY, 7 * DAY),
        (400 * DAY, 30 * DAY),
    ],
)
def test_the_older_the_longer(age: timedelta, pause: timedelta) -> None:
    assert parse_intervals(DEFAULT).pause(age) == pause


def test_one_wait_is_for_all_ages() -> None:
    assert parse_intervals("5m").pause(400 * DAY) == timedelta(minutes=5)


@pytest.mark.parametrize(
    "text", ["", "6h:30m", "6h:30m,", "6h:1d,1h", "6h:30m,2h:1h,1d", "0h:1m,1d", "1w", "-1h"]
)
def test_what_is_no_list_of_intervals_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError):
        parse_intervals(text)
    monkeypatch.setenv("ARCHIVE_REVISIT_INTERVALS", text)
    with pytest.raises(ConfigurationError, match="ARCHIVE_REVISIT_INTERVALS"):
        read_settings()
