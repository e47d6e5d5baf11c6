"""P8xx: commands, their options and values, and the files they write"""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic, Severity


class BadCommand(Diagnostic, code="P801"):
    """The command line was not understood.

    An option, an argument or a command is unknown, missing or has a value it cannot have. `patchc COMMAND --help` lists
    what a command takes, with examples.

        patchc check --fromat json voice.patch     # no such option
        patchc check --format json voice.patch     # right
    """

    category = Category.OPTIONS
    stage = "command"
    title = "{what}"
    help = "`{command} --help` says what it takes"

    what: str
    command: str


class UnknownWord(Diagnostic, code="P802"):
    """Something was asked for by a name that nothing has: a cell type, a code, a kind of patch.

    patchc cells svff     # no cell type is called so
    patchc cells svf      # right
    """

    category = Category.OPTIONS
    stage = "command"
    title = "there is no {kind} called `{word}`"
    help = "{known}"

    kind: str
    word: str
    known: str


class NoPatches(Diagnostic, code="P803"):
    """A folder, or a pattern such as `voices/*.patch`, holds no patch.

    Folders are searched with everything below them, for files whose names end in `.patch`.
    """

    category = Category.OPTIONS
    stage = "command"
    title = "no .patch files in `{path}`"
    help = "check the path; `patchc new voice.patch` writes a first patch"

    path: str


class NotOverwritten(Diagnostic, code="P804"):
    """A command would have replaced a file that somebody may still want.

    `patchc new` writes only where nothing is yet.
    """

    category = Category.OPTIONS
    stage = "command"
    title = "`{path}` exists already, and is left as it is"
    help = "choose another name, or remove the file first"

    path: str


class WouldReplaceInput(Diagnostic, code="P808"):
    """A command would have written over a file that it reads: the patch, a file it uses, or a recording.

    Nothing is done, so nothing is lost. `patchc match piano.wav piano.patch -o .` would write `piano.wav`, which is the
    recording; `-o found` writes it into a folder of its own.
    """

    category = Category.OPTIONS
    stage = "command"
    title = "`{path}` is read by this command, and would be written over"
    help = "give another name or folder for what is written"

    path: str


class CannotWrite(Diagnostic, code="P805"):
    """A file cannot be put where it was to go: the folder is missing, full, or belongs to somebody else.

    Files are written beside their place under another name and moved when they are whole, so an old file is never left
    half overwritten.
    """

    category = Category.ENVIRONMENT
    stage = "command"
    title = "`{path}` cannot be written"
    help = "{reason}"

    path: str
    reason: str


class BadSetting(Diagnostic, code="P806"):
    """A value given with `--set` cannot be read, or does not fit what it is for.

    A value is a number with its unit, written together or in quotes: `800Hz`, `1.5s`, `"-6 dB"`, `20%`. A frequency may
    be a note (`C4`, `C#4`, `Db3`), a choice one of its members, a vector its numbers with commas between. A gate is the
    note's length, or its start and end (`0.2s..1.5s`).

        patchc render voice.patch --set vcf.cutoff=800ms     # a cutoff is no time
        patchc render voice.patch --set vcf.cutoff=800Hz     # right
    """

    category = Category.OPTIONS
    stage = "command"
    title = "`{name}` cannot be `{value}`"
    rule = "it is {expected}"
    help = "for example `--set {name}={example}`"

    name: str
    value: str
    expected: str
    example: str


class OutsideRange(Diagnostic, code="P807"):
    """An input is given a value outside its range.

    An input is used as it is given, whoever gives it: its line in the patch, `--set`, or a call in Python, of which
    `synth.held` says this. Drawing stays inside the range, and what a port then holds at a limit is said (P620).
    Numbers of the patch itself are refused outside their range (P403).

        input pitch : control = 110 Hz in 27.5 Hz .. 4.2 kHz log     # in the patch
        patchc render voice.patch --set pitch=12kHz
    """

    severity = Severity.WARNING
    category = Category.OPTIONS
    stage = "command"
    title = "`{name}` = {value} lies outside its range"
    rule = "the range of `{name}` is {range}"
    label = "outside the range"
    help = "widen the range in the patch, or give a value inside it"

    name: str
    value: str
    range: str
