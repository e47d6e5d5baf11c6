"""Cell types: what other instruments call them."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

_MATRIX = "`in <- osc` feeds it; a cable's level is written behind it: `in <- osc * -6 dB`"

CELLS = Table(
    here(
        "svf { mode = lowpass }",
        "butterworth butter lpfilter lowpass lpf lp lowpassfilter highcut hicut rlpf tonefilter lores butterlp vclpf lpf12",
    ),
    here("svf { mode = highpass }", "highpass hpf hp highpassfilter lowcut locut rhpf butterhp hipass"),
    here("svf { mode = bandpass }", "bandpass bpf bp bandpassfilter resonator reson resonz butterbp wah peakfilter"),
    here("svf { mode = notch }", "reject notch bandreject bandstop brf bsf br notchfilter brf bandrejection"),
    here(
        "svf",
        "ms20 sallenkey svfilter filterlp filterhp korg vcf filter fltr 2pole 4pole filt flt biquad biquadfilter statevariable statevariablefilter multimode sem vafilter dcf",
        "`mode = lowpass`, `highpass`, `bandpass` or `notch`",
    ),
    here("onepole", "rc rcfilter lag smooth lowpass6 pole onepolefilter 1pole lp6 tonecontrol tone"),
    here(
        "gain",
        "trim mult ampl loudness ampmod dbgain voltagecontrolledamplifier vca amp times gainstage boost attenuation volumecontrol preamp mute amplifier volume vol attenuator fader level dca multiply mul multiplier am scale",
        "`level *= env` shapes it, `level = -6 dB` sets it",
    ),
    here("gain", "tremolo trem vibratoamp amplitudemodulation", "`level *= lfo` makes a tremolo"),
    here(
        "pulse",
        "pw pulsewidth suboscillator subosc square sqr lfpulse blitsquare rect rectangle rectangular squ pwm squarewave pulsewave variablepulse vpulse lfpulse sq pulseosc",
    ),
    here("saw", "sawtooth rampup rampdown sawup sawdown sawwave ramp rampwave sw sawosc vsaw lfsaw phasor blsaw"),
    here(
        "saw",
        "wave waveform tone1 osc oscillator vco dco oscil oscili voice generator gen tonegenerator vcosc analogosc source",
        "or `pulse`, `triangle`, `sine`, `harmonic`",
    ),
    here("triangle", "tri trisaw triwave lftri triangular triosc"),
    here("sine", "sin sinus poscil foscil sinosc cosine cos cycle sinewave test testtone tone440 puretone"),
    here(
        "sine",
        "modosc modoscillator operator op fm fmop fmosc fmoperator carrier modulator pm phasemod phasemodulation dx dx7 opal",
        "`phase += mod * 1 rad` modulates it",
    ),
    here(
        "harmonic",
        "partial harmonicseries additive drawbar drawbars organ partials harmonics harmonicosc sinebank tonewheel hammond additiveosc",
    ),
    here(
        "mix",
        "mixer summer sum add adder bus mixdown summing plus combine merge submix blend crossfade xfade aux send",
        _MATRIX,
    ),
    here(
        "adsr",
        "ampenvelope ampeg drumenv volenv pitchenv modenv modenvelope volenvelope env envelope eg egen ahdsr envgen adsrenvelope contour dadsr ar asr linenr envelopegenerator ampenv filterenv adsd amplitudeenvelope",
        "`gate <- gate` plugs the note in",
    ),
    here(
        "decay",
        "ad perc expon expseg xline percenv percussive attackdecay pluckenv decayenv expdecay expenv ping hit strike",
    ),
    here("noise", "white whitenoise noiz noisegen noisegenerator rand hiss wnoise noisewhite static"),
    here("noise_bank", "filterednoise colorednoise colourednoise noisebands bandnoise"),
    here(
        "shaper",
        "distort valve triode distortion dist overdrive drive saturator saturation saturate tanh clip clipper fuzz waveshaper waveshape waveshaping softclip hardclip soft tube tubes limitsoft od",
    ),
    here("wavefolder", "lockhart serge fold folder wavefold foldback foldover buchla"),
    here(
        "fir_reverb",
        "reverb verb hall room plate rev reverberation space ambience freeverb spring chamber reverberator convolver convolution jcrev",
    ),
    here(
        "delay",
        "echo echoes delayline tapedelay comb multitap multitapdelay combfilter combl combn combc delayl delayn delayc slapback vdelay pingpong pingpongdelay tape feedbackdelay delaynode allpassdelay",
        "`time = 300 ms; feedback = 40 %`",
    ),
    here(
        "lfo",
        "lowfreqosc lfosine lfotri sinelfo modulatorlfo modulation lowfrequencyoscillator lfosc vibrato wobble modulationsource lfogenerator cyclelfo",
        "its depth is written where it is used: `freq += lfo1 * 20 ct`",
    ),
    none(
        "delay { time = 15 ms; wet = 50 % }",
        "chorus ensemble unisonfx dimension choruser doubler vibe",
        "move it: `time += lfo1 * 10 %`",
    ),
    none("delay { time = 3 ms; feedback = 60 % }", "flanger flange jet", "move it: `time += lfo1 * 20 %`"),
    none(
        "svf { mode = notch }",
        "phaser phase_shifter phaseshifter phasing allpass ap univibe",
        "move it: `cutoff += lfo1 * 1 oct`",
    ),
    none(
        "svf { q = 4 }",
        "ladder mooglp moog moogladder moogvcf ladderfilter transistorladder diode diodeladder tb303 acid lpf24 lp24 lowpass24",
        "two of them in a row fall by 24 dB an octave",
    ),
    none(
        "svf { mode = bandpass }",
        "formant vowel formantfilter vocal vowelfilter eq peq shelving equalizer equaliser parametric peaking peak bell shelf lowshelf highshelf graphiceq",
        "several side by side, added by `mix`",
    ),
    none(
        "gain",
        "pan panner panning stereo balance autopan spatializer pan2 width",
        "one for each output: `output left <- l`, `output right <- r`",
    ),
    none(
        "gain",
        "compressor comp leveler leveller dynamicscompressor maximizer limiter expander gate noisegate dynamics ducker sidechain companding transient",
        "`level *= env` shapes it by a note",
    ),
    none(
        "onepole",
        "slew slewlim glider portamento glide slewlimiter lagger smoother slide lineto",
        "it smooths audio; a control moves at its own speed",
    ),
    none(
        "lfo { shape = square }",
        "samplehold samplenhold sandh sh random randomizer randomiser noiselfo randomlfo samplerandom randomwalk latch lfnoise",
        "nothing random runs at control rate",
    ),
    none(
        "adsr",
        "sequencer seq arp arpeggiator clock trigger metro step stepsequencer pattern impulse euclid",
        "`gate` and `pitch` come from outside: `--set pitch=C4 gate=1s`",
    ),
    none(
        "gain { level *= osc }",
        "ringmod ring ringmodulator rm am2 multiplyaudio vcaring",
        "it scales from 1 down, so the carrier stays",
    ),
    none(
        "shaper",
        "bitcrusher crusher crush bitcrush decimator downsample srr lofi redux degrade quantizer quantize samplerate",
        "`drive = 24 dB` is as rough",
    ),
    none(
        "harmonic",
        "wavetable wt wavetableosc table tableosc morph sampler sample sampleplayer buffer playbuf granular grain grains grainosc grainplayer multisample",
        "a recording comes in by `input take : audio`",
    ),
    none(
        "saw",
        "supersaw detunedsaw hypersaw unison superwave detune multisaw jp8000 swarm",
        "several in a `for` loop, each `pitch + (k - 2) * 8 ct`, added by `mix`",
    ),
    none(
        "decay",
        "karplus karplusstrong string pluck pluckedstring waveguide pluckosc modal",
        "a short noise in a `delay` with `feedback = 95 %` is a string",
    ),
    none(
        "noise_bank",
        "pink pinknoise brown brownnoise browniannoise red blue bluenoise violet crackle dust",
        "or `noise` through an `onepole`",
    ),
    none(
        "fir_reverb",
        "shimmer freeze vocoder pitchshift pitchshifter freqshift frequencyshifter harmonizer fft spectral",
        "",
    ),
    here("dc_block", "dcblocker leakdc dcoffset dc blockdc blocker dcremove removedc dcfilter"),
    none(
        "adsr", "envelopefollower envfollow follower envfollower amplitudefollower detector", "nothing follows a sound"
    ),
    prefixes="my|main|the|simple|basic|analogue|analog|digital|virtual|va|stereo|mono|poly|audio|synth|resonant|new|soft|big|small|conv|master|multi|bus|brickwall|sub",
    suffixes="filter|filt|oscillator|osc|node|module|unit|effect|fx|ugen|cell|waveform|wave|generator|gen|source|processor|envelope|env|amp|synth|series|sim|lead|time|amount|cloud|lfo|eg|sound|device|section|stage",
)
