"""A difference as one HTML page that stands alone: no scripts, nothing fetched, all text escaped."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from html import escape

from archive.records import BlockChange, Diff, FieldChange, HistoryStep
from cli.dates import NEW_ZEALAND
from cli.render_versions import Part, folded, label, pieces, unchanged
from pipelines.feeds import one_line

_STYLE = """
:root { color-scheme: light dark; --page: #fff; --text: #1b1b1f; --quiet: #5c5f66; --line: #dcdde1;
  --old: #a40e26; --old-ground: #ffebe9; --new: #0a5c2b; --new-ground: #dafbe1; --badge: #eef0f3; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e6e7ea; --quiet: #a0a4ad; --line: #363a42;
    --old: #ffb3ad; --old-ground: #4a1d20; --new: #9be9a8; --new-ground: #12381f; --badge: #2a2e35; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 1.0625rem/1.6 Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
main { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.2rem; line-height: 1.35; margin: 1.6rem 0 .6rem; }
p, blockquote, dd { white-space: pre-line; }
p { margin: 0 0 1rem; }
blockquote { margin: 0 0 1rem; padding-left: 1rem; border-left: 3px solid var(--line); }
header { border-bottom: 1px solid var(--line); margin-bottom: 1.5rem; padding-bottom: .5rem; }
header, dt, summary, footer, .label { font-family: system-ui, sans-serif; }
header h1 { font-family: Georgia, "Times New Roman", serif; }
header p { margin: 0 0 .75rem; font-size: .95rem; }
.quiet, dt, summary, footer, .label { color: var(--quiet); font-size: .875rem; }
.kinds { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 0 0 .75rem; padding: 0; }
.kinds li { background: var(--badge); border-radius: 1rem; padding: .1rem .7rem; font-size: .85rem; }
dl { margin: 0 0 1.5rem; }
dt { text-transform: capitalize; }
dd { margin: 0 0 .75rem; }
details { margin: 0 0 1rem; }
summary { cursor: pointer; text-align: center; border-block: 1px dashed var(--line); padding: .3rem; }
summary::marker { content: ""; }
summary::-webkit-details-marker { display: none; }
details[open] summary { margin-bottom: 1rem; }
del, ins { padding: 0 .15em; border-radius: .2em; unicode-bidi: isolate;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
del { color: var(--old); background: var(--old-ground); text-decoration: line-through; }
ins { color: var(--new); background: var(--new-ground); text-decoration: underline; }
footer { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: .75rem; }
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Should a text ever get out of its element, it can do nothing."""

_TAGS = {"heading": "h2", "quote": "blockquote"}
_ELEMENTS = {"delete": "del", "insert": "ins"}


def page(diff: Diff, *, article_id: str, headline: str, sides: Sequence[HistoryStep] = ()) -> str:
    """Return a difference as an HTML page.

    ``sides`` are the two steps compared; empty when they are not known.
    """
    title = _text(headline)
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            f"<title>What changed: {title}</title>",
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f'<header>\n<h1 dir="auto">{title}</h1>',
            *_head(diff, sides),
            "</header>",
            *_fields(diff.fields),
            "<article>",
            *_blocks(diff.blocks),
            *_blocks(diff.captions),
            "</article>",
            *_foot(article_id, sides),
            "</main>\n</body>\n</html>\n",
        )
    )


def _head(diff: Diff, sides: Sequence[HistoryStep]) -> Iterator[str]:
    if sides:
        yield f'<p class="quiet">{" → ".join(_time(side.captured_at) for side in sides)}</p>'
    if not diff.kinds:
        yield "<p>Both are the same story.</p>"
        return
    yield '<ul class="kinds" aria-label="Kinds of change">'
    yield from (f"<li>{_text(label(kind))}</li>" for kind in diff.kinds)
    yield f'</ul>\n<p dir="auto">{_text(diff.summary)}</p>'


def _fields(fields: Iterable[FieldChange]) -> Iterator[str]:
    rows = [
        f'<dt>{field.field}</dt>\n<dd dir="auto">{_stretches(pieces(field))}</dd>'
        for field in fields
    ]
    if rows:
        yield "<dl>\n" + "\n".join(rows) + "\n</dl>"


def _blocks(blocks: Iterable[BlockChange]) -> Iterator[str]:
    for same, group in folded(blocks):
        if same:
            yield f"<details>\n<summary>{unchanged(group)}</summary>"
        yield from map(_block, group)
        if same:
            yield "</details>"


def _block(block: BlockChange) -> str:
    tag = _TAGS.get(block.kind, "p")
    name = '<span class="label">Caption</span> ' if block.kind == "caption" else ""
    return f'<{tag} dir="auto">{name}{_stretches(pieces(block))}</{tag}>'


def _stretches(stretches: Iterable[Iterable[Part]]) -> str:
    return " ".join(_element(*part) for stretch in stretches for part in stretch)


def _element(op: str, words: str) -> str:
    tag = _ELEMENTS.get(op)
    return f"<{tag}>{escape(words)}</{tag}>" if tag else escape(words)


def _foot(article_id: str, sides: Sequence[HistoryStep]) -> Iterator[str]:
    compared = " → ".join(_text(side.revision[:12]) for side in sides)
    revisions = f", revisions {compared}" if compared else ""
    yield f"<footer>newsarchive, article {_text(article_id)}{revisions}</footer>"


def _time(moment: datetime) -> str:
    shown = moment.astimezone(NEW_ZEALAND).strftime("%-d %B %Y, %H:%M %Z")
    stamp = moment.astimezone(UTC).isoformat()
    return f'<time datetime="{stamp}">{shown}</time>'


def _text(text: str) -> str:
    return escape(one_line(text))
