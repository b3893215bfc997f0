"""The handles for another process: log, clock and stories, under `/_newspaper/`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs

from demo.newspaper.changes import CHANGES
from demo.newspaper.profiles import combined
from demo.newspaper.routing import JSON, TEXT, Answer
from demo.newspaper.script import Step
from demo.newspaper.story import Block, Story

if TYPE_CHECKING:
    from demo.newspaper.server import Newspaper

STORY = "/_newspaper/stories/"
CHANGEABLE = {"headline", "web_headline", "description", "slug", "body"}


def control(newspaper: Newspaper, method: str, path: str, sent: bytes) -> Answer:
    """Answer a control request; these are not logged.

    GET and DELETE `/_newspaper/log`; GET and PUT `/_newspaper/clock` (an ISO time, or `run`);
    GET `/_newspaper/stories`; PUT and DELETE `/_newspaper/stories/<id>` (PUT takes JSON with
    new values for `headline`, `web_headline`, `description`, `slug`, or `body` as pairs);
    PUT `/_newspaper/profile` (JSON: a list of names of profiles); PUT `/_newspaper/script` (JSON: a
    list of steps, each a list of when, the name of a change, and its arguments by name; when is an
    ISO time, or a number of requests).
    """
    if path.startswith(STORY) and method in {"PUT", "DELETE"}:
        return _edit(newspaper, method, path.removeprefix(STORY), sent)
    handle = _HANDLES.get((method, path))
    if handle is None:
        return Answer(status=404, content_type=TEXT, body=b"no such handle")
    return handle(newspaper, sent)


def _log(newspaper: Newspaper, _sent: bytes) -> Answer:
    return _json([attrs.asdict(entry) for entry in newspaper.log])


def _clear_log(newspaper: Newspaper, _sent: bytes) -> Answer:
    newspaper.log.clear()
    return Answer(status=204, content_type=TEXT)


def _stories(newspaper: Newspaper, _sent: bytes) -> Answer:
    return _json([_truth(story) for story in newspaper.newsroom.stories()])


def _clock(newspaper: Newspaper, _sent: bytes = b"") -> Answer:
    return Answer(body=newspaper.clock.now().isoformat().encode(), content_type=TEXT)


def _set_clock(newspaper: Newspaper, sent: bytes) -> Answer:
    try:
        moment = sent.decode().strip()
        if moment == "run":
            newspaper.clock.run()
        else:
            newspaper.clock.set(datetime.fromisoformat(moment))
    except ValueError as error:
        return Answer(status=400, body=str(error).encode(), content_type=TEXT)
    return _clock(newspaper)


def _set_profile(newspaper: Newspaper, sent: bytes) -> Answer:
    try:
        newspaper.profile = combined(json.loads(sent))
    except (KeyError, TypeError, ValueError) as error:
        return Answer(status=400, body=str(error).encode(), content_type=TEXT)
    return Answer(status=204, content_type=TEXT)


def _script(newspaper: Newspaper, sent: bytes) -> Answer:
    try:
        newspaper.script(*(_step(*step) for step in json.loads(sent)))
    except (KeyError, TypeError, ValueError) as error:
        return Answer(status=400, body=str(error).encode(), content_type=TEXT)
    return Answer(status=204, content_type=TEXT)


def _step(when: str | int, name: str, arguments: dict[str, Any] | None = None) -> Step:
    moment = when if isinstance(when, int) else datetime.fromisoformat(when)
    return moment, CHANGES[name](**arguments or {})


def _edit(newspaper: Newspaper, method: str, article_id: str, sent: bytes) -> Answer:
    try:
        if method == "DELETE":
            newspaper.remove(article_id)
            return Answer(status=204, content_type=TEXT)
        fields = json.loads(sent)
        if not CHANGEABLE.issuperset(fields):
            return Answer(status=400, body=b"not to be changed from outside", content_type=TEXT)
        if "body" in fields:
            fields["body"] = tuple(Block(kind, text) for kind, text in fields["body"])
        return _json(_truth(newspaper.change(article_id, **fields)))
    except KeyError:
        return Answer(status=404, body=b"no such story", content_type=TEXT)
    except ValueError as error:
        return Answer(status=400, body=str(error).encode(), content_type=TEXT)


def _truth(story: Story) -> dict[str, Any]:
    """All that is true about a story, except what only subscribers may read."""
    truth = attrs.asdict(story, recurse=False)
    del truth["hidden"]
    return truth | {
        "path": story.path,
        "shown_date": story.shown_date,
        "hidden_paragraphs": len(story.hidden),
    }


def _json(value: object) -> Answer:
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    return Answer(body=text.encode(), content_type=JSON)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value))


_HANDLES: dict[tuple[str, str], Callable[[Newspaper, bytes], Answer]] = {
    ("GET", "/_newspaper/log"): _log,
    ("DELETE", "/_newspaper/log"): _clear_log,
    ("GET", "/_newspaper/clock"): _clock,
    ("PUT", "/_newspaper/clock"): _set_clock,
    ("GET", "/_newspaper/stories"): _stories,
    ("PUT", "/_newspaper/profile"): _set_profile,
    ("PUT", "/_newspaper/script"): _script,
}
