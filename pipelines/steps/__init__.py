"""The only glue between reading, one stage and writing: each step takes an open archive.

Every step may be run again: what it wrote before is found, and nothing is written twice.
"""

from pipelines.steps.attesting import Trust, attest, trust_of
from pipelines.steps.auditing import audit, newest_audit, repair
from pipelines.steps.books import catalogue, reconcile, repair_plans
from pipelines.steps.day_chain import days, whole_chain
from pipelines.steps.enriching import enrich
from pipelines.steps.exporting import ExportPlan, export
from pipelines.steps.forgetting import was_taken_down, why_absent
from pipelines.steps.leftovers import finish_left
from pipelines.steps.linking import duplicates
from pipelines.steps.manifests import close_days, under_way
from pipelines.steps.normalising import normalise_warc
from pipelines.steps.objects import article, standing
from pipelines.steps.rebuilding import catch_up, rebuild
from pipelines.steps.replaying import ReplayIndex, index_for_replay
from pipelines.steps.rereading import rederive
from pipelines.steps.takedown import Order, finish_takedowns, plan_takedown, take_down
from pipelines.steps.verifying import VerifyPlan, verify
from pipelines.steps.versions import diff, history, publish_feeds

__all__ = [
    "ExportPlan",
    "Order",
    "ReplayIndex",
    "Trust",
    "VerifyPlan",
    "article",
    "attest",
    "audit",
    "catalogue",
    "catch_up",
    "close_days",
    "days",
    "diff",
    "duplicates",
    "enrich",
    "export",
    "finish_left",
    "finish_takedowns",
    "history",
    "index_for_replay",
    "newest_audit",
    "normalise_warc",
    "plan_takedown",
    "publish_feeds",
    "rebuild",
    "reconcile",
    "rederive",
    "repair",
    "repair_plans",
    "standing",
    "take_down",
    "trust_of",
    "under_way",
    "verify",
    "was_taken_down",
    "whole_chain",
    "why_absent",
]
