"""The gate: what may be kept of a response, decided before anything is written or extracted.

A page is *premium* when any hard mark holds: a true ``isPremium``, a ``content_code`` other than
free, ``/premium/`` in its address, the badge in its header, a subscribers' section, or a mark of a
former layout. One is enough; that others are absent is no contradiction.

It is *unknown*, and treated as premium, when it contradicts itself (a hard mark on a page whose
JSON says ``isPremium: false`` or ``content_code: free``, also a true flag beside a free code), when
its JSON is there and can't be read, when the script that should carry JSON is there and has lost it,
when a badge stands where we can't place it and nothing says that the article is free, when neither
a body nor JSON that we know is there, or when the page can't be parsed to its end. Hard marks win
over these last doubts. Words never decide, nor does JSON-LD's ``isAccessibleForFree``: on this
platform it is false on pages that anyone can read.

Two objects of one page that disagree on the same flag are no contradiction: either says premium.
"""

from attrs import evolve, field, frozen

from archive.records import Access
from publishers.content_kind import kind_of, without_prefix
from publishers.cut_page import EMPTY_PAGE, cut_page
from publishers.feed_text import cut_feed
from publishers.marks import UNREADABLE, MarkedPage, Marks, marked_page
from publishers.other_text import Cut, cut_json, cut_listing, cut_own_page, cut_text
from publishers.page_source import DecodedPage, decode_html
from publishers.rules import AccessRules

_TEXT_KEYS = ("elements", "content_elements", "content", "body", "articleBody")
_MOST_ROUNDS = 4
NOT_WHOLE = "page:not whole"
"""The doubt about a page of which the end did not arrive."""


@frozen(kw_only=True)
class Decision:
    """What may be kept of one response."""

    access: Access
    """Who may read it. For a listing or JSON that was cut: not ``free``."""

    evidence: tuple[str, ...]
    """The marks that decided, such as ``fusion:isPremium=true`` or ``badge``."""

    kept: bytes | None
    """What to keep instead. None to keep the response as received. May be set on a free article, too,
    whose page carried text of other, subscriber-only ones: look at this, not at ``access``."""

    cuts: tuple[str, ...]
    """What was left out; empty when nothing was."""

    page: MarkedPage | None = field(default=None, eq=False, repr=False)
    """The page as it was received, so that nobody parses it again. None for what is no HTML page,
    and for one that can't be parsed."""


def decide_page(
    html: bytes, url: str, rules: AccessRules, content_type: str = "", *, whole: bool = True
) -> Decision:
    """Decide on an article page, decompressed. Deciding on what was kept gives the same access.

    Of a page that is not ``whole`` the marks may be missing: it is premium or unknown.
    """
    try:
        return _decide_page(decode_html(html, content_type), html, url, rules, whole=whole)
    except RecursionError:
        return _unreadable("page:nested too deeply")


def decide_other(content: bytes, content_type: str, rules: AccessRules, url: str = "") -> Decision:
    """Decide on any other response, decompressed: a listing page, a feed, JSON, a script.

    ``url`` is given where an article was asked for and something else came, such as an error page.
    """
    source = decode_html(content, content_type)
    try:
        match kind_of(content, source, content_type):
            case "packed":
                return _unreadable("body:still compressed")
            case "html":
                return _decide_listing(source, content, rules, url)
            case "json":
                cut = cut_json(without_prefix(source.text), rules)
            case "xml":
                cut = cut_feed(source.text)
            case "text":
                cut = cut_text(source.text, rules)
            case _:
                cut = None
    except RecursionError:
        return _unreadable("page:nested too deeply")
    return _other(cut, source)


def _decide_page(
    source: DecodedPage, html: bytes, url: str, rules: AccessRules, *, whole: bool = True
) -> Decision:
    if html == EMPTY_PAGE:
        return evolve(_unreadable("page:unreadable"), cuts=())
    page = marked_page(source, url, rules)
    if page is None:
        return _unreadable("page:unreadable")
    return _decide_marked(page, html, url, whole=whole)


