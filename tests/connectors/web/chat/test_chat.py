import asyncio
import json
import time

import pytest

from base.errors import EngineUnavailable
from base.messages import Reply
from base.tenant import TENANT
from connectors.web.chat import chat
from connectors.web.chat.rate import CHAT_AT_ONCE, RateLimit
from tests.connectors.web.scripted import ScriptedDialogue, running
from tests.guard import GUARD_SECONDS, until

URL = "/webhooks/rest/webhook"

_OR_CALL = f"等不及的，请打{TENANT.hotline}。"


async def post(client, body, **options):
    response = await client.post(URL, **({"json": body} if not isinstance(body, bytes) else {"data": body}), **options)
    return response.status, await response.json()


async def test_an_answer_comes_with_its_sources_buttons_and_spoken_form():
    dialogue = ScriptedDialogue()
    async with running(dialogue) as (client, _):
        status, replies = await post(client, {"sender": "web-1", "message": "俺在北京看病用不用备案"})
    assert status == 200
    assert replies == [
        {
            "recipient_id": "web-1",
            "text": "要备案。2023年起，在外地长期居住的，承诺一下就能备案，不用再交居住证。",
            "sources": [{"doc_no": "济医保字〔2023〕25号", "clause": "第七条", "title": "关于优化医疗保障服务的通知"}],
            "buttons": [
                {"title": "怎么备案？", "payload": "异地就医怎么备案"},
                {"title": "转人工", "payload": "转人工"},
            ],
            "spoken": "要先备案。",
        }
    ]
    assert dialogue.asked == [("web-1", "俺在北京看病用不用备案", "web", None)]


async def test_a_plain_reply_carries_only_its_text():
    async with running(ScriptedDialogue(Reply("您好。"), Reply("请问您想问什么？"))) as (client, _):
        _, replies = await post(client, {"sender": "web-1", "message": "你好", "metadata": {"from": "kiosk"}})
    assert replies == [
        {"recipient_id": "web-1", "text": "您好。"},
        {"recipient_id": "web-1", "text": "请问您想问什么？"},
    ]


async def test_nobody_claims_another_persons_number_or_a_line_that_can_transfer():
    dialogue = ScriptedDialogue()
    claimed = {"caller": "19900000001", "can_transfer": True, "can_listen": False, "deep": [[[[]]]], "from": "kiosk"}
    async with running(dialogue) as (client, _):
        await post(client, {"sender": "web-1", "message": "转人工", "metadata": claimed})
    assert dialogue.asked == [("web-1", "转人工", "web", {"can_listen": False})], "only what is known is passed on"


async def test_another_channels_conversation_cannot_be_entered():
    dialogue = ScriptedDialogue()
    async with running(dialogue) as (client, _):
        _, replies = await post(client, {"sender": "phone-7", "message": "你好", "metadata": {"a": 1}})
    assert dialogue.asked == [("rest-phone-7", "你好", "web", {})]
    assert replies[0]["recipient_id"] == "phone-7"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_json"),
        (b'{"sender": "a", "mess', "bad_json"),
        (b"\xff\xfe\x00", "bad_json"),
        (b"[" * 50_000, "bad_json"),
        (b'{"sender": "a", "message": "b", "metadata": {"x": NaN}}', "bad_json"),
        ([], "bad_message"),
        ("你好", "bad_message"),
        ({"sender": "a"}, "bad_message"),
        ({"sender": "a", "message": 5}, "bad_message"),
        ({"sender": "a", "message": None}, "bad_message"),
        ({"message": "你好"}, "bad_sender"),
        ({"sender": 5, "message": "你好"}, "bad_sender"),
        ({"sender": " ", "message": "你好"}, "bad_sender"),
        ({"sender": "a\nb", "message": "你好"}, "bad_sender"),
        ({"sender": "a" * 129, "message": "你好"}, "sender_too_long"),
        ({"sender": "a", "message": "你好", "metadata": []}, "bad_metadata"),
    ],
)
async def test_what_is_no_message_gets_a_sentence(body, code):
    dialogue = ScriptedDialogue()
    async with running(dialogue) as (client, _):
        status, answer = await post(client, body)
    assert status == 400
    assert answer["error"]["code"] == code
    assert answer["error"]["text"].endswith("。")
    assert dialogue.asked == []


async def test_a_body_over_64_kb_is_refused_before_it_is_parsed():
    async with running() as (client, _):
        status, answer = await post(client, {"sender": "a", "message": "医" * 70_000})
    assert (status, answer["error"]["code"]) == (413, "body_too_large")


async def test_a_body_that_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr(chat, "_BODY_SECONDS", 0.05)

    async def dribble():
        yield b'{"sender": '
        await asyncio.sleep(GUARD_SECONDS)

    async with running() as (client, _):
        response = await client.post(URL, data=dribble())
        assert response.status == 400
        assert (await response.json())["error"]["code"] == "body_too_slow"


@pytest.mark.parametrize("text", ["", "医" * 10_000, "😀", "\x00\x07", "\u202e"])
async def test_odd_but_well_formed_messages_are_the_dialogues_to_answer(text):
    dialogue = ScriptedDialogue(Reply("请您用一两句话说。"))
    async with running(dialogue) as (client, _):
        status, replies = await post(client, {"sender": "a", "message": text})
    assert (status, replies[0]["text"]) == (200, "请您用一两句话说。")
    assert dialogue.asked[0][1] == text


