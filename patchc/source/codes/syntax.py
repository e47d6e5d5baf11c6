"""Codes P0xx, about files as a whole, and P1xx, about their syntax."""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic, Severity


class NoHeader(Diagnostic, code="P001"):
    """A file has no `patchc` line.

    The first line of a patch file names the language and the edition it is written in, so that a file says what it is
    and keeps its meaning when the language changes.

    Wrong:

        patch voice { ... }

    Right:

        patchc 1

        patch voice { ... }
    """

    stage = "syntax"
    title = "this file has no `patchc` line"
    label = "the file starts here"
    rule = "the first line of a patch file names the language and its edition"
    help = "add `patchc 1` as the first line"


class OtherEdition(Diagnostic, code="P002"):
    """A file is written for another edition of the language.

    The number on the first line says which edition a file is written for. This program knows edition 1 only, and reads
    nothing of a file that asks for another one: its words might mean something else there.

    Wrong: `patchc 2`. Right: `patchc 1`.
    """

    stage = "syntax"
    category = Category.UNSUPPORTED
    title = "this file is written for edition {edition}, this is edition 1"
    label = "the edition"
    rule = "a file is read by the rules of the edition it names"
    help = "upgrade patchc, or write `patchc 1` if the file is of edition 1"

    edition: str


class OldSpelling(Diagnostic, code="P003"):
    """Something is spelled as another edition or a draft of the language spelled it.

    The rest of the file is read as if the present spelling stood there.

    Wrong: `patchc 1.0`, `patchc v1`. Right: `patchc 1`.
    """

    stage = "syntax"
    title = "`{written}` is now written `{now}`"
    label = "an earlier spelling"
    rule = "an edition is a whole number"
    help = "write `{now}`"

    written: str
    now: str


class IsDiff(Diagnostic, code="P004"):
    """A file is a difference between two files, as `diff` and `git` write them, and no synthesizer patch.

    Both are called patches and both like to end in `.patch`. Nothing of the file is read as a synthesizer patch.
    """

    stage = "syntax"
    title = "this is a {kind} between files, not a synthesizer patch"
    label = "this line gives it away"
    rule = "a synthesizer patch starts with the line `patchc 1`"
    help = "to apply it to files, use `{tool}`"

    kind: str
    tool: str


class NotFound(Diagnostic, code="P005"):
    """There is no file at the path that was given.

    Check the spelling of the path, and the folder the command was started in.
    """

    stage = "reading"
    category = Category.ENVIRONMENT
    title = "there is no file `{path}`"
    help = "check the path; it is looked up from the folder the command was started in"

    path: str


class IsFolder(Diagnostic, code="P006"):
    """The path that was given is a folder.

    A command reads one patch file at a time.
    """

    stage = "reading"
    category = Category.ENVIRONMENT
    title = "`{path}` is a folder, not a file"
    help = "name a `.patch` file inside it"

    path: str


class NotText(Diagnostic, code="P007"):
    """A file does not hold text.

    A patch file is text in UTF-8 (plain ASCII is that, too). A file that holds other bytes is a sound, a picture, text
    in an older encoding, or damaged.
    """

    stage = "reading"
    title = "`{path}` is not a text file in UTF-8: {reason}"
    rule = "a patch file is text in UTF-8"
    help = "save it as UTF-8, or check that this is the file you mean"

    path: str
    reason: str


class TooLarge(Diagnostic, code="P008"):
    """A file is larger than a patch file may be.

    The limit protects whoever opens a file from somebody else; a patch of ten thousand cells is well below it.
    """

    stage = "reading"
    title = "`{path}` is larger than a patch file may be ({limit} MB)"
    rule = "a patch file holds at most {limit} MB"
    help = "write repeated cells with `for`, or put parts into files of their own and `use` them"

    path: str
    limit: int


class Unreadable(Diagnostic, code="P009"):
    """The system refuses to read a file.

    The reason is the system's own. Often the file belongs to somebody else, or the disk is gone.
    """

    stage = "reading"
    category = Category.ENVIRONMENT
    title = "`{path}` cannot be read: {reason}"
    help = "check who may read the file"

    path: str
    reason: str


class TooDeep(Diagnostic, code="P010"):
    """Brackets or braces are nested deeper than a patch may nest them.

    What stands inside the bracket that goes too deep is not read. Real patches nest four or five levels.
    """

    stage = "syntax"
    title = "brackets are nested more than {depth} levels deep"
    label = "one too many; what is inside was not read"
    rule = "brackets and braces nest at most {depth} levels deep"
    help = "name a part with `param`, or make it a patch of its own"

    depth: int


class TooManyMistakes(Diagnostic, code="P011"):
    """A file has so many mistakes that the rest of it is not read.

    Mend the first ones; often many vanish together. It may also be that the file is no patch file at all.
    """

    severity = Severity.NOTE
    stage = "syntax"
    title = "{count} mistakes so far; the rest of the file was not read"
    label = "reading stopped here"
    help = "mend these first"

    count: int


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
    """An expression chains more operators, or a name more parts, than it may.

    Wrong: a sum of a hundred terms. Right: parts of it as `param`s with names, then their sum.
    """

    stage = "syntax"
    title = "this {what} has more than {limit} {parts}"
    label = "too long"
    rule = "an expression has at most {limit} operators in a row, a name at most {limit} parts"
    help = "give a part of it a name of its own"

    what: str
    parts: str
    limit: int
