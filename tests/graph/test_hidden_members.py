"""A port that is a choice takes its members, whatever cells are called; one name declared twice is said once."""

from __future__ import annotations

import itertools

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.source.text import Source

MEMBERS = [
    ("svf", "mode", "notch"),
    ("svf", "mode", "lowpass"),
    ("lfo", "shape", "sine"),
    ("onepole", "mode", "highpass"),
    ("shaper", "shape", "fold"),
]
LINES = (
    "input x : control = 1 Hz",
    "input x : gate",
    "input x : audio",
    "param x = 3",
    "param x = saw in [saw, sine]",
    "cell x : sine",
    "cell x : inner",
    "output x <- osc",
)


def codes(text: str) -> list[str]:
    return [one.code for one in check_source(Source("a.patch", text)) if one.code not in ("P207", "P236")]


@pytest.mark.parametrize("role", ["", "learn "])
@pytest.mark.parametrize("hides", ["cell {} : sine", "input {} : audio", "input {} : gate", "param {} = 3"])
@pytest.mark.parametrize(("cell", "port", "member"), MEMBERS)
def test_members_come_first(cell: str, port: str, member: str, hides: str, role: str) -> None:
    plug = "" if cell == "lfo" else "in <- osc; "
    line = f"{hides.format(member)}\n  cell osc : saw\n  cell t : {cell} {{ {plug}{port} = {role}{member} }}"
    use = "cell v : gain { in <- osc; level *= t }" if cell == "lfo" else "cell v : gain { in <- t }"
    graph, found = load_graph(Source("a.patch", f"patchc 1\n\npatch p {{\n  {line}\n  {use}\n  output main <- v\n}}\n"))
    assert [one.code for one in found if one.code not in ("P207", "P236")] == []
    assert graph is not None
    value = next(c for c in graph.cells if c.name == "t").port(port).value  # type: ignore[union-attr]
    assert value is not None
    assert getattr(value.default, "name", "") == member


@pytest.mark.parametrize(("one", "other"), list(itertools.product(LINES, LINES)))
def test_one_name_twice_is_one_message(one: str, other: str) -> None:
    inner = "patch inner {\n  cell o : saw\n  output main <- o\n}"
    text = f"patchc 1\n\n{inner}\n\npatch p {{\n  cell osc : saw\n  {one}\n  {other}\n  output last <- osc\n}}\n"
    assert codes(text) == ["P204"]


@pytest.mark.parametrize(("channel", "partner"), [("mid", "side"), ("left", "right"), ("L", "R")])
def test_a_cell_called_as_a_channel(channel: str, partner: str) -> None:
    body = f"cell {channel} : saw\n  cell w : pulse\n  output {channel} <- {channel}\n  output {partner} <- w"
    assert codes(f"patchc 1\n\npatch p {{\n  {body}\n}}\n") == ["P204"]
