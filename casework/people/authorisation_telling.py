"""What principal and agent are told of an authorisation: by message to the phone, or by a letter in their WeChat."""

from __future__ import annotations

from datetime import date

from base.tenant import TENANT


def day(when: date) -> str:
    return f"{when.year}年{when.month}月{when.day}日"


def ask_message(agent: str, names: str, until: date, code: str) -> str:
    return (
        f"{TENANT.signed}{agent}想帮您办理：{names}，到{day(until)}为止。您同意的话，把验证码{code}告诉对方，10分钟内有效；"
        f"不同意就不要告诉任何人。随时可以打{TENANT.hotline}收回。"
    )


def ask_letter(agent: str, names: str, until: date, link: str, ends: str) -> str:
    return (
        f"{agent}想替您办理：{names}，到{day(until)}为止。\n"
        f"您认识、也同意的话，点开下面的网址，按“同意”；不同意就按“不同意”，不理会也行。\n{link}\n"
        f"{ends}以前有效。短信里的验证码也能用，两样办一样就行。"
    )


def agreed_letter(principal: str, names: str, until: date) -> str:
    return f"{principal}同意了：您可以替本人办理{names}，到{day(until)}为止。\n回复“好了”，咱们接着办。"


def granted_letter(principal: str, names: str, until: date) -> str:
    return f"{principal}授权您帮忙办理：{names}，到{day(until)}为止。要办的时候，在这里跟我说就行。"


def granted_message(names: str, until: date) -> str:
    told = f"您已授权家人帮您办理：{names}，到{day(until)}为止。不是您本人授权的，请马上拨打{TENANT.hotline}收回。"
    return f"{TENANT.signed}{told}"


def told_message(principal: str, names: str, until: date) -> str:
    return f"{TENANT.signed}{principal}授权您帮忙办理：{names}，到{day(until)}为止。"


def revoked_message(agent: str, *, by_agent: bool) -> str:
    if by_agent:
        return f"{agent}不再替您代办了，您给{agent}的授权已经取消，马上失效。"
    return f"您给{agent}的代办授权已经收回，马上失效。不是您本人收回的，请马上拨打{TENANT.hotline}。"


def lost_message(principal: str, *, by_agent: bool) -> str:
    if by_agent:
        return f"您已取消替{principal}代办的授权，马上失效。不是您本人取消的，请马上拨打{TENANT.hotline}。"
    return f"{principal}给您的代办授权已经收回，您不能再替对方查询、办事了。"
