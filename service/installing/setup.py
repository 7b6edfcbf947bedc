"""Setting up: from a fresh checkout to everything that `service.app` needs. A step whose inputs stayed is skipped."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError
from rich.console import Console

from base.errors import SetupError
from base.settings import ROOT, SECRETS_FILE, Settings
from bot import engine
from service.installing import compiled, machine
from service.installing.setup_steps import Report, Step, Steps

RASA_VENV = ROOT / ".venv-rasa"
STAMPS = ROOT / "var" / "stamps"
_UV = Path(sys.executable).with_name("uv")
_REQUIREMENTS, _RASA_REQUIREMENTS = ROOT / "requirements.txt", ROOT / "bot" / "requirements.txt"
PROGRAM = tuple(
    ROOT / name
    for name in ("base", "bot", "casework", "connectors", "demo", "knowledge", "language", "service", "staff", "voice")
)


def set_up(console: Console, *, phone: bool, tests: bool) -> None:
    """Run every step that is due. Raises SetupError with what to do."""
    programs = machine.PROGRAMS | (machine.PHONE_PROGRAMS if phone else {}) | (machine.TEST_PROGRAMS if tests else {})
    make_secrets()
    _steps(console).run(
        [
            Step("系统软件", lambda report: machine.ensure_programs(programs, report)),
            Step(
                "Rasa 的 Python 3.10 环境",
                _install_rasa,
                inputs=(_RASA_REQUIREMENTS,),
                outputs=(RASA_VENV / "bin" / "rasa",),
            ),
            Step("语音模型", _fetch_models),
            Step("数据库与政策文件", load_knowledge),
            training(),
            *compiling(),
            *([Step("Asterisk 电话交换机", _fetch_asterisk)] if phone else []),
        ]
    )


def train(console: Console) -> None:
    """The engine's model alone, if one of its inputs changed. Raises SetupError."""
    _steps(console).run([training()])


def _steps(console: Console) -> Steps:
    return Steps(STAMPS, console)


def training() -> Step:
    """Done while the model is that of the training data as they are."""
    return Step("训练对话模型", _train, inputs=tuple(engine.training_inputs()), outputs=(engine.MODEL,))


def compiling() -> list[Step]:
    """The environments once, the program whenever one of its modules changed."""
    return [
        Step("预编译依赖", lambda report: _compile(()), inputs=(_REQUIREMENTS, _RASA_REQUIREMENTS)),
        Step("预编译程序", lambda report: _compile(PROGRAM), inputs=_own_modules()),
    ]


def make_secrets() -> None:
    """Random secrets for this machine, once, unless they are given: in a bureau they stand in `.env`, and a second
    data key lying about would be taken for the one that matters."""
    if SECRETS_FILE.exists() or _are_given():
        return
    SECRETS_FILE.parent.mkdir(parents=True, exist_ok=True)
    names = ("DATA_KEY", "RASA_TOKEN", "ACTION_TOKEN", "ARI_PASSWORD", "AGENT_PASSWORD")
    with open(os.open(SECRETS_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.writelines(f"YIBAO_{name}={secrets.token_hex(32)}\n" for name in names)


def _are_given() -> bool:
    try:
        Settings()  # type: ignore[call-arg]  # whether they come from elsewhere is the question
    except ValidationError:
        return False
    return True


def _install_rasa(report: Report) -> None:
    python = machine.find_python310(_UV)
    report(str(python))
    _run([_UV, "venv", "-q", "--clear", "--python", python, RASA_VENV])
    report("下载并安装约 2.5 GB 的依赖")
    _run([_UV, "pip", "sync", "-q", "--require-hashes", "--python", RASA_VENV / "bin" / "python", _RASA_REQUIREMENTS])


def _fetch_models(report: Report) -> None:
    from voice import models

    models.ensure(models.default_cache_dir(), report)


def load_knowledge(report: Report) -> None:
    """Bring the database to the newest schema and import the knowledge files if they changed."""
    from alembic import command
    from alembic.config import Config

    from base.database import Database
    from base.settings import make_private
    from knowledge.authoring.importing import import_seed

    settings = Settings()  # type: ignore[call-arg]  # secrets come from the file just made

    async def load() -> None:
        database = Database(settings.database)
        try:
            await import_seed(database, report)
        finally:
            await database.aclose()

    make_private(settings.var_dir)
    report("建表")
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["database_url"] = settings.database
    command.upgrade(config, "head")
    asyncio.run(load())


def _train(report: Report) -> None:
    report("约半分钟到一分钟")
    _run(engine.train_command(RASA_VENV), environment=engine.environment())


def _compile(folders: Sequence[Path]) -> None:
    for python in (Path(sys.executable), RASA_VENV / "bin" / "python"):
        _run([python, Path(compiled.__file__), *folders])


def _own_modules() -> tuple[Path, ...]:
    return tuple(sorted(path for folder in PROGRAM for path in folder.rglob("*.py")))


def _fetch_asterisk(report: Report) -> None:
    from connectors.phone import tree

    tree.get_asterisk(report)


def _run(argv: Sequence[Path | str], environment: dict[str, str] | None = None) -> None:
    """Run a program to its end; its output is kept from the screen and shown when it fails."""
    done = subprocess.run(
        [str(part) for part in argv],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise SetupError(f"没有成功：{' '.join(str(part) for part in argv)}\n{tail}")
