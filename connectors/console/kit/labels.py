"""Chinese labels that several pages of the console share: names of fields and choices, and the sentence shown after a
button has done something (`DONE`)."""

from __future__ import annotations

from datetime import date

from knowledge.authoring.content import ELEMENTS

DONE = {
    "saved": "已保存为草稿，还没有发布。",
    "not_submitted": "已保存为草稿，但是没有提交：先处理下面的问题。",
    "submitted": "已提交，等另一位同事审核。",
    "taken_back": "已撤回提交，可以继续修改。",
    "approved": "已通过并发布，几秒钟后电话和网上都按新的内容答复。",
    "approved_gaps": "已通过并发布，打勾的“没有写”也撤下了；几秒钟后电话和网上都按新的内容答复。",
    "gaps_taken": "打勾的已经撤下，几秒钟后按文件答复。",
    "waits_for_others": "已记下您的同意。等和它有关的内容也同意了，会一起发布；也可以打开它，在发布时撤下失效的答复。",
    "half_approved": "已记下您的同意，还需要一位同事同意才会发布。",
    "rejected": "已退回，退回的理由作者看得到。",
    "unpublished": "已撤下，几秒钟后不再用它答复。",
    "faq_same": "表里没有改动，什么都没有变。",
    "discarded": "草稿已放弃；已经公布的内容没有变，照常答复。",
    "rolled_back": "已用旧版本的内容新建一份草稿，提交并通过审核后生效。",
    "reissued": "新版本已存为草稿，还没有发布；发布以前仍按原来的内容答复。",
    "imported": "文件和条款已存为草稿，请核对后提交审核。",
    "restored": "知识库已按文件导入。",
    "point_added": "已新增服务点，网页上马上就有。",
    "point_changed": "已修改服务点，网页上马上就变。",
    "point_deleted": "已删除服务点。",
    "staff_added": "已新增人员。",
    "staff_changed": "已修改人员。",
    "staff_changed_with_tickets": "已修改人员。他手里还有没办结的工单，请主管在“工作量”里看，并指派给别的同事。",
    "password_changed": "密码已修改，请重新登录。",
    "password_set": "密码已重设，本人下次登录时必须换掉；动态码也取消了。",
    "second_factor_on": "动态码已开通，下次登录起要填。",
    "second_factor_off": "动态码已取消。",
    "duties_saved": "责任人已保存，以后每个月的工作配档表都会填好。",
    "fixed_changed": "常用语已改，同事马上就能用。",
    "asked_ignored": "不再列出，以后有人这样问也不列；在“不用答的”里可以恢复。",
    "asked_shown": "已恢复，重新列在这里。",
    "asked_assigned": "已交给同事，在他的“交给我的”里。",
    "asked_merged": "已合并成一类，以后这样问的都归在一起。",
    "tested": "已按现在的知识重新试答。",
    "taken": "已接单，由您负责到底；确实办不了的，移交给同事并等对方接受。",
    "offered": "已请同事接手，对方接受以前仍由您负责。",
    "offer_withdrawn": "已撤回移交。",
    "accepted": "已接受移交，从现在起由您负责。",
    "declined": "已退回移交，仍由原来的同事负责。",
    "assigned": "已指派。",
    "noted": "已记录。",
    "entered": "已记下：这个决定在核心系统里手工登记过了。",
    "called_back": "已记下回访。期限改为整改的最后一天，整改好了再办结。",
    "dispatched": "已转办，对方接单以后由对方负责。",
    "returned": "已退单，回到市本级，等人接。",
    "extension_asked": "已申请延期，主管同意以前仍按原来的期限。",
    "extension_answered": "已答复延期申请。",
    "merged": "已并单，这一件不再单独办。",
    "supervised": "已督办，标成紧急。",
    "labelled": "标签已改。",
    "closed": "已办结。留了手机号码的，会告诉群众办理结果，请他评价。",
    "reopened": "已重新办理，期限重新计算。",
    "decided": "已决定，群众会收到通知。",
    "live_taken": "已接管。群众的话由您来答，助手不再开口；答完请交还助手，或者办结。",
    "live_given_back": "已交还助手，群众接着由助手答。",
    "live_on": "您已上线，要找人工的群众会等您接管。",
    "live_off": "您已下线。已经接管的对话仍由您答。",
    "supplement_asked": "已请群众补材料，等待的时间不算在期限里。",
}
"""The code travels in the address (?done=saved); an unknown one shows nothing."""

