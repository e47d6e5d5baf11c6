"""NVIDIA's compiler: where it is, what it is asked for, and what is said when there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patchc.native.toolchain import CompileError, first_error, identity, run_compiler

FLAGS = (
    "-std=c++17",
    "-shared",
    "-Xcompiler=-fPIC",
    "--ftz=true",  # numbers too small for a full exponent are silence, as on the processor
    "--prec-div=false",  # two units in the last place, in a third of the time
    "--prec-sqrt=false",
    "-w",
)

FOLDERS = ("CUDA_HOME", "CUDA_PATH")
"""Variables of the environment that say where CUDA is."""

USUAL = Path("/usr/local/cuda")

PATIENCE = 900.0
"""Seconds that one compilation may take."""


@dataclass(frozen=True)
class CudaCompiler:
    """A compiler by its path, and the kind of device it compiles for, as in `sm_90`."""

    path: str
    device: str
    suffix = ".cu"

    @property
    def parts(self) -> tuple[str, ...]:
        """All that a library depends on besides its text."""
        return *FLAGS, self.device, identity(self.path)

    def build(self, source: Path, target: Path) -> None:
        """Makes the shared library `target`; whatever else is written lies beside it. Raises `CompileError`."""
        command = [self.path, *FLAGS, f"-arch={self.device}", str(source), "-o", str(target)]
        code, errors = run_compiler(command, target.parent, PATIENCE)
        if code != 0 or not target.exists():
            raise CompileError(f"{self.path} refused the kernel: {first_error(errors)}")


def find_nvcc(device: str) -> CudaCompiler:
    """The compiler that `NVCC` asks for, else the one of CUDA's folder or in the path. Raises `CompileError`."""
    for name in _names():
        found = shutil.which(name)
        if found is not None:
            return CudaCompiler(found, device)
    raise CompileError("no CUDA compiler: looked for `nvcc` in the path, and where NVCC, CUDA_HOME and CUDA_PATH say")


def _names() -> Iterator[str]:
    asked = os.environ.get("NVCC")
    if asked:
        yield asked
        return
    yield from (str(Path(os.environ[name], "bin", "nvcc")) for name in FOLDERS if os.environ.get(name))
    yield "nvcc"
    yield str(USUAL / "bin" / "nvcc")
