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


class OneMember(Diagnostic, code="P240"):
    """A list stands where a choice takes one of its members.

    Only vectors, such as `shape` of `harmonic`, take a list of numbers.

        cell vcf : svf { mode = [lowpass, highpass] }     wrong
        cell vcf : svf { mode = learn lowpass in [lowpass, highpass] }     right: it may become either
    """

    stage = "names"
    title = "`{name}` is a choice, and takes one member, not a list"
    label = "a list"
    help = "write one of {members}, or `learn {first} in {list}`"

    name: str
    members: str
    first: str
    list: str


class OneNumberForWeights(Diagnostic, code="P241"):
    """One number stands where weights are needed that add up to one.

    The weights of a spectrum say how strong its parts are next to each other, so one number for all of them says
    nothing. Without a value they are all alike.

        cell tone : harmonic(partials = 3) { shape = 30 % }                   wrong
        cell tone : harmonic(partials = 3) { shape = [50 %, 30 %, 20 %] }     right
    """

    stage = "names"
    title = "`{name}` is {width} weights that add up to one, and `{given}` is one number"
    label = "one number"
    rule = "weights are written one by one: `{example}`"
    help = "write {width} numbers in `[ ]`, or leave `{name}` out: then they are all alike"

    name: str
    width: int
    given: str
    example: str


class WeightsHaveNoRange(Diagnostic, code="P242"):
    """A range is written for weights that add up to one.

    Each weight lies between nothing and all, and how much one may be depends on the others.

        shape = learn in 0 .. 1     wrong
        shape = learn               right
    """

    stage = "names"
    title = "`{name}` is weights that add up to one, which have no range of their own"
    label = "weights need none"
    help = "leave it out"

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
