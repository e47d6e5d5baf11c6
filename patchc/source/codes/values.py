"""P2xx: values that are not what their place needs"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class UnknownMember(Diagnostic, code="P227"):
    """A choice gets something that is not one of its members.

    cell vcf : svf { mode = lowpas }       wrong
    cell vcf : svf { mode = lowpass }      right
    """

    stage = "names"
    title = "`{name}` is not a member of `{choice}`"
    label = "not one of them"
    help = "its members are {members}"

    name: str
    choice: str
    members: str


class NotAChoice(Diagnostic, code="P228"):
    """A choice stands where a number is needed, or a number where a choice is.

    A choice is a param (or port) whose range is a list of names: `param route = vibrato in [vibrato, off]`. `when`
    asks for a member of a choice; arithmetic asks for numbers.

        freq += lfo * 2 st  when detune is on         wrong, if `detune` is a number
        freq += lfo * 2 st  when route is vibrato     right
    """

    stage = "names"
    title = "`{name}` is {found}; {needed} is needed here"
    label = "{found}"

    name: str
    found: str
    needed: str


class NotConstant(Diagnostic, code="P229"):
    """Something that must be known when the patch is compiled depends on an input or a param.

    The starting value of a `learn`, `predict` or random number, the ends of a range, the numbers of a prior, sizes and
    the ends of a loop are fixed numbers. Loop variables, sizes and arithmetic between them are.

        freq = learn pitch in 20 Hz .. 8 kHz log      wrong
        param tune = learn 0 ct in -50 ct .. 50 ct
        freq = pitch + tune                           right
    """

    stage = "names"
    title = "{what} must be a fixed number"
    label = "this depends on `{name}`"
    rule = "what is learned, predicted or drawn starts from a number, and ranges and sizes are fixed"

    what: str
    name: str


class RangeMissing(Diagnostic, code="P230"):
    """A number that may change has no range, and there is no usual one to take.

    Ports bring their usual ranges, so `cutoff = learn` is complete. Depths of cables, params and a few ports that know
    no bounds have none.

        in <- osc * learn -6 dB                     wrong
        in <- osc * learn -6 dB in -60 dB .. 0 dB   right
    """

    stage = "names"
    title = "`{name}` may change, and has no range"
    label = "a range is missing"
    rule = "every number that is learned, predicted or drawn has a range"
    help = "add one: `in low .. high`"

    name: str


class NotFinite(Diagnostic, code="P231"):
    """A number, or the result of arithmetic between numbers, is too large or has no value.

    level = 6 dB / 0          wrong
    freq = 440 Hz + 9999 oct  wrong
    """

    stage = "names"
    title = "`{text}` is not a finite number"
    label = "no such number"

    text: str
