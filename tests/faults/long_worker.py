"""A worker that lives long: one process that runs the crawl operator many times, as Airflow's do.

python -m tests.faults.long_worker TIMES: prints what it holds after each crawl, a line of JSON each.
"""

import json
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

from plugins.crawl_operator import CrawlOperator


def main(times: int) -> None:
    """Crawl, and tell what this process holds afterwards."""
    for number in range(times):
        summaries: dict[str, dict[str, object]] = {}
        ti = SimpleNamespace(
            run_id=f"run-{number}",
            task_id="crawl",
            map_index=-1,
            try_number=1,
            xcom_push=lambda key, value, into=summaries: into.update({key: value}),
        )
        keys = CrawlOperator(task_id="crawl").execute({"ti": ti})
        found = {**_held(), "keys": len(keys), "run_id": summaries["summary"]["run_id"]}
        print("HELD", json.dumps(found), flush=True)  # noqa: T201 - read by the test


def _held() -> dict[str, int]:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return {
        "files": len(list(Path("/proc/self/fd").iterdir())),
        "threads": threading.active_count(),
        "kib": pages * 4,
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
