"""A Faust program, native through LLVM: one sound after the other on one core. It has no gradient, so it renders."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import meter

BLOCK = 512
"""Samples that the host asks for at once; 4096 is no faster."""


def main() -> None:
    parser = meter.parser(__doc__)
    parser.add_argument("program", type=Path)
    options = meter.parse(parser)
    engine = _engine(options.program.read_text(encoding="utf-8"), options.rate)

    def call() -> Any:
        for _ in range(options.batch):
            engine.render(options.seconds)
        return engine

    meter.measure(call, lambda done: float((done.get_audio() ** 2).mean() ** 0.5), ["dawdreamer"])


def _engine(program: str, rate: int) -> Any:
    import dawdreamer

    engine = dawdreamer.RenderEngine(rate, BLOCK)
    processor = engine.make_faust_processor("voice")
    processor.set_dsp_string(program)
    processor.compile()
    engine.load_graph([(processor, [])])
    return engine


if __name__ == "__main__":
    main()
