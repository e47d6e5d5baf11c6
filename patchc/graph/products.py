"""Products of signals, which no line can say: the `gain` that makes one, in the names that they were written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from patchc.cells.spec import CellSpec, Kind, Polarity
from patchc.graph.model import Verb
from patchc.graph.rewording import as_cables, product_of, through_gain
from patchc.graph.scope import Decl
from patchc.graph.sockets import Socket
from patchc.graph.unroll import Item
from patchc.source.diagnostic import Fix
from patchc.syntax import tree

Found = tuple[str, tuple[Fix, ...]]
RING = "200 %"
"""The depth of `*=` at which a signal from -1 to +1 is the factor itself: ring modulation."""


@dataclass(frozen=True)
class Products:
    """For the lines of one cell, the declaration `decl`, whose ports are `sockets`."""

    decl: Decl
    at: Item
    declared: Callable[[tree.Ref], Decl | None]
    sockets: Mapping[str, Socket]

    def instead(
        self, bind: tree.Bind, port: tree.Name, verb: Verb, cable: tree.Cable, signals: list[tree.Ref], *, alone: bool
    ) -> Found:
        """What to write for a cable whose depth holds `signals`; `alone` says that the line has no other cable."""
        if alone and (made := self._line(port.text, verb, cable, signals)):
            return f"write `{made}`", (Fix(bind.span, made),)
        if verb is Verb.ADD and (found := through_gain(port.text, cable, signals, self._is_bipolar)):
            name, cell, line = found
            return f"a `gain` makes the product: `{cell}` above, and `{line}`", self._with_cell(bind, name, cell, line)
        scaled = "; ".join(self._scaled("level", signal) for signal in signals)
        cell = f"cell amp : gain {{ in <- {cable.source.text}; {scaled} }}"
        return f"a signal scales another in a `gain` cell: `{cell}`", ()

    def _line(self, port: str, verb: Verb, cable: tree.Cable, signals: list[tree.Ref]) -> str | None:
        if verb is Verb.FEED and (made := as_cables(port, cable)):
            return made
        depth = cable.depth.expr if cable.depth and not cable.guards else None
        factors = product_of(depth) if isinstance(depth, tree.Ref | tree.Binary) else None
        if factors is None or any(factor not in signals for factor in factors):
            return None
        if verb is Verb.SCALE:
            return "; ".join(f"{port} *= {signal.text}" for signal in (cable.source, *signals))
        if verb is Verb.FEED and "level" in self.sockets:
            return "; ".join([f"{port} <- {cable.source.text}", *(self._scaled("level", one) for one in signals)])
        return None

    def _scaled(self, port: str, signal: tree.Ref) -> str:
        spec = self._spec(signal)
        sounds = spec is not None and spec.out.kind is Kind.AUDIO
        return f"{port} *= {signal.text}{f' * {RING}' if sounds else ''}"

    def _spec(self, ref: tree.Ref) -> CellSpec | None:
        decl = self.declared(ref)
        return decl.cell.spec if decl is not None and decl.cell is not None else None

    def _is_bipolar(self, ref: tree.Ref) -> bool:
        spec = self._spec(ref)
        return spec is not None and spec.out.polarity is Polarity.BIPOLAR

    def _with_cell(self, bind: tree.Bind, name: str, cell: str, line: str) -> tuple[Fix, ...]:
        """This cell with another one above it; none in a loop or a layer, where that would stand elsewhere."""
        span, known = self.decl.node.span, self.declared(tree.Ref(bind.span, (tree.Part(bind.span, name),)))
        looped = any(isinstance(part.index, str) for part in getattr(self.decl.node.name, "parts", ()))
        if known is not None or looped or self.at.layer is not None:
            return ()
        text = span.source.text
        start = text.rfind("\n", 0, span.start) + 1
        lead = text[start : span.start]
        inside = text[span.start : bind.span.start] + line + text[bind.span.end : span.end]
        return (Fix(span, f"{cell}\n{lead if not lead.strip() else ''}{inside}"),)
