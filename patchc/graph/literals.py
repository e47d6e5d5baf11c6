"""Literals as plain Python data: entries of `meta`, settings of losses."""

from __future__ import annotations

from typing import Any

from patchc.graph.body import Env
from patchc.graph.expressions import number
from patchc.graph.model import Const, LossSpec
from patchc.graph.report import Say
from patchc.graph.scope import ref_text
from patchc.syntax import tree


def meta_of(node: tree.Meta) -> dict[str, Any]:
    """The entries of a `meta` block: strings, numbers (as text where they have a unit), lists of them."""
    return {name.text: _meta(value) for name, value in node.entries}


def _meta(node: tree.Literal) -> Any:
    match node:
        case tree.Str():
            return node.text
        case tree.ListLiteral():
            return [_meta(item) for item in node.items]
        case tree.Number(_, value, ""):
            return _whole(value)
        case _:
            return node.span.text


def loss_of(node: tree.LossUse, env: Env, say: Say) -> LossSpec:
    """A loss with its settings; numbers are in base units, names stay names."""
    settings = {arg.name.text: _setting(arg.value, env, say) for arg in node.args}
    return LossSpec(name=node.name.text, settings=settings, weight=node.weight, span=node.span)


def _setting(node: tree.Expr | tree.Str | tree.ListLiteral, env: Env, say: Say) -> Any:
    match node:
        case tree.Str():
            return node.text
        case tree.ListLiteral():
            return [_setting(item, env, say) for item in node.items]
        case tree.Number():
            found = number(node, say)
            return _whole(found.value) if found else None
        case tree.Ref():
            known = env.get(node.text)
            return _whole(known.value) if isinstance(known, Const) else known or ref_text(node, env)
        case _:
            return node.span.text


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() else value
