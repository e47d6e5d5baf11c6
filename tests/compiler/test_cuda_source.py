"""Kernels as CUDA: they compile, and run thread by thread on the processor they give what plain torch gives.

There is no graphics processor in these tests. What they show is that the text is CUDA and that its indices, chunks,
boards and sums are right; what only a device can show is its arithmetic and its speed.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from patchc.cells.spec import Kind
from patchc.compiler.fused import cuda, device, kernel, operator
from patchc.compiler.fused.device import CudaDevice
from patchc.compiler.fused.region import Form
from patchc.compiler.load import compile_graph, load
from patchc.compiler.module import PatchModule
from patchc.compiler.open import read_graph
from patchc.graph.load import load_graph
from patchc.graph.model import Graph
from patchc.native import library, plain
from patchc.native.cuda_toolchain import CudaCompiler, find_nvcc
from patchc.native.toolchain import CompileError
from patchc.source.text import Source
from patchc.testing.agreement import Leaves, Trio, by_settings

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.patch"))
BEFORE = (Path(__file__).parent / "cuda_on_cpu.h").read_text()

SORTS = """patchc 1

patch sorts {
  input pitch : control = 220 Hz in 27.5 Hz .. 2 kHz log
  input gate  : gate
  input voice : audio

  cell sway : lfo { rate = learn 5 Hz in 0.5 Hz .. 9 Hz log }
  cell env  : adsr { gate <- gate; attack = 10 ms; release = learn 50 ms in 5 ms .. 500 ms log }
  cell one  : saw { freq = pitch; freq += sway * 30 ct; level = -6 dB }
  cell two  : pulse { freq = pitch / 2; width += sway * learn 20 % in 0 % .. 40 % }
  cell deep : sine { freq = pitch / 2; freq += one * 100 ct; phase += voice * learn 0.4 cyc in 0 cyc .. 1 cyc }
  cell hiss : noise { level = -20 dB; level *= env }
  cell body : mix { in <- one, two * -3 dB, deep, hiss, voice * 0.5 }
  cell vcf  : svf { in <- body; cutoff = learn 900 Hz in 100 Hz .. 3.5 kHz log; cutoff += env * 1.5 oct }
  cell room : onepole { in <- vcf; cutoff = 2 kHz }

  output left  <- room
  output right <- vcf, two * 0.1
}
"""
RATE = 8_000


class OnCpu(CudaDevice):
    """A graphics processor that is a processor: `cuda_on_cpu.h` says what CUDA's words mean."""

    def kind(self) -> str:
        return "cuda on cpu"

    def build(self, text: str) -> ctypes.CDLL:
        return library.load(cuda.whole(text, BEFORE))

    def fields(self) -> dict[str, int]:
        return {}


@pytest.fixture
def on_cpu(monkeypatch: pytest.MonkeyPatch) -> OnCpu:
    """Kernels run as CUDA on the processor; afterwards they are as they were."""
    emulated = OnCpu(torch.device("cpu"))
    monkeypatch.setattr(kernel, "device_of", lambda device: emulated)
    return emulated


@pytest.fixture
def sorts() -> Graph:
    found, diagnostics = load_graph(Source("sorts.patch", SORTS))
    assert found is not None, [d.message for d in diagnostics]
    return found


def example(name: str) -> Graph:
    graph, _ = read_graph(ROOT / "examples" / f"{name}.patch", None)
    return graph


def wave(*shape: int) -> Tensor:
    """Numbers that move slowly, 0 to 1."""
    ticks = torch.arange(shape[-1]) / shape[-1]
    rows = torch.rand(*shape[:-1], 1, generator=torch.Generator().manual_seed(0))
    return 0.5 + 0.5 * torch.sin(6.28 * (rows + ticks * (1 + 2 * rows)))


def far(three: Trio, render: Callable[..., object], leaves: Leaves) -> list[object]:
    return [one for one in three.differences(render, leaves) if one.too_far]  # type: ignore[arg-type]


# --- what it does, thread by thread


