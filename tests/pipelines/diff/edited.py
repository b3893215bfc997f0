"""Pairs of revisions, from base articles and edits written by hand with what an editor would call them."""

import json
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

from msgspec import UNSET

from archive.records import ArticleContent, Block

HERE = Path(__file__).parent
BASES = json.loads((HERE / "bases.json").read_text("utf-8"))


def cases():
    for path in sorted((HERE / "edits").glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            base, kinds, *edits = json.loads(line)
            yield f"{path.stem}:{number}", tuple(kinds), *pair(base, edits)


def pair(base, edits):
    before = deepcopy(BASES[base])
    for edit in edits:
        if edit[0] == "was":
            _apply(before, *edit[1:])
    after = deepcopy(before)
    for name, *rest in edits:
        if name == "was_keep":
            _apply(before, "keep", *rest)
        elif name != "was":
            _apply(after, name, *rest)
    return content(before), content(after)


def content(made):
    return ArticleContent(
        article_id="A" * 26,
        revision="",
        publisher="nzherald",
        headline=made["headline"],
        description=made["description"],
        authors=tuple(made["authors"]),
        agency=made["agency"],
        access=made["access"],
        captions=tuple(made["captions"]),
        body=tuple(_block(*block) for block in made["body"]),
    )


def _block(kind, text, clock=None):
    hour, minute = map(int, clock.split(":")) if clock else (0, 0)
    posted = datetime(2026, 3, 1, hour, minute, tzinfo=UTC) if clock else UNSET
    return Block(kind=kind, text=text, date_published=posted)


def _apply(made, name, *rest):
    if name in {"headline", "description", "agency", "access"}:
        made[name] = rest[0]
    elif name == "authors":
        made["authors"] = list(rest)
    else:
        _EDITS[name](made, *rest)


def _sub(made, old, new):
    (block,) = [block for block in made["body"] if old in block[1]]
    assert block[1].count(old) == 1
    block[1] = block[1].replace(old, new)


def _split(made, place, start):
    kind, text = made["body"][place]
    first, rest = text.split(f" {start}")
    made["body"][place : place + 1] = [[kind, first], [kind, start + rest]]


def _merge(made, place):
    one, two = made["body"][place : place + 2]
    made["body"][place : place + 2] = [[one[0], f"{one[1]} {two[1]}"]]


def _curly(made):
    for block in made["body"]:
        text = block[1].replace("'", "’")
        while '"' in text:
            text = text.replace('"', "“", 1).replace('"', "”", 1)
        block[1] = text


_EDITS = {
    "sub": _sub,
    "split": _split,
    "merge": _merge,
    "curly": _curly,
    "insert": lambda made, n, text, kind="paragraph": made["body"].insert(n, [kind, text]),
    "entry": lambda made, n, at, text: made["body"].insert(n, ["update", text, at]),
    "delete": lambda made, n: made["body"].pop(n),
    "keep": lambda made, n: made["body"].__delitem__(slice(n, None)),
    "move": lambda made, n, to: made["body"].insert(to, made["body"].pop(n)),
    "kind": lambda made, n, kind: made["body"][n].__setitem__(0, kind),
    "put": lambda made, n, text: made["body"][n].__setitem__(1, text),
    "caption": lambda made, n, text: made["captions"].__setitem__(n, text),
    "captions": lambda made, text: made["captions"].append(text),
    "drop_caption": lambda made, n: made["captions"].pop(n),
    "move_caption": lambda made, n, to: made["captions"].insert(to, made["captions"].pop(n)),
}
