"""Replay: the index of all captures on the disk, grown by what is new in the bucket."""

import fcntl
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from attrs import frozen

from archive.disk import writing
from archive.object_store import ObjectStore
from pipelines.replay import is_index, merged, path_lines, portions

logger = logging.getLogger(__name__)

PORTION_BYTES = 32 << 20
"""So much of new indexes is taken in at once: the index is written anew for each portion."""

_ENDING = ".cdxj"
_READERS = 8

Progress = Callable[[int, int], None]
Days = tuple[date | None, date | None]


@frozen(kw_only=True)
class ReplayIndex:
    """What replay looks captures up in, a folder below the home."""

    folder: Path
    """Holds these files, and what else replay leaves."""

    files: frozenset[str]
    """Keys of the WARC files whose captures are in the index."""

    added: int
    """How many of them are new since the last time."""

    broken: tuple[str, ...]
    """Keys of indexes that can't be read; their captures are not shown."""

    @property
    def captures(self) -> Path:
        """The index: sorted CDXJ lines."""
        return self.folder / "index.cdxj"

    @property
    def paths(self) -> Path:
        """Where each WARC file lies in the bucket."""
        return self.folder / "paths.tsv"


def index_for_replay(  # noqa: PLR0913 - one for each choice
    store: ObjectStore,
    publisher: str,
    folder: Path,
    *,
    days: Days = (None, None),
    portion_bytes: int = PORTION_BYTES,
    progress: Progress = lambda _done, _of: None,
) -> ReplayIndex:
    """Take the CDXJ files that are new in the bucket into the index in ``folder``, and return it.

    ``days`` limits that to runs of these dates, both inclusive, in New Zealand; what was taken in before
    stays. An index that leads to files which are no longer in the bucket as they were is made anew.
    Raises :class:`DiskFull`.
    """
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with writing(folder), _alone(folder):
        growing = _Growing(folder)
        sizes = {found.key: found.size for found in store.list_objects(f"{publisher}/warc/")}
        growing.forget_unless(sizes)
        held = len(growing.taken)
        new = {key: size for key, size in sizes.items() if growing.lacks(key, days)}
        broken: list[str] = []
        for portion in portions(new, portion_bytes):
            broken += growing.take_in({key: new[key] for key in portion}, store)
            progress(len(growing.taken), held + len(new))
        files = frozenset(key.removesuffix(_ENDING) for key in growing.taken) & sizes.keys()
        _write(folder / "paths.tsv", path_lines(files, store.bucket))
    return ReplayIndex(
        folder=folder, files=files, added=len(new) - len(broken), broken=tuple(broken)
    )


class _Growing:
    """The index, and the list of what it holds. The list comes second: what it lacks is taken in again."""

    def __init__(self, folder: Path) -> None:
        self._index, self._list = folder / "index.cdxj", folder / "taken.tsv"
        self.taken: dict[str, str] = {}
        if not (self._index.exists() and self._list.exists()):
            self.start_over()
        for line in self._list.read_text(errors="replace").splitlines():
            key, _, self.taken[key] = line.partition("\t")

    def forget_unless(self, sizes: Mapping[str, int]) -> None:
        """Start over when a file that was taken in is gone or another one."""
        if any(str(sizes.get(key)) != size for key, size in self.taken.items()):
            self.start_over()

    def lacks(self, key: str, days: Days) -> bool:
        """Whether this is a CDXJ file of these days that is to be taken in."""
        return key.endswith(_ENDING) and key not in self.taken and _is_within(key, days)

    def start_over(self) -> None:
        self.taken.clear()
        self._list.write_text("")
        self._index.write_bytes(b"")

    def take_in(self, sizes: dict[str, int], store: ObjectStore) -> list[str]:
        """Take in a portion of CDXJ files; returns the keys of those that can't be read."""
        with ThreadPoolExecutor(_READERS) as pool:
            contents = dict(zip(sizes, pool.map(store.get, sizes), strict=True))
        broken = [key for key, content in contents.items() if not is_index(content)]
        good = [key for key in contents if key not in broken]
        fresh = sorted(line for key in good for line in contents[key].splitlines())
        with self._index.open("rb") as held:
            _write(self._index, merged((line.rstrip(b"\n") for line in held), fresh))
        self.taken |= {key: str(sizes[key]) for key in good}
        with self._list.open("a") as file:
            file.writelines(f"{key}\t{sizes[key]}\n" for key in good)
        return broken


def _is_within(key: str, days: Days) -> bool:
    try:
        day = date.fromisoformat(key.split("/")[2])
    except ValueError:  # It is none of ours.
        return False
    first, last = days
    # New Zealand is ahead of UTC: its date begins on the UTC day before.
    return (first is None or day >= first - timedelta(days=1)) and (last is None or day <= last)


def _write(path: Path, lines: Iterable[bytes]) -> None:
    """Write a file beside, then give it its name."""
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a second replay from writing the index at the same time."""
    with (folder / "index.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