@pytest.mark.parametrize("threads", [2**17, 64], ids=["a frame each", "chunks"])
@pytest.mark.parametrize("batch", [1, 3, 33])
def test_voices_and_chunks(
    on_cpu: OnCpu, sorts: Graph, monkeypatch: pytest.MonkeyPatch, batch: int, threads: int
) -> None:
    monkeypatch.setattr(device, "THREADS", threads)
    three = Trio(sorts, RATE)
    leaves = {"settings": three.fused.draw(batch, seed=batch), "voice": wave(batch, 800) - 0.5}
    assert far(three, with_voice, leaves) == []


def with_voice(module: PatchModule, leaves: Leaves) -> object:
    return module(leaves["settings"], seconds=0.1, seed=3, inputs={"voice": leaves["voice"]})


def test_what_all_voices_share(on_cpu: OnCpu, sorts: Graph) -> None:
    three = Trio(sorts, RATE)
    assert far(three, with_voice, {"settings": three.fused.draw(3, seed=1), "voice": wave(800) - 0.5}) == []


def test_settings_that_move(on_cpu: OnCpu, sorts: Graph) -> None:
    three = Trio(sorts, RATE)
    moving = wave(3, three.fused.width, three.fused.frames(0.1)).transpose(1, 2)
    assert far(three, by_settings(seconds=0.1, seed=1), {"settings": moving}) == []


@pytest.mark.parametrize("samples", [1, 5, 12, 797])
def test_short_and_odd_lengths(on_cpu: OnCpu, sorts: Graph, samples: int) -> None:
    three = Trio(sorts, RATE)
    render = by_settings(seconds=samples / RATE, seed=1)
    assert far(three, render, {"settings": three.fused.draw(3, seed=7)}) == []


@pytest.mark.parametrize("hop", [1, 32, 45])
def test_frames_of_any_length(on_cpu: OnCpu, sorts: Graph, hop: int) -> None:
    """Shorter than a board, just as wide, and wider by less than another one."""
    three = Trio(sorts, RATE, RATE / hop)
    assert far(three, by_settings(seconds=0.05, seed=1), {"settings": three.fused.draw(2, seed=8)}) == []


