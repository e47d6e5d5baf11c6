"""What every graph must fulfil beyond its shape: each rule a function from a graph to diagnostics, none raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from patchc.graph.model import Graph
from patchc.graph.rules.channels import sides_are_pairs
from patchc.graph.rules.computed import computed_values_fit
from patchc.graph.rules.kinds import kinds_agree, widths_agree
from patchc.graph.rules.learning import learned_values_have_gradients, losses_exist
from patchc.graph.rules.modulation import modulation_stays_inside
from patchc.graph.rules.priors import priors_make_sense
from patchc.graph.rules.ranges import ranges_make_sense
from patchc.graph.rules.units import units_fit
from patchc.source.diagnostic import Diagnostic

Rule = Callable[[Graph], Iterator[Diagnostic]]

RULES: tuple[Rule, ...] = (
    kinds_agree,  # P304, P308, P309, P310
    widths_agree,  # P305
    units_fit,  # P401, P409, P410, P411
    ranges_make_sense,  # P402, P403, P404, P407, P408, P504, P807
    modulation_stays_inside,  # P406
    computed_values_fit,  # P420, P421, P422, P423, P424
    priors_make_sense,  # P502, P503, P504, P508, P509
    learned_values_have_gradients,  # P505
    losses_exist,  # P506
    sides_are_pairs,  # P717
)

IN_EFFECT: tuple[Rule, ...] = (modulation_stays_inside, computed_values_fit)
"""Rules about the values that are in effect: a definition by itself does not have those that its instances override."""
