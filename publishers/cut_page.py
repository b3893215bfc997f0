"""The page that is kept instead of one that may not be: what any visitor is shown, and no more.

Built from a white list; nothing is taken over because it does not look hidden. The marks that
decided stay on it, so that the kept page is judged as the original was.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from publishers.marks import MarkedPage
from publishers.page_parts import PageParts
from publishers.page_source import linked_data
from publishers.public_fields import public_linked_data, public_story, script_json
from publishers.public_html import attributes, plain, public_blocks, public_line, quoted
from publishers.rules import AccessRules

EMPTY_PAGE = b'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body></body></html>\n'
"""What is kept of a page that can't be read at all."""

_META_NAMES = frozenset(
    f"""author description keywords news_keywords robots googlebot
    og:title og:description og:url og:image og:image:alt og:type og:site_name og:locale
    article:published_time article:modified_time article:section article:tag article:author
    article:content_tier twitter:title twitter:description twitter:image
    {"parsely-title parsely-pub-date parsely-section parsely-author parsely-tags"}""".split()
)
_LONGEST_META = 1000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def cut_page(page: MarkedPage, *, with_body: bool) -> str:
    """Return the kept page; without its body when we could not tell who may read it."""
    parts = page.parts
    body = _body(page) if with_body else ""
    if page.marks.has_body and not body:
        body = _empty_body(parts.rules)
    return (
        f"<!DOCTYPE html>\n<html{_language(parts.tree)}>{_head(parts)}"
        f'<body><main><article class="article">\n{_header(page)}'
        f"{_caption(parts) if with_body else ''}{body}{_empty_marks(page)}"
        f"</article></main>\n{_script(page)}</body></html>\n"
    )


def _empty_body(rules: AccessRules) -> str:
    name, class_name = [*rules.body_names, ""][0], [*rules.body_classes, ""][0]
    named = f'{rules.name_attribute}="{name}"' if name else f'class="{class_name}"'
    return f"<section {named}></section>\n"


def _language(tree: HtmlElement) -> str:
    language = tree.get("lang") or ""
    return f' lang="{language}"' if _LANGUAGE.fullmatch(language) else ""


def _head(parts: PageParts) -> str:
    lines = ['<head><meta charset="utf-8">']
    titles = parts.tree.xpath("//title[not(ancestor::svg)]")
    if titles and len(titles[0].text_content()) <= _LONGEST_META:
        lines.append(f"<title>{plain(titles[0].text_content())}</title>")
    lines += _metas(parts.tree)
    lines += [
        f'<link rel="canonical" href="{quoted(address)}">'
        for address in parts.tree.xpath('//link[@rel="canonical"]/@href')[:1]
    ]
    lines += _linked_data(parts.tree)
    return "\n".join([*lines, "</head>\n"])


def _metas(tree: HtmlElement) -> Iterator[str]:
    for meta in tree.iter("meta"):
        attribute = "property" if meta.get("property") else "name"
        name, content = (meta.get(attribute) or "").strip(), meta.get("content") or ""
        if name.lower() in _META_NAMES and len(content) <= _LONGEST_META:
            yield f'<meta {attribute}="{quoted(name)}" content="{quoted(content)}">'


def _linked_data(tree: HtmlElement) -> Iterator[str]:
    for block in linked_data(tree):
        for kept in public_linked_data(block):
            yield f'<script type="application/ld+json">{script_json(kept)}</script>'


def _header(page: MarkedPage) -> str:
    parts, rules = page.parts, page.parts.rules
    badge = _badge(rules) if True in page.marks.badges else ""
    stray = _badge(rules) if False in page.marks.badges else ""
    byline = "".join(dict.fromkeys(_byline(parts)))
    author = (
        f'<section {rules.name_attribute}="author--information">{byline}</section>'
        if byline
        else ""
    )
    return f"<header>{badge}{_heading(parts)}{author}</header>\n{stray}"


def _badge(rules: AccessRules) -> str:
    return f'<div {rules.name_attribute}="{rules.badges[0]}"><span>Premium</span></div>'


def _heading(parts: PageParts) -> str:
    if parts.heading is None:
        return ""
    # Without text it still tells what stands before it and what after.
    return public_line(parts.heading, parts) or f"<h1{attributes(parts.heading, parts.rules)}></h1>"


def _byline(parts: PageParts) -> Iterator[str]:
    leaves = {id(element) for element in parts.with_names(parts.rules.byline_names)}
    for element in parts.main.iter():
        if id(element) in leaves and not parts.is_beside(element):
            yield public_line(element, parts)


def _caption(parts: PageParts) -> str:
    bodies = set(parts.with_names(parts.rules.body_names))
    for caption in parts.with_names(parts.rules.caption_names):
        inside_body = not bodies.isdisjoint(caption.iterancestors())
        if caption.tag == "p" and not inside_body and not parts.is_beside(caption):
            return public_line(caption, parts) + "\n"
    return ""


def _body(page: MarkedPage) -> str:
    parts, rules = page.parts, page.parts.rules
    barred = set(parts.with_names(rules.subscriber_sections))
    public = parts.with_names(rules.public_sections)
    shown = [
        section
        for section in public
        if parts.is_shown(section)
        and not parts.is_beside(section)
        and barred.isdisjoint((section, *section.iterancestors()))
        and not set(public) & set(section.iterancestors())
    ]
    return "".join(
        f"<section{attributes(section, rules)}>{public_blocks(section, parts)}</section>\n"
        for section in shown
    )


def _empty_marks(page: MarkedPage) -> str:
    attribute = page.parts.rules.name_attribute
    lines = [f'<section {attribute}="{name}"></section>' for name in page.marks.sections]
    for mark in page.marks.historic:
        identifier, _, name = mark.partition(".")
        own_id = f' id="{identifier.removeprefix("#")}"' if identifier else ""
        own_class = f' class="{name}"' if name else ""
        lines.append(f"<div{own_id}{own_class}></div>")
    return "".join(f"{line}\n" for line in lines)


def _script(page: MarkedPage) -> str:
    rules, contents = page.parts.rules, page.marks.contents
    if not contents and not page.marks.has_script:
        return ""
    # Later objects stand for copies and second scripts: what any of them says must still be said.
    values = [
        script_json(public_story(content.value, rules))
        if isinstance(content.value, dict)
        else ("null" if content.state == "decoded" else "undefined")
        for content in contents
    ]
    inside = "".join(f"Fusion.globalContent={value};" for value in values)
    return f'<script id="{rules.script_id}" type="application/javascript">{inside}</script>'
