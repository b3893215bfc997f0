"""Where things stand on a page: the main article, its headline, what is shown and what is beside it."""

import functools
import re
from collections.abc import Iterator

from attrs import frozen
from lxml.html import HtmlElement

from publishers.rules import AccessRules

_BESIDE_TAGS = frozenset({"nav", "footer", "aside"})
_UNSHOWN_TAGS = frozenset(
    [
        "template",
        "noscript",
        "script",
        "style",
        "svg",
        "math",
        "iframe",
        "object",
        "textarea",
        "select",
        "button",
        "dialog",
    ]
)
_HARMLESS_STYLES = frozenset(
    {"text-align", "font-style", "font-weight", "margin", "padding", "display", "line-height"}
)
_HIDING_STYLES = frozenset(
    {
        ("display", "none"),
        ("visibility", "hidden"),
        ("visibility", "collapse"),
        ("content-visibility", "hidden"),
        ("opacity", "0"),
        ("height", "0"),
        ("max-height", "0"),
    }
)
_HIDING_CLASSES = frozenset(
    [
        "hidden",
        "hide",
        "is-hidden",
        "visually-hidden",
        "visuallyhidden",
        "sr-only",
        "d-none",
        "invisible",
        "u-hidden",
    ]
)


@frozen(kw_only=True)
class PageParts:
    """A page's tree with the places that matter looked up once."""

    tree: HtmlElement
    """The whole page."""

    named: dict[str, list[HtmlElement]]
    """Elements by each of their names, in the order of the page."""

    heading: HtmlElement | None
    """The article's headline. None when there is no ``h1``."""

    main: HtmlElement
    """The article that the page is about; the whole page when there is no ``<article>``."""

    rules: AccessRules
    """The publisher's names for things."""

    about: tuple[HtmlElement, ...]
    """What the page says about itself: its ``link`` and ``meta`` elements, in order."""

    def canonical(self) -> list[str]:
        """Return the addresses that the page calls its own."""
        links = (e for e in self.about if e.tag == "link" and e.get("rel") == "canonical")
        return [link.get("href") or "" for link in links]

    def with_names(self, names: tuple[str, ...]) -> list[HtmlElement]:
        """Return the elements that have any of these names."""
        return [element for name in names for element in self.named.get(name, ())]

    def is_beside(self, element: HtmlElement) -> bool:
        """Tell whether an element belongs to a menu, a card or an advert, not to the main article."""
        for around in (element, *element.iterancestors()):
            if around is self.main:
                return False
            if around.tag in _BESIDE_TAGS or around.tag == "article" or self.is_side(around):
                return True
        return False

    def is_side(self, element: HtmlElement) -> bool:
        """Tell whether an element is one of the parts that show other articles or adverts."""
        if not names_of(element, self.rules).isdisjoint(self.rules.side_names):
            return True
        return any(has_mark(element, mark) for mark in self.rules.side_marks)

    def is_in_header(self, element: HtmlElement) -> bool:
        """Tell whether an element stands in the main article's header: not after the headline's block."""
        if self.main not in element.iterancestors():
            return False
        if self.heading is None:
            return any(ancestor.tag == "header" for ancestor in element.iterancestors())
        block = self.heading.getparent()
        header = next(self.heading.iterancestors("header"), block)
        if header is not self.main and header in element.iterancestors():
            return True
        return element in self.heading.xpath("preceding::*|descendant::*")

    def is_shown(self, element: HtmlElement) -> bool:
        """Tell whether an element and everything around it is shown, as far as the page itself says."""
        return not is_hidden(element) and not any(
            hides_below(ancestor) for ancestor in element.iterancestors()
        )


def page_parts(tree: HtmlElement, rules: AccessRules) -> PageParts:
    """Look up the parts of a page."""
    named: dict[str, list[HtmlElement]] = {}
    for element in tree.xpath(f"//*[@{rules.name_attribute}]"):
        for name in names_of(element, rules):
            named.setdefault(name, []).append(element)
    headings = [e for name in rules.heading_names for e in named.get(name, ())]
    heading = next(iter([*headings, *tree.xpath("//article//h1"), *tree.iter("h1")]), None)
    around = heading.iterancestors("article") if heading is not None else iter(())
    main = next(around, next(tree.iter("article"), tree))
    about = tuple(tree.iter("link", "meta"))
    return PageParts(tree=tree, named=named, heading=heading, main=main, rules=rules, about=about)


def names_of(element: HtmlElement, rules: AccessRules) -> set[str]:
    """Return the names of an element: the words of the publisher's attribute for them."""
    return set((element.get(rules.name_attribute) or "").lower().split())


def classes_of(element: HtmlElement) -> set[str]:
    """Return an element's classes."""
    return set((element.get("class") or "").split())


def has_mark(element: HtmlElement, mark: str) -> bool:
    """Tell whether a simple selector fits: ``#id``, ``.class`` or ``#id.class``."""
    identifier, _, name = mark.partition(".")
    if identifier and (element.get("id") or "").strip() != identifier.removeprefix("#"):
        return False
    return not name or name in classes_of(element)


def marked(tree: HtmlElement, marks: tuple[str, ...]) -> Iterator[tuple[HtmlElement, str]]:
    """Yield the elements that simple selectors fit, each with its selector."""
    for element in tree.xpath(_any_of(marks)) if marks else ():
        for mark in marks:
            if has_mark(element, mark):
                yield element, mark


@functools.cache
def _any_of(marks: tuple[str, ...]) -> str:
    parts = [mark.partition(".") for mark in marks]
    tests = [
        f"contains(@id, '{identifier[1:]}')" if identifier else f"contains(@class, '{name}')"
        for identifier, _, name in parts
    ]
    return f"//*[{' or '.join(tests)}]"


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether an element of a public part may be hidden; any style that is not harmless hides."""
    return hides_below(element) or any(
        name not in _HARMLESS_STYLES for name, _ in _styles(element.get("style") or "")
    )


def hides_below(element: HtmlElement) -> bool:
    """Tell whether an element hides what is in it."""
    if element.tag in _UNSHOWN_TAGS or "hidden" in element.attrib:
        return True
    for name, value in element.attrib.items():
        if "hidden" in name and value.strip().lower() not in {"false", "0"}:
            return True
    if not _HIDING_CLASSES.isdisjoint(classes_of(element)):
        return True
    return not _HIDING_STYLES.isdisjoint(_styles(element.get("style") or ""))


def _styles(style: str) -> set[tuple[str, str]]:
    """Return a style's declarations; comments and escapes, which could disguise one, hide."""
    if "\\" in style or "/*" in style:
        return {("display", "none")}
    squeezed = "".join(style.split()).lower().replace("!important", "")
    pairs = (declaration.partition(":") for declaration in squeezed.split(";") if declaration)
    return {(name, re.sub(r"^0?\.?0*(?:px|%|em)?$", "0", value)) for name, _, value in pairs}
