"""Unrolls the loops of one patch: its statements in order, each with the loop variables around it and its layer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from patchc.graph.body import Env
from patchc.graph.broken import may_declare_anything, words_of
from patchc.graph.expressions import constant, number
from patchc.graph.model import Const, Expr
from patchc.graph.report import Say
from patchc.source.codes.layers import LayerInside
from patchc.source.codes.names import DeclaredTwice
from patchc.source.codes.sizes import BadLoop, EmptyLoop, TooDeep, TooMany
from patchc.source.diagnostic import Fix, Label
from patchc.syntax import tree
from patchc.units.unit import Dimension

DEEPEST = 32
"""Patches, or loops, inside each other."""


@dataclass(eq=False)
class Item:
    """One statement of the unrolled patch: `order` is its place, `layer` that of its block among the patch's layers."""

    node: tree.Stmt
    env: Env
    layer: int | None
    order: int


@dataclass(frozen=True)
class _Values:
    """What a loop runs over: how many, and each in turn. They are made one at a time, for there may be far too many."""

    count: int
    each: Callable[[], Iterator[Const | str]]


@dataclass(eq=False)
class Unroller:
    """Walks the body of `patch`.

    `limit` bounds the statements that a loop makes; `total` bounds those of all patches, of which `spent` were made.

    A loop whose first line the parser complains about is not unrolled: nobody knows over what.
    """

    patch: str
    say: Say
    limit: int
    spent: int
    total: int
    error_lines: frozenset[int] = frozenset()
    items: list[Item] = field(default_factory=list)
    layers: list[tree.Layer] = field(default_factory=list)
    unknown_declarations: set[str] = field(default_factory=set)
    declares_anything: bool = False
    has_parse_errors: bool = False  # some statement could not be parsed
    variables: set[tree.Name] = field(default_factory=set)
    _places: dict[str, int] = field(default_factory=dict)  # of layers, by name
    partial: bool = False

    def walk(
        self, body: Sequence[tree.Stmt], env: Env, *, layer: int | None = None, times: int = 1, depth: int = 0
    ) -> None:
        """Adds the statements of `body`; they are unrolled `times` times in all, `depth` blocks deep."""
        for node in body:
            if isinstance(node, tree.Repeat):
                self._repeat(node, env, layer, times, depth)
            elif isinstance(node, tree.Layer):
                self._layer(node, env, times, depth)
            elif isinstance(node, tree.Broken):
                self._broken(node)
            else:
                self.items.append(Item(node, env, layer, len(self.items)))

    def _layer(self, node: tree.Layer, env: Env, times: int, depth: int) -> None:
        name = node.name.text
        place = self._places.get(name, len(self.layers))
        if depth:
            self.say(LayerInside(span=node.name.span, layer=name))
            place = max(len(self.layers) - 1, 0)
        elif name and name in self._places:
            label = Label(self.layers[place].name.span, "first declared here")
            self.say(DeclaredTwice(span=node.name.span, name=name, labels=(label,)))
            place = len(self.layers)  # read as a layer of its own, so that its cells are where they stand
            self.layers.append(node)
        else:
            self._places[name] = place
            self.layers.append(node)
        if depth < DEEPEST:
            self.walk(node.body, env, layer=place, times=times, depth=depth + 1)

    def _broken(self, node: tree.Broken) -> None:
        self.unknown_declarations |= words_of(node)
        self.declares_anything = self.declares_anything or may_declare_anything(node)
        self.has_parse_errors = True

    def _repeat(self, node: tree.Repeat, env: Env, layer: int | None, times: int, depth: int) -> None:
        values = self._values(node, env)
        self._variable(node.variable, env)
        if depth >= DEEPEST:
            self.say(TooDeep(span=node.variable.span, what="loops lie too deep inside each other", limit=DEEPEST))
            values = None
        has_parse_errors = bool(self.error_lines) and node.variable.span.line in self.error_lines
        if values is None or has_parse_errors:
            self._skip(node)
            return
        times *= values.count
        count = times * max(1, _statements(node.body))
        if count > self.limit or count + len(self.items) + self.spent > self.total:
            self._too_many(node, count)
            return
        for value in values.each():
            self.walk(node.body, {**env, node.variable.text: value}, layer=layer, times=times, depth=depth + 1)
            if self.partial:  # too large already: once round says all there is to say
                return

    def _variable(self, name: tree.Name, env: Env) -> None:
        self.variables.add(name)
        if name.text in env:
            self.say(
                DeclaredTwice(span=name.span, name=name.text, hint="a size or a loop around this one has that name")
            )

    def _too_many(self, node: tree.Repeat, count: int) -> None:
        self.partial = True
        self._skip(node)
        things = "cells" if any(isinstance(inner, tree.Cell) for inner in _all(node.body)) else "statements"
        limit = self.limit
        if count <= limit:
            things, count, limit = "statements in all its sizes together", count + self.spent, self.total
        said = TooMany(span=node.over.span, patch=self.patch, count=count, things=things, limit=limit, here=count)
        self.say(said)

    def _skip(self, node: tree.Repeat) -> None:
        """What a loop that cannot be unrolled declares is known to exist, but not how often."""
        self.has_parse_errors = True
        for inner in _all(node.body):
            if isinstance(inner, tree.Cell | tree.Param | tree.Input):
                self.unknown_declarations.add(inner.name.parts[0].name)
            elif isinstance(inner, tree.Output):
                self.unknown_declarations.add(inner.name.text)

    # --- what a loop runs over

    def _values(self, node: tree.Repeat, env: Env) -> _Values | None:
        if isinstance(node.over, tree.Interval):
            return self._counted(node.over, env)
        values = [self._item(item, env) for item in node.over.items]
        if any(value is None for value in values):
            return None
        return _Values(len(values), lambda: (value for value in values if value is not None))

    def _item(self, item: tree.Literal, env: Env) -> Const | str | None:
        if isinstance(item, tree.Number):
            return number(item, self.say)
        if isinstance(item, tree.Ref) and len(item.parts) == 1 and item.parts[0].index is None:
            return env.get(item.parts[0].name, item.parts[0].name)
        self.say(BadLoop(span=item.span, what="a loop cannot go through this"))
        return None

    def _counted(self, over: tree.Interval, env: Env) -> _Values | None:
        numbers: list[int] = []
        for end in (over.low, over.high, *([over.step] if over.step else [])):
            number = self._whole(end, env)
            if number is None:
                return None
            numbers.append(number)
        low, high, step = (*numbers, 1)[:3]
        if step < 1:
            self.say(BadLoop(span=over.span, what="the step of a loop must be 1 or more"))
            return None
        if high < low and isinstance(over.low, tree.Number) and isinstance(over.high, tree.Number):
            self._empty(over)
            return None
        count = max(0, (high - low) // step + 1)
        return _Values(count, lambda: (Const(value=float(low + place * step)) for place in range(count)))

    def _empty(self, over: tree.Interval) -> None:
        low, high = over.low.span, over.high.span
        span = low.to(high)
        fix = Fix(span, f"{high.text} .. {low.text}")
        self.say(EmptyLoop(span=span, low=low.text, high=high.text, fixes=(fix,)))

    def _whole(self, node: tree.Expr, env: Env) -> int | None:
        found = constant(
            node,
            lambda ref: look_constant(ref, env, self.say, self.unknown_declarations),
            self.say,
            "the end of a loop",
        )
        if found is None:
            return None
        if found.dimension is not Dimension.NUMBER or found.value != int(found.value) or found.unit:
            text = node.span.text
            hint = f"write `.. {text[1:]}`, with two dots" if text[:1] == "." and text[1:].isdigit() else ""
            self.say(BadLoop(span=node.span, what=f"a loop counts whole numbers, and `{text}` is none", hint=hint))
            return None
        return int(found.value)


def look_constant(ref: tree.Ref, env: Env, say: Say, unknown_declarations: Collection[str]) -> Expr | None:
    """A size or loop variable; anything else is reported, unless it is among the words of what could not be parsed."""
    part = ref.parts[0]
    value = env.get(part.name) if len(ref.parts) == 1 and part.index is None else None
    if isinstance(value, Const):
        return value.model_copy(update={"span": ref.span})
    if part.name not in unknown_declarations:
        say(BadLoop(span=ref.span, what=f"`{ref.text}` is no size and no number that a loop around this counts"))
    return None


def _all(body: Sequence[tree.Stmt]) -> Iterator[tree.Stmt]:
    """Every statement in `body`, those in blocks too."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, tree.Repeat | tree.Layer):
            waiting.extend(node.body)


def _statements(body: Sequence[tree.Stmt]) -> int:
    return sum(not isinstance(node, tree.Repeat | tree.Layer) for node in body)
