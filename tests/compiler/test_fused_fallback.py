"""Where no kernel can be built plain torch plays the same sound, and says so once; every build plays the same sound."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from patchc.compiler.fused import operator
from patchc.compiler.load import load
from patchc.compiler.module import PatchModule
from patchc.native import plain, toolchain
from patchc.native.plain import PlainExecutorWarning
from patchc.native.toolchain import EXTRA, find_compiler
from patchc.testing.agreement import Trio, by_settings

WOBBLE = Path(__file__).parents[2] / "examples/wobble.patch"
SUBTRACTIVE = WOBBLE.with_name("subtractive.patch")


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is built and nothing said yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(operator, "_kernels", {})
    monkeypatch.setattr(plain, "_said", set())


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a shell script the compiler; `$real` in it is the machine's."""

    def made(script: str) -> None:
        path = tmp_path / "fake-c++"
        path.write_text(f"#!/bin/sh\nreal={find_compiler().path}\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("CXX", str(path))

    return made


def play(module: PatchModule) -> torch.Tensor:
    with torch.no_grad():
        return module(module.draw(3, seed=1), seconds=0.1, seed=2).audio


def play_plainly(path: Path, words: str) -> None:
    """Twice with two modules: one warning, the sound and the gradients of plain torch."""
    expected = play(load(path, sample_rate=8_000, executor="reference"))
    module = load(path, sample_rate=8_000)
    with pytest.warns(PlainExecutorWarning, match=words) as said:
        sound = play(module)
    assert len(said) == 1
    assert module.executor == "reference"
    assert torch.equal(sound, expected)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert torch.equal(play(module), expected)
        assert torch.equal(play(load(path, sample_rate=8_000)), expected)
        module(seconds=0.1).audio.square().sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


def test_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", "")
    play_plainly(WOBBLE, r"no C\+\+ compiler in the path")


def test_a_compiler_that_is_too_old(fake: Callable[[str], None]) -> None:
    fake('echo "error: unrecognized option -std=c++17" >&2; exit 1')
    play_plainly(WOBBLE, "unrecognized option")


def test_a_compiler_that_hangs(fake: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    fake("sleep 600")
    monkeypatch.setattr(toolchain, "PATIENCE", 0.5)
    play_plainly(WOBBLE, "did not finish")


def test_the_warning_points_at_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CXX", "/nowhere/c++")
    module = load(WOBBLE, sample_rate=8_000)
    with pytest.warns(PlainExecutorWarning) as said:
        module(seconds=0.01)
    assert said[0].filename == __file__


def test_a_compiler_that_fails_on_the_backward_path_only(fake: Callable[[str], None]) -> None:
    """Whoever wants gradients gets them from plain torch, with the sound they are of; that is said before, not
    after."""
    refusing = "grep -q 'KERNEL(backward)' \"$word\" && echo 'error: too long' >&2 && exit 1"
    fake(f'for word; do case "$word" in *.cpp) {refusing};; esac; done; exec "$real" "$@"')
    module = load(WOBBLE, sample_rate=8_000)
    play(module)
    assert module.executor == "fused"
    with pytest.warns(PlainExecutorWarning, match="too long") as said:
        sound = module(seconds=0.1).audio
    assert len(said) == 1
    sound.square().sum().backward()
    assert all(parameter.grad is not None for parameter in module.parameters())


@pytest.mark.parametrize("flags", ["-mno-avx512f", "-march=x86-64", "-O0"])
def test_every_build_plays_the_same(flags: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With vectors of eight and of four, with and without fused multiplication."""
    monkeypatch.setenv(EXTRA, flags)
    graph = load(SUBTRACTIVE, executor="reference").graph
    three = Trio(graph, 16_000)
    for batch in (2, 5, 17):
        settings = three.fused.draw(batch, seed=batch)
        found = three.differences(by_settings(seconds=0.1, seed=1), {"settings": settings})
        assert [one for one in found if one.too_far] == []


def test_no_place_for_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels are built for this process alone, and nothing is said."""
    expected = play(load(WOBBLE, sample_rate=8_000))
    monkeypatch.setattr(operator, "_kernels", {})
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    module = load(WOBBLE, sample_rate=8_000)
    assert torch.equal(play(module), expected)
    assert module.executor == "fused"
