"""A patch, by patchc's public API, with the settings of 0..1 that its priors draw."""

from __future__ import annotations

import tempfile
from pathlib import Path

import meter


def main() -> None:
    parser = meter.parser(__doc__)
    parser.add_argument("patch", type=Path)
    parser.add_argument("--partials", type=int, help="the patch's `partials` is this instead")
    parser.add_argument("--control-rate", type=float, help="control frames a second")
    parser.add_argument("--split-time", action="store_true", help="cut few sounds in time where filters remember")
    parser.add_argument("--hears", help="the audio input that is fed noise")
    options = meter.parse(parser)

    import torch
    import torch_meter

    import patchc

    synth = patchc.load(
        _resized(options.patch, options.partials),
        sample_rate=options.rate,
        control_rate=options.control_rate,
        split_time=options.split_time,
    )
    settings = synth.draw(options.batch, seed=0)
    noise = torch.randn(options.batch, options.samples, generator=torch.Generator().manual_seed(0))
    heard = {options.hears: noise} if options.hears else {}
    torch_meter.measure(
        options,
        lambda: synth(settings, seconds=options.seconds, taps=[], inputs=heard).audio,
        [settings],
        signals=list(heard.values()),
        packages=["patchc"],
        executor=lambda: synth.executor,
    )


def _resized(path: Path, partials: int | None) -> Path:
    """The patch, or a copy with another number of partials."""
    if partials is None:
        return path
    before, found, after = path.read_text(encoding="utf-8").partition("partials : int = 100")
    if not found:
        raise SystemExit(f"{path} has no `partials : int = 100`")
    copy = Path(tempfile.mkdtemp()) / path.name
    copy.write_text(f"{before}partials : int = {partials}{after}", encoding="utf-8")
    return copy


if __name__ == "__main__":
    main()
