"""Recordings as WeChat makes them: AMR-NB, made here by the encoder of ffmpeg's libraries."""

from __future__ import annotations

import io
import wave

import av
import numpy as np
import pytest

from base.errors import EngineUnavailable
from connectors.wechat.inbound.hearing import NotHeard, VoiceMessages, decode, spoken_parts
from demo.wechat.amr import to_amr
from voice.audio import RATE_HZ, from_float, seconds
from voice.recogniser import Transcript


def wav(samples, rate_hz=RATE_HZ):
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(from_float(samples.astype(np.float32)))
    return made.getvalue()


def tone(length_seconds, hz=440.0):
    return 0.4 * np.sin(2 * np.pi * hz * np.arange(int(length_seconds * RATE_HZ)) / RATE_HZ)


class Loudness:
    """A detector that takes every loud window for speech."""

    def hear(self, window):
        return float(np.abs(np.frombuffer(window, "<i2")).max() > 1000)


class Ear:
    """A recogniser that hears how long it was spoken to; or fails."""

    def __init__(self, failure=None):
        self.failure, self.heard, self.closed = failure, [], 0

    def utterance(self, asked=""):
        ear = self

        class Utterance:
            def feed(self, pcm):
                ear.heard.append(seconds(pcm))

            async def transcript(self):
                if ear.failure:
                    raise ear.failure
                return Transcript(f"第{len(ear.heard)}段")

            def close(self):
                ear.closed += 1

        return Utterance()


def voice_messages(ear):
    return VoiceMessages(ear, lambda text: text.replace("段", "句"), Loudness)


def test_amr_becomes_pcm_of_the_same_length():
    recording = to_amr(wav(tone(3)))
    assert recording.startswith(b"#!AMR\n")
    pcm = decode(recording)
    assert 2.9 <= seconds(pcm) <= 3.1
    spectrum = np.abs(np.fft.rfft(np.frombuffer(pcm, "<i2")))
    assert abs(np.argmax(spectrum) / seconds(pcm) - 440) < 5, "the tone that went in"


def amr_with_pauses(samples):
    """As a telephone records it: nothing but a little comfort noise where nobody speaks."""
    made = io.BytesIO()
    with av.open(made, mode="w", format="amr") as file:
        stream = file.add_stream("libopencore_amrnb", rate=8000, layout="mono", options={"dtx": "1"})
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype("int16")[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = 8000
        file.mux([*stream.encode(frame), *stream.encode(None)])
    return made.getvalue()


@pytest.mark.parametrize("decoders", [av.codecs_available, frozenset({"amrnb"})])
def test_what_was_said_after_a_pause_is_heard_too(monkeypatch, decoders):
    monkeypatch.setattr("av.codecs_available", decoders)
    beats = np.sin(2 * np.pi * 3 * np.arange(8000) / 8000) > 0
    words = tone(0.5, 440) * beats  # 220 Hz at 8 kHz, in three syllables
    recording = amr_with_pauses(np.concatenate([words, np.zeros(16_000), words, np.zeros(16_000), words]))
    heard = np.frombuffer(decode(recording), "<i2")
    loud = np.abs(heard.astype(int)).reshape(-1, RATE_HZ // 50).max(axis=1) > 3000
    assert loud.sum() >= 60, "three times three syllables of a sixth of a second"
    if "libopencore_amrnb" in decoders:
        assert round(seconds(heard.tobytes())) == 7
        assert all(loud[start : start + 50].any() for start in (0, 150, 300)), "the pauses keep their length"


def test_pauses_in_wide_band_are_heard_through():
    spoken, comfort, nothing = b"\x04" + bytes(17), b"\x4c" + bytes(5), b"\x7c"
    recording = b"#!AMR-WB\n" + (spoken * 50 + comfort + nothing * 49) * 2
    assert round(seconds(decode(recording)), 1) == 4.0


def test_the_last_sample_is_heard():
    assert seconds(decode(wav(tone(1), 8000))) == 2.0


@pytest.mark.parametrize("recording", [b"", b"#!AMR\n", b"\x02#!SILK_V3" + bytes(400), b"{}", bytes(5000)])
async def test_what_is_no_recording_gets_a_sentence(recording):
    with pytest.raises(NotHeard):
        await voice_messages(Ear()).words(recording)


def test_an_hour_is_not_decoded_to_its_end():
    assert seconds(decode(wav(np.zeros(180 * RATE_HZ)))) <= 65


def test_speech_is_taken_out_of_the_silence_around_it():
    silence = np.zeros(5 * RATE_HZ)
    (part,) = spoken_parts(from_float(np.concatenate([silence, tone(2), silence]).astype(np.float32)), Loudness())
    assert 2.0 <= seconds(part) <= 2.8


def test_long_speech_is_taken_in_parts():
    pcm = from_float(tone(50).astype(np.float32))
    parts = list(spoken_parts(pcm, Loudness()))
    assert [round(seconds(part)) for part in parts] == [14, 14, 14, 8]
    assert b"".join(parts) == pcm[: len(b"".join(parts))], "no sound is lost between them"


async def test_what_was_said_is_corrected():
    ear = Ear()
    assert await voice_messages(ear).words(to_amr(wav(tone(30)))) == "第1句，第2句，第3句"
    assert ear.closed == 3


async def test_a_minute_of_silence_is_answered_with_a_sentence():
    ear = Ear()
    with pytest.raises(NotHeard) as silent:
        await voice_messages(ear).words(to_amr(wav(np.zeros(60 * RATE_HZ))))
    assert "没听到" in silent.value.citizen_text
    assert ear.heard == [], "the recogniser is not troubled with it"


async def test_a_failed_recogniser_leaves_nothing_open():
    ear = Ear(EngineUnavailable())
    with pytest.raises(EngineUnavailable):
        await voice_messages(ear).words(to_amr(wav(tone(1))))
    assert ear.closed == 1
