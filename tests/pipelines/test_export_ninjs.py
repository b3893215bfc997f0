"""ninjs 3: what an item has to have, by the names and types of the standard."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve

from archive.records import Image, WarcPointer
from pipelines.export import ninjs
from tests.pipelines.test_export_sheet import HOSTILE, NOON, article

URI = re.compile(r"[a-z][a-z0-9+.-]*:[A-Za-z0-9:/?#\[\]@!$&'()*+,;=%._~-]+")
ROLE_VALUE = {"role": str, "contentType": str, "value": str}
# Members of a ninjs 3.0 item that we use: a type, "uri", "time", a set of words, or the members of a list.
ITEM: dict[str, Any] = {
    "standard": {"name": str, "version": str, "schema": "uri"},
    "uri": "uri",
    "type": {"text", "audio", "video", "picture", "graphic", "composite"},
    "representationType": {"full", "partial"},
    "version": str,
    "pubStatus": {"usable", "withheld", "canceled"},
    "language": str,
    "firstCreated": "time",
    "versionCreated": "time",
    "contentCreated": "time",
    "by": str,
    "headlines": [ROLE_VALUE],
    "descriptions": [ROLE_VALUE],
    "bodies": [{**ROLE_VALUE, "charCount": int, "wordCount": int}],
    "people": [{"name": str, "rel": str}],
    "infoSources": [{"name": str, "role": str}],
    "subjects": [{"name": str, "rel": str}],
    "altIds": [{"role": str, "value": str}],
    "renditions": [{"name": str, "href": "uri"}],
}
ITEM["associations"] = [{**ITEM, "name": str, "rel": str}]
REQUIRED = {
    "item": {"uri"},
    "renditions": {"name"},
    "associations": {"name", "uri"},
    **{name: {"value"} for name in ("headlines", "descriptions", "bodies")},
}

FULL = article(
    headline="Ferry sinks",
    alternative_headline="Ferry: sinks",
    description="All saved.",
    authors=("Ana Tama", "Bo Li"),
    agency="AP",
    corrections=("A correction.",),
    section="world",
    sections=("world", "world/asia"),
    keywords=("Ferries",),
    date_published=NOON,
    date_modified=NOON + timedelta(hours=1),
    in_language="en-NZ",
    text="One two.\n\nThree.",
    word_count=3,
    canonical_url="https://n.example/world/ferry/",
    images=(
        Image(id="P", url="/resizer/a b.jpg?width=1", caption="The ferry", credit="AP"),
        Image(caption="No picture"),
    ),
    warc=WarcPointer(
        file="f", offset=1, record_id="urn:uuid:1", payload_digest="sha256:0", content_digest="s"
    ),
)


def check(value: Any, form: Any, where: str = "item") -> None:
    """Fail where a value is not what the standard has in its place."""
    if form == "uri":
        assert URI.fullmatch(value), where
    elif form == "time":
        assert datetime.fromisoformat(value).tzinfo, where
    elif isinstance(form, set):
        assert value in form, where
    elif isinstance(form, list):
        assert value, f"{where} is empty"
        for one in value:
            check(one, form[0], where)
    elif isinstance(form, dict):
        assert set(value) <= set(form), where
        assert REQUIRED.get(where, set()) <= set(value), where
        for name, member in value.items():
            check(member, form[name], name)
    else:
        assert isinstance(value, form), where


def written(*articles: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(ninjs.encode(articles)).splitlines()]


@pytest.mark.parametrize("text", ["Plain", *HOSTILE])
def test_every_member_is_one_of_the_standard(text: str) -> None:
    hostile = evolve(
        FULL, headline=text, authors=(text,), url=f"https://n.example/{text}", canonical_url=None
    )
    (item,) = written(hostile)
    check(item, ITEM)
    assert item["headlines"][0]["value"] == text
    check(written(article())[0], ITEM)


def test_an_item_says_what_the_record_says() -> None:
    (item,) = written(FULL)
    said = {
        "uri": "https://n.example/world/ferry/",
        "type": "text",
        "version": "f" * 64,
        "representationType": "full",
        "pubStatus": "usable",
        "language": "en-NZ",
        "by": "Ana Tama, Bo Li",
        "firstCreated": "2026-03-01T12:00:00Z",
        "contentCreated": "2026-03-01T12:00:00Z",
        "versionCreated": "2026-03-01T13:00:00Z",
    }
    assert said.items() <= item.items()
    assert {one["role"]: one["value"] for one in item["headlines"] + item["descriptions"]} == {
        "main": "Ferry sinks",
        "alternative": "Ferry: sinks",
        "summary": "All saved.",
        "correction": "A correction.",
    }
    assert item["bodies"] == [
        {
            "role": "main",
            "contentType": "text/plain",
            "value": FULL.text,
            "wordCount": 3,
            "charCount": len(FULL.text),
        }
    ]
    assert [one["name"] for one in item["people"]] == ["Ana Tama", "Bo Li"]
    assert item["infoSources"] == [{"name": "AP", "role": "agency"}]
    assert [(one["rel"], one["name"]) for one in item["subjects"]] == [
        ("section", "world"),
        ("section", "world/asia"),
        ("keyword", "Ferries"),
    ]
    (picture,) = item["associations"]
    assert (picture["type"], picture["by"]) == ("picture", "AP")
    assert picture["uri"] == "https://n.example/resizer/a%20b.jpg?width=1"
    assert {"role": "article_id", "value": "A" * 26} in item["altIds"]


def test_what_was_taken_off_is_cancelled_and_what_is_for_subscribers_is_partial() -> None:
    gone, premium = evolve(FULL, removed_at=datetime.now(UTC)), evolve(FULL, access="premium")
    items = written(gone, premium)
    assert [one["pubStatus"] for one in items] == ["canceled", "usable"]
    assert [one["representationType"] for one in items] == ["full", "partial"]
