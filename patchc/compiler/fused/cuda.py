"""The same loops as CUDA: the patch's own part of the text does not change, only what its words mean."""

from __future__ import annotations

from patchc.compiler.fused.call import declaration
from patchc.compiler.fused.printing import frames, samples
from patchc.native.library import header


def whole(text: str, before: str = "") -> str:
    """A file that can be compiled: `text` behind what all kernels share, all of it behind `before`."""
    spaces = [_space(name) for name in (samples.SPACE, frames.SPACE)]
    return "\n".join([before, declaration(), header("cuda/launch.h"), *spaces, text])


def _space(name: str) -> str:
    """One lane is as wide as another here, so both kinds of loop are written in the same words."""
    return "\n".join([f"namespace {name} {{", header("cuda/simd.h"), header("cuda/kernel.h"), "}"])
