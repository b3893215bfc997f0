"""Finding what the bucket holds of an article that is to be taken down, and cutting it out of the rest."""

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin

import publishers
from archive import blanking, sketch_columns
from archive.connect import Archive, open_replica
from archive.errors import BrokenRecord
from archive.holdings import FolderCopy, noticing_damage, read_entry
from archive.keys import cdxj_key, run_of_key, sketches_key
from archive.members import Member
from archive.object_store import ObjectStore
from archive.records import ObjectEntry, Rewritten, Takedown
from pipelines.page_task import publisher_at
from pipelines.steps.objects import scratch
from pipelines.takedown import (
    is_of,
    names_any,
    shows_old_address,
    without_captures,
    without_content,
    without_index,
    without_sketches,
)
from publishers.page_source import decode_html, parse_html

logger = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Told what is done, how many of it, and of how many."""

_READERS = 8
_INDEX = ".cdxj"
_OWN_ADDRESS = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"


class Finder:
    """Finds the objects of an article, and makes what takes the place of those that hold others too."""

    def __init__(self, archive: Archive, takedown: Takedown, progress: Progress) -> None:
        self._archive = archive
        self._store: ObjectStore = archive.store
        self._takedown = takedown
        self._progress = progress
        self._is_own = is_of(takedown.article_id, takedown.aliases, self._id_of)
        self._words = (takedown.article_id, *takedown.aliases)
        self._old_key = publishers.get(takedown.publisher).old_key
        self.unread: set[str] = set()
        """Objects that may hold it and can't be read."""

    def removed(self) -> list[ObjectEntry]:
        """Return the objects that hold nothing else, and exports that hold it, by key.

        Also those that only the replica has: a repair would bring them back.
        """
        found: dict[str, ObjectStore] = {}
        replica = open_replica(self._archive.settings)
        for store in (self._store, *([replica] if replica else [])):
            for key in (*self._own(store), *self._exports(store)):
                found.setdefault(key, store)
        return [found[key].stat(key) for key in sorted(found)]

    def rewritten(self, tombstone: str) -> list[Rewritten]:
        """Return the objects that hold others too, as they are and as they will be, by key."""
        found = []
        keys = sorted(self._shared())
        for number, key in enumerate(keys, start=1):
            if one := self._rewritten(key, tombstone):
                found.append(one)
            self._progress("finding its place", number, len(keys))
        return found

    def _rewritten(self, key: str, tombstone: str) -> Rewritten | None:
        with scratch(self._archive.settings.home) as folder:
            try:
                path = self.make(key, folder, tombstone)
            except BrokenRecord:
                logger.exception("%s can't be cut out of %s", self._takedown.article_id, key)
                self.unread.add(key)
                return None
            if path is None:
                return None
            after = read_entry(key, FolderCopy(folder).chunks(path.name))
            return Rewritten(before=self._store.stat(key), after=after)

    def holds(self, key: str) -> bool:
        """Tell whether an object has something of the article; not when it is damaged."""
        with scratch(self._archive.settings.home) as folder:
            try:
                return self.make(key, folder, "") is not None
            except BrokenRecord:
                return False

    def make(self, key: str, folder: Path, tombstone: str) -> Path | None:
        """Write into ``folder`` what takes an object's place; None when nothing of the article is in it."""
        path = folder / Path(key).name
        self._download(key, path)
        if key.endswith(".warc.gz"):
            meant = blanking.spans(path, self._is_meant)
            blanking.blank(path, meant, word=tombstone, at=self._takedown.taken_down_at)
            return path if meant else None
        before = path.read_bytes()
        after = self._cut(key, before, folder)
        path.write_bytes(after)
        return path if after != before else None

    def _cut(self, key: str, content: bytes, folder: Path) -> bytes:
        article_id = self._takedown.article_id
        match key.split("/")[1]:
            case "captures":
                return without_captures(content, article_id)
            case "outcomes":
                return without_content(content, article_id)
            case "sketches":
                kept = without_sketches(sketch_columns.decode(content, name=key), article_id)
                return sketch_columns.encode(kept)
            case _:
                warc = folder / Path(key).name.removesuffix(_INDEX)
                self._download(key.removesuffix(_INDEX), warc)
                spans = blanking.spans(warc, self._is_meant)
                return without_index(content, spans, name=key)

    def _download(self, key: str, path: Path) -> None:
        try:
            with noticing_damage(self._store, key):
                self._store.download(key, path)
        except KeyError as error:
            raise BrokenRecord(
                key, "it is not in the bucket, and the article may be in it"
            ) from error

    def _is_meant(self, member: Member) -> bool:
        url = blanking.target_of(member)
        if self._is_own(url):
            return True
        listed_id = self._id_of(url)
        if listed_id and self._old_key and listed_id.startswith(f"{self._old_key}:"):
            return self._calls_itself(member, url)
        is_page = url == "" or listed_id is not None
        return (
            self._takedown.listings
            and not is_page
            and any(blanking.names(member, word) for word in self._words)
        )

    def _calls_itself(self, member: Member, url: str) -> bool:
        """Tell whether a page that was shown at an address without its id says that it is the article."""
        if not blanking.names(member, self._takedown.article_id):
            return False
        tree = parse_html(decode_html(blanking.text_of(member)).text)
        # One that can't be parsed is nobody else's article either.
        return tree is None or any(
            self._is_own(urljoin(url, address)) for address in tree.xpath(_OWN_ADDRESS)
        )

    def _id_of(self, url: str) -> str | None:
        """Return the id in an address, wherever it was served: the settings may name another origin now."""
        if not url.startswith(("http://", "https://")):
            return None
        scheme, _, host, *_ = url.split("/", 3)
        return publisher_at(self._takedown.publisher, f"{scheme}//{host}").listed_id(url)

    def deleted(self, store: ObjectStore) -> Iterator[str]:
        """Yield the objects that held nothing else and were deleted, when the store keeps versions of them."""
        for folder in self._folders(store.list_folders_ever):
            yield from store.list_deleted(folder)

    def _own(self, store: ObjectStore) -> Iterator[str]:
        for folder in self._folders(store.list_folders):
            yield from store.list_keys(folder)

    def _folders(self, list_folders: Callable[[str], Iterable[str]]) -> Iterator[str]:
        top, article_id = self._takedown.publisher, self._takedown.article_id
        yield f"{top}/articles/{article_id}/"
        for kind in ("enrichments", "readings"):
            for maker in list_folders(f"{top}/{kind}/"):
                yield f"{top}/{kind}/{maker}/{article_id}/"

    def _exports(self, store: ObjectStore) -> Iterator[str]:
        # One that holds the article is removed whole: it can be made again.
        top = f"{self._takedown.publisher}/exports/"
        for name in store.list_folders(top):
            keys = list(store.list_keys(f"{top}{name}/"))
            said = [key for key in keys if key.endswith("/export.json")]
            # Without notes it was cut short, and holds nobody knows what.
            if not said or any(names_any(store.get(key), self._words) for key in said):
                yield from keys

    def _shared(self) -> Iterator[str]:
        """Yield the objects that may hold the article beside others."""
        top = self._takedown.publisher
        outcomes = self._naming(self._keys("outcomes"))
        yield from outcomes
        yield from self._naming(self._keys("captures"))
        for run_id in {run_of_key(key) for key in outcomes} - {None}:
            if self._store.exists(key := sketches_key(top, str(run_id))):
                yield key
        keys = set(self._keys("warc"))
        files = {key for key in keys if not key.endswith(_INDEX)}
        bare = {key for key in files if cdxj_key(key) not in keys}
        named = {key.removesuffix(_INDEX) for key in self._naming(keys - files)}
        bare |= {key.removesuffix(_INDEX) for key in self.unread if key.endswith(_INDEX)}
        # Where a file is lost, its index says no more than the books do.
        for warc in files if self._takedown.listings else files & (named | bare):
            yield warc
            yield from {cdxj_key(warc)} & keys

    def _keys(self, kind: str) -> Iterator[str]:
        # Of all days: a page may have come, and not been readable, long before the first capture.
        return self._store.list_keys(f"{self._takedown.publisher}/{kind}/")

    def _naming(self, keys: Iterable[str]) -> list[str]:
        """Return those of these objects that name the article."""
        wanted = sorted(keys)
        found = []
        with ThreadPoolExecutor(_READERS) as pool:
            for number, (key, names) in enumerate(
                zip(wanted, pool.map(self._names, wanted), strict=True), start=1
            ):
                if names:
                    found.append(key)
                self._progress("looking for it", number, len(wanted))
        return found

    def _names(self, key: str) -> bool:
        try:
            with noticing_damage(self._store, key):
                content = self._store.get(key)
        except BrokenRecord:
            logger.exception("it can't be told whether %s names %s", key, self._takedown.article_id)
            self.unread.add(key)
            return False
        is_index = key.endswith(_INDEX)
        return names_any(content, self._words) or (
            is_index and shows_old_address(content, self._old_key)
        )
