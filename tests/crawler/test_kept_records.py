"""What stands in the WARC files of real crawls: whole files of a size, revisits, and what broke off."""

import io
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from archive.keys import digest
from demo.newspaper import Newspaper
from tests.archive.warc_support import check
from tests.crawler.crawling import PUBLISHER, Crawling, change_profile, records

SMALL = 100_000


def kept(crawling: Crawling) -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Kind, headers and payload of each record in the bucket, in order."""
    for key in crawling.archive.store.list_keys(f"{PUBLISHER}/warc/"):
        if key.endswith(".gz"):
            for one in ArchiveIterator(io.BytesIO(crawling.archive.store.get(key))):
                headers = {name.lower(): value for name, value in one.rec_headers.headers}
                yield one.rec_type, headers, one.raw_stream.read()


def test_files_are_closed_at_their_size_and_each_is_whole(
    crawling: Crawling, tmp_path: Path
) -> None:
    summary = crawling.run(settings={"warc_bytes": SMALL})
    assert len(summary.warc_keys) > 5
    assert [int(key[-13:-8]) for key in summary.warc_keys] == list(range(len(summary.warc_keys)))
    for key in summary.warc_keys:
        content = crawling.archive.store.get(key)
        path = tmp_path / key.rpartition("/")[2]
        path.write_bytes(content)
        check(path)
        members = list(records(content))
        assert members[-1].end == len(content)
        assert f"WARC-Filename: {path.name}\r\n".encode() in members[0].content
        # Closed with the exchange that filled it, three records at most.
        assert key == summary.warc_keys[-1] or len(content) >= SMALL
        assert members[-4].end < SMALL or len(members) <= 4
    assert all(earlier < later for earlier, later in pairwise(summary.warc_keys))


def test_a_revisit_names_address_date_and_digest_of_its_original(crawling: Crawling) -> None:
    day = crawling.newspaper.edition.days[-1]
    for _ in range(3):
        crawling.take_in(crawling.run(since=day, until=day, ask="all"))
    originals, revisits = {}, []
    for kind, headers, body in kept(crawling):
        if kind in {"response", "resource"}:
            assert headers["warc-payload-digest"] == digest(body)
            originals[headers["warc-target-uri"], headers["warc-date"]] = digest(body)
        elif kind == "revisit":
            revisits.append(headers)
    assert len(revisits) > 20
    assert {"premium", "video"} <= {
        part for one in revisits for part in one["warc-target-uri"].split("/")
    }
    for one in revisits:
        assert one["warc-profile"].endswith("/server-not-modified")
        named = one["warc-refers-to-target-uri"], one["warc-refers-to-date"]
        assert one["warc-payload-digest"] == originals[named]
        assert one["warc-date"] > one["warc-refers-to-date"]


def test_what_broke_off_says_so(crawling: Crawling, newspaper: Newspaper) -> None:
    cut, long = newspaper.publish("staff"), newspaper.publish("staff")
    change_profile(newspaper, faults={cut.path: "truncated", long.path: "oversize"})
    lines = crawling.lines(crawling.run())
    assert lines[cut.article_id].state == lines[long.article_id].state == "failed"
    found: dict[str, set[str | None]] = {cut.path: set(), long.path: set()}
    for kind, headers, _ in kept(crawling):
        path = headers.get("warc-target-uri", "").removeprefix(newspaper.origin)
        if kind in {"response", "resource"} and path in found:
            found[path].add(headers.get("warc-truncated"))
    assert found == {cut.path: {"disconnect"}, long.path: {"length"}}
