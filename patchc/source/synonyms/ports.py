"""Ports, inputs and knobs: what other instruments call them. One name stands for the same thing in every cell."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

PORTS = Table(
    here(
        "freq",
        "frequency frequencies pitch note hz cps frq fq hertz oscillatorfrequency carrierfreq ratio fine1 f0 fundamental tune tuning tone key freqhz oscfreq voct 1voct fc pitchhz semitone coarse",
    ),
    here(
        "cutoff",
        "frequency freq cut corner frq kcf cf hicut cutfreq filterfrequency fcut tonefreq kfco fc cutofffrequency cutofffreq cornerfrequency centre center centerfreq centrefrequency brightness hz filterfreq freqcutoff co",
    ),
    here("rate", "frequency freq speed hz lforate tempo lfofreq lfospeed bpm"),
    here("pitch", "freq frequency note f0 key hz tune midi midinote notenumber"),
    here(
        "q",
        "filterq resonance res rq bandwidth bw kres resonant1 qres invq resq bandq reso resonant emphasis peak quality qfactor rez",
    ),
    here(
        "level",
        "dbgain gaindb amplification db decibels postgain kamp iamp trimlevel mainlevel postlevel amp amplitude volume vol gain loudness mul output outputlevel ampl velocity attenuation makeup post outgain strength",
    ),
    here(
        "phase",
        "phi phaseoffset startphase phs iphs initphase phaseshift initialphase phasemod pm fm offset start phasestart modulation",
    ),
    here("width", "pw pulsewidth duty dutycycle pwm symmetry skew share"),
    here(
        "shape",
        "wave waveform wav type form weights drawbars gains strengths tri saw kind mode curve spectrum harmonics amps amplitudes levels partials function algorithm",
    ),
    here("mode", "type filtertype kind response shape filtermode"),
    here("attack", "a atk att atktime attacktime atime rise risetime fadein ramptime"),
    here("decay", "d dec dectime decaytime dtime fall falltime"),
    here("sustain", "s sus sustainlevel sl suslvl sustainlvl susamp slevel suslevel"),
    here("release", "r rel releasetime reltime rtime fadeout tail"),
    here(
        "time",
        "delay delaytime length dt del deltime idlt kdel dtime echotime echo interval duration dur tdelay seconds ms",
    ),
    here("decay", "time length size roomsize rt60 t60 reverbtime revtime tail room decayseconds"),
    here("time", "decay decaytime t60 rt60 release fall falltime"),
    here("feedback", "fb fdbk regen regeneration repeats feed repeat"),
    here(
        "wet",
        "mix drywet wetdry send fxmix effectmix wetmix reverbmix amountwet wetlvl amount blend wetness sendlevel wetlevel balance dry depth",
    ),
    here("drive", "gain pregain predrive preamp distortion amount saturation overdrive boost input inputgain folds"),
    here("level", "amount"),
    here("bias", "offset dc dcoffset asymmetry symmetry"),
    here("gate", "trigger trig key note on noteon retrigger tr"),
    here("in", "input audio signal source src in1 audioin inp sig i"),
    here("curve", "slope power exponent shape bend tension"),
    here("held", "hold duration notelength length"),
    here("value", "in input sum add level"),
    here("spread", "detune unison"),
    none(
        "",
        "depth amount intensity mod modamount moddepth",
        "how deep is written where it is used: `freq += lfo1 * 20 ct`; `level *= env` in a `gain` behind it fades it in",
    ),
    none(
        "",
        "level gain amp amplitude volume vol loudness",
        "a `gain` behind this cell has one: `cell vib : gain { in <- lfo1; level *= env }`",
    ),
    none(
        "",
        "detune fine finetune semi semitones octave transpose cents coarse",
        "write it behind the pitch: `freq = pitch + 7 ct`",
    ),
    none("", "delay predelay hold", "this cell has none; `gate=0.2s..1.5s` starts a note later"),
    none(
        "",
        "gate trigger retrigger sync reset keysync",
        "it runs from the start of the sound, and no note starts it again",
    ),
    none("", "pan panning balance stereo spread", "two outputs: `output left <- l`, `output right <- r`"),
    none("", "keytrack tracking keyfollow kbd kybd keyboardtracking", "`cutoff = pitch * 2` follows the keys"),
    prefixes="osc|filter|vcf|vca|env|lfo|amp|base|my|main",
    suffixes="amount|ms|hz|db|seconds|value|knob|param|level|time|control",
)
