"""The steps that every crawl goes through, whichever DAG asked for it.

DAG files import this at their top: the archive is imported inside the tasks. The later a step, the
sooner its turn, so that crawls do not pile up before the books.
"""

from typing import Any

from airflow.sdk import task
from airflow.sdk.definitions.taskgroup import MappedTaskGroup

from plugins.common import ALTHOUGH_RED, CRAWL_TIME_LIMIT
from plugins.crawl_operator import CrawlOperator

Json = dict[str, Any]

_LABEL = "{{ task.op_args[0]['since'] }}"
"""What an instance in a mapped group is called: the first date that its crawl asked for."""

Result = Any
"""What a task will give: an ``XComArg``, where the signatures of tasks name the value itself."""


@task(
    map_index_template=_LABEL,
    priority_weight=2,
    doc_md="Read the crawl's WARC files, compare, store; gives the keys of the outcomes.",
)
def normalise_and_store(summary: Json) -> list[str]:
    """Read every WARC file of a crawl in one task: Airflow maps nothing inside a mapped group."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    return [stages.normalise_and_store(summary, key) for key in summary["warc_keys"]]


# A crawl that fetched no page may have mapped over no file, and still has books to keep.
@task(
    map_index_template=_LABEL,
    priority_weight=3,
    trigger_rule="none_failed",
    doc_md="Write down the captures; a dry run has none.",
)
def catalogue(summary: Json, outcome_keys: list[str]) -> str | None:
    """Write down the captures of a crawl; gives their key."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    return stages.catalogue(summary, outcome_keys)


@task(
    map_index_template=_LABEL,
    priority_weight=4,
    trigger_rule="none_failed",
    doc_md="Balance the books, report; red when they do not, and when too little is held.",
)
def reconcile(summary: Json, outcome_keys: list[str]) -> Json | None:
    """Balance the books of a crawl and make its report."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    return stages.reconcile(summary, outcome_keys)


@task(
    map_index_template=_LABEL,
    priority_weight=5,
    retries=0,
    doc_md="Red when the pages were read badly, against what is usual.",
)
def examine(summary: Json) -> None:
    """Fail when the report has an alarm about what was read: premium, empty or unread pages, fields."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    stages.examine(summary)


@task(
    map_index_template=_LABEL,
    priority_weight=5,
    retries=0,
    doc_md="Red when the crawl ended in an error, or listed too little, now that its books are kept.",
)
def conclude(summary: Json) -> None:
    """Fail with what ended the crawl, or with the alarms about finding and fetching."""
    from plugins import stages  # noqa: PLC0415 - brings the whole archive

    stages.conclude(summary)


def keep_books(summary: Result, outcomes: Result, *, rule: str = ALTHOUGH_RED) -> list[Result]:
    """Put a crawl into the books and look at them; returns ``reconcile`` and what comes after it.

    ``rule`` is the trigger rule of what comes after it.
    """
    books = reconcile(summary, outcomes)
    last = [step.override(trigger_rule=rule)(summary) for step in (examine, conclude)]
    catalogue(summary, outcomes) >> books >> last
    return [books, *last]


def _summary(crawl: CrawlOperator) -> Result:
    output: Result = crawl.output
    return output["summary"]


def summaries(crawls: MappedTaskGroup) -> Result:
    """Return the summary of each crawl of a mapped group, of those without books too."""
    crawl = crawls.get_child_by_label("discover_and_fetch")
    if not isinstance(crawl, CrawlOperator):
        message = f"{crawls} holds no crawl"
        raise TypeError(message)
    return _summary(crawl)


def crawl_in_turn(**arguments: Any) -> None:  # noqa: ANN401 - whatever the operator takes
    """Take one crawl of a mapped group through all its steps."""
    crawl = CrawlOperator(
        task_id="discover_and_fetch", execution_timeout=CRAWL_TIME_LIMIT, **arguments
    )
    summary = _summary(crawl)
    # Airflow 3.3 gives ALTHOUGH_RED up in a mapped group before the crawl has begun.
    keep_books(summary, normalise_and_store(summary), rule="all_done")
