"""Outputs that are one side of a stereo pair have the other."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.graph.channels import PAIRS
from patchc.graph.model import Graph
from patchc.source.codes.media import OneSide
from patchc.source.diagnostic import Diagnostic


def sides_are_pairs(graph: Graph) -> Iterator[Diagnostic]:
    """P717: an output called right without left, or the like. `mid` alone is an ordinary mono sound."""
    names = {output.name.lower() for output in graph.outputs}
    partner = {one: other for pair in PAIRS for one, other in (pair, pair[::-1]) if one != "mid"}
    for output in graph.outputs:
        other = partner.get(output.name.lower())
        if other and other not in names:
            yield OneSide(span=output.span, name=output.name, other=other)
