from __future__ import annotations

from dataclasses import replace

import pytest

from base.messages import Button, Command, Reply
from connectors.wechat.followers.followers import Followers
from connectors.wechat.followers.service_points import SEND_PLACE, Point, ServicePoints
from connectors.wechat.inbound import turns
from connectors.wechat.inbound.hearing import NotHeard
from connectors.wechat.inbound.pictures import NO_FILING, Pictures
from connectors.wechat.inbound.turns import Turns
from connectors.wechat.outbound.sources import Links
from connectors.wechat.platform.errors import MediaGone
from connectors.wechat.platform.menu import MENU, NEARBY
from connectors.wechat.platform.wire import Place
from tests.connectors.wechat.conftest import OPENID, event, text_message

POINTS = (
    Point("甲服务站", "甲路1号", "0537-0000001", "周一至周五", Place(35.41, 116.58)),
    Point("乙服务站", "", "", "", Place(35.60, 116.58)),
    Point("远处", "", "", "", Place(36.9, 118.0)),
)


class Citizen:
    """Somebody writing to the account; `dialogue` and `files` are what the test says."""

    def __init__(self, database, vault, clock):
        self.asked, self.replies, self.points = [], [Reply("要备案。")], POINTS
        self.words, self.file, self.filing, self.left = "异地就医怎么备案", b"file", None, False
        self.person, self.desk = None, []
        self.handed_in, self.is_held, self.left_open = "", False, ""
        self.followers = Followers(database, vault, clock)
        pictures, places = Pictures(self.to_person, self.accept, self.name, self), ServicePoints(self.all_points)
        self.turns = Turns(
            self, self.followers, self, self.media, self, pictures, places, self.takes, [pictures.invite]
        )

    async def send(self, message):
        text, choices = await self.turns.respond(message)
        await self.followers.set_choices(OPENID, choices)
        return text

    async def say(self, text):
        return await self.send(text_message(text))

    async def reply(self, conversation, text, channel, metadata=None):
        assert (conversation, channel) == (f"wechat-{OPENID}", "wechat")
        self.asked.append(text)
        self.told = metadata
        return self.replies

    async def words_of(self):
        if isinstance(self.words, Exception):
            raise self.words
        return self.words

    async def media(self, media_id):
        if isinstance(self.file, Exception):
            raise self.file
        return self.file

    async def accept(self, conversation, picture):
        return self.filing

    async def to_person(self, conversation, picture):
        return self.person

    async def name(self, conversation):
        return self.handed_in

    async def takes(self, conversation, channel, text):
        if self.is_held:
            self.desk.append(text)
        return self.is_held

    def heard(self, conversation, channel, text):
        self.desk.append(text)

    def said(self, conversation, channel, replies):
        self.desk += [reply.text for reply in replies]

    async def all_points(self):
        return self.points

    async def before(self, openid, text):
        return [], text

    async def after(self, openid):
        return []

    async def forget(self, openid):
        self.left = True
        return self.left_open


@pytest.fixture
def citizen(database, vault, clock):
    made = Citizen(database, vault, clock)
    made.turns._hearing = type("Hearing", (), {"words": lambda self, recording: made.words_of()})()
    return made


async def test_a_question_is_answered(citizen):
    assert await citizen.say("俺在北京看病用不用备案") == "要备案。"
    assert citizen.asked == ["俺在北京看病用不用备案"]


async def test_a_digit_is_the_choice_it_was_shown_with(citizen):
    citizen.replies = [Reply("要备案。", buttons=(Button("怎么备案？", "异地就医怎么备案"),))]
    await citizen.say("看病")
    await citizen.say("1")
    assert citizen.asked == ["看病", "异地就医怎么备案"]


async def test_the_rest_of_a_long_answer_is_read_without_asking_again(citizen):
    citizen.replies = [Reply("备案可以承诺代替证明。" * 200)]
    first = await citizen.say("看病")
    second = await citizen.say("1")
    assert first.endswith("回复1看下文）")
    assert second.startswith("备案")
    assert citizen.asked == ["看病"]
    await citizen.say("那济南呢")
    await citizen.say("1")
    assert citizen.asked == ["看病", "那济南呢"], "1 now reads on in the newer answer"


async def test_voice_shows_what_was_understood(citizen):
    text = await citizen.send(replace(text_message(""), kind="voice", media_id="m"))
    assert text == "您说的是：“异地就医怎么备案”\n（我听错了的话，打字再发一遍就行。）\n\n要备案。"
    assert citizen.told == {"spoken": True}, "it may have been misheard"
    await citizen.say("异地就医怎么备案")
    assert not citizen.told


@pytest.mark.parametrize(("part", "error"), [("words", NotHeard()), ("file", MediaGone())])
async def test_voice_that_cannot_be_heard_or_fetched_gets_a_sentence(citizen, part, error):
    setattr(citizen, part, error)
    with pytest.raises(type(error)) as failed:
        await citizen.send(replace(text_message(""), kind="voice", media_id="m"))
    assert "打字" in failed.value.citizen_text
    assert citizen.asked == []


async def test_a_picture_belongs_to_the_open_filing_or_is_not_kept(citizen):
    picture = replace(text_message(""), kind="image", media_id="m")
    assert NO_FILING in await citizen.send(picture)
    citizen.filing = [Reply("收到了第1张。")]
    assert await citizen.send(picture) == "收到了第1张。"
    assert citizen.desk == ["〔发来一张图片〕", NO_FILING, "〔发来一张图片〕", "收到了第1张。"], "staff who read along"


