"""The gate: what may be kept of a response, decided before anything is written or extracted.

A page is *premium* when any hard mark holds: a true ``isPremium``, a ``content_code`` other than
free, ``/premium/`` in its address, the badge in its header, a subscribers' section, or a mark of a
former layout. One is enough; that others are absent is no contradiction.

It is *unknown*, and treated as premium, when it contradicts itself (a hard mark on a page whose
JSON says ``isPremium: false`` or ``content_code: free``, also a true flag beside a free code), when
its JSON is there and can't be read, when a badge stands where we can't place it and nothing says
that the article is free, when neither a body nor JSON that we know is there, or when the page can't
be parsed to its end. Hard marks win over these last doubts. Words never decide, nor does JSON-LD's
``isAccessibleForFree``: on this platform it is false on pages that anyone can read.

Two objects of one page that disagree on the same flag are no contradiction: either says premium.
"""

from attrs import evolve, frozen

from archive.records import Access
from publishers.cut_page import EMPTY_PAGE, cut_page
from publishers.marks import UNREADABLE, MarkedPage, Marks, marked_page
from publishers.other_text import Cut, cut_json, cut_listing, cut_own_page, is_json
from publishers.page_source import DecodedPage, decode_html
from publishers.rules import AccessRules

_TEXT_KEYS = ("elements", "content_elements", "content", "body", "articleBody")
_MOST_ROUNDS = 4
_SNIFFED_BYTES = 1024


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


def decide_page(html: bytes, url: str, rules: AccessRules) -> Decision:
    """Decide on an article page, decompressed. Deciding on what was kept gives the same access."""
    try:
        return _decide_page(decode_html(html), html, url, rules)
    except RecursionError:
        return _unreadable("page:nested too deeply")


def decide_other(content: bytes, content_type: str, rules: AccessRules) -> Decision:
    """Decide on any other response, decompressed: a listing page, JSON; other kinds pass as free."""
    kind = _kind(content, content_type)
    if kind == "other":
        return Decision(access="free", evidence=(), kept=None, cuts=())
    if kind == "packed":
        return _unreadable("body:still compressed")
    source = decode_html(content, content_type)
    try:
        if kind == "json":
            return _other(cut_json(source.text, rules))
        return _decide_listing(source, content, rules)
    except RecursionError:
        return _unreadable("page:nested too deeply")


def _decide_page(source: DecodedPage, html: bytes, url: str, rules: AccessRules) -> Decision:
    if html == EMPTY_PAGE:
        return evolve(_unreadable("page:unreadable"), cuts=())
    page = marked_page(source, url, rules)
    if page is None:
        return _unreadable("page:unreadable")
    access = _access(page.marks)
    marks = page.marks
    evidence = (*marks.premium, *marks.free, *marks.doubts, *marks.notes)
    if access == "free":
        cut = cut_own_page(page)
        kept = source.encode(cut.text) if cut else None
        return Decision(access=access, evidence=evidence, kept=kept, cuts=cut.cuts if cut else ())
    kept = _kept(page, url, access, rules)
    if kept is None:
        return _unreadable("page:can't be cut steadily")
    cuts = () if kept == html else _cuts(page, access)
    return Decision(access=access, evidence=evidence, kept=kept, cuts=cuts)


def _decide_listing(source: DecodedPage, content: bytes, rules: AccessRules) -> Decision:
    """Decide on a page of links; one that is an article after all is cut as one."""
    page = marked_page(source, "", rules)
    if page is None:
        return _unreadable("page:unreadable") if content.strip() else _other(None)
    stated = any(mark.startswith(("fusion:", "section:")) for mark in page.marks.premium)
    if stated or UNREADABLE in page.marks.doubts:
        return _decide_page(source, content, "", rules)
    return _other(cut_listing(page), source)


def _other(cut: Cut | None, source: DecodedPage | None = None) -> Decision:
    if cut is None:
        return Decision(access="free", evidence=(), kept=None, cuts=())
    kept = source.encode(cut.text) if source else cut.text.encode()
    access: Access = "premium" if cut.stated else "unknown"
    return Decision(access=access, evidence=cut.evidence, kept=kept, cuts=cut.cuts)


def _access(marks: Marks) -> Access:
    if marks.premium:
        return "unknown" if marks.free else "premium"
    return "unknown" if marks.doubts else "free"


def _kept(page: MarkedPage, url: str, access: Access, rules: AccessRules) -> bytes | None:
    """Return the cut page, cut again until nothing changes: parsers repair what they are given.

    None when that has no end.
    """
    current = page
    for _ in range(_MOST_ROUNDS):
        text = cut_page(current, with_body=access == "premium")
        again = marked_page(DecodedPage(text, "utf-8"), url, rules)
        if again is None or _access(again.marks) != access:
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


def _kind(content: bytes, content_type: str) -> str:
    declared = content_type.partition(";")[0].strip().lower()
    if declared.split("/")[0] in {"image", "video", "audio", "font"}:
        return "other"
    if content.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
        return "packed" if "html" in declared or "json" in declared else "other"
    start = decode_html(content[:_SNIFFED_BYTES]).text.lstrip("\ufeff \t\r\n").lower()
    if "json" in declared or (start[:1] in {"{", "["} and is_json(decode_html(content).text)):
        return "json"
    is_html = "html" in declared or "<!doctype html" in start or "<html" in start
    return "html" if is_html else "other"
