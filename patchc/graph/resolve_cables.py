"""Cables and guards: where a signal comes from, how deep it goes, and when it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from patchc.graph.gains import mixed_gain
from patchc.graph.model import Cable, Value, Verb, When
from patchc.graph.report import listed
from patchc.graph.resolve_values import Values, no_member
from patchc.graph.scope import Decl, Scope, What, ref_parts, ref_text
from patchc.graph.targets import Target
from patchc.graph.unroll import Item
from patchc.source.codes.plugs import NotASignal, OutputNotNamed, Unsupported
from patchc.source.codes.values import NotAChoice
from patchc.source.diagnostic import Fix, Label
from patchc.source.text import Span
from patchc.syntax import tree
from patchc.units.domain import Choice, Range
from patchc.units.unit import Dimension

CHANCE = Target("maybe", Dimension.NUMBER, Range(low=0.0, high=1.0, unit="%"))
USUAL_DEPTHS = {
    Verb.FEED: {Dimension.LEVEL: Range(low=-60.0, high=0.0, dimension=Dimension.LEVEL, unit="dB")},
    Verb.SCALE: {Dimension.NUMBER: Range(low=0.0, high=1.0, unit="%")},
}
"""What `in <- osc * learn -9 dB` and `level *= lfo * learn 30 %` range over where no range is written."""


@dataclass(frozen=True)
class Edge:
    """`reader` hears `source`, by the cable at `span`."""

    reader: Decl
    source: Decl
    span: Span


class Cables:
    """Makes cables for one patch, and remembers who hears whom."""

    def __init__(self, scope: Scope, values: Values) -> None:
        self.scope = scope
        self.say = scope.say
        self.values = values
        self.edges: list[Edge] = []

    def cables(self, node: tree.Cable, verb: Verb, at: Item, reader: Decl | None) -> list[Cable]:
        """One cable for each source that `node` names; what was reported is left out. `reader` None is an output."""
        sources = self._sources(node.source, at, reader)
        depth = None
        if node.depth is not None:
            target = Target(node.depth.span.text, usual=USUAL_DEPTHS.get(verb, {}))
            depth = self.values.value(node.depth, target, at)
            if verb is Verb.FEED and depth is not None:
                depth = self._one_gain(node.depth, node.source, at, depth)
        maybe, when, ok = self.guards(node.guards, at)
        if not ok or (depth is None) != (node.depth is None):
            return []
        return [
            Cable(verb=verb, source=source, depth=depth, maybe=maybe, when=when, span=node.source.span)
            for source in sources
        ]

    def _one_gain(self, node: tree.Value, source: tree.Ref, at: Item, gain: Value) -> Value | None:
        """`gain`, unless it is decibels times a number."""
        wrong = mixed_gain(node, source, lambda expr: self.values.number(expr, at), self.values.dimension)
        if wrong is not None:
            self.say(wrong)
        return None if wrong else gain

    def guards(self, nodes: Sequence[tree.Guard], at: Item) -> tuple[Value | None, tuple[When, ...], bool]:
        """The chance and the conditions of a cable or cell, and whether all of them could be understood."""
        maybe: Value | None = None
        when: list[When] = []
        ok = True
        for node in nodes:
            if isinstance(node, tree.When):
                found = self._when(node, at)
                when += [found] if found else []
                ok = ok and found is not None
            elif maybe is not None:
                self.say(Unsupported(span=node.span, what="a second `maybe` on the same cable or cell"))
            else:
                maybe = self.values.value(node.chance, CHANCE, at)
                ok = ok and maybe is not None
        return maybe, tuple(when), ok

    def _when(self, node: tree.When, at: Item) -> When | None:
        decl = self.scope.decls.get(ref_text(node.param, at.env))
        if decl is None:
            params = [name for name, other in self.scope.decls.items() if other.what is What.PARAM]
            self.scope.unknown(node.param.span, node.param.text, params)
            return None
        decl.used = True
        if decl.order > at.order:
            self.scope.early(node.param.span, decl)
        if decl.param is None and decl.what is What.PARAM:
            return None
        domain = decl.param.value.domain if decl.param else None
        if not isinstance(domain, Choice):
            found = "a number" if decl.param else str(decl.what)
            needed = "a choice (a param with a list of names)"
            self.say(NotAChoice(span=node.param.span, name=decl.name, found=found, needed=needed))
            return None
        if node.member.text not in domain.members:
            label = Label(decl.span, f"`{decl.name}` is declared here")
            self.say(no_member(node.member, node.member.text, decl.name, domain.members, self.say, label))
            return None
        return When(param=decl.name, member=node.member.text, span=node.span)

    # --- where a cable comes from

    def _sources(self, ref: tree.Ref, at: Item, reader: Decl | None) -> list[str]:
        found = [self._source(ref, decl, rest, at, reader) for decl, rest in self.found(ref, at)]
        return [source for source in found if source]

    def found(self, ref: tree.Ref, at: Item) -> list[tuple[Decl, tuple[str, ...]]]:
        """What `ref` stands for: declared names, each with the parts of `ref` that lead on into an instance."""
        parts = ref_parts(ref, at.env)
        if not self.scope.has_room(parts, ref.span):
            return []
        known = self.scope.find(parts)
        if not known:
            self.scope.unknown(ref.span, ref.text)
        return known

    def _source(self, ref: tree.Ref, decl: Decl, rest: tuple[str, ...], at: Item, reader: Decl | None) -> str | None:
        """The name a cable's source has in this patch: a cell, `instance.output`, or an input."""
        decl.used = True
        if decl.what is What.CELL:
            if reader is not None:
                self.edges.append(Edge(reader, decl, ref.span))
            return self._of_cell(ref, decl, rest)
        if decl.input is not None and not rest:
            decl.input.in_cable = decl.input.in_cable or ref.span
            if decl.order > at.order:
                self.scope.early(ref.span, decl)
            return decl.name
        if decl.input is None:
            cannot = "no cable of its own patch can hear" if decl.what is What.OUTPUT else "is no signal"
            self.say(NotASignal(span=ref.span, name=ref.text, kind=str(decl.what), cannot=cannot))
        else:
            self.scope.unknown(ref.span, ref.text)
        return None

    def _of_cell(self, ref: tree.Ref, decl: Decl, rest: tuple[str, ...]) -> str | None:
        cell = decl.cell
        if cell is None or (cell.body is not None and cell.body.partial):
            return None
        if cell.body is None:
            if not rest:
                return cell.name
            hint = f"a cell is heard by its name alone: `{cell.name}`"
            problem = f"`{ref.text}` is not an output of `{cell.name}`"
            fixes = (Fix(ref.span, cell.name),)
            said = OutputNotNamed(
                span=ref.span, problem=problem, cell=cell.name, outputs=cell.name, hint=hint, fixes=fixes
            )
            self.say(said)
            return None
        outputs = cell.body.outputs
        if len(rest) == 1 and rest[0] in outputs:
            return f"{cell.name}.{rest[0]}"
        if not rest and len(outputs) == 1:
            return f"{cell.name}.{next(iter(outputs))}"
        if outputs:
            names = listed([f"{cell.name}.{output}" for output in outputs])
            problem = f"`{ref.text}` is not an output of `{cell.name}`"
            if not rest:
                problem = f"`{cell.name}` has {len(outputs)} outputs, and none of them is named"
            self.say(OutputNotNamed(span=ref.span, problem=problem, cell=cell.name, outputs=names))
        return None
