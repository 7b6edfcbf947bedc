"""What is told when a filing begins, in one go: what it needs, what stands already, what was handed in before."""

from __future__ import annotations

import re

from base.messages import Reply
from bot.flows.wording import say
from casework.filings.fields import said, shown
from casework.filings.filing import Draft
from casework.filings.items import Item

_COUNTS = "零一两三四五六七八九十"


def intro(item: Item) -> Reply:
    """On the phone in few words: the certificates by the best known of them, the pictures by what they show."""
    labels = [field.label for field in item.fields if not field.when]
    written = say(
        "intro",
        name=item.name,
        count=len(labels),
        labels="、".join(labels),
        replaced=say("intro_replaced", names="、".join(item.replaced)).text if item.replaced else "",
        materials=say("intro_materials", names="、".join(item.materials)).text if item.materials else "",
        count_spoken="",
    )
    spoken = say(
        "intro",
        name=item.spoken,
        count=len(labels),
        labels=re.sub(r"（.*?）", "", "、".join(labels)),
        replaced=say("intro_replaced", names=item.replaced_spoken).to_say if item.replaced else "",
        materials=say("intro_materials", names=item.materials_spoken).to_say if item.materials else "",
        count_spoken=_COUNTS[len(labels)],
    )
    return Reply(written.text, spoken.to_say)


def resumed(draft: Draft) -> Reply:
    answers = "，".join(
        f"{f.label} {shown(f, draft.answers[f.id])}" for f in draft.item.fields if f.id in draft.answers
    )
    reply = say("resumed", name=draft.item.name, answers=answers)
    return Reply(reply.text, say("resumed", name=draft.item.spoken, answers="").to_say)


def already(draft: Draft) -> Reply:
    return say("already", name=draft.item.name, on=_submitted_on(draft), number=draft.ticket or "")


def another(open_case: Draft) -> Reply:
    """One of the kind is open already: said, and a different one may be handed in."""
    named = [(field, open_case.answers[field.id]) for field in open_case.item.asked(open_case.answers)]
    told = [(field, value) for field, value in named if field.id in open_case.item.distinct]
    reply = say(
        "another",
        name=open_case.item.name,
        on=_submitted_on(open_case),
        number=open_case.ticket or "",
        which="，".join(shown(field, value) for field, value in told),
    )
    which = "，".join(said(field, value) for field, value in told)
    heard = say("another", name=open_case.item.spoken, on=_submitted_on(open_case), number="", which=which)
    return Reply(reply.text, heard.to_say)


def _submitted_on(draft: Draft) -> str:
    return f"{draft.submitted_on.month}月{draft.submitted_on.day}日" if draft.submitted_on else ""
