"""Words that several pages show: fields, choices, and what is said after something was done."""

from __future__ import annotations

from datetime import date

from knowledge.content import ELEMENTS

DONE = {
    "saved": "已保存为草稿，还没有发布。",
    "submitted": "已提交，等另一位同事审核。",
    "taken_back": "已撤回提交，可以继续修改。",
    "approved": "已通过并发布，几秒钟后电话和网上都按新的内容答复。",
    "half_approved": "已记下您的同意，还需要一位同事同意才会发布。",
    "rejected": "已退回，退回的理由作者看得到。",
    "unpublished": "已撤下，几秒钟后不再用它答复。",
    "discarded": "草稿已放弃。",
    "rolled_back": "已用旧版本的内容新建一份草稿，提交并通过审核后生效。",
    "imported": "文件和条款已存为草稿，请核对后提交审核。",
    "restored": "知识库已按文件导入。",
    "staff_added": "已新增人员。",
    "staff_changed": "已修改人员。",
    "password_changed": "密码已修改，请重新登录。",
    "password_set": "密码已重设。",
    "tested": "已按现在的知识重新试答。",
}
"""The code travels in the address (?done=saved); an unknown one shows nothing."""

CHANNELS = {"phone": "电话", "wechat": "微信", "web": "网页"}
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
    **ELEMENTS,
}


def week_words(week: str) -> str:
    """2026-W47 → 11月16日, the Monday it begins with."""
    year, _, number = week.partition("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return f"{monday.month}月{monday.day}日"
