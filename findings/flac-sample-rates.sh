#!/bin/sh
# libsndfile 1.2.2 (soundfile 0.13.1) writes FLAC at 65,535 Hz and 65,540 Hz, and refuses the rates between them.
#
# RFC 9639 lets a FLAC file name any rate up to 1,048,575 Hz. libsndfile refuses those above 65,535 Hz that are not whole
# tens with a message about a *decoder*, while it is encoding, and those above 655,350 Hz as not supported. What it means
# for users of patchc: `render --rate 96001 -o x.flac` is refused before the work, with the reason (P707); tests/media.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet soundfile==0.13.1 numpy==2.2.6
"$folder/env/bin/python" - <<'PYTHON'
import io

import numpy as np
import soundfile

print("soundfile", soundfile.__version__, soundfile.__libsndfile_version__)
assert soundfile.__libsndfile_version__ == "1.2.2"


def written(rate: int) -> str:
    file = io.BytesIO()
    try:
        soundfile.write(file, np.zeros(1000), rate, format="FLAC", subtype="PCM_24")
    except soundfile.LibsndfileError as error:
        return error.error_string.strip()
    file.seek(0)
    return str(soundfile.info(file).samplerate)


found = {rate: written(rate) for rate in (65_535, 65_536, 65_540, 96_000, 96_001, 655_350, 655_360)}
for rate, said in found.items():
    print(f"{rate:7}  {said}")
decoder = "Error : problem with initialization of the flac decoder."
assert found == {
    65_535: "65535",
    65_536: decoder,
    65_540: "65540",
    96_000: "96000",
    96_001: decoder,
    655_350: "655350",
    655_360: "Error : flac does not support this sample rate.",
}, found
PYTHON
echo "as described"
