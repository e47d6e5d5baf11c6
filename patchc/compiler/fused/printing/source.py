"""The whole text of a kernel: its loops, the function that calls them in order, and what all kernels share."""

from __future__ import annotations

from collections.abc import Sequence

from patchc.compiler.fused.call import declaration
from patchc.compiler.fused.printing import frames, samples
from patchc.compiler.fused.printing.frames import StageBackward, StageForward
from patchc.compiler.fused.printing.placed import placings
from patchc.compiler.fused.printing.probes import probes
from patchc.compiler.fused.printing.samples import SamplesForward
from patchc.compiler.fused.printing.samples_backward import SamplesBackward
from patchc.compiler.fused.program import Program
from patchc.native.library import header


def forward_text(program: Program, split: bool = False) -> str:
    """The patch's own part of the source of `forward`: stages with the sums between them, then the samples.

    With `split`, time may be cut though states last: probes find out what they are in the middle.
    """
    functions, calls = [_sums(program, "")], []
    for stage in program.stages:
        loop = StageForward(program, stage)
        functions.append(loop.text())
        calls += [loop.run(), *(_sum_call(program.slots[state.node], "") for state in stage.sums)]
    for probe in probes(program) if split else []:
        functions.append(probe.text())
        calls += probe.calls()
    functions[1:1] = [placing.forward_text() for placing in placings(program)]
    if program.audio:
        passing = SamplesForward(program)
        functions.append(passing.text())
        calls.append(passing.run())
    return _file(program, functions, "forward", calls)


def backward_text(program: Program) -> str:
    """The patch's own part of the source of `backward`: the same loops the other way."""
    functions, calls = [_sums(program, "_back")], []
    for placing in placings(program):
        functions += [placing.forward_text(), placing.backward_text()]
    if program.audio:
        passing = SamplesBackward(program)
        functions.append(passing.text())
        calls.append(passing.run_back())
    for stage in reversed(program.stages):
        loop = StageBackward(program, stage)
        functions.append(loop.text())
        calls += [*(_sum_call(program.slots[state.node], "_back") for state in stage.sums), loop.run_back()]
    return _file(program, functions, "backward", calls)


def _sum_call(slot: int, end: str) -> str:
    return f"  RUN(sum_{slot}{end}, {frames.SPACE}::groups(c));"


def _sums(program: Program, end: str) -> str:
    """One function for each sum over frames."""
    slots = [program.slots[state.node] for stage in program.stages for state in stage.sums]
    call = f"{frames.SPACE}::sum_slot{end}(c, group, {{}}, {len(program.slots)});"
    return "\n".join(
        f"LOOP void sum_{n}{end}(const Call& c, long group) {{ {call.replace('{}', str(n))} }}" for n in slots
    )


def _file(program: Program, functions: Sequence[str], name: str, calls: Sequence[str]) -> str:
    driver = [f"KERNEL({name}) {{", *calls, "}", ""]
    head = f"static const int HOP = {program.hop};  // samples from one control frame to the next"
    return "\n\n".join([head, *filter(None, functions), "\n".join(driver)])


def whole(text: str) -> str:
    """A file that can be compiled: `text` behind what all kernels share."""
    spaces = [_space(samples.SPACE, "WIDEST", 1), _space(frames.SPACE, "(WIDEST / 2)", 0)]
    return "\n".join([declaration(), header("threads.h"), header("launch.h"), *spaces, text])


def _space(name: str, lanes: str, pair: int) -> str:
    """Vectors of one width, and what loops on them share."""
    definitions = f"#define LANES {lanes}\n#define PAIR {pair}"
    return "\n".join(
        [
            definitions,
            f"namespace {name} {{",
            header("simd.h"),
            header("interleave.h"),
            header("kernel.h"),
            "}",
            "#undef LANES\n#undef PAIR",
        ]
    )
