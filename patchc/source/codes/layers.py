"""P3xx: layers, circles, kinds and widths"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class FeedbackCycle(Diagnostic, code="P301"):
    """Cells hear each other in a circle.

    A cell hears only cells of earlier layers, so no sound can come back to where it started. Feedback lives inside
    cells that have a memory of their own, such as `delay`.

        cell vcf   : svf    { in <- osc, drive }
        cell drive : shaper { in <- vcf }           wrong: vcf -> drive -> vcf
    """

    stage = "layers"
    title = "feedback cycle without a delay: {circle}"
    label = "one of the cables in the circle"
    rule = "a cell may hear only cells of earlier layers"
    help = "break one cable; for feedback use a cell with its own memory (`delay`)"

    circle: str


class LaterLayer(Diagnostic, code="P302"):
    """A cell hears a cell of the same or a later layer.

    Layers are columns; sound travels from left to right. Where a patch writes `layer` blocks, each cell hears only
    cells of blocks further up.

        layer filter { cell vcf : svf { in <- vca } }
        layer amp    { cell vca : gain { in <- osc } }       wrong: `vca` comes after `vcf`
    """

    stage = "layers"
    title = "`{reader}` hears `{source}`, which is in {relation} layer"
    label = "this one is in layer `{source_layer}` ({source_place} of {layers})"
    rule = "a cell may hear only cells of earlier layers"
    help = "swap the two layers, or plug `{reader}` into `{source}` instead"

    reader: str
    source: str
    relation: str
    source_layer: str
    source_place: int
    layers: int


class HalfLayered(Diagnostic, code="P303"):
    """Some cells of a patch are in `layer` blocks and some are not.

    Layers are written for all cells of a patch, or for none and then inferred.
    """

    stage = "layers"
    title = "`{cell}` is in no layer, while other cells of `{patch}` are in `layer` blocks"
    label = "in no `layer` block"
    rule = "layers are written for all cells of a patch, or for none"
    help = "`patchc fmt --layers` writes them all, `--no-layers` removes them"

    cell: str
    patch: str


class Recursion(Diagnostic, code="P306"):
    """A patch contains itself.

    A patch always unrolls to a finite number of cells, so patches cannot recurse, not even with a size that shrinks.
    """

    stage = "expand"
    title = "patch `{patch}` contains itself: {circle}"
    label = "this closes the circle"
    rule = "patches cannot recurse"

    patch: str
    circle: str


class LayerInside(Diagnostic, code="P307"):
    """A `layer` block stands inside another block.

    Layers are the columns of the whole patch: a layer in a layer, or one in a loop, has no place among them. A loop
    inside a layer is fine.

        for k in 1 .. 3 { layer voices { cell osc[k] : saw { } } }       wrong
        layer voices { for k in 1 .. 3 { cell osc[k] : saw { } } }       right
    """

    stage = "layers"
    title = "layer `{layer}` stands inside another block"
    label = "layers belong to the patch itself"
    rule = "a `layer` block stands directly in its patch"

    layer: str
