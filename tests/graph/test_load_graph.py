"""Loading: the main patch, all mistakes in one run and each once, the examples, and no heavy imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.source.text import Source

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.patch"))
FIVE = ROOT / "tests" / "errors" / "five_mistakes.patch"


def example(name: str) -> Source:
    path = ROOT / "examples" / f"{name}.patch"
    return Source(str(path), path.read_text(encoding="utf-8"))


def test_five_mistakes_of_five_kinds_give_five_messages() -> None:
    found = check_source(Source("five_mistakes.patch", FIVE.read_text(encoding="utf-8")))
    places = [(d.code[:2], d.span.line, d.span.text) for d in found if d.span]
    assert places == [
        ("P1", 9, "="),
        ("P2", 18, "ptch"),
        ("P4", 19, "95 % .. 5 %"),
        ("P3", 23, "vca"),
        ("P4", 29, "-6 Hz"),
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_right(path: Path) -> None:
    source = Source(str(path), path.read_text(encoding="utf-8"))
    assert [d.message for d in check_source(source)] == []
    graph, diagnostics = load_graph(source)
    assert graph is not None
    assert diagnostics == []


def test_layers_of_the_subtractive_voice_are_as_written() -> None:
    graph, _ = load_graph(example("subtractive"))
    assert graph is not None
    assert [(layer.name, [cell.name for cell in layer.cells]) for layer in graph.layers] == [
        ("control", ["lfo1", "env_f", "env_a"]),
        ("sources", ["osc1", "osc2"]),
        ("blend", ["mixer"]),
        ("filter", ["vcf"]),
        ("amp", ["vca"]),
    ]


def test_the_bell_has_the_operators_in_their_order() -> None:
    graph, _ = load_graph(example("fm_bell"), patch="fm_bell")
    assert graph is not None
    layer = {cell.name: place for place, column in enumerate(graph.layers) for cell in column.cells}
    assert layer["op4.osc"] == layer["op2.osc"] < layer["op3.osc"] == layer["op1.osc"] < layer["stacks"]
    assert [cable.source for cable in graph.layers[layer["stacks"]].cells[0].ports[0].cables] == ["op1.osc", "op3.osc"]
    assert [tap.cells for tap in graph.taps] == [("op1.osc", "op3.osc"), ("main",)]


def test_the_chime_is_three_bells_by_value() -> None:
    graph, _ = load_graph(example("fm_bell"))
    assert graph is not None
    names = [cell.name for cell in graph.cells]
    assert len(names) == 33
    assert {name.partition(".")[0] for name in names} == {"bell[1]", "bell[2]", "bell[3]"}
    ratio = next(param for param in graph.params if param.name == "bell[3].op4.ratio")
    assert ratio.value.default is not None
    assert ratio.value.default.span is not None
    assert ratio.value.default.span.text == "3.53"


def test_every_part_says_where_it_was_written() -> None:
    graph, _ = load_graph(example("subtractive"))
    assert graph is not None
    cell = next(cell for cell in graph.cells if cell.name == "vcf")
    port = cell.port("cutoff")
    assert port is not None
    assert port.span is not None
    assert cell.span is not None
    assert (cell.span.text, port.span.text, [c.span.text for c in port.cables if c.span]) == (
        "vcf",
        "cutoff",
        ["env_f", "lfo1"],
    )


def test_the_main_patch_is_the_last_or_the_one_asked_for() -> None:
    text = "patchc 1\npatch alto { cell o : saw; output m <- o }\npatch bass { cell o : noise; output m <- o }\n"
    picked = [load_graph(Source("x.patch", text), patch=name)[0] for name in (None, "alto")]
    assert [graph.name for graph in picked if graph] == ["bass", "alto"]
    graph, diagnostics = load_graph(Source("x.patch", text), patch="alt")
    assert graph is None
    assert [(d.code, d.help_text) for d in diagnostics] == [("P218", "did you mean `alto`?")]


def test_an_empty_file_gets_one_message() -> None:
    for text in ("", "patchc 1\n", "\n\n# only a comment\n"):
        assert len(check_source(Source("x.patch", text))) == 1
        assert load_graph(Source("x.patch", text))[0] is None


def test_check_looks_at_patches_that_nobody_uses() -> None:
    text = "patchc 1\npatch a(n : int) { cell o : saww; output m <- o }\npatch b { cell o : noise; output m <- o }\n"
    assert [d.code for d in check_source(Source("x.patch", text))] == ["P202"]
    assert load_graph(Source("x.patch", text))[1] == []


def test_sizes_of_the_main_patch_need_defaults() -> None:
    text = "patchc 1\npatch a(n : int) { cell o : saw; output m <- o }\n"
    assert [d.code for d in load_graph(Source("x.patch", text))[1]] == ["P221"]


@pytest.mark.parametrize(
    "broken",
    [
        "input : control = 110 Hz",
        "input pitch control = 110 Hz",
        "cell osc : { freq = pitch }",
        "cell osc saw { freq = pitch }",
        "cell vcf : svf { in osc }",
        "output main < vcf",
        "for k in [1, { cell x[k] : saw }",
    ],
)
def test_what_follows_from_a_broken_statement_is_not_said(broken: str) -> None:
    whole = {
        "input pitch": "input pitch : control = 110 Hz",
        "cell osc": "cell osc : saw { freq = pitch }",
        "cell vcf": "cell vcf : svf { in <- osc }",
        "output": "output main <- vcf",
    }
    key = next((key for key in whole if broken.startswith(key)), "input pitch" if broken.startswith("input") else "")
    if key:
        whole[key] = broken
    else:
        whole = {"for": broken, **whole}
    text = "\n".join(["patchc 1", "patch x {", *whole.values(), "}"])
    assert [d.code[:2] for d in check_source(Source("x.patch", text))] == ["P1"]


def test_the_front_end_loads_neither_torch_nor_numpy() -> None:
    program = f"""
import sys
from patchc.graph.load import check_source
from patchc.source.text import Source
path = {str(ROOT / "examples" / "harmonic_noise.patch")!r}
assert check_source(Source(path, open(path).read())) == []
assert not {{"torch", "numpy", "lark"}} & set(sys.modules) - {{"lark"}}, sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_the_collector_works_again_afterwards() -> None:
    import gc

    assert gc.isenabled()
    load_graph(example("acid"))
    assert gc.isenabled()
