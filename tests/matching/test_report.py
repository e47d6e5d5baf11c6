"""The report of a match: level, stages on one scale, ends of ranges, knobs without effect, the line that plays it."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import torch

from patchc.compiler.load import compile_graph
from patchc.graph.load import load_graph
from patchc.matching.course import LossScale
from patchc.matching.match import Match, match
from patchc.source.text import Source

PATCH = """patchc 1

patch tone {
  input pitch : control = 220 Hz in 50 Hz .. 2 kHz log
  cell o : saw { freq = pitch; level = learn -30 dB in -60 dB .. -20 dB }
  cell f : onepole { in <- o; cutoff = learn 300 Hz in 24.5 Hz .. 1.2 kHz log }
  cell n : noise { level = learn -20 dB }
  cell m : mix { in <- f, n * 0 }
  output main <- m
}
"""


@pytest.fixture(scope="module")
def found() -> Match:
    """A pure tone of 0.2 s, louder than the patch goes."""
    source = Source("tone.patch", PATCH)
    graph, _ = load_graph(source)
    assert graph is not None
    synth = compile_graph(graph, source, sample_rate=22_050)
    target = 0.5 * torch.sin(2 * torch.pi * 220 * torch.arange(4_410) / 22_050)
    return match(synth, target, pitch=220.0, draws=4, children=2, starts=1, steps=12)


def test_level_and_the_line_that_plays_it(found: Match) -> None:
    page = found.report()
    assert re.search(r"level: target -9\.0 dBFS rms, match -9\.0 \([+-]0\.0 dB\)", page)
    assert "patchc render tone.patch --set pitch=" in page


def test_stages_say_what_is_measured_and_share_one_scale(found: Match) -> None:
    page = found.report()
    for title in ("1. at 16,000 Hz, from the best", "3. at 22,050 Hz, from the best", "mss at 16,000 Hz"):
        assert title in page
    search, last = found.scales
    assert (search.rate, last.rate) == (16_000, 22_050)
    assert f"a loss of {last.start:.3f}. The floor, 0 %, is the same sound" in page
    assert last.left(last.start) == 1.0
    assert last.left(found.loss) < 0.9
    shares = [share for one in found.progressions for share in one.best]
    assert all(after < 1.2 * before for before, after in pairwise(shares))
    assert page.count('stroke="#b4552d"') == len(found.progressions) == 3


def test_numbers_at_an_end_of_their_range_say_which_and_what_to_write(found: Match) -> None:
    (limit,) = [limit for limit in found.limits if limit.name == "o.level"]
    assert (limit.end, limit.limit, limit.wider) == ("upper", "-20 dB", "-60 dB .. -8 dB")
    page = found.report()
    assert "<code>o.level</code> ended at -20 dB, the upper end of its range: a wider one may fit better" in page


def test_every_range_has_one_unit(found: Match) -> None:
    values = {value.name: value for value in found.values}
    assert (values["f.cutoff"].low, values["f.cutoff"].high) == ("24.5 Hz", "1200 Hz")


def test_numbers_that_do_nothing_are_named(found: Match) -> None:
    assert found.idle == ("n.level",)
    (level,) = [value for value in found.values if value.name == "n.level"]
    assert level.text == level.before_text, "what changes nothing stays as the patch has it"
    assert "<code>n.level</code> changed nothing, wherever in the range" in found.report()


def test_a_loss_is_a_share_of_the_way_from_the_start_to_the_floor() -> None:
    scale = LossScale(16_000, start=1.2, floor=0.2)
    assert [scale.left(loss) for loss in (1.2, 0.7, 0.2, 0.1, 2.2)] == pytest.approx([1.0, 0.5, 0.0, 0.0, 2.0])
    assert LossScale(16_000, start=0.2, floor=0.2).left(0.2) == 0.0


def test_the_floor_of_a_patch_with_noise_is_above_zero() -> None:
    text = "patchc 1\n\npatch h {\n  cell n : noise\n"
    text += "  cell f : onepole { in <- n; cutoff = learn 900 Hz in 100 Hz .. 3 kHz log }\n  output main <- f\n}\n"
    graph, _ = load_graph(Source("h.patch", text))
    assert graph is not None
    synth = compile_graph(graph, Source("h.patch", text), sample_rate=8_000)
    with torch.no_grad():
        target = synth(seconds=0.4, seed=7, inputs={"f.cutoff": 2000.0}).audio[0]
    hiss = match(synth, target, draws=8, children=4, starts=1, steps=12)
    assert hiss.scale.floor > 0.05
    assert hiss.scale.left(hiss.loss) < 0.3
    assert "No fit comes nearer." in hiss.report()
