"""Articles as ninjs 3, the IPTC's "News in JSON", one item a line.

Only members that ninjs 3.0 has, as it has them; what a record does not state is left out. ``docs/export.md``
has the table.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote, urljoin

from archive.codec import encode as to_json
from archive.records import Article, Image

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}
"""What each item says of its own form."""

_PLAIN = "text/plain"
_NOT_QUOTED = ":/?#[]@!$&'()*+,;=%~"


def encode(articles: Iterable[Article]) -> Iterator[bytes]:
    """Yield the items of articles, one a line."""
    return (to_json(item(article)) + b"\n" for article in articles)


def item(article: Article) -> dict[str, Any]:
    """Return an article as a ninjs item."""
    return _stated(
        {
            "standard": STANDARD,
            "uri": _uri(article.canonical_url or article.url, article.url),
            "type": "text",
            "representationType": "full" if article.access == "free" else "partial",
            "version": article.revision,
            "pubStatus": "canceled" if article.removed_at else "usable",
            "language": article.in_language,
            **_times(article),
            "by": ", ".join(article.authors),
            "headlines": _roles(
                main=[article.headline], alternative=[article.alternative_headline]
            ),
            "descriptions": _roles(summary=[article.description], correction=article.corrections),
            "bodies": _bodies(article),
            "people": [{"name": name, "rel": "author"} for name in article.authors],
            "infoSources": [{"name": article.agency, "role": "agency"}] if article.agency else [],
            "subjects": _subjects(article),
            "associations": list(_pictures(article)),
            "altIds": list(_ids(article)),
        }
    )


def _times(article: Article) -> dict[str, str | None]:
    first = article.date_published or article.first_seen_at
    return {
        "firstCreated": _instant(first),
        "contentCreated": _instant(article.date_published),
        "versionCreated": _instant(article.date_modified or first),
    }


def _bodies(article: Article) -> list[dict[str, Any]]:
    if not article.text:
        return []
    counted = {"wordCount": article.word_count, "charCount": len(article.text)}
    return [{"role": "main", "contentType": _PLAIN, "value": article.text, **counted}]


def _roles(**values: Iterable[str | None]) -> list[dict[str, str]]:
    return [
        {"role": role, "contentType": _PLAIN, "value": value}
        for role, texts in values.items()
        for value in texts
        if value
    ]


def _subjects(article: Article) -> list[dict[str, str]]:
    sections = dict.fromkeys([article.section, *article.sections])
    named = [("section", one) for one in sections] + [("keyword", one) for one in article.keywords]
    return [{"name": name, "rel": rel} for rel, name in named if name]


def _pictures(article: Article) -> Iterator[dict[str, Any]]:
    for image in article.images:
        if image.url:
            yield _stated(_picture(image, _uri(image.url, article.url)))


def _picture(image: Image, uri: str) -> dict[str, Any]:
    return {
        "name": image.id or uri,
        "rel": "picture",
        "type": "picture",
        "uri": uri,
        "by": image.credit,
        "descriptions": _roles(caption=[image.caption]),
        "renditions": [{"name": "original", "href": uri}],
    }


def _ids(article: Article) -> Iterator[dict[str, str]]:
    yield {"role": "article_id", "value": article.article_id}
    if article.warc:
        yield {"role": "warc_record_id", "value": article.warc.record_id}
        yield {"role": "payload_digest", "value": article.warc.payload_digest}


def _uri(address: str, page: str) -> str:
    """Return an address as a whole URI, whatever a page has written."""
    return quote(urljoin(page, address), safe=_NOT_QUOTED)


def _instant(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _stated(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [])}
