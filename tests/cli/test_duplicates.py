"""Articles that share text, over real crawls: as links, from whichever side, and again from the bucket."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from archive.catalogue import Catalogue
from archive.connect import Archive
from archive.errors import ConfigurationError
from archive.keys import article_key, sketches_key
from archive.records import DuplicateLink
from archive.sketch_columns import decode
from demo.newspaper import Newspaper
from demo.newspaper import changes as change
from demo.newspaper.story import Block, Story
from pipelines import steps
from tests.cli.archived import Archived
from tests.cli.support import Result
from tests.cli.test_removals import look_again
from tests.pipelines.support import PUBLISHER


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """An archive of a small newspaper."""
    return Archived(archive, newspaper)


@pytest.fixture
def wire(archived: Archived) -> tuple[Story, Story, Story]:
    """A wire story, the same sent again later, and a roundup that holds it; archived in two runs."""
    newspaper = archived.newspaper
    story = newspaper.publish("ap_wire")
    archived.run()
    longer = (*story.body, *newspaper.publish("staff").body)
    copy = newspaper.publish("ap_wire", headline="Sent again under another name", body=story.body)
    roundup = newspaper.publish("ap_wire", headline="What is known so far", body=longer)
    archived.run()
    return story, copy, roundup


def between(links: list[DuplicateLink], one: Story, other: Story) -> DuplicateLink:
    ids = {one.article_id, other.article_id}
    (found,) = [link for link in links if {link.article_id, link.other_id} == ids]
    return found


def test_wire_copy_is_linked_from_both_sides(
    archived: Archived, wire: tuple[Story, Story, Story], run: Callable[..., Result]
) -> None:
    story, copy, roundup = wire
    links = steps.duplicates(archived.archive, story.article_id)
    exact, held = between(links, story, copy), between(links, story, roundup)
    assert (exact.relation, exact.method, exact.agency) == ("wire_copy", "exact", "AP")
    assert (exact.score, exact.version) == (1.0, "fracminhash@1")
    assert (held.relation, held.method) == ("wire_copy", "near")
    assert held.score > 0.9 > held.jaccard
    assert exact in steps.duplicates(archived.archive, copy.article_id)
    said = run("duplicates", story.article_id)
    assert said.code == 0, said.err
    assert "same wire copy as (AP)" in " ".join(said.out.split())
    assert copy.article_id in said.out
    told = run("duplicates", story.article_id, "--json").json
    assert [one["score"] for one in told] == [one.score for one in links]


def test_links_are_the_same_after_a_lost_catalogue_and_pass_over_lost_texts(
    archived: Archived, wire: tuple[Story, Story, Story], tmp_path: Path
) -> None:
    (story, copy, roundup), archive = wire, archived.archive
    links = steps.duplicates(archive, story.article_id)
    with Catalogue(f"sqlite:///{tmp_path / 'lost.db'}") as catalogue:
        again = evolve(archive, catalogue=catalogue)
        steps.catch_up(again)
        assert steps.duplicates(again, story.article_id) == links
    archive.store.delete(article_key(PUBLISHER, copy.article_id, archived.article(copy).revision))
    left = steps.duplicates(archive, story.article_id)
    assert left == [one for one in links if one != between(links, story, copy)]
    assert between(left, story, roundup)


def test_what_is_unchanged_has_no_new_sketch(archived: Archived) -> None:
    story = archived.newspaper.publish("staff")
    archived.run()
    look_again(archived, change.side_content())
    runs = archived.archive.catalogue.runs(PUBLISHER)
    keys = [sketches_key(PUBLISHER, one.run_id) for one in runs]
    assert [archived.archive.store.exists(key) for key in keys] == [False, True]
    rows = decode(archived.archive.store.get(keys[1]), name=keys[1])
    assert [row.article_id for row in rows].count(story.article_id) == 1


def test_what_is_not_held_and_what_has_no_text_is_said(
    archived: Archived, run: Callable[..., Result]
) -> None:
    text = " ".join(f"word{number}" for number in range(300))
    story = archived.newspaper.publish("staff", body=(Block("paragraph", text),))
    archived.run()
    with pytest.raises(ConfigurationError, match="newsarchive articles"):
        steps.duplicates(archived.archive, "Z" * 26)
    assert run("duplicates", "Z" * 26).code == 2
    alone = run("duplicates", story.article_id)
    assert (alone.code, alone.out) == (0, "")
    assert "No article that is held shares text" in alone.err
