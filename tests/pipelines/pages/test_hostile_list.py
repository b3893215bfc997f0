"""What is known to break readers, through the pool of processes: an article, or the reason why there is none.

Each page is read by the general reader, and in the publisher's layout through the access gate; after
each the same process reads a good page. Nothing ends by the pool's time limit, or by an error that is
not ours. The largest pages are in ``test_hostile_giants``.
"""

from collections.abc import Iterator

import pytest

from archive.errors import NotAnArticle, UnreadablePage
from pipelines.pages.workers import Readers
from tests.pipelines.hostile import READ, REFUSED, WORDS, ended, story_page

SAID = WORDS[:18]


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """One reading process for all pages."""
    with Readers(1) as pool:
        yield pool


@pytest.fixture(scope="module")
def story() -> bytes:
    """A story of the made-up newspaper that everybody may read."""
    return story_page()


@pytest.mark.parametrize("name", READ)
def test_the_article_is_read(readers: Readers, name: str) -> None:
    found = ended(readers, READ[name](), None)
    assert not isinstance(found, Exception), found
    assert found.headline == "A headline here"
    assert SAID in " ".join(block.text for block in found.body)


@pytest.mark.parametrize("name", REFUSED)
def test_what_holds_no_article_is_refused(readers: Readers, name: str) -> None:
    assert isinstance(ended(readers, REFUSED[name](), None), UnreadablePage)


@pytest.mark.parametrize("name", [*READ, *REFUSED])
def test_the_publisher_s_page_ends_with_an_article_or_the_reason(
    readers: Readers, story: bytes, name: str
) -> None:
    made = (READ | REFUSED)[name]()
    found = ended(readers, made, story)
    assert isinstance(found, NotAnArticle | UnreadablePage) or found.headline
