"""The only glue between reading, one stage and writing: each step takes an open archive.

Every step may be run again: what it wrote before is found, and nothing is written twice.
"""

from pipelines.steps.books import catalogue, catch_up, reconcile, repair_plans
from pipelines.steps.enriching import enrich
from pipelines.steps.linking import duplicates
from pipelines.steps.normalising import normalise_warc
from pipelines.steps.objects import article, standing
from pipelines.steps.rereading import rederive
from pipelines.steps.versions import diff, history, publish_feeds

__all__ = [
    "article",
    "catalogue",
    "catch_up",
    "diff",
    "duplicates",
    "enrich",
    "history",
    "normalise_warc",
    "publish_feeds",
    "reconcile",
    "rederive",
    "repair_plans",
    "standing",
]
