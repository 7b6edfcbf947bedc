"""Shared by the speech benches and engine tests: sentences, a telephone line, noise, and how wrong a hearing is."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from language.aloud.spoken import spoken
from voice import audio

CALLERS_SAY = (
    "我在北京跟着闺女住，看病用不用先备案？",
    "异地就医备案怎么办理？",
    "居民医保一年要交多少钱？",
    "我父亲腿脚不方便，能不能我替他办？",
    "职工医保断缴了三个月，还能报销吗？",
    "高血压算不算慢特病？",
    "门诊慢特病需要什么材料？",
    "孩子刚出生，怎么参加居民医保？",
    "我想查一下我的个人账户还有多少钱。",
    "个人账户的钱能给家里人用吗？",
    "医保电子凭证怎么激活？",
    "我退休了，医保缴费年限不够怎么办？",
    "生育津贴什么时候能到账？",
    "在外地急诊住院能报销吗？",
    "大病保险的起付线是多少？",
    "我不想跟机器说，给我转人工。",
    "请您再说一遍，说慢一点。",
    "这个事情我到哪里去办？",
    "我胸口疼，喘不上气来。",
    "谢谢你，再见。",
)
"""Twenty things callers say, in everyday words and without digits."""


def over_phone(pcm: bytes) -> bytes:
    """What of `pcm` (format of `voice.audio`) comes through a telephone line: 8 kHz, 8-bit µ-law."""
    narrow = audio.resample(audio.to_float(pcm), audio.RATE_HZ, 8_000)
    compressed = np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log1p(255)
    steps = np.round(np.clip(compressed, -1, 1) * 127) / 127
    expanded = np.sign(steps) * (np.expm1(np.abs(steps) * np.log1p(255)) / 255)
    return audio.from_float(audio.resample(expanded.astype(np.float32), 8_000))


def with_noise(pcm: bytes, decibels: float, seed: int = 0) -> bytes:
    """Pink noise added so that speech is `decibels` louder than it (over the whole of `pcm`)."""
    speech = audio.to_float(pcm)
    noise = pink_noise(len(speech), seed)
    gain = np.sqrt((speech**2).mean() / (noise**2).mean()) * 10 ** (-decibels / 20)
    return audio.from_float((speech + gain * noise).astype(np.float32))


def pink_noise(samples: int, seed: int = 0) -> NDArray[np.float32]:
    """Noise whose power falls with frequency, as in a room or a street; shape [samples], peak 1."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    noise = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)), samples)
    return np.asarray(noise / np.abs(noise).max(), dtype=np.float32)


def character_error_rate(said: str, heard: str) -> float:
    """Edits from `said` to `heard` per character said. Only characters and letters count; 380 is 三百八十."""
    reference, hypothesis = _bare(spoken(said)), _bare(spoken(heard))
    row = list(range(len(hypothesis) + 1))
    for at, character in enumerate(reference, 1):
        diagonal, row[0] = row[0], at
        for column, other in enumerate(hypothesis, 1):
            diagonal, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, diagonal + (character != other)),
            )
    return row[-1] / max(1, len(reference))


def _bare(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text).upper()
