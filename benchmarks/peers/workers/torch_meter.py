"""Times a function that returns a torch sound: alone, with the gradient of its mean square, or of a given one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Sequence

import meter
import torch
from torch import Tensor


def measure(
    options: Namespace,
    render: Callable[[], Tensor],
    numbers: Sequence[Tensor],
    *,
    signals: Sequence[Tensor] = (),
    packages: Sequence[str] = (),
    **facts: Callable[[], object],
) -> None:
    """`numbers` `[batch]` or `[batch, width]` and `signals` `[batch, samples]` are what gradients go to."""
    torch.set_num_threads(options.threads)
    leaves = [*numbers, *signals]
    for leaf in leaves:
        leaf.requires_grad_(options.mode != "forward")
    with torch.no_grad():
        given = torch.randn_like(render()) if options.mode == "pullback" else None

    def forward() -> Tensor:
        with torch.no_grad():
            return render()

    def gradient() -> Tensor:
        for leaf in leaves:
            leaf.grad = None
        sound = render()
        end = sound.square().mean() if given is None else sound
        end.backward(given)
        return sound.detach()

    if options.mode != "forward":
        facts["gradients"] = lambda: _gradients(numbers)
    meter.measure(
        forward if options.mode == "forward" else gradient,
        lambda sound: sound.double().square().mean().sqrt().item(),
        ["torch", *packages],
        **facts,
    )


def _gradients(numbers: Sequence[Tensor]) -> dict[str, int]:
    """How many numbers there are, and how many have no gradient, or one that is not finite for some sound."""
    columns = [leaf.grad.reshape(len(leaf), -1) for leaf in numbers if leaf.grad is not None]
    return {
        "numbers": sum(leaf[0].numel() for leaf in numbers),
        "missing": sum(leaf[0].numel() for leaf in numbers if leaf.grad is None),
        "nonfinite": sum(int((~column.isfinite()).any(0).sum()) for column in columns),
    }
