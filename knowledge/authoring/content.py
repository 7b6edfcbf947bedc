"""What a version of a document, clause, FAQ, guide, fact, synonym or text of staff says. Immutable;
`version.content` in the database is this as JSON.

    parse(Kind.FAQ, {"title": …, "wordings": […], "answers": […]})  -> FaqContent, or InvalidContent naming each field

Text is text: a `<script>` in a clause is kept letter by letter, and whoever shows it escapes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from base.errors import ServiceError
from base.staff_texts import StaffText, wrong
from knowledge.authoring.models import Kind
from knowledge.models import Role, TopicKind

ELEMENTS = {
    "service_target": "服务对象",
    "channels": "办理方式",
    "process": "办理流程",
    "materials": "申办材料",
    "time_limit": "办理时限",
    "query": "查询方式",
    "supervision_phone": "监督电话",
}
"""The elements of the site standard (事项名称 is the guide's `name`), in the order staff and citizens see them."""


class InvalidContent(ServiceError):
    """What was typed cannot be saved. `fields`: path of the field ("answers.0.spoken") → what to do, in Chinese."""

    code = "invalid_content"
    retryable = False
    citizen_text = "有几处还需要补全或改正。"

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = dict(fields)


def _not_blank(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("请填写")
    if "\x00" in text:
        raise ValueError("含有不能保存的字符")
    return text


def _lines(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Without blank lines and repetitions, order kept."""
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _one_word(text: str) -> str:
    if not text.isalnum():
        raise ValueError("只能用汉字、字母和数字，中间不要有空格和标点")
    return text


def _words(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts:
        raise ValueError("至少写一种群众的说法")
    if any(len(text) > 20 for text in texts):
        raise ValueError("每种说法最多20个字")
    return tuple(_one_word(text) for text in texts)


def _safe_id(text: str) -> str:
    if not all(char.isalnum() or char in "._-" for char in text) or text.startswith("."):
        raise ValueError("编号只能用文字、数字、点和横线")
    return text


Line: TypeAlias = Annotated[str, Field(max_length=300), AfterValidator(_not_blank)]
LongText: TypeAlias = Annotated[str, Field(max_length=30_000), AfterValidator(_not_blank)]
Lines: TypeAlias = Annotated[tuple[str, ...], Field(max_length=200), AfterValidator(_lines)]
Id: TypeAlias = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_safe_id)]
Day: TypeAlias = date | None


class _Content(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        return self.model_dump(mode="json")


class _Valid(_Content):
    """Holds from the first to the last day, both inclusive; None is open."""

    valid_from: Day = None
    valid_until: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> _Valid:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("失效日期早于生效日期")
        return self


class DocumentContent(_Valid):
    """A policy document. `superseded_by` is the id of the document that replaces it after `valid_until`."""

    title: Line
    doc_no: Annotated[Line, Field(max_length=80)]
    issuer: Annotated[Line, Field(max_length=120)]
    issue_date: date
    jurisdiction: Id
    status_note: Annotated[str, Field(max_length=2_000)] = ""
    superseded_by: Id | None = None

    @model_validator(mode="after")
    def _ends_when_superseded(self) -> DocumentContent:
        if self.superseded_by and not self.valid_until:
            raise ValueError("已被替代的文件要填写失效日期")
        return self


class ClauseContent(_Valid):
    """A clause, word for word. `path`: the headings it stands under, outermost first. `searchable`: citizens may be
    answered from it even where no FAQ quotes it. `dropped`: a new version of its document does not hold it; publishing
    this takes it down."""

    document: Id
    number: Annotated[Line, Field(max_length=20)]
    position: Annotated[int, Field(ge=0)]
    kind: Annotated[Line, Field(max_length=20)] = "section"
    heading: Annotated[str, Field(max_length=500)] = ""
    path: Lines = ()
    text: LongText
    tags: Lines = ()
    audience: Lines = ()
    caller_facing: bool = True
    searchable: bool = True
    dropped: bool = False

    def to_json(self) -> dict[str, Any]:
        """Says `dropped` and `path` only where they are: what was stored before them stays the same."""
        return {name: value for name, value in super().to_json().items() if value or name not in ("dropped", "path")}


class QuoteContent(_Content):
    """Exact words of a clause that an answer stands on."""

    clause: Id
    text: LongText
    role: Role = Role.LEAD


class AnswerContent(_Valid):
    """What is answered in one jurisdiction. `written` empty: the quotes themselves are shown."""

    jurisdiction: Id
    written: Annotated[str, Field(max_length=5_000)] = ""
    spoken: Annotated[LongText, Field(max_length=600)]
    more_spoken: Annotated[str, Field(max_length=2_000)] = ""
    quotes: Annotated[tuple[QuoteContent, ...], Field(max_length=60)] = ()

    @model_validator(mode="after")
    def _has_a_source(self) -> AnswerContent:
        if not any(quote.role is Role.LEAD for quote in self.quotes):
            raise ValueError("答复必须注明依据：至少引用一条条款的原文")
        return self


class FaqContent(_Content):
    """A question with its wordings, and an answer for each jurisdiction. A GAP or OUTSIDE topic has no answer and says
    what is missing."""

    group: Annotated[Line, Field(max_length=40)] = "staff"
    kind: TopicKind = TopicKind.ANSWER
    title: Line
    missing: Annotated[str, Field(max_length=300)] = ""
    gap: str | None = None
    wordings: Lines
    answers: Annotated[tuple[AnswerContent, ...], Field(max_length=40)] = ()

    @model_validator(mode="after")
    def _is_complete(self) -> FaqContent:
        if not self.wordings:
            raise ValueError("至少写一种问法")
        if self.kind is TopicKind.ANSWER and not self.answers:
            raise ValueError("至少写一个答复")
        places = [answer.jurisdiction for answer in self.answers]
        if len(places) != len(set(places)):
            raise ValueError("同一地区只能有一个答复")
        return self


class Statement(_Content):
    """One thing that a guide says, where it holds, and the clauses that say so (required, unlike in a draft)."""

    value: Annotated[LongText, Field(max_length=2_000)]
    scope: Id
    clauses: Annotated[tuple[Id, ...], Field(min_length=1, max_length=20)]


Statements: TypeAlias = Annotated[tuple[Statement, ...], Field(max_length=20)]


class GuideContent(_Content):
    """A service guide (办事指南). An element without statements is missing: listed to staff, never spoken."""

    name: Line
    main_item: Line
    aliases: Lines = ()
    service_target: Statements = ()
    channels: Statements = ()
    process: Statements = ()
    materials: Statements = ()
    time_limit: Statements = ()
    query: Statements = ()
    supervision_phone: Statements = ()
    where: Statements = ()
    materials_waived: Statements = ()
    clauses: tuple[Id, ...] = ()
    gaps: tuple[Id, ...] = ()

    def element(self, name: str) -> tuple[Statement, ...]:
        """`name`: a key of ELEMENTS."""
        found: tuple[Statement, ...] = getattr(self, name)
        return found


class FactContent(_Content):
    """A fact from outside the documents, as somebody noted it down. Two people must check it against its source.

    `usable`: quote (may be answered), background (explains), no (never to a caller).
    """

    subject: Annotated[Line, Field(max_length=40)]
    jurisdiction: Id
    text: LongText
    source_title: Line
    doc_no: Annotated[str, Field(max_length=80)] | None = None
    published_on: str = ""
    """As precise as the source is: 2023, 2023-07 or 2023-07-26."""
    valid_for: str = ""
    confidence: str = "low"
    usable: str = "no"
    note: str = ""


class SynonymContent(_Content):
    """What people say for one thing (`variants`, mishearings included), and the one word that search uses for it. With
    `adds` nothing is replaced: search looks for `word`, the words that documents write with spaces between, as well."""

    adds: bool = False
    word: Annotated[str, Field(max_length=80), AfterValidator(_not_blank)]
    variants: Annotated[Lines, AfterValidator(_words)]

    @field_validator("word")
    @classmethod
    def _is_made_of_words(cls, word: str, known: ValidationInfo) -> str:
        words = word.split() if known.data.get("adds") else [word]
        if any(len(one) > 20 for one in words):
            raise ValueError("每个词最多20个字")
        return " ".join(_one_word(one) for one in words)

    @model_validator(mode="after")
    def _is_another_word(self) -> SynonymContent:
        if not self.adds and self.word in self.variants:
            raise ValueError("群众的说法里不用再写统一说法本身")
        return self


class StaffTextContent(_Valid):
    """A text of the hotline itself (`base.staff_texts`). Without words it is as if nobody had written it."""

    setting: StaffText
    """Which one; revisions and forms keep it by this name."""
    text: Annotated[str, Field(max_length=5_000), AfterValidator(str.strip)] = ""

    @field_validator("text")
    @classmethod
    def _can_be_used(cls, text: str, known: ValidationInfo) -> str:
        if "setting" in known.data and (words := wrong(known.data["setting"], text)):
            raise ValueError(words)
        return text


Content: TypeAlias = (
    DocumentContent | ClauseContent | FaqContent | GuideContent | FactContent | SynonymContent | StaffTextContent
)

TYPES: dict[Kind, type[Content]] = {
    Kind.DOCUMENT: DocumentContent,
    Kind.CLAUSE: ClauseContent,
    Kind.FAQ: FaqContent,
    Kind.GUIDE: GuideContent,
    Kind.FACT: FactContent,
    Kind.SYNONYM: SynonymContent,
    Kind.STAFF_TEXT: StaffTextContent,
}

_MESSAGES = {
    "missing": "请填写",
    "string_too_short": "请填写",
    "too_short": "至少填一项",
    "string_too_long": "太长了",
    "too_long": "太多了",
    "extra_forbidden": "不认识的字段",
}


def parse(kind: Kind, data: Mapping[str, Any]) -> Content:
    """From a form, a file or the database. Raises InvalidContent."""
    try:
        return TYPES[kind].model_validate(dict(data))
    except ValidationError as error:
        raise InvalidContent(_in_chinese(error)) from error


def _in_chinese(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for problem in error.errors(include_url=False, include_input=False):
        path = ".".join(str(part) for part in problem["loc"])
        own = problem["msg"].removeprefix("Value error, ") if problem["type"] == "value_error" else ""
        date_like = "请按 2026-11-20 的样子填写日期" if problem["type"].startswith("date") else ""
        found.setdefault(path, own or date_like or _MESSAGES.get(problem["type"], "填写的内容不合要求"))
    return found


def title_of(content: Content) -> str:
    """What a list calls it."""
    if isinstance(content, ClauseContent):
        return f"{content.number} {content.heading or content.text[:40]}".strip()
    if isinstance(content, GuideContent):
        return content.name
    if isinstance(content, FactContent):
        return content.text[:60]
    if isinstance(content, SynonymContent):
        return f"{content.word}（{'、'.join(content.variants)}）"
    if isinstance(content, StaffTextContent):
        return content.setting.about.label
    return content.title


def missing_elements(guide: GuideContent) -> tuple[str, ...]:
    """The Chinese names of the standard's elements that nobody has filled in."""
    return tuple(label for name, label in ELEMENTS.items() if not guide.element(name))
