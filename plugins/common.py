"""What all DAG files share. They import this at their top: nothing but Airflow here."""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule, task

articles = Asset("articles")
"""What the archive holds, partitioned by New Zealand date of publication."""

CRAWL_TIME_LIMIT = timedelta(hours=6)
"""When a crawl hangs. Its request budget ends it long before: 500 requests (the default) at a
``Crawl-delay`` of 15 seconds take two hours, and waiting for slow answers may double that."""

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


@task(retries=0, doc_md="Red when the crawl ended in an error, now that its books are kept.")
def conclude(summary: dict[str, Any]) -> None:
    """Fail with the error that ended the crawl, if one did: the last step of each crawl."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    stages.conclude(summary)
