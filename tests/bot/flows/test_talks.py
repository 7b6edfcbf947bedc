"""Whole errands as people have them, without the dialogue engine: the intents are given."""

from __future__ import annotations

import re

from tests.casework.office import CODE, Office, people


async def test_nothing_personal_before_proof_then_the_balance(office: Office) -> None:
    elder = office.caller("phone")
    assert "身份证号" in await elder.wants("query_mine", "俺卡里还有多少钱")
    assert "1862" not in str(elder.last)
    assert "验证码" in await elder.says("370899195003159028")
    assert (await office.messages("elder"))[0].count(CODE) == 1
    heard = await elder.says("一三五七九零")
    assert "1862.35元" in heard
    assert elder.last is not None
    assert not elder.last.waits


async def test_by_voice_the_number_comes_in_groups_and_is_read_back_masked(office: Office) -> None:
    elder = office.caller("phone")
    await elder.wants("query_mine", "查余额")
    assert "接着说" in await elder.says("三七零八九九")
    assert "接着说" in await elder.says("一九五零零三一五")
    heard = await elder.says("九零二八")
    assert "尾号九零二八" in heard
    assert "一九五零" not in heard
    assert "验证码" in await elder.says("对")


async def test_a_wrong_number_is_told_how_to_go_on(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    assert "有一位不对" in await caller.says("370899195003159027")
    assert "15位" in await caller.says("370899500315902")
    heard = await caller.says("370899209903159025")
    assert "先不核对" in heard
    assert "再报一遍" not in heard, "not a third time"
    assert "验证码" in await caller.says("３７０８９９１９５００３１５９０２８"), "full-width digits"


async def test_half_a_number_is_kept_and_not_asked_for_a_third_time(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    assert "还差12位" in await caller.says("370899")
    heard = await caller.says("1950")
    assert "还差8位" in heard
    assert "请接着" not in heard
    assert "请再" not in heard
    assert caller.last is not None
    assert {"先不查了", "我是问政策"} <= {button.title for button in caller.last.replies[-1].buttons}
    assert "验证码" in await caller.says("03159028"), "the rest is taken all the same"


async def test_a_number_found_later_goes_on_with_what_was_wanted(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "俺糖尿病，给俺办慢特病")
    assert "不要紧" in await elder.says("俺不识字，号背不下来")
    heard = await elder.wants("prove_identity", "儿子念的，370899195003159028")
    assert "验证码" in heard
    assert "糖尿病" in await elder.says(CODE)


async def test_who_has_no_more_digits_is_let_go_and_a_whole_number_begins_anew(office: Office) -> None:
    caller = office.caller()
    await caller.wants("query_mine", "查余额")
    await caller.says("370899")
    assert "不要紧" in await caller.says("就这些了")
    assert "验证码" in await caller.says("370899195003159028")


async def test_x_by_the_star_key(office: Office) -> None:
    daughter = office.caller("phone")
    await daughter.wants("query_mine", "查余额")
    await daughter.says("37089919751120906*")
    assert "2318.66元" in await daughter.says(CODE)


async def test_three_wrong_codes_lock_and_offer_a_person(office: Office) -> None:
    lockee = office.caller("phone")
    await lockee.wants("query_mine", "查参保状态")
    await lockee.says(people()["lockee"]["id_number"])
    assert "还可以再试2次" in await lockee.says("111111")
    assert "还可以再试1次" in await lockee.says("222222")
    assert "转人工" in await lockee.says("333333")
    assert lockee.last is not None
    assert lockee.last.offer_person
    await lockee.wants("query_mine", "查参保状态")
    assert "停半小时" in await lockee.says(people()["lockee"]["id_number"])
    assert "泗水" in await _status(office, "lockee"), "who knows the number locks themselves, not its owner"
    office.clock.passes(minutes=31)
    await lockee.wants("query_mine", "查参保状态")
    assert "泗水" in await lockee.proves("lockee")


async def _status(office: Office, who: str) -> str:
    caller = office.caller()
    await caller.wants("query_mine", "查我的参保状态")
    return await caller.proves(who)


async def test_who_does_not_exist_hears_what_everybody_hears(office: Office) -> None:
    known, unknown = office.caller(), office.caller()
    heard = []
    for caller, number in ((known, people()["target"]["id_number"]), (unknown, "370899195110059014")):
        await caller.wants("query_mine", "查余额")
        heard.append(re.sub("尾号[0-9]{2}", "尾号..", await caller.says(number)))
    assert heard[0] == heard[1]
    assert await unknown.says("000000") == await known.says("000000")


async def test_proof_holds_for_the_conversation_and_ends_with_it(office: Office) -> None:
    elder = office.caller()
    await elder.wants("query_mine", "查余额")
    await elder.proves("elder")
    assert "冠心病" in await elder.wants("query_mine", "我的慢病资格批了没")
    await office.parts.errands.leave(elder.conversation)
    assert "身份证号" in await elder.wants("query_mine", "查余额")


async def test_every_kind_of_query(office: Office) -> None:
    for who, question, told in (
        ("mover", "我转医保办到哪一步了", "12月1日"),
        ("grandpa", "我的备案还有效没", "长期有效"),
        ("mother", "我的余额", "没有个人账户"),
        ("mother", "我今年的钱交上了没", "2026年，共430元"),
        ("worker", "我的备案", "没有"),
        ("worker", "查我的报销结算", "苏州市，苏州大学附属第一医院，一共3568元，医保付了2140.80元"),
        ("grandpa", "查查在北京异地结算的记录", "北京市"),
        ("son", "查我的结算", "没有"),
    ):
        caller = office.caller()
        await caller.wants("query_mine", question)
        assert told in await caller.proves(who), question


async def test_a_whole_filing_with_a_correction_and_a_question_in_the_middle(office: Office) -> None:
    elder = office.caller()
    assert "三种" in await elder.wants("file_item", "我要办异地备案")
    assert "身份证号" in await elder.says("长期住在外地的")
    heard = await elder.proves("elder")
    assert "要问您3件事" in heard
    assert "居住证" in heard
    assert "哪个城市" in heard
    assert await elder.says("备案能管几年啊", "ask_policy") == "—", "a question is not an answer"
    assert "北京市" in await elder.says("俺在北京跟着闺女住")
    assert "2026年5月3日" in await elder.says("五月三号")
    assert "2026年6月3日" in await elder.says("不对，是6月")
    assert "承诺" in await elder.says("19900000001")
    assert "明确" in await elder.says("嗯")
    summary = await elder.says("同意")
    assert "北京市" in summary
    assert "2026年6月3日" in summary
    assert "明确" in await elder.says("嗯嗯")
    done = await elder.says("对，提交")
    assert "GD20261120-0001" in done
    assert "11月24日前联系您" in done
    assert (await office.messages("elder"))[-1].count("GD20261120-0001") == 1
    assert await office.parts.to_core.hand_over() == 1
    assert await office.parts.to_core.hand_over() == 0
    assert "GD20261120-0001" in await elder.wants("query_mine", "我办的事办到哪了")


async def test_a_dropped_call_is_taken_up_again_after_proof(office: Office) -> None:
    first = office.caller("phone")
    await first.wants("file_item", "俺要报销药费")
    await first.proves("elder")
    await first.says("在徐州看的")
    await first.says("徐州市中心医院")
    await office.parts.errands.leave(first.conversation)
    again = office.caller("phone")
    await again.wants("resume_errand", "接着上回的办")
    heard = await again.proves("elder")
    assert "办到一半" in heard
    assert "哪天看的病" in heard


async def test_the_daughter_files_for_her_mother_by_the_code_of_the_mothers_phone(office: Office) -> None:
    daughter = office.caller("wechat")
    await daughter.wants("file_item", "给俺娘办慢病认定")
    heard = await daughter.proves("daughter")
    assert "得本人先授权" in heard
    assert "登记过手机的话" in await daughter.says(people()["mother"]["id_number"])
    assert "陈**想帮您办理：门诊慢特病资格认定" in (await office.messages("mother"))[0]
    heard = await daughter.says(CODE)
    assert "授权好了" in heard
    assert "刘**" in heard
    assert "高血压" in await daughter.says("高血压")
    await daughter.says("邹城市人民医院")
    summary = await daughter.says("19900000003")
    assert "替刘**办理" in summary
    assert "直接发到这里" in await daughter.says("提交")
    assert any("门诊慢特病资格认定" in text for text in await office.messages("mother"))


async def test_the_mothers_number_given_with_the_wish_is_not_asked_for_again(office: Office) -> None:
    daughter = office.caller()
    await daughter.wants("file_item", f"我要给我妈办门诊慢特病，她的身份证号{people()['elder']['id_number']}")
    heard = await daughter.proves("daughter")
    assert "验证码已经发过去了" in heard
    assert people()["elder"]["id_number"] not in heard
    assert CODE in (await office.messages("elder"))[0]
    assert "慢特病" in await daughter.says(CODE)


async def test_the_son_without_authorisation_learns_nothing(office: Office) -> None:
    """Not even whether there is such a person: a real one and an invented one are answered alike."""
    heard = []
    for who, number in (("son", people()["father"]["id_number"]), ("worker", "370899195110059014")):
        caller = office.caller()
        await caller.wants("query_mine", "查俺爹卡里还有多少钱")
        await caller.proves(who)
        told = [await caller.says(number), await caller.says("111111"), await caller.says("222222")]
        heard.append(told)
        assert "5210" not in "".join(told)
    assert heard[0] == heard[1]


async def test_the_principal_grants_lists_and_takes_back(office: Office) -> None:
    mother = office.caller()
    await mother.wants("authorise", "让俺闺女替我办事")
    assert "身份证号" in await mother.proves("mother")
    assert "办哪些事" in await mother.says(people()["daughter"]["id_number"])
    assert "到哪天" in await mother.says("全部")
    assert "2027年11月20日" in await mother.says("一年")
    assert "授权好了" in await mother.says("同意")
    daughter = office.caller()
    await daughter.wants("query_mine", "查俺妈的缴费")
    assert "430元" in await daughter.proves("daughter")
    assert "陈**能替您" in await mother.wants("query_mine", "谁能替我办，授权记录")
    assert "收回" in await mother.wants("revoke_authorisation", "收回授权")
    assert "马上失效" in await mother.says("对")
    assert "得本人先授权" in await daughter.wants("query_mine", "查俺妈的缴费")


async def test_an_authorisation_that_ran_out_in_the_middle(office: Office) -> None:
    mother, daughter = office.caller(), office.caller()
    await mother.wants("authorise", "授权")
    await mother.proves("mother")
    for said in (people()["daughter"]["id_number"], "全部", "今天", "同意"):
        await mother.says(said)
    await daughter.wants("file_item", "给俺妈办慢病")
    assert "哪种病" in await daughter.proves("daughter")
    office.clock.passes(hours=15)
    await daughter.wants("prove_identity", "核实身份")
    await daughter.proves("daughter")
    assert "得本人先授权" in await daughter.wants("file_item", "给俺妈办慢病")


async def test_later_back_and_never_mind(office: Office) -> None:
    worker = office.caller()
    await worker.wants("file_item", "我要申领生育津贴")
    await worker.proves("worker")
    await worker.says("今年八月二号")
    await worker.says("邹城市人民医院")
    assert "哪家医院" in await worker.says("上一步")
    assert "给您留着" in await worker.says("等会儿再说")
    assert "办到一半" in await worker.wants("file_item", "接着办生育津贴")
    assert "还是删掉" in await worker.says("算了不办了")
    assert "都删掉了" in await worker.says("删掉")
    assert "没有办到一半" in await worker.wants("resume_errand", "接着办")


async def test_a_promise_refused_leads_to_a_person(office: Office) -> None:
    worker = office.caller()
    await worker.wants("file_item", "办产前检查费")
    await worker.proves("worker")
    for said in ("济宁市妇幼保健院", "一千二百元", "19900000006"):
        await worker.says(said)
    assert "带证明材料到窗口" in await worker.says("不同意")
    assert worker.last is not None
    assert worker.last.offer_person


async def test_bad_answers_get_a_sentence_each(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "报销药费")
    await elder.proves("elder")
    await elder.says("在徐州")
    assert "不认识的符号" in await elder.says("<script>alert(1)</script>医院")
    await elder.says("徐州市中心医院")
    assert "公历" in await elder.says("初八那天")
    assert "还没到" in await elder.says("下月初八"), "the lunar month after this one"
    assert "还没到" in await elder.says("2027年1月3日")
    await elder.says("今年十月二号")
    assert "准数" in await elder.says("三千多块吧")
    assert "3865.20元" in await elder.says("三千八百六十五块二")
    assert "字母" in await elder.says("1990000000a")


async def test_handed_in_already_is_said_and_not_done_twice(office: Office) -> None:
    for is_second in (False, True):
        caller = office.caller()
        await caller.wants("file_item", "我要把医保转回济宁来")
        heard = await caller.proves("son")
        if is_second:
            assert "已经提交过了" in heard
            return
        for said in ("转进来", "徐州", "二零二五年九月", "19900000005"):
            await caller.says(said)
        done = await caller.says("提交")
        assert "15个工作日" in done
        assert "12月11日" in done


async def test_a_line_gone_dead_in_a_filing_becomes_one_ticket_to_call_back(office: Office) -> None:
    for _ in range(2):
        caller = office.caller("phone")
        await caller.wants("file_item", "俺要报销药费")
        await caller.proves("elder")
        await caller.says("在徐州看的")
        await office.parts.errands.hung_up(caller.conversation)
    [ticket] = await office.parts.progress.of_person(office.vault.lookup(people()["elder"]["id_number"]))
    assert ticket.kind == "回电"
    polite = office.caller("phone")
    await polite.wants("file_item", "我要办慢特病")
    await polite.proves("worker")
    await polite.says("高血压")
    await polite.says("等会儿再说")
    await office.parts.errands.hung_up(polite.conversation)
    assert await office.parts.progress.of_person(office.vault.lookup(people()["worker"]["id_number"])) == []


async def test_a_catalogue_that_is_not_offered_is_said_without_asking_who(office: Office) -> None:
    caller = office.caller()

    async def lacks(name: str) -> None:
        return None

    office.core.drugs = lacks  # type: ignore[method-assign]
    assert await office.parts.errands.drug(caller.conversation, "web", "阿莫西林在不在目录里") is None
    assert "还不提供" in await caller.wants("query_mine", "查药品目录")
    assert caller.last is not None
    assert caller.last.offer_person


async def test_a_drug_that_is_named_is_looked_up_at_once(office: Office) -> None:
    caller = office.caller()
    for said in ("查查阿莫西林在不在目录里", "医保目录里有没有阿莫西林胶囊"):
        told = await office.parts.errands.drug(caller.conversation, "web", said)
        assert told is not None, said
        assert "阿莫西林（口服常释剂型），甲类" in told.replies[0].text
    assert await office.parts.errands.drug(caller.conversation, "web", "慢病门诊在不在目录里") is None
    assert "请说药名" in await caller.wants("query_mine", "查药品目录")
    assert "甘精胰岛素（注射剂），乙类" in await caller.says("甘精胰岛素")


async def test_who_is_not_understood_again_and_again_is_shown_another_way_each_time(office: Office) -> None:
    elder = office.caller("phone")
    await elder.wants("query_mine", "查余额")
    heard = []
    for _ in range(4):
        assert await elder.says("嘟噜嘟噜") == "—"
        heard.append("".join(reply.to_say for reply in await office.parts.errands.misheard(elder.conversation)))
    assert "按键" in heard[1]
    assert "转人工" in heard[2]
    assert "转人工" in heard[3]
    assert ["身份证号" in words for words in heard] == [True, False, False, False], "never the same a third time"
    await elder.says("370899195003159028")
    first = await office.parts.errands.misheard(elder.conversation)
    assert first[0].to_say == "我没听明白。", "an answer that was understood begins the count anew"


async def test_an_answer_that_is_refused_three_times_leads_to_a_person(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要办门诊慢特病")
    await elder.proves("elder")
    await elder.says("高血压")
    heard = [await elder.says("俺村头那家") for _ in range(3)]
    assert all("医院的全名" in words for words in heard)
    assert ["转人工" in words for words in heard] == [False, False, True]
    assert "手机号" in await elder.says("邹城市人民医院"), "and it can still be said"


async def test_an_open_question_is_not_read_out_after_proof_has_ended(office: Office) -> None:
    elder = office.caller()
    await elder.wants("file_item", "我要办门诊慢特病")
    await elder.proves("elder")
    await elder.says("高血压")
    assert "医院" in (await office.parts.errands.asking(elder.conversation))[-1].text
    await office.parts.identity.end(elder.conversation)
    again = await office.parts.errands.asking(elder.conversation)
    assert "身份证号" in again[-1].text
    heard = await elder.proves("elder")
    assert "医院" in heard, "and afterwards it goes on where it stood"


async def test_a_number_nobody_asked_for_is_noted_once(office: Office) -> None:
    elder = office.caller()
    heard = await elder.wants("prove_identity", people()["elder"]["id_number"])
    assert "先记下" in heard
    assert [reply.text for reply in await office.parts.errands.asking(elder.conversation)] == [
        heard.split("不外传。")[1]
    ]
