"""Addresses in our spelling. Pure; what belongs to one publisher is passed in."""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PATH_SAFE = "%/:@!$&'()*+,;=~-._[]|"
_QUERY_SAFE = _PATH_SAFE + "?"
# Control characters and white space: urlsplit drops some of them silently, and servers differ.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_LONGEST = 2048  # what the sitemap protocol allows


def normalise_url(url: str, drop_query: Iterable[str] = ()) -> str:
    """Return ``url`` in our spelling; raises ValueError when it is no absolute web address.

    Scheme and host in lower case, no default port, no fragment, no query key that matches a pattern
    of ``drop_query`` (``utm_*``; case does not matter). The path keeps its case: publishers tell
    articles apart by it. Applying it twice changes nothing. More than 2,048 characters then are no
    address either.
    """
    text = url.strip()
    if _FORBIDDEN.search(text):
        message = f"white space or control characters in address: {url!r}"
        raise ValueError(message)
    parts = urlsplit(text)
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        message = f"no absolute web address: {url!r}"
        raise ValueError(message)
    path = quote(parts.path, safe=_PATH_SAFE) or "/"
    query = _kept_query(parts.query, drop_query)
    spelled = urlunsplit((scheme, host_of(text), path, query, ""))
    if len(spelled) > _LONGEST:
        message = f"an address of {len(spelled)} characters: {spelled[:80]!r}…"
        raise ValueError(message)
    return spelled


def host_of(url: str) -> str:
    """Return host and port as they identify a site: lower case, no default port.

    Raises ValueError when there is none, or when the address carries a user name.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    if not host or "@" in parts.netloc:
        message = f"no host that can be asked: {url!r}"
        raise ValueError(message)
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    if ":" in host:
        host = f"[{host}]"
    port = parts.port
    if port is None or port == _DEFAULT_PORTS.get(parts.scheme.lower()):
        return host
    return f"{host}:{port}"


def join(base: str, link: str) -> str:
    """Return ``link``, as it stands on the page at ``base``, as an absolute address.

    Relative and schemeless links (``//host/path``, ``www.host/path``) are resolved. Raises
    ValueError when nothing results that can be asked (``mailto:``, ``javascript:``, ``#``-only).
    """
    text = link.strip()
    if not text or text.startswith("#"):
        message = f"link leads nowhere: {link!r}"
        raise ValueError(message)
    if text.lower().startswith("www.") and not _SCHEME.match(text):
        text = f"//{text}"
    joined = urljoin(base, text)
    if urlsplit(joined).scheme.lower() not in _DEFAULT_PORTS:
        message = f"no web address: {link!r}"
        raise ValueError(message)
    host_of(joined)
    return joined


def _kept_query(query: str, drop_query: Iterable[str]) -> str:
    # Crawlers of the past stored links with ``&`` escaped once or twice.
    while "&amp;" in query:
        query = query.replace("&amp;", "&")
    patterns = [pattern.lower() for pattern in drop_query]
    kept = [part for part in query.split("&") if part and not _matches(part, patterns)]
    return quote("&".join(kept), safe=_QUERY_SAFE)


def _matches(part: str, patterns: list[str]) -> bool:
    key = unquote(part.split("=", 1)[0]).lower()
    return any(fnmatchcase(key, pattern) for pattern in patterns)
