"""SynthAX's Voice with random parameters, compiled before the clock counts."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

import meter


def main() -> None:
    options = meter.parse(meter.parser(__doc__))
    work = {"forward": _forward, "gradient": _gradient, "pullback": _pullback}
    call, check, facts = work[options.mode](options)
    meter.measure(call, check, ["jax", "synthax"], **facts)


Work = tuple[Callable[[], Any], Callable[[Any], float], dict[str, Callable[[], object]]]


def _voice(options: Namespace) -> tuple[Any, Any]:
    import jax
    from synthax.config import SynthConfig
    from synthax.synth import Voice

    config = SynthConfig(batch_size=options.batch, sample_rate=options.rate, buffer_size_seconds=options.seconds)
    voice = Voice(config=config)
    return voice, voice.init(jax.random.PRNGKey(42))


def _forward(options: Namespace) -> Work:
    import jax

    voice, numbers = _voice(options)
    render = jax.jit(voice.apply)
    return lambda: jax.block_until_ready(render(numbers)), lambda sound: float((sound**2).mean() ** 0.5), {}


def _gradient(options: Namespace) -> Work:
    import jax

    voice, numbers = _voice(options)
    power = jax.jit(jax.value_and_grad(lambda given: (voice.apply(given) ** 2).mean()))

    def call() -> tuple[Any, Any]:
        return jax.block_until_ready(power(numbers))

    return call, lambda found: float(found[0] ** 0.5), {"gradients": lambda: _faults(call()[1])}


def _pullback(options: Namespace) -> Work:
    import jax

    voice, numbers = _voice(options)
    given = jax.random.normal(jax.random.PRNGKey(0), voice.apply(numbers).shape)

    @jax.jit
    def both(numbers: Any, given: Any) -> tuple[Any, Any]:
        sound, back = jax.vjp(voice.apply, numbers)
        return sound, back(given)[0]

    def call() -> tuple[Any, Any]:
        return jax.block_until_ready(both(numbers, given))

    return call, lambda found: float((found[0] ** 2).mean() ** 0.5), {"gradients": lambda: _faults(call()[1])}


def _faults(gradients: Any) -> dict[str, int]:
    """How many numbers there are, and how many have a gradient that is not finite for some sound."""
    import jax
    import numpy

    columns = [numpy.asarray(leaf).reshape(len(leaf), -1) for leaf in jax.tree_util.tree_leaves(gradients)]
    return {
        "numbers": sum(column.shape[1] for column in columns),
        "missing": 0,
        "nonfinite": sum(int((~numpy.isfinite(column)).any(0).sum()) for column in columns),
    }


if __name__ == "__main__":
    main()
