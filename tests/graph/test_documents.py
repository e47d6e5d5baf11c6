"""YAML and JSON that are not a graph: each is a diagnostic with its place, bounded, and nothing in them is run."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchc.graph.load import load_graph
from patchc.graph.write import from_json, from_yaml, to_json, to_text, to_yaml
from patchc.source.diagnostic import Diagnostic, has_errors
from patchc.source.text import Source
from patchc.testing.calls import at_most_calls

GOOD = """
edition: 1
name: p
layers:
- name: layer_1
  cells:
  - name: osc
    type: saw
    ports:
    - name: freq
      value:
        default: {kind: const, value: 440, dimension: frequency, unit: Hz}
        dimension: frequency
outputs:
- name: main
  cables:
  - {verb: <-, source: osc}
"""


def one(text: str) -> Diagnostic:
    graph, diagnostics = from_yaml(Source("p.yaml", text))
    assert graph is None
    (only,) = diagnostics
    return only


def test_a_document_by_hand_is_read() -> None:
    graph, diagnostics = from_yaml(GOOD)
    assert diagnostics == []
    assert graph is not None
    assert [cell.name for cell in graph.cells] == ["osc"]


def test_what_a_document_leaves_open_is_filled_in_as_in_text() -> None:
    """The graph that comes out is the one its patch text would give: layers are inferred, ranges are the cell's own."""
    graph, diagnostics = from_yaml(GOOD.replace("dimension: frequency\noutputs", "role: learn\noutputs"))
    assert not has_errors(diagnostics)
    assert graph is not None
    assert graph.cells[0].ports[0].value.domain is not None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("name: [p", 1, "did not find"),
        ("", 1, "empty"),
        ("name: &a p\nx: *a", 1, "anchor"),
        ("name: !!python/object:os.system p", 1, "tag"),
        ("name: p\nname: q", 2, "comes twice"),
        ("name: p\n--- \nname: q", 2, "second document"),
        ("name: \x00", 1, "control character"),
        ("? [a, b]\n: c", 1, "a key must be a word"),
    ],
)
def test_what_is_no_document(text: str, line: int, problem: str) -> None:
    """P021."""
    found = one(text)
    assert found.code == "P021"
    assert problem in found.message
    assert found.span is not None
    assert found.span.line == line


@pytest.mark.parametrize(
    ("change", "line", "path"),
    [
        (("name: p\n", ""), 2, "`name` is missing"),
        (("type: saw", "typ: saw"), 7, "`layers[0].cells[0].type` is missing"),
        (("kind: const", "kind: konst"), 12, "`layers[0].cells[0].ports[0].value.default`"),
        (("verb: <-", "verb: <<"), 17, "`outputs[0].cables[0].verb`"),
        (("value: 440", "value: loud"), 12, "`layers[0].cells[0].ports[0].value.default.value`"),
    ],
)
def test_a_wrong_shape_is_named_by_its_path(change: tuple[str, str], line: int, path: str) -> None:
    """P022."""
    graph, diagnostics = from_yaml(Source("p.yaml", GOOD.replace(*change)))
    assert graph is None
    assert {d.code for d in diagnostics} == {"P022"}
    assert diagnostics[0].message.startswith(path)
    assert diagnostics[0].span is not None
    assert diagnostics[0].span.line == line


@pytest.mark.parametrize(
    "text", ["[" * 1_000_000, "- " * 1_000_000, "a: [" * 1_000_000, "x" * 5_000_000, "-\n" * 1_500_000]
)
def test_a_document_that_is_too_large_is_refused_before_it_is_built(text: str) -> None:
    """P023."""
    with at_most_calls(5_000_000):
        assert one(text).code == "P023"


@pytest.mark.parametrize(
    "change",
    [
        ("name: p", "name: my patch"),
        ("name: p", "name: 'p {}'"),
        ("name: osc", 'name: "osc : sine { }\\n  cell x"'),
        ("value: 440", "value: 1e999"),
        ("edition: 1", "meta: {author: 'say \"hi\"'}"),
        ("edition: 1", "meta: {author: {first: a}}"),
        ("edition: 1", "meta: {author: true}"),
        ("type: saw", "type: saw; evil"),
    ],
)
def test_what_no_text_can_say_is_refused(change: tuple[str, str]) -> None:
    """P024. Nothing but a name gets into the text where a name stands."""
    assert one(GOOD.replace(*change)).code == "P024"


def test_a_unit_of_another_dimension() -> None:
    """P025."""
    found = one(GOOD.replace("unit: Hz", "unit: ms"))
    assert (found.code, found.message) == ("P025", "`ms` is not a unit of frequency")
    assert found.span is not None
    assert found.span.text == "ms"


def test_meaning_is_checked_as_in_text() -> None:
    assert one(GOOD.replace("type: saw", "type: saww")).code == "P202"
    assert one(GOOD.replace("source: osc", "source: oscc")).code == "P201"
    assert one(GOOD.replace("dimension: frequency, unit: Hz", "dimension: time, unit: s")).code == "P401"


def test_plain_words_of_yaml_stay_words() -> None:
    """`off` is a bool in YAML 1.1, and a member of a choice in many patches."""
    text = (
        "patchc 1\npatch p {\n  param w = learn off in [on, off]\n  cell o : saw\n  output main <- o when w is on\n}\n"
    )
    graph, _ = load_graph(Source("p.patch", text))
    assert graph is not None
    yaml = to_yaml(graph).replace("'off'", "off").replace("'on'", "on")
    assert "[on, off]" in yaml
    assert from_yaml(yaml)[0] == graph


@pytest.mark.parametrize(
    "text", ["{", '{"name": NaN}', '{"name": "p"', "[1,]", '{"a": 1, "a": 2}', "nul", "{}{}", "1e", "\ufeff{}"]
)
def test_what_is_no_json(text: str) -> None:
    graph, diagnostics = from_json(text)
    assert graph is None
    assert {d.code for d in diagnostics} == {"P021"}


def test_places_in_json() -> None:
    graph, _ = from_yaml(GOOD)
    assert graph is not None
    text = to_json(graph).replace('"saw"', "7")
    _, (wrong,) = from_json(Source("p.json", text))
    assert wrong.code == "P022"
    assert wrong.span is not None
    assert wrong.span.text == "7"


def test_yaml_says_no_defaults_and_is_short() -> None:
    graph, _ = from_yaml(GOOD)
    assert graph is not None
    assert to_yaml(graph).strip() == GOOD.strip().replace("edition: 1\n", "edition: 1\n").replace(
        "  - {verb: <-, source: osc}", "  - {verb: <-, source: osc}"
    )
    assert "null" not in to_json(graph)
    assert json.loads(to_json(graph))["edition"] == 1


def test_a_name_that_no_text_can_say_is_refused_by_the_writer() -> None:
    graph, _ = from_yaml(GOOD)
    assert graph is not None
    with pytest.raises(ValueError, match="is not a name"):
        to_text(graph.model_copy(update={"name": "my patch"}))


@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_reading_never_raises(text: str) -> None:
    for read in (from_json, from_yaml):
        graph, diagnostics = read(text)
        assert graph is None
        assert diagnostics


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_reading_bytes_as_text_never_raises(data: bytes) -> None:
    assert from_yaml(data.decode("latin-1"))[0] is None
