"""The gate: what of a response may be kept and seen, decided before anything is written. Pure."""

from attrs import frozen

from archive.content_coding import decode_body
from archive.errors import BrokenRecord
from archive.records import Access
from archive.warc import AccessNote, Exchange
from publishers.access import Decision, decide_other, decide_page
from publishers.cut_page import EMPTY_PAGE
from publishers.page_state import EMPTY, PageState, page_state
from publishers.robots_words import header_forbids_archiving, page_forbids_archiving
from publishers.rules import AccessRules
from publishers.spec import Publisher

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
    """What the page is. None for an answer that is neither at an article's address nor HTML, for one
    that can't be decoded or is not whole, and for any but a 200 unless it is a ``block``."""

    withheld: bool = False
    """Whether nothing of the body may be kept, as received or cut: only that there was an answer."""


def pass_gate(exchange: Exchange, *, publisher: Publisher) -> Passage:
    """Decide what of an exchange may be kept, and what it is."""
    try:
        body = decoded(exchange)
    except BrokenRecord as error:
        return _closed(error.reason)
    is_article = publisher.listed_id(exchange.url) is not None
    is_page = is_article and exchange.status == _OK and bool(body.strip())
    decision = _decide(exchange, body, publisher.access, is_page=is_page)
    content_type = header(exchange, "content-type")
    if decision.kept is not None and not is_page and not _is_readable(decision.kept, content_type):
        # Cut JSON is no page; nobody reads it, so nothing of it is kept.
        return _closed("subscriber text outside a page")
    state = _state(exchange, decision, publisher, is_article=is_article)
    held_back = _is_barred(exchange, decision, publisher)
    note = AccessNote(
        access=decision.access,
        evidence=decision.evidence,
        cuts=("everything",) if held_back else decision.cuts,
        state=state.kind if state else ("noarchive" if held_back else None),
        state_evidence=state.evidence if state else (),
    )
    return Passage(
        # A page of links that must not be kept may still be read.
        body=b"" if held_back and is_article else body if decision.kept is None else decision.kept,
        access=decision.access if is_page else None,
        note=note if is_page or held_back or decision.kept is not None else None,
        kept=decision.kept,
        # A page that is free but for the text of others keeps its charset.
        kept_type=UTF_8 if is_page and decision.access != "free" else content_type,
        state=state,
        withheld=held_back,
    )


def decoded(exchange: Exchange) -> bytes:
    """Return the body without its content coding; raises :class:`BrokenRecord`."""
    coding = header(exchange, "content-encoding")
    truncated = exchange.truncated is not None
    return decode_body(exchange.body, coding, name=exchange.url, truncated=truncated)


def header(exchange: Exchange, name: str) -> str:
    """Return a header's values, joined; empty when it was not sent."""
    return ", ".join(value for sent, value in exchange.headers if sent.lower() == name)


def _decide(exchange: Exchange, body: bytes, rules: AccessRules, *, is_page: bool) -> Decision:
    content_type = header(exchange, "content-type")
    if is_page:
        whole = exchange.truncated is None
        return decide_page(body, exchange.url, rules, content_type, whole=whole)
    return decide_other(body, content_type, rules, exchange.url)


def _state(
    exchange: Exchange, decision: Decision, publisher: Publisher, *, is_article: bool
) -> PageState | None:
    """Return what a page is; of an answer other than 200 only whether it is a block."""
    state = page_state(decision.page, exchange.url, publisher, exchange.headers)
    if state.kind == "block":
        return state
    if exchange.status != _OK or exchange.truncated or (decision.page is None and not is_article):
        return None
    return state if exchange.body.strip() or state.kind == "noarchive" else EMPTY


def _is_barred(exchange: Exchange, decision: Decision, publisher: Publisher) -> bool:
    """Tell whether an answer, whatever it is, asks not to be archived."""
    token = publisher.agent_token
    about = decision.page.parts.about if decision.page else ()
    return header_forbids_archiving(exchange.headers, token) or page_forbids_archiving(about, token)


def _is_readable(kept: bytes, content_type: str) -> bool:
    kind = content_type.lower()
    return "html" in kind or ("xml" in kind and kept != EMPTY_PAGE)


def _closed(reason: str) -> Passage:
    note = AccessNote(access="unknown", evidence=(reason,), cuts=("everything",))
    return Passage(
        body=b"", access=None, note=note, kept=None, problem="undecodable", withheld=True
    )
