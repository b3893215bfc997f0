"""Run one crawl in this process:  python -m crawler.run --plan PLAN.json --summary SUMMARY.json.

Settings come from ``ARCHIVE_*``, or as JSON on stdin. Log lines are JSON on stderr; the last one of
a crawl that failed names the error. Exit codes: 0 finished, 1 failed, 2 settings, 3 stopped by a
signal (all that was finished is in the bucket), 4 refused.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from crawler.stopping import Stopping, die_with_parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Crawl, and return the exit code."""
    options = _options(arguments)
    stopping = Stopping(options.close_seconds)
    stopping.install()
    die_with_parent(options.parent)
    from crawler.one_crawl import crawl  # noqa: PLC0415 - takes seconds, in which a signal may come

    return crawl(options, stopping)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m crawler.run", description=__doc__)
    parser.add_argument("--plan", type=Path, required=True, help="the CrawlPlan, as JSON")
    parser.add_argument("--summary", type=Path, required=True, help="where the CrawlSummary goes")
    parser.add_argument("--settings-on-stdin", action="store_true", help="read them as JSON")
    parser.add_argument("--close-seconds", type=float, default=60.0, help="limit of a clean end")
    parser.add_argument("--parent", type=int, help="process id of who starts it: dies with it")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
