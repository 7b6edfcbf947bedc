"""What the bot's actions report, as entries of the question log."""

from __future__ import annotations

from bot.actions.protocol import Turn
from knowledge.answering.replies import Answer, Declined, Unclear
from knowledge.insight.questions import FollowUp, QuestionLog, asked
from service.watching import probe


class QuestionNotes:
    """A `bot.actions.notes.Notes`."""

    def __init__(self, questions: QuestionLog) -> None:
        self._questions = questions

    def asked(self, turn: Turn, result: Answer | Declined | Unclear) -> None:
        if turn.channel == probe.CHANNEL:
            return
        place = turn.slot("place")
        noted = asked(turn.text, result, channel=turn.channel, conversation=turn.conversation, place=place)
        self._questions.record(noted)

    def handed_over(self, turn: Turn) -> None:
        self._questions.followed(turn.conversation, FollowUp.HANDED_OVER)
