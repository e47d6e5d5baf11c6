"""P02x: a graph spelled in YAML or JSON."""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class NotADocument(Diagnostic, code="P021"):
    """The file is not the YAML or JSON it should be.

    A graph can be given as patch text, as YAML or as JSON. This one breaks off, or holds something that is not read at
    all: tags, anchors and aliases of YAML, a key that comes twice, `NaN`. Nothing of the file was used.

    Wrong:

        name: [voice

    Right:

        name: voice
    """

    stage = "document"
    title = "this is not {format} that can be read: {problem}"
    label = "here"
    format: str
    problem: str


class WrongShape(Diagnostic, code="P022"):
    """A part of the document is not what a graph has at this place.

    `patchc schema` prints the JSON Schema of a graph: every key, what it holds and which are required. The message
    names the place by its path inside the document.

    Wrong:

        inputs:
          - {name: pitch, kind: controll}

    Right:

        inputs:
          - {name: pitch, kind: control}
    """

    stage = "document"
    title = "`{path}` {problem}"
    label = "here"
    rule = "a document has the shape that `patchc schema` prints"
    path: str
    problem: str


class DocumentTooLarge(Diagnostic, code="P023"):
    """The document is larger or deeper than is read.

    Bounds are checked before memory is taken, so that no file can exhaust a machine by being opened.

    Wrong: a document of a hundred thousand opening brackets.

    Right: a graph as `patchc graph --format yaml` prints it.
    """

    stage = "document"
    title = "this document has more than {limit} {what}"
    label = "the limit is passed here"
    what: str
    limit: int


class NoTextForThis(Diagnostic, code="P024"):
    """The document says something that no patch text could say.

    Text, YAML and JSON are three spellings of one graph. A document may therefore hold only what text can hold: names
    are words and dotted paths, strings contain no quotes, numbers are finite.

    Wrong:

        name: my patch

    Right:

        name: my_patch
    """

    stage = "document"
    title = "no patch text can say this: {problem}"
    problem: str


class UnitOfAnother(Diagnostic, code="P025"):
    """A number's unit belongs to another dimension than its `dimension` says.

    In a document, numbers stand in the base unit of their dimension (Hz, seconds, octaves, decibels, cycles), and
    `unit` is the one patch text writes them in; so it must be a unit of that dimension.

    Wrong:

        default: {kind: const, value: 440, dimension: time, unit: Hz}

    Right:

        default: {kind: const, value: 440, dimension: frequency, unit: Hz}
    """

    stage = "document"
    title = "`{unit}` is not a unit of {dimension}"
    label = "this unit"
    rule = "`unit` is one of those in which numbers of `dimension` are written"
    unit: str
    dimension: str
