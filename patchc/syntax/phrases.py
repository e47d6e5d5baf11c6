"""What people write who come from other languages, and how a patch says it: a table of patterns, tried in order."""

from __future__ import annotations

import re

from patchc.syntax.phrase import (
    FUNCTIONS,
    NOTE,
    NUMBER,
    QUANTITY,
    REF,
    SILENCE,
    UNIT,
    VERB,
    Phrase,
    Write,
    braced,
    counted,
    decibels,
    declared,
    each_moves,
    each_output,
    kind,
    listed,
    mixed,
    note_of_key,
    reckoned,
    two_outputs,
    typed_first,
    without_own_name,
)


def _one(kinds: str, typed: str, write: Write) -> Phrase:
    return Phrase(kinds, re.compile(typed), write)


_ANY, _INSIDE = "file patch meta cell", "patch cell"
_DECLARES = (
    r"(?:let|var|const|def|float|double|int|num|number|val|auto|parameter|knob|slider|variable|set|control|macro)"
)

PHRASES: tuple[Phrase, ...] = (
    # comments
    _one(_ANY, r"^//+[ \t]*", "# "),
    _one(_ANY, r"^/\*+\s*(.*?)\s*\*+/$", r"# \1"),
    _one(_ANY, r"^(?:--+|%+|'+|rem\b|REM\b)\s*(?=[^\s\d])", "# "),
    _one(_ANY, r"\s+(?://|--)\s+(?=\S)", " # "),
    _one(_ANY, r"\s+/\*\s*(.*?)\s*\*/$", r" # \1"),
    # signs too many
    _one(_ANY, r"\s*,$", ""),
    _one(_ANY, r"^(?:end|endif|done|fi|begin|pass|then|EOF|endin)$", ""),
    _one("cell", r"^\.(?=\w)", ""),
    _one(_INSIDE, r'^"(\w+)"', r"\1"),
    _one("meta", r'^"(\w+)"', r"\1"),
    # ports
    _one("cell", rf"^(?:{_DECLARES}|param|port)\s+(?=\w+\s*(?:{VERB}|:))", ""),
    _one("cell", rf"^(?P<owner>\w+)\.(?P<rest>\w+\s*(?:{VERB}|:).*)$", without_own_name),
    _one("cell", r"^<-\s*", "in <- "),
    _one("cell", r"^([A-Za-z_]\w*)\s*->\s*in$", r"in <- \1"),
    _one(
        "cell",
        rf"^in\s*(?:=>|==?|:=?|<=+|<<|<--+|<(?!-)|~>|<~|=<|\u2190|->|\+=|-(?=\s))?\s*(?=\(?\"?{REF})(?!<-)",
        "in <- ",
    ),
    _one("cell", rf"^([A-Za-z_]\w*)\s*(?:<=+|<<|<--+|=<|<~)\s*(?={REF})", r"\1 <- "),
    _one(
        "cell",
        rf"^([A-Za-z_]\w*)\s*(?:<-|->|<=|=>|:=|==+|=:|<<|:)\s*(?=(?:learn\s*|predict\s*)?(?:{NUMBER}|{NOTE})[^*+/]*$)",
        r"\1 = ",
    ),
    _one("cell", rf"(?<=[;,])\s*([A-Za-z_]\w*)\s*:\s*(?={NUMBER}|{NOTE})", r" \1 = "),
    _one("cell meta", r"^([A-Za-z_]\w*)\s*(?::=|=>|==+|=:|:)\s*(?=\S)", r"\1 = "),
    _one("cell", rf"^([A-Za-z_]\w*)\s*\(\s*({QUANTITY}|{NOTE})\s*\)$", r"\1 = \2"),
    _one("cell", rf"^([A-Za-z_]\w*)\s+(?=(?:{QUANTITY}|{NOTE})$)", r"\1 = "),
    _one("cell", r"^(?!learn\b|predict\b)([A-Za-z_]\w*)\s+(?=(?:learn|predict)\b)", r"\1 = "),
    _one("cell", r"^(learn|predict)\s+(\w+)\s*=\s*", r"\2 = \1 "),
    _one("cell", rf"^(\w+)\s*-=\s*({REF})\s*\*\s*(-?)", lambda m, p: f"{m[1]} += {m[2]} * {'' if m[3] else '-'}"),
    _one("cell", rf"^(\w+)\s*\*=\s*({NUMBER}\s*dB)$", r"\1 = \2"),
    _one("cell", rf"^level\s*\*=\s*(?P<number>{NUMBER})\s*(?P<percent>%?)$", decibels),
    # two on one line
    _one("cell", rf"\s*,\s*(?=[A-Za-z_]\w*\s*(?:{VERB}|:))", "; "),
    _one("cell", rf"(?<=[\w%)\]])\s+(?=(?!learn\b|predict\b)[A-Za-z_]\w*\s*{VERB})", "; "),
    _one("cell", rf"(?<=; )([A-Za-z_]\w*)\s+(?=(?:{QUANTITY}|{NOTE})$)", r"\1 = "),
    # values
    _one(_INSIDE, r"(?<==)\s*(learn\s+|predict\s+)?\"([^\"]*)\"", r" \1\2"),
    _one(_INSIDE, r"\b([1-9][0-9]{0,2}),([0-9]{3})\b(?![,.])", r"\1\2"),
    _one(_INSIDE, r"(?<=[0-9]),(?=[0-9])", "."),
    _one("cell", rf"^(\w+)\s*\+=\s*({QUANTITY})\s*\*\s*({REF})$", r"\1 += \3 * \2"),
    _one(
        _INSIDE,
        rf"(?<==)\s*(?:learnable|learned|learnt|trainable|train|fit|free|optimi[sz]e)\s+(?={QUANTITY})",
        " learn ",
    ),
    _one(_INSIDE, r"^(\w+)\s*~\s*(?=(?:half)?normal\b|uniform\b|categorical\b)", r"\1 = learn ~ "),
    _one(_INSIDE, r"(?<==)\s*((?:half)?normal|categorical)\s*(?=\()", r" learn ~ \1"),
    _one(_INSIDE, rf"(?<==)(\s*{REF})\s+x\s+(?={NUMBER})", r"\1 * "),
    _one("cell", rf"^(?!in\b)(\w+)\s*<-\s*({REF}\s*[+-]\s*{NUMBER}\s*{UNIT})$", r"\1 = \2"),
    _one(
        "cell",
        rf"^(?P<port>\w+)\s*\+=\s*\(\s*(?P<sum>{REF}(?:\s*\+\s*{REF})+)\s*\)\s*\*\s*(?P<depth>{QUANTITY})$",
        each_moves,
    ),
    _one("cell", r"^in\s*\[\s*\w*\s*\]\s*(?=<-)", "in "),
    _one(
        "cell",
        rf"^(?:adsr|env|envelope)\s*[=:(]\s*({QUANTITY})\s*,\s*({QUANTITY})\s*,\s*({QUANTITY})\s*,\s*({QUANTITY})\s*\)?$",
        r"attack = \1; decay = \2; sustain = \3; release = \4",
    ),
    _one(_INSIDE, rf"(<-\s*)(?:[~!]|not\b)\s*({REF})$", r"\1\2 * -1"),
    _one(_INSIDE, rf"(<-\s*)(?:inv|invert|neg|negate|minus|flip)\s*\(\s*({REF})\s*\)$", r"\1\2 * -1"),
    _one(_INSIDE, rf"(<-\s*)[01]\s*-\s*({REF})$", r"\1\2 * -1"),
    _one(_INSIDE, rf"\*\s*(?:2\s*(?:\^|\*\*)\s*\(|pow\s*\(\s*2\s*,)\s*({NUMBER})\s*/\s*12(?:\.0*)?\s*\)", r"+ \1 st"),
    _one(
        _INSIDE,
        r"\b(?:midi|mtof|midi2hz|midi_to_hz|midihz|midicps|midikey|midi_note|cpsmidinn|key|note)\s*\(?\s*(?P<key>[0-9]+)\s*\)?",
        note_of_key,
    ),
    _one(_INSIDE, rf"\bnote\s*\(?\s*({NOTE})\s*\)?", r"\1"),
    _one(_INSIDE, rf"\b(?:hz|Hz|freq|frequency)\s*\(\s*({NUMBER})\s*\)", r"\1 Hz"),
    _one(_INSIDE, rf"\bHz\s+({NUMBER})", r"\1 Hz"),
    _one(_INSIDE, rf"({NUMBER})\s*\*\s*({UNIT})", r"\1 \2"),
    _one(
        _INSIDE,
        rf"\b(?:db|dB|dbamp|dbtoa|ampdbfs|db2lin|db_to_linear|db2linear|ampdb)\s*\(\s*({NUMBER})(?:\s*dB)?\s*\)",
        r"\1 dB",
    ),
    _one(_INSIDE, rf"\b(?P<name>{'|'.join(FUNCTIONS)})\s*\(\s*(?P<args>{NUMBER}(?:\s*,\s*{NUMBER})*)\s*\)", reckoned),
    _one(_INSIDE, r"(?<==)\s*-\s*(?:inf(?:inity)?|Infinity|INF|oo|\u221e)\s*(?:dB)?$", f" {SILENCE}"),
    _one(
        _INSIDE,
        rf"(?<==)\s*(?:random|rand|rrand|uniform|urandom|randrange|linrand|exprand)\s*\(\s*({QUANTITY})\s*(?:,|\.\.)\s*({QUANTITY})\s*\)",
        r" in \1 .. \2 ~ uniform(\1, \2)",
    ),
    _one(_INSIDE, r"(?<==)\s*(learn|predict)\s*\((.*)\)$", r" \1 \2"),
    _one(_INSIDE, r"(?<==)\s*(?!learn\b|predict\b)([^=]*\S)\s+(learn|predict)$", r" \2 \1"),
    _one(_INSIDE, rf"(?<==)\s*[\[(]\s*({QUANTITY})\s*[\])]$", r" \1"),
    # ranges and choices
    _one(
        _INSIDE,
        rf"({QUANTITY})\s*[\[(]\s*({QUANTITY})\s*(?:\.\.+|,|to\b|-)\s*({QUANTITY})\s*[\])]",
        r"\1 in \2 .. \3",
    ),
    _one(
        _INSIDE,
        rf"\b(?:in|from|between|range)\s*[\[(]?\s*({QUANTITY})\s*(?:,|to\b|-|\u2013|and\b|\.\.\.+|\u2026|:)\s*({QUANTITY})\s*[\])]?",
        r"in \1 .. \2",
    ),
    _one(_INSIDE, rf"(?<==)\s*((?:(?:learn|predict)\s+)?)(?={QUANTITY}\s*\.\.\s*{QUANTITY})", r" \1in "),
    _one(_INSIDE, r"\bin\s*[({]\s*(?P<members>[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+)\s*[)}]", listed),
    _one(_INSIDE, r"\bin\s*\[\s*(?P<members>\"?[A-Za-z_]\w*\"?(?:(?:\s*[,|]\s*|\s+)\"?[A-Za-z_]\w*\"?)+)\s*\]", listed),
    _one(_INSIDE, r"\bin\s+(?P<members>[A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)+)$", listed),
    _one(_INSIDE, r"(?<==)\s*([A-Za-z_]\w*)\s+(?:or|\|)\s+([A-Za-z_]\w*)$", r" \1 in [\1, \2]"),
    # cables
    _one(_INSIDE, r"\bif(?=\s+\w+\s+(?:is|=))", "when"),
    _one(_INSIDE, r"(\bwhen\s+\w+)\s*(?:===?|=|:)\s*", r"\1 is "),
    _one(_INSIDE, r"(\bis\s+)\"(\w+)\"", r"\1\2"),
    _one(_INSIDE, r"\bmaybe$", "maybe 50 %"),
    _one(_INSIDE, r"(<-\s*)\"(\w+)\"$", r"\1\2"),
    _one(_INSIDE, r"([A-Za-z_]\w*)(?:\[(?:\s*[0-9]+\s*(?:\.\.+|:|-)\s*[0-9]+\s*|\s*:?\s*)\]|\*(?=$|,))", r"\1[*]"),
    _one(_INSIDE, r"(<-\s*)(?:mix|sum|add|mixer)\s*\((.*)\)$", r"\1\2"),
    _one(_INSIDE, rf"(<-\s*)[\[(]\s*({REF}(?:\s*,\s*{REF})*)\s*[\])]$", r"\1\2"),
    _one(_INSIDE, rf"(<-[^#]*?{REF})\s*(?:\band\b|&&?|\+\+|;)\s*(?={REF})", r"\1, "),
    _one(_INSIDE, rf"(<-\s*{REF})\s*(?:@|\bat\b|\bx\b|\btimes\b|\bby\b)\s*(?={NUMBER})", r"\1 * "),
    _one(_INSIDE, rf"(<-\s*{REF})\s+(?={NUMBER})", r"\1 * "),
    _one(_INSIDE, rf"(<-\s*{REF})\s+(?!when\b|maybe\b)(?={REF}(?:\s+(?!when\b|maybe\b){REF})*$)", r"\1, "),
    _one("cell", r"^(?P<port>\w+)\s*<-\s*(?P<sum>[^,]*)$", mixed),
    _one("patch", r"^(?P<port>output\s+\w+)\s*<-\s*(?P<sum>[^,]*)$", mixed),
    # cells
    _one("patch", r"^(?:repeat|loop|times|do)\s*\(?\s*([0-9]+)\s*\)?(?:\s*times)?(?=\s*$|\s*\{)", r"for k in 1 .. \1"),
    _one("patch", r"^(cell\s+[\w.\[\]]+\s*:\s*\w+)~", r"\1"),
    _one(_INSIDE, rf"(<-\s*{REF})~$", r"\1"),
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s*\(\s*(?P<args>\w+\s*:.*)\)$", braced),
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s*\[\s*(?P<args>\w+\s*[=:].*)\]$", braced),
    _one("patch", r"^(?P<head>cell\s+[\w.\[\]]+\s*:\s*\w+)\s+(?P<args>(?!maybe\b|when\b)\w+\s*=[^{]*)$", braced),
    _one("patch", r"^cell\s+\"(\w+)\"", r"cell \1"),
    _one("patch", r"^(cell\s+[\w.\[\]]+\s*:\s*)\"(\w+)\"", r"\1\2"),
    _one("patch", r"^(cell\s+[A-Za-z_]\w*)-(\w+)(?=\s*:)", r"\1_\2"),
    _one("patch", r"^cell\s+(\w+)\s+(\w+)(?=\s*:)", r"cell \1_\2"),
    _one("patch", r"^(cell\s+[\w.\[\]]+\s*:\s*\w+)\s*(?::|=|with|do|->|=>)\s*$", r"\1 "),
    _one(
        "patch", r"^(cell\s+[\w.\[\]]+)\s*(?:<-|->|=>|:=|=|\bis\b|\bas\b|::)\s*(?:a\s+|an\s+|new\s+)?(?=\w)", r"\1 : "
    ),
    _one("patch", r"^cell\s+(?P<first>\w+)\s+(?P<second>\w+)", typed_first),
    _one(
        "patch",
        r"^(?:(?:let|var|const|auto|val|def|node|module|osc|new)\s+)?(?P<name>[A-Za-z_]\w*)\s*(?:=|:=?|<-|\bis\b)\s*(?:new\s+)?(?P<type>[A-Za-z_]\w*)(?:\s*\(\s*(?P<args>.*?)\s*\))?(?=\s*$|\s*\{)",
        declared,
    ),
    _one(
        "patch",
        r"^(?:new\s+)?(?P<first>[A-Za-z_]\w*)\s+(?P<second>[A-Za-z_]\w*)(?=\s*$|\s*\{)",
        lambda m, p: typed_first(m, p) if p.is_type(m["first"]) else None,
    ),
    # outputs
    _one(
        "patch",
        r"^output\s*[\[(]?\s*(?P<one>\w+)\s*<-\s*(?P<a>[\w.\[\]*]+)\s*,\s*(?P<two>\w+)\s*<-\s*(?P<b>[\w.\[\]*]+)\s*[\])]?$",
        each_output,
    ),
    _one(
        "patch", r"^outputs?\s*[\[(]?\s*(?P<names>\w+\s*,\s*\w+)\s*[\])]?\s*(?:<-|=|:)\s*(?P<sources>.+)$", two_outputs
    ),
    _one("patch", r"^(output\s+(?:main|left|right|out|mid|side))\s*->", r"\1 <-"),
    _one("patch", rf"^outputs?\s*(?:<-|=|:|->)?\s*({REF})\s*->\s*(\w+)$", r"output \2 <- \1"),
    _one("patch", r"^(?:output|out|outlet)\s+(\w+)\s*(?:=|:|->|<=)\s*(?=\w)", r"output \1 <- "),
    _one(
        "patch",
        rf"^(?:outputs?|out|outs|dac|master|audio_out|process|return|play|result|speaker|speakers|main)\s*(?:<-|=|:|<=)?\s*\(?\s*({REF})\s*\)?$",
        r"output main <- \1",
    ),
    _one("patch", r"^(?:out|outlet)\s+(\w+)\s*<-", r"output \1 <-"),
    _one(
        "patch",
        rf"^({REF})\s*(?:->|=>|>>|\|>?)\s*(?:output|out|dac|speaker|speakers|main|master)(?:\s+(?P<name>\w+))?$",
        lambda m, p: f"output {m['name'] or 'main'} <- {m[1]}",
    ),
    # params, inputs
    _one(
        "patch",
        rf"^(?:{_DECLARES}|param)\s+\"?(?P<name>[A-Za-z_]\w*)\"?\s*(?:=(?!=)|:=?|==+|<-|\s)\s*(?=\S)",
        r"param \g<name> = ",
    ),
    _one("patch", rf"^([A-Za-z_]\w*)\s*(?:=|:=)\s*(?=(?:learn|predict|in)\b|{NUMBER}|{NOTE})", r"param \1 = "),
    _one("patch", rf"^(?:{_DECLARES}|param)\s+bpm\s+(?={NUMBER})", "param bpm = "),
    _one("patch", rf"^bpm\s*=?\s*({NUMBER})(?:\s*bpm)?$", r"param bpm = \1 bpm"),
    _one(
        "patch",
        rf"^(?!cell\b|input\b|output\b|tap\b|set\b|for\b|layer\b|moved\b|loss\b|meta\b|param\b)([A-Za-z_]\w*)\s+(?={QUANTITY}$|{NOTE}$)",
        r"param \1 = ",
    ),
    _one("patch", r"(?<== )true$", "1"),
    _one("patch", r"(?<== )false$", "0"),
    _one("patch", r"(?<== )on$", "1"),
    _one("patch", r"(=\s*)(.*?);$", r"\1\2"),
    _one("patch", r"^input\s+(?P<kind>audio|control|gate)\s+(?P<name>[A-Za-z_]\w*)(?:\s*:)?", kind),
    _one("patch", r"^(?P<kind>audio|control|gate)\s+input\s+(?P<name>[A-Za-z_]\w*)", kind),
    _one("patch", r"^(?:in|inlet|input)\s+(?P<name>[A-Za-z_]\w*)\s+(?P<kind>audio|control|gate)", kind),
    _one("patch", r"^(?:inlet|input)\s+(?P<name>[A-Za-z_]\w*)(?P<kind>)(?=\s*$|\s*=)", kind),
    _one(
        "patch",
        r"^(input\s+\w+\s*:\s*)(?:number|float|double|int|frequency|freq|time|level|value|signal|cv|knob|param)\b",
        r"\1control",
    ),
    _one("patch", r"^(input\s+\w+\s*:\s*)(?:trigger|trig|bool|note)\b", r"\1gate"),
    _one("patch", r"^(input\s+\w+\s*:\s*control\s*=\s*)(?:learn|predict)\s+(?=[^\s])", r"\1"),
    # loops
    _one("patch", r"^for\s*\(\s*(.*?)\s*\)(?=\s*$|\s*\{)", r"for \1"),
    _one(
        "patch",
        r"^for\s+(?P<k>\w+)\s+in\s+range\s*\(\s*(?:(?P<low>[0-9]+)\s*,\s*)?(?P<high>[0-9]+)\s*\)\s*:?",
        counted,
    ),
    _one("patch", r"^for\s+(\w+)\s*(?:=|:|from|<-)\s*", r"for \1 in "),
    _one("patch", r"^(for\s+\w+\s+in\s+\w+)\s*(?:to|\.\.\.|-|until|:)\s*(?=\w)", r"\1 .. "),
    _one("patch", r"^(for\s+\w+\s+in\s+)\(?\s*(\w+(?:\s*,\s*\w+)+)\s*\)?\s*:?", r"\1[\2]"),
    _one("patch", r"^(for\s+\w+\s+in\s+)([0-9]+)(?=\s*$|\s*\{)", r"\g<1>1 .. \2"),
    _one("patch", r"^(for\s.*?)\s*(?::|do)\s*(?=$|\{)", r"\1 "),
    # the rest of a patch, and files
    _one("patch", r"^(tap\s+[\w.\[\]*]+)\s+(?!loss\b|after\b)([a-z]\w*)", r"\1 loss \2"),
    _one("patch", r"^(tap\s+.*loss\s+\w+)\s+(?:(?:weight|w|times|x)\s*=?\s*)?(?=[0-9.])", r"\1 * "),
    _one("patch", r"^(moved\s+[\w.\[\]]+)\s*(?:<-|=>?|,|to\b|as\b)\s*", r"\1 -> "),
    _one("patch", rf"^(set\s+[\w.\[\]]+)\s+(?={QUANTITY}$|{NOTE}$)", r"\1 = "),
    _one(
        "file",
        r"^(?:import|include|#include|require|use|load|from)\s*\(?\s*\"(?P<path>[^\"]*?(?P<name>\w+)(?:\.patch)?)\"\s*\)?$",
        r'use "\g<path>" as \g<name>',
    ),
    _one("file", r"^(use|import)\s+(?P<name>\w+)$", r'use "\g<name>.patch" as \g<name>'),
    _one(
        "file",
        r"^(?:use|import)\s+(?P<path>\w+)(?:\.patch)?\s+as\s+(?P<name>\w+)$",
        r'use "\g<path>.patch" as \g<name>',
    ),
    _one("file", r"^(?:import|include)\s+(\"[^\"]*\")\s+as\s+", r"use \1 as "),
    _one("file", r"^use\s+(\"[^\"]*\")\s+(?!as\b)(?=\w)", r"use \1 as "),
    _one(
        "file",
        r"^(?:synth|instrument|instr|voice|module|class|def|function|fn|graph|struct|SynthDef|program|sound|define)\s+(?=[A-Za-z_]\w*\s*(?:\(.*\))?\s*$)",
        "patch ",
    ),
    _one("file", r"^patch\s+\"(\w+)\"", r"patch \1"),
    _one("file", r"^patch\s+([A-Za-z_]\w*)-(\w+)", r"patch \1_\2"),
    _one("file", r"^(patch\s+\w+(?:\s*\(.*\))?)\s*(?::|=|do|is|->)\s*$", r"\1 "),
    _one("file", r"^([A-Za-z_]\w*)\s*$", lambda m, p: None if m[1] == "patch" else f"patch {m[1]} "),
)
