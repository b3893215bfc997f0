"""Takedowns as Airflow's tasks call them: plain JSON in and out, as in :mod:`plugins.stages`.

DAG files import this module inside their tasks, because it brings the whole archive with it.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from archive.errors import ConfigurationError
from archive.keys import new_run_id
from archive.records import Takedown
from pipelines import steps
from pipelines.steps import Order
from plugins.stages import Json, caught_up, note


def plan(params: Mapping[str, Any]) -> str:
    """Return what a takedown would do, for whoever approves it; raises :class:`ConfigurationError` when nothing is held."""
    order = _order(params)
    with caught_up() as archive:
        planned = steps.plan_takedown(archive, order, now=_now(), run_id=_fresh_run_id())
        if not (planned.removed or planned.rewritten):
            message = steps.why_absent(archive, order.article_id)
            note(message)
            raise ConfigurationError(message)
    text = _said(planned)
    note(text)
    return text


def remove(params: Mapping[str, Any], answer: Json) -> list[str]:
    """Take an article down that somebody has approved; returns the ids of the runs that did."""
    order = _order(params, approved_by=_name(answer.get("responded_by_user")))
    with caught_up() as archive:
        steps.finish_left(archive, _now())
        made = steps.take_down(archive, order, now=_now(), new_run_id=_fresh_run_id)
    removed = sum(len(one.removed) for one in made)
    rewritten = sum(len(one.rewritten) for one in made)
    note(
        f"Article {order.article_id} is taken down: {removed} objects removed, {rewritten} rewritten. "
        f"Approved by {order.approved_by}."
    )
    return [one.run_id for one in made]


def _order(params: Mapping[str, Any], approved_by: str | None = None) -> Order:
    return Order(
        article_id=params["article_id"].strip(),
        reason=params["reason"].strip(),
        requested_by=params["requested_by"].strip(),
        approved_by=approved_by,
        listings=params["listings"],
    )


def _said(planned: Takedown) -> str:
    """Return a plan in words, without a word of the article: Airflow keeps them."""
    removed, rewritten = len(planned.removed), len(planned.rewritten)
    lines = (
        f"**{planned.article_id}**: {removed} objects would be removed, {rewritten} rewritten.",
        f"Reason: {planned.reason}",
        f"Asked for by: {planned.requested_by}",
        f"Look at it first: `newsarchive show {planned.article_id}`. It can't be brought back.",
    )
    return "\n\n".join(lines)


def _name(user: object) -> str | None:
    """Return the name of who answered, as Airflow gives it: a mapping or an object with ``name`` and ``id``."""
    if isinstance(user, Mapping):
        return str(user.get("name") or user.get("id"))
    return None if user is None else str(getattr(user, "name", user))


def _now() -> datetime:
    return datetime.now(UTC)


def _fresh_run_id() -> str:
    return new_run_id(_now(), secrets.token_hex(8))
