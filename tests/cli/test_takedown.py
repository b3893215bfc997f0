"""``newsarchive takedown`` as a user runs it, on a real crawl of the newspaper."""

import os
import subprocess
from collections.abc import Callable
from io import BytesIO

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.connect import Archive
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from tests.cli.archived import Archived
from tests.cli.support import COMMAND, Result
from tests.pipelines.support import PUBLISHER


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """The newspaper, archived by a crawl."""
    made = Archived(archive, newspaper)
    made.run()
    return made


def story_of(archived: Archived) -> Story:
    held = {one.article_id for one in archived.archive.catalogue.newest(PUBLISHER)}
    found = (one for one in archived.newspaper.edition.stories if one.article_id in held)
    return next(one for one in found if one.access == "free")


def naming(store: ObjectStore, article_id: str) -> set[str]:
    """The addresses of all WARC records whose content names the article; blanked ones have none."""
    return {
        url
        for key in store.list_keys(f"{PUBLISHER}/warc/")
        if key.endswith(".gz")
        for record in ArchiveIterator(BytesIO(store.get(key)))
        if (url := record.rec_headers["WARC-Target-URI"])
        and article_id.encode() in record.content_stream().read()
    }


def test_an_article_is_taken_down_and_everybody_is_told(
    archived: Archived, run: Callable[..., Result]
) -> None:
    story = story_of(archived)
    said = ("--reason", "Order 26/117", "--requested-by", "the Registrar")
    dry = run("takedown", story.article_id, *said, "--dry-run", "--json")
    assert dry.code == 0, dry.err
    (planned,) = dry.json
    assert archived.objects(story)

    done = run("takedown", story.article_id, *said)
    assert done.code == 0, done.err
    assert f"{len(planned['removed'])} objects removed" in done.out.replace(
        "1 object ", "1 objects "
    )
    assert archived.objects(story) == []
    shown = run("show", story.article_id)
    assert shown.code == 2
    assert shown.is_one_clear_line("was taken down", "Order 26/117", "the Registrar")
    for command in ("history", "diff", "duplicates"):
        assert run(command, story.article_id).is_one_clear_line("was taken down")
    assert story.article_id not in run("articles").out

    verified = run("verify", "--full")
    assert verified.code == 0, verified.out
    assert "1 article taken down" in verified.out
    again = run("takedown", story.article_id, *said)
    assert (again.code, "taken down before" in again.out) == (0, True)

    # It is listed as before, and never asked for again.
    asked = len(archived.newspaper.log)
    later = run("crawl", "--json")
    assert later.code == 0, later.err
    assert later.json["reasons"]["taken_down"] == 1
    assert story.path not in [one.path for one in archived.newspaper.log[asked:]]
    assert run("rebuild").code == 0
    assert run("verify").code == 0


def test_announcements_are_blanked_when_that_is_asked_for(
    archived: Archived, run: Callable[..., Result]
) -> None:
    story, store = story_of(archived), archived.archive.store
    said = ("--reason", "Order 26/117")
    assert run("takedown", story.article_id, *said).code == 0
    assert naming(store, story.article_id), "sitemaps and feeds name it"
    assert run("takedown", story.article_id, *said, "--listings").code == 0
    pages = {f"{archived.newspaper.origin}{one.path}" for one in archived.newspaper.edition.stories}
    assert naming(store, story.article_id) <= pages, "other stories' pages keep their links to it"
    assert run("verify", "--full").code == 0


def test_what_is_not_held_cannot_be_taken_down(
    archived: Archived, run: Callable[..., Result]
) -> None:
    done = run("takedown", "A" * 26, "--reason", "x")
    assert done.code == 2
    assert done.is_one_clear_line("no article", "newsarchive articles")
    assert run("takedown", story_of(archived).article_id, "--reason", " ").code == 2
    assert run("takedown", story_of(archived).article_id).code == 2


def test_a_person_is_shown_what_would_go_and_asked(
    archived: Archived, env: dict[str, str], run: Callable[..., Result]
) -> None:
    story = story_of(archived)
    keyboard, terminal = os.openpty()
    asked = [COMMAND, "takedown", story.article_id, "--reason", "Order 26/117", "--json"]
    with subprocess.Popen(
        asked, env=env, stdin=terminal, stderr=subprocess.PIPE, text=True
    ) as told:
        os.write(keyboard, b"n\n")
        _, err = told.communicate(timeout=120)
    os.close(keyboard)
    os.close(terminal)
    assert told.returncode == 1
    assert story.headline in " ".join(err.split())
    assert "for good" in err
    assert archived.objects(story), "a no removes nothing"
    blank = run("takedown", story.article_id, "--reason", " ", "--dry-run")
    assert blank.code == 2
    assert "needs a reason" in blank.err
