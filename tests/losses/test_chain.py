"""The chain loss: which terms taps ask for, what they are worth, and what happens where a target has none."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import pytest
import torch
from torch import Tensor

from patchc.graph.model import Cable, Cell, Graph, Layer, LossSpec, Output, Tap, Verb
from patchc.losses.chain import ChainLoss, OutputOnlyWarning
from patchc.losses.control_l1 import ControlL1
from patchc.losses.mss import Mss
from patchc.source.error import PatchError


@dataclass(frozen=True)
class Heard:
    audio: Tensor
    taps: dict[str, Tensor] = field(default_factory=dict)


def graph(*taps: Tap, outputs: tuple[str, ...] = ("main",)) -> Graph:
    lfo, osc = Cell(name="lfo1", type="lfo"), Cell(name="osc", type="saw")
    cable = Cable(verb=Verb.FEED, source="osc")
    return Graph(
        name="voice",
        layers=(Layer(name="a", cells=(lfo,)), Layer(name="b", cells=(osc,))),
        outputs=tuple(Output(name=name, cables=(cable,)) for name in outputs),
        taps=taps,
    )


def tap(cell: str, *losses: LossSpec, after: int = 0) -> Tap:
    return Tap(cells=(cell,), losses=losses, after=after)


MSS = LossSpec(name="mss", settings={"fft": [256, 64]}, weight=0.5)
L1 = LossSpec(name="control_l1", weight=3.0)
ON_MAIN = tap("main", LossSpec(name="mss"), LossSpec(name="loudness"))
TAPPED = graph(tap("lfo1", L1, after=100), tap("osc", MSS), ON_MAIN)


def heard(seed: int, batch: int = 2, taps: bool = True) -> Heard:
    generator = torch.Generator().manual_seed(seed)
    audio, osc = torch.randn(2, batch, 4000, generator=generator).mul(0.2)
    lfo = torch.rand(batch, 63, generator=generator)
    return Heard(audio, {"osc": osc, "lfo1": lfo} if taps else {})


def chain_of(patch: Graph) -> ChainLoss:
    return ChainLoss.of(patch, sample_rate=16_000, control_rate=250)


def test_terms_are_the_weighted_losses_at_the_taps() -> None:
    sound, target = heard(0), heard(1)
    value = chain_of(TAPPED)(sound, target)
    assert list(value.terms) == ["lfo1.control_l1", "osc.mss", "main.mss", "main.loudness"]
    osc, lfo = ((sound.taps[name], target.taps[name]) for name in ("osc", "lfo1"))
    torch.testing.assert_close(value.terms["osc.mss"], 0.5 * Mss(16_000, fft=[256, 64])(*osc))
    torch.testing.assert_close(value.terms["lfo1.control_l1"], 3 * ControlL1(250)(*lfo))
    torch.testing.assert_close(value.total, sum(value.terms.values(), torch.zeros(2)))
    assert value.total.shape == (2,)
    assert value.mean.shape == ()
    assert value.notes == ()


def test_the_same_sound_is_at_exactly_zero() -> None:
    sound = heard(0)
    assert chain_of(TAPPED)(sound, sound).total.tolist() == [0.0, 0.0]


def test_a_term_joins_when_its_step_has_come() -> None:
    chain, sound, target = chain_of(TAPPED), heard(0), heard(1)
    assert "lfo1.control_l1" not in chain(sound, target, step=99).terms
    assert "lfo1.control_l1" in chain(sound, target, step=100).terms
    assert "lfo1.control_l1" in chain(sound, target).terms


def test_several_cells_of_one_line_are_compared_each() -> None:
    patch = graph(Tap(cells=("osc", "main"), losses=(MSS,)))
    assert list(chain_of(patch)(heard(0), heard(1)).terms) == ["osc.mss", "main.mss"]


def test_a_loss_used_twice_at_a_tap_is_told_apart() -> None:
    patch = graph(tap("osc", MSS, MSS), tap("osc", MSS))
    assert list(chain_of(patch)(heard(0), heard(1)).terms) == ["osc.mss", "osc.mss:2", "osc.mss:3"]


def test_taps_without_losses_are_only_recorded() -> None:
    patch = graph(tap("lfo1"), tap("osc", MSS))
    assert list(chain_of(patch)(heard(0), heard(1)).terms) == ["osc.mss"]


def test_without_taps_the_outputs_are_compared() -> None:
    sound, target = heard(0, taps=False), heard(1, taps=False)
    value = chain_of(graph())(sound, target)
    assert list(value.terms) == ["main.mss"]
    torch.testing.assert_close(value.total, Mss(16_000)(sound.audio, target.audio))


def test_a_recording_is_compared_with_the_outputs_and_that_is_said_once() -> None:
    chain, sound, recording = chain_of(TAPPED), heard(0), heard(1).audio
    with pytest.warns(OutputOnlyWarning, match=r"no taps lfo1, osc"):
        value = chain(sound, recording)
    assert list(value.terms) == ["main.mss", "main.loudness"]
    assert value.notes == ("the target has no taps lfo1, osc: they are not compared",)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert chain(sound, recording).notes == value.notes


def test_a_recording_meets_mss_where_the_outputs_have_no_losses() -> None:
    with pytest.warns(OutputOnlyWarning):
        value = chain_of(graph(tap("osc", MSS)))(heard(0), heard(1).audio)
    assert list(value.terms) == ["main.mss"]


def test_asked_for_outputs_only_it_does_not_warn() -> None:
    chain = chain_of(TAPPED).outputs_only
    assert list(chain(heard(0), heard(1).audio).terms) == ["main.mss", "main.loudness"]


def test_a_target_with_some_of_the_taps_is_compared_at_those() -> None:
    target = heard(1)
    del target.taps["lfo1"]
    with pytest.warns(OutputOnlyWarning, match="no taps lfo1:"):
        value = chain_of(TAPPED)(heard(0), target)
    assert list(value.terms) == ["osc.mss", "main.mss", "main.loudness"]


def test_a_sound_rendered_without_a_compared_tap_is_refused() -> None:
    with pytest.raises(ValueError, match="'lfo1'"):
        chain_of(TAPPED)(heard(0, taps=False), heard(1))


def test_each_output_is_one_channel() -> None:
    chain = chain_of(graph(tap("right", MSS), outputs=("left", "right")))
    sound, target = torch.randn(2, 1, 2, 4000, generator=torch.Generator().manual_seed(0))
    value = chain(Heard(sound), Heard(target))
    torch.testing.assert_close(value.total, 0.5 * Mss(16_000, fft=[256, 64])(sound[:, 1], target[:, 1]))


def test_a_prepared_target_gives_the_same() -> None:
    chain, sound, target = chain_of(TAPPED), heard(0), heard(1)
    torch.testing.assert_close(chain(sound, chain.prepare(target)).total, chain(sound, target).total)


def test_one_target_serves_a_batch() -> None:
    chain, sound, target = chain_of(TAPPED), heard(0, batch=3), heard(1, batch=1)
    assert chain(sound, target).total.shape == (3,)


def test_gradient_reaches_every_compared_signal() -> None:
    sound, target = heard(0), heard(1)
    for signal in (sound.audio, *sound.taps.values()):
        signal.requires_grad_()
    chain_of(TAPPED)(sound, target).mean.backward()
    for signal in (sound.audio, *sound.taps.values()):
        assert signal.grad is not None
        assert signal.grad.abs().max() > 0


def test_losses_of_the_other_kind_are_refused() -> None:
    with pytest.raises(PatchError) as caught:
        chain_of(graph(tap("lfo1", MSS), tap("osc", L1)))
    assert [said.code for said in caught.value.diagnostics] == ["P713", "P713"]
    assert caught.value.diagnostics[0].help_text == "for control signals there are control_l1, control_stft"


def test_every_bad_setting_of_a_patch_is_said_at_once() -> None:
    bad = LossSpec(name="mss", settings={"fft": [0], "flor": -60})
    with pytest.raises(PatchError) as caught:
        chain_of(graph(tap("osc", bad), tap("main", bad)))
    assert [said.code for said in caught.value.diagnostics] == ["P712", "P711", "P712", "P711"]
