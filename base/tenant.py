"""Whose hotline this is: one file names the city, its bureau, its number and its counties (`tenant.yaml`).

    from base.tenant import TENANT, fill
    f"有疑问请拨打{TENANT.hotline}。"
    fill("您好，这里是$city医保热线。")         # texts in files name it by "$" and a field

Read once, when this is first imported: a process serves one city. `YIBAO_TENANT` names another file.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from string import Template

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings

from base import yaml_files
from base.settings import ROOT, SETTINGS_FILES, Settings


class Tenant(BaseModel):
    """The fields of `tenant.yaml`, which says what each is for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bureau: str = Field(min_length=2)
    city: str = Field(min_length=2)
    """As people call it, 济宁; `city_name` is 济宁市."""
    province: str
    city_name: str
    jurisdiction: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    hotline: str = Field(pattern=r"^[0-9]{3,12}$")
    signature: str = Field(min_length=2, max_length=12)
    counties: tuple[str, ...] = Field(min_length=1)
    zones: tuple[str, ...] = ()
    places_said: tuple[str, ...] = Field(min_length=1)
    hospital: str
    area_code: str = Field(pattern=r"^0[0-9]{2,3}$")
    area_code_spoken: str
    latitudes: tuple[float, float]
    longitudes: tuple[float, float]

    @property
    def signed(self) -> str:
        """How a short message begins."""
        return f"【{self.signature}】"

    @property
    def full_name(self) -> str:
        """The city with its province."""
        return self.province + self.city_name

    @property
    def areas(self) -> tuple[str, ...]:
        """Counties, then zones."""
        return (*self.counties, *self.zones)

    @cached_property
    def short_places(self) -> tuple[str, ...]:
        """The city and its counties as a hospital's name begins with them: 任城, 微山."""
        return tuple(name[:-1] if len(name) > 2 and name[-1] in "市县区" else name for name in self.places_said)

    @cached_property
    def words(self) -> dict[str, str]:
        """What `fill` knows."""
        return {name: value for name, value in self.model_dump().items() if isinstance(value, str)}


def load(file: Path) -> Tenant:
    """Raises OSError, and pydantic's ValidationError naming the field that is wrong."""
    return Tenant.model_validate(yaml_files.read(file))


def fill(text: str) -> str:
    """`text` with this city's words in place of $city, $hotline and so on; any other "$" stays."""
    return Template(text).safe_substitute(TENANT.words) if "$" in text else text


class _Where(BaseSettings):
    """That one setting alone: texts are made when modules are imported, before anybody has read the others. The
    engine's user may not read the files with secrets, and needs none of them."""

    model_config = Settings.model_config | {"env_file": [file for file in SETTINGS_FILES if os.access(file, os.R_OK)]}
    tenant: Path = ROOT / "tenant.yaml"


TENANT = load(_Where().tenant)
