"""The largest of the pages that are known to break readers: see ``test_hostile_list``.

Those that cost a reader seconds go to the general reader only, which is the one that pays for them.
"""

from collections.abc import Iterator

import pytest

from archive.errors import UnreadablePage
from pipelines.pages.workers import Readers
from tests.pipelines.hostile import READ_OR_REFUSED, ended, story_page


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """One reading process for all pages."""
    with Readers(1) as pool:
        yield pool


@pytest.mark.parametrize("name", READ_OR_REFUSED)
def test_it_ends_with_an_article_or_the_reason(readers: Readers, name: str) -> None:
    found = ended(readers, READ_OR_REFUSED[name](), None)
    assert isinstance(found, UnreadablePage) or found.body


@pytest.mark.parametrize("name", ["attributes 200,000", "nesting 100,000", "text of 19 MB", "paragraphs of 21 MB", "links 50,000"])  # fmt: skip
def test_the_publisher_s_page_does_too(readers: Readers, name: str) -> None:
    found = ended(readers, READ_OR_REFUSED[name](), story_page())
    assert isinstance(found, UnreadablePage) or found.headline
