"""Words that several pages show: states, kinds, and what is said after something was done."""

from __future__ import annotations

STATUS: dict[str, str] = {
    "draft": "草稿",
    "submitted": "待审核",
    "approved": "已通过",
    "published": "已发布",
    "rejected": "已退回",
    "withdrawn": "已撤下",
}

DONE = {
    "saved": "已保存为草稿，还没有发布。",
    "submitted": "已提交，等另一位同事审核。",
    "taken_back": "已撤回提交，可以继续修改。",
    "approved": "已通过并发布，几秒钟后电话和网上都按新的内容答复。",
    "half_approved": "已记下您的同意，还需要一位同事同意。",
    "rejected": "已退回，退回的理由作者看得到。",
    "unpublished": "已撤下，几秒钟后不再用它答复。",
    "discarded": "草稿已删除。",
    "rolled_back": "已用旧版本的内容新建了一份草稿，提交并通过审核后生效。",
    "imported": "文件已经导入，请核对后提交审核。",
    "restored": "知识库已按文件导入。",
    "staff_added": "已新增人员。",
    "staff_changed": "已修改人员。",
    "password_changed": "密码已修改，请重新登录。",
    "password_set": "密码已重设。",
    "tested": "已按现在的知识重新试答。",
}
"""The code travels in the address (?done=saved); an unknown one shows nothing."""

CHANNELS = {"phone": "电话", "wechat": "微信", "web": "网页"}
