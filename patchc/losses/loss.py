"""The class every loss derives from: what it compares, its settings with their ranges, its two functions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from patchc.cells.spec import Kind
from patchc.source.codes.losses import BadLossSetting, UnknownLossSetting
from patchc.source.diagnostic import Diagnostic
from patchc.source.error import PatchError
from patchc.source.suggest import nearest
from patchc.source.text import Span

if TYPE_CHECKING:
    from torch import Tensor


class LossSettings(BaseModel):
    """The settings of a loss: fields with defaults, ranges and a description, in base units (seconds, Hz, dB)."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True)
class Prepared:
    """A target whose half of the work is done: hand it to a loss in place of the target itself."""

    features: tuple[Tensor, ...]
    length: int


class Loss(ABC):
    """Compares a prediction with a target; holds settings and no state.

    A loss is two functions: `features` turns a signal into tensors, `distance` compares two lists of them. So a target
    that is compared with many times is analysed once (`prepare`). Subclasses import no torch of their own: they use
    tensor methods and the functions of `patchc.losses.spectra`, which load it when first called.
    """

    kind: ClassVar[Kind]
    Settings: ClassVar[type[LossSettings]] = LossSettings
    settings: LossSettings

    def __init__(self, rate: float = 48_000.0, *, span: Span | None = None, **settings: object) -> None:
        """`rate` is in values a second: the sample rate for audio losses, the control rate for others.

        Raises `PatchError` naming every setting that is unknown or out of range; `span` is where they were written.
        """
        problems = self.problems(settings, span)
        if problems:
            raise PatchError(problems)
        self.rate = rate
        self.settings = self.Settings.model_validate(settings)

    @classmethod
    def problems(cls, settings: Mapping[str, object], span: Span | None = None) -> list[Diagnostic]:
        """What is wrong with `settings`; nothing is computed and no torch is needed."""
        try:
            cls.Settings.model_validate(dict(settings))
        except ValidationError as error:
            return _explained(cls, error, span)
        return []

    @abstractmethod
    def features(self, signal: Tensor) -> tuple[Tensor, ...]:
        """What is compared, of a signal `[batch, ..., time]`: tensors whose first axis is the batch."""

    @abstractmethod
    def distance(self, prediction: tuple[Tensor, ...], target: tuple[Tensor, ...]) -> Tensor:
        """How far apart two lists of features are, `[batch]`; zero for equal ones."""

    def prepare(self, target: Tensor) -> Prepared:
        """The features of a target `[batch, time]` (or `[1, time]` for all), to be compared with again and again."""
        return Prepared(self.features(target), target.shape[-1])

    def __call__(self, prediction: Tensor, target: Tensor | Prepared) -> Tensor:
        """The loss of each sound of a batch, `[batch]`.

        `prediction` is `[batch, time]` or `[batch, channels, time]`; `target` likewise, or with a batch of one.
        Raises `ValueError` if their lengths differ.
        """
        length = target.length if isinstance(target, Prepared) else target.shape[-1]
        if prediction.shape[-1] != length:
            raise ValueError(f"the prediction has {prediction.shape[-1]} values and the target {length}")
        return self.compare(prediction, target if isinstance(target, Prepared) else self.prepare(target))

    def compare(self, prediction: Tensor, target: Prepared) -> Tensor:
        """The loss of each sound, `[batch]`, against what `prepare` made; a loss may know a shorter way than its two
        functions.
        """
        return self.distance(self.features(prediction), target.features)


def _explained(cls: type[Loss], error: ValidationError, span: Span | None) -> list[Diagnostic]:
    loss = cls.__module__.rpartition(".")[2]
    known = list(cls.Settings.model_fields)
    found: dict[str, Diagnostic] = {}
    for problem in error.errors():
        name = str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            near, names = nearest(name, known) or "", ", ".join(known) or "none"
            found.setdefault(name, UnknownLossSetting(span=span, loss=loss, name=name, near=near, known=names))
        else:
            value, reason = str(problem["input"]), problem["msg"].removeprefix("Input ")
            found.setdefault(name, BadLossSetting(span=span, loss=loss, name=name, value=value, reason=reason))
    return list(found.values())
