"""From a model's raw finds to the names in an article: clean spans, one label a name, full names.

Pure. The rules and what each is worth were measured; ``benchmarks/names_quality.py`` does it again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import evolve, frozen

from archive.records import Mention
from pipelines.annotators.gazetteer import OFFICE_HOLDERS, OFFICES, PLACES, TITLES

Kind = Literal["person", "organisation", "place"]

_LEADING = re.compile(r"(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\s*['’]s?$")
_WORD = re.compile(r"\S+")
_EDGES = " \t\n\"'“”‘’()[],;:-–—"
_ABBREVIATION = re.compile(r"['’]?\s*\(\s*([A-Z][A-Za-z]*[A-Z])\s*\)")
_SHORTEST_SURNAME = 3


@frozen
class Find:
    """A span of the text and what it is taken for."""

    start: int
    end: int
    kind: Kind


def consolidate(text: str, raw: Iterable[Find]) -> tuple[Mention, ...]:
    """Return the names in ``text``, most frequent first."""
    return tuple(_mentions(text, finds(text, raw)))


def finds(text: str, raw: Iterable[Find]) -> list[Find]:
    """Return the raw finds after all rules, by position."""
    cleaned = [tidy for find in raw if (tidy := _tidy(text, find))]
    kept = [find for find in cleaned if not _is_office(text, find)]
    labelled = _relabel(text, kept)
    return _project(text, labelled)


def _tidy(text: str, find: Find) -> Find | None:
    start, end = _strip(text, find.start, find.end)
    if match := _LEADING.match(text, start, end):
        start = match.end()
    while find.kind == "person" and (word := _WORD.match(text, start, end)):
        if word.group().rstrip(".").lower() not in TITLES or word.end() >= end:
            break
        start, end = _strip(text, word.end(), end)
    if match := _POSSESSIVE.search(text[start:end]):
        end = start + match.start()
    start, end = _strip(text, start, end)
    name = text[start:end]
    is_name = any(letter.isupper() for letter in name) and len(name) > 1 and "\n" not in name
    return Find(start, end, find.kind) if is_name else None


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _is_office(text: str, find: Find) -> bool:
    # "State Secretary", "Defence Minister": the model sees a body in the first word.
    if find.kind == "person" or _key(text, find) not in OFFICES:
        return False
    following = _WORD.search(text, find.end)
    return following is not None and following.group().lower().rstrip(".,") in OFFICE_HOLDERS


def _relabel(text: str, found: Iterable[Find]) -> list[Find]:
    # What one string names is decided once for the whole article: by the gazetteer, else by majority.
    found = list(found)
    votes: dict[str, Counter[Kind]] = defaultdict(Counter)
    for find in found:
        votes[_key(text, find)][find.kind] += 1
    majority: dict[str, Kind] = {key: kinds.most_common(1)[0][0] for key, kinds in votes.items()}
    majority |= dict.fromkeys(PLACES & majority.keys(), "place")
    return [evolve(find, kind=majority[_key(text, find)]) for find in found]


def _project(text: str, found: list[Find]) -> list[Find]:
    """Take every occurrence of a short form for what its full form names, found or not."""
    short_forms = _surnames(text, found) | _abbreviations(text, found)
    kinds = {form.lower(): kind for form, kind in short_forms.items()}
    kept = [evolve(find, kind=kinds.get(_key(text, find), find.kind)) for find in found]
    taken = bytearray(len(text))
    for find in kept:
        taken[find.start : find.end] = b"\1" * (find.end - find.start)
    added = [
        Find(start, end, kinds[text[start:end].lower()])
        for start, end in _occurrences(text, short_forms)
        if not any(taken[start:end])
    ]
    return sorted({*kept, *added}, key=lambda find: (find.start, find.end))


def _surnames(text: str, found: Iterable[Find]) -> dict[str, Kind]:
    # "Biden" once "Joe Biden" was seen, "Pérez Esquivel" once "Adolfo Pérez Esquivel" was.
    surnames: dict[str, Kind] = {}
    for find in found:
        words = text[find.start : find.end].split() if find.kind == "person" else []
        for first in range(1, len(words)):
            surname = " ".join(words[first:])
            plain = surname.lower() not in PLACES and len(surname) >= _SHORTEST_SURNAME
            if plain and any(letter.isupper() for letter in surname):
                surnames |= {surname: "person", surname[0].upper() + surname[1:]: "person"}
    return surnames


def _abbreviations(text: str, found: Iterable[Find]) -> dict[str, Kind]:
    # "International Labour Organization (ILO)": the short form names what stands before it.
    abbreviations: dict[str, Kind] = {}
    for find in found:
        match = _ABBREVIATION.match(text, find.end)
        if match and find.kind != "person" and " " in text[find.start : find.end]:
            abbreviations[match[1]] = find.kind
    return abbreviations


def _occurrences(text: str, forms: Iterable[str]) -> Iterator[tuple[int, int]]:
    longest_first = sorted(map(re.escape, forms), key=lambda form: (-len(form), form))
    if longest_first:
        for match in re.finditer(rf"(?<![\w-])(?:{'|'.join(longest_first)})(?![\w-])", text):
            yield match.span()


def _mentions(text: str, found: Iterable[Find]) -> list[Mention]:
    spans: dict[tuple[str, Kind], list[Find]] = defaultdict(list)
    full_names: dict[str, str] = {}
    for find in found:
        name = _key(text, find)
        if find.kind == "person":
            name = full_names.get(name, name)
            if " " in name:
                full_names[name.rsplit(" ", 1)[1]] = name
        spans[name, find.kind].append(find)
    mentions = [_mention(text, kind, same) for (_, kind), same in spans.items()]
    return sorted(mentions, key=lambda mention: (-mention.count, mention.spans[0]))


def _mention(text: str, kind: Kind, same: list[Find]) -> Mention:
    forms = Counter(" ".join(text[find.start : find.end].split()) for find in same)
    name = max(forms, key=lambda form: (len(form), forms[form], form))
    spans = tuple((find.start, find.end) for find in same)
    return Mention(name=name, kind=kind, count=len(same), spans=spans)


def _key(text: str, find: Find) -> str:
    return " ".join(text[find.start : find.end].lower().split())
