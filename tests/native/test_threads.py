"""Threads of a kernel: every item is done once, by those that torch has and by new ones where there is no torch."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from patchc.native.library import header, load

SOURCE = (
    header("threads.h")
    + """
struct Given { long* done; long hands, numbers; };
static void once(const Given& given, long item) { __atomic_fetch_add(given.done + item, 1, __ATOMIC_RELAXED); }
extern "C" void deal(long* done, long count, long threads) {
  Given given = {done, 0, 0};
  deal_out(given, once, count, threads);
}
static void meet_there(void* given, long number, long hands) {
  Given& all = *(Given*)given;
  all.hands = hands;
  __atomic_fetch_add(&all.numbers, 1L << number, __ATOMIC_RELAXED);
  while (__atomic_load_n(&all.numbers, __ATOMIC_RELAXED) != (1L << hands) - 1) sched_yield();
}
extern "C" long meet_up(long threads) {
  Given given = {0, 0, 0};
  together(meet_there, &given, threads);
  return given.hands;
}
extern "C" long borrowed() { return GOMP_parallel && omp_get_num_threads; }
"""
)

ALONE = f"""
import ctypes
from patchc.native.library import load
library = load({SOURCE!r})
done = (ctypes.c_long * 1000)()
library.deal(done, ctypes.c_long(1000), ctypes.c_long(4))
assert list(done) == [1] * 1000
print(library.borrowed(), library.meet_up(ctypes.c_long(4)))
"""


@pytest.mark.parametrize("threads", [0, 1, 2, 7])
def test_every_item_is_done_once(threads: int) -> None:
    done = (ctypes.c_long * 1000)()
    load(SOURCE).deal(done, ctypes.c_long(1000), ctypes.c_long(threads))
    assert list(done) == [1] * 1000


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_all_are_there_at_the_same_time(threads: int) -> None:
    """Each waits for all the others, so this ends only if they run side by side, each with a number of its own."""
    assert load(SOURCE).meet_up(ctypes.c_long(threads)) == threads


def test_without_torch_threads_are_made() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "0 4\n"