def _decide_marked(page: MarkedPage, html: bytes, url: str, *, whole: bool = True) -> Decision:
    marks = page.marks if whole else evolve(page.marks, doubts=(*page.marks.doubts, NOT_WHOLE))
    page = evolve(page, marks=marks)
    access = _access(marks)
    evidence = (*marks.premium, *marks.free, *marks.doubts, *marks.notes)
    if access == "free":
        cut = cut_own_page(page, url)
        kept = page.source.encode(cut.text) if cut else None
        cuts = cut.cuts if cut else ()
        return Decision(access=access, evidence=evidence, kept=kept, cuts=cuts, page=page)
    kept = _kept(page, url, access, whole=whole)
    if kept is None:
        return evolve(_unreadable("page:can't be cut steadily"), page=page)
    cuts = () if kept == html else _cuts(page, access)
    return Decision(access=access, evidence=evidence, kept=kept, cuts=cuts, page=page)


def _decide_listing(source: DecodedPage, content: bytes, rules: AccessRules, url: str) -> Decision:
    """Decide on a page of links; one that is an article after all is cut as one."""
    page = marked_page(source, url, rules)
    if page is None:
        return _unreadable("page:unreadable") if content.strip() else _other(None, source)
    if _is_article_after_all(page, url):
        return _decide_marked(page, content, url)
    return evolve(_other(cut_listing(page), source), page=page)


def _is_article_after_all(page: MarkedPage, url: str) -> bool:
    # Cards carry badges, and a menu may lead to the subscribers' front: on a listing these say nothing.
    telling = ("fusion:", "section:", "historic:", *(("url:",) if url else ()))
    stated = any(mark.startswith(telling) for mark in page.marks.premium)
    has_body = bool(page.parts.with_names(page.parts.rules.body_names))
    return stated or has_body or UNREADABLE in page.marks.doubts


def _other(cut: Cut | None, source: DecodedPage) -> Decision:
    if cut is None:
        return Decision(access="free", evidence=(), kept=None, cuts=())
    kept = source.encode(cut.text)
    access: Access = "premium" if cut.stated else "unknown"
    return Decision(access=access, evidence=cut.evidence, kept=kept, cuts=cut.cuts)


def _access(marks: Marks) -> Access:
    if marks.premium:
        return "unknown" if marks.free else "premium"
    return "unknown" if marks.doubts else "free"


def _kept(page: MarkedPage, url: str, access: Access, *, whole: bool) -> bytes | None:
    """Return the cut page, cut again until nothing changes: parsers repair what they are given.

    None when that has no end.
    """
    current = page
    for _ in range(_MOST_ROUNDS):
        text = cut_page(current, with_body=access == "premium")
        again = marked_page(DecodedPage(text, "utf-8"), url, page.parts.rules)
        if again is None or (whole and _access(again.marks) != access):
            break
        if cut_page(again, with_body=access == "premium") == text:
            return text.encode("utf-8", "replace")
        current = again
    return None


def _cuts(page: MarkedPage, access: Access) -> tuple[str, ...]:
    objects = [c.value for c in page.marks.contents if isinstance(c.value, dict)]
    keys = [key for key in _TEXT_KEYS if any(value.get(key) for value in objects)]
    names = [data.name for data in page.data if isinstance(data.value, dict | list) and data.value]
    return (
        *(f"section:{name}" for name in page.marks.sections),
        *(("body",) if access == "unknown" and page.marks.has_body else ()),
        *(f"fusion:globalContent.{key}" for key in keys),
        *(f"fusion:{name}" for name in dict.fromkeys(names) if name != "globalContent"),
        "everything outside the public parts",
    )


def _unreadable(reason: str) -> Decision:
    return Decision(access="unknown", evidence=(reason,), kept=EMPTY_PAGE, cuts=("everything",))
