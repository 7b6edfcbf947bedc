"""How Word writes the numbers of automatic lists (ST_NumberFormat of ECMA-376 part 1, 17.18.59)."""

from __future__ import annotations

from language.numbers import numerals

_MOST = 999
"""No list of a policy document counts further."""
_COUNTING = {
    *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting"),
    *("taiwaneseCountingThousand", "koreanCounting"),
}
_DIGITS = {"ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"}
"""Digit by digit: 10 is 一〇."""
_LEGAL = {"chineseLegalSimplified": "壹贰叁肆伍陆柒捌玖", "ideographLegalTraditional": "壹貳參肆伍陸柒捌玖"}
_ROWS = {
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedCircleChinese": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
}
_ROMAN = ((900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def shown(number: int, name: str) -> str:
    """A number as the format of this name writes it; in digits where the format has no sign for it."""
    number = max(0, min(number, _MOST))
    if name == "none":
        return ""
    if name in _COUNTING:
        return numerals.said(number)
    if name in _DIGITS:
        return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))
    if name in _LEGAL:
        words = f"一{numerals.said(number)}" if 10 <= number <= 19 else numerals.said(number)
        return words.translate(str.maketrans("一二三四五六七八九十百", f"{_LEGAL[name]}拾佰"))
    if name in _ROWS and 1 <= number <= len(_ROWS[name]):
        return _ROWS[name][number - 1]
    if name in ("lowerLetter", "upperLetter") and number:
        return chr(ord("a" if name == "lowerLetter" else "A") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    if name in ("lowerRoman", "upperRoman"):
        return _roman(number).lower() if name == "lowerRoman" else _roman(number)
    if name in ("decimalFullWidth", "decimalFullWidth2"):
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    return f"{number:02d}" if name == "decimalZero" else str(number)


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        out += sign * (number // value)
        number %= value
    return out + _ROMAN_ONES[number]
