"""What every spider of ours shares: a plan, and an end that stands in the context."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Any

import scrapy

from archive.errors import ConfigurationError
from crawler.context import CrawlContext
from crawler.endings import EarlyEnd


class PlannedSpider(scrapy.Spider):
    """Makes one request after the other, awaited in place, not scheduled.

    What is asked next depends on what was answered (robots.txt, the index, a refusal). Middlewares
    see every request and response as usual.
    """

    def __init__(self, context: CrawlContext | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's
        super().__init__(**kwargs)
        if context is None:
            message = "the spider needs a plan: start it with `newsarchive crawl`"
            raise ConfigurationError(message)
        self.context = context

    async def start(self) -> AsyncIterator[Any]:
        """Do the work. How it ended stands in the context; nothing is raised and nothing yielded."""
        try:
            await self.work()
            self.context.finished = True
        except EarlyEnd as ending:
            self.context.ending = ending
        except Exception as error:  # noqa: BLE001 - run.py raises it again, Scrapy would only log it
            self.context.error = error
        for nothing in list[Any]():
            yield nothing

    @abstractmethod
    async def work(self) -> None:
        """Ask for what the plan wants."""
