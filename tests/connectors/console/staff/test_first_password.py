"""A first password is changed before anything else; the second factor is switched on and off by its page."""

from __future__ import annotations

import re
import time

from staff import totp
from tests.connectors.console.office import PASSWORD, Browser, Office

NEW = {
    "username": "xinren",
    "name": "新人",
    "role": "坐席",
    "county": "邹城市",
    "password": "first-horse-8",
    "again": "first-horse-8",
}


async def log_in(browser: Browser, name: str, password: str, code: str = "", expect: int = 200) -> None:
    await browser.open("/login")
    await browser.send("/login", {"name": name, "password": password, "code": code, "next": "/console"}, expect)


async def test_whose_password_was_chosen_by_somebody_else_gets_no_further(desk: Office) -> None:
    async with desk.logged_in("guanli") as administrator:
        await administrator.open("/staff")
        await administrator.send("/staff", NEW)
        assert "还没改初始密码" in administrator.text
    async with desk.browser() as browser:
        await log_in(browser, "xinren", "first-horse-8")
        assert "请先换成自己的" in browser.text
        for path in ("/tickets", "/", "/second-factor"):
            await browser.open(path)
            assert "修改我的密码" in browser.text
        counts = await browser.client.get("/console/counts", headers={"HX-Request": "true"})
        assert (counts.status, await counts.text()) == (204, "")
        same = {"old": "first-horse-8", "password": "first-horse-8", "again": "first-horse-8"}
        await browser.send("/password", same, expect=422)
        await browser.send("/password", {**same, "password": "own-horse-99", "again": "own-horse-99"})
        await log_in(browser, "xinren", "own-horse-99")
        assert "新人，您好" in browser.text
    found = {one.username: one for one in await desk.accounts.everybody()}["xinren"]
    assert (found.county, found.must_change) == ("邹城市", False)


async def test_the_second_factor_by_its_page(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as agent:
        await agent.open("/second-factor")
        found = re.search(r'name="secret" value="([A-Z2-7]{32})"', agent.page)
        assert found
        secret = found[1]
        await agent.send("/second-factor", {"secret": secret, "code": "000000"}, expect=422)
        assert secret in agent.page
        await agent.send("/second-factor", {"secret": secret, "code": totp.code_at(secret, int(time.time() // 30) - 1)})
        assert "动态码已开通" in agent.text
    async with desk.browser() as browser:
        await log_in(browser, "zuoxi", PASSWORD, expect=401)
        assert "动态码应用里现在的" in browser.text
        await log_in(browser, "zuoxi", PASSWORD, totp.code_at(secret, int(time.time() // 30)))
        assert "您上次登录" in browser.text
        await browser.open("/second-factor")
        await browser.send("/second-factor", {"off": "yes", "old": "wrong-horse-1"}, expect=422)
        await browser.send("/second-factor", {"off": "yes", "old": PASSWORD})
        assert "动态码已取消" in browser.text
