"""What is learned can be learned, and what is compared is compared by losses that exist."""

from __future__ import annotations

from collections.abc import Iterator

from patchc.graph.model import Graph, Role
from patchc.graph.rules.facts import domain_span, number
from patchc.graph.walk import is_knob, places
from patchc.losses.registry import loss_names
from patchc.source.codes.learning import NotDifferentiable, NothingLearnable, UnknownLoss
from patchc.source.diagnostic import Diagnostic, Fix
from patchc.source.text import Span
from patchc.units.domain import Range


def learned_values_have_gradients(graph: Graph) -> Iterator[Diagnostic]:
    """P505."""
    for place in places(graph):
        domain = place.value.domain
        if place.value.role is Role.LEARN and isinstance(domain, Range) and domain.step is not None:
            step = number(domain.step, domain.unit, domain.dimension)
            yield NotDifferentiable(span=domain_span(place.value), step=step)


def losses_exist(graph: Graph) -> Iterator[Diagnostic]:
    """P506."""
    names = loss_names() if any(tap.losses for tap in graph.taps) else ()
    for tap in graph.taps:
        for loss in tap.losses:
            if loss.name not in names:
                yield _unknown(", ".join(tap.cells), loss.name, names, loss.span or tap.span)


def _unknown(tap: str, loss: str, names: tuple[str, ...], span: Span | None) -> UnknownLoss:
    from patchc.source.synonyms.losses import LOSSES

    guess, known = LOSSES.guess(loss, names), ", ".join(names)
    return UnknownLoss(
        span=span,
        tap=tap,
        loss=loss,
        known=known,
        hint=f"{guess.hint}{'' if guess.hint.endswith('?') else ';'} the losses are {known}" if guess.hint else "",
        fixes=(Fix(span, guess.name),) if guess.name and span and span.text == loss else (),
    )


def nothing_learnable(graph: Graph) -> NothingLearnable | None:
    """P501, said only when a patch is to be fitted or trained: a patch that only sounds needs no knobs."""
    if any(is_knob(place) and place.value.role is not Role.FIXED for place in places(graph)):
        return None
    return NothingLearnable(span=graph.span, patch=graph.name)
