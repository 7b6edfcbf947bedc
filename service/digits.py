"""Digits as they are said, and as we say them: tables for `str.translate`. The Rasa engine reads them too (3.10)."""

from __future__ import annotations

AS_DIGITS = str.maketrans("零〇洞幺一二两三四五六七拐八九", "000112234567789")
"""洞, 幺 and 拐 are how numbers are called out."""
AS_SAID = str.maketrans("0123456789X", "零幺二三四五六七八九叉")
"""Digit by digit: 1 is 幺 on a telephone."""
