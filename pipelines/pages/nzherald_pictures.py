"""Pictures of an NZ Herald page: each once, though its caption stands on the page up to three times."""

from collections.abc import Iterator, Mapping

from attrs import evolve
from lxml.html import HtmlElement

from archive.records import Image
from pipelines.pages.base import Page
from pipelines.pages.captions import split_credit
from pipelines.pages.markup import absolute, plain, text_of
from pipelines.pages.pictures import is_told_by, picture_id, source_of

_CAPTION = "figure__caption"
_PLACEHOLDER = "/pf/resources/"


def pictures(page: Page, sections: list[HtmlElement]) -> list[Image]:
    """Return the lead picture, then those in the body, then those only the page's JSON knows."""
    found: list[Image] = []
    for image in (*_lead(page, sections), *_inline(page, sections), *_in_json(page)):
        place = next((n for n, known in enumerate(found) if _is_same(known, image)), None)
        if place is None:
            found.append(image)
        elif is_told_by(found[place], image):
            found[place] = evolve(found[place], caption=image.caption, credit=image.credit)
    return found


def _is_same(one: Image, other: Image) -> bool:
    if one.id and other.id:
        return one.id == other.id
    if one.url and other.url:
        return one.url == other.url
    return bool(one.caption) and (one.caption, one.credit) == (other.caption, other.credit)


def _lead(page: Page, sections: list[HtmlElement]) -> Iterator[Image]:
    """Yield the picture above the body; its figure is empty, so address and caption stand apart."""
    address = page.json.get("ogImage")
    stated = page.data.first("og:image")
    url = address if isinstance(address, str) and address else (stated[0] if stated else None)
    if url and _PLACEHOLDER in url:
        url = None
    shown = next(
        (text_of(e) for e in page.tree.iter("p", "figcaption", "span") if _is_hero(e, sections)), ""
    )
    alternative = page.json.get("ogImageAlt")
    caption = shown or (plain(alternative) if isinstance(alternative, str) else "")
    if url or caption:
        yield _image(absolute(page.url, url), caption)


def _is_hero(element: HtmlElement, sections: list[HtmlElement]) -> bool:
    if element.get("data-test-ui") != _CAPTION:
        return False
    return not any(parent in sections for parent in element.iterancestors("section", "div"))


def _inline(page: Page, sections: list[HtmlElement]) -> Iterator[Image]:
    for section in sections:
        for figure in section.iter("figure"):
            picture = next(figure.iter("img"), None)
            shown = next(
                (
                    e
                    for e in figure.iter()
                    if e.tag == "figcaption" or e.get("data-test-ui") == _CAPTION
                ),
                None,
            )
            caption = text_of(shown) if shown is not None else ""
            if picture is not None:
                caption = caption or plain(picture.get("alt"))
            address = source_of(picture) if picture is not None else None
            if address or caption:
                yield _image(absolute(page.url, address), caption)


def _in_json(page: Page) -> Iterator[Image]:
    elements = page.json.get("elements")
    for element in elements if isinstance(elements, list) else []:
        if not isinstance(element, Mapping) or element.get("type") != "image":
            continue
        caption = element.get("caption")
        extra = element.get("additional_properties")
        url = extra.get("originalUrl") if isinstance(extra, Mapping) else None
        image = _image(
            url if isinstance(url, str) else None,
            plain(caption) if isinstance(caption, str) else "",
        )
        identity = element.get("_id")
        if isinstance(identity, str) and image.id is None:
            image = evolve(image, id=identity)
        yield evolve(image, credit=image.credit or _credit(element.get("credits")))


def _credit(named: object) -> str | None:
    for people in named.values() if isinstance(named, Mapping) else ():
        for person in people if isinstance(people, list) else ():
            name = person.get("name") if isinstance(person, Mapping) else None
            if isinstance(name, str) and name.strip():
                return plain(name)
    return None


def _image(url: str | None, text: str) -> Image:
    caption, credit = split_credit(text)
    return Image(id=picture_id(url), url=url, caption=caption, credit=credit)