async def test_half_a_surrogate_pair_never_reaches_the_dialogue():
    dialogue = ScriptedDialogue()
    async with running(dialogue) as (client, _):
        status, _ = await post(client, b'{"sender": "a", "message": "\\ud800\xe5\xa5\xbd"}')
    assert (status, dialogue.asked[0][1]) == (200, "?好")


async def test_failures_of_the_dialogue_become_sentences_and_the_next_message_works(capfd):
    dialogue = ScriptedDialogue()

    async def fail(text: str) -> list[Reply]:
        raise (EngineUnavailable() if text == "down" else ValueError(text))

    async with running(dialogue) as (client, _):
        dialogue.answer = fail
        assert await post(client, {"sender": "a", "message": "down"}) == (
            503,
            {"error": {"code": "engine_unavailable", "text": f"{EngineUnavailable.citizen_text}{_OR_CALL}"}},
        )
        status, answer = await post(client, {"sender": "a", "message": "我身份证是370811"})
        assert (status, answer["error"]["code"]) == (500, "service")
        dialogue.answer = dialogue._answer
        assert (await post(client, {"sender": "a", "message": "你好"}))[0] == 200
    assert "370811" not in "".join(capfd.readouterr())


async def test_a_client_in_a_loop_is_slowed_and_a_flood_is_refused():
    limit = RateLimit(per_second=20, burst=2, patience_seconds=0.2)
    async with running(limit=limit) as (client, _):
        message = {"sender": "a", "message": "你好"}
        started = time.monotonic()
        assert [(await post(client, message))[0] for _ in range(6)] == [200] * 6
        assert time.monotonic() - started >= 0.15
    async with running(limit=RateLimit(per_second=0.01, burst=2, patience_seconds=0.0)) as (client, _):
        flood = await asyncio.gather(*(client.post(URL, json=message) for _ in range(30)))
        refused = [response for response in flood if response.status == 429]
        assert len(refused) == 28
        assert int(refused[0].headers["Retry-After"]) >= 1
        assert "稍等" in json.loads(await refused[0].text())["error"]["text"]
        assert (await post(client, {"sender": "b", "message": "你好"}))[0] == 429, "another name is no way round"
        danger = await post(client, {"sender": "b", "message": "老头子晕倒了"})
        assert danger[0] == 200, "who is in danger is answered in any crowd"
        other = await client.post(URL, json=message, headers={"X-Forwarded-For": "198.51.100.7"})
        assert other.status == 200, "behind the proxy everybody has an address of their own"


async def test_a_crowd_from_one_address_leaves_room_for_all_others():
    """Sixty at once from one address filled the engine: everybody else waited six seconds, for an excuse."""
    dialogue, over, inside = ScriptedDialogue(), asyncio.Event(), []

    async def slow(text):
        inside.append(text)
        await over.wait()
        return dialogue.replies

    dialogue.answer = slow
    async with running(dialogue) as (client, _):
        crowd = [asyncio.create_task(post(client, {"sender": f"s{n}", "message": f"问{n}"})) for n in range(20)]
        await until(lambda: len(inside) == CHAT_AT_ONCE)
        elsewhere = {"X-Forwarded-For": "198.51.100.7"}
        other = asyncio.create_task(post(client, {"sender": "me", "message": "别人"}, headers=elsewhere))
        await until(lambda: "别人" in inside)
        danger = asyncio.create_task(post(client, {"sender": "s99", "message": "老头子晕倒了"}))
        await until(lambda: "老头子晕倒了" in inside)
        assert len(inside) == CHAT_AT_ONCE + 2
        over.set()
        assert {status for status, _ in await asyncio.gather(*crowd, other, danger)} == {200}
    async with running(dialogue, limit=RateLimit(patience_seconds=0.05)) as (client, _):
        over.clear()
        crowd = [asyncio.create_task(post(client, {"sender": f"s{n}", "message": f"再问{n}"})) for n in range(20)]
        done = [await one for one in asyncio.as_completed(crowd[CHAT_AT_ONCE:])]
        assert {(status, answer["error"]["code"]) for status, answer in done} == {(429, "too_fast")}
        over.set()
        await asyncio.gather(*crowd)


async def test_a_name_that_others_think_of_too_is_known_to_its_own_address_only():
    """Whoever named the same conversation shared its proof of identity."""
    dialogue = ScriptedDialogue()
    long = "Zk3" * 8
    async with running(dialogue) as (client, _):
        for sender in ("me", "web-1", long):
            for address in ("198.51.100.7", "198.51.100.7", "203.0.113.5"):
                message = {"sender": sender, "message": "查我的进度"}
                answer = await client.post(URL, json=message, headers={"X-Forwarded-For": address})
                assert [one["recipient_id"] for one in await answer.json()] == [sender] * len(dialogue.replies)
    names = [conversation for conversation, *_ in dialogue.asked]
    for at in (0, 3):
        assert names[at] == names[at + 1] != names[at + 2]
        assert names[at].startswith("rest-")
    assert set(names[6:]) == {f"rest-{long}"}
