"""Names lead to public addresses only, or to loopback where the origin is there.

A name, or a redirect, must not make us ask machines of our own network. Whatever is connected to
passes here, addresses in any spelling (``2130706433``, ``::ffff:127.0.0.1``) included.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.base import ReactorBase
from twisted.internet.interfaces import (
    IAddress,
    IHostnameResolver,
    IHostResolution,
    IResolutionReceiver,
)
from zope.interface import implementer

LOOPBACK_SETTING = "ORIGIN_IS_LOOPBACK"
"""Scrapy setting: whether the origin is on loopback. Then nothing else is asked, else never that."""

_refused: set[str] = set()


def may_be_asked(address: str, *, loopback: bool) -> bool:
    """Tell whether an IP address may be connected to."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.is_loopback if loopback else ip.is_global and not ip.is_multicast


def was_refused(url: str) -> bool:
    """Tell whether the host of ``url`` led to an address in this process that may not be asked."""
    return (urlsplit(url).hostname or "") in _refused


@implementer(IHostnameResolver)
class PublicResolver(CachingHostnameResolver):
    """Scrapy's resolver, which hands out nothing when one address of a name may not be asked."""

    def __init__(self, reactor: ReactorBase, cache_size: int, *, loopback: bool) -> None:
        super().__init__(reactor, cache_size)
        self._loopback = loopback

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> "PublicResolver":
        """Make it, as Scrapy does."""
        settings = crawler.settings
        return cls(
            reactor,
            settings.getint("DNSCACHE_SIZE"),
            loopback=settings.getbool(LOOPBACK_SETTING),
        )

    def resolveHostName(  # noqa: N802 - Twisted's
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803 - Twisted's
        hostName: str,  # noqa: N803 - Twisted's
        portNumber: int = 0,  # noqa: N803 - Twisted's
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's
        transportSemantics: str = "TCP",  # noqa: N803 - Twisted's
    ) -> IHostResolution:
        """Resolve a name."""
        receiver: Any = _Sieve(resolutionReceiver, hostName, loopback=self._loopback)
        return super().resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


@implementer(IResolutionReceiver)
class _Sieve:
    """Holds the addresses back until all are known: a name that leads to both kinds is a trap."""

    def __init__(self, receiver: Any, name: str, *, loopback: bool) -> None:  # noqa: ANN401 - an interface of zope's, which mypy can't read
        self._receiver = receiver
        self._name = name
        self._loopback = loopback
        self._addresses: list[IAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 - Twisted's
        self._addresses.append(address)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's
        if all(may_be_asked(a.host, loopback=self._loopback) for a in self._addresses):
            for address in self._addresses:
                self._receiver.addressResolved(address)
        else:
            _refused.add(self._name)
        self._receiver.resolutionComplete()
