"""Codes P1xx, about the syntax of a file."""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class Unexpected(Diagnostic, code="P100"):
    """Something stands where it cannot stand.

    The sentence says what could stand there instead. A statement ends with its line, so the mistake is on the line that
    is shown, and the statements after it are read as usual.

    Wrong: `rate = learn 5 Hz in .. 20 Hz log`. Right: `rate = learn 5 Hz in 0.1 Hz .. 20 Hz log`.
    """

    stage = "syntax"
    title = "{sentence}"
    label = "{place}"

    sentence: str
    place: str = ""


class BackwardCable(Diagnostic, code="P101"):
    """A cable is written where it leaves, and must be written where it arrives.

    A cell lists what it hears: the port, `<-`, and the signals that are plugged into it. So a cable stands in one place
    only, and deleting a cell deletes its cables. `->` belongs to `moved` alone.

    Wrong: `in -> osc1`. Right: `in <- osc1`.
    """

    stage = "syntax"
    title = "a cable is written where it arrives, not where it leaves"
    label = "points the wrong way"
    rule = "a cell lists what it hears: `port <- source`"
    help = "turn `a -> b` into `b <- a`, inside the cell that hears it"


class RangeExpected(Diagnostic, code="P102"):
    """After `in` stands a range or a list of choices.

    A range has two ends with `..` between them, and after them a curve: `lin` (the usual one), `log` or `pow 2`.

    Wrong: `cutoff = learn 800 Hz in 8 kHz`. Right: `cutoff = learn 800 Hz in 20 Hz .. 8 kHz log`.
    """

    stage = "syntax"
    title = "expected a range after `in`, found {found}"
    label = "no range"
    rule = "a range is two numbers with `..` between them, a choice is a list in square brackets"
    help = "such as `in 20 Hz .. 8 kHz log` or `in [sine, saw]`"

    found: str


class UnclosedBrace(Diagnostic, code="P103"):
    """A `{` is never closed.

    Where the `}` belongs is guessed from the indentation, and the rest of the file is read as if it stood there.

    Wrong:

        cell vca : gain {
          in <- vcf
        output main <- vca

    Right:

        cell vca : gain {
          in <- vcf
        }
        output main <- vca
    """

    stage = "syntax"
    title = "`{{` opened here is never closed"
    label = "this one"
    rule = "every `{{` needs its `}}`"
    help = "the indentation suggests a `}}` before line {line}"

    line: int


class TwoValues(Diagnostic, code="P104"):
    """A sign that touches its number and not what stands before it makes two values out of a difference.

    `-2` is a number, `k - 2` and `k-2` are differences, and `k -2` could be either.

    Wrong: `(k -2) * spread`. Right: `(k - 2) * spread`.
    """

    stage = "syntax"
    title = "`{before} {number}` reads as two values"
    label = "a number of its own"
    rule = "an operator stands with a space on both sides or on neither"
    help = "write `{before} {sign} {digits}`"

    before: str
    number: str
    sign: str
    digits: str


class StrangeCharacter(Diagnostic, code="P105"):
    """A character means nothing in a patch.

    Text pasted from a page often brings signs that only look like the ones of the language: curly quotation marks, long
    dashes, arrows. Inside comments and strings every character may stand.
    """

    stage = "syntax"
    title = "the character {character} means nothing here"
    label = "this one"
    rule = "outside comments and strings a patch is written in plain letters, digits and signs"
    help = "delete it"

    character: str


class OpenString(Diagnostic, code="P106"):
    """A string is never closed.

    A string ends on the line it starts on.

    Wrong: `author = "me`. Right: `author = "me"`.
    """

    stage = "syntax"
    title = "this string is never closed"
    label = "starts here"
    rule = "a string ends on its own line"
    help = 'close it with `"`'


class StrayBrace(Diagnostic, code="P107"):
    """A brace does not fit any other brace.

    Which one of several is too many is guessed from the indentation; it is read as if it did not stand there.

    Wrong: `cell osc : saw { freq = pitch } }`. Right: `cell osc : saw { freq = pitch }`.
    """

    stage = "syntax"
    title = "this `{brace}` {reason}"
    label = "one too many"
    rule = "braces come in pairs, behind `patch`, `layer`, `for`, `cell` and `meta`"
    help = "delete it"

    brace: str
    reason: str


class MissingOpen(Diagnostic, code="P108"):
    """A block has lost its `{`.

    Wrong:

        layer filter
          cell vcf : svf { in <- mixer }
        }

    Right:

        layer filter {
          cell vcf : svf { in <- mixer }
        }
    """

    stage = "syntax"
    title = "expected `{{` before the block of this `{word}`"
    label = "`{{` belongs here"
    rule = "the lines that belong to a `{word}` stand between `{{` and `}}`"
    help = "put `{{` at the end of the line that names the `{word}`"

    word: str


class NumberTooLarge(Diagnostic, code="P109"):
    """A number is larger than any this program can hold.

    Whole numbers have at most 18 digits, other numbers lie below 1.8e308.
    """

    stage = "syntax"
    title = "this number is too large"
    label = "cannot be held"
    help = "check its exponent and its unit"


class TooLong(Diagnostic, code="P110"):
    """An expression chains more operators, a name has more parts, or a line more words than it may.

    Wrong: a sum of a hundred terms. Right: parts of it as `param`s with names, then their sum.
    """

    stage = "syntax"
    title = "this {what} has more than {limit} {parts}"
    label = "too long"
    rule = "at most {limit} {parts} may stand in one {what}"
    help = "give a part of it a name of its own"

    what: str
    parts: str
    limit: int


class SharpIsComment(Diagnostic, code="P111"):
    """A note is written with `#`, which starts a comment.

    In a patch a sharp is an `s` and a flat a `b`, so that notes are names as all others: `Cs4`, `Db4`. (On the command
    line, where there are no comments, `--set pitch=C#4` works as well.) A comment that is meant as one stands behind a
    space.

    Wrong: `freq = C#4`. Right: `freq = Cs4`.
    """

    stage = "syntax"
    title = "the `#` of `{written}` starts a comment"
    label = "a comment from here on"
    rule = "a sharp is written `s`, a flat `b`"
    help = "write `{note}`"

    written: str
    note: str


class OutsideItsCell(Diagnostic, code="P112"):
    """A cable or a value of a cell stands outside the cell's braces.

    A cable is written once, where it arrives: inside the cell that hears it. So is the value of a port.

    Wrong:

        cell osc : saw
        osc.freq = 440 Hz

    Right:

        cell osc : saw { freq = 440 Hz }
    """

    stage = "syntax"
    title = "this line belongs inside the cell `{cell}`"
    label = "outside of its cell"
    rule = "what a cell hears and what its ports are set to stands between its braces"
    help = "write `cell {cell} : ... {{ {line} }}`"

    cell: str
    line: str


class EndsInside(Diagnostic, code="P113"):
    """The file ends inside blocks that were never closed.

    Usually the rest of it was lost, in copying or while it was written. What stands there is read; nothing more is said
    of the line it ends in, and of what its last patch lacks.

    Wrong:

        patch p {
          cell osc : saw {
            freq =

    Right:

        patch p {
          cell osc : saw {
            freq = 440 Hz
          }
          output main <- osc
        }
    """

    stage = "syntax"
    title = "the file ends inside {count} open blocks"
    label = "the first of them"
    rule = "every `{{` needs its `}}`"
    help = "write the rest of it, and {count} times `}}`"

    count: int
