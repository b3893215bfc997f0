"""The shapes that XML comes in when something upstream is wrong: ways for sitemaps and feeds to go wrong."""

from __future__ import annotations

import re

import attrs

from demo.newspaper.fault import KINDS, Fault, kind
from demo.newspaper.page import message_page
from demo.newspaper.routing import HTML, TEXT, Answer, Call, not_found

ENTRY = re.compile(r"<(url|sitemap|item)>.*?</\1>", re.DOTALL)

EMPTY_FEED = 811
"""Bytes of the real site's section feed on a day when it listed nothing."""


def formed(form: str, call: Call, honest: Answer) -> Answer:
    """Return XML in the shape that a profile asks for; as it is when that is not of this kind."""
    return KINDS[form](Fault(), call, honest) if form in KINDS else honest


@kind("missing")
def _missing(_fault: Fault, _call: Call, _honest: Answer) -> Answer:
    return not_found()


@kind("server_error")
def _server_error(_fault: Fault, _call: Call, _honest: Answer) -> Answer:
    return Answer(status=500, body=b"internal error", content_type=TEXT)


@kind("empty")
def _empty(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Leave nothing in it, and it valid; a feed is then as long as the real one was, 811 bytes."""
    text = ENTRY.sub("", honest.body.decode())
    return honest.with_body(text.replace("</rss>", " " * (EMPTY_FEED - len(text)) + "</rss>"))


@kind("html")
def _html(_fault: Fault, _call: Call, _honest: Answer) -> Answer:
    """Answer 200 with a web page."""
    page = message_page("Sorry", "Something went wrong.")
    return Answer(body=page.encode(), content_type=HTML)


@kind("malformed")
def _malformed(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Leave out the end."""
    return honest.with_body(honest.body[:-40])


@kind("wrong_root")
def _wrong_root(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Well-formed, and neither a sitemap nor a feed."""
    return honest.with_body('<?xml version="1.0" encoding="UTF-8"?><error><code>5</code></error>')


@kind("doctype")
def _doctype(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Declare a document type with an entity that would grow a million times."""
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 7))
    declared = f'?><!DOCTYPE x [<!ENTITY e0 "ha">{grown}]>'
    text = honest.body.decode().replace("?>", declared, 1)
    return honest.with_body(re.sub("</(loc|link)>", r"&e6;</\1>", text, count=1))


@kind("utf16")
def _utf16(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """UTF-16 with a byte order mark, and declared as such in the XML alone."""
    text = honest.body.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"', 1)
    return attrs.evolve(honest, content_type="application/xml").with_body(text.encode("utf-16"))


@kind("windows_1252")
def _windows_1252(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Curly quotes in windows-1252, labelled UTF-8."""
    return honest.with_body(honest.body.decode().encode("cp1252", "xmlcharrefreplace"))


@kind("nul")
def _nul(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Put a NUL byte into each title, and after each address of a sitemap."""
    body = honest.body.replace(b"<title><![CDATA[", b"<title><![CDATA[\0")
    return honest.with_body(body.replace(b"</loc>", b"</loc>\0"))


@kind("relative")
def _relative(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Links without scheme and host."""
    return honest.with_body(honest.body.decode().replace(f">{call.site.origin}/", ">/"))


@kind("schemeless")
def _schemeless(_fault: Fault, call: Call, honest: Answer) -> Answer:
    """Links that begin with two slashes."""
    origin = call.site.origin
    without = origin.partition(":")[2]
    return honest.with_body(honest.body.decode().replace(f">{origin}/", f">{without}/"))


@kind("double_escaped")
def _double_escaped(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """Every ampersand escaped twice; addresses of stories get some to be escaped."""
    text = re.sub(
        r"([A-Z2-7]{26}/)(</(?:loc|link|guid)>)", r"\1?c_id=2&amp;ref=rss\2", honest.body.decode()
    )
    return honest.with_body(text.replace("&amp;", "&amp;amp;"))


@kind("many_headers")
def _many_headers(_fault: Fault, _call: Call, honest: Answer) -> Answer:
    """More than a hundred headers, which some HTTP libraries refuse."""
    return honest.with_headers(**{f"X_Cache_Note_{number}": "1" for number in range(120)})
