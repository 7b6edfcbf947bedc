"""All settings, in one typed object, from environment variables prefixed YIBAO_ and an optional `.env`.

Read once at start by `service.__main__`; every part is handed what it needs. docs/settings.md lists them for
operators, and a test fails when one is missing there. Secrets have no working default: `python -m service setup`
makes random ones for the demo and keeps them in `var/secrets.env`, readable by its owner only.
"""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: data files that are part of the project are found below it."""

SECRETS_FILE = ROOT / "var" / "secrets.env"
"""What `python -m service setup` made for a demo."""

SETTINGS_FILES = (SECRETS_FILE, ROOT / ".env")
"""The later one wins."""


def make_private(var_dir: Path) -> None:
    """What this process and its children write from now on is its owner's only; the folder of all data is closed."""
    os.umask(0o077)
    var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    var_dir.chmod(0o700)


class Settings(BaseSettings):
    """One field per setting; the description is what docs/settings.md says of it."""

    model_config = SettingsConfigDict(env_prefix="YIBAO_", env_file=SETTINGS_FILES, extra="ignore", frozen=True)

    demo: bool = Field(False, description="演示模式：载入演示人员，开放 /dev/outbox")
    host: str = Field("127.0.0.1", description="服务监听地址")
    port: int = Field(8080, ge=1, le=65535, description="服务监听端口")
    var_dir: Path = Field(ROOT / "var", description="数据库、模型、语音、日志等运行数据所在目录")
    trusted_proxies: str = Field(
        "127.0.0.1, ::1",
        description="本服务前面的反向代理（地址或网段，逗号分隔）；只信它们写的 X-Forwarded-For",
    )
    database_url: str = Field("", description="数据库地址（SQLAlchemy 异步格式）；空则用 var_dir 下的 SQLite")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="日志级别")

    data_key: SecretStr = Field(description="个人信息加密密钥：32 字节的十六进制")
    rasa_url: str = Field("http://127.0.0.1:5005", description="Rasa 引擎地址（只应在本机）")
    rasa_token: SecretStr = Field(description="访问 Rasa 的令牌")
    action_token: SecretStr = Field(description="Rasa 回调 /actions 的令牌")
    start_rasa: bool = Field(True, description="由本服务启动并看护 Rasa；多机部署时另行启动则设为 false")
    redis_url: SecretStr = Field(
        SecretStr(""),
        description="几个对话引擎共用的 Redis（redis://…，不在本机用 rediss://…）；空则只有一个引擎，对话记在它的内存里",
    )
    dialogue_timeout_seconds: float = Field(6.0, gt=0, description="等待对话引擎回答的最长秒数")

    public_url: str = Field(
        "", description="群众打开本服务的网址（https://…），短信里的评价、交材料链接用；空为本机地址"
    )
    sms_url: str = Field("", description="短信网关地址（见 docs/deploy.md）；演示模式不发短信，看 /dev/outbox")
    sms_token: SecretStr = Field(SecretStr(""), description="访问短信网关的令牌")

    tenant: Path = Field(
        ROOT / "tenant.yaml", description="本单位的文件：城市、热线号码、短信签名、县区（`base/tenant.py`）"
    )

    core_url: str = Field(
        "", description="医保业务系统的接口地址（见 docs/connect-core.md）；空则用内置演示库（仅演示模式）"
    )
    core_token: SecretStr = Field(SecretStr(""), description="访问医保业务系统的令牌；填了 core_url 时必填")
    core_timeout_seconds: float = Field(
        4.0, ge=0.5, le=4.0, description="一次查询连同重试最长等几秒；对话动作一共只有 5 秒"
    )

    recogniser: Literal["auto", "vosk", "whisper"] = Field("auto", description="语音识别引擎；auto 按已有模型选择")
    synthesiser: Literal["auto", "kokoro", "pyttsx3"] = Field("auto", description="语音合成引擎；auto 按已有模型选择")
    voice: str = Field("zf_xiaoxiao", description="Kokoro 的普通话音色")
    pace: float = Field(0.95, ge=0.5, le=1.5, description="正常语速倍数；1.0 为引擎原速")
    max_calls: int = Field(8, ge=1, description="同时接听的通话数；超过时请来电人稍后再拨")

    # What a turn ends after; voice/end_of_turn.py chooses among them and says how they were measured.
    turn_surely_seconds: float = Field(0.36, ge=0.1, le=3, description="一句话显然说完了，静默多少秒后作答")
    turn_likely_seconds: float = Field(0.8, ge=0.1, le=3, description="多半说完了，静默多少秒后作答")
    turn_open_seconds: float = Field(
        1.3, ge=0.1, le=5, description="说没说完拿不准，或者要办成一件事，静默多少秒后作答"
    )
    turn_unfinished_seconds: float = Field(1.6, ge=0.1, le=5, description="停在“那个……”“我妈在……”上，静默多少秒后作答")
    turn_number_seconds: float = Field(2.5, ge=0.1, le=8, description="号码念到一半，静默多少秒后作答")
    turn_sure_verdict: float = Field(0.95, ge=0, le=1, description="话轮模型给到多少分算“显然说完了”")
    turn_likely_verdict: float = Field(0.5, ge=0, le=1, description="话轮模型给到多少分算“多半说完了”")

    longest_call_seconds: int = Field(7200, ge=60, description="一次通话最长秒数：快到时先道别，到点由 Asterisk 挂断")

    phone: Literal["none", "asterisk", "ari"] = Field(
        "none", description="电话接入：none 不接；asterisk 由本服务启动自带的 Asterisk；ari 接入已有的 Asterisk"
    )
    ari_url: str = Field("http://127.0.0.1:18088", description="Asterisk ARI 的 HTTP 地址")
    ari_user: str = Field("yibao", description="ARI 用户名")
    ari_password: SecretStr = Field(SecretStr(""), description="ARI 密码；phone=ari 时必填")
    agent_password: SecretStr = Field(
        SecretStr(""), description="坐席话机在自带 Asterisk 上注册（用户名 agent1）的口令；空则每次随机，谁也注册不了"
    )
    sip_port: int = Field(5080, ge=1, le=65535, description="自带 Asterisk 的 SIP 端口（UDP，本机）")
    rtp_port: int = Field(20000, ge=1024, le=64000, description="自带 Asterisk 的第一个语音端口，共用 1000 个（UDP）")

    softphone_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="不用电话交换机，由本服务自己接 SIP 电话的端口（UDP，本机）；0 不接，`make demo` 用 5090",
    )

    wechat_appid: str = Field(
        "", description="公众号 AppID；空则不接微信（演示模式用演示号，见 docs/connect-wechat.md）"
    )
    wechat_secret: SecretStr = Field(SecretStr(""), description="公众号 AppSecret，换取 access_token 用")
    wechat_token: SecretStr = Field(SecretStr(""), description="公众号“服务器配置”里的 Token")
    wechat_aes_key: SecretStr = Field(
        SecretStr(""), description="公众号“服务器配置”里的 EncodingAESKey（43 位）；空则只能用明文模式"
    )
    wechat_allow_plain: bool = Field(False, description="填了 EncodingAESKey 仍接受明文消息；安全模式下应为 false")
    wechat_api_base: str = Field("", description="微信接口地址；空为 https://api.weixin.qq.com（演示模式为模拟平台）")
    wechat_notice_template: str = Field("", description="办理进度订阅通知的模板 ID；空则只发文字")
    wechat_standin_port: int = Field(8081, ge=1, le=65535, description="演示模式下模拟微信平台的端口（本机）")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, listed: str) -> str:
        try:
            [ip_network(part.strip()) for part in listed.split(",") if part.strip()]
        except ValueError as error:
            raise ValueError("要写成 IP 地址或网段，用逗号分隔，如 127.0.0.1, 10.0.0.0/8") from error
        return listed

    @property
    def address(self) -> str:
        """How citizens reach this service, without a final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database(self) -> str:
        """The database URL in use."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var_dir / 'yibao.db'}"
