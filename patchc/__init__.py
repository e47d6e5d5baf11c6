"""patchc compiles a patch, a text file, into a differentiable instrument with a tap on every cell.

The names below load what they need when they are first used: `import patchc` alone is quick, and checking a patch never
loads torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from patchc import losses as losses
    from patchc.compiler.load import compile_graph as compile
    from patchc.compiler.load import load as load
    from patchc.compiler.module import PatchModule as PatchModule
    from patchc.compiler.open import check as check
    from patchc.compiler.sound import Sound as Sound
    from patchc.graph.model import Graph as Graph
    from patchc.matching.match import Match as Match
    from patchc.matching.match import match as match
    from patchc.source.diagnostic import Diagnostic as Diagnostic
    from patchc.source.error import PatchError as PatchError

_WHERE = {
    "check": ("patchc.compiler.open", "check"),
    "load": ("patchc.compiler.load", "load"),
    "compile": ("patchc.compiler.load", "compile_graph"),
    "match": ("patchc.matching.match", "match"),
    "Match": ("patchc.matching.match", "Match"),
    "losses": ("patchc.losses", None),
    "PatchModule": ("patchc.compiler.module", "PatchModule"),
    "Sound": ("patchc.compiler.sound", "Sound"),
    "Graph": ("patchc.graph.model", "Graph"),
    "Diagnostic": ("patchc.source.diagnostic", "Diagnostic"),
    "PatchError": ("patchc.source.error", "PatchError"),
}

__all__ = [
    "Diagnostic",
    "Graph",
    "Match",
    "PatchError",
    "PatchModule",
    "Sound",
    "check",
    "compile",
    "load",
    "losses",
    "match",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("patchc")
    if name not in _WHERE:
        raise AttributeError(f"module `patchc` has no attribute `{name}`")
    module, attribute = _WHERE[name]
    found = import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return __all__
