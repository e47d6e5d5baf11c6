"""Cells are found by folder and by entry point, one file at a time, and what does not fit is named."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import patchc.cells
from patchc.cells import page
from patchc.cells.cell import Cell, Signal, audio_out, knob, size
from patchc.cells.registry import BrokenCell, cell_names, find_cell
from patchc.dsp.dsp import Dsp
from patchc.graph.load import check_source
from patchc.source.text import Source

ROOT = Path(__file__).parents[2]
FIRST_CELLS = (
    "sine triangle saw pulse noise harmonic noise_bank lfo adsr decay svf onepole gain mix delay fir_reverb shaper"
)


def test_the_vocabulary() -> None:
    assert set(FIRST_CELLS.split()) <= set(cell_names())
    files = {path.stem for path in Path(patchc.cells.__path__[0]).glob("*.py")}
    assert set(cell_names()) == files - {"__init__", "cell", "spec", "registry", "page"}


@pytest.mark.parametrize("name", ["svff", "cell", "registry", "", "..", "../saw", "a.b", "__init__", "Saw"])
def test_no_such_cell(name: str) -> None:
    assert find_cell(name) is None


def test_one_file_at_a_time_and_no_torch() -> None:
    code = """
import sys
from patchc.cells.registry import cell_names, find_cell
cell_names()
loaded = lambda: {name for name in sys.modules if name.startswith("patchc.cells.")}
before = loaded()
find_cell("saw")
assert loaded() - before == {"patchc.cells.saw"}, loaded() - before
[find_cell(name) for name in cell_names()]
from patchc.cells.page import completion_data, page
[page(name) for name in cell_names()]
completion_data()
assert "torch" not in sys.modules and "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_second_package_is_everywhere(second_package: Path) -> None:
    assert cell_names()[-1] == "supersaw"
    found = find_cell("supersaw")
    assert found is not None
    assert found.__module__ == "more_cells.supersaw"
    assert found.spec.origin == "more_cells"
    shown = page.page("supersaw")
    assert "detune" in shown
    assert "the package `more_cells`" in shown
    assert page.line("supersaw").startswith("supersaw: A sawtooth at")
    assert "## supersaw" in page.markdown(found.spec)
    assert "supersaw" in page.completion_data()["cells"]


def test_gone_with_its_package() -> None:
    assert "supersaw" not in cell_names()
    assert find_cell("supersaw") is None


def test_document_shows_this_very_package(second_package: Path) -> None:
    """The page on extending is the second package, word for word."""
    text = (ROOT / "docs/extending.md").read_text(encoding="utf-8")
    shown = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    assert (second_package / "more_cells/supersaw.py").read_text(encoding="utf-8") in shown
    name, _, value = (second_package / "more_cells-1.0.dist-info/entry_points.txt").read_text().split("\n")[1].split()
    assert f'{name} = "{value}"' in text


def ship(folder: Path, entry: str, **files: str) -> None:
    (folder / "broken-1.0.dist-info").mkdir()
    (folder / "broken-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (folder / "broken-1.0.dist-info/entry_points.txt").write_text(f"[patchc.cells]\n{entry}\n")
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text)


@pytest.mark.parametrize(
    ("entry", "text", "says"),
    [
        ("lost = nowhere_at_all:Lost", "", "cannot be imported: No module named 'nowhere_at_all'"),
        ("lost = broken_cells:Lost", "x = 1\n", "cannot be imported: module 'broken_cells' has no attribute 'Lost'"),
        ("lost = broken_cells:x", "x = 1\n", "has no cell `lost`"),
        ("lost = broken_cells:Sine", "from patchc.cells.sine import Sine\n", "has no cell `lost`"),
        ("lost = broken_cells:Lost", "1 / 0\n", "cannot be imported: division by zero"),
    ],
)
def test_broken_entry_points(entry: str, text: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(tmp_path, entry, broken_cells=text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "broken_cells", raising=False)
    with pytest.raises(BrokenCell, match=re.escape(f"the entry point `{entry}` {says}")):
        find_cell("lost")
    assert "lost" in cell_names()
    source = Source("lost.patch", "patchc 1\npatch p {\n  cell a : lost { }\n  output main <- a\n}\n")
    said = [(found.code, found.label_text) for found in check_source(source)]
    assert said == [("P233", f"the entry point `{entry}` {says}")]


def test_a_built_in_cell_cannot_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ship(tmp_path, "saw = more_cells.supersaw:Supersaw")
    monkeypatch.syspath_prepend(tmp_path)
    assert cell_names().count("saw") == 1
    found = find_cell("saw")
    assert found is not None
    assert found.__module__ == "patchc.cells.saw"


def test_file_and_class_are_called_alike() -> None:
    with pytest.raises(TypeError, match=r"ladder\.py holds the cell `moog`"):
        _make("Moog", "patchc.cells.ladder")
    assert _make("Ladder", "patchc.cells.ladder").spec.name == "ladder"
    assert _make("FirReverb2", "elsewhere.rooms").spec.name == "fir_reverb2"


def _make(name: str, module: str) -> type[Cell]:
    def forward(self: Cell, dsp: Dsp, level: Signal) -> Signal:
        return level

    parts = {"level": knob("0 dB in -60 dB .. 0 dB", "Level."), "out": audio_out(), "forward": forward}
    return type(name, (Cell,), {**parts, "__module__": module, "__doc__": "A cell."})


def test_forward_takes_the_ports() -> None:
    with pytest.raises(TypeError, match=re.escape("Bad.forward takes ['b'], its ports are ['a']")):

        class Bad(Cell):
            """A cell whose formula does not fit."""

            a = knob("1 in 0 .. 2", "A.")
            out = audio_out()

            def forward(self, dsp: Dsp, b: Signal) -> Signal:
                return b


def test_one_output() -> None:
    with pytest.raises(TypeError, match="Mute declares 0 outputs"):

        class Mute(Cell):
            """A cell that forgot its output."""

            def forward(self, dsp: Dsp) -> Signal:
                return 0.0


def test_sizes() -> None:
    class Sized(Cell):
        """A cell with sizes."""

        count = size("4 in 1 .. 8", "How many.", whole=True)
        length = size("20 ms in 1 ms .. 1 s", "How long.")
        out = audio_out()

        def forward(self, dsp: Dsp) -> Signal:
            return self.count * self.length

    assert (Sized().count, Sized().length) == (4, 0.02)
    assert (Sized(count=6.0).count, Sized(length=0.5).length) == (6, 0.5)
    assert isinstance(Sized(count=6.0).count, int)
    assert [one.name for one in Sized.spec.sizes] == ["count", "length"]


def test_size_is_a_number_in_a_range() -> None:
    with pytest.raises(TypeError, match="the size `count` is a number in a range"):

        class Unbounded(Cell):
            """A cell whose size has no end."""

            count = size("4", "How many.", whole=True)
            out = audio_out()

            def forward(self, dsp: Dsp) -> Signal:
                return 0.0
