"""What patchc's exit codes mean; they never change."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    FINDINGS = 1
    USAGE = 2
    INTERNAL = 3
    NOT_REACHED = 4
    INTERRUPTED = 130


MEANING = {
    Exit.OK: "all is well",
    Exit.FINDINGS: "something was found: errors in a patch, a file that is not formatted",
    Exit.USAGE: "the command was not understood: an unknown option, a knob that does not exist",
    Exit.INTERNAL: "a bug in patchc",
    Exit.NOT_REACHED: "`match --tolerance` was not reached",
    Exit.INTERRUPTED: "stopped by Ctrl-C; what was found so far is kept",
}
