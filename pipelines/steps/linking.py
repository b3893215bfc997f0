"""Links between articles that share text, worked out from what is held whenever somebody asks."""

import logging

from archive.connect import Archive
from archive.errors import BrokenRecord, ConfigurationError
from archive.records import Article, DuplicateLink
from pipelines.duplicates import LEAST_COMMON, link, shared_text, sketch, sketch_of
from pipelines.steps.forgetting import why_absent
from pipelines.steps.objects import article, standing

logger = logging.getLogger(__name__)

MOST_CANDIDATES = 100
"""Articles whose texts are compared with one; those that have most in common with it."""


def duplicates(archive: Archive, article_id: str) -> list[DuplicateLink]:
    """Return the links of an article to others and of others to it, the closest first.

    They follow from the texts that are shown, not from which run found what. Raises
    :class:`ConfigurationError` when nothing is held of the article, :class:`BrokenRecord` when its text
    is lost; a lost text of another is passed over.
    """
    asked = _held(archive, article_id)
    if asked is None:
        raise ConfigurationError(why_absent(archive, article_id))
    made = sketch(asked)
    if made is None:
        return []
    catalogue, name = archive.catalogue, archive.settings.publisher
    found = []
    for other_id in catalogue.alike(name, made, least_common=LEAST_COMMON, limit=MOST_CANDIDATES):
        other = _readable(archive, other_id)
        if other is None:
            continue
        known = catalogue.boilerplate(name, {*made.hashes, *sketch_of(other.text)})
        made_link = link(shared_text(asked), shared_text(other), boilerplate=known)
        if made_link is not None:
            found.append(made_link)
    return sorted(found, key=lambda one: (-one.score, -one.jaccard, one.other_id, one.article_id))


def _readable(archive: Archive, article_id: str) -> Article | None:
    try:
        return _held(archive, article_id)
    except BrokenRecord:
        logger.exception("the text of %s is lost: its links are not shown", article_id)
        return None


def _held(archive: Archive, article_id: str) -> Article | None:
    captures = archive.catalogue.captures(archive.settings.publisher, article_id)
    return article(archive, standing(captures)) if captures else None