CHANNELS = {"phone": "电话", "wechat": "微信", "web": "网页"}
WAYS_IN = {**CHANNELS, "counter": "窗口", "letter": "来信"}
"""Of tickets, which staff register too."""
SPEAKERS = {"citizen": "群众", "user": "群众", "assistant": "热线", "bot": "热线", "agent": "工作人员"}
"""Who says what in a transcript."""
OUTCOMES = {
    "answered": "已答复",
    "low_confidence": "把握不大",
    "unclear": "没听明白",
    "declined": "答不上来",
    "handed_over": "转人工",
    "bad_rating": "差评",
}
"""What became of a question; statistics have a number for each, in this order."""
FAQ_KINDS = {"answer": "按文件答复", "gap": "文件没有写全，如实说明", "outside": "不归我们管，说明该找谁"}
ROLES = {"lead": "直接回答", "context": "补充说明"}
CONFIDENCES = {"high": "高", "medium": "中", "low": "低"}
USABLES = {"quote": "可以引用答复", "background": "只作背景", "no": "不能对群众说"}
GROUPS = {
    "staff": "工作人员新增",
    "remote": "异地就医",
    "chronic": "门诊慢特病",
    "elderly": "老年人服务",
    "services": "参保和办事",
    "zoucheng": "邹城",
    "jinan": "济南",
    "gaps": "文件没有写的",
    "outside": "不归医保管的",
}
CLAUSE_KINDS = {
    "measure": "措施",
    "section": "一般条款",
    "article": "条",
    "preamble": "开头说明",
    "principle": "原则",
    "standard_rule": "建设标准",
    "requirement": "工作要求",
    "duty": "职责",
    "contact": "联系方式",
    "service_list": "服务清单",
    "table_row": "表格里的一行",
    "fact": "外部资料转述",
}
AUDIENCES = {
    "elderly": "老年人",
    "insured": "参保人",
    "remote": "在外地看病的人",
    "chronic": "慢特病患者",
    "maternity": "生育人员",
    "newborn-family": "新生儿家庭",
    "employer": "用人单位",
    "provider": "医院和药店",
    "agency": "经办机构",
    "government": "政府部门",
}
FIELDS = {
    "title": "标题",
    "doc_no": "文号",
    "issuer": "发文机关",
    "issue_date": "发文日期",
    "jurisdiction": "适用地区",
    "status_note": "备注",
    "superseded_by": "被哪份文件替代",
    "valid_from": "生效日期",
    "valid_until": "失效日期",
    "document": "所属文件",
    "number": "编号",
    "kind": "种类",
    "heading": "小标题",
    "text": "正文",
    "tags": "标签",
    "audience": "适用人群",
    "caller_facing": "群众用得着",
    "searchable": "可直接用来答复",
    "path": "上级标题",
    "dropped": "新版本里不再有这一条",
    "group": "类别",
    "missing": "文件没有写的",
    "wordings": "群众的问法",
    "answers": "答复",
    "written": "书面答复",
    "spoken": "电话里怎么说",
    "more_spoken": "接着说",
    "quotes": "依据",
    "clause": "条款",
    "role": "作用",
    "name": "事项名称",
    "main_item": "主项",
    "aliases": "别的叫法",
    "value": "内容",
    "scope": "适用地区",
    "clauses": "依据的条款",
    "where": "在哪里办",
    "materials_waived": "可以不交的材料",
    "subject": "主题",
    "source_title": "出处",
    "published_on": "发布时间",
    "valid_for": "适用期间",
    "confidence": "可信程度",
    "usable": "可以怎么用",
    "note": "说明",
    "word": "统一说法",
    "variants": "群众的说法",
    "adds": "只多找一遍",
    "setting": "设置",
    **ELEMENTS,
}


def week_words(week: str) -> str:
    """2026-W47 → 11月16日, the Monday it begins with."""
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return f"{monday.month}月{monday.day}日"