@pytest.mark.parametrize("batch", [1, 5])
def test_time_in_pieces(on_cpu: OnCpu, sorts: Graph, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(device, "THREADS", 100)
    assert on_cpu.pieces(batch, 2) == 100 // batch
    three = Trio(sorts, RATE)
    three.fused = compile_graph(sorts, sample_rate=RATE, split_time=True)
    assert far(three, by_settings(seconds=0.2, seed=1), {"settings": three.fused.draw(batch, seed=4)}) == []


def test_company_changes_no_bit(on_cpu: OnCpu, sorts: Graph) -> None:
    """Alone or among others a voice is the same, and so are gradients the next time."""
    synth = compile_graph(sorts, sample_rate=RATE)
    settings = synth.draw(35, seed=2)
    found = []
    for part in (settings, settings, settings[:3]):
        leaf = part.clone().requires_grad_()
        sound = synth(leaf, seconds=0.1, seed=4)
        found.append((sound.audio, *torch.autograd.grad(sound.audio.square().sum(), leaf)))
    assert torch.equal(found[0][0][:3], found[2][0])
    assert all(torch.equal(*pair) for pair in zip(found[0], found[1], strict=True))


QUICK = ("organ", "wobble")


@pytest.mark.parametrize(
    "name", [pytest.param(one.stem, marks=[] if one.stem in QUICK else pytest.mark.slow) for one in EXAMPLES]
)
def test_example_agrees(on_cpu: OnCpu, name: str) -> None:
    three = Trio(example(name), 16_000)
    settings = torch.cat([three.fused.draw(4, seed=1), three.fused.defaults()])
    heard = {one.name: wave(3200) - 0.5 for one in three.fused.plan.inputs if one.kind is Kind.AUDIO}
    render = by_settings(seconds=0.2, seed=5, inputs=heard)
    assert far(three, render, {"settings": settings}) == []


# --- what is said


PARTED = """
namespace by_sample {
LOOP void parted(const Call& c, long number) { if (number % 2) __syncwarp(); }
}
KERNEL(forward) { RUN(by_sample::parted, 5); }
"""


def test_a_kernel_that_fails_is_said(on_cpu: OnCpu) -> None:
    with pytest.raises(RuntimeError, match="threads of one warp have parted"):
        on_cpu.run(on_cpu.build(PARTED), "forward", kernel.Call())


def test_without_a_compiler_plain_torch_plays(
    on_cpu: OnCpu, sorts: Graph, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NVCC", str(tmp_path / "nvcc"))
    monkeypatch.setattr(plain, "_said", set())
    monkeypatch.setattr(on_cpu, "key", "nothing built yet")
    monkeypatch.setattr(on_cpu, "build", lambda text: library.load(text, find_nvcc("sm_90")))
    synths = [compile_graph(sorts, sample_rate=RATE) for _ in range(2)]
    with pytest.warns(plain.PlainExecutorWarning, match="no CUDA compiler") as said:
        sounds = [synth(seconds=0.01).audio for synth in synths]
    assert len(said) == 1
    assert [synth.executor for synth in synths] == ["reference"] * 2
    exact = compile_graph(sorts, sample_rate=RATE, executor="reference")
    assert all(torch.equal(sound, exact(seconds=0.01).audio) for sound in sounds)


def test_compiler_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where NVCC says and nowhere else, then where CUDA is, then in the path."""
    for folder in ("asked", "home/bin", "path"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "nvcc").write_text("#!/bin/sh\n")
        (tmp_path / folder / "nvcc").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    for name in ("NVCC", "CUDA_HOME", "CUDA_PATH"):
        monkeypatch.delenv(name, raising=False)
    assert find_nvcc("sm_90").path == str(tmp_path / "path" / "nvcc")
    monkeypatch.setenv("CUDA_HOME", str(tmp_path / "home"))
    assert find_nvcc("sm_90").path == str(tmp_path / "home" / "bin" / "nvcc")
    monkeypatch.setenv("NVCC", str(tmp_path / "asked" / "nvcc"))
    assert find_nvcc("sm_90").path == str(tmp_path / "asked" / "nvcc")
    monkeypatch.setenv("NVCC", str(tmp_path / "no" / "nvcc"))
    with pytest.raises(CompileError, match="no CUDA compiler"):
        find_nvcc("sm_90")


# --- what compiles


def nvcc() -> CudaCompiler:
    try:
        return find_nvcc("sm_90")
    except CompileError as error:
        pytest.skip(str(error))


def kernels(path: Path) -> list[kernel.Kernel]:
    """Those of a call that hands over a matrix of settings and wants every signal."""
    synth = load(path, sample_rate=44_100, split_time=True)
    assert synth._fused is not None
    steps = synth._fused.steps(Form("still"), tuple(synth._player.cells))
    return [operator.kernel(step.key) for step in steps]


def compiles(text: str, folder: Path) -> None:
    (folder / "kernel.cu").write_text(cuda.whole(text))
    nvcc().build(folder / "kernel.cu", folder / "kernel.so")
    built = ctypes.CDLL(str(folder / "kernel.so"))
    assert all(hasattr(built, name) for name in ("refused", "trouble"))


def test_one_patch_compiles(tmp_path: Path) -> None:
    nvcc()
    first, *_ = kernels(ROOT / "examples" / "wobble.patch")
    assert first.forward_text in cuda.whole(first.forward_text)
    compiles(first.forward_text, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_compiles(path: Path, tmp_path: Path) -> None:
    nvcc()
    for one in kernels(path):
        for text in (one.forward_text, one.backward_text, *([one.split_text] if one.split else [])):
            compiles(text, tmp_path)


def test_what_does_not_compile_is_said(tmp_path: Path) -> None:
    (tmp_path / "kernel.cu").write_text("this is not CUDA")
    with pytest.raises(CompileError, match=r"refused the kernel: .*error"):
        nvcc().build(tmp_path / "kernel.cu", tmp_path / "kernel.so")


@pytest.mark.skipif(torch.cuda.is_available(), reason="with a device the benchmark measures, and takes its time")
@pytest.mark.skipif(shutil.which("nvcc") is None, reason="no CUDA compiler")
@pytest.mark.slow
def test_benchmark_without_a_device_compiles_and_says_so(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "gpu_speed.py"), "--out", str(tmp_path / "speed.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr
    assert "no CUDA device" in done.stdout
    assert not (tmp_path / "speed.json").exists()
