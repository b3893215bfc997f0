"""Everything a user meets stands in docs/, and the generated pages are current."""

import re
from pathlib import Path

import pytest

from docs.generate import PAGES, stale_pages

ROOT = Path(__file__).resolve().parents[1]


def test_generated_pages_are_current():
    assert stale_pages() == []


def test_every_field_of_every_record_is_explained():
    for line in PAGES["records.md"]().splitlines():
        if line.startswith("| `"):
            assert line.rstrip("| ").count("|") >= 3, f"no docstring: {line}"


def test_every_setting_is_explained():
    for line in PAGES["settings.md"]().splitlines():
        if line.startswith("| `ARCHIVE_"):
            assert len(line.split("|")[3].strip()) > 10, f"no docstring: {line}"


def test_every_command_has_help_for_each_option():
    for line in PAGES["commands.md"]().splitlines():
        if line.startswith("| `-"):
            assert line.split("|")[2].strip(), f"no help: {line}"


@pytest.mark.parametrize(
    "page", ["README.md", *[f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md")]]
)
def test_links_lead_somewhere(page: str):
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text()):
        if "://" not in target:
            assert ((ROOT / page).parent / target).exists(), f"{page} links to {target}"


def test_no_registry_host_is_named():
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org"]
    for path in (
        ROOT / name
        for name in [
            "constraints.txt",
            "constraints-pywb.txt",
            "Makefile",
            "pyproject.toml",
            ".ci/run",
        ]
    ):
        assert not any(host in path.read_text() for host in hosts), path
