"""What citizens reply to the questions of an errand: is the right value kept, nothing, or a wrong one?

    python -m bench.replies [FILE] [--show]

FILE is YAML that nobody wrote who writes training data: [{q, reply, want}, ...]; without one, `data/replies_test.yaml`
is read. `q` is one of the questions below, `want` {value: ...}, yes, no, or what kind of reply it is (question, later);
`unclear` has to be asked back. Each reply is heard by a conversation of its own that was brought to the question. Of
replies with a value it is told how many of them were kept right, asked again, and kept wrong; of all others, how many
were taken for an answer. `--show` prints those.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from base.messages import Reply
from bench.needs import parsed
from bot import engine
from bot.actions.errands import ErrandForm
from bot.actions.later import Later
from bot.actions.protocol import Outcome, Turn
from bot.understood import Guess, Guesses
from language.cleaning import clean
from tests.casework.office import CODE, Caller, Office, open_office, people

BLIND = Path(__file__).parent / "data" / "replies_test.yaml"
NOW = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
"""The day on which they were written: "昨天" is meant from there."""
_ID, _SON = people()["elder"]["id_number"], people()["son"]["id_number"]
_LIVES = (("file_item", "俺想办异地长期居住备案"), _ID, CODE)
_REFERRED = (("file_item", "俺要办转诊备案"), _ID, CODE)
_PAID = (("file_item", "外地看病的钱要手工报销"), _ID, CODE, "南京市", "南京鼓楼医院")
_ENROLS = (("file_item", "居民参保登记"), _ID, CODE)
_READY = (*_LIVES, "深圳市", "2026年9月1日", "登记的那个")
_GRANTS = (("authorise", "授权俺儿替俺办"), _ID, CODE, _SON)
_CHRONIC, _MOVES = (("file_item", "俺要办慢特病认定"), _ID, CODE), (("file_item", "医保关系转移"), _ID, CODE)

QUESTIONS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "city_live": ("place", _LIVES),
    "since": ("since", (*_LIVES, "深圳市")),
    "city_referral": ("place", _REFERRED),
    "hospital_out": ("hospital", (*_REFERRED, "北京市")),
    "day_referral": ("since", (*_REFERRED, "北京市", "济宁市第一人民医院")),
    "left": ("left", (("file_item", "急诊补备案"), _ID, CODE, "南京市", "南京鼓楼医院", "2026年11月20日")),
    "disease": ("disease", _CHRONIC),
    "hospital_usual": ("hospital", (*_CHRONIC, "高血压")),
    "day_admitted": ("admitted", _PAID),
    "amount": ("amount", (*_PAID, "2026年11月2日")),
    "who_enrol": ("who", _ENROLS),
    "name": ("name", (*_ENROLS, "新生儿")),
    "born": ("born", (*_ENROLS, "新生儿", "王小宝")),
    "town": ("town", (*_ENROLS, "新生儿", "王小宝", "2026年10月2日")),
    "what_change": ("what", (("file_item", "俺要变更参保信息"), _ID, CODE)),
    "direction": ("direction", _MOVES),
    "stopped": ("stopped", (*_MOVES, "转入济宁", "苏州市")),
    "employer": (
        "employer",
        (("file_item", "我要申领生育津贴"), _ID, CODE, "2026年8月2日", "济宁市妇幼保健院"),
    ),
    "phone": ("phone", (*_LIVES, "深圳市", "2026年9月1日")),
}
"""Question → the field it asks for, and what is said before it."""
_CHOICES = {"已经出院": "已出院结算", "转进济宁": "转入济宁", "从济宁转走": "转出济宁"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=BLIND)
    parser.add_argument("--model", type=Path, default=engine.MODEL)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    rows = [row for row in yaml.safe_load(given.file.read_text("utf-8")) if row["q"] in QUESTIONS]
    understood = parsed([row["reply"] for row in rows], given.model)
    asyncio.run(_judge(rows, understood, show=given.show))


async def _judge(rows: list[dict[str, Any]], understood: list[Any], *, show: bool) -> None:
    with_value, without = Counter[str](), Counter[str]()
    for row, made_of_it in zip(rows, understood, strict=True):
        kept, heard = await _kept(row, *made_of_it)
        wanted = row["want"]["value"] if isinstance(row["want"], dict) else None
        if wanted is not None:
            outcome = "asked again" if kept is None else "right" if _is_it(str(wanted), kept) else "WRONG"
            with_value[outcome] += 1
        else:
            outcome = "nothing kept" if kept is None else "KEPT"
            without[outcome] += 1
        if show and outcome.isupper():
            print(f"{outcome:<6} {row['q']}: {row['reply']} [{row['want']}] → {kept} | {heard[:60]}")
    for name, counts in (("with the answer in it", with_value), ("with none", without)):
        print(f"replies {name}, {counts.total()}: ", end="")
        print(", ".join(f"{outcome} {number / counts.total():.1%}" for outcome, number in counts.most_common()))


async def _kept(row: dict[str, Any], intent: str, matters: dict[str, Any], reply: Any) -> tuple[str | None, str]:
    """What stands in the field afterwards, and what was said."""
    field, steps = QUESTIONS[row["q"]]
    with tempfile.TemporaryDirectory() as folder:
        office = await open_office(Path(folder))
        office.clock.now = NOW
        try:
            caller = office.caller()
            for step in steps:
                await (caller.wants(*step) if isinstance(step, tuple) else caller.says(step))
            words = clean(row["reply"])
            guesses = Guesses(words, {name: Guess(**one) for name, one in matters.items()}, Guess(**reply))
            outcome = await _form(office).validate(_turn(caller, words, intent, guesses))
            said = "".join(one.text for one in outcome.replies if isinstance(one, Reply))
            return await _value(office, field), said
        finally:
            await office.database.aclose()


def _form(office: Office) -> ErrandForm:
    async def answer(turn: Turn) -> Outcome:
        return Outcome((Reply("（政策）"),), {"topic": None, "offer": None})

    errands: Any = office.parts.errands
    return ErrandForm(errands, Later(office.parts.words, errands), answer)


def _turn(caller: Caller, words: str, intent: str, guesses: Guesses) -> Turn:
    before = tuple(caller.last.replies) if caller.last else ()
    return Turn(
        text=words,
        intent=intent,
        channel="web",
        conversation=caller.conversation,
        slots={"requested_slot": "errand_step"},
        form="errand_form",
        said_before=before,
        transcript=(("citizen", words),),
        guesses=guesses,
    )


async def _value(office: Office, field: str) -> str | None:
    drafts = await office.parts.filings.unfinished(office.vault.lookup(_ID))
    return drafts[0].answers.get(field) if drafts else None


def _is_it(wanted: str, kept: str) -> bool:
    """Names and addresses may be kept with words around them: staff read those."""
    if wanted.replace(".", "").isdigit() and kept.isdigit() and len(kept) < 11:
        return round(float(wanted) * 100) == int(kept)
    if "尾号" in wanted or "登记" in wanted:
        return bool(kept == people()["elder"]["phone"])
    plain = re.sub("[省市县区镇乡街道]", "", wanted)  # "梁山拳铺" is 梁山县拳铺镇
    return _CHOICES.get(wanted, wanted) in kept or kept in wanted or all(char in kept for char in plain)


if __name__ == "__main__":
    main()
