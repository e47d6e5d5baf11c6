"""Codes P0xx, about files as a whole."""

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

    The reason is mostly the system's own: the file belongs to somebody else, or the disk is gone. A named pipe is not
    read, since it may never end; hand such a text over as standard input (`patchc check - < pipe`).
    """

    stage = "reading"
    category = Category.ENVIRONMENT
    title = "`{path}` cannot be read: {reason}"
    help = "check who may read it, and that it is an ordinary file"

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
