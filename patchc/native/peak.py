"""How many vector operations a second one core of this machine does: the limit that no kernel passes."""

from __future__ import annotations

import ctypes
import time
from functools import cache

from patchc.native import library

ROUNDS = 200_000

_SOURCE = """
extern "C" int lanes() { return LANES; }
extern "C" float peak(long rounds) {
  F a[10], m = f(0.999f), c = f(0.001f);
  for (int k = 0; k < 10; k++) a[k] = f((float)k);
  for (long i = 0; i < rounds; i++) {
    a[0] = a[0] * m + c; a[1] = a[1] * m + c; a[2] = a[2] * m + c; a[3] = a[3] * m + c; a[4] = a[4] * m + c;
    a[5] = a[5] * m + c; a[6] = a[6] * m + c; a[7] = a[7] * m + c; a[8] = a[8] * m + c; a[9] = a[9] * m + c;
  }
  F sum = f(0);
  for (int k = 0; k < 10; k++) sum = sum + a[k];
  return sum[0];
}
"""


@cache
def peak() -> tuple[float, int]:
    """Vector operations (a product and a sum each) in a nanosecond on one core, and the numbers in a vector.

    Independent operations on registers, the fastest of nine tries. Raises `CompileError`.
    """
    built = library.load(library.header("simd.h") + _SOURCE)
    built.peak.restype = ctypes.c_float
    best = float("inf")
    for _ in range(9):
        start = time.perf_counter()
        built.peak(ctypes.c_long(ROUNDS))
        best = min(best, time.perf_counter() - start)
    return 10 * ROUNDS / best / 1e9, int(built.lanes())
