"""A published document of three clauses, and how a new version of it looks."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.authoring.content import AnswerContent, ClauseContent, DocumentContent, FaqContent, QuoteContent
from knowledge.authoring.models import Kind
from knowledge.authoring.reissue import NewPart, Reissues
from knowledge.authoring.versions import Version
from tests.knowledge.office import LI, WANG, Office

TARGET = "一、发放对象。年满七十周岁的参保人员，可以领取石榴红卡。"
PLACE = "二、领取方式。凭身份证到镇街医保服务站领取，5个工作日内办结。"
LOST = "三、补办。石榴红卡丢失的，可以到原领取地点补办。"
SOONER = PLACE.replace("二、", "三、").replace("5个工作日内", "当日")
FEES = "二、发放标准。每张卡每年存入体检补助200元。"


@dataclass
class Card:
    """The published document of three clauses, and an FAQ that quotes the last of them."""

    office: Office
    reissues: Reissues
    id: str
    faq: str

    def clause(self, number: int) -> str:
        return f"{self.id}.{number:03d}"

    async def save(
        self, parts: list[NewPart], *, who: str = WANG, seen: dict[str, int] | None = None, title: str = "新的通知"
    ) -> Version:
        present = await self.reissues.present(self.id)
        document = present.document.model_copy(update={"title": title})
        return await self.reissues.save(self.id, document, parts, seen=seen or present.seen, who=who, note="上传新版本")

    async def publish(self, version: Version, *others: Version, forced: bool = False) -> None:
        await self.office.approve(version, *others)
        ids = [one.revision_id for one in (version, *others)]
        await self.office.review.publish(ids, who=LI, withdraw_broken=forced)

    async def change(self, number: int, text: str, *, who: str = WANG) -> Version:
        """A draft of a single clause."""
        old = await self.office.clause(self.clause(number))
        return await self.office.save(Kind.CLAUSE, self.clause(number), old.model_copy(update={"text": text}), who=who)

    async def texts(self) -> dict[str, str]:
        """What citizens are answered from."""
        clauses = (await self.office.on_air()).clauses.values()
        return {clause.id: clause.text for clause in clauses if clause.document.id == self.id}


def words(text: str, number: str = "m01") -> ClauseContent:
    return ClauseContent(document="new", number=number, position=0, heading=text[:6].rstrip("。"), text=text)


def asks(clause: str, quote: str) -> FaqContent:
    answer = AnswerContent(
        jurisdiction="sd-jining", spoken="能补办。", quotes=(QuoteContent(clause=clause, text=quote),)
    )
    return FaqContent(title="石榴红卡丢了怎么办", wordings=("石榴红卡丢了", "卡丢了咋弄"), answers=(answer,))


async def issued(office: Office) -> Card:
    """On air, with an FAQ about its last clause."""
    document = DocumentContent(
        title="关于发放石榴红卡的通知",
        doc_no="济医保发〔2026〕12号",
        issuer="济宁市医疗保障局",
        issue_date="2026-11-01",  # type: ignore[arg-type]
        jurisdiction="sd-jining",
    )
    texts = [words(TARGET, "m01"), words(PLACE, "m02"), words(LOST, "m03")]
    texts[1] = texts[1].model_copy(update={"tags": ("石榴红卡",), "audience": ("elderly",)})
    made = await office.editing.create_document(document, texts, who=WANG)
    faq = await office.editing.create(Kind.FAQ, asks(f"{made.item_id}.003", "可以到原领取地点补办"), who=WANG)
    await office.publish(made, faq)
    return Card(office, Reissues(office.database), made.item_id, faq.item_id)


def amended(card: Card) -> list[NewPart]:
    """A clause put in between, one changed, the last one gone."""
    return [
        NewPart(card.clause(1), words(TARGET, "m01")),
        NewPart("", words(FEES, "m02")),
        NewPart(card.clause(2), words(SOONER, "m03")),
    ]
