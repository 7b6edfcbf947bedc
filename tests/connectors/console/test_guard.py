import pytest

from tests.connectors.console.office import Office

FACT = {"subject": "门诊", "jurisdiction": "sd-jining", "text": "试", "source_title": "试"}


async def test_a_form_without_its_token_saves_nothing(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        browser.token = ""
        await browser.send("/facts/new", FACT, expect=403)
        assert "没有保存" in browser.text


async def test_the_token_of_another_session_is_none(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser, desk.logged_in("bianji2") as other:
        browser.token = other.token
        await browser.send("/facts/new", FACT, expect=403)


async def test_a_form_from_another_site_is_refused_even_with_the_token(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        await browser.send("/facts/new", FACT, expect=403, headers={"Origin": "https://evil.test"})


async def test_an_upload_must_carry_the_token_first(desk: Office) -> None:
    from aiohttp import FormData

    async with desk.logged_in("bianji") as browser:
        form = FormData()
        form.add_field("file", b"x", filename="a.txt")
        form.add_field("csrf", browser.token)
        response = await browser.client.post("/console/documents/upload", data=form)
        assert response.status == 403


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("bianji", "/review"),
        ("bianji", "/audit"),
        ("bianji", "/staff"),
        ("shenhe", "/faq/new"),
        ("shenhe", "/documents/upload"),
        ("zuoxi", "/faq/new"),
        ("zuoxi", "/unanswered"),
        ("zuoxi", "/statistics"),
        ("zuoxi", "/exchange"),
        ("guanli", "/faq/new"),
        ("guanli", "/review"),
        ("zhuguan", "/staff"),
    ],
)
async def test_a_page_of_another_post_is_refused_and_not_in_the_menu(desk: Office, username: str, path: str) -> None:
    async with desk.logged_in(username) as browser:
        await browser.open(path, expect=403)
        assert "您的岗位没有这项权限" in browser.text
        assert f'href="/console{path}"' not in browser.page


async def test_whoever_may_not_edit_cannot_by_sending_the_form_either(desk: Office) -> None:
    async with desk.logged_in("zuoxi") as browser:
        await browser.send("/facts/new", FACT, expect=403)


async def test_every_answer_forbids_foreign_and_inline_scripts(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        for path in ("/console", "/console/login", "/console/nothing", "/console/faq/remote-filing-online/edit"):
            response = await browser.client.get(path)
            policy = response.headers["Content-Security-Policy"]
            assert "default-src 'none'; script-src 'self'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            page = await response.text()
            assert "<script>" not in page
            assert " style=" not in page
            assert " onclick=" not in page


async def test_pages_are_not_kept_by_the_browser(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        assert (await browser.client.get("/console/faq")).headers["Cache-Control"] == "no-store"


async def test_nothing_but_its_own_files_is_served(desk: Office) -> None:
    async with desk.browser() as browser:
        for name in ("guard.py", "..%2Fguard.py", "..%2F..%2F..%2Fpyproject.toml"):
            assert (await browser.client.get(f"/console/assets/{name}")).status in (303, 404)
        assert (await browser.client.get("/console/assets/htmx.min.js")).status == 200


async def test_what_nobody_foresaw_is_told_in_plain_words(desk: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("张桂兰 370899195003159028")

    monkeypatch.setattr("connectors.console.audit_page.audit.entries", broken)
    async with desk.logged_in("zhuguan") as browser:
        await browser.open("/audit", expect=500)
        assert "系统出了点问题" in browser.text
        assert "370899195003159028" not in browser.page
