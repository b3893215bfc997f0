"""An article that was taken down, and its address on the publisher's former platform."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from archive.keys import new_run_id, takedown_key
from archive.warc import read_pages
from demo.newspaper.objectid import objectid
from pipelines import steps
from pipelines.steps import Order
from tests.crawler.crawling import PUBLISHER, Crawling
from tests.crawler.odd_site import OddSite, response
from tests.crawler.test_identity import FEEDS, HTML, XML
from tests.pipelines.support import take_steps


@pytest.mark.parametrize("kind", ["moved", "shown", "shown later"])
def test_it_is_neither_asked_for_nor_kept(crawling: Crawling, kind: str) -> None:
    story = next(iter(crawling.newspaper.newsroom.newest_in("world", 1)))
    page = crawling.newspaper.page(story)
    number = objectid(story.article_id)
    old = f"/world/news/article.cfm?c_id=2&amp;amp;objectid={number}&amp;amp;ref=rss"
    feed = f"<rss><channel><item><link>{old}</link></item></channel></rss>".encode()
    with OddSite() as site:
        site.announce([story.path])
        site.answers[story.path] = response("200 OK", page, HTML)
        asked = {"settings": {"publisher_origin": site.origin, "listing_days": 2}}
        archive = evolve(
            crawling.archive,
            settings=crawling.archive.settings.model_copy(update={"publisher_origin": site.origin}),
        )
        if kind == "shown":
            # It was seen there before it was taken down.
            site.answers[f"{FEEDS}/rss/section/world/"] = response("200 OK", feed, XML)
            site.answers["/world/news/article.cfm"] = response("200 OK", page, HTML)
        take_steps(archive, crawling.run(**asked))
        order = Order(article_id=story.article_id, reason="A", requested_by="B")
        now = datetime.now(UTC) + timedelta(hours=7)
        made = steps.take_down(
            archive, order, now=now, new_run_id=lambda: new_run_id(now, "takedown")
        )
        assert made
        assert archive.store.exists(takedown_key(PUBLISHER, story.article_id))
        if kind != "shown":
            site.asked.clear()
            site.answers[f"{FEEDS}/rss/section/world/"] = response("200 OK", feed, XML)
            moved = f"Location: {story.path}?c_id=2&objectid={number}"
            answer = ("301 Moved", b"", moved) if kind == "moved" else ("200 OK", page, HTML)
            site.answers["/world/news/article.cfm"] = response(*answer)
            take_steps(archive, crawling.run(**asked))
            assert any("article.cfm" in path for path in site.asked)
            assert [path for path in site.asked if story.article_id in path] == []
    left = [
        one.url
        for key in archive.store.list_keys(f"{PUBLISHER}/warc/")
        if key.endswith(".gz")
        for one in read_pages(archive.store.get(key), file=key)
        if story.headline.encode() in one.content
    ]
    assert left == []
