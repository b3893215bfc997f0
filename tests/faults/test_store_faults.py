"""The bucket through a store that has bad days: each object once, with the right bytes, or a clear error."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive.errors import KeyConflict, StoreUnavailable
from archive.object_store import ATTEMPTS, ObjectStore
from archive.settings import ArchiveSettings
from tests.faults.faulty_store import Fault, FaultyStore, Rule, faulty
from tests.faults.length import LONG

KEY = "p/articles/a/1.json"
WRITERS, KEYS = 20, 1000 if LONG else 50


@pytest.fixture
def proxy(settings: ArchiveSettings) -> Iterator[FaultyStore]:
    assert settings.s3_endpoint
    with faulty(settings.s3_endpoint) as found:
        yield found


def client(settings: ArchiveSettings, endpoint: str) -> ObjectStore:
    secret = settings.s3_secret_key
    assert secret
    assert settings.s3_access_key
    made = ObjectStore(
        endpoint=endpoint,
        access_key=settings.s3_access_key,
        secret_key=secret.get_secret_value(),
        region=settings.s3_region,
        bucket=settings.bucket,
    )
    made.ensure_bucket()
    return made


@pytest.fixture
def store(settings: ArchiveSettings, proxy: FaultyStore) -> ObjectStore:
    return client(settings, proxy.endpoint)


@pytest.mark.parametrize("fault", ["SlowDown", "InternalError", "ConditionalRequestConflict"])
def test_a_refusal_that_passes_is_asked_again(
    store: ObjectStore, proxy: FaultyStore, fault: Fault
) -> None:
    proxy.rules = [Rule(fault, path=KEY, times=2)]
    assert store.put_once(KEY, b"content") is True
    assert store.get(KEY) == b"content"
    assert proxy.rules[0].times == 0


def test_a_lost_answer_followed_by_412_is_success(store: ObjectStore, proxy: FaultyStore) -> None:
    proxy.rules = [Rule("lost", path=KEY)]
    store.put_once(KEY, b"content")
    assert proxy.seen["PUT"] >= 2, "asked again, and refused, for it was there"
    assert store.get(KEY) == b"content"


def test_a_lost_answer_of_a_file_is_success(
    store: ObjectStore, proxy: FaultyStore, tmp_path: Path
) -> None:
    path = tmp_path / "big"
    path.write_bytes(bytes(range(256)) * 12_000)
    proxy.rules = [Rule("lost", path=KEY), Rule("SlowDown", path=KEY)]
    store.upload_once(KEY, path)
    assert store.stat(KEY).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_lost_answer_does_not_hide_that_others_were_first(
    store: ObjectStore, proxy: FaultyStore
) -> None:
    store.put_once(KEY, b"theirs")
    proxy.rules = [Rule("lost", path=KEY)]
    with pytest.raises(KeyConflict):
        store.put_once(KEY, b"ours")
    assert store.get(KEY) == b"theirs"


def test_a_store_that_stays_away_is_given_up_in_the_end(
    store: ObjectStore, proxy: FaultyStore
) -> None:
    proxy.rules = [Rule("SlowDown", path=KEY, times=1000)]
    with pytest.raises(StoreUnavailable):
        store.put_once(KEY, b"content")
    assert 1000 - proxy.rules[0].times == ATTEMPTS, "a bounded number of times"


def test_a_conflict_over_a_pointer_is_a_store_to_be_asked_again_later(
    store: ObjectStore, proxy: FaultyStore
) -> None:
    proxy.rules = [Rule("ConditionalRequestConflict", path=KEY)]
    with pytest.raises(StoreUnavailable, match="By plan"):
        store.put(KEY, b"content")
    store.put(KEY, b"content")


def test_an_object_that_is_cut_in_mid_answer_is_never_taken_for_whole(
    store: ObjectStore, proxy: FaultyStore, tmp_path: Path
) -> None:
    store.put_once(KEY, b"x" * 100_000)
    for ask in (lambda: store.get(KEY), lambda: store.download(KEY, tmp_path / "file")):
        proxy.rules = [Rule("cut", method="GET", path=KEY, times=1000)]
        with pytest.raises(StoreUnavailable):
            ask()
    assert list(tmp_path.glob("file*")) == []
    proxy.rules = []
    assert len(store.get(KEY)) == 100_000


def test_a_slow_store_is_waited_for(store: ObjectStore, proxy: FaultyStore) -> None:
    proxy.rules = [Rule("slow", path=KEY), Rule("slow", method="GET", path=KEY)]
    assert store.put_once(KEY, b"content") is True
    assert store.get(KEY) == b"content"


def test_writers_that_race_on_a_bad_day_leave_one_object_for_each_key(
    settings: ArchiveSettings, proxy: FaultyStore
) -> None:
    store = client(settings, proxy.endpoint)
    chance = random.Random(20)  # noqa: S311 - the same each time
    faults: list[Fault] = ["SlowDown", "InternalError", "ConditionalRequestConflict", "lost"]
    # No key meets more of them than a request has tries.
    proxy.rules = [
        Rule(fault, path=f"race/{number:04d}")
        for fault in faults
        for number in chance.sample(range(KEYS), KEYS // 4)
    ]
    jobs = [(f"p/race/{number:04d}", writer) for number in range(KEYS) for writer in range(WRITERS)]
    chance.shuffle(jobs)

    def write(job: tuple[str, int]) -> tuple[str, bool]:
        key, writer = job
        while True:
            try:
                return key, store.put_once(key, f"{key} by {writer % 2}".encode())
            except KeyConflict:
                return key, False
            except StoreUnavailable:
                # The client stops trying when too much fails at once; a task is tried again.
                continue

    with ThreadPoolExecutor(WRITERS) as pool:
        created = Counter(key for key, is_new in pool.map(write, jobs) if is_new)
    keys = {key for key, _ in jobs}
    assert set(store.list_keys("p/race/")) == keys
    # A winner whose answer was lost finds its own bytes, and is told that they were there.
    assert max(created.values()) == 1
    for key in keys:
        assert store.get(key) in {f"{key} by {side}".encode() for side in (0, 1)}
