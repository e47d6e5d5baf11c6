"""Members of choices: waves, filter modes, curves."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

MEMBERS = Table(
    here("sine", "sin sinus cosine cos"),
    here("triangle", "tri triangular trisaw"),
    here("square", "sqr rect pulse rectangle squ sq"),
    here("saw", "sawtooth ramp rampdown sawdown down"),
    here("lowpass", "lp lpf low lopass highcut hicut lowpassfilter lp12"),
    here("highpass", "hp hpf high hipass lowcut hp12"),
    here("bandpass", "bp bpf band bp12"),
    here("notch", "br bandreject bandstop bsf brf reject"),
    here("tanh", "soft softclip saturate tube sigmoid saturation"),
    here("cubic", "poly polynomial overdrive"),
    here("fold", "sine sin folder wavefold foldback"),
    none("", "random noise sh samplehold sandh steps stepped", "nothing random is in this list"),
    none("", "peak bell shelf lowshelf highshelf allpass ap comb", "several filters side by side are added by `mix`"),
    none("", "clip hard hardclip crush bit", "`cubic` comes nearest"),
)
