"""Steps that no command takes by itself, as programs:  python -m tests.faults.work STEP [HOURS].

HOURS is how far the clock that the step is given lies behind or ahead of the system's.
"""

import secrets
import sys
from datetime import UTC, datetime, timedelta

from archive.connect import open_archive
from archive.keys import new_run_id
from archive.settings import read_settings
from pipelines import steps


def main(step: str, hours: str = "0") -> None:
    """Take a step in the archive of the environment."""
    now = datetime.now(UTC) + timedelta(hours=float(hours))
    with open_archive(read_settings()) as archive:
        if step == "finish":
            steps.catch_up(archive)
            steps.finish_left(archive, now)
        elif step == "close":
            steps.close_days(archive, now)
        elif step == "audit":
            steps.audit(archive, now, new_run_id(datetime.now(UTC), secrets.token_hex(8)))
        else:
            raise SystemExit(2)


if __name__ == "__main__":
    main(*sys.argv[1:])
