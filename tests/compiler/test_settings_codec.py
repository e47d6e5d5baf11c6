"""Settings to natural units, to patch text, to stored numbers, and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from patchc.compiler.module import PatchModule
from patchc.compiler.settings import bounded, natural, normalised, position, unbounded

Compiler = Callable[..., PatchModule]

BODY = """
input pitch : control = 220 Hz in 27.5 Hz .. 4.2 kHz log
param wave = learn b in [a, b, c]
cell one   : show_freq { x = learn 800 Hz in 20 Hz .. 8 kHz log }
cell two   : show_curve { x = learn 1 in 0 .. 9 pow 2 }
cell three : show_level { x = learn -20 dB in -60 dB .. 0 dB }
cell bank  : harmonic(partials = 5) { freq = pitch; shape = predict; level = learn 0 dB }
cell hiss  : noise_bank(bands = 3) { shape = learn -20 dB in -80 dB .. 0 dB }
output main <- bank, hiss
"""


def test_natural_and_back(build: Compiler) -> None:
    synth = build(BODY)
    settings = synth.draw(5, seed=2)
    back = synth.positions(synth.natural(settings))
    torch.testing.assert_close(back, settings, rtol=0, atol=1e-9)


def test_natural_values_have_their_units(build: Compiler) -> None:
    synth = build(BODY)
    values = synth.natural(synth.defaults())
    assert values["one.x"].item() == pytest.approx(800)
    assert values["two.x"].item() == pytest.approx(1)
    assert values["three.x"].item() == pytest.approx(-20)
    assert values["wave"].tolist() == [[0.0, 1.0, 0.0]]
    assert values["bank.shape"].tolist() == [[0.2] * 5]
    assert values["hiss.shape"].shape == (1, 3)


def test_values_by_text_and_member(build: Compiler) -> None:
    synth = build(BODY)
    values = synth.natural(synth.positions({"one.x": "1.2 kHz", "wave": "c", "three.x": torch.tensor([-6.0, -9.0])}))
    assert values["one.x"].tolist() == pytest.approx([1200, 1200])
    assert values["wave"].tolist() == [[0, 0, 1], [0, 0, 1]]
    assert values["three.x"].tolist() == pytest.approx([-6, -9])


def test_stored_numbers_and_back(build: Compiler) -> None:
    synth = build(BODY)
    settings = synth.draw(1, seed=5)[0].clamp(0.01, 0.99)
    for knob in synth.knobs:
        place = settings[knob.columns]
        if knob.domain.kind != "range":
            place = normalised(place)
            torch.testing.assert_close(bounded(knob, unbounded(knob, place)), place, atol=2e-3, rtol=0)
        else:
            torch.testing.assert_close(bounded(knob, unbounded(knob, place)), place)


def test_maps_are_smooth_and_monotone(build: Compiler) -> None:
    synth = build(BODY)
    for knob in synth.knobs:
        if knob.domain.kind == "range" and not knob.vector:
            raw = torch.linspace(-20, 20, 401, dtype=torch.float64, requires_grad=True)
            value = natural(knob, bounded(knob, raw[:, None]))
            (gradient,) = torch.autograd.grad(value.sum(), raw)
            assert bool((gradient >= 0).all() & torch.isfinite(gradient).all())
            assert bool((value[1:] >= value[:-1]).all())


def test_codec_is_differentiable(build: Compiler) -> None:
    synth = build(BODY)
    knob = next(knob for knob in synth.knobs if knob.name == "one.x")
    place = torch.tensor([[0.3]], dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(position(knob, natural(knob, place)), place)
    assert torch.autograd.gradcheck(lambda p: natural(knob, p), (place,))


def test_learned_numbers_start_where_the_patch_says(build: Compiler) -> None:
    synth = build(BODY)
    assert torch.equal(synth.settings(), synth.defaults())
    level = next(knob for knob in synth.knobs if knob.name == "bank.level")
    assert synth.settings()[0, level.columns].item() == 1.0  # 0 dB is the end of its range
    synth(seconds=0.05, inputs={"bank.shape": [0.2] * 5}).audio.sum().backward()
    assert synth.learned.stored("bank.level").grad.abs().item() > 0


def test_found_values_are_written_into_the_patch(build: Compiler) -> None:
    synth = build(BODY)
    text = synth.text(synth.positions({"one.x": 1234.5, "wave": "c"}))
    again = build(text)
    values = again.natural(again.defaults())
    assert values["one.x"].item() == pytest.approx(1234.5, rel=1e-6)
    assert values["wave"].tolist() == [[0.0, 0.0, 1.0]]
    assert again.natural(again.defaults())["three.x"].item() == pytest.approx(-20)


def test_text_of_a_drawn_sound_gives_its_settings(build: Compiler) -> None:
    synth = build(BODY)
    settings = synth.draw(1, seed=9)
    again = build(synth.text(settings))
    torch.testing.assert_close(again.defaults()[:, :6], settings[:, :6], atol=1e-5, rtol=0)
