"""How well names are found: exact span and kind, against the gold names of ../shared.

    python -m benchmarks.names_quality [FOLDER] [--slice 0|1|all]

Prints F1 of the model alone and after our rules. The rules are tuned on slice 0 (every second
file) only; slice 1 is for measuring.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipelines.annotators import names
from pipelines.annotators.consolidation import Find, Kind, finds

GOLD = Path(__file__).resolve().parents[2] / "shared" / "enrichment" / "ner"
KINDS: dict[str, Kind] = {
    "Person": "person",
    "Organization": "organisation",
    "Location": "place",
    "Facility": "place",
}


def read_gold(path: Path) -> tuple[str, list[Find]]:
    """Return a text and its names. Tokens are joined as they would be written."""
    text, found = "", list[Find]()
    for line in path.read_text(encoding="utf-8").splitlines()[2:]:
        # Token, label, and the labels of names within that name, which we don't count.
        token, label = (*line.split("\t"), "", "")[:2]
        if not token:
            text = text.rstrip() + "\n\n" if text else ""
            continue
        glued = not text or text[-1] in "\n(“‘$" or re.fullmatch(r"[.,;:!?)”’%]+|['’]s|s", token)
        start = len(text) + (0 if glued else 1)
        text = text + ("" if glued else " ") + token
        kind = KINDS.get(label[2:])
        if kind and label.startswith("I-") and found:
            found[-1] = Find(found[-1].start, len(text), found[-1].kind)
        elif kind:
            found.append(Find(start, len(text), kind))
    return text, found


def score(pairs: Iterable[tuple[Sequence[Find], Sequence[Find]]]) -> dict[str, float]:
    """Return F1 by kind and of all three together, given (gold, found) of each text."""
    right, gold_count, found_count = Counter[str](), Counter[str](), Counter[str]()
    for gold, found in pairs:
        right.update(find.kind for find in set(gold) & set(found))
        gold_count.update(find.kind for find in set(gold))
        found_count.update(find.kind for find in set(found))
    kinds = [*dict.fromkeys(KINDS.values())]
    f1 = {kind: 2 * right[kind] / (gold_count[kind] + found_count[kind]) for kind in kinds}
    f1["micro"] = 2 * right.total() / (gold_count.total() + found_count.total())
    return {kind: round(value, 3) for kind, value in f1.items()}


def main() -> None:
    """Score the texts of a slice and print the result as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--slice", choices=["0", "1", "all"], default="1")
    arguments = parser.parse_args()
    files = sorted(arguments.folder.glob("*.tsv"))
    if arguments.slice != "all":
        files = files[int(arguments.slice) :: 2]
    annotator = names.annotator()
    raw_pairs, pairs = [], []
    for path in files:
        text, gold = read_gold(path)
        raw = list(annotator.raw(text))
        raw_pairs.append((gold, raw))
        pairs.append((gold, finds(text, raw)))
    print(json.dumps({"texts": len(files), "model": score(raw_pairs), "rules": score(pairs)}))


if __name__ == "__main__":
    main()
