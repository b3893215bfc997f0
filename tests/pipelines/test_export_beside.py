"""Exports beside other work: a crawl, a second export, a kill, a newer program."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.connect import Archive
from archive.errors import RunUnderWay
from archive.records import ObjectEntry
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.steps import choosing
from pipelines.steps.export_folder import NOTES, ExportFolder
from tests.pipelines.exporting import export, files, notes
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run
from tests.pipelines.test_export import held, spread
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import ids, order

__all__ = ["archive", "held", "run"]


def test_an_article_that_moves_to_an_earlier_day_meanwhile_is_in_it_once(
    held: Archive, newspaper: Newspaper, run: Callable[[int], Run], tmp_path: Path
) -> None:
    first, *_, last = sorted(
        held.catalogue.newest(PUBLISHER), key=lambda one: one.date_published or STARTED_AT
    )
    stated = [str(one.date_published)[:10].encode() for one in (last, first)]
    story = next(one for one in spread(newspaper) if one.article_id == last.article_id)
    moved = newspaper.page(story).replace(*stated)
    days = [str(day) for day in held.catalogue.days(PUBLISHER)]
    late = run(48)
    late.add(story, moved)
    waiting = [late]

    def meanwhile(what: str, *_: object) -> None:
        if what == "days" and waiting:
            waiting.pop().finish()

    done = export(held, tmp_path / "out", "jsonl", progress=meanwhile)
    by_day = {file.name[:10]: file.articles for file in notes(tmp_path / "out").files}
    (day,) = (day for day, articles in by_day.items() if story.article_id in articles)
    assert day < days[-1]
    assert (done.articles, done.records, done.failed) == (9, 9, ())
    assert set(files(tmp_path / "out")) == {f"{day}.jsonl" for day in by_day}


def test_a_second_export_into_the_same_folder_is_refused_while_one_is_at_work(
    held: Archive, tmp_path: Path
) -> None:
    refused = []

    def meanwhile(what: str, *_: object) -> None:
        if what == "days" and not refused:
            with pytest.raises(RunUnderWay, match="an export into"):
                export(held, tmp_path / "out", "jsonl")
            refused.append(True)

    export(held, tmp_path / "out", "jsonl", progress=meanwhile)
    assert refused
    assert export(held, tmp_path / "out", "jsonl").written == 0


def test_a_file_that_is_no_longer_of_it_goes_after_a_kill_too(
    held: Archive, newspaper: Newspaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export(held, out, "jsonl")
    only, story = next(
        (one.name, story)
        for one in notes(out).files
        for story in spread(newspaper)
        if one.articles == (story.article_id,)
    )
    steps.take_down(held, order(story), now=STARTED_AT + timedelta(hours=72), new_run_id=ids())
    write = ExportFolder.write

    def killed(place: ExportFolder, name: str, chunks: Iterable[bytes]) -> ObjectEntry:
        entry = write(place, name, chunks)
        if name == NOTES:
            raise KeyboardInterrupt
        return entry

    with monkeypatch.context() as patched:
        patched.setattr(ExportFolder, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            export(held, out, "jsonl")
    export(held, out, "jsonl")
    assert only not in files(out)


def test_a_newer_program_makes_every_file_again(
    held: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = export(held, tmp_path / "out", "parquet")
    monkeypatch.setattr(choosing, "own_version", lambda: "99.0")
    assert export(held, tmp_path / "out", "parquet").written == done.files > 1
    assert export(held, tmp_path / "out", "parquet").written == 0
