"""Hostile sizes: counted before anything is made, named with the limit and how to raise it, within seconds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from patchc.graph.load import check_source, load_graph
from patchc.source.text import Source
from patchc.testing.calls import at_most_calls


def said(text: str, max_cells: int = 100_000) -> list[str]:
    return [
        f"{d.code} {d.message}" for d in check_source(Source("x.patch", f"patchc 1\n{text}\n"), max_cells=max_cells)
    ]


def doubling(times: int) -> str:
    parts = ["patch p0 { cell o : saw; output out <- o }"]
    for k in range(1, times + 1):
        parts.append(f"patch p{k} {{\n cell a : p{k - 1}\n cell b : p{k - 1}\n output out <- a, b\n}}")
    return "\n".join(parts)


def test_a_loop_that_asks_for_too_much_names_the_number_and_the_limit() -> None:
    found = said("patch x {\n for k in 1 .. 1000000000 { cell o[k] : saw }\n output m <- o[*], o[7]\n}")
    assert found == ["P210 `x` would have 1,000,000,000 cells; the limit is 100,000"]


def test_loops_in_loops_multiply() -> None:
    loops = "for a in 1 .. 1000 { for b in 1 .. 1000 { cell o[a].x[b] : saw } }"
    assert said(f"patch x {{\n {loops}\n output m <- o[*].x[*]\n}}") == [
        "P210 `x` would have 1,000,000 cells; the limit is 100,000"
    ]


@pytest.mark.parametrize("times", [17, 40, 60])
def test_patches_that_double_are_counted_not_made(times: int) -> None:
    with at_most_calls(250_000):
        assert said(doubling(times)) == ["P210 `p16` would have 131,070 cells; the limit is 100,000"]


def test_the_limit_can_be_raised_and_lowered() -> None:
    text = "patch x {\n for k in 1 .. 30 { cell o[k] : saw }\n output m <- o[*]\n}"
    assert said(text, max_cells=30) == []
    assert said(text, max_cells=29) == ["P210 `x` would have 30 cells; the limit is 29"]
    graph, diagnostics = load_graph(Source("x.patch", f"patchc 1\n{text}"), max_cells=29)
    assert graph is None
    assert [d.code for d in diagnostics] == ["P210"]


def test_cables_are_bounded_like_cells() -> None:
    found = said(
        "patch x {\n for a in 1 .. 999 { cell o[a] : saw }\n"
        " for a in 1 .. 999 { cell m[a] : mix { in <- o[*] } }\n output m <- m[*]\n}",
        3000,
    )
    assert [line.partition(";")[0] for line in found] == ["P210 `x` would have 999,000 cables and taps"]


def test_cables_are_counted_before_they_are_made() -> None:
    loops = "for a in 1 .. 4000 { cell o[a] : saw }\n for a in 1 .. 4000 { cell m[a] : mix { in <- o[*] } }"
    with at_most_calls(5_000_000):
        found = said(f"patch x {{\n {loops}\n output m <- m[*]\n}}", 10_000)
    assert found == ["P210 `x` would have 16,004,000 cables and taps; the limit is 100,000"]


def test_params_of_instances_are_bounded() -> None:
    params = "\n".join(f" param p{k} = learn 1 in 0 .. 2" for k in range(300))
    inner = f"patch y {{\n{params}\n cell o : saw\n output out <- o\n}}\n"
    found = said(inner + "patch x {\n for k in 1 .. 900 { cell a[k] : y }\n output m <- a[*]\n}", 1000)
    assert [line.partition(";")[0] for line in found] == ["P210 `x` would have 271,800 ports, cables and taps"]


def test_letters_of_names_are_bounded_like_cells() -> None:
    name = "n" * 60_000
    found = said(f"patch x {{\n for a in 1 .. 900 {{ cell {name}[a] : saw }}\n output m <- {name}[*]\n}}", 1000)
    assert [line.partition("would")[2][:23] for line in found] == [" have 54,004,392 letter"]


def test_many_sizes_of_one_patch_cannot_add_up_unseen() -> None:
    inner = "patch y(n : int = 1) {\n for k in 1 .. n { cell o[k] : saw }\n output out <- o[*]\n}\n"
    with at_most_calls(15_000_000):
        found = said(inner + "patch x {\n for k in 1 .. 3000 { cell a[k] : y(n = k) }\n output m <- a[*]\n}", 10_000)
    assert {line[:4] for line in found} == {"P210"}


def test_params_cannot_double_an_expression_forever() -> None:
    lines = [f"param p{k} = p{k - 1} + p{k - 1}" for k in range(1, 60)]
    body = "\n".join(["param p0 = learn 1 Hz in 1 Hz .. 2 Hz", *lines, "cell o : saw { freq = p59 }", "output m <- o"])
    assert {line[:4] for line in said(f"patch x {{\n{body}\n}}")} == {"P223"}


def test_constants_cannot_either() -> None:
    lines = [f"param p{k} = 2 * p{k - 1}" for k in range(1, 60)]
    body = "\n".join(["param p0 = 0.000000000000001 Hz", *lines, "cell o : saw { freq = p59 }", "output m <- o"])
    assert said(f"patch x {{\n{body}\n}}") == []


def test_patches_may_lie_thirty_two_deep() -> None:
    def chain(deep: int) -> str:
        parts = ["patch p0 { cell o : saw; output out <- o }"]
        parts += [f"patch p{k} {{ cell a : p{k - 1}; output out <- a }}" for k in range(1, deep)]
        return "\n".join(reversed(parts))

    assert said(chain(32)) == []
    assert {line[:4] for line in said(chain(33))} == {"P223"}
    assert {line[:4] for line in said(chain(900))} == {"P223"}


def test_a_patch_in_itself_is_no_endless_loop() -> None:
    found = said("patch a {\n cell b : b\n output o <- b\n}\npatch b {\n cell a : a\n cell c : a\n output o <- a, c\n}")
    assert found == ["P306 patch `a` contains itself: a -> b -> a"]


def test_a_shrinking_size_is_no_way_out_of_a_circle() -> None:
    found = said("patch a(n : int = 3) {\n cell b : a(n = n - 1)\n output o <- b\n}")
    assert found == ["P306 patch `a` contains itself: a -> a"]


def test_a_wide_param_is_bounded() -> None:
    found = said("patch x {\n param w : control[1000000000] = predict in 0 .. 1\n cell o : saw\n output m <- o\n}")
    assert [line[:4] for line in found] == ["P220"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_memory_and_work_of_the_worst() -> None:
    """In a process of its own: a bounded number of calls and 500 MB for a thousand million cells."""
    program = """
