"""Losses of one chain: their sum, what they share, and that another implementation of `mss` says the same."""

from __future__ import annotations

from dataclasses import dataclass, field

import auraloss
import pytest
import torch
from torch import Tensor

from patchc.graph.model import Cable, Cell, Graph, Layer, LossSpec, Output, Tap, Verb
from patchc.losses.chain import ChainLoss
from patchc.losses.mel_cepstrum import MelCepstrum
from patchc.losses.mss import Mss
from patchc.losses.spectra import frames

RATE = 16_000
SIZES = (2048, 1024, 512, 256, 128, 64)


@dataclass(frozen=True)
class Heard:
    audio: Tensor
    taps: dict[str, Tensor] = field(default_factory=dict)


def heard(seed: int, names: tuple[str, ...], samples: int = 4000) -> Heard:
    sounds = 0.2 * torch.randn(len(names) + 1, 2, samples, generator=torch.Generator().manual_seed(seed))
    return Heard(sounds[0], dict(zip(names, sounds[1:], strict=True)))


def chain(taps: dict[str, tuple[LossSpec, ...]]) -> ChainLoss:
    cells = tuple(Cell(name=name, type="saw") for name in taps if name != "main")
    graph = Graph(
        name="voice",
        layers=(Layer(name="a", cells=cells or (Cell(name="osc", type="saw"),)),),
        outputs=(Output(name="main", cables=(Cable(verb=Verb.FEED, source=cells[0].name if cells else "osc"),)),),
        taps=tuple(Tap(cells=(name,), losses=losses) for name, losses in taps.items()),
    )
    return ChainLoss.of(graph, sample_rate=RATE, control_rate=250)


def test_a_chain_is_the_sum_of_its_losses_in_value_and_gradient() -> None:
    names = tuple(f"osc{number}" for number in range(6))
    sound, target = heard(0, names), heard(1, names)
    for signal in sound.taps.values():
        signal.requires_grad_()
    compared = chain(dict.fromkeys(names, (LossSpec(name="mss", weight=0.5),)))
    value = compared(sound, compared.prepare(target))
    alone = {name: 0.5 * Mss(RATE)(sound.taps[name], target.taps[name]) for name in names}
    assert all(value.terms[f"{name}.mss"].equal(alone[name]) for name in names)
    torch.testing.assert_close(value.total, torch.stack(list(alone.values())).sum(0))
    found = torch.autograd.grad(value.mean, list(sound.taps.values()))
    wanted = torch.autograd.grad(torch.stack(list(alone.values())).sum(0).mean(), list(sound.taps.values()))
    for one, other in zip(found, wanted, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("place", ["osc", "main"])
def test_a_spectrum_is_computed_once_for_all_losses_of_a_tap(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    asked: list[tuple[int, int]] = []
    computed = frames._power_spectrum

    def counted(signal: Tensor, size: int, hop: int, points: int | None) -> Tensor:
        asked.append((size, hop))
        return computed(signal, size, hop, points)

    monkeypatch.setattr(frames, "_power_spectrum", counted)
    few = LossSpec(name="mel_cepstrum", settings={"coefficients": 5})
    compared = chain({place: (LossSpec(name="mel_cepstrum"), few, LossSpec(name="loudness"))})
    sound, target = heard(0, ("osc",)), compared.prepare(heard(1, ("osc",)))
    signal = sound.audio if place == "main" else sound.taps["osc"]
    signal.requires_grad_()
    asked.clear()
    value = compared(sound, target)
    assert sorted(asked) == [(512, 128), (512, 256)]
    other = heard(1, ("osc",))
    apart = MelCepstrum(RATE, coefficients=5)(signal, other.audio if place == "main" else other.taps["osc"])
    assert value.terms[f"{place}.mel_cepstrum:2"].equal(apart)
    value.mean.backward()
    assert signal.grad is not None
    assert signal.grad.isfinite().all()


def test_a_signal_that_was_changed_in_place_is_analysed_again() -> None:
    sound = torch.ones(1, 256)
    with frames.shared():
        before = frames.power_spectrum(sound, 64, 16)
        sound.mul_(2)
        torch.testing.assert_close(frames.power_spectrum(sound, 64, 16), 4 * before)


def test_a_chain_is_heard_in_inference_mode() -> None:
    compared = chain({"osc": (LossSpec(name="mss"), LossSpec(name="mel_cepstrum"))})
    sound, target = heard(0, ("osc",)), heard(1, ("osc",))
    with torch.inference_mode():
        inside = Heard(sound.audio.clone(), {"osc": sound.taps["osc"].clone()})
        assert compared(inside, target).total.equal(compared(sound, target).total)


def multi_resolution(log: float = 1.0) -> auraloss.freq.MultiResolutionSTFTLoss:
    hops = [size // 4 for size in SIZES]
    return auraloss.freq.MultiResolutionSTFTLoss(SIZES, hops, SIZES, w_sc=0.0, w_log_mag=log, w_lin_mag=1.0)


def sounds(silence: int) -> Tensor:
    middle = 0.2 * torch.randn(2, 4, 64_000 - 2 * silence, generator=torch.Generator().manual_seed(0))
    return torch.nn.functional.pad(middle, (silence, silence))


# The other loss mirrors a signal at its ends, ours continues it with silence. It clamps power at 1e-8, ours adds the
# floor: at -140 dB both lie below all magnitudes that count here.


def test_it_is_the_multi_resolution_loss_of_auraloss_where_ends_are_silent() -> None:
    prediction, target = sounds(silence=2048)
    theirs = multi_resolution()(prediction[:, None], target[:, None])
    torch.testing.assert_close(Mss(RATE, floor=-140.0)(prediction, target).mean(), theirs, rtol=1e-5, atol=0)


def test_gradients_of_linear_magnitudes_are_those_of_auraloss() -> None:
    prediction, target = sounds(silence=2048)
    given, same = prediction.clone().requires_grad_(), prediction.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(Mss(RATE, log=0.0, floor=-140.0)(given, target).mean(), given)
    (wanted,) = torch.autograd.grad(multi_resolution(log=0.0)(same[:, None], target[:, None]), same)
    assert (gradient - wanted).norm() < 1e-3 * wanted.norm()


def test_mirrored_ends_change_the_value_by_half_a_percent() -> None:
    prediction, target = sounds(silence=0)
    theirs = multi_resolution()(prediction[:, None], target[:, None])
    torch.testing.assert_close(Mss(RATE, floor=-140.0)(prediction, target).mean(), theirs, rtol=6e-3, atol=0)
