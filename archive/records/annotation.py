"""What enrichment works out from an article's text; the article itself is never changed."""

from datetime import date
from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class Mention:
    """A name that occurs in a text."""

    name: str
    """The name in its fullest form in this text, without a leading article."""

    kind: Literal["person", "organisation", "place"]
    """What it names."""

    count: int
    """How often it occurs, all its forms together."""

    spans: tuple[tuple[int, int], ...] = ()
    """Start and end of each occurrence, in characters of ``Article.text``."""


@frozen(kw_only=True)
class Annotation:
    """What one annotator found in one revision: an object under ``enrichments/``."""

    article_id: str
    """Article it is about."""

    revision: str
    """Revision it is about."""

    annotator: str
    """Name of the annotator, such as ``names``."""

    annotator_version: str
    """Version of its rules and of the model, such as ``1-sm3.8.0``."""

    mentions: tuple[Mention, ...] = ()
    """Names, most frequent first."""

    values: dict[str, str] = field(factory=dict)
    """Whatever else an annotator states, as text by name."""


@frozen(kw_only=True)
class EnrichReport:
    """What enrichment did for one day."""

    day: date
    """New Zealand date of the articles."""

    articles: int
    """Articles of that date, once for each annotator."""

    annotated: int
    """Of these, annotated now."""

    already: int
    """Of these, annotated before."""

    failed: int
    """Of these, set aside with a reason."""
