"""Sounds: taps by name and by address, several outputs, and what is said about a tap that is not there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.utils._pytree as pytree

from patchc.compiler.load import compile_graph
from patchc.compiler.module import PatchModule
from patchc.compiler.sound import NoSuchTap

Compiler = Callable[..., PatchModule]

BODY = """
cell lfo1 : lfo { rate = 3 Hz }
cell a : sine { freq = 100 Hz; freq += lfo1 * 1 st }
cell b : saw { freq = 200 Hz }
cell deaf : noise { level = -6 dB }
output left  <- a
output right <- b * -6 dB
"""


def test_taps_by_name_and_address(build: Compiler) -> None:
    synth = build(BODY)
    sound = synth(seconds=0.1)
    assert set(sound.taps) == {"lfo1", "a", "b", "deaf"}
    for address, name in synth.addresses.items():
        assert sound.tap(address) is sound.tap(name) is sound.taps[name]
    assert synth.addresses[(0, 0)] == "lfo1"


def test_several_outputs_are_channels(build: Compiler) -> None:
    sound = build(BODY)(seconds=0.1)
    assert sound.audio.shape == (1, 2, 1600)
    assert torch.equal(sound.tap("left"), sound.taps["a"])
    assert torch.equal(sound.tap("right"), sound.audio[:, 1])


def test_only_the_wanted_taps(build: Compiler) -> None:
    synth = build(BODY)
    assert set(synth(seconds=0.1, taps=["a", (0, 0), "left"]).taps) == {"a", "lfo1"}
    assert set(synth(seconds=0.1, taps="b").taps) == {"b"}
    assert set(synth(seconds=0.1, taps="all").taps) == {"lfo1", "a", "b", "deaf"}
    assert not synth(seconds=0.1, taps=[]).taps


def test_a_tap_that_is_not_there(build: Compiler) -> None:
    sound = build(BODY)(seconds=0.1, taps=["a"])
    with pytest.raises(NoSuchTap, match="`b` was not recorded"):
        sound.tap("b")
    with pytest.raises(KeyError, match="did you mean `lfo1`"):
        sound.tap("lfo2")
    with pytest.raises(NoSuchTap, match="no cell stands at"):
        sound.tap((9, 9))


def test_a_sound_is_a_pytree(build: Compiler) -> None:
    sound = build(BODY)(seconds=0.1)
    halved = pytree.tree_map(lambda signal: signal / 2, sound)
    assert torch.equal(halved.audio, sound.audio / 2)
    assert torch.equal(halved.taps["a"], sound.taps["a"] / 2)
    assert halved.sample_rate == 16_000


def test_a_patch_without_outputs_is_silent(build: Compiler) -> None:
    graph = build("cell a : sine { freq = 100 Hz }").graph.model_copy(update={"outputs": ()})
    sound = compile_graph(graph, sample_rate=16_000)(seconds=0.1)
    assert sound.audio.shape == (1, 1600)
    assert not sound.audio.any()
    assert sound.taps["a"].any()
