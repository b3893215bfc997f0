"""Compare a capture with what is held: a new article, a new revision, or nothing new.

A revision is the SHA-256 of the canonical form of the story's own content. Two captures that
differ only in white space, in how characters are composed, or in anything around the story (dates,
sections, addresses of pictures, the reader) are the same revision, and the same bytes under
``articles/``: that is why what is stored is the canonical form itself.
"""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from attrs import evolve, fields_dict
from msgspec import UNSET

from archive.codec import encode
from archive.keys import sha256_hex
from archive.records import Article, ArticleContent, Block, Capture, Image, OutcomeKind, Seen
from archive.sequence import ENOUGH_LOOKS


def canonical(article: Article) -> Article:
    """Return an article as it is stored: canonical content, with ``revision``, ``text``, ``word_count``.

    Every reader ends with this. Doing it twice changes nothing.
    """
    body = tuple(_blocks(article.body))
    text = text_of(body)
    settled = evolve(
        article,
        headline=_clean(article.headline),
        description=_clean(article.description or "") or None,
        authors=_cleaned(article.authors),
        agency=_clean(article.agency or "") or None,
        body=body,
        text=text,
        word_count=len(text.split()),
    )
    return evolve(settled, revision=revision_of(settled))


def revision_of(item: Article | ArticleContent) -> str:
    """Return the revision of an article or of its content: 64 hexadecimal digits."""
    captions = item.captions if isinstance(item, ArticleContent) else captions_of(item.images)
    own = {
        "headline": _clean(item.headline),
        "description": _clean(item.description or "") or None,
        "authors": _cleaned(item.authors),
        "agency": _clean(item.agency or "") or None,
        "body": [_stated(block) for block in _blocks(item.body)],
        "captions": _cleaned(captions),
        "access": item.access,
    }
    return sha256_hex(encode(own))


def text_of(body: Iterable[Block]) -> str:
    """Return a body as plain text, its blocks separated by a blank line."""
    return "\n\n".join(block.text for block in body)


def captions_of(images: Iterable[Image]) -> tuple[str, ...]:
    """Return the captions of an article's pictures with their credits, in order."""
    return _cleaned(_caption(image) for image in images)


def split(article: Article, run_id: str) -> tuple[ArticleContent, Capture]:
    """Return what an article says, and when and where ``run_id`` saw it say so."""
    values = {name: getattr(article, name) for name in fields_dict(Article)}
    values |= {"captions": captions_of(article.images), "run_id": run_id}
    content = {name: values[name] for name in fields_dict(ArticleContent)}
    capture = {name: values[name] for name in fields_dict(Capture) if name in values}
    return ArticleContent(**content), Capture(**capture)


def join(
    content: ArticleContent,
    capture: Capture,
    *,
    first_seen_at: datetime,
    removed_at: datetime | None = None,
) -> Article:
    """Return the record that is shown for a capture of a revision: ``split`` undone."""
    known = {name: getattr(capture, name) for name in fields_dict(Capture)}
    known |= {name: getattr(content, name) for name in fields_dict(ArticleContent)}
    text = text_of(content.body)
    known |= {"first_seen_at": first_seen_at, "removed_at": removed_at}
    known |= {"text": text, "word_count": len(text.split())}
    return Article(**{name: known[name] for name in fields_dict(Article) if name in known})


def with_text_of(article: Article, fuller: Article) -> Article:
    """Return a record with the text and pictures of another revision of it, and the word that it has."""
    source = f"revision:{fuller.revision}"
    return evolve(
        article,
        body=fuller.body,
        text=fuller.text,
        word_count=fuller.word_count,
        images=fuller.images,
        provenance=article.provenance | {"body": source, "images": source},
    )


def compare(content: ArticleContent, seen: Seen | None) -> tuple[OutcomeKind, str]:
    """Return the outcome of a capture and its reason, given what was held before it.

    A page whose access we could not tell never supersedes one of which we could: its capture is
    kept, and its outcome is ``skipped``. Content that comes back after another (A, B, A) is a step
    in the article's history, hence archived, though its object exists already.
    """
    if seen is None:
        return "archived", "new_article"
    if len(set(seen.gone_in)) >= ENOUGH_LOOKS and content.access != "unknown":
        return "archived", "restored"
    if content.revision == seen.latest_revision:
        return "unchanged", "same_content"
    if content.access == "unknown" and seen.latest_access != "unknown":
        return "skipped", "access_unknown"
    return "archived", "new_revision"


def after(seen: Seen | None, capture: Capture) -> Seen:
    """Return what is held once ``capture`` has been kept."""
    new = Seen(
        first_seen_at=capture.captured_at,
        latest_revision=capture.revision,
        latest_access=capture.access,
        revisions=frozenset({capture.revision}),
    )
    if seen is None:
        return new
    if capture.is_removal:
        gone_in = tuple(dict.fromkeys((*seen.gone_in, capture.run_id)))
        return evolve(seen, gone_in=gone_in, revisions=seen.revisions | new.revisions)
    latest = new if capture.access != "unknown" or seen.latest_access == "unknown" else seen
    return evolve(
        latest,
        first_seen_at=min(seen.first_seen_at, capture.captured_at),
        revisions=seen.revisions | new.revisions,
    )


def _blocks(body: Iterable[Block]) -> Iterable[Block]:
    for block in body:
        # The items of a list, and the title and paragraphs of a live blog's entry, stand one a
        # line: there the line is content.
        text = _lines(block.text) if block.kind in {"list", "update"} else _clean(block.text)
        if text:
            yield evolve(block, text=text)


def _stated(block: Block) -> tuple[object, ...]:
    stated = (block.kind, block.text)
    return stated if block.date_published is UNSET else (*stated, block.date_published)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(_clean, text.splitlines())))


def _cleaned(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, map(_clean, texts)))


def _caption(image: Image) -> str:
    credit = f"Photo / {image.credit}" if image.credit else ""
    return f"{image.caption or ''} {credit}"
