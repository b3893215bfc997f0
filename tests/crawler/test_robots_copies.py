"""robots.txt is asked for once a day, kept with every run, and heard again when it forbids."""

from datetime import timedelta
from itertools import pairwise

import pytest
from attrs import evolve

from archive.codec import decode, encode
from archive.errors import CrawlRefused
from archive.keys import lease_key
from archive.records import CrawlSummary, RobotsCopy
from crawler.robots_file import copy_key
from tests.crawler.crawling import PUBLISHER, Crawling, change_profile, records

FEW = {"request_budget": 3}


def kept_rules(crawling: Crawling, summary: CrawlSummary) -> list[bytes]:
    """The kinds of the WARC records that hold a robots.txt."""
    heads = [
        member.content.partition(b"\r\n\r\n")[0]
        for key in summary.warc_keys
        for member in records(crawling.archive.store.get(key))
    ]
    kinds = [
        head.split(b"WARC-Type: ")[1].split(b"\r\n")[0]
        for head in heads
        if b"/robots.txt\r\n" in head
    ]
    return [kind for kind in kinds if kind != b"request"]


def copy_of(crawling: Crawling) -> RobotsCopy:
    key = copy_key(PUBLISHER, crawling.newspaper.origin)
    return decode(crawling.archive.store.get(key), RobotsCopy)


def test_it_is_asked_for_once_and_kept_with_every_run(crawling: Crawling) -> None:
    first = crawling.run(settings=FEW)
    second = crawling.run(settings=FEW)
    assert crawling.newspaper.log.paths().count("/robots.txt") == 1
    assert kept_rules(crawling, first) == [b"response"]
    assert kept_rules(crawling, second) == [b"resource"]
    assert first.robots_at is not None
    assert second.robots_at == first.robots_at
    assert second.requests == 3


def test_an_old_copy_is_not_used_and_not_one_of_another_site(crawling: Crawling) -> None:
    crawling.run(settings=FEW)
    copy = copy_of(crawling)
    key = copy_key(PUBLISHER, crawling.newspaper.origin)
    assert key.startswith(lease_key(PUBLISHER, "robots-").removesuffix(".json"))
    others = (
        evolve(copy, received_at=copy.received_at - timedelta(hours=21)),
        evolve(copy, received_at=copy.received_at + timedelta(days=1)),
        evolve(copy, origin="https://www.example.org"),
    )
    for number, other in enumerate(others, start=2):
        crawling.archive.store.put(key, encode(other))
        crawling.run(settings=FEW)
        assert crawling.newspaper.log.paths().count("/robots.txt") == number


def test_the_delay_it_asks_for_is_kept_by_runs_that_know_it_from_a_copy(
    crawling: Crawling,
) -> None:
    crawling.run(settings={"request_budget": 1})
    key = copy_key(PUBLISHER, crawling.newspaper.origin)
    slow = evolve(copy_of(crawling), content=b"User-agent: *\nCrawl-delay: 2\n")
    crawling.archive.store.put(key, encode(slow))
    crawling.run(settings=FEW)
    _, *asked = [entry.at for entry in crawling.newspaper.log]
    assert len(asked) == 3
    assert min(b - a for a, b in pairwise(asked)) >= timedelta(seconds=1.95)


def test_no_robots_txt_is_an_answer_that_is_remembered(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, robots="not_found")
    first, second = crawling.run(settings=FEW), crawling.run(settings=FEW)
    assert (first.robots_at, second.robots_at) == (None, None)
    assert crawling.newspaper.log.paths().count("/robots.txt") == 1


@pytest.mark.parametrize("robots", ["blocks_us", "server_error", "html"])
def test_a_refusal_is_not_remembered(crawling: Crawling, robots: str) -> None:
    change_profile(crawling.newspaper, robots=robots)
    for _ in range(2):
        with pytest.raises(CrawlRefused):
            crawling.run()
    change_profile(crawling.newspaper, robots="normal")
    assert crawling.run(settings=FEW).ending == "request_budget"
    assert set(crawling.newspaper.log.paths()[:-2]) == {"/robots.txt"}


def test_a_copy_that_is_damaged_or_forbids_is_no_copy(crawling: Crawling) -> None:
    crawling.run(settings=FEW)
    key = copy_key(PUBLISHER, crawling.newspaper.origin)
    forbids = evolve(copy_of(crawling), content=b"User-agent: *\nDisallow: /\n")
    for number, content in enumerate((b"{", encode(forbids)), start=2):
        crawling.archive.store.put(key, content)
        assert crawling.run(settings=FEW).ending == "request_budget"
        assert crawling.newspaper.log.paths().count("/robots.txt") == number


def test_what_was_read_is_obeyed_though_it_changes_in_mid_run(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, robots="changes")
    summary = crawling.run()
    assert summary.ending is None
    assert crawling.newspaper.log.paths().count("/robots.txt") == 1
