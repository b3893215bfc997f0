"""What all DAG files share. They import this at their top: nothing but Airflow here."""

from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, ExceptionRetryPolicy, RetryAction, RetryRule

articles = Asset("articles")
"""What the archive holds, partitioned by New Zealand date of publication."""

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
