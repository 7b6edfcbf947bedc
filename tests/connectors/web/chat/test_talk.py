"""The conversation without JavaScript: forms, one after another, and everything people put into them."""

from __future__ import annotations

import io
import re

import pytest

from base.errors import EngineUnavailable
from base.messages import Button, Link, Reply
from connectors.web.chat.rate import RateLimit
from tests.connectors.web.reading import VAULT, Reader, seen
from tests.connectors.web.scripted import ANSWER, ScriptedDialogue, Written, running


async def test_a_form_is_answered_and_the_conversation_goes_on(site: Reader):
    first = await site.talk("俺在北京看病用不用备案")
    assert "承诺一下就能备案" in seen(first)
    assert "济医保字〔2023〕25号 第七条" in seen(first)
    second = await site.talk("那济南呢", first)
    assert seen(second).count("承诺一下就能备案") == 2
    assert seen(second).index("俺在北京看病") < seen(second).index("那济南呢")
    one, other = (conversation for conversation, *_ in site.dialogue.asked)
    assert one == other
    assert re.fullmatch(r"web-[0-9a-f]{32}", one)


async def test_big_buttons_common_questions_and_choices_are_buttons_of_forms(site: Reader):
    front = await site.page("/")
    for message in ("查办理进度", "我要投诉", "我要办异地备案", "跟孩子住外省，看病要先备案吗？"):
        assert f'name="message" value="{message}"' in front
    for link in ("/guides", "/points"):
        assert f'class="ask" href="{link}"' in front
    page = await site.talk("查办理进度")
    assert f'name="message" value="{ANSWER.buttons[0].payload}"' in page


