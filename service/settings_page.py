"""docs/settings.md, made from the settings themselves: `python -m service.settings_page > docs/settings.md`."""

from __future__ import annotations

import sys

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from base.settings import ROOT, Settings

_HEAD = """# 设置

都从环境变量（前缀 `YIBAO_`）或项目根目录的 `.env` 读取，启动时读一次。`make demo` 第一次运行时为演示随机生成密钥，
放在 `var/secrets.env`（仅本人可读）。本页由 `python -m service.settings_page` 生成，有测试保证与程序一致。

| 环境变量 | 说明 | 默认值 |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page as Markdown, one row a setting."""
    rows = [f"| `YIBAO_{name.upper()}` | {field.description} | {_default(name)} |" for name, field in _fields()]
    return _HEAD + "\n".join(rows) + "\n"


def _fields() -> list[tuple[str, FieldInfo]]:
    return list(Settings.model_fields.items())


def _default(name: str) -> str:
    default = Settings.model_fields[name].default
    if default is PydanticUndefined:
        return "（必填）"
    if isinstance(default, SecretStr):
        return "空"
    return f"`{str(default).replace(str(ROOT), '.')}`" if default != "" else "空"


if __name__ == "__main__":
    sys.stdout.write(page())
