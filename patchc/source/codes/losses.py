"""Codes about the losses a patch names: P711 to P713."""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic


class UnknownLossSetting(Diagnostic, code="P711"):
    """A loss is given a setting it does not have.

    Settings stand between round brackets behind the loss's name. Which there are, with their ranges, is said by the
    loss itself.

        tap main loss mss(size = [2048])      # mss has no `size`
        tap main loss mss(fft = [2048])       # right
    """

    stage = "losses"
    title = "`{loss}` has no setting called `{name}`"
    label = "not a setting of `{loss}`"
    rule = "a loss takes only the settings it declares"
    help = "its settings are {known}"

    loss: str
    name: str
    near: str
    known: str

    @property
    def help_text(self) -> str:
        return f"did you mean `{self.near}`? its settings are {self.known}" if self.near else super().help_text


class BadLossSetting(Diagnostic, code="P712"):
    """A setting of a loss has a value it cannot have.

    Sizes, weights and floors have ranges, so that a slip cannot ask for a window of a billion samples.

        tap main loss mss(fft = [0])          # a window of no samples
        tap main loss mss(fft = [512, 64])    # right
    """

    stage = "losses"
    title = "`{name}` of `{loss}` cannot be {value}"
    label = "{reason}"
    rule = "a setting of a loss lies in the range the loss declares"
    help = "{reason}"

    loss: str
    name: str
    value: str
    reason: str


class LossOfOtherKind(Diagnostic, code="P713"):
    """A tap compares a signal with a loss made for the other kind of signal.

    Audio losses look at spectra up to the Nyquist limit, control losses at slow curves; each is blind to what the other
    sees.

        tap lfo1 loss mss                     # lfo1 is a control signal
        tap lfo1 loss control_stft            # right
    """

    stage = "losses"
    title = "`{loss}` compares {loss_kind} signals, but `{tap}` is {tap_kind}"
    label = "made for {loss_kind} signals"
    rule = "a tap's losses are made for its kind of signal"
    help = "for {tap_kind} signals there are {fitting}"

    loss: str
    loss_kind: str
    tap: str
    tap_kind: str
    fitting: str
