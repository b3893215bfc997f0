"""The peers as a newsroom would call them on a saved page: the bytes and the address, metadata on.

Each function is given the page as it was received, its address and, where known, the day it was
published, and returns a record in the yardstick's fields. They run in the peers' environments
(``make peers``), so each imports its own library, and nothing of ours.
"""

import functools
import importlib
import re
import warnings
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

Row = dict[str, Any]

warnings.simplefilter("ignore")


def newspaper4k(content: bytes, url: str, _day: str | None) -> Row:
    """Read with newspaper4k, which would else fetch pictures to find the largest."""
    newspaper = importlib.import_module("newspaper")
    article = newspaper.Article(url, fetch_images=False)
    article.download(input_html=content)
    article.parse()
    return {
        "title": article.title,
        "authors": article.authors,
        "published": _instant(article.publish_date),
        "text": article.text,
        "tags": sorted(article.tags or ()) or list(article.meta_keywords or ()),
        "lead_image": article.top_image,
    }


def news_please(content: bytes, url: str, _day: str | None) -> Row:
    """Read with news-please; it takes text, decoded as the page declares."""
    article = importlib.import_module("newsplease").NewsPlease.from_html(
        _text(content), url=url, fetch_images=False
    )
    return {
        "title": article.title,
        "authors": article.authors,
        "published": _instant(article.date_publish),
        "text": article.maintext,
        "lead_image": article.image_url,
    }


def goose3(content: bytes, url: str, _day: str | None) -> Row:
    """Read with goose3; the time is the one it worked out, else the words it found."""
    article = _goose().extract(url=url, raw_html=content)
    return {
        "title": article.title,
        "authors": article.authors,
        "published": _instant(article.publish_datetime_utc) or article.publish_date,
        "text": article.cleaned_text,
        "tags": sorted(article.tags),
        "lead_image": article.opengraph.get("image") if article.opengraph else None,
    }


@functools.cache
def _goose() -> Any:  # noqa: ANN401 - a library without types
    # Not strict, or it answers nothing at all where a picture or an encoding troubles it.
    return importlib.import_module("goose3").Goose({"strict": False})


def readability(content: bytes, url: str, _day: str | None) -> Row:
    """Read with readability-lxml; it gives title, byline and markup of the body."""
    library, html = importlib.import_module("readability"), importlib.import_module("lxml.html")
    document = library.Document(content, url=url)
    tree = html.fromstring(document.summary(html_partial=True))
    author = document.author()
    return {
        "title": document.short_title(),
        "authors": [] if author == "[no-author]" else [author],
        "text": _lines(tree),
    }


def resiliparse(content: bytes, _url: str, _day: str | None) -> Row:
    """Read with resiliparse: main text and the page's title, no other metadata."""
    extract = importlib.import_module("resiliparse.extract.html2text")
    encoding = importlib.import_module("resiliparse.parse.encoding").detect_encoding(content)
    tree = importlib.import_module("resiliparse.parse.html").HTMLTree.parse_from_bytes(
        content, encoding
    )
    text = extract.extract_plain_text(tree, main_content=True, alt_texts=False, comments=False)
    return {"title": tree.title, "text": text}


def justext(content: bytes, _url: str, _day: str | None) -> Row:
    """Read with jusText: text only."""
    library = importlib.import_module("justext")
    paragraphs = library.justext(content, _english())
    return {"text": "\n".join(p.text for p in paragraphs if not p.is_boilerplate)}


@functools.cache
def _english() -> Any:  # noqa: ANN401 - a library without types
    return importlib.import_module("justext").get_stoplist("English")


def boilerpy3(content: bytes, _url: str, _day: str | None) -> Row:
    """Read with boilerpy3's extractor for articles: title and text."""
    extractor = importlib.import_module("boilerpy3.extractors").ArticleExtractor()
    document = extractor.get_doc(_text(content))
    return {"title": document.title, "text": document.content}


def fundus(content: bytes, url: str, day: str | None) -> Row:
    """Read with fundus' parser for this publisher, of the version that was valid on the day.

    Without a day: of its newest version that finds text. ``known`` says whether it has a parser.
    """
    parsers = _fundus_parsers().get(urlsplit(url).netloc.removeprefix("www."))
    if parsers is None:
        return {"known": False}
    made = [parsers(date.fromisoformat(day))] if day else [parser() for parser in parsers]
    page = _text(content)
    found: Row = {}
    for parser in made:
        found = parser.parse(page, "suppress")
        if found.get("body"):
            break
    cover = [image.url for image in found.get("images") or () if image.is_cover]
    body = found.get("body")
    return {
        "known": True,
        "title": found.get("title"),
        "authors": found.get("authors"),
        "published": _instant(found.get("publishing_date")),
        # Its own plain text would also hold the standfirst, which the gold keeps apart.
        "text": "\n".join(line for section in body.sections for line in _section(section))
        if body
        else None,
        "tags": found.get("topics"),
        "lead_image": cover[0] if cover else None,
    }


def _section(section: Any) -> Iterable[str]:  # noqa: ANN401 - a library without types
    return [*section.headline, *section.paragraphs]


@functools.cache
def _fundus_parsers() -> dict[str, Callable[..., Any]]:
    library = importlib.import_module("fundus")
    return {
        urlsplit(domain).netloc.removeprefix("www."): publisher.parser
        for publisher in library.PublisherCollection
        for domain in (publisher.domain, *publisher.deprecated_domains)
    }


def _text(content: bytes) -> str:
    """Decode as the page declares, else as UTF-8, for the libraries that take text only."""
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", content[:4096])
    try:
        return content.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _lines(tree: Any) -> str:  # noqa: ANN401 - a library without types
    """Return the text of markup, a line for each block."""
    blocks = {"p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "br", "tr", "pre"}
    for element in tree.iter(*blocks):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n".join(filter(None, lines))


def _instant(found: object) -> str | None:
    """Write a time as ISO 8601, with a zone only where the library gave one."""
    return found.isoformat() if isinstance(found, datetime) else (str(found) if found else None)
