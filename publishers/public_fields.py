"""The public fields of a page's JSON, as shapes; whatever is not named is left out.

A shape is ``KEEP`` (text, number, true, false), a dictionary of shapes by key, or a list of
alternative shapes. Lists of the data are gone through item by item.
"""

import json
from typing import TypeAlias

from publishers.page_source import Json
from publishers.rules import AccessRules

Shape: TypeAlias = "str | dict[str, Shape] | list[Shape]"

KEEP = "keep"
_LONGEST_TEXT = 2000

_SECTION: Shape = {"_id": KEEP, "_website": KEEP, "name": KEEP, "type": KEEP}
_TAG: Shape = {"_id": KEEP, "slug": KEEP, "text": KEEP}
_NAME: Shape = {"name": KEEP, "type": KEEP, "slug": KEEP, "role": KEEP}
_LABEL: Shape = {"text": KEEP, "display": KEEP}

_STORY: dict[str, Shape] = {
    "_id": KEEP,
    "type": KEEP,
    "subtype": KEEP,
    "headline": KEEP,
    "headlines": {"basic": KEEP, "web": KEEP, "mobile": KEEP, "native": KEEP, "print": KEEP},
    "description": [KEEP, {"basic": KEEP}],
    "display_date": KEEP,
    "first_publish_date": KEEP,
    "publish_date": KEEP,
    "last_updated_date": KEEP,
    "created_date": KEEP,
    "ogImage": KEEP,
    "ogImageAlt": KEEP,
    "taxonomy": {"primary_section": _SECTION, "sections": _SECTION, "tags": _TAG},
    "credits": {"by": _NAME},
    "distributor": {"category": KEEP, "name": KEEP},
    "content_restrictions": {"content_code": KEEP},
    "canonical_url": KEEP,
    "canonical_website": KEEP,
    "website_url": KEEP,
    "owner": {"sponsored": KEEP},
    "label": [KEEP, {"basic": _LABEL, "text": KEEP, "display": KEEP}],
}

_ENTITY: Shape = {"@type": KEEP, "@id": KEEP, "name": KEEP, "url": KEEP}
_ARTICLE: Shape = {
    "@context": KEEP,
    "@type": KEEP,
    "headline": KEEP,
    "alternativeHeadline": KEEP,
    "description": KEEP,
    "datePublished": KEEP,
    "dateModified": KEEP,
    "author": [KEEP, _ENTITY],
    "publisher": [KEEP, {"@type": KEEP, "name": KEEP}],
    "image": [KEEP, {"@type": KEEP, "url": KEEP, "caption": KEEP, "width": KEEP, "height": KEEP}],
    "articleSection": KEEP,
    "isAccessibleForFree": KEEP,
    "mainEntityOfPage": [KEEP, {"@type": KEEP, "@id": KEEP}],
    "url": KEEP,
    "keywords": KEEP,
    "inLanguage": KEEP,
}
_BREADCRUMBS: Shape = {
    "@context": KEEP,
    "@type": KEEP,
    "itemListElement": {"@type": KEEP, "position": KEEP, "name": KEEP, "item": [KEEP, _ENTITY]},
}
_OTHER_ARTICLE_TYPES = frozenset({"LiveBlogPosting", "BlogPosting", "Report", "VideoObject"})


def public_story(story: dict[str, Json], rules: AccessRules) -> dict[str, Json]:
    """Return what everybody may know of a story's JSON; the marks of its access stay."""
    kept = _pick(story, {**_STORY, **dict.fromkeys(rules.flags, KEEP)})
    return kept if isinstance(kept, dict) else {}


def public_linked_data(value: Json) -> list[Json]:
    """Return the public fields of the articles and breadcrumbs in a JSON-LD block, in order."""
    if isinstance(value, list):
        return [kept for item in value for kept in public_linked_data(item)]
    if not isinstance(value, dict):
        return []
    shape = _linked_data_shape(value)
    if shape is None:
        return public_linked_data(value.get("@graph"))
    return [_pick(value, shape)]


def linked_data_types(value: dict[str, Json]) -> list[str]:
    """Return the types of a JSON-LD object."""
    kinds = value.get("@type")
    return [
        kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
    ]


def is_linked_article(value: dict[str, Json]) -> bool:
    """Tell whether a JSON-LD object is an article of any kind."""
    kinds = linked_data_types(value)
    return any(kind.endswith("Article") or kind in _OTHER_ARTICLE_TYPES for kind in kinds)


def script_json(value: Json) -> str:
    """Return JSON that can stand in a script element, whatever text is in it."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _linked_data_shape(value: dict[str, Json]) -> "Shape | None":
    kinds = linked_data_types(value)
    if "BreadcrumbList" in kinds:
        return _BREADCRUMBS
    return _ARTICLE if is_linked_article(value) else None


def _pick(value: Json, shape: Shape) -> Json:
    """Return the part of ``value`` that ``shape`` names. None when nothing of it is named."""
    if isinstance(value, list):
        return [kept for item in value if (kept := _pick(item, shape)) is not None]
    if isinstance(shape, list):
        picked = (_pick(value, alternative) for alternative in shape)
        return next((kept for kept in picked if kept is not None), None)
    if isinstance(value, dict):
        if not isinstance(shape, dict):
            return None
        pairs = ((key, _pick(value[key], inner)) for key, inner in shape.items() if key in value)
        return {key: kept for key, kept in pairs if kept is not None}
    if shape != KEEP or (isinstance(value, str) and len(value) > _LONGEST_TEXT):
        return None
    return value
