"""How well near duplicates are found: variants made from real texts, and the pairs that occur in nature.

    python -m benchmarks.near_duplicates            # ../shared/extraction/open

Texts are read from there and never kept. A variant counts as found when its sketch leads to the
original, and their texts are linked as the same story.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from attrs import evolve, frozen

from archive.records import DuplicateLink
from cli.output import stdout, table
from pipelines.duplicates import (
    LEAST_COMMON,
    SAME_STORY,
    SharedText,
    link,
    sketch_of,
)

OPEN_SET = Path(__file__).resolve().parents[2] / "shared" / "extraction" / "open"

BOILERPLATE_IN = 5
"""Articles of one site from which on a hash that stands in the sketches of all is boilerplate."""

FEWEST_WORDS = 150
"""Texts below this many words are left out: 30 % of them is a caption."""

Vary = Callable[[str, random.Random], str]


@frozen
class Page:
    """An article of the open set."""

    text: SharedText
    site: str
    url: str


def truncated(share: float) -> Vary:
    """Return what keeps the first share of a text's words, as a paywall does."""

    def cut(text: str, _chance: random.Random) -> str:
        words = text.split(" ")
        return " ".join(words[: int(len(words) * share)])

    return cut


def _sentence(chance: random.Random) -> str:
    places = ("Port Ellery", "Velland", "Oromahu", "the capital", "the northern islands")
    roles = ("a minister", "two witnesses", "the council", "an inquiry", "the coastguard")
    return (
        f"In {chance.choice(places)}, {chance.choice(roles)} said on day {chance.randrange(2, 90)} that "
        f"nothing of the {chance.randrange(3, 400)} reports had been confirmed, and asked people to wait "
        f"until {chance.choice(roles)} had spoken."
    )


def new_lead(text: str, chance: random.Random) -> str:
    """Return a text whose first paragraph was written anew."""
    _, _, rest = text.partition("\n")
    return _sentence(chance) + "\n" + (rest or text)


def updated(text: str, chance: random.Random) -> str:
    """Return a text with two paragraphs more."""
    paragraphs = text.split("\n")
    for _ in range(2):
        paragraphs.insert(chance.randrange(len(paragraphs) + 1), _sentence(chance))
    return "\n".join(paragraphs)


def edited(text: str, chance: random.Random) -> str:
    """Return a text of which every thirtieth word is another: house style."""
    words = text.split(" ")
    for place in chance.sample(range(len(words)), len(words) // 30):
        words[place] = chance.choice(["per", "cent", "programme", "whilst", "organise", "metres"])
    return " ".join(words)


VARIANTS: dict[str, Vary] = {
    "first 50 %": truncated(0.5),
    "first 30 %": truncated(0.3),
    "new lead": new_lead,
    "two paragraphs added": updated,
    "house edits": edited,
}


def pages(folder: Path) -> list[Page]:
    """Return the articles of the set that have a text long enough."""
    found = []
    for path in sorted((folder / "gold").glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = gold.get("text") or ""
        if len(text.split()) >= FEWEST_WORDS:
            shared = SharedText(article_id=gold["id"], headline=gold.get("title") or "", text=text)
            found.append(Page(shared, gold["brand"], gold["url"]))
    return found


def boilerplate(found: list[Page]) -> dict[str, frozenset[int]]:
    """Return for each site the hashes that stand in many of its sketches."""
    by_site: dict[str, Counter[int]] = defaultdict(Counter)
    for page in found:
        by_site[page.site].update(sketch_of(page.text.text))
    return {
        site: frozenset(one for one, number in counts.items() if number >= BOILERPLATE_IN)
        for site, counts in by_site.items()
    }


def is_found(page: Page, vary: Vary, chance: random.Random) -> bool:
    """Tell whether a variant of a page leads to it."""
    made = evolve(page.text, article_id="variant", text=vary(page.text.text, chance))
    common = set(sketch_of(made.text)) & set(sketch_of(page.text.text))
    made_link = link(page.text, made)
    return len(common) >= LEAST_COMMON and made_link is not None and made_link.score >= SAME_STORY


def natural(found: list[Page]) -> Iterator[tuple[Page, Page, DuplicateLink]]:
    """Yield the pairs of the set that are linked, those with most in common first."""
    common_to = boilerplate(found)
    postings: dict[int, list[int]] = defaultdict(list)
    for number, page in enumerate(found):
        for one in set(sketch_of(page.text.text)) - common_to[page.site]:
            postings[one].append(number)
    shared = Counter(pair for where in postings.values() for pair in combinations(where, 2))
    pairs = [pair for pair, number in shared.most_common() if number >= LEAST_COMMON]
    for one, other in ((found[i], found[j]) for i, j in pairs):
        known = common_to[one.site] | common_to[other.site]
        made = link(one.text, other.text, boilerplate=known)
        if made is not None:
            yield one, other, made


def main() -> None:
    """Print the recall of each kind of variant, and every natural pair that is linked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("folder", type=Path, nargs="?", default=OPEN_SET)
    found = pages(parser.parse_args().folder)
    rows = []
    for name, vary in VARIANTS.items():
        chance = random.Random(name)  # noqa: S311 - the same variants each time
        number = sum(is_found(page, vary, chance) for page in found)
        rows.append((name, len(found), number, f"{number / len(found):.3f}"))
    stdout.print(table("Variants", ("variant", "texts", "found", "recall"), rows))
    stdout.print()
    pairs = [
        (made.relation, f"{made.score:.2f}", f"{made.jaccard:.2f}", one.url, other.url)
        for one, other, made in natural(found)
    ]
    columns = ("relation", "score", "jaccard", "one", "other")
    stdout.print(table(f"Natural pairs among {len(found)}", columns, pairs))


if __name__ == "__main__":
    main()
