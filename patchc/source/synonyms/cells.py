"""Cell types: what other instruments call them."""

from __future__ import annotations

from patchc.source.synonyms.table import Table, here, none

_MATRIX = "`in <- osc` feeds it; a cable's level is written behind it: `in <- osc * -6 dB`"

CELLS = Table(
    here(
        "svf { mode = lowpass }",
        "butterworth butter lpfilter butlp resonlp bwlp blowpass vclp lpg_lp rlp lp2 clp lowpass lpf lp lowpassfilter highcut hicut rlpf tonefilter lores butterlp vclpf lpf12",
    ),
    here(
        "svf { mode = highpass }",
        "highpass hpf hp highpassfilter basscut rumble buthp resonhp bhipass vchp rhp hp2 lowcut locut rhpf butterhp hipass",
    ),
    here(
        "svf { mode = bandpass }",
        "bandpass bpf bp bandpassfilter resonator butbp resonbp ringz formlet bbandpass twopole vcbp bp2 rbp reson resonz butterbp wah peakfilter",
    ),
    here(
        "svf { mode = notch }",
        "reject notch bandreject butbr areson bbandstop vcnotch ntch rbr bandstop brf bsf br notchfilter brf bandrejection",
    ),
    here(
        "svf",
        "ms20 sallenkey svfilter steiner wasp ota rezzy dfm polivoks oberheim vclpf cem3320 ssm2044 prophet jupiter twelvedb 12db filterlp filterhp korg vcf filter fltr 2pole 4pole filt flt biquad biquadfilter statevariable statevariablefilter multimode sem vafilter dcf",
        "`mode = lowpass`, `highpass`, `bandpass` or `notch`",
    ),
    here(
        "onepole",
        "rc rcfilter lag onezero lop varlag smoo portk atone lowpass1 integrator leaky hip hpz1 lpz1 leakyintegrator slewfilter lag2 lag3 hop 6db sixdb dcrc onep smooth lowpass6 pole onepolefilter 1pole lp6 tonecontrol tone",
    ),
    here(
        "gain",
        "trim mult ampl loudness ampmod vcalin quadvca vcvca attenuverter polarizer polariser trimpot invert inverter phaseinvert polarity makeup softvol velocity vel balance1 vcalog linvca fade fadein fadeout depthcontrol unity dbgain voltagecontrolledamplifier vca amp times gainstage boost attenuation volumecontrol preamp mute amplifier volume vol attenuator fader level dca multiply mul multiplier am scale",
        "`level *= env` shapes it, `level = -6 dB` sets it",
    ),
    here(
        "gain",
        "ringmod ring ringmodulator ringmodulation rm am2 multiplyaudio vcaring balancedmodulator 4quadrant fourquadrant",
        "`level *= osc2 * 200 %` multiplies by another sound; at 100 % the carrier stays",
    ),
    none("gain", "lpg lowpassgate vactrol lowpassgatelpg", "an `svf` before it closes by the same envelope"),
    here("gain", "tremolo trem vibratoamp amplitudemodulation", "`level *= lfo` makes a tremolo"),
    here(
        "pulse",
        "pw pulsewidth suboscillator squarelfo vpwm vcpulse dsfsquare subsquare impulsetrain squareosc blsquare blpulse lfpulsewave hardsquare pulsetrain subosc square sqr lfpulse blitsquare rect rectangle rectangular squ pwm squarewave pulsewave variablepulse vpulse lfpulse sq pulseosc",
    ),
    here(
        "saw",
        "sawtooth rampup rampdown blit lfosaw dpwsaw polyblep blep minblep bandlimitedsaw vcsaw sawup sawdown sawwave ramp rampwave sw sawosc vsaw lfsaw phasor blsaw",
    ),
    here(
        "saw",
        "wave waveform tone1 osc oscillator macroosc vco2 synthosc voiceosc analogosc2 vco dco oscil oscili voice generator gen tonegenerator vcosc analogosc source",
        "or `pulse`, `triangle`, `sine`, `harmonic`",
    ),
    here("triangle", "tri trisaw triwave dpwtri lftriangle bltriangle lftri vctri lftri triangular triosc"),
    here(
        "sine",
        "sin sinus poscil foscil oscils fsinosc lfsin oscsin sinetone sinegenerator vcsine puresine testosc foscil osci sinosc cosine cos cycle sinewave test testtone tone440 puretone",
    ),
    here(
        "sine",
        "modosc modoscillator operator rhodey wurley tubebell tubularbell metalsynth fmpiano epiano electricpiano dxpiano hevymetl sinoscfb pmosc tzfm throughzero throughzerofm foscili foscil fmvoice linearfm expfm fm2 feedbackfm fm4 fm6 crossmod xmod fmpair twoop fourop sixop phm phasedistortion cz pd fmoperatorstack op fm fmop fmosc fmoperator carrier modulator pm phasemod phasemodulation dx dx7 opal",
        "`phase += mod * 1 rad` modulates it",
    ),
    here(
        "harmonic",
        "partial harmonicseries additive buzz gbuzz blip klang partialbank addsynth bldsf dsf harmonicbank overtone overtones sinestack additivebank foldsin hosc drawbar drawbars organ partials harmonics harmonicosc sinebank tonewheel hammond additiveosc",
    ),
    here(
        "mix",
        "mixer summer sum add splay throw catch sumall unitymixer matrixmixer selector select switch xfader stereomixer groupmix parallel addition adder bus mixdown summing plus combine merge submix blend crossfade xfade aux send",
        _MATRIX,
    ),
    here(
        "adsr",
        "ampenvelope ampeg drumenv vcaenv vcfenv filteg filtereg filtercontour ampcontour loudnesscontour vcaeg vcfeg oscenv cutoffenv env2 lfoenv noiseenv vcaenvelope vcfenvelope gateenvelope mxadsr madsr expsegr linsegr linen transientgenerator functiongenerator functiongen riseandfall risefall dxeg rateslevels ratelevel linseg envseg transeg ahr asd dahds egx envelopegen hadsr mseg loopenv asre en volenv pitchenv modenv modenvelope volenvelope env envelope eg egen ahdsr envgen adsrenvelope contour dadsr ar asr linenr envelopegenerator ampenv filterenv adsd amplitudeenvelope",
        "`gate <- gate` plugs the note in",
    ),
    here(
        "decay",
        "ad perc expon expseg decayenvelope pluckenvelope percenvelope percussiveenvelope hitenv hitenvelope kickenv drumdecay decay2 are strikeenv expdec pluckenvelope xline expramp adenv percussion onlydecay xline percenv percussive attackdecay pluckenv decayenv expdecay expenv ping hit strike",
    ),
    here(
        "noise",
        "white whitenoise noiz clipnoise graynoise greynoise hasher noisesource gaussnoise uniformnoise thermal noisegen noisegenerator rand hiss wnoise noisewhite static",
    ),
    here(
        "noise_bank",
        "filterednoise colorednoise noisefiltered shapednoise spectralnoise noisespectrum colourednoise noisebands bandnoise",
    ),
    here(
        "shaper",
        "distort valve triode distortion tubescreamer cubicnl rectifier fullwave halfwave pdhalf chebyshev chebychev cheby diodeclipper atan arctan sigmoid asymclip exciter warmth preampdrive ampsim crunch gainclip sin2 tubewarmth dist overdrive drive saturator saturation saturate tanh clip clipper fuzz waveshaper waveshape waveshaping softclip hardclip soft tube tubes limitsoft od",
    ),
    here(
        "wavefolder",
        "lockhart serge fold folder wrap wrapper wrapping triangleshaper buchlafold timbre wavefold foldback foldover buchla",
    ),
    here(
        "fir_reverb",
        "reverb verb hall room plate verbsend reverbsend revsend nrev prcrev jcreverb zita zitarev nreverb reverbsc gverb springtank satrev rev3 ambient cathedral church reverbplate greyhole jpverb miverb dattorro schroeder fdn reverb2 lexicon earlyreflections rev reverberation space ambience freeverb spring chamber reverberator convolver convolution jcrev",
    ),
    here(
        "delay",
        "echo echoes delayline tapedelay combresonator tapin tapout feedbackcomb lowpasscomb combfeedback feedbackcombfilter bbd delwrite delread vd fdelay allpassc allpassn allpassl bucketbrigade magneticecho memoryman spaceecho dubdelay vdelay delaywrite delayread delwrite4 flexdelay sdelay fdelay4 delaya multidelay comb multitap multitapdelay combfilter combl combn combc delayl delayn delayc slapback vdelay pingpong pingpongdelay tape feedbackdelay delaynode allpassdelay",
        "`time = 300 ms; feedback = 40 %`",
    ),
    here(
        "lfo",
        "lowfreqosc lfosine modulate vclfo lfcub modlfo quadlfo lfsine lfowave slowosc cyclic modwave modosclfo lfotriangle lfosquare lfotri sinelfo modulatorlfo modulation lowfrequencyoscillator lfosc vibrato wobble modulationsource lfogenerator cyclelfo",
        "its depth is written where it is used: `freq += lfo1 * 20 ct`",
    ),
    none(
        "delay { time = 15 ms; wet = 50 % }",
        "hyper ce1 junochorus solina chorusensemble hyperdimension chorus ensemble unisonfx dimension choruser doubler vibe",
        "move it: `time += lfo1 * 10 %`",
    ),
    none(
        "delay { time = 3 ms; feedback = 60 % }",
        "flanger flange jet throughzeroflanger tapeflange flanging",
        "move it: `time += lfo1 * 20 %`",
    ),
    none(
        "svf { mode = notch }",
        "phaser phase_shifter phaseshifter phaser2 smallstone phase90 allpassfilter phaserstage phasing allpass ap univibe",
        "move it: `cutoff += lfo1 * 1 oct`",
    ),
    none(
        "svf { q = 4 }",
        "ladder mooglp moog moogff moogvcf moogfilter lpf18 mglow mg mglow24 mglow18 mglow12 24db fourpole 4polelp transistor vcf303 303 acidfilter polysix huovilainen vcf24 ladder4 vcladder moogladder moogvcf ladderfilter transistorladder diode diodeladder tb303 acid lpf24 lp24 lowpass24",
        "two of them in a row fall by 24 dB an octave",
    ),
    none(
        "svf { mode = bandpass }",
        "formant vowel formantfilter fof klank mideq peakeq blowshelf bhishelf bpeakeq resonbank filterbank graphic tilt tilteq presence vosim vocaltract hishelf loshelf parameq peakingeq eqp fixedfilterbank comb3 ffb vocal vowelfilter eq peq shelving equalizer equaliser parametric peaking peak bell shelf lowshelf highshelf graphiceq",
        "several side by side, added by `mix`",
    ),
    none(
        "gain",
        "pan panner panning widener stereowidener split panaz pan4 binaural haas midside ms leftright rotary stereoizer stereospread stereo balance autopan spatializer pan2 width",
        "one for each output: `output left <- l`, `output right <- r`",
    ),
    none(
        "gain",
        "compressor comp leveler dyno normalizer normaliser ott multiband agc autogain compander deesser duck pumping pump leveller dynamicscompressor maximizer limiter expander gate noisegate dynamics ducker sidechain companding transient",
        "`level *= env` shapes it by a note",
    ),
    none(
        "onepole",
        "slew slewlim glider portamento port porta glissando gliss legato linlag glide slewlimiter lagger smoother slide lineto",
        "it smooths audio; a control moves at its own speed",
    ),
    none(
        "lfo { shape = square }",
        "samplehold samplenhold shlfo randh randi jitter chaos chaotic lorenz wander drift rand8 stepped smoothrandom fluctuate sampleandhold turbulence sandh sh random randomizer randomiser noiselfo randomlfo samplerandom randomwalk latch lfnoise",
        "nothing random runs at control rate",
    ),
    none(
        "adsr",
        "sequencer seq arp burst clockdiv clockdivider turing turingmachine divider ratchet gategen metronome trig triggerseq keyboard midi midiin cv notein mono chord transport arpeggiator clock trigger metro step stepsequencer pattern impulse euclid",
        "`gate` and `pitch` come from outside: `--set pitch=C4 gate=1s`",
    ),
    none(
        "shaper",
        "bitcrusher crusher crush decimate ratereducer aliasing lofibits smashing bitreducer bitreduction sampleratereduction quant bitcrush decimator downsample srr lofi redux degrade quantizer quantize samplerate",
        "`drive = 24 dB` is as rough",
    ),
    none(
        "harmonic",
        "wavetable wt wavetableosc groove tabread tabread4 vosc vosc3 warp tgrains grain2 cloud clouds grainfr loscil flooper phasevocoder soundfile scan scanned waveosc romplesample recorder looper wtpos diskin sndfile sfz soundfont table tableosc morph sampler sample sampleplayer buffer playbuf granular grain grains grainosc grainplayer multisample",
        "a recording comes in by `input take : audio`",
    ),
    none(
        "saw",
        "supersaw detunedsaw hypersaw fatoscillator fatosc fat unisonosc stack fatsaw superosc swarmosc jp8000saw ensemblesaw unison superwave detune multisaw jp8000 swarm",
        "several in a `for` loop, each `pitch + (k - 2) * 8 ct`, added by `mix`",
    ),
    none(
        "decay",
        "karplus karplusstrong string bandedwg stifkarp banded wguide wguide1 karplusvoice modalresonator modalbank physicalmodel physmod bowed membrane marimba bar tube2 pluck2 guitar rings elements exciterresonator resonatorbank pluck pluckedstring waveguide pluckosc modal",
        "a short noise in a `delay` with `feedback = 95 %` is a string",
    ),
    none(
        "noise_bank",
        "pink pinknoise brown pinkish dust2 geiger velvet velvetnoise infrared sparkle colornoise noisepink noisebrown rednoise brownnoise browniannoise red blue bluenoise violet crackle dust",
        "or `noise` through an `onepole`",
    ),
    none(
        "fir_reverb",
        "shimmer freeze vocoder pitchshifter2 stretch paulstretch timestretch harmoniser octaver whammy autotune blur spectraldelay pv pitchshift pitchshifter freqshift frequencyshifter harmonizer fft spectral",
        "",
    ),
    here("dc_block", "dcblocker leakdc dcoffset dc blockdc blocker dcremove removedc dcfilter dctrap hp1dc accoupling"),
    none(
        "adsr", "envelopefollower envfollow follower envfollower amplitudefollower detector", "nothing follows a sound"
    ),
    prefixes="my|main|the|simple|basic|analogue|analog|digital|virtual|va|stereo|mono|poly|audio|synth|resonant|new|soft|big|small|conv|master|multi|bus|brickwall|sub|quad|dual|triple|vc|bl|bandlimited|lf|super(?!saw)|tiny|smooth|hq|cheap|real|true|drum|bass|lead|key|amp|pitch|wide|warm|dirty|clean|vintage|classic",
    compounds=True,
    suffixes="filter|filt|oscillator|osc|node|module|unit|effect|fx|ugen|cell|waveform|wave|generator|gen|source|processor|amp|synth|series|sim|lead|time|amount|cloud|sound|device|section|stage|mono|stereo|lin|log|sc|bank|voice|tank|fb|ff|clock|control|ctrl|block|plugin|vst|pedal",
)