import sys
from patchc.graph.load import check_source
from patchc.source.text import Source
from patchc.testing.calls import at_most_calls
text = "patchc 1\\npatch x {\\n for k in 1 .. 1000000000 { cell o[k] : saw }\\n output m <- o[*]\\n}\\n"
with at_most_calls(100_000):
    assert [d.code for d in check_source(Source("x.patch", text))] == ["P210"]
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
assert peak < 500_000, peak
assert "torch" not in sys.modules and "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_cells_written_one_by_one_are_bounded_too() -> None:
    lines = "\n".join(f"cell c{k} : saw" for k in range(40))
    assert said(f"patch x {{\n{lines}\noutput m <- c0\n}}", max_cells=39) == [
        "P210 `x` would have 40 cells; the limit is 39"
    ]


def test_sixty_loops_in_each_other_are_refused_without_being_walked() -> None:
    """The work is bounded by what is written, not by what it would unroll to: counted in calls."""
    opened = "".join(f"  for a{number} in 1 .. 2 {{\n" for number in range(60))
    text = "patchc 1\n\npatch p {\n" + opened + "  cell o : sine\n" + "  }\n" * 60 + "  output main <- o\n}\n"
    with at_most_calls(250_000):
        found = check_source(Source("p.patch", text))
    assert "P210" in {d.code for d in found}
