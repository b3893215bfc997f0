"""What the newspaper sent is what replay shows, byte for byte, from the bucket."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from attrs import frozen
from warcio.archiveiterator import ArchiveIterator

from archive.connect import Archive
from archive.keys import cdxj_key, digest, new_run_id, warc_key
from archive.warc import WarcFile
from demo.newspaper import Newspaper
from demo.newspaper.fault import Fault
from tests.archive.warc_support import AT, PAGE, exchange
from tests.cli.archived import Archived
from tests.cli.replaying import Replay, needs_pywb, replaying
from tests.cli.support import environment
from tests.crawler.crawling import PUBLISHER, change_profile

pytestmark = needs_pywb


@frozen
class Record:
    """A record of the bucket that answers a request."""

    run: str
    kind: str
    url: str
    at: datetime
    status: str
    headers: dict[str, str]
    body: bytes


def records(archive: Archive) -> Iterator[Record]:
    for key in archive.store.list_keys(f"{PUBLISHER}/warc/"):
        if key.endswith(".gz"):
            run = key.rpartition("/")[2][:25]
            for one in ArchiveIterator(io.BytesIO(archive.store.get(key))):
                if one.rec_type in {"response", "resource", "revisit"}:
                    head = one.rec_headers
                    yield Record(
                        run,
                        one.rec_type,
                        head["WARC-Target-URI"],
                        datetime.fromisoformat(head["WARC-Date"]),
                        one.http_headers.get_statuscode() if one.http_headers else "",
                        {name.lower(): value for name, value in head.headers},
                        one.raw_stream.read(),
                    )


def sent(newspaper: Newspaper, url: str) -> bytes:
    """The last body that went over the wire for an address."""
    parts = urlsplit(url)
    return newspaper.bytes_sent(parts.path + (f"?{parts.query}" if parts.query else ""))


def odd_answers(archived: Archived) -> dict[str, str]:
    """Publish stories that answer in odd ways; returns what each answers, by address."""
    newspaper = archived.newspaper
    elsewhere = newspaper.publish("staff").path
    ways: dict[str, str | Fault] = {
        "br": "br",
        "blank": "blank",
        "chunked": "chunked",
        "wrong_charset": "wrong_charset",
        "404": Fault(404),
        "410": Fault(410),
        "301": Fault(301, kind="redirect", to=elsewhere),
        "noarchive": "noarchive",
        "truncated": "truncated",
    }
    stories = {way: newspaper.publish("staff") for way in ways}
    change_profile(newspaper, faults={story.path: ways[way] for way, story in stories.items()})
    return {newspaper.origin + story.path: way for way, story in stories.items()}


def test_every_answer_replays_as_it_was_sent(archive: Archive, newspaper: Newspaper) -> None:
    archived = Archived(archive, newspaper)
    odd = odd_answers(archived)
    first = archived.run()
    once = asked_once(newspaper)
    bodies = {one.url: sent(newspaper, one.url) for one in records(archive) if one.url in once}
    second = archived.run(
        since=newspaper.edition.days[-1], until=newspaper.edition.days[-1], ask="all"
    )
    held = list(records(archive))
    env = environment(archive.settings, ARCHIVE_PUBLISHER_ORIGIN=newspaper.origin)
    with replaying(env) as replay:
        asked = newspaper.log.total
        seen = check_responses(replay, first.summary.run_id, held, bodies)
        assert check_unchanged(replay, second.summary.run_id, held) > 5
        check_cut(replay, held)
        check_odd(replay, odd, first.summary.started_at)
        assert newspaper.log.total == asked, "replay asked the newspaper"
    for part in ("robots.txt", "sitemap", "/rss/", "/world/"):
        assert any(part in url for url in seen), part
    codings = {coding for coding, _ in seen.values()}
    assert codings == {"gzip", "br", None}
    assert {"200", "301", "404", "410"} <= {status for _, status in seen.values()}


def test_what_could_lead_elsewhere_does_not(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    key = warc_key(PUBLISHER, new_run_id(AT, "odd"), 0)
    url = newspaper.origin + "/world"
    warc = WarcFile(tmp_path / key.rpartition("/")[2], {}, created_at=AT)
    html = ("Content-Type", "text/html")
    # A cookie for a whole domain makes a library look up which domains there are.
    cookie = ("Set-Cookie", "a=1; Domain=.news.example; Path=/")
    warc.write(exchange(1, url=url, status=301, headers=(("Location", f"{url}/"), html), body=b""))
    warc.write(exchange(2, url=f"{url}/", headers=(cookie, html), body=PAGE))
    path = warc.close()
    archive.store.upload_once(key, path)
    archive.store.upload_once(cdxj_key(key), path.with_name(f"{path.name}.cdxj"))
    asked = newspaper.log.total
    with replaying(environment(archive.settings)) as replay:
        for address in (url, f"{url}/"):
            shown = replay.get(f"/{PUBLISHER}/20260301221502mp_/{address}")
            if shown.status == 307:
                here, _, rest = shown.headers["Location"].partition(f"/{PUBLISHER}/")
                assert here in {"", f"http://127.0.0.1:{replay.port}"}
                shown = replay.get(f"/{PUBLISHER}/{rest}")
            assert (shown.status, "Tāmaki".encode() in shown.body) == (200, True), shown.headers
            policy = shown.headers["Content-Security-Policy"]
            assert "default-src" in policy
            assert not {"ws:", "wss:", "http:", "https:", "*"} & set(policy.split())
    assert newspaper.log.total == asked
    log = (archive.settings.home / "replay" / PUBLISHER / "pywb.log").read_text()
    assert "Traceback" not in log


def asked_once(newspaper: Newspaper) -> set[str]:
    """The addresses that were asked for once: what was sent the first time is not known otherwise."""
    paths = Counter(one.path + (f"?{one.query}" if one.query else "") for one in newspaper.log)
    return {newspaper.origin + path for path, times in paths.items() if times == 1}


def check_responses(
    replay: Replay, run_id: str, held: list[Record], bodies: dict[str, bytes]
) -> dict[str, tuple[str | None, str]]:
    """Compare every response of the first run; returns coding and status by address."""
    seen = {}
    for one in held:
        if one.kind != "response" or one.run != run_id or one.url not in bodies:
            continue
        answer = replay.raw(one.url, one.at)
        coding = answer.headers["Content-Encoding"]
        assert (answer.status, answer.body) == (int(one.status), bodies[one.url]), one.url
        assert one.headers["warc-payload-digest"] == digest(answer.body)
        seen[one.url] = (coding, one.status)
    assert len(seen) > 20
    return seen


def check_unchanged(replay: Replay, run_id: str, held: list[Record]) -> int:
    """Each 304 names its original, and shows it; returns how many there were."""
    originals = {(one.url, one.headers["warc-date"]): one for one in held if one.kind != "revisit"}
    revisits = [one for one in held if one.kind == "revisit"]
    for one in revisits:
        assert (one.run, one.status, one.body) == (run_id, "304", b"")
        original = originals[
            one.headers["warc-refers-to-target-uri"], one.headers["warc-refers-to-date"]
        ]
        assert one.headers["warc-payload-digest"] == digest(original.body)
        answer = replay.raw(one.url, one.at)
        assert (answer.status, answer.body) == (200, original.body), one.url
    return len(revisits)


def check_cut(replay: Replay, held: list[Record]) -> None:
    """Of subscribers' pages the cut page is shown, as it is kept."""
    cut = [one for one in held if one.kind == "resource" and "/premium/" in one.url]
    assert cut
    for one in cut:
        answer = replay.raw(one.url, one.at)
        assert (answer.status, answer.body) == (200, one.body)
        assert b"HIDDEN" not in answer.body


def check_odd(replay: Replay, odd: dict[str, str], at: datetime) -> None:
    """What was withheld is not found; an empty page is an empty page."""
    answers = {way: replay.raw(url, at) for url, way in odd.items()}
    assert answers["noarchive"].status == 404
    assert (answers["blank"].status, answers["blank"].body) == (200, b"")
    assert answers["301"].status == 301
    assert answers["br"].headers["Content-Encoding"] == "br"
