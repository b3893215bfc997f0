"""What robots.txt allows. Pure; what can't be understood counts as "no"."""

import codecs
import re
from datetime import datetime, timedelta

from attrs import frozen
from protego import Protego

from archive.errors import CrawlRefused

MAX_BYTES = 1 << 20
"""Longest file that is read: twice what RFC 9309 (2.5) says every crawler must, and a hundred times
what sites have. A longer one is no rules but an accident."""

LONGEST_DELAY_SECONDS = 3600
"""Longest ``Crawl-delay`` that is kept: with a longer one no section could be followed; it is a no."""

VALID_FOR = timedelta(hours=24)
"""How long rules are obeyed after they were received (RFC 9309, 2.4)."""

_OK = 200
_ABSENT = {404, 410}
# Protego is as generous in what it takes for such a line.
_AGENT_LINE = re.compile(r"\s*user[- ]?agent(?:\s*:|\s|$)([^#]*)", re.IGNORECASE)
_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)
_RULE = re.compile(
    r"^\s*(user[- ]?agent|(dis)?allow|crawl-delay|sitemap)\b", re.IGNORECASE | re.MULTILINE
)
_PATH_RULE = re.compile(r"^\s*(dis)?allow\b", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"#.*")
_SOMEBODY = "somebody-else"


@frozen
class Robots:
    """The rules for our agent."""

    rules: Protego | None
    """Rules as read. None when the publisher has no robots.txt: everything is allowed."""

    token: str
    """Our agent's token, looked up before ``*``."""

    received_at: datetime | None = None
    """When they were received. None when nobody asks."""

    def allows(self, url: str) -> bool:
        """Tell whether our agent may ask for an address."""
        return self.rules is None or bool(self.rules.can_fetch(url, self.token))

    def expired_at(self, now: datetime) -> bool:
        """Tell whether they are too old to be obeyed."""
        return self.received_at is not None and now - self.received_at >= VALID_FOR

    @property
    def crawl_delay(self) -> float:
        """Least seconds between two requests that it asks for; 0 when it asks for none."""
        delay = self.rules.crawl_delay(self.token) if self.rules else None
        return max(0.0, float(delay or 0))


def read_robots(status: int, content_type: str, content: bytes, *, url: str, token: str) -> Robots:
    """Return the rules in an answer to ``/robots.txt``.

    Raises :class:`CrawlRefused` for everything but a text with rules (200) or a plain absence (404,
    410): who can't read the rules must not crawl.
    """
    if status in _ABSENT:
        return Robots(None, token)
    if status != _OK:
        raise CrawlRefused(url, f"it answers {status}, so that its rules can't be known")
    if len(content) > MAX_BYTES:
        raise CrawlRefused(url, f"its rules are longer than {MAX_BYTES} bytes")
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    if reason := _no_rules(content, content_type, text):
        raise CrawlRefused(url, reason)
    robots = Robots(Protego.parse(_name_groups(text, token)), token)
    if robots.crawl_delay > LONGEST_DELAY_SECONDS:
        reason = f"it asks for more than {LONGEST_DELAY_SECONDS} seconds between two requests"
        raise CrawlRefused(url, reason)
    return robots


def _no_rules(content: bytes, content_type: str, text: str) -> str | None:
    """Return why a file is none that can be obeyed. None when it can."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "its rules are in UTF-16, which robots.txt never is"
    if "html" in content_type.lower() or text.lstrip().startswith("<"):
        return "HTML in place of its rules"
    if _COMMENT.sub("", text).strip() and not _RULE.search(text):
        return "no rules in it, but other text"
    if _PATH_RULE.search(text) and not any(map(_AGENT_LINE.match, text.splitlines())):
        return "rules without an agent to whom they apply"
    return None


def _name_groups(text: str, token: str) -> str:
    """Return the file with each group under our token, ``*``, or somebody else's.

    RFC 9309 (2.2.1) wants the group whose product token is ours, whatever its case, and several such
    groups as one. Protego takes a group whose name our token only begins with for ours, and not one
    that says ``newsarchive/1.0``; groups of one name it does join.
    """
    return "\n".join(_name_group(line, token) for line in text.splitlines())


def _name_group(line: str, token: str) -> str:
    found = _AGENT_LINE.match(line)
    if found is None:
        return line
    name = found[1].strip()
    named = _TOKEN.match(name)
    if name == "*":
        group = "*"
    elif named is not None and named[0].lower() == token.lower():
        group = token
    else:
        group = _SOMEBODY
    return f"User-agent: {group}"
