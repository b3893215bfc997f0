"""Only the publisher's hosts are asked, and only at public addresses, however they are written."""

import socket
import threading
from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

import pytest

from archive.errors import CrawlRefused
from crawler.resolver import may_be_asked
from tests.crawler.crawling import Crawling
from tests.crawler.odd_site import OddSite, response

LIVE = {"contact": "archive@example.org", "permitted": "yes"}


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.1", "255.255.255.255", "224.0.0.1", "192.0.2.1", "::1", "::",
        "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_asked(address: str) -> None:
    assert not may_be_asked(address, loopback=False)


@pytest.mark.parametrize("address", ["203.97.10.1", "2404:6800:4006::1", "::ffff:203.97.10.1"])
def test_a_public_address_is_asked_but_not_by_a_crawl_of_loopback(address: str) -> None:
    assert may_be_asked(address, loopback=False)
    assert not may_be_asked(address, loopback=True)


def test_loopback_is_asked_where_the_origin_is_there_in_any_spelling() -> None:
    for address in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert may_be_asked(address, loopback=True)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on loopback, and whoever connected to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    came.append(connection)
                    connection.close()
            except OSError:
                return

        thread = threading.Thread(target=accept)
        thread.start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


@pytest.mark.parametrize(
    "host",
    [
        str(int(IPv4Address("127.0.0.1"))),
        "0x7f000001",
        "127.1",
        "[::ffff:127.0.0.1]",
        socket.gethostname(),
    ],
)
def test_a_live_origin_that_leads_to_this_machine_is_refused(
    crawling: Crawling, listener: tuple[int, list[object]], host: str
) -> None:
    port, came = listener
    settings: dict[str, Any] = {"publisher_origin": f"http://{host}:{port}", **LIVE}
    with pytest.raises(CrawlRefused, match="ARCHIVE_PUBLISHER_ORIGIN") as caught:
        crawling.run(settings=settings)
    assert caught.value.exit_code == 4
    assert came == []


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"],
)
def test_a_redirect_into_our_own_network_is_not_followed(
    crawling: Crawling, listener: tuple[int, list[object]], host: str
) -> None:
    port, came = listener
    with OddSite() as site:
        target = f"http://{host}:{port}/robots.txt"
        site.answers["/robots.txt"] = response("302 Found", b"", f"Location: {target}")
        with pytest.raises(CrawlRefused, match="other_host"):
            crawling.run(settings={"publisher_origin": site.origin})
        assert site.asked == ["/robots.txt"]
    assert came == []
