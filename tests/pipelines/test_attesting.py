"""Days signed and timestamped as the settings say, and what verify says of them."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archive.attest import load_roots, load_signing_key, public_key
from archive.connect import Archive
from archive.keys import day_manifest_key, run_day, signature_key, timestamp_key
from archive.records import Verification
from archive.trusted_keys import TrustedKey
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.steps import Trust, VerifyPlan
from tests.archive.timestamping import Authority, serving
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_steps import archive, run

__all__ = ["archive", "run"]

NOW = STARTED_AT + timedelta(hours=30)


@pytest.fixture
def closed(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run], tmp_path: Path
) -> Archive:
    """An archive with one closed day, and a key to sign it with."""
    one = run(0)
    one.add(stories(newspaper, ["staff"])[0])
    one.finish()
    steps.close_days(archive, NOW)
    key = new_key(tmp_path / "key.pem")
    return evolve(archive, settings=archive.settings.model_copy(update={"signing_key": key}))


def verify(archive: Archive, trust: Trust) -> Verification:
    return steps.verify(archive.store, PUBLISHER, VerifyPlan(now=NOW, trust=trust))


def own_key(archive: Archive) -> TrustedKey:
    path = archive.settings.signing_key
    assert path is not None
    return TrustedKey(public_key(load_signing_key(path)))


def new_key(path: Path) -> Path:
    made = Ed25519PrivateKey.generate()
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


def test_a_closed_day_is_signed_once(closed: Archive) -> None:
    ours = Trust((own_key(closed),))
    (before,) = verify(closed, ours).problems
    assert before.problem.startswith("missing: the newest day is not signed")
    assert (steps.attest(closed), steps.attest(closed)) == (1, 0)
    done = verify(closed, ours)
    assert (done.problems, done.days, done.signed, done.timestamped) == ((), 1, 1, 0)
    (other,) = verify(closed, Trust((TrustedKey("0" * 64),))).problems[:1]
    assert "not trusted for that day" in other.problem


def test_a_new_key_leaves_what_a_former_one_signed_good(closed: Archive, tmp_path: Path) -> None:
    day, former = STARTED_AT.date(), own_key(closed).public_key
    steps.attest(closed)
    before = f"{former}:{day - timedelta(days=1)}"
    for said, trusted in (("", False), (before, False), (f"{former}:{day}", True)):
        changed = {"signing_key": new_key(tmp_path / "new.pem"), "former_signing_keys": said}
        archive = evolve(closed, settings=closed.settings.model_copy(update=changed))
        found = verify(archive, steps.trust_of(archive.settings)).problems
        assert trusted is not any("not trusted for that day" in one.problem for one in found)
        assert steps.attest(archive) == 0, "it is signed already"


def test_a_signature_of_other_bytes_is_found(closed: Archive) -> None:
    steps.attest(closed)
    key = day_manifest_key(PUBLISHER, run_day("20260301T000000Z-00000000"))
    closed.store.put(key, closed.store.get(key).replace(b'"objects":', b'"objects": '))
    found = {one.key: one.problem for one in verify(closed, Trust()).problems}
    assert "not of these bytes" in found[signature_key(PUBLISHER, STARTED_AT.date())]


def test_a_timestamp_comes_when_the_authority_is_back(closed: Archive, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl, which plays the timestamping authority, is not installed")
    authority = Authority(tmp_path / "tsa")
    trust = Trust((own_key(closed),), tuple(load_roots(authority.roots)))
    away = {"timestamp_url": "http://127.0.0.1:9"}
    archive = evolve(closed, settings=closed.settings.model_copy(update=away))
    assert steps.attest(archive) == 1, "signed all the same"
    with serving(authority) as url:
        back = archive.settings.model_copy(update={"timestamp_url": url})
        assert steps.attest(evolve(archive, settings=back)) == 1
    done = verify(closed, trust)
    assert (done.problems, done.signed, done.timestamped) == ((), 1, 1)
    key = timestamp_key(PUBLISHER, STARTED_AT.date())
    closed.store.put(key, b"{}")
    (found,) = verify(closed, trust).problems
    assert (found.key, found.problem[:7]) == (key, "altered")


def test_a_day_may_wait_for_the_night_to_be_signed(closed: Archive) -> None:
    trust = Trust((own_key(closed),))
    soon = STARTED_AT.replace(hour=1) + timedelta(days=1)
    plan = VerifyPlan(now=soon, trust=trust)
    assert steps.verify(closed.store, PUBLISHER, plan).problems == ()
    late = VerifyPlan(now=soon + timedelta(days=1), trust=trust)
    (found,) = steps.verify(closed.store, PUBLISHER, late).problems
    assert found.problem.startswith("missing: the newest day is not signed")


def test_a_signature_says_what_it_is_of_and_lies_where_it_belongs(closed: Archive) -> None:
    steps.attest(closed)
    key = signature_key(PUBLISHER, STARTED_AT.date())
    whole = closed.store.get(key)
    for forged_key, content in (
        (key, whole.replace(b'"sha256":"', b'"sha256":"0')),
        (signature_key(PUBLISHER, STARTED_AT.date() + timedelta(days=1)), whole),
    ):
        closed.store.put(forged_key, content)
        (found,) = verify(closed, Trust()).problems
        assert (found.key, found.problem[:7]) == (forged_key, "altered")
        closed.store.put(key, whole)
        if forged_key != key:
            closed.store.delete(forged_key)
