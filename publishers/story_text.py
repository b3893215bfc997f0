"""Which text in JSON may stay, and JSON without the rest.

Text is free when the nearest object around it that says who may read it says free; a story that says
nothing is not free. The article whose page this is may be named by its id or address: its text stays.
"""

from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from attrs import evolve, field, frozen

from publishers.embedded_json import embedded_json
from publishers.marks import verdict
from publishers.page_source import Json
from publishers.public_fields import is_linked_article, public_story
from publishers.rules import AccessRules
from publishers.spellings import may_hold_text

TEXT_KEYS = frozenset({"elements", "content_elements", "body", "articleBody", "content"})
"""Keys under which text stands."""

_ADDRESS_KEYS = ("canonical_url", "website_url", "url", "@id", "mainEntityOfPage")
_STORY_KEYS = frozenset({"canonical_url", "website_url", "headlines", "taxonomy"})
_ID_KEYS = frozenset({"_id", "id", "url"})
_SHORTEST_INNER = 40
_DEEPEST = 5


@frozen(kw_only=True)
class StoryText:
    """Goes through JSON and tells which text may stay."""

    rules: AccessRules
    own: frozenset[str] = field(factory=frozenset)
    """Ids and paths of the article whose page this is, which was found free."""

    trusts: bool = True
    """Whether an object is believed that calls its own text free. Not on pages: there the text of another
    article is never needed, and the article's own page may contradict them."""

    depth: int = 0
    """Texts around this one that had to be decoded; beyond a few, all in it is barred."""

    def barred(self, value: Json, *, free: bool) -> Iterator[bool]:
        """Yield, for each text that may not stay, whether an object said so."""
        if isinstance(value, list):
            for item in value:
                yield from self.barred(item, free=free)
        elif isinstance(value, dict):
            inside = self._is_free(value, free=free)
            if not inside and any(self._has_text(value[key]) for key in TEXT_KEYS & value.keys()):
                yield verdict(value, self.rules) is False
            for item in value.values():
                yield from self.barred(item, free=inside)
        elif isinstance(value, str) and may_hold_text(value):
            yield from self.in_text(value, free=free)

    def in_text(self, text: str, *, free: bool) -> Iterator[bool]:
        """Yield the same for the JSON that stands in a text."""
        deeper = evolve(self, depth=self.depth + 1)
        for place in embedded_json(text, [(0, len(text))], ()):
            if place.state == "unreadable" or deeper.depth > _DEEPEST:
                yield False
            else:
                yield from deeper.barred(place.value, free=free and not self.bars(place.value))

    def bars(self, value: Json) -> bool:
        """Tell whether any object in JSON says that it is for subscribers: its text may stand beside it."""
        if isinstance(value, list):
            return any(map(self.bars, value))
        if not isinstance(value, dict) or self._is_own(value):
            return False
        return verdict(value, self.rules) is False or any(map(self.bars, value.values()))

    def without(self, value: Json, *, free: bool) -> Json:
        """Return JSON without the text that may not stay; of a barred story, its public fields."""
        if isinstance(value, list):
            return [self.without(item, free=free) for item in value]
        if not isinstance(value, dict):
            return "" if self._any(value, free=free) else value
        inside = self._is_free(value, free=free)
        says_no = verdict(value, self.rules) is False
        if not inside and (says_no or _is_story(value)) and self._any(value, free=free):
            return public_story(value, self.rules)
        return {
            key: self.without(item, free=inside)
            for key, item in value.items()
            if inside or key not in TEXT_KEYS or not self._has_text(item)
        }

    def _any(self, value: Json, *, free: bool) -> bool:
        # Each that is barred counts, whether or not an object said so.
        return any(True for _ in self.barred(value, free=free))

    def _is_free(self, value: dict[str, Json], *, free: bool) -> bool:
        said = verdict(value, self.rules)
        if said is False or self._is_own(value):
            return said is not False
        if said is None and any(value.get(key) is not None for key in self.rules.flags):
            return False
        if said and (self.trusts or "_id" in value):
            return self.trusts
        return free and not _is_story(value) and not self._is_linked_to_another(value)

    def _is_own(self, value: dict[str, Json]) -> bool:
        return (
            value.get("_id") in self.own if _is_text(value.get("_id")) else self._leads_here(value)
        )

    def _leads_here(self, value: dict[str, Json]) -> bool:
        found = (address for key in _ADDRESS_KEYS for address in _addresses(value.get(key)))
        return any(self._is_here(address) for address in found) if self.own else False

    def _is_here(self, address: str) -> bool:
        return path_of(address) in self.own or any(
            own in address for own in self.own if "/" not in own
        )

    def _is_linked_to_another(self, value: dict[str, Json]) -> bool:
        """Tell whether JSON-LD is of another page; without an address, whether it says not free."""
        if not is_linked_article(value):
            return False
        if any(True for key in _ADDRESS_KEYS for _ in _addresses(value.get(key))):
            return not self._leads_here(value)
        return str(value.get("isAccessibleForFree")).lower().endswith("false")

    def _has_text(self, value: Json, shortest: int = 1) -> bool:
        """Tell whether there is text in the value of a text key; stories in it are judged alone."""
        if isinstance(value, str):
            text = value.strip()
            return len(text) >= shortest and (shortest == 1 or " " in text)
        if isinstance(value, list):
            return any(self._has_text(item, shortest) for item in value)
        if (
            not isinstance(value, dict)
            or _is_story(value)
            or verdict(value, self.rules) is not None
        ):
            return False
        keyed = any(self._has_text(value[key]) for key in TEXT_KEYS & value.keys())
        return keyed or any(self._has_text(item, _SHORTEST_INNER) for item in value.values())


def path_of(address: str) -> str:
    """Return the path of an address, without a slash at its end; empty for none."""
    try:
        return unquote(urlsplit(address.strip()).path).rstrip("/")
    except ValueError:
        return ""


def _addresses(value: Json) -> Iterator[str]:
    """Yield addresses: a text, an object that has one, or a list of such."""
    if isinstance(value, list):
        for item in value:
            yield from _addresses(item)
    elif isinstance(value, dict):
        yield from _addresses(value.get("@id"))
        yield from _addresses(value.get("url"))
    elif isinstance(value, str) and value.strip():
        yield value


def _is_story(value: dict[str, Json]) -> bool:
    """Tell whether an object is a story of its own, not a part of the one around it."""
    if "@type" in value:
        return False
    has_name = "headline" in value and not _ID_KEYS.isdisjoint(value)
    return has_name or not _STORY_KEYS.isdisjoint(value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)
