"""The child process of `voice.pyttsx3_engine`: text on standard input, WAV path and words per minute as arguments."""

from __future__ import annotations

import sys
import threading

import pyttsx3

VOICE = "cmn-latn-pinyin"
WRITE_SECONDS = 15
"""pyttsx3 returns while espeak-ng's own thread is still writing the file; longer than this and something is wrong."""


def main() -> None:
    path, rate = sys.argv[1:]
    written = threading.Event()
    engine = pyttsx3.init("espeak")
    engine.connect("finished-utterance", lambda name, completed: written.set())
    engine.setProperty("voice", VOICE)
    engine.setProperty("rate", int(rate))
    engine.save_to_file(sys.stdin.read(), path)
    engine.runAndWait()
    if not written.wait(WRITE_SECONDS):
        sys.exit(1)


if __name__ == "__main__":
    main()
