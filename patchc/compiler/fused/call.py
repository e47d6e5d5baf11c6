"""How a kernel is called: the structure that Python fills and C++ reads."""

from __future__ import annotations

import ctypes

from patchc.native.layout import assertions, mirrors
from patchc.native.library import header

_LONGS = ("batch", "samples", "frames", "padded", "chunk", "threads")
INPUTS = ("constants", "control_in", "audio_in", "seed")
OUTPUTS = ("control", "audio", "doubles", "singles", "states")
_SPLIT = ("starts", "ends")
_BACK = ("grad_control", "grad_audio", "here", "there", "partial", "grad_constants", "grad_control_in", "grad_audio_in")


@mirrors("call.h", "Call")
class Call(ctypes.Structure):
    """`Call` of patchc/native/call.h."""

    _fields_ = [
        *((name, ctypes.c_long) for name in _LONGS),
        *(pair for name in INPUTS for pair in ((name, ctypes.c_void_p), (f"{name}_step", ctypes.c_long))),
        *((name, ctypes.c_void_p) for name in OUTPUTS),
        ("split", ctypes.c_long),
        *((name, ctypes.c_void_p) for name in (*_SPLIT, *_BACK, "stream")),
        ("device", ctypes.c_long),
    ]


def declaration() -> str:
    """The structure in C++, which compiles only if it lies in memory as `Call` does."""
    return "\n".join([header("call.h"), assertions("call.h")])
