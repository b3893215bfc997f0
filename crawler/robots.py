"""What robots.txt allows. Pure; what can't be understood counts as "no"."""

from attrs import frozen
from protego import Protego

from archive.errors import CrawlRefused

_OK = 200
_ABSENT = {404, 410}


@frozen
class Robots:
    """The rules for our agent."""

    rules: Protego | None
    """Rules as read. None when the publisher has no robots.txt: everything is allowed."""

    token: str
    """Our agent's token, looked up before ``*``."""

    def allows(self, url: str) -> bool:
        """Tell whether our agent may ask for an address."""
        return self.rules is None or bool(self.rules.can_fetch(url, self.token))

    @property
    def crawl_delay(self) -> float:
        """Least seconds between two requests that it asks for; 0 when it asks for none."""
        delay = self.rules.crawl_delay(self.token) if self.rules else None
        return float(delay or 0)


def read_robots(status: int, content_type: str, content: bytes, *, url: str, token: str) -> Robots:
    """Return the rules in an answer to ``/robots.txt``.

    Raises :class:`CrawlRefused` for everything but a text (200) or a plain absence (404, 410): who
    can't read the rules must not crawl.
    """
    if status in _ABSENT:
        return Robots(None, token)
    if status != _OK:
        raise CrawlRefused(url, f"it answers {status}, so that its rules can't be known")
    text = content.decode("utf-8-sig", "replace").replace("\0", "")
    if "html" in content_type.lower() or text.lstrip().startswith("<"):
        raise CrawlRefused(url, "HTML in place of its rules")
    return Robots(Protego.parse(text), token)
