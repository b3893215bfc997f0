"""Enrich: what can be worked out from an article's text. The article is never changed."""

from archive.errors import BrokenRecord
from archive.records import Annotation, Article
from pipelines.annotators import Annotator


def enrich(article: Article, annotator: Annotator) -> Annotation:
    """Return what an annotator finds; raises :class:`BrokenRecord` when it speaks of another article."""
    annotation = annotator.annotate(article)
    told = (annotation.article_id, annotation.revision, annotation.annotator)
    if told != (article.article_id, article.revision, annotator.name):
        raise BrokenRecord(article.article_id, f"{annotator.name} answered for {told}")
    return annotation
