"""P5xx: what is learned, predicted, drawn and compared"""

from __future__ import annotations

from patchc.source.diagnostic import Diagnostic, Severity


class NothingLearnable(Diagnostic, code="P501"):
    """Nothing in the patch may change.

    Fitting and training change the numbers marked `learn` or `predict`. This patch has none, so every sound of it is
    the same.

        cutoff = 800 Hz               wrong, if it is to be fitted
        cutoff = learn 800 Hz         right
    """

    severity = Severity.WARNING
    stage = "learning"
    title = "nothing in `{patch}` is learnable"
    label = "no `learn` and no `predict` in here"
    help = "mark a value `learn` or `predict`"

    patch: str


class PriorMissesRange(Diagnostic, code="P502"):
    """A prior puts nearly all of its mass outside the range.

    Numbers drawn from the prior are held to the range, so nearly all sounds would get one of its ends. Mostly the
    centre or the unit of the width is wrong. On a `log` range the width of `normal` is an interval.

        cutoff = learn 800 Hz in 20 Hz .. 8 kHz log ~ normal(80 kHz, 1 oct)      wrong
        cutoff = learn 800 Hz in 20 Hz .. 8 kHz log ~ normal(800 Hz, 1 oct)      right
    """

    severity = Severity.WARNING
    stage = "learning"
    title = "the prior gives {share} of its mass to {range}"
    label = "mostly outside the range"
    help = "check its location and unit"

    share: str
    range: str


class CategoricalCount(Diagnostic, code="P503"):
    """A `categorical` prior lists more or fewer weights than its choice has members.

    param wave = learn saw in [saw, square, sine] ~ categorical(50 %, 50 %)          wrong
    param wave = learn saw in [saw, square, sine] ~ categorical(40 %, 40 %, 20 %)    right
    """

    stage = "learning"
    title = "`categorical` lists {weights} for {members}"
    label = "{weights} here"
    rule = "one weight for each member, in their order"
    help = "{advice}"

    weights: str
    members: str
    advice: str


class NoProbability(Diagnostic, code="P504"):
    """A probability is below 0 % or above 100 %.

    in <- osc2  maybe 120 %       wrong
    in <- osc2  maybe 80 %        right
    in <- osc2  maybe 0.8         the same
    """

    stage = "learning"
    title = "a probability must be between 0 % and 100 %, and {given} is not"
    label = "not a probability"

    given: str


class NotDifferentiable(Diagnostic, code="P505"):
    """Something is learned that moves in steps.

    Learning follows the gradient of the loss, and a number that moves in steps has none.

        ratio = learn 2 in 1 .. 8 step 1                        wrong
        ratio = learn 2 in 1 .. 8                               right
    """

    stage = "learning"
    title = "`learn` on a value in steps of {step}, which is not differentiable"
    label = "nothing to follow here"
    rule = "what is learned moves smoothly along its range"
    help = "remove `step`, or use `predict` with a choice"

    step: str


class UnknownLoss(Diagnostic, code="P506"):
    """A tap names a loss that does not exist.

    tap main loss msss       wrong
    tap main loss mss        right
    """

    stage = "learning"
    title = "`tap {tap} loss {loss}`: no loss called `{loss}`"
    label = "no such loss"
    help = "the losses are {known}"

    tap: str
    loss: str
    known: str


class NoGradient(Diagnostic, code="P507"):
    """No gradient reaches a number that is to be learned, from any tap or output.

    `patchc check --grad` renders the patch once and looks. The usual reasons: the cell is heard by nothing that is
    compared, the path to the output is held at a limit, or the number only matters while a cable is off.

        cell lfo1 : lfo { rate = learn 5 Hz }
        freq += lfo1 * 0 ct                       wrong: the cable carries nothing
        freq += lfo1 * 20 ct                      right
    """

    severity = Severity.WARNING
    stage = "learning"
    title = "no gradient reaches `{knob}` from any tap"
    label = "this cannot be learned"
    help = "tap the cell it belongs to, or look at the cables between it and the output"

    knob: str


class PriorNumbers(Diagnostic, code="P508"):
    """A prior gets more or fewer numbers than it takes, or a width that is not above zero.

    The families are `normal(centre, width)`, `halfnormal(width)` and `uniform(low, high)`, and for choices
    `categorical(p, ...)`.

        freq = learn 440 Hz in 20 Hz .. 8 kHz log ~ normal(440 Hz)              wrong
        freq = learn 440 Hz in 20 Hz .. 8 kHz log ~ normal(440 Hz, 1 oct)       right
    """

    stage = "learning"
    title = "`{written}` {problem}"
    label = "write `{usage}`"
    rule = "{family} is written `{usage}`"

    family: str
    written: str
    problem: str
    usage: str


class PriorOfAnother(Diagnostic, code="P509"):
    """A prior for numbers stands on a choice, or one for choices on a number.

    `normal`, `halfnormal` and `uniform` spread over a range, `categorical` gives each member of a choice its weight.
    Vectors that sum to one have no prior.

        param wave = learn saw in [saw, square] ~ normal(1, 1)                 wrong
        param wave = learn saw in [saw, square] ~ categorical(60 %, 40 %)      right
    """

    stage = "learning"
    title = "`{family}` is a prior for {fits}, and this is {what}"
    label = "{what}"
    help = "{advice}"

    family: str
    fits: str
    what: str
    advice: str
