"""The laws of cables (docs/language.md, the four verbs), one by one, against closed forms."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound

Compiler = Callable[..., PatchModule]

LFO = "cell lfo1 : lfo { rate = 7 Hz }\n"
ENV = "input gate : gate\ncell env : decay { gate <- gate; time = 300 ms }\n"
BOTH = ENV + LFO


def run(build: Compiler, body: str, **named: object) -> tuple[Sound, Tensor, Tensor]:
    """The sound, and the control signals of `lfo1` and `shown`."""
    sound = build(body)(seconds=0.25, **named)
    return sound, sound.taps.get("lfo1", torch.zeros(1)), sound.taps["shown"]


def close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected.expand_as(found), rtol=1e-12, atol=1e-12)


def test_interval_bends_a_frequency_by_ratio(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 5 st }")
    close(shown, 300 * 2 ** (lfo * 5 / 12))


def test_interval_bends_a_time_by_ratio(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_time { x = 200 ms; x += lfo1 * 1 oct }")
    close(shown, 0.2 * 2**lfo)


def test_frequency_adds_to_a_frequency(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 30 Hz }")
    close(shown, 300 + 30 * lfo)


def test_time_adds_to_a_time(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_time { x = 200 ms; x += lfo1 * 5 ms }")
    close(shown, 0.2 + 0.005 * lfo)


def test_phase_adds_to_a_phase(build: Compiler) -> None:
    sound, _, shown = run(build, "cell mod : sine { freq = 50 Hz }\ncell shown : show_phase { x += mod * 1 rad }")
    close(shown, sound.taps["mod"] / (2 * math.pi))


def test_decibels_bend_a_level_by_ratio(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_level { x = -12 dB; x += lfo1 * 6 dB }")
    close(shown, 10 ** (-12 / 20) * 10 ** (6 * lfo / 20))


def test_share_of_a_linear_range_is_a_sum(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_number { x = 40 %; x += lfo1 * 20 % }")
    close(shown, 0.4 + 0.2 * 0.8 * lfo)


def test_share_of_a_logarithmic_range_is_a_ratio(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 20 % }")
    close(shown, 300 * (12_000 / 20) ** (0.2 * lfo))


def test_share_of_a_level_range_is_decibels(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_level { x = -12 dB; x += lfo1 * 10 % }")
    close(shown, 10 ** ((-12 + 7.2 * lfo) / 20))


def test_share_moves_along_a_power_curve(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_curve { x += lfo1 * 20 % }")
    close(shown, 9 * (0.5 + 0.2 * lfo) ** 2)


def test_share_is_taken_of_the_range_that_is_written(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_number { x = 40 % in 30 % .. 50 %; x += lfo1 * 20 % }")
    close(shown, 0.4 + 0.2 * 0.2 * lfo)


def test_scaling_by_a_bipolar_source(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_level { x = -6 dB; x *= lfo1 * 30 % }")
    close(shown, 10 ** (-6 / 20) * (1 - 0.3 + 0.3 * (lfo + 1) / 2))


def test_scaling_by_a_unipolar_source_reaches_silence(build: Compiler) -> None:
    sound, _, shown = run(build, ENV + "cell shown : show_level { x *= env }")
    close(shown, sound.taps["env"])


def test_a_share_of_plain_depth_reads_like_a_number(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_number { x = 40 %; x += lfo1 * 0.1 }")
    close(shown, 0.4 + 0.1 * lfo)


def test_all_laws_together_in_their_order(build: Compiler) -> None:
    """Ratios, then additions, then scalings, whatever the order of the lines."""
    lines = "x += lfo1 * 30 Hz; x += env * 1 oct; x += lfo1 * 10 %; x += lfo1 * 2 st; x = 300 Hz"
    sound, lfo, shown = run(build, BOTH + f"cell shown : show_freq {{ {lines} }}")
    close(shown, 300 * 2 ** (sound.taps["env"] + lfo * 2 / 12) * 600 ** (0.1 * lfo) + 30 * lfo)
    lines = "x *= lfo1 * 10 %; x += lfo1 * 10 %; x *= env; x += env * 3 dB; x = -9 dB"
    sound, lfo, shown = run(build, BOTH + f"cell shown : show_level {{ {lines} }}")
    close(shown, 10 ** ((-9 + 7.2 * lfo + 3 * sound.taps["env"]) / 20) * (0.9 + 0.05 * (lfo + 1)) * sound.taps["env"])


def test_limits_hold_whatever_arrives(build: Compiler) -> None:
    _, lfo, shown = run(build, LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 10 oct }")
    close(shown, (300 * 2 ** (10 * lfo)).clamp(1, 20_000))


def test_levels_stay_finite(build: Compiler) -> None:
    _, _, shown = run(build, LFO + "cell shown : show_level { x = 0 dB; x += lfo1 * 5000 dB }")
    assert shown.max().item() == pytest.approx(1e10)
    assert shown.min().item() >= 0


def test_expressions_of_inputs_and_params(build: Compiler) -> None:
    body = """
    input pitch : control = 220 Hz in 20 Hz .. 4 kHz log
    input loudness : control = -20 dB in -80 dB .. 0 dB
    param detune = 25 ct in 0 ct .. 50 ct
    param trim   = 3 dB in -12 dB .. 12 dB
    cell shown : show_freq { x = pitch * 2 + detune }
    cell down  : show_freq { x = pitch - detune }
    cell loud  : show_level { x = loudness + trim }
    """
    sound = build(body)(seconds=0.1, pitch=torch.tensor([100.0, 200.0]))
    pitch = torch.tensor([[100.0], [200.0]], dtype=torch.float64)
    close(sound.taps["shown"], pitch * 2 * 2 ** (25 / 1200))
    close(sound.taps["down"], pitch * 2 ** (-25 / 1200))
    close(sound.taps["loud"], torch.tensor(10 ** (-17 / 20), dtype=torch.float64))


def test_audio_cables_add_up_each_at_its_gain(build: Compiler) -> None:
    body = """
    cell a : sine { freq = 100 Hz }
    cell b : saw { freq = 150 Hz }
    cell shown : mix { in <- a * -6 dB, b * 25 % }
    """
    sound, _, shown = run(build, body)
    close(shown, 10 ** (-6 / 20) * sound.taps["a"] + 0.25 * sound.taps["b"])


def test_when_weighs_a_cable_by_its_member(build: Compiler) -> None:
    body = """
    param wave = learn a in [a, b, c]
    cell s : sine { freq = 100 Hz }
    cell t : saw { freq = 150 Hz }
    cell shown : mix {
      in <- s  when wave is a
      in <- t  when wave is b
    }
    """
    synth = build(body)
    sound = synth(seconds=0.1, wave=[0.25, 0.5, 0.25])
    close(sound.taps["shown"], 0.25 * sound.taps["s"] + 0.5 * sound.taps["t"])
    assert torch.equal(synth(seconds=0.1, wave="b").taps["shown"], synth(seconds=0.1).taps["t"])
    assert not synth(seconds=0.1, wave="c").taps["shown"].any()


def test_a_fixed_choice_drops_the_cables_of_other_members(build: Compiler) -> None:
    body = """
    param wave = a in [a, b]
    cell s : sine { freq = 100 Hz }
    cell t : saw { freq = 150 Hz }
    cell shown : mix { in <- s  when wave is a; in <- t  when wave is b }
    """
    sound = build(body)(seconds=0.1)
    assert torch.equal(sound.taps["shown"], sound.taps["s"])


def test_maybe_on_a_cable_is_its_gate(build: Compiler) -> None:
    body = LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 1 oct  maybe 25 % }"
    synth = build(body)
    name = "shown.x[lfo1].maybe"
    for gate in (0.25, None, 0.0, 1.0):
        sound = synth(seconds=0.1, inputs={} if gate is None else {name: gate})
        close(sound.taps["shown"], 300 * 2 ** ((0.25 if gate is None else gate) * sound.taps["lfo1"]))


def test_an_absent_source_is_exact_silence(build: Compiler) -> None:
    synth = build("cell s : saw  maybe 50 % { freq = 100 Hz }\ncell shown : mix { in <- s }")
    assert not synth(seconds=0.1, inputs={"s.maybe": 0.0}).taps["s"].any()


def test_an_absent_effect_is_an_exact_bypass(build: Compiler) -> None:
    body = "cell s : saw { freq = 100 Hz }\ncell fx : show_in  maybe 50 % { in <- s * -3 dB }"
    synth = build(body)
    off, on, half = (synth(seconds=0.1, inputs={"fx.maybe": gate}).taps for gate in (0.0, 1.0, 0.5))
    close(off["fx"], off["s"] * 10 ** (-3 / 20))
    close(on["fx"], 2 * off["fx"])
    close(half["fx"], 1.5 * off["fx"])


@pytest.mark.parametrize("depth", ["1 oct", "200 Hz"])
def test_control_rate_reaches_audio_cells_in_octaves(build: Compiler, depth: str) -> None:
    """Bends are worked out per frame, then brought to samples along straight lines in octaves."""
    cells = f"cell slow : show_freq {{ x = 300 Hz; x += lfo1 * {depth} }}\n"
    cells += f"cell shown : show_pitch {{ x = 300 Hz; x += lfo1 * {depth} }}"
    synth = build(LFO + cells)
    sound = synth(seconds=0.1)
    frames = torch.log2(sound.taps["slow"][0])
    place = torch.arange(sound.audio.shape[-1], dtype=torch.float64) / synth.hop
    index = place.floor().long()
    share = place - index
    expected = 2 ** (frames[index] * (1 - share) + frames[index + 1] * share)
    torch.testing.assert_close(sound.taps["shown"][0], expected, rtol=1e-9, atol=0)


def test_audio_bends_at_the_sample_rate(build: Compiler) -> None:
    body = "cell m : sine { freq = 500 Hz }\ncell shown : show_pitch { x = 300 Hz; x += m * 1 oct; x += m * 20 Hz }"
    sound, _, shown = run(build, body)
    close(shown, 300 * 2 ** sound.taps["m"] + 20 * sound.taps["m"])


def test_audio_is_read_at_the_frames_by_control_cells(build: Compiler) -> None:
    body = "cell m : sine { freq = 50 Hz }\ncell shown : show_freq { x = 300 Hz; x += m * 1 oct }"
    synth = build(body)
    sound = synth(seconds=0.25)
    samples = sound.taps["m"].shape[1]
    places = (torch.arange(sound.taps["shown"].shape[1]) * synth.hop).clamp(max=samples - 1)
    close(sound.taps["shown"], 300 * 2 ** sound.taps["m"][:, places])


def test_every_control_rate_gives_the_same_slow_values(build: Compiler) -> None:
    body = LFO + "cell shown : show_freq { x = 300 Hz; x += lfo1 * 1 oct }"
    coarse, fine = build(body, control_rate=500), build(body, control_rate=16_000)
    assert (coarse.hop, fine.hop) == (32, 1)
    a, b = coarse(seconds=0.1).taps["shown"], fine(seconds=0.1).taps["shown"]
    close(a[:, :-1], b[:, ::32][:, : a.shape[1] - 1])
