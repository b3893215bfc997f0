"""A crawl that asks for many articles at once, as ours never does: ``python -m tests.faults.many_at_once``, then as crawler.run."""

import asyncio
import sys

import crawler.settings
from crawler.fetcher import Fetcher
from crawler.run import main
from crawler.spiders import articles

AT_ONCE = 24


class ManyAtOnce(articles.ArticlesSpider):
    """Asks for many articles at once."""

    async def _ask(self, fetcher: Fetcher) -> None:
        pace, lock = self.context.pace, asyncio.Lock()
        turn = pace.turn

        async def one_by_one() -> None:
            # The turnstile is for one request at a time.
            async with lock:
                await turn()

        pace.turn = one_by_one
        bunch = [self._queue.popleft() for _ in range(AT_ONCE)]
        await asyncio.gather(*(self._try(fetcher, *one) for one in bunch))


if __name__ == "__main__":
    crawler.settings.CONCURRENT_REQUESTS = AT_ONCE
    crawler.settings.CONCURRENT_REQUESTS_PER_DOMAIN = AT_ONCE
    articles.ArticlesSpider = ManyAtOnce
    sys.exit(main())
