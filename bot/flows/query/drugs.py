"""The drug catalogue is nobody's secret: no proof, only a name, said at once or asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from base.messages import Reply
from bot.flows.small_words import Heard
from bot.flows.state import State
from bot.flows.step import DONE, Move
from bot.flows.wording import say
from casework.core.contract import CoreSystem, Drug

_ANY_DRUG = "阿司匹林"
"""Asked only to learn whether there is a catalogue."""
_TOLD = 3
"""Entries told on the phone; a screen shows all."""
_LONGEST = 30
_PLEASE = (
    r"(?:请|麻烦|帮|给|我|俺|你|您|想|要|就|查查|查|问问|问|看看|看|一下|下|那个?|这个?|有个药?叫|一种药?叫|个|"
    r"[，,。 ])*"
)
_WHETHER = (
    r"(?:这个?药|这种药|药品?)?[，,]?(?:现在|还|也|都)?"
    r"(?:在不在|在没在|是不是在?|进没进|进了|有没有进?|属不属于|属于|算不算|算|是|在)"
)
_NAMED = re.compile(
    rf"^{_PLEASE}(?P<name>[\u3400-\u9fffA-Za-z0-9·\-]{{2,15}}?){_WHETHER}[^，,。]{{0,6}}?(?:目录|[甲乙]类)"
)
_IN_CATALOGUE = re.compile(
    r"目录(?:里面?|中|内|上)?(?:有没有|有|查查?)(?P<name>[\u3400-\u9fffA-Za-z0-9·\-]{2,15}?)(?:这个?药)?(?:吗|么|没有|没|不|呢)*[？?。]?$"
)
_BY_STEM = re.compile(
    r"(?P<name>[^，,。、；;：:！!？?\s的叫是吃打用有种个药和在给开写着盒这那了]{1,4}"
    r"(?:替尼|单抗|他汀|地平|沙坦|普利|鲁肽|列汀|列净|列奈|双胍|卡韦|韦酯|西林|沙星|霉素|拉唑|洛尔|米松|昔布|替丁|司他|膦酸|铂))"
    r"(?=$|[，,。、；;：:！!？?\s的是能给全报这那药在甲乙现自属算])"
)
"""A drug by the stem of its international name (WHO, use of stems in the selection of INN), said in any sentence."""
_PAID = re.compile(r"报[不吗销]|[能全给]报|走(?:不了)?医保|目录|[甲乙]类|自费|自己.{0,2}掏")
_OF_ILLNESS = re.compile(r"住院|手术|慢特?病|认定|备案")
_NO_DRUG = re.compile(r"什么|哪|啥|药品|目录|医保|病|手术|检查|项目|治疗|服务|材料|医院|^这|^那|不是")
_WORDS = re.compile(
    r"^(?:我|俺)?(?:想|要)?(?:查|问)?(?:一下|查)?|(?:这个药|能不能报|能报不|在不在目录里?|是甲类吗?|药)$"
)
_FORM = re.compile(
    r"(?:肠溶|缓释|控释|分散|咀嚼|泡腾|软)?(?:胶囊|片剂?|颗粒剂?|冲剂|针剂?|注射液|口服液|滴丸|丸|散|膏)$"
)
"""What the box says behind the name; the catalogue keeps it apart."""


def drug_asked(text: str) -> str:
    """The drug of "查查阿莫西林在不在目录里"; "" when none is named, or another thing is asked."""
    match = _NAMED.search(text) or _IN_CATALOGUE.search(text)
    if match and not _NO_DRUG.search(match["name"]):
        return match["name"]
    by_stem = _BY_STEM.search(text) if _PAID.search(text) and not _OF_ILLNESS.search(text) else None
    return by_stem["name"] if by_stem else ""


async def entries(core: CoreSystem, name: str) -> Sequence[Drug]:
    """By the name as said, or else without its form: "阿莫西林胶囊"."""
    found = await core.drugs(name)
    plain = _FORM.sub("", name)
    return found or (await core.drugs(plain) if plain != name and len(plain) > 1 else None) or ()


class DrugName:
    """Which drug; at once what the catalogue says where it was named."""

    def __init__(self, core: CoreSystem) -> None:
        self._core = core

    async def enter(self, conversation: str, state: State) -> Move:
        if await self._core.drugs(_ANY_DRUG) is None:
            return Move([say("not_offered")], to=DONE, offer_person=True)
        if name := drug_asked(state.said):
            return await self._told(name)
        return Move([say("which_drug")])

    async def hear(self, conversation: str, state: State, heard: Heard) -> Move | None:
        name = drug_asked(heard.text) or _WORDS.sub("", heard.bare)
        if len(name) < 2 or len(name) > _LONGEST or heard.wants_away:
            return None
        return await self._told(name)

    async def _told(self, name: str) -> Move:
        found = await entries(self._core, name)
        if not found:
            return Move([say("no_drug", name=name)], to=DONE, offer_person=True)
        lines = [f"{drug.name}（{drug.form}），{drug.grade}类" for drug in found]
        told = say("drugs", list="\n".join(f"· {line}" for line in lines))
        spoken = "。".join(f"{drug.name}，{drug.form}，{drug.grade}类" for drug in found[:_TOLD])
        return Move([Reply(told.text, say("drugs", list=spoken).to_say), say("anything_else")], to=DONE)
