"""An article as a person reads it in a terminal."""

import textwrap

from rich.markup import escape

from archive.records import Article, Block
from cli.dates import NEW_ZEALAND
from cli.output import stdout

LINE = 88
"""Longest line of the body, in characters."""

_INDENT = {"quote": "    ", "list": "  - ", "update": "  ", "embed": "  "}


def print_article(article: Article) -> None:
    """Print headline, byline, times, access with its evidence, body, captions and where it lies."""
    stdout.print(f"[bold]{escape(article.headline)}[/bold]")
    if article.description:
        stdout.print(f"[italic]{escape(article.description)}[/italic]")
    for name, value in _facts(article):
        if value:
            stdout.print(f"[dim]{name:<10}[/dim] {escape(value)}")
    stdout.print()
    for block in article.body:
        stdout.print(_styled(block) + "\n")
    for image in article.images:
        words = " · ".join(part for part in (image.caption, image.credit) if part)
        if words:
            stdout.print(f"[dim]picture[/dim]    {escape(words)}")


def _styled(block: Block) -> str:
    indent = _INDENT.get(block.kind, "")
    lines = [
        textwrap.fill(line, LINE, initial_indent=indent, subsequent_indent=indent)
        for line in block.text.splitlines()
    ]
    text = escape("\n".join(lines))
    return f"[bold]{text}[/bold]" if block.kind == "heading" else text


def _facts(article: Article) -> list[tuple[str, str | None]]:
    published, modified = article.date_published, article.date_modified
    byline = ", ".join((*article.authors, *filter(None, [article.agency])))
    zone = NEW_ZEALAND
    return [
        ("by", byline),
        (
            "published",
            published.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if published else None,
        ),
        ("modified", modified.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z") if modified else None),
        ("section", ", ".join(dict.fromkeys(filter(None, [article.section, *article.sections])))),
        ("access", f"{article.access} ({'; '.join(article.access_evidence) or 'no marks'})"),
        ("length", f"{article.word_count} words"),
        ("article", article.article_id),
        ("revision", article.revision),
        ("address", article.url),
        ("captured", article.captured_at.astimezone(zone).isoformat(timespec="seconds")),
        ("WARC", f"{article.warc.file} at {article.warc.offset}" if article.warc else None),
        ("reader", f"{article.reader} {article.reader_version}"),
    ]
