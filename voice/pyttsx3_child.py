"""The child process of `voice.pyttsx3_engine`: a line [text, words per minute, WAV path] in, a line out when written.

pyttsx3 prints to standard output what it does, so the answers go to a copy of it and the rest to nowhere.
"""

from __future__ import annotations

import json
import os
import sys

import pyttsx3

VOICE = "cmn-latn-pinyin"


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    sys.stdout = open(os.devnull, "w")
    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", VOICE)
    for line in sys.stdin:
        text, rate, path = json.loads(line)
        engine.setProperty("rate", rate)
        engine.save_to_file(text, path)
        engine.runAndWait()
        answers.write("done\n")
        answers.flush()


if __name__ == "__main__":
    main()
