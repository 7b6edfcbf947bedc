import html

import pytest

from connectors.console.kit.session import own_path
from staff.accounts import LoginRefused
from tests.connectors.console.office import PASSWORD, Office


async def test_without_login_every_page_leads_to_the_login_and_back(desk: Office) -> None:
    async with desk.browser() as browser:
        await browser.open("/audit?who=bianji")
        assert "登录工作台" in browser.text
        assert "/console/audit?who=bianji" in browser.page
        await browser.send("/login", {"name": "zhuguan", "password": PASSWORD, "next": "/console/audit?who=bianji"})
        assert "谁在什么时候做了什么" in browser.text


async def test_a_wrong_password_is_told_and_the_name_stays(desk: Office) -> None:
    async with desk.browser() as browser:
        await browser.open("/login")
        await browser.send("/login", {"name": "bianji", "password": "wrong"}, expect=401)
        assert "用户名或密码不对" in browser.text
        assert 'value="bianji"' in browser.page


async def test_after_five_wrong_passwords_the_right_one_is_refused_too(desk: Office) -> None:
    async with desk.browser() as browser:
        await browser.open("/login")
        for _ in range(5):
            await browser.send("/login", {"name": "bianji", "password": "wrong"}, expect=401)
        await browser.send("/login", {"name": "bianji", "password": PASSWORD}, expect=401)
        assert "1分钟后再试" in browser.text


async def test_a_browser_that_was_logged_in_once_is_not_stopped_by_strangers(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        await browser.send("/logout", {})
        for _ in range(6):
            with pytest.raises(LoginRefused):
                await desk.accounts.log_in("bianji", "wrong", address="127.0.0.1")
        async with desk.browser() as other:
            await other.open("/login")
            await other.send("/login", {"name": "bianji", "password": PASSWORD}, expect=401)
            assert "后再试" in other.text
            elsewhere = await other.client.post(
                "/console/login",
                data={"csrf": other.token, "name": "bianji", "password": PASSWORD},
                headers={"X-Forwarded-For": "198.51.100.7"},
                allow_redirects=False,
            )
            assert elsewhere.status == 303, "behind the proxy somebody else's failures are somebody else's"
        await browser.open("/login")
        await browser.send("/login", {"name": "bianji", "password": PASSWORD})
        assert "退出" in browser.text


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Office) -> None:
    async with desk.browser() as browser:
        await browser.open("/login")
        response = await browser.client.post(
            "/console/login",
            data={"csrf": browser.token, "name": "bianji", "password": PASSWORD},
            headers={"X-Forwarded-Proto": "https"},
            allow_redirects=False,
        )
        cookie = response.cookies["yibao_console"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert cookie["secure"]
        assert cookie["path"] == "/console"


async def test_after_logging_out_the_old_cookie_opens_nothing(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        kept = next(cookie.value for cookie in browser.client.cookie_jar if cookie.key == "yibao_console")
        await browser.send("/logout", {})
        response = await browser.client.get(
            "/console/password", headers={"Cookie": f"yibao_console={kept}"}, allow_redirects=False
        )
        assert response.status == 303


async def test_what_was_typed_survives_a_session_that_ended(desk: Office) -> None:
    async with desk.logged_in("guanli") as browser:
        await browser.open("/staff")
        await desk.accounts.set_password("guanli", "another-horse-8", by="test")
        typed = {"username": "xin", "name": "新<同事>", "role": "编辑"}
        await browser.send("/staff", typed, expect=401)
        assert "刚才填写的内容会保留" in browser.text
        kept = browser.page.split('name="kept" value="')[1].split('"')[0]
        fields = {
            "name": "guanli",
            "password": "another-horse-8",
            "next": "/console/staff",
            "kept": html.unescape(kept),
        }
        await browser.send("/login", fields)
        assert "刚才填写的内容还在" in browser.text
        assert "新<同事>" in browser.text
        assert 'action="/console/staff"' in browser.page


async def test_a_password_never_travels_with_what_is_kept(desk: Office) -> None:
    async with desk.browser() as browser:
        await browser.open("/login")
        await browser.send("/staff", {"username": "xin", "password": "secret-secret-1"}, expect=401)
        assert "secret-secret-1" not in browser.page


async def test_everybody_can_change_their_own_password_knowing_the_old_one(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as browser:
        new = {"password": "brand-new-horse", "again": "brand-new-horse"}
        await browser.send("/password", {"old": "guess", **new}, expect=422)
        assert "现在的密码不对" in browser.text
        await browser.send("/password", {"old": PASSWORD, **new})
        assert "密码已修改" in browser.text
    assert await desk.accounts.log_in("zuoxi", "brand-new-horse", address="")


def test_the_login_leads_nowhere_else() -> None:
    for elsewhere in (
        "https://evil.test/console",
        "//evil.test/console",
        "/console\\..",
        "/other",
        "javascript:alert(1)",
    ):
        assert own_path(elsewhere) == "/console"
    assert own_path("/console/faq?q=备案") == "/console/faq?q=备案"


async def test_a_button_pressed_after_the_session_ended_leads_back_to_its_page(desk: Office) -> None:
    """After the login stood a bare "405: Method Not Allowed"."""
    async with desk.logged_in("bianji") as browser:
        await browser.open("/faq/remote-filing-online")
        await desk.accounts.set_password("bianji", "another-horse-8", by="test")
        shown = str(desk.server.make_url("/console/faq/remote-filing-online?done=saved"))
        await browser.send(
            "/faq/remote-filing-online/submit", {"revision": "7"}, expect=401, headers={"Referer": shown}
        )
        assert "再按一次刚才的按钮" in browser.text
        assert 'value="/console/faq/remote-filing-online"' in browser.page
        assert 'name="kept"' not in browser.page
        fields = {"name": "bianji", "password": "another-horse-8", "next": "/console/faq/remote-filing-online/submit"}
        await browser.send("/login", fields, expect=404)
        assert "没有这一页" in browser.text
