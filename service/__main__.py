"""`python -m service`: run it, set it up, or both for the demo."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from base.clock import utc_now
from base.errors import SetupError
from service.commands import person_command, staff_command

if TYPE_CHECKING:
    from service.app import Ready

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="医保热线服务")
app.add_typer(staff_command.app, name="staff")
app.add_typer(person_command.app, name="person")
console = Console()
SOFTPHONE_PORT = 5090
"""Where the demo answers a SIP phone of this machine without a PBX."""
Phone = Annotated[str, typer.Option(help="none 不接电话；asterisk 自带 Asterisk；ari 接入已有的 Asterisk")]


@app.command()
def run() -> None:
    """运行服务（设置见 docs/settings.md）。"""
    _run()


@app.command()
def setup(
    phone: Phone = "none", tests: Annotated[bool, typer.Option("--tests", help="连同测试所需的软件")] = False
) -> None:
    """装好运行所需的一切；没有变化的步骤会跳过。"""
    _set_up(phone, tests)


@app.command()
def check() -> None:
    """看设置、模型、数据库、日历、时钟有没有问题；有错时退出码为 1。"""
    from base.settings import Settings
    from service.commands import check as checks

    settings = Settings()  # type: ignore[call-arg]  # required ones come from the environment
    found = asyncio.run(checks.check(settings, utc_now(), checks.clock_is_synchronised))
    for finding in found:
        console.print(f"{finding.level.value} {finding.words}", highlight=False, markup=False, soft_wrap=True)
    if any(finding.level is checks.Level.ERROR for finding in found):
        sys.exit(1)


@app.command()
def engine() -> None:
    """只运行对话引擎（另一个用户、没有网络；见 deploy/systemd）。"""
    from base import logs
    from service.wiring.engine import EngineSettings
    from service.wiring.engine import run as run_engine

    settings = EngineSettings()  # type: ignore[call-arg]  # required ones come from the environment
    logs.set_up("info", None)
    asyncio.run(run_engine(settings))


@app.command()
def load() -> None:
    """建表（或升级）并导入政策文件；setup 已包含这一步。"""
    from service.installing.setup import load_knowledge

    load_knowledge(console.print)


@app.command()
def demo(phone: Phone = "none") -> None:
    """装好一切并以演示模式运行。"""
    os.environ.setdefault("YIBAO_DEMO", "1")
    os.environ["YIBAO_PHONE"] = phone
    os.environ.setdefault("YIBAO_SOFTPHONE_PORT", str(SOFTPHONE_PORT))
    _refuse_what_is_wrong()
    _set_up(phone, tests=False)
    _run()


@app.command()
def models() -> None:
    """下载官方中文 Vosk 模型（需要互联网）。"""
    from voice.vosk_models import ensure_vosk_chinese

    with console.status("下载中文 Vosk 模型 …"):
        ensure_vosk_chinese(console.print)


@app.command()
def backup(to: Annotated[Path, typer.Argument(help="备份写到哪个文件，如 /backup/yibao.tar")]) -> None:
    """备份数据库和群众交的材料（服务可以在运行）。"""
    from base.settings import Settings
    from service.commands.backup import back_up

    size = back_up(Settings(), to)  # type: ignore[call-arg]  # required ones come from the environment
    console.print(f"备份好了：{to}（{size / 1e6:.1f} MB）。数据密钥不在里面，另存。", highlight=False)


@app.command()
def restore(source: Annotated[Path, typer.Argument(help="备份文件")]) -> None:
    """从备份恢复到空目录（服务要先停）。"""
    from base.settings import Settings, make_private
    from service.commands.backup import restore as bring_back

    settings = Settings()  # type: ignore[call-arg]  # required ones come from the environment
    make_private(settings.var_dir)
    count = bring_back(settings, source)
    console.print(f"恢复好了：数据库和 {count} 份材料。再运行一次 python -m service setup，然后启动。", highlight=False)


@app.command("wechat-menu")
def wechat_menu() -> None:
    """把公众号菜单设成程序里的样子。"""
    from base.settings import Settings
    from service.wiring.wechat import push_menu

    asyncio.run(push_menu(Settings()))  # type: ignore[call-arg]  # required ones come from the environment
    console.print("公众号菜单已设好。")


def _set_up(phone: str, tests: bool) -> None:
    from service.installing.setup import set_up

    set_up(console, phone=phone == "asterisk", tests=tests)


def _refuse_what_is_wrong() -> None:
    """Before minutes of setting up: settings that a demo refuses anyway."""
    from base.settings import Settings
    from service.watching import safeguards

    unmade = dict.fromkeys(("data_key", "rasa_token", "action_token"), "0" * 64)  # made while setting up; not looked at
    with suppress(ValidationError):  # which `_run` explains
        safeguards.check(Settings.model_validate(unmade))


def _run() -> None:
    from base import collector

    collector.rest()
    from base import logs
    from base.settings import Settings, make_private
    from service.app import run as run_service

    settings = Settings()  # type: ignore[call-arg]  # required ones come from the environment
    make_private(settings.var_dir)
    logs.set_up(settings.log_level, settings.var_dir / "log" / "service.log")
    status = console.status("正在启动：装载模型和对话引擎，约半分钟 …")

    def on_ready(ready: Ready) -> None:
        status.stop()
        _welcome(ready, demo=settings.demo)

    status.start()
    try:
        asyncio.run(run_service(settings, on_ready))
    finally:
        status.stop()
    console.print("已停止。")


def _welcome(ready: Ready, *, demo: bool) -> None:
    ask = '{"sender":"me","message":"俺在北京跟着闺女住，看病用不用先备案"}'
    dial = " 或 ".join(filter(None, (ready.phone, ready.softphone)))
    phone = f"任何 SIP 电话拨 {dial}" if dial else "没有开通（make demo PHONE=asterisk）"
    rows = {
        "网页": f"{ready.url}  打字问，或点“按这里，说话提问”",
        "电话": phone,
        "微信": ready.wechat or "没有接公众号（见 docs/connect-wechat.md）",
        "接口": f"curl -s {ready.url}webhooks/rest/webhook -H 'Content-Type: application/json' -d '{ask}'",
        "试着问": "俺在北京跟着闺女住，看病用不用先备案 · 那济南呢 · 哪个文件说的 · 转人工",
        "后台": f"{ready.url}console" + ("  演示账号在 var/demo_staff.txt" if demo else ""),
        "引擎": f"识别 {ready.recogniser}；合成 {ready.synthesiser}",
    }
    console.rule("医保热线已经可以答复")
    for name, value in rows.items():
        console.print(f"[bold]{name}[/]\t{value}", soft_wrap=True, highlight=False)
    console.rule("Ctrl-C 停止")


def main() -> None:
    """Errors that a person can mend are told as a sentence, not as a traceback."""
    try:
        app(standalone_mode=False)
    except SetupError as error:
        console.print(f"[red]✗[/] {error}", highlight=False)
        sys.exit(1)
    except ValidationError as error:
        for problem in error.errors():
            name = "YIBAO_" + "_".join(str(part) for part in problem["loc"]).upper()
            console.print(f"[red]✗[/] 设置 {name}：{problem['msg']}（见 docs/settings.md）", highlight=False)
        sys.exit(1)
    except PermissionError as error:
        where = error.filename or "需要的文件"
        console.print(
            f"[red]✗[/] 当前用户（{getuser()}）读不了或写不了 {where}：要用运行服务的那个用户。", highlight=False
        )
        sys.exit(1)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)


if __name__ == "__main__":
    main()
