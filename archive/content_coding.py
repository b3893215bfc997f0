"""Content codings of HTTP bodies: back to the bytes that the publisher compressed."""

import zlib
from collections.abc import Callable
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # the package has no type hints

from archive.errors import BrokenRecord

MAX_DECODED_BYTES = 64 * 1024 * 1024
"""Most that one body may decode to: a small body that grows without end is an attack."""

_PIECE = 256 * 1024
_GZIP = b"\x1f\x8b\x08"
_MOST_UNSAID = 2


class _Decoder(Protocol):
    def decompress(self, data: bytes, limit: int, /) -> bytes: ...

    def finished(self) -> bool: ...


class _Zlib:
    """gzip and deflate; a gzip body may be several members, one after the other."""

    def __init__(self, *wbits: int) -> None:
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits[0])
        self._fed = False

    def decompress(self, data: bytes, limit: int, /) -> bytes:
        decoded = bytearray()
        while data and len(decoded) < limit:
            try:
                decoded += self._stream.decompress(data, limit - len(decoded))
            except zlib.error:
                if self._fed or len(self._wbits) == 1:
                    raise
                # "deflate" is meant to have a zlib header; some servers send none.
                self._wbits = self._wbits[1:]
                self._stream = zlib.decompressobj(self._wbits[0])
                continue
            self._fed = True
            data = self._stream.unconsumed_tail or self._next_member()
        return bytes(decoded)

    def _next_member(self) -> bytes:
        rest = self._stream.unused_data
        if not self._stream.eof or not rest.startswith(b"\x1f\x8b"):
            return b""
        self._stream = zlib.decompressobj(self._wbits[0])
        return rest

    def finished(self) -> bool:
        return self._stream.eof


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decompress(self, data: bytes, limit: int, /) -> bytes:
        decoded = bytearray(self._stream.process(data, output_buffer_limit=limit))
        while not self._stream.can_accept_more_data() and len(decoded) < limit:
            decoded += self._stream.process(b"", output_buffer_limit=limit - len(decoded))
        return bytes(decoded)

    def finished(self) -> bool:
        return bool(self._stream.is_finished())


_DECODERS: dict[str, Callable[[], _Decoder]] = {
    "gzip": lambda: _Zlib(31),
    "x-gzip": lambda: _Zlib(31),
    "deflate": lambda: _Zlib(15, -15),
    "br": _Brotli,
}

ACCEPT_ENCODING = "gzip, deflate, br"
"""The codings that :func:`decode_body` understands, as a request says it."""


def decode_body(body: bytes, coding: str, *, name: str, truncated: bool = False) -> bytes:
    """Return ``body`` without its content coding, which is a ``Content-Encoding`` value.

    A body that is still gzip then is unpacked, too: servers forget to say it, or pack twice.
    ``truncated`` allows a body that ends early. Raises :class:`BrokenRecord`, naming ``name``, for
    an unknown coding, damaged bytes, and more than :data:`MAX_DECODED_BYTES`.
    """
    for word in reversed([part.strip().lower() for part in coding.split(",")]):
        if body and word not in {"", "identity"}:
            body = _decode_one(body, word, name=name, truncated=truncated)
    for _ in range(_MOST_UNSAID):
        if body.startswith(_GZIP):
            body = _decode_one(body, "gzip", name=name, truncated=truncated)
    return body


def _decode_one(body: bytes, coding: str, *, name: str, truncated: bool) -> bytes:
    if coding not in _DECODERS:
        raise BrokenRecord(name, f"unknown content coding {coding!r}")
    decoder = _DECODERS[coding]()
    decoded = bytearray()
    try:
        for start in range(0, len(body), _PIECE):
            limit = MAX_DECODED_BYTES + 1 - len(decoded)
            decoded += decoder.decompress(body[start : start + _PIECE], limit)
            if len(decoded) > MAX_DECODED_BYTES:
                raise BrokenRecord(name, f"decodes to more than {MAX_DECODED_BYTES} bytes")
    except (zlib.error, brotli.error) as error:
        raise BrokenRecord(name, f"damaged {coding} body: {error}") from error
    if not decoder.finished() and not truncated:
        raise BrokenRecord(name, f"{coding} body ends early")
    return bytes(decoded)
