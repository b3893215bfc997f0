"""Pictures of an article, with captions and credits, from its data and its figures."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from archive.records import Image
from pipelines.pages.captions import credit_of, split_credit
from pipelines.pages.markup import absolute, plain, text_of
from pipelines.pages.structured import Structured, strings

_ID = re.compile(r"(?<![A-Z0-9])([A-Z2-7]{26})(?![A-Z0-9])")
_CREDIT_CLASS = re.compile(r"credit|copyright|photographer|attribution|source", re.IGNORECASE)
_NO_PICTURE = re.compile(r"^data:|placeholder|/logo|spacer|\.svg(?:\?|$)|1x1", re.IGNORECASE)


def picture_id(url: str | None) -> str | None:
    """Return the publisher's 26-character id in a picture's address. None when it has none."""
    found = _ID.search(url or "")
    return found[1] if found else None


def pictures(tree: HtmlElement, data: Structured, url: str) -> list[Image]:
    """Return the lead picture of a page and those in the figures of its article."""
    found: dict[str, Image] = {}
    for image in (*_leads(data, url), *_figures(tree, url)):
        key = _same(image)
        known = found.get(key)
        if known is None or is_told_by(known, image):
            found[key] = _joined(known, image)
    return list(found.values())


def is_told_by(known: Image, other: Image) -> bool:
    """Whether another mention of a picture says something of it, and what is known says nothing."""
    return not (known.caption or known.credit) and bool(other.caption or other.credit)


def _same(image: Image) -> str:
    """Return what two addresses of one picture have in common."""
    name = re.sub(r"[?#].*", "", image.url or "").rstrip("/").rsplit("/", 1)[-1]
    return image.id or name or image.caption or ""


def _joined(known: Image | None, image: Image) -> Image:
    return (
        image
        if known is None
        else Image(id=known.id, url=known.url, caption=image.caption, credit=image.credit)
    )


def _leads(data: Structured, url: str) -> Iterator[Image]:
    named = data.article.get("image")
    images = named if isinstance(named, list) else [named]
    stated = [(_address(item), item) for item in images]
    stated += [
        (found[0], None)
        for found in [data.first("og:image", "og:image:url", "twitter:image")]
        if found
    ]
    for address, item in stated[:1] if len(stated) == 1 else [pair for pair in stated if pair[0]]:
        if address and not _NO_PICTURE.search(address):
            caption = item.get("caption") if isinstance(item, dict) else None
            yield _image(
                absolute(url, address), plain(caption if isinstance(caption, str) else None), None
            )
            return


def _address(item: object) -> str | None:
    if isinstance(item, dict):
        item = item.get("url") or item.get("contentUrl") or item.get("@id")
    found = strings(item)
    return plain(found[0]) if found else None


def _figures(tree: HtmlElement, url: str) -> Iterator[Image]:
    for figure in _article(tree).iter("figure"):
        if any(parent.tag == "figure" for parent in figure.iterancestors("figure")):
            continue
        picture = next(figure.iter("img"), None)
        caption, credit = caption_of(figure)
        address = source_of(picture) if picture is not None else None
        if address or caption:
            yield _image(absolute(url, address), caption, credit)


def _article(tree: HtmlElement) -> HtmlElement:
    """Return the part of the page in which figures belong to the article."""
    parts = list(tree.iter("article"))
    if len(parts) == 1:
        return parts[0]
    return next(tree.iter("main"), tree)


def caption_of(figure: HtmlElement) -> tuple[str | None, str | None]:
    """Return caption and credit of a figure; the credit may stand in an element of its own."""
    shown = next(figure.iter("figcaption"), None)
    if shown is None:
        return None, None
    whole = text_of(shown)
    for element in shown.iterdescendants():
        if isinstance(element.tag, str) and _CREDIT_CLASS.search(element.get("class") or ""):
            credit = text_of(element)
            if credit and credit in whole:
                rest = whole.replace(credit, "", 1).strip()
                return split_credit(rest)[0] if rest else None, credit_of(credit)
    return split_credit(whole)


def source_of(picture: HtmlElement) -> str | None:
    """Return a picture's address; pages that load late keep it in ``data-`` attributes."""
    for name in ("data-srcset", "srcset", "data-src", "data-lazy-src", "data-original", "src"):
        value = (picture.get(name) or "").strip()
        if value and not value.startswith("data:"):
            return value.split()[0].rstrip(",") if "srcset" in name else value
    return None


def _image(url: str | None, caption: str | None, credit: str | None) -> Image:
    if caption and credit is None:
        caption, credit = split_credit(caption)
    return Image(id=picture_id(url), url=url, caption=caption or None, credit=credit)
