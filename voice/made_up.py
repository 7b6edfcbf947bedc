"""Did anybody say what Whisper wrote? Noise and music make it write fluent sentences. Pure; a test for each kind."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from language.stance import says_no, says_yes
from voice.expected import Expected, expected, is_final
from voice.hints import is_echo

CHARACTERS_PER_SECOND = 9
MIN_CONFIDENCE = 0.32
MIN_CONFIDENCE_EXPECTED = 0.15
"""For a word of the question itself ("对吗？" "对。") when it is certain that somebody spoke: a single syllable is
rarely recognised with more. Noise came with a no-speech probability from 0.59 up, short words with 0.26 at most."""
MAX_NO_SPEECH = 0.6
MAX_NO_SPEECH_EXPECTED = 0.3
MAX_COMPRESSION = 2.4
_LOOP_CHARACTERS = 10
"""对对对对对, 好好好好好 and eight equal digits are said; more of one or two characters is a loop."""
_CAPTIONS = re.compile(
    r"字幕|明镜|点点栏目|优优独播|索兰娅|请不吝|打赏支持|订阅转发|(?:点赞|关注).{0,2}(?:订阅|转发|关注)|订阅.{0,4}(?:频道|栏目)"
    r"|(?:感谢|谢谢)(?:您|大家|各位)?的?(?:观看|收看|收听)|下[期集](?:节目|视频)?.{0,2}再[见会]|下期|作曲|作词|编曲|字母by|Amara"
)
"""Lines from its training videos. No caller says them; 点赞, 下次再见 and 订阅 alone callers do say."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What Whisper wrote, and how sure it was. `asked`: what was said to the caller last."""

    text: str
    confidence: float
    no_speech: float
    seconds: float
    asked: str

    @property
    def is_expected(self) -> bool:
        """Somebody spoke, and it is a word of the question; or a yes or no, where one commits to nothing."""
        if self.no_speech >= MAX_NO_SPEECH_EXPECTED:
            return False
        if all(word in self.asked for word in self.text if word.isalnum()):
            return True
        is_open = expected(self.asked) is Expected.YES_NO and not is_final(self.asked)
        return is_open and (says_yes(self.text) or says_no(self.text))

    @property
    def is_made_up(self) -> bool:
        """Nobody said it."""
        raw = self.text.encode()
        return (
            not any(character.isalnum() for character in self.text)
            or _CAPTIONS.search(self.text) is not None
            or is_echo(self.text)
            or (self.no_speech > MAX_NO_SPEECH and self.confidence < 2 * MIN_CONFIDENCE)
            or self.confidence < (MIN_CONFIDENCE_EXPECTED if self.is_expected else MIN_CONFIDENCE)
            or (len(self.text) > _LOOP_CHARACTERS and len(set(self.text)) * 4 < len(self.text))
            or len(self.text) > CHARACTERS_PER_SECOND * (self.seconds + 1)
            or (len(raw) > 60 and len(raw) / len(zlib.compress(raw)) > MAX_COMPRESSION)
        )
