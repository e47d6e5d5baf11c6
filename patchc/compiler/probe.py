"""A probe that renders a patch and asks of every learned or predicted number whether a gradient reaches it (P507)."""

from __future__ import annotations

import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.draw import uniform
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import Sound
from patchc.graph.model import Role
from patchc.source.codes.learning import NoGradient
from patchc.source.diagnostic import Diagnostic

LENGTHS = (0.25, 2.0)
"""Seconds of the sounds that are tried, one after the other: most knobs answer in the first."""


def unreachable_knobs(synth: PatchModule, batch: int = 4, seed: int = 0) -> list[Diagnostic]:
    """One P507 for every knob that is not fixed and gets no gradient from what is compared, in `batch` drawn sounds.

    Compared are the cells that the patch's `tap` lines name, and its outputs.
    """
    silent = [knob for knob in synth.knobs if knob.role is not Role.FIXED]
    for seconds in LENGTHS:
        if silent:
            gradient = _gradient(synth, seconds, batch, seed)
            silent = [knob for knob in silent if not bool(gradient[:, knob.columns].abs().sum() > 0)]
    return [NoGradient(span=knob.span, knob=knob.name) for knob in silent]


def _gradient(synth: PatchModule, seconds: float, batch: int, seed: int) -> Tensor:
    """The gradient `[batch, width]` of a random projection of all that is compared, at drawn settings."""
    settings = synth.draw(batch, seed).clamp(0.02, 0.98).requires_grad_()
    sound = synth(
        settings, seconds=seconds, seed=seed, taps=synth.plan.compared, inputs=trial_inputs(synth, seconds, seed)
    )
    (gradient,) = torch.autograd.grad(_projection(sound, seed), settings)
    return gradient


def trial_inputs(synth: PatchModule, seconds: float, seed: int = 0) -> dict[str, Tensor]:
    """White noise `[1, samples]` for every audio input of a patch, so that an effect has something to work on."""
    heard = [item.name for item in synth.graph.inputs if item.kind is Kind.AUDIO]
    return {name: uniform(seed, name, 1, synth.samples(seconds)) - 0.5 for name in heard}


def _projection(sound: Sound, seed: int) -> Tensor:
    total = sound.audio.new_zeros(())
    for name, signal in (("", sound.audio), *sound.taps.items()):
        weights = uniform(seed, name, 1, signal.shape[-1]).to(signal) - 0.5
        total = total + (signal * weights).sum()
    return total
