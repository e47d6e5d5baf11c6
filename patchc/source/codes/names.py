"""P2xx: names, and what they stand for"""

from __future__ import annotations

from patchc.source.diagnostic import Category, Diagnostic


class UnknownName(Diagnostic, code="P201"):
    """A name is used that nothing declares.

    Names are looked up in the patch they stand in: its inputs, params and cells, the variables of the loops around them
    and the patch's sizes. Where a number is expected, `C4` and the like are notes.

        in <- mixr       wrong, if the cell is called `mixer`
        in <- mixer      right
    """

    stage = "names"
    title = "no cell, input or param called `{name}`"
    label = "not declared in `{patch}`"
    rule = "every name is declared in the patch it is used in"

    name: str
    patch: str


class UnknownCellType(Diagnostic, code="P202"):
    """A cell is of a type that does not exist.

    A cell type is one of the built-in ones (`patchc cells` lists them), a patch of the same file, above or below, or a
    patch of a file that `use` brings in, written `alias.patch`.

        cell vcf : svff { }      wrong
        cell vcf : svf { }       right
    """

    stage = "names"
    title = "no cell type called `{name}`"
    label = "neither a cell type nor a patch of this file"
    help = "`patchc cells` lists them"

    name: str


class BrokenCellType(Diagnostic, code="P233"):
    """A cell type is declared by an installed package, but cannot be loaded.

    Packages name their cells in the entry point group `patchc.cells`. The entry point must lead to a class derived from
    `Cell` whose name, in small letters, is the entry point's (docs/extending.md).

        supersaw = "my_package.supersaw:Saw"           wrong
        supersaw = "my_package.supersaw:Supersaw"      right
    """

    stage = "names"
    category = Category.ENVIRONMENT
    title = "the cell type `{name}` cannot be loaded"
    label = "{reason}"
    help = "mend or remove the package that declares it"

    name: str
    reason: str


class UnknownPort(Diagnostic, code="P203"):
    """A port is named that cells of this type do not have.

    The ports of a patch used as a cell type are its inputs and its params.

        cell vcf : svf { cuttoff = 800 Hz }      wrong
        cell vcf : svf { cutoff = 800 Hz }       right
    """

    stage = "names"
    title = "`{type}` has no port `{port}`"
    label = "no such port"

    type: str
    port: str


class DeclaredTwice(Diagnostic, code="P204"):
    """One name is declared twice.

    Inputs, params, cells, outputs, sizes and loop variables of a patch share one list of names; its layers have their
    own, and so have the patches and aliases of a file. A loop whose cells do not carry its variable declares the same
    name again and again.

        cell osc : saw { }
        cell osc : sine { }                     wrong

        for k in 1 .. 3 { cell osc : saw { } }        wrong
        for k in 1 .. 3 { cell osc[k] : saw { } }     right
    """

    stage = "names"
    title = "`{name}` is declared twice"
    label = "declared again here"
    rule = "a name stands for one thing"
    help = "rename one of the two"

    name: str


class UsedBeforeDeclared(Diagnostic, code="P205"):
    """A name is used above the line that declares it.

    Where no `layer` blocks are written, the order of the lines is the order of the layers: a cell hears only what
    stands above it, and the eye can check that.

        cell vcf : svf { in <- osc }
        cell osc : saw { }               wrong: `osc` belongs above `vcf`
    """

    stage = "names"
    title = "`{name}` is used before it is declared"
    label = "used here"
    rule = "what is used stands above; order is the layer order"
    help = "move its line up"

    name: str


class NotInFile(Diagnostic, code="P208"):
    """A patch is asked of a file that does not define it.

    `use "rooms.patch" as rooms` makes the patches of that file known as `rooms.hall` and so on. What that file uses
    itself is not handed on.

        use "rooms.patch" as rooms
        cell room : rooms.hal { }        wrong, if the file defines `hall`
    """

    stage = "names"
    title = "`{alias}.{name}` is not defined in {file}"
    label = "not in that file"
    help = "the file defines {defined}"

    alias: str
    name: str
    file: str
    defined: str


class NoPatch(Diagnostic, code="P218"):
    """The patch that was asked for is not in the file, or the file holds none.

    The main patch of a file is the last one; `--patch NAME` picks another.
    """

    stage = "names"
    title = "{file} has no patch{called}"
    help = "a patch begins with `patch` and its name; its cells follow in braces"

    file: str
    called: str


class UnknownPrior(Diagnostic, code="P232"):
    """A prior of a family that does not exist.

    The families are `normal(centre, width)`, `halfnormal(width)`, `uniform(low, high)` and `categorical(p, ...)`.

        cutoff = learn 800 Hz in 20 Hz .. 8 kHz log ~ gauss(800 Hz, 1 oct)       wrong
        cutoff = learn 800 Hz in 20 Hz .. 8 kHz log ~ normal(800 Hz, 1 oct)      right
    """

    stage = "names"
    title = "no prior called `{name}`"
    label = "not a family of priors"
    help = "there are normal, halfnormal, uniform and categorical"

    name: str


class GivenTwice(Diagnostic, code="P234"):
    """One thing is given twice where it can be given once.

    A size of a cell, a setting of a loss, an entry of `meta`, a member of a choice, a port of `pass`: each has one
    value, and nobody can say which of two was meant.

        cell o : harmonic(partials = 2, partials = 3)       wrong
        cell o : harmonic(partials = 3)                     right
    """

    stage = "names"
    title = "{what} `{name}` is given twice"
    label = "given again here"
    rule = "a name stands for one thing"
    help = "delete one of the two"

    what: str
    name: str
