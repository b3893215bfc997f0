"""What kind of change it was, from the edits inside blocks and the blocks that came and went."""

from collections import Counter
from collections.abc import Iterable, Sequence

from attrs import Factory, define, frozen

from pipelines.diff.align import Pair, Part, likeness
from pipelines.diff.edits import MANY, Edit, edits
from pipelines.diff.notes import is_correction
from pipelines.diff.words import Word, letters

_ALIKE = 0.6
_MOST_CHUNKS = 60


@frozen(eq=False)
class Chunk:
    """Words that came or went together: of a block, of a caption, or of a sentence inside one."""

    words: tuple[Word, ...]
    text: str
    unit: str
    place: int = -1


@define
class Found:
    """What was found to have changed."""

    kinds: set[str] = Factory(set)
    wordings: list[Edit] = Factory(list)
    counts: Counter[tuple[str, str]] = Factory(Counter)
    gone: list[Chunk] = Factory(list)
    new: list[Chunk] = Factory(list)


def look_inside(found: Found, one: Part, two: Part) -> None:
    """Add what changed inside a block that both have."""
    changed = edits(one.words, two.words)
    if changed and not two.is_entry and is_correction(two.text):
        found.kinds.add("correction")
        found.counts["correction note", "changed"] = 1
        return
    for edit in changed:
        _add(found, edit, one.text, two.text)


def _add(found: Found, edit: Edit, one: str, two: str) -> None:
    if edit.before and edit.after and not edit.is_rewritten:
        found.kinds.add("correction")
        found.wordings.append(edit)
        more = len(edit.after) - len(edit.before)
        if abs(more) >= MANY:
            found.kinds.add("addition" if more > 0 else "shortened")
        return
    if not edit.is_rewritten and not _is_much(edit.before or edit.after):
        found.kinds.add("correction")
        found.wordings.append(edit)
        return
    if edit.before:
        found.gone.append(_chunk(edit.before, one))
    if edit.after:
        found.new.append(_chunk(edit.after, two))


def _chunk(words: tuple[Word, ...], text: str) -> Chunk:
    return Chunk(words, text[words[0].start : words[-1].end + 1], "sentence")


def _is_much(words: Sequence[Word]) -> bool:
    return len(words) >= MANY or (words[0].opens and words[-1].closes)


def look_around(
    found: Found, pairs: Iterable[Pair], before: Sequence[Part], after: Sequence[Part]
) -> None:
    """Add the blocks that came and went."""
    for i, j in pairs:
        if j is None and i is not None:
            found.gone.append(_whole(before[i], i))
        if i is None and j is not None:
            found.new.append(_whole(after[j], j))


def _whole(item: Part, place: int) -> Chunk:
    unit = {"update": "entry", "caption": "caption"}.get(item.kind, "paragraph")
    return Chunk(item.words, item.text, unit, place)


def settle(found: Found) -> None:
    """Take away what only moved, and look inside what moved and was edited."""
    moved = Counter(letters(c.words) for c in found.gone) & Counter(
        letters(c.words) for c in found.new
    )
    found.gone = _without(found.gone, moved)
    found.new = _without(found.new, moved)
    if max(len(found.gone), len(found.new)) > _MOST_CHUNKS:
        return
    for old in [c for c in found.gone if c.unit != "entry"]:
        alike = [new for new in found.new if new.unit != "entry" and _is_alike(old, new)]
        if alike:
            found.gone.remove(old)
            found.new.remove(alike[0])
            for edit in edits(old.words, alike[0].words):
                _add(found, edit, old.text, alike[0].text)


def _without(chunks: Sequence[Chunk], moved: Counter[str]) -> list[Chunk]:
    left, kept = moved.copy(), []
    for chunk in chunks:
        key = letters(chunk.words)
        if left[key]:
            left[key] -= 1
        else:
            kept.append(chunk)
    return kept


def _is_alike(one: Chunk, two: Chunk) -> bool:
    bags = (Counter(w.norm for w in one.words), Counter(w.norm for w in two.words))
    return likeness(*bags) >= _ALIKE


def judge(found: Found, notes: frozenset[str], fallen: frozenset[int]) -> None:
    """Say of what is left which kinds it makes; entries in ``fallen`` fell off the old end."""
    for chunk in found.new:
        _judge_new(found, chunk, is_note=chunk.text in notes or is_correction(chunk.text))
    is_replaced = found.counts["correction note", "added"] > 0
    for chunk in found.gone:
        has_fallen = chunk.unit == "entry" and chunk.place in fallen
        if not has_fallen and not (is_replaced and is_correction(chunk.text)):
            found.kinds.add("shortened")
            found.counts[chunk.unit, "deleted"] += 1


def _judge_new(found: Found, chunk: Chunk, *, is_note: bool) -> None:
    if is_note:
        found.kinds.add("correction")
        found.counts["correction note", "added"] = 1
    if chunk.unit == "entry":
        found.kinds.add("live_update")
    elif not is_note:
        found.kinds.add("addition")
    if not is_note or chunk.unit == "entry":
        found.counts[chunk.unit, "added"] += 1
