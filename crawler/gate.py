"""The gate: what of a response may be kept and seen, decided before anything is written. Pure."""

from attrs import frozen

from archive.content_coding import decode_body
from archive.errors import BrokenRecord
from archive.records import Access
from archive.warc import AccessNote, Exchange
from publishers.access import decide_other, decide_page
from publishers.page_state import PageState
from publishers.rules import AccessRules

_OK = 200

UTF_8 = "text/html; charset=utf-8"


@frozen(kw_only=True)
class Passage:
    """What comes through the gate."""

    body: bytes
    """The body without content coding, and without what may not be seen: all that later code gets."""

    access: Access | None
    """Who may read the page. None for a response that is no article."""

    note: AccessNote | None
    """What is recorded of the decision. None where none was due."""

    kept: bytes | None
    """The cut page that takes the place of the response. None to keep the response as received."""

    kept_type: str = UTF_8
    """Its content type."""

    problem: str | None = None
    """Why the body can't be read, in one word; nothing of it is kept then. None when it can."""

    state: PageState | None = None
    """What the page is. None for an answer that is neither at an article's address nor HTML, and for
    one that was not decided: not 200, or its body can't be decoded."""


def pass_gate(exchange: Exchange, *, is_article: bool, rules: AccessRules) -> Passage:
    """Decide what of an exchange may be kept; ``is_article`` by the address that was asked."""
    coding = ", ".join(v for n, v in exchange.headers if n.lower() == "content-encoding")
    try:
        body = decode_body(
            exchange.body, coding, name=exchange.url, truncated=exchange.truncated is not None
        )
    except BrokenRecord as error:
        return _closed(error.reason)
    content_type = ", ".join(v for n, v in exchange.headers if n.lower() == "content-type")
    is_page = is_article and exchange.status == _OK and bool(body.strip())
    if is_page:
        decision = decide_page(body, exchange.url, rules)
    else:
        decision = decide_other(body, content_type, rules)
    note = AccessNote(access=decision.access, evidence=decision.evidence, cuts=decision.cuts)
    if decision.kept is not None and not is_page and "html" not in content_type.lower():
        # Cut JSON is no page; nobody reads it, so nothing of it is kept.
        return _closed("subscriber text outside a page")
    return Passage(
        body=body if decision.kept is None else decision.kept,
        access=decision.access if is_page else None,
        note=note if is_page or decision.kept is not None else None,
        kept=decision.kept,
        # A page that is free but for the text of others keeps its charset.
        kept_type=UTF_8 if is_page and decision.access != "free" else content_type,
    )


def _closed(reason: str) -> Passage:
    note = AccessNote(access="unknown", evidence=(reason,), cuts=("everything",))
    return Passage(body=b"", access=None, note=note, kept=None, problem="undecodable")
