"""Hypothesis strategies for authors of cells and losses: random patches, mutations of a text, values of a port."""

from patchc.testing.graphs import graphs, patches
from patchc.testing.mutations import mutations
from patchc.testing.values import values

__all__ = ["graphs", "mutations", "patches", "values"]
