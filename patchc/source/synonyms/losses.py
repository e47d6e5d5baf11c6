"""Losses and families of priors: what papers and other libraries call them."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

LOSSES = Table(
    here(
        "mss",
        "stft mrstft multiresolution multiresolutionstft multiscale multiscalespectral spectral spectrum sss mel melspec logmel lsd spectralconvergence magnitude",
    ),
    here("mel_cepstrum", "mfcc mfccs cepstrum mcd timbre mcep"),
    here("transport", "wasserstein ot sot emd optimaltransport earthmover sinkhorn w1 w2"),
    here("loudness", "rms energy envelope level power volume"),
    here("control_l1", "l1 mae l1loss absolute"),
    here("control_stft", "controlspectral lfoloss modulation"),
    none(
        "control_l1",
        "l2 mse rmse squared huber esr sisdr sdr snr",
        "it compares control signals frame by frame; for audio there is `mss`",
    ),
    none(
        "mss",
        "adversarial gan clap embedding perceptual crepe openl3 fad vggish",
        "no pretrained network is among the losses",
    ),
)

PRIORS = Table(
    here("normal", "gauss gaussian norm gaus lognormal lognorm bell truncnorm"),
    here("halfnormal", "halfgaussian exponential exp gamma rayleigh positive halfgauss"),
    here("uniform", "flat rand random range unif loguniform unit"),
    here("categorical", "choice discrete multinomial weighted bernoulli cat onehot pick dirichlet"),
)