async def test_a_picture_for_a_person_is_no_material(citizen):
    picture = replace(text_message(""), kind="image", media_id="m")
    citizen.filing, citizen.person = [Reply("收到了第1张。")], []
    assert await citizen.send(picture) == ""
    citizen.person = [Reply("工作人员接上以后就能看到。")]
    assert await citizen.send(picture) == "工作人员接上以后就能看到。"
    assert citizen.desk == [], "the desk has it already"


async def test_who_wants_to_hand_in_more_is_told_how(citizen):
    await citizen.say("交材料")
    assert citizen.asked == ["交材料"], "nothing handed in yet: the dialogue says so"
    citizen.handed_in = "门诊慢特病资格认定"
    assert "“门诊慢特病资格认定”的材料，现在就把照片发到这里" in await citizen.send(event("click", "materials"))
    await citizen.say("要交材料吗")
    assert citizen.asked == ["交材料", "要交材料吗"]


async def test_a_place_goes_to_the_person_who_answers(citizen):
    citizen.is_held = True
    assert await citizen.send(replace(text_message(""), kind="location", place=Place(35.4153, 116.5871))) == ""
    assert citizen.desk == ["〔位置：北纬35.42度，东经116.59度〕"]


async def test_a_place_gets_the_nearest_points_that_staff_entered(citizen):
    text = await citizen.send(replace(text_message(""), kind="location", place=Place(35.415, 116.587)))
    assert text.index("甲服务站，约840米") < text.index("乙服务站，约20.6公里")
    assert "甲路1号" in text
    assert "远处" not in text
    assert citizen.asked == []


async def test_without_points_it_says_so_and_tells_what_the_documents_say(citizen):
    citizen.points = ()
    text = await citizen.send(replace(text_message(""), kind="location", place=Place(35.4, 116.5)))
    assert text.startswith("各服务点的位置还没有录进来")
    assert citizen.asked == [turns.WHERE]


async def test_who_asks_for_points_nearby_sees_some_and_how_to_send_a_place(citizen):
    text = await citizen.send(event("click", "ask_stations"))
    assert text.startswith(SEND_PLACE)
    assert "甲服务站\n甲路1号\n电话 0537-0000001" in text
    assert citizen.asked == []
    citizen.points = tuple(replace(POINTS[0], name=f"第{number}站") for number in range(7))
    text = await citizen.say("附近哪里有医保服务点")
    assert "第4站" in text
    assert "第5站" not in text
    assert "登记了7个，这里是5个" in text
    citizen.points = ()
    assert (await citizen.send(event("click", "ask_stations"))).endswith("要备案。")
    assert citizen.asked == [turns.WHERE], "what the documents say all the same"


async def test_who_asks_for_points_nearby_asks_the_person_who_answers(citizen):
    citizen.is_held = True
    assert await citizen.send(event("click", "ask_stations")) == ""
    assert citizen.desk == ["附近哪里有医保服务点"]


async def test_every_entry_of_the_menu_asks_something(citizen):
    asking = [entry for column in MENU for entry in column.entries if entry.says != NEARBY]
    for entry in asking:
        assert await citizen.send(event("click", entry.key)) == "要备案。"
    assert citizen.asked == [entry.says for entry in asking]
    assert await citizen.send(event("click", "gone")) == turns.OLD_MENU


async def test_following_greets_and_a_scanned_code_asks_its_question(citizen):
    assert await citizen.send(event("subscribe")) == turns.GREETING
    assert await citizen.send(event("subscribe", "qrscene_ask_chronic")) == f"{turns.GREETING}\n\n要备案。"
    await citizen.send(event("scan", "ask_newborn"))
    assert citizen.asked == ["门诊慢特病怎么申请", "孩子刚出生，怎么参保"]


async def test_leaving_forgets_who_they_are_and_says_nothing(citizen):
    assert await citizen.send(event("unsubscribe")) == ""
    assert citizen.left
    assert citizen.asked == []
    citizen.left_open = Command.PUT_OFF
    assert await citizen.send(event("unsubscribe")) == "", "what the dialogue says to that is read by nobody"
    assert citizen.asked == [Command.PUT_OFF]


@pytest.mark.parametrize("name", ["view", "location", "templatesendjobfinish", "subscribe_msg_popup_event"])
async def test_events_nobody_waits_on_are_silent(citizen, name):
    assert await citizen.send(event(name, "x")) == ""
    assert citizen.asked == []


async def test_links_and_unknown_kinds_get_a_sentence(citizen):
    assert await citizen.send(replace(text_message(""), kind="link")) == turns.NO_LINKS
    assert await citizen.send(replace(text_message(""), kind="other")) == turns.UNKNOWN
    assert await citizen.send(text_message("【收到不支持的消息类型，暂无法显示】")) == turns.UNKNOWN


async def test_while_staff_answer_the_account_is_silent(citizen):
    citizen.replies = []
    assert await citizen.say("在吗") == ""


async def test_the_greeting_leads_to_what_is_done_with_their_data(citizen):
    citizen.turns._links = Links("https://yibao.example")
    said = await citizen.send(event("subscribe"))
    assert said.startswith(turns.GREETING)
    assert said.endswith("https://yibao.example/privacy")
