"""The difference of two revisions of an article: its fields, blocks and words, and of what kind it is."""

from collections.abc import Iterator, Sequence
from typing import get_args

from msgspec import UNSET

from archive.records import ArticleContent, BlockChange, ChangeKind, Diff, FieldChange
from pipelines.diff.align import Pair, Part, align, part
from pipelines.diff.edits import edits
from pipelines.diff.kinds import Found, judge, look_around, look_inside, settle
from pipelines.diff.live import fallen
from pipelines.diff.notes import correction_texts
from pipelines.diff.summary import summary
from pipelines.diff.words import word_changes, words_of

_TOLD = {"headline", "description"}
"""Fields that are sentences, whose words are compared."""

_KIND_OF_FIELD = {"authors": "byline", "agency": "byline"}


def diff(before: ArticleContent, after: ArticleContent) -> Diff:
    """Return how ``after`` differs from ``before``, and what kind of change that is."""
    fields = tuple(_fields(before, after))
    bodies, captions = _bodies(before, after), _captions(before, after)
    pairs, shown = align(*bodies), align(*captions)
    changed = fields or before.body != after.body or before.captions != after.captions
    found = Found()
    if changed:
        _look(found, (pairs, *bodies), (shown, *captions), _is_cut(before, after))
        notes = correction_texts(after.body) - correction_texts(before.body)
        judge(found, notes, fallen(pairs, *bodies))
        found.kinds |= {kind for change in fields if (kind := _kind(change))}
        found.kinds = found.kinds or {"cosmetic"}
    return Diff(
        kinds=tuple(kind for kind in get_args(ChangeKind) if kind in found.kinds),
        summary=summary(found, fields) if changed else "",
        fields=fields,
        blocks=tuple(_changes(pairs, *bodies)),
        captions=tuple(c for c in _changes(shown, *captions) if c.op != "equal"),
    )


Aligned = tuple[Sequence[Pair], Sequence[Part], Sequence[Part]]


def _look(found: Found, body: Aligned, captions: Aligned, is_cut: bool) -> None:  # noqa: FBT001 - private
    for pairs, before, after in (body, captions):
        for i, j in pairs:
            if i is None or j is None:
                continue
            if before[i].text != after[j].text:
                look_inside(found, before[i], after[j])
            if before[i].posted != after[j].posted:
                found.counts["entry", "given another time"] += 1
        look_around(found, pairs, before, after)
    settle(found)
    if is_cut:
        found.gone = [chunk for chunk in found.gone if chunk.unit == "sentence"]
        found.new = [chunk for chunk in found.new if chunk.unit == "sentence"]


def _is_cut(before: ArticleContent, after: ArticleContent) -> bool:
    return before.access != after.access and "free" in (before.access, after.access)


def _bodies(*contents: ArticleContent) -> tuple[list[Part], list[Part]]:
    one, two = (
        [
            part(b.kind, b.text, None if b.date_published is UNSET else b.date_published)
            for b in content.body
        ]
        for content in contents
    )
    return one, two


def _captions(*contents: ArticleContent) -> tuple[list[Part], list[Part]]:
    one, two = ([part("caption", text) for text in content.captions] for content in contents)
    return one, two


def _fields(before: ArticleContent, after: ArticleContent) -> Iterator[FieldChange]:
    for name in ("headline", "description", "authors", "agency", "access"):
        one, two = (_value(getattr(content, name)) for content in (before, after))
        if one != two:
            is_told = name in _TOLD and one is not None and two is not None
            words = word_changes(one or "", two or "") if is_told else ()
            yield FieldChange(field=name, before=one, after=two, words=words)


def _value(value: str | tuple[str, ...] | None) -> str | None:
    return ", ".join(value) or None if isinstance(value, tuple) else value


def _kind(change: FieldChange) -> str | None:
    is_new = change.before is None or change.after is None
    if is_new or edits(words_of(change.before or ""), words_of(change.after or "")):
        return _KIND_OF_FIELD.get(change.field, change.field)
    return None


def _changes(
    pairs: Sequence[Pair], before: Sequence[Part], after: Sequence[Part]
) -> Iterator[BlockChange]:
    for i, j in pairs:
        one, two = None if i is None else before[i], None if j is None else after[j]
        if one and two:
            op = "equal" if one.key == two.key else "replace"
            words = () if op == "equal" else word_changes(one.text, two.text)
            yield BlockChange(op=op, kind=two.kind, before=one.text, after=two.text, words=words)  # type: ignore[arg-type]  # a block's kind
        elif one:
            yield BlockChange(op="delete", kind=one.kind, before=one.text)  # type: ignore[arg-type]  # a block's kind
        elif two:
            yield BlockChange(op="insert", kind=two.kind, after=two.text)  # type: ignore[arg-type]  # a block's kind
