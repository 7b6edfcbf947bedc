"""The live desk, wired: one book, one writer and one watch a process."""

from __future__ import annotations

from contextlib import AsyncExitStack

from base.database import Database
from base.every import every
from base.personal_data import Vault
from base.room import Room
from base.tasks import own
from bot.turn import Dialogue
from casework.livechat.book import Book
from casework.livechat.closing import Closing
from casework.livechat.desk import LiveDesk
from casework.livechat.held import Held
from casework.livechat.news import LOOK_SECONDS, News
from casework.livechat.outward import Outward
from casework.livechat.pictures import LivePictures
from casework.livechat.presence import Presence
from casework.livechat.staff_steps import LiveSteps
from casework.livechat.watch import Watch
from casework.livechat.writer import Writer
from service.wiring.assembly import Casework

_WATCH_SECONDS = 3.0
_FORGET_SECONDS = 30.0


class Live:
    """Made before the dialogue, which asks `desk`; `start` needs the dialogue. `outward.wechat` is set later."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault, self.book = database, vault, Book(vault)
        self._writer = Writer(database)
        self.presence, self.outward, held = Presence(database), Outward(), Held(database)
        self.desk = LiveDesk(held, self.book, self._writer, self.presence)
        self.steps = LiveSteps(database, self.book, self.outward, held)
        self.news = News(database, self.book)

    def closing(self, casework: Casework, address: str) -> Closing:
        return Closing(
            self._database,
            self.book,
            self.steps,
            casework.tickets,
            casework.work,
            casework.ratings,
            address,
        )

    def pictures(self, casework: Casework, room: Room) -> LivePictures:
        return LivePictures(self._database, self._vault, self.book, self.steps, casework.errands.take_picture, room)

    def start(self, stack: AsyncExitStack, dialogue: Dialogue) -> None:
        """The background work; it ends with `stack`, and what was said until then is written."""
        watch = Watch(self._database, self.book, self.presence, self.outward, dialogue.nobody_came)
        own(stack, self._writer.run(), "live writer")
        own(stack, every(LOOK_SECONDS, self.news.look, "live news"), "live news")
        own(stack, every(_WATCH_SECONDS, watch.round, "live watch"), "live watch")
        own(stack, every(_FORGET_SECONDS, watch.forget, "live forget"), "live forget")
