"""What all DAG files share. They import this at their top: nothing but Airflow here."""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule

articles = Asset("articles")
"""What the archive holds, partitioned by New Zealand date of publication."""

gaps = Asset("gaps")
"""Stretches of time of which the listing was not seen: an event for each run that opened some."""

CRAWL_TIME_LIMIT = timedelta(hours=6)
"""When a crawl hangs. Its request budget ends it long before: 500 requests (the default) at a
``Crawl-delay`` of 15 seconds take two hours, and waiting for slow answers may double that."""

CRAWLS_IN_TURN: dict[str, Any] = {"pool": "publisher", "weight_rule": "absolute"}
"""For crawls that are mapped: with the weights of :mod:`plugins.crawl_steps`, the steps that keep the
books have the slot before crawls that wait, of which at most one is ahead."""

ALTHOUGH_RED = "all_done_min_one_success"
"""Trigger rule of what happens after the books, red or not, but not when there was no crawl."""

DEFAULT_ARGS: dict[str, Any] = {
    "owner": "archive",
    # Nothing hangs for ever; reading a WARC file or annotating a day takes minutes.
    "execution_timeout": timedelta(hours=1),
    # These say the same when asked again; everything else may pass (retries: airflow.cfg).
    "retry_policy": ExceptionRetryPolicy(
        [
            RetryRule(
                [
                    "archive.errors.RefusedError",
                    "archive.errors.ConfigurationError",
                    "archive.errors.FailedError",
                ],
                RetryAction.FAIL,
            )
        ]
    ),
}
"""How each task behaves unless it says otherwise."""
