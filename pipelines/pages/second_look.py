"""When the text found is a small part of the page's prose: what else may belong to it.

Two layouts make trafilatura stop early: a body split into several containers of one class, with adverts
between them, and a body in which it takes a box for the whole.
"""

from collections import defaultdict
from copy import deepcopy

from lxml.html import HtmlElement
from lxml.html.builder import E

from pipelines.pages.passages import Passage


def joined(tree: HtmlElement, prose: list[Passage]) -> HtmlElement | None:
    """Return a copy of the page with a split body put together. None when nothing is split."""
    parts = _parts(prose)
    if len(parts) < 2:  # noqa: PLR2004 - one part is not split
        return None
    mark = "data-part"
    for number, part in enumerate(parts):
        part.set(mark, str(number))
    page = deepcopy(tree)
    for part in parts:
        del part.attrib[mark]
    copies = sorted((e for e in page.iter() if e.get(mark)), key=lambda e: int(e.get(mark) or 0))
    for copy in copies[1:]:
        if copy not in copies[0].iterancestors():
            copies[0].extend(list(copy))
    return page


def alone(prose: list[Passage]) -> HtmlElement:
    """Return a page of nothing but copies of the containers in which most of the prose stands."""
    return E.html(E.body(E.article(*map(deepcopy, _parts(prose)))))


def _parts(prose: list[Passage]) -> list[HtmlElement]:
    """Return the containers of the largest group that share a class within one article."""
    groups: dict[tuple[str, object], dict[HtmlElement, int]] = defaultdict(dict)
    for passage in prose:
        container = passage.element.getparent()
        name = container.get("class") if container is not None else None
        if container is not None and name and container.find(".//h1") is None:
            # Parts of one body; the bodies of several articles in a row stand in their own elements.
            group = groups[name, next(container.iterancestors("article"), None)]
            group[container] = group.get(container, 0) + len(passage.text)
    largest = max(groups.values(), key=lambda group: sum(group.values()), default={})
    return list(largest)
