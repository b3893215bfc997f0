"""The benchmark of the readers: floors hold on the real pages, and only move up."""

import json
from pathlib import Path

import pytest

from benchmarks import extraction_quality
from benchmarks.extraction_quality import FLOORS, main, misses, raised

FLOOR = {"at_least": {"F1": 0.9}, "at_most": {"leak": 0.05}}


def test_what_was_measured_is_held_against_each_floor() -> None:
    assert misses({"F1": 0.9, "leak": 0.05}, FLOOR) == []
    assert len(misses({"F1": 0.8999, "leak": 0.0501}, FLOOR)) == 2
    assert len(misses({}, FLOOR)) == 2


def test_floors_only_move_up() -> None:
    assert raised({"F1": 0.9578, "leak": 0.0101}, FLOOR) == {
        "at_least": {"F1": 0.955},
        "at_most": {"leak": 0.013},
    }
    assert raised({"F1": 0.5, "leak": 0.5}, FLOOR) == FLOOR


def test_without_the_real_pages_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(extraction_quality, "EXTRACTION", tmp_path)
    assert main([]) == 0
    assert "skipped" in capsys.readouterr().out


def test_every_floor_holds_on_real_pages_of_every_fourth_publisher(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(FLOORS.read_text(encoding="utf-8"))["whole"]["at_least"]["F1"] > 0.95
    code = main(["--subset"])
    told = capsys.readouterr().out
    assert code == 0, told
    assert "newsarchive" in told
