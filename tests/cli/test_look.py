"""Looking into the archive."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.records import Access, Capture
from pipelines.steps import standing


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
