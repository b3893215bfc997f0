"""Signatures and timestamps of days: good ones hold, and nothing else does."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archive.attest import (
    fault_of_signature,
    fault_of_timestamp,
    load_roots,
    load_signing_key,
    public_key,
    sign,
    stamp,
)
from archive.errors import ConfigurationError, FailedError
from archive.settings import read_settings
from archive.trusted_keys import parse_trusted_keys
from tests.archive.timestamping import Authority, serving

DAY = date(2026, 3, 1)
CONTENT = b'{"day":"2026-03-01"}'
PEM = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which plays the timestamping authority, is not installed")
    return Authority(tmp_path_factory.mktemp("tsa") / "own")


@pytest.fixture
def url(authority: Authority) -> Iterator[str]:
    with serving(authority) as address:
        yield address


def test_a_signature_holds_for_its_bytes_and_its_key_alone(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(Ed25519PrivateKey.generate().private_bytes(*PEM))
    key = load_signing_key(path)
    made = sign(key, DAY, CONTENT)
    assert fault_of_signature(made, CONTENT, ()) is None
    other_key, own = parse_trusted_keys(f"{'0' * 64}, {public_key(key).upper()}:{DAY}")
    assert fault_of_signature(made, CONTENT, (other_key, own)) is None
    assert "not of these bytes" in str(fault_of_signature(made, CONTENT + b" ", ()))
    for trusted in (other_key, evolve(own, until=DAY - timedelta(days=1))):
        assert "not trusted" in str(fault_of_signature(made, CONTENT, (trusted,)))
    other = evolve(made, public_key=public_key(Ed25519PrivateKey.generate()))
    assert fault_of_signature(other, CONTENT, ())
    assert fault_of_signature(evolve(made, signature="no hex"), CONTENT, ())


@pytest.mark.parametrize(
    "text", ["3f9a", "0" * 63, f"{'0' * 64}:", f"{'0' * 64}:soon", ",", "g" * 64]
)
def test_what_is_no_public_key_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_FORMER_SIGNING_KEYS", text)
    with pytest.raises(ConfigurationError, match="is no public key"):
        parse_trusted_keys(text)
    with pytest.raises(ConfigurationError, match="ARCHIVE_FORMER_SIGNING_KEYS"):
        read_settings()


def test_a_key_that_cannot_sign_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    for content, words in (
        (b"", "can't be read"),
        (generate_private_key(SECP256R1()).private_bytes(*PEM), "ed25519"),
    ):
        path.write_bytes(content)
        with pytest.raises(ConfigurationError, match=f"ARCHIVE_SIGNING_KEY.*{words}"):
            load_signing_key(path)
    with pytest.raises(ConfigurationError, match=r"none\.pem"):
        load_signing_key(tmp_path / "none.pem")


def test_a_timestamp_holds_for_its_bytes_and_its_authority_alone(
    authority: Authority, url: str, tmp_path: Path
) -> None:
    made = stamp(url, DAY, CONTENT)
    assert abs(made.stamped_at - datetime.now(UTC)) < timedelta(minutes=5)
    roots = load_roots(authority.roots)
    assert fault_of_timestamp(made, CONTENT, roots) is None
    assert "other bytes" in str(fault_of_timestamp(made, CONTENT + b" ", roots))
    later = evolve(made, stamped_at=made.stamped_at + timedelta(days=1))
    assert "another time" in str(fault_of_timestamp(later, CONTENT, roots))
    assert "can't be read" in str(fault_of_timestamp(evolve(made, token="AAAA"), CONTENT, roots))
    stranger = load_roots(Authority(tmp_path / "other").roots)
    assert "does not hold" in str(fault_of_timestamp(made, CONTENT, stranger))
    assert fault_of_timestamp(made, CONTENT, []) is None, "nobody is trusted: only what it is of"


def test_an_authority_that_gives_nothing_is_named(url: str) -> None:
    with pytest.raises(FailedError, match=r"no timestamp from http://127\.0\.0\.1:9"):
        stamp("http://127.0.0.1:9", DAY, CONTENT)
    with pytest.raises(FailedError, match="no timestamp"):
        stamp("nowhere", DAY, CONTENT)
    del url
