"""Values: what stands right of `=`, of a cable's `*` and of `maybe`, with what a cell type leaves unsaid filled in."""

from __future__ import annotations

from patchc.graph.dimension import dimension_of
from patchc.graph.expressions import build, constant, first_name, number, two_dimensions
from patchc.graph.model import Const, Expr, Member, NameRef, Role, Value, Vector
from patchc.graph.report import Say, listed
from patchc.graph.scope import Decl, Scope, What, ref_text
from patchc.graph.targets import Target, role_of, start_of
from patchc.graph.unroll import Item
from patchc.source.codes.names import UnknownPrior
from patchc.source.codes.plugs import SignalAsNumber
from patchc.source.codes.values import (
    NotAChoice,
    NotConstant,
    OneMember,
    OneNumberForWeights,
    RangeMissing,
    UnknownMember,
    WeightsHaveNoRange,
)
from patchc.source.diagnostic import Fix, Label
from patchc.syntax import tree
from patchc.units.domain import Choice, Curve, Domain, Range
from patchc.units.prior import Family, Prior
from patchc.units.unit import Dimension, note_frequency


class Values:
    """Makes values for one patch."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.say = scope.say

    def value(self, node: tree.Value, target: Target, at: Item) -> Value | None:
        """`node` as a value for `target`; None if something in it was reported.

        `at` is its statement: it may use only what is declared above it.
        """
        domain, domain_ok = self._domain(node, target, at)
        prior, prior_ok = self._prior(node, at)
        choice = domain if isinstance(domain, Choice) else target.domain
        if node.expr is None:
            default, default_ok = None, True
        else:
            members = choice.members if isinstance(choice, Choice) else None
            default = self._default(node.expr, target, members, at)
            default_ok = default is not None
        if not (domain_ok and prior_ok and default_ok) or (is_weights(target) and not self._weights(node, target)):
            return None
        return self._filled(node, target, default, domain, prior)

    # --- the parts of a value

    def _default(
        self, node: tree.Expr | tree.Vector, target: Target, members: tuple[str, ...] | None, at: Item
    ) -> Expr | None:
        if not isinstance(node, tree.Vector):
            return self.number(node, at) if members is None else self._member(node, target, members, at)
        if members is not None:
            every = f"[{', '.join(members)}]"
            what = listed(members), members[0] if members else ""
            self.say(OneMember(span=node.span, name=target.name, members=what[0], first=what[1], list=every))
            return None
        return self.vector(node, at)

    def vector(self, node: tree.Vector, at: Item) -> Vector | None:
        """Numbers known when the patch is compiled, of one dimension."""
        found = [self.fixed(item, at, "an entry of a vector") for item in node.items]
        numbers = tuple(one for one in found if one is not None)
        if len(numbers) < len(found):
            return None
        for item, one in zip(node.items, numbers, strict=True):
            if one.dimension is not numbers[0].dimension:
                self.say(two_dimensions(node.items[0], numbers[0], item, one))
                return None
        return Vector(numbers=numbers, span=node.span)

    def _weights(self, node: tree.Value, target: Target) -> bool:
        """Whether weights that add up to one are written as such: a list, or a vector by its name; nothing more."""
        if isinstance(node.expr, tree.Number | tree.Binary):
            example = f"{target.name} = [{', '.join(['50 %', '30 %', '20 %'][: max(2, min(3, target.width))])}]"
            given = node.expr.span.text
            self.say(
                OneNumberForWeights(
                    span=node.expr.span, name=target.name, width=target.width, given=given, example=example
                )
            )
            return False
        if node.domain is not None:
            self.say(WeightsHaveNoRange(span=node.domain.span, name=target.name))
        return node.domain is None

    def number(self, node: tree.Expr, at: Item) -> Expr | None:
        """An expression over numbers, params, control inputs and loop variables."""
        return build(node, lambda ref: self._look(ref, at), self.say)

    def _look(self, ref: tree.Ref, at: Item) -> Expr | None:
        name = ref_text(ref, at.env)
        known = at.env.get(name) if len(ref.parts) == 1 else None
        if isinstance(known, Const):
            return known.model_copy(update={"span": ref.span})
        if isinstance(known, str):
            name = known
        decl = self.scope.decls.get(name)
        if decl is None:
            return self._note(ref, name)
        if decl.order > at.order and decl.what is not What.CELL:
            self.scope.early(ref.span, decl)
        return self._named(ref, decl)

    def _note(self, ref: tree.Ref, name: str) -> Const | None:
        hertz = note_frequency(name)
        if hertz is None:
            self.scope.unknown(ref.span, ref.text)
            return None
        return Const(value=hertz, dimension=Dimension.FREQUENCY, unit="Hz", span=ref.span)

    def _named(self, ref: tree.Ref, decl: Decl) -> NameRef | None:
        decl.used = True
        if decl.param is not None:
            if isinstance(decl.param.value.domain, Choice):
                self.say(NotAChoice(span=ref.span, name=decl.name, found="a choice", needed="a number"))
                return None
        elif decl.input is not None and decl.input.kind == "control":
            decl.input.in_number = decl.input.in_number or ref.span
        elif decl.what in (What.CELL, What.OUTPUT) or decl.input is not None:
            kind = "an input that sounds" if decl.input else str(decl.what)
            self.say(SignalAsNumber(span=ref.span, name=decl.name, kind=kind))
            return None
        else:
            return None  # its own declaration was reported
        return NameRef(name=decl.name, span=ref.span)

    def _member(self, node: tree.Expr, target: Target, members: tuple[str, ...], at: Item) -> Expr | None:
        """A member of a choice, or a param that is a choice between (some of) the same members."""
        name = node.span.text
        if isinstance(node, tree.Ref):
            name = ref_text(node, at.env)
            known = at.env.get(name)
            name = known if isinstance(known, str) else name
            if name in members:
                return Member(name=name, span=node.span)
            decl = self.scope.decls.get(name)
            if decl is not None:
                decl.used = True
            if decl is not None and decl.param is not None:
                if decl.order > at.order:
                    self.scope.early(node.span, decl)
                return self._same_choice(node, decl.name, decl.param.value, target, members)
            if decl is not None and decl.what is What.PARAM:
                return None
        self.say(no_member(node, name, target.name, members, self.say))
        return None

    def _same_choice(
        self, node: tree.Ref, name: str, value: Value, target: Target, members: tuple[str, ...]
    ) -> NameRef | None:
        if not isinstance(value.domain, Choice):
            self.say(
                NotAChoice(span=node.span, name=name, found="a number", needed=f"a choice, as `{target.name}` is one,")
            )
            return None
        if foreign := [member for member in value.domain.members if member not in members]:
            label = () if value.span is None else (Label(value.span, f"`{name}` may be `{foreign[0]}`"),)
            self.say(no_member(node, foreign[0], target.name, members, self.say, *label))
            return None
        if target.base is not None and len(value.domain.members) < len(members):
            found = f"a choice between {listed(value.domain.members)}"
            needed = f"one between {listed(members)}"
            self.say(NotAChoice(span=node.span, name=name, found=found, needed=needed))
            return None
        return NameRef(name=name, span=node.span)

    # --- ranges and priors

    def _domain(self, node: tree.Value, target: Target, at: Item) -> tuple[Domain | None, bool]:
        match node.domain:
            case None:
                return (target.base.domain if target.base else None), True
            case tree.Interval():
                interval = self._range(node.domain, at)
                return interval, interval is not None
            case _:
                choice = self._choice(node.domain, target)
                return choice, choice is not None

    def _range(self, node: tree.Interval, at: Item) -> Range | None:
        low = self.fixed(node.low, at, "the end of a range")
        high = self.fixed(node.high, at, "the end of a range")
        step = number(node.step, self.say) if node.step else None
        if low is None or high is None or (step is None and node.step is not None):
            return None
        if low.dimension is not high.dimension:
            self.say(two_dimensions(node.low, low, node.high, high))
            return None
        if node.step is not None and step is not None and step.dimension is not low.dimension:
            self.say(two_dimensions(node.low, low, node.step, step))
            return None
        curve = node.curve
        return Range(
            low=low.value,
            high=high.value,
            curve=Curve(curve.name) if curve else Curve.LIN,
            power=1.0 if curve is None or curve.power is None else curve.power,
            step=step.value if step else None,
            dimension=low.dimension,
            unit=low.unit,
        )

    def fixed(self, node: tree.Expr, at: Item, what: str) -> Const | None:
        """A number known when the patch is compiled."""
        return constant(node, lambda ref: self._look(ref, at), self.say, what)

    def _choice(self, node: tree.ListLiteral, target: Target) -> Choice | None:
        names = []
        for item in node.items:
            if not isinstance(item, tree.Ref) or len(item.parts) > 1 or item.parts[0].index is not None:
                self.say(_no_choice(node, item))
                return None
            names.append(item.parts[0].name)
        allowed = target.domain.members if isinstance(target.domain, Choice) else tuple(names)
        for item, name in zip(node.items, names, strict=True):
            if name not in allowed:
                self.say(no_member(item, name, target.name, allowed, self.say))
                return None
        return Choice(members=tuple(dict.fromkeys(names)))

    def _prior(self, node: tree.Value, at: Item) -> tuple[Prior | None, bool]:
        if node.prior is None:
            return None, True
        numbers = [self.fixed(arg, at, "a number of a prior") for arg in node.prior.args]
        if node.prior.name not in tuple(Family):
            if not node.prior.name:
                return None, False
            from patchc.source.synonyms.losses import PRIORS

            hint = self.say.meant(node.prior.name, list(map(str, Family)), PRIORS).hint
            self.say(UnknownPrior(span=node.prior.span, name=node.prior.name, hint=hint))
            return None, False
        known = [number for number in numbers if number is not None]
        if len(known) < len(numbers):
            return None, False
        values, units = tuple(n.value for n in known), tuple(n.unit for n in known)
        return Prior(family=Family(node.prior.name), numbers=values, units=units), True

    # --- the whole

    def _filled(
        self, node: tree.Value, target: Target, default: Expr | None, domain: Domain | None, prior: Prior | None
    ) -> Value | None:
        role, kept = role_of(node, target.base)
        if prior is None and kept and target.base:
            prior = target.base.prior
        if role is not Role.FIXED or prior is not None:
            domain = domain or target.domain or target.usual_for(default)
            if domain is None:
                self.say(RangeMissing(span=node.span, name=target.name))
                return None
            if default is not None and (name := first_name(default)) is not None:
                what = "what `learn`, `predict` or a prior starts from"
                self.say(NotConstant(span=(node.expr or node).span, what=what, name=name))
                return None
        if default is None:
            default = start_of(target, domain)
        return Value(
            role=role,
            default=default,
            domain=domain,
            prior=prior,
            dimension=self._dimension(target, default, domain),
            width=target.width,
            span=node.span,
        )

    def _dimension(self, target: Target, default: Expr | None, domain: Domain | None) -> Dimension:
        if target.dimension is not None:
            return target.dimension
        if isinstance(domain, Range):
            return domain.dimension
        return (default is not None and self.dimension(default)) or Dimension.NUMBER

    def dimension(self, expr: Expr) -> Dimension | None:
        """The dimension of `expr` in this patch; None where it is not known."""
        return dimension_of(expr, _Dimensions(self.scope))


def no_member(
    node: tree.Node, name: str, choice: str, members: tuple[str, ...], say: Say, *labels: Label
) -> UnknownMember:
    """Says that `name` is none of the members of `choice`, and which it may have meant."""
    from patchc.source.synonyms.members import MEMBERS

    guess, known = say.meant(name, members, MEMBERS), listed(members)
    return UnknownMember(
        span=node.span,
        name=name,
        choice=choice,
        members=known,
        labels=labels,
        hint=f"{guess.hint}{'' if guess.hint.endswith('?') else ';'} its members are {known}" if guess.hint else "",
        fixes=(Fix(node.span, guess.name, guess.safe),) if guess.name else (),
    )


def is_weights(target: Target) -> bool:
    domain = target.base.domain if target.base else target.domain
    return domain is not None and domain.kind == "simplex"


def _no_choice(node: tree.ListLiteral, item: tree.Literal) -> NotAChoice:
    """Says that a list is none of names, and what it may have been: a range, or names in quotation marks."""
    meant = ""
    if len(node.items) == 2 and all(isinstance(end, tree.Number) for end in node.items):
        meant = " .. ".join(end.span.text for end in node.items)
    elif all(isinstance(name, tree.Str | tree.Ref) for name in node.items):
        words = [name.text for name in node.items if isinstance(name, tree.Str | tree.Ref)]
        meant = f"[{', '.join(words)}]" if all(word.isidentifier() for word in words) else ""
    hint = f"write `in {meant}`" if meant else ""
    fixes = (Fix(node.span, meant),) if meant else ()
    return NotAChoice(span=item.span, name=item.span.text, found="no name", needed="a name", hint=hint, fixes=fixes)


class _Dimensions(dict[str, Dimension | None]):
    """The dimensions of a patch's params and inputs, looked up when asked for."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def get(self, name: str, default: Dimension | None = None) -> Dimension | None:  # type: ignore[override]
        decl = self._scope.decls.get(name)
        value = decl and ((decl.param and decl.param.value) or (decl.input and decl.input.value))
        return value.dimension if isinstance(value, Value) else default
