"""The ways an answer goes wrong as a page: refusals, odd pages, broken bodies, misleading headers."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime

import attrs

from demo.newspaper.delivery import Coding, Delivery, encode
from demo.newspaper.fault import KINDS, Fault, Way, kind
from demo.newspaper.odd_pages import ODD_PAGES, OddPage
from demo.newspaper.routing import TEXT, Answer, Call

CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]*)"/?>')


@kind("status")
def _status(fault: Fault, call: Call, _honest: Answer) -> Answer:
    """Answer with the fault's status, and with `Retry-After` where it has one."""
    found = Answer(status=fault.status, content_type=TEXT, body=b"fault")
    after = fault.retry_after
    if isinstance(after, timedelta):
        now = call.site.newsroom.clock.now()
        after = format_datetime((now + after).replace(microsecond=0), usegmt=True)
    return found.with_headers(Retry_After=after) if after else found


@kind("blank")
def _blank(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Status 200 and not one byte."""
    return Answer(content_type=honest.content_type)


@kind("reset")
def _reset(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Reset the connection in place of an answer."""
    return attrs.evolve(honest, delivery=Delivery(reset=True))


@kind("hangs")
def _hangs(fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send nothing for a while; then the whole answer."""
    return attrs.evolve(honest, delivery=Delivery(hold_seconds=fault.seconds))


@kind("stalls")
def _stalls(fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Stop in the middle of the body for a while; then the rest."""
    return attrs.evolve(honest, delivery=Delivery(stall_seconds=fault.seconds))


@kind("truncated")
def _truncated(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Close half-way, although `Content-Length` promised the whole."""
    return attrs.evolve(honest, delivery=Delivery(sent_share=0.5))


@kind("truncated_chunked")
def _truncated_chunked(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Close half-way, without the chunk that ends a chunked body."""
    return attrs.evolve(honest, delivery=Delivery(sent_share=0.5, chunked=True))


@kind("broken_gzip")
def _broken_gzip(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send half a gzip stream, with the `Content-Length` of that half."""
    whole = encode(honest.body, "gzip")
    found = attrs.evolve(honest, modified_at=None, delivery=Delivery(coding="identity"))
    return found.with_body(whole[: len(whole) // 2]).with_headers(Content_Encoding="gzip")


@kind("chunked")
def _chunked(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send the whole body in chunks, which is no fault."""
    return attrs.evolve(honest, delivery=Delivery(chunked=True))


@kind("wrong_charset")
def _wrong_charset(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Name another charset in the header than the page itself does, which is right."""
    media_type = honest.content_type.partition(";")[0]
    return attrs.evolve(honest, content_type=f"{media_type}; charset=iso-8859-1")


@kind("no_validators")
def _no_validators(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Leave out `ETag` and `Last-Modified`, so that there is never a 304."""
    return attrs.evolve(honest, modified_at=None)


@kind("render_time")
def _render_time(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Give the time of the answer as `Last-Modified`, so that there is never a 304."""
    now = format_datetime(call.site.newsroom.clock.now(), usegmt=True)
    return attrs.evolve(honest, modified_at=None).with_headers(Last_Modified=now)


@kind("noarchive")
def _noarchive(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Ask every robot to keep no copy."""
    return honest.with_headers(X_Robots_Tag="noarchive")


@kind("noarchive_us")
def _noarchive_us(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Ask the agent `newsarchive` to keep no copy."""
    return honest.with_headers(X_Robots_Tag="newsarchive: noarchive, nosnippet")


@kind("noarchive_other")
def _noarchive_other(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Ask only another agent to keep no copy."""
    return honest.with_headers(X_Robots_Tag="otherbot: noarchive, noindex")


@kind("canonical_wrong")
def _canonical_wrong(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Name another story's page as the canonical one."""
    other = next(s for s in call.site.newsroom.stories() if s.article_id not in call.path)
    return _canonical(honest, f"{call.site.origin}{other.path}")


@kind("canonical_many")
def _canonical_many(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Name two canonical pages, the wrong one first."""
    right = CANONICAL.search(honest.body)
    own = right[1].decode() if right else call.path
    return _canonical(honest, f"{call.site.origin}/nz/another-story/", own)


@kind("canonical_home")
def _canonical_home(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Name the home page as the canonical one."""
    return _canonical(honest, f"{call.site.origin}/")


def _canonical(honest: Answer, *addresses: str) -> Answer:
    links = "".join(f'<link rel="canonical" href="{address}"/>' for address in addresses)
    return honest.with_body(CANONICAL.sub(links.encode(), honest.body, count=1))


@kind("oversize")
def _oversize(fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send the body over and over, and say beforehand how long it is."""
    return _repeated(fault, honest, chunked=False)


@kind("oversize_chunked")
def _oversize_chunked(fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send the body over and over, without saying how long it is."""
    return _repeated(fault, honest, chunked=True)


def _repeated(fault: Fault, honest: Answer, *, chunked: bool) -> Answer:
    repeats = 1 + fault.size // max(1, len(honest.body))
    delivery = Delivery(coding="identity", repeats=repeats, chunked=chunked)
    return attrs.evolve(honest, modified_at=None, delivery=delivery)


@kind("oversize_gzip")
def _oversize_gzip(fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Send a small gzip stream that becomes enormous."""
    body = honest.body + b" " * fault.size
    return attrs.evolve(honest, modified_at=None, delivery=Delivery(coding="gzip")).with_body(body)


def _coded(coding: Coding) -> Way:
    """Compress in a coding whether or not the client accepts it."""
    return lambda _fault, _call, honest: attrs.evolve(honest, delivery=Delivery(coding=coding))


def _odd(page: OddPage) -> Way:
    """Send one of the pages that are no articles."""

    def send(_fault: Fault, call: Call, _honest: Answer) -> Answer:
        newest = call.site.newsroom.newest_in("world", 40)
        body = page.make(call.site.origin, newest)
        return Answer(status=page.status, headers=page.headers, body=body)

    return send


for _coding in ("br", "zstd"):
    KINDS[_coding] = _coded(_coding)
for _page in ODD_PAGES.values():
    KINDS[_page.name] = _odd(_page)
