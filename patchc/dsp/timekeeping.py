"""A machine of control cells that notes what a formula asks of time: a signal may jump or bend between its frames."""

from __future__ import annotations

from typing import Any

from patchc.dsp.dsp import Dsp, Signal


def _remembering(name: str) -> Any:
    """The primitive `name`, which notes that it was used."""

    def primitive(self: Timekeeping, *args: Any, **options: Any) -> Any:
        self.remembers = True
        return getattr(super(Timekeeping, self), name)(*args, **options)

    return primitive


class Timekeeping(Dsp):
    """To be mixed into a machine.

    `timed` says whether the formula asked for the time, `moments` are those it counted from, in seconds, and
    `remembers` says whether it has memory, which makes it a signal of frames alone.
    """

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.timed = False
        self.moments: list[Signal] = []
        self.remembers = False

    def time(self) -> Signal:
        self.timed = True
        return super().time()  # type: ignore[safe-super]

    def since(self, moment: Signal) -> Signal:
        self.timed = True
        self.moments.append(moment)
        return super().since(moment)  # type: ignore[safe-super]

    phase = _remembering("phase")
    noise = _remembering("noise")
    onepole = _remembering("onepole")
    svf = _remembering("svf")
    delay = _remembering("delay")
    partials = _remembering("partials")
    shaped_noise = _remembering("shaped_noise")
    reverberate = _remembering("reverberate")
