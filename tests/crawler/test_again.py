"""What the next runs make of articles that failed, were left, or are gone."""

from demo.newspaper import Fault
from tests.crawler.crawling import Crawling, change_profile


def test_a_held_story_that_failed_once_is_unchanged_after_a_304(crawling: Crawling) -> None:
    crawling.take_in(crawling.run())
    story = next(iter(crawling.listed_stories().values()))
    change_profile(crawling.newspaper, faults={story.path: Fault(500)})
    failed = crawling.run(ask="all")
    assert crawling.lines(failed)[story.article_id].reason == "http_500"
    crawling.take_in(failed)
    change_profile(crawling.newspaper, faults={})
    again = crawling.run(ask="all")
    line = crawling.lines(again)[story.article_id]
    assert (line.state, line.reason) == ("not_modified", "same_validators")
    crawling.take_in(again)
    (asked,) = crawling.archive.catalogue.known("nzherald", [story.article_id]).values()
    assert asked.asked_at == line.asked_at
