"""A page on its way to a reading process. Apart from the steps, so that such a process loads little."""

from functools import cache

from attrs import frozen

from archive.records import Article
from archive.warc_pages import PageRecord
from pipelines.normalise import normalise
from publishers import served
from publishers.spec import Publisher


@frozen
class PageTask:
    """A page, and where its publisher is to be looked up."""

    page: PageRecord
    """The page."""

    publisher: str
    """Name of its publisher."""

    origin: str
    """Origin under which the publisher is served."""


def read_page(task: PageTask) -> Article:
    """Return the article in a page; raises what ``normalise`` raises."""
    return normalise(task.page, publisher=publisher_at(task.publisher, task.origin))


@cache
def publisher_at(name: str, origin: str) -> Publisher:
    """Return a publisher as served under an origin."""
    return served(name, origin)
