"""docs/add-a-publisher.md, followed to the letter in a copy: two new files, and no other changed."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = (ROOT / "docs" / "add-a-publisher.md").read_text(encoding="utf-8")
PAGES = Path(__file__).parent / "courier"
BIN = Path(sys.executable).parent
CHECK = "tests/pipelines/pages/test_saved_pages.py"
URL = "https://www.courier.example"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def run(copy: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ARCHIVE_", "AIRFLOW"))}
    return subprocess.run(
        ["bash", "-c", command.replace(".venv/bin/", f"{BIN}/")],
        cwd=copy,
        env=kept | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"} | more,
        capture_output=True,
        text=True,
        check=False,
    )


def follow(copy: Path, block: str) -> None:
    """Run the commands of a block; of those that look for what must not be there, nothing is found."""
    for command in block.splitlines():
        done = run(copy, command)
        assert done.returncode == int(command.startswith("grep ")), (
            f"{command}: {done.stdout}{done.stderr}"
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("copy")
    for package in ("archive", "cli", "crawler", "demo", "pipelines", "publishers"):
        shutil.copytree(ROOT / package, place / package)
    shutil.copy(ROOT / "pyproject.toml", place)
    (place / CHECK).parent.mkdir(parents=True)
    shutil.copy(ROOT / CHECK, place / CHECK)
    return place


def test_the_guide_adds_a_publisher(copy: Path):
    data, reader = blocks("python")
    (line,) = blocks("text")
    folder, look, keep, check = blocks("sh")
    follow(copy, folder)
    for page in PAGES.glob("*.html"):
        shutil.copy(page, copy / "var" / "saved")

    (copy / "publishers" / "courier.py").write_text(data, encoding="utf-8")
    follow(copy, look)
    alone = json.loads((copy / "var" / "saved" / "pilots.json").read_text())
    assert (alone["publisher"], alone["article_id"]) == ("courier", "4711040")
    assert (alone["reader"], alone["access"], alone["body"]) == ("general", "premium", [])

    named = data.replace("    access=ACCESS,\n", f"{line}    access=ACCESS,\n")
    (copy / "publishers" / "courier.py").write_text(named, encoding="utf-8")
    missing = run(copy, ".venv/bin/newsarchive read var/saved/ferry.html")
    assert missing.returncode == 2
    assert "pipelines/pages/courier.py has no READERS: write it" in missing.stderr

    (copy / "pipelines" / "pages" / "courier.py").write_text(reader, encoding="utf-8")
    follow(copy, keep)
    for page in PAGES.glob("*.json"):
        made = json.loads((copy / Path(CHECK).parent / "courier" / "1" / page.name).read_text())
        wanted = json.loads(page.read_text(encoding="utf-8"))
        assert {name: made[name] for name in wanted} == wanted
    follow(copy, check)

    leaked = (PAGES / "pilots.html").read_text().replace("c-paid", "c-text").replace("c-plus", "c")
    (copy / Path(CHECK).parent / "courier" / "1" / "pilots.html").write_text(leaked)
    assert run(copy, check).returncode == 1


def test_a_publisher_is_not_served_under_the_site_of_another(copy: Path):
    (copy / "publishers" / "courier.py").write_text(blocks("python")[0], encoding="utf-8")
    done = run(
        copy, f".venv/bin/newsarchive read {PAGES / 'ferry.html'}", ARCHIVE_PUBLISHER="courier"
    )
    assert done.returncode == 2
    assert (
        f"is the site of nzherald, and ARCHIVE_PUBLISHER is courier: set ARCHIVE_PUBLISHER_ORIGIN={URL}"
        in done.stderr
    )
