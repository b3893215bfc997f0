import json

import pytest
from lxml import html as lxml_html

from publishers.fusion import assignments, global_content


@pytest.mark.parametrize("form", ["bytes", "text", "tree"])
def test_the_object_of_the_page_is_found_in_every_form(form: str):
    text = (
        '<html><body><script>Fusion.globalContent={};Fusion.globalContentConfig={"a":1};</script>'
        '<script id="fusion-metadata">Fusion.globalContent={"_id":"X","elements":'
        '[{"content":"};Fusion.globalContentConfig={} <\\/script>"}]};'
        "Fusion.globalContentConfig={};</script></body></html>"
    )
    forms = {"bytes": text.encode(), "text": text, "tree": lxml_html.fromstring(text)}
    content = global_content(forms[form])
    assert content is not None
    assert content["_id"] == "X"
    assert content["elements"][0]["content"] == "};Fusion.globalContentConfig={} </script>"


@pytest.mark.parametrize("value", ["null", "{}", "[]", "undefined", "{", '"text"', ""])
def test_there_is_none_when_there_is_none(value: str):
    assert global_content(f"<script>Fusion.globalContent={value};</script>") is None


def test_a_comparison_is_no_assignment():
    assert list(assignments('if (Fusion.globalContent == {"a": 1}) Fusion.x === 2')) == []


@pytest.mark.parametrize(
    "written",
    [
        'Fusion.globalContent = {"a":1}',
        'window.Fusion . globalContent\n=\n{"a":1}',
        "Fusion['globalContent']={\"a\":1}",
    ],
)
def test_assignments_are_found_however_they_are_written(written: str):
    assert global_content(written) == {"a": 1}


def test_an_assignment_inside_json_is_text():
    outer = json.dumps({"text": 'Fusion.globalContent={"b":2};'})
    found = list(assignments(f"Fusion.contentCache={outer};Fusion.globalContent={{}}"))
    assert [(a.name, a.state) for a in found] == [
        ("contentCache", "decoded"),
        ("globalContent", "decoded"),
    ]


def test_halves_of_characters_are_replaced_and_whole_ones_are_not():
    content = global_content(
        'Fusion.globalContent={"a":"\\ud83d","b":["\\ud83d\\ude00"],"\\udc00":1}'
    )
    assert content == {"a": "?", "b": ["😀"], "?": 1}
