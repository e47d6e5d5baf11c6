"""What is said about a formula that cannot be traced: in which line of which file it did what, and what it may do."""

from __future__ import annotations

import inspect
import traceback
from pathlib import Path

from patchc.cells.cell import Cell
from patchc.compiler.fused.nodes import Untraceable
from patchc.dsp.dsp import Dsp
from patchc.source.codes.running import UntraceableFormula
from patchc.source.error import PatchError

_HERE = Path(inspect.getfile(Dsp)).parents[1]


def refused(cell: Cell, error: Exception) -> Exception:
    """The `PatchError` (P611) for what tracing `cell` ended with, or `error` itself where patchc is to blame."""
    frames = traceback.extract_tb(error.__traceback__)
    code = type(cell).forward.__code__
    own = [frame.lineno for frame in frames if frame.filename == code.co_filename]
    inner = Path(frames[-1].filename)
    foreign = own and (frames[-1].filename == code.co_filename or not inner.is_relative_to(_HERE))
    if not isinstance(error, Untraceable) and not foreign:
        return error
    return PatchError(
        [
            UntraceableFormula(
                span=None,
                cell=cell.spec.name,
                file=code.co_filename,
                line=(own[-1] if own else None) or code.co_firstlineno,
                what=_said(error),
                allowed=", ".join(primitives()),
            )
        ]
    )


def primitives() -> list[str]:
    """The methods of `dsp`."""
    return [name for name, value in vars(Dsp).items() if inspect.isfunction(value) and not name.startswith("_")]


def _said(error: Exception) -> str:
    if isinstance(error, Untraceable):
        return str(error)
    text = str(error).replace("'Node'", "a signal").replace("Node", "a signal")
    return f"fails: {text or type(error).__name__}"