async def test_whatever_is_typed_is_only_text(site: Reader):
    attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>😀'
    site.dialogue.replies = [Reply(attack, buttons=(Button(attack, attack),))]
    page = await site.talk(attack)
    assert attack in seen(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert site.dialogue.asked[0][1] == attack


async def test_a_megabyte_is_refused_with_a_sentence(site: Reader):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await site.client.post("/talk", data=io.BytesIO(b"message=" + b"a" * 1_000_000), headers=headers)
    page = await response.text()
    assert response.status == 413
    assert "请用一两句话说说您想问的" in seen(page)
    assert 'href="tel:12393"' in page
    assert "写得太长了" in seen(await site.talk("备" * 3_000, expect=413))
    assert site.dialogue.asked == []


async def test_an_empty_form_is_asked_for_words(site: Reader):
    assert "请先写下您想问的" in seen(await site.talk("  ", expect=422))
    response = await site.client.post("/talk", data=b"\xff\xfe%zz", headers={"Content-Type": "text/plain"})
    assert response.status == 422
    assert site.dialogue.asked == []


async def test_what_was_typed_is_kept_when_the_dialogue_is_down(site: Reader):
    async def down(_text: str) -> list[Reply]:
        raise EngineUnavailable

    site.dialogue.answer = down
    page = await site.talk("备案要啥材料", expect=503)
    assert EngineUnavailable.citizen_text in seen(page)
    assert ">备案要啥材料</textarea>" in page


@pytest.mark.parametrize("conversation", ["phone-1", "web-1", "web-" + "g" * 32, "wx-1", ""])
async def test_nobody_enters_another_conversation_through_the_form(site: Reader, conversation: str):
    await site.talk("你好", conversation=conversation)
    assert site.dialogue.asked[0][0] != conversation
    assert re.fullmatch(r"web-[0-9a-f]{32}", site.dialogue.asked[0][0])


async def test_a_history_that_we_did_not_seal_is_nothing(site: Reader):
    forged = [VAULT.encrypt("not a conversation").hex(), "AAAA", "🙂", "A" * 30_000, "%00"]
    for before in forged:
        page = await site.talk("你好", before=before)
        assert seen(page).count("您 你好") == 1


async def test_only_the_last_turns_are_carried(site: Reader):
    page = ""
    for number in range(12):
        page = await site.talk(f"问题{number}", page)
    page = await site.talk("最后", page)
    assert "问题3 " not in seen(page)
    assert "问题11" in seen(page)


async def test_what_staff_write_is_seen_when_it_is_looked_for(site: Reader):
    site.staff.expected = True
    page = await site.talk("转人工")
    assert "看看有没有回复" in page
    page = await site.talk("", page, look="1")
    assert "工作人员还没有回复" in seen(page)
    site.staff.said = [Written(7, Reply("您好，<b>我是</b>工作人员。"))]
    page = await site.talk("", page, look="1")
    assert "工作人员 您好，<b>我是</b>工作人员。" in seen(page)
    assert "还没有回复" not in seen(page)
    page = await site.talk("", page, look="1")
    assert seen(page).count("我是</b>工作人员") == 1, "each once"
    assert [text for _, text, *_ in site.dialogue.asked] == ["转人工"]
    assert site.dialogue.asked[0][3] is None, "a person may answer here"


async def test_what_goes_to_a_person_is_said_to_have_gone_there(site: Reader):
    site.dialogue.replies = []
    site.staff.expected = True
    page = await site.talk("我妈在北京住院了")
    assert "您 我妈在北京住院了" in seen(page)
    assert "您的话已经发给工作人员了" in seen(page)
    site.staff.said = [Written(7, Reply("她什么时候出院？"), who="agent")]
    page = await site.talk("还没出院", page)
    words = ("我妈在北京住院了", "她什么时候出院", "还没出院")
    assert [seen(page).index(one) for one in words] == sorted(seen(page).index(one) for one in words)


async def test_who_looks_while_it_cannot_be_seen_is_told_to_look_again(site: Reader):
    site.staff.expected = True
    page = await site.talk("转人工")
    site.staff.is_down = True
    page = await site.talk("", page, look="1")
    assert "请过一会儿再按一次" in seen(page)
    assert ANSWER.text[:10] in seen(page), "the conversation is still there"
    assert ANSWER.text[:10] in seen(await site.talk("还有", page))


async def test_the_print_is_changed_in_the_middle_of_a_conversation(site: Reader):
    page = await site.talk("备案")
    assert 'formaction="/talk?view=elder#newest"' in page
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    large = await site.client.post("/talk?view=elder", data={**carried, "show": "1"})
    text = await large.text()
    assert 'class="elder"' in text
    assert ANSWER.text[:10] in seen(text)
    assert large.cookies["view"].value == "elder"
    assert len(site.dialogue.asked) == 1


async def test_a_form_sent_twice_is_asked_once(site: Reader):
    front = await site.page("/")
    for _ in range(2):
        page = await site.talk("370811195506150023", front)
        assert seen(page).count(ANSWER.text[:10]) == 1
    assert len(site.dialogue.asked) == 1
    for _ in range(2):
        again = await site.talk("370811195506150023", page)
        assert seen(again).count(ANSWER.text[:10]) == 2
    assert len(site.dialogue.asked) == 2, "the same words said anew are a question of their own"


async def test_too_many_questions_at_once_are_slowed_with_a_sentence():
    limit = RateLimit(per_second=0.01, burst=1, patience_seconds=0.0)
    async with running(ScriptedDialogue(), limit=limit) as (client, _):
        form = {"message": "你好", "conversation": "web-" + "0" * 32}
        assert (await client.post("/talk", data=form)).status == 200
        refused = await client.post("/talk", data=form)
        assert refused.status == 429
        assert "请稍等几秒" in await refused.text()


async def test_the_address_of_a_conversation_leads_to_the_front(site: Reader):
    response = await site.client.get("/talk", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/")


async def test_a_conversation_is_kept_by_no_cache_of_others(site: Reader):
    response = await site.client.post("/talk", data={"message": "你好"})
    assert response.headers["Cache-Control"] == "private, no-cache"


async def test_in_danger_the_first_thing_to_press_dials_120(site: Reader):
    site.dialogue.replies = [Reply("请立即拨打120！", emergency=True)]
    for view in ("", "?view=elder", "?view=contrast"):
        page = await (await site.client.post(f"/talk{view}", data={"message": "老头子晕倒了"})).text()
        assert '<a class="dial" href="tel:120">拨打 120</a>' in page
        assert page.index('href="tel:120"') < page.index("念给我听")
    site.dialogue.replies = [Reply("要备案。")]
    assert "tel:120" not in await site.talk("备案")


async def test_a_link_is_a_button_and_no_row_of_letters(site: Reader):
    url = "https://a.example/upload/Zz9-_x"
    site.dialogue.replies = [Reply(f"材料照片请在这里交：{url}（两周内有效）。", links=(Link("交材料照片", url),))]
    page = await site.talk("同意")
    assert f'<a class="open-link" href="{url}"' in page
    assert url not in seen(page)
    assert "按下面的“交材料照片”（两周内有效）" in seen(page)
    again = await site.talk("好的", page)
    assert again.count(f'<a class="open-link" href="{url}"') == 2, "also of what was said before"
