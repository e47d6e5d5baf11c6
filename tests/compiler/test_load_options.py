"""`patchc.load` with numbers set by name, and without learning."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import patchc

EXAMPLE = Path(__file__).parents[2] / "examples" / "subtractive.patch"


def test_numbers_are_set_and_written() -> None:
    synth = patchc.load(EXAMPLE, sample_rate=16_000, set={"osc1.freq[lfo1].depth": "1 st", "vcf.q": 5.0, "pitch": "A2"})
    assert synth.natural(synth.defaults())["vcf.q"].item() == pytest.approx(5.0)
    assert synth.plan.defaults["pitch"] == pytest.approx(110.0)
    assert " = A2 in" in synth.text()


def test_what_does_not_fit_is_refused_alike() -> None:
    for values, code in (({"vcf.q": "5 Hz"}, "P401"), ({"vcf.qq": 5.0}, "P217"), ({"vcf.q": "1; x"}, "P806")):
        with pytest.raises(patchc.PatchError) as refused:
            patchc.load(EXAMPLE, set=values)
        assert [d.code for d in refused.value.diagnostics] == [code]
        assert [d.code for d in patchc.check(EXAMPLE, set=values)] == [code]


def test_a_compiled_graph_is_set_as_well() -> None:
    graph = patchc.load(EXAMPLE, sample_rate=16_000).graph
    synth = patchc.compile(graph, set={"vcf.q": 5.0}, sample_rate=16_000)
    assert synth.natural(synth.defaults())["vcf.q"].item() == pytest.approx(5.0)


def test_without_learning_there_are_no_parameters_and_the_same_sound() -> None:
    synth = patchc.load(EXAMPLE, sample_rate=16_000, executor="reference")
    fixed = patchc.load(EXAMPLE, sample_rate=16_000, executor="reference", learned=False)
    assert list(fixed.parameters()) == []
    before, after = synth(synth.defaults(), seconds=0.1).audio, fixed(fixed.defaults(), seconds=0.1).audio
    torch.testing.assert_close(before, after, rtol=1e-3, atol=1e-3)


def test_a_match_plays_what_its_patch_plays(tmp_path: Path) -> None:
    """The text of a match, loaded, is its sound, bit for bit."""
    tone = "cell o : harmonic(partials = 4) { freq = 440 Hz; shape = learn }\n  output main <- o"
    (tmp_path / "q.patch").write_text(f"patchc 1\n\npatch p {{\n  {tone}\n}}\n", encoding="utf-8")
    synth = patchc.load(tmp_path / "q.patch", sample_rate=16_000)
    target = synth(synth.positions({"o.shape": [0.05, 0.1, 0.15, 0.7]}), seconds=0.5).audio[0].detach()
    found = patchc.match(synth, target, steps=8, starts=1, draws=8, children=8)
    (tmp_path / "found.patch").write_text(found.text, encoding="utf-8")
    again = patchc.load(tmp_path / "found.patch", sample_rate=16_000)
    seconds = found.sound.audio.shape[-1] / 16_000
    assert torch.equal(again(again.defaults(), seconds=seconds, **found.inputs).audio, found.sound.audio)
