import pytest

from staff import audit
from staff.audit import Action
from tests.connectors.console.knowledge.test_items import changed, fields_of
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
        ("bianji", "/tickets"),
        ("bianji", "/load"),
        ("shenhe", "/tickets"),
        ("guanli", "/tickets"),
        ("zuoxi", "/load"),
        ("zuoxi", "/reports"),
        ("zuoxi", "/audit"),
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

    monkeypatch.setattr("connectors.console.staff.audit_page.audit.entries", broken)
    async with desk.logged_in("zhuguan") as browser:
        await browser.open("/audit", expect=500)
        assert "系统出了点问题" in browser.text
        assert "370899195003159028" not in browser.page


async def test_a_page_that_is_not_for_the_role_is_refused_and_noted(desk: Office) -> None:
    async with desk.logged_in("bianji") as browser:
        await browser.open("/staff", expect=403)
    (entry,) = (await audit.entries(desk.database, what=Action.REFUSED)).entries
    assert (entry.who, entry.which, entry.by) == ("bianji", "/console/staff", "编辑")


async def test_a_form_opened_before_logging_in_again_is_shown_once_more(desk: Office) -> None:
    """It was thrown away: whoever logged in again in a second window could not save what was typed in the first."""
    async with desk.logged_in("bianji") as browser:
        origin = {"Origin": str(desk.server.make_url("/")).rstrip("/")}
        browser.token = "0" * 64
        await browser.send("/facts/new", FACT, headers=origin)
        assert "刚才填写的内容还在" in browser.text
        assert 'action="/console/facts/new"' in browser.page
        await browser.open("/facts?q=试")
        assert "没有符合条件" in browser.text, "nothing was saved"


async def test_a_search_after_the_session_ended_leads_back_to_its_page(desk: Office) -> None:
    async with desk.browser() as browser:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://x/console/faq?q=备案"}
        response = await browser.client.get("/console/faq", headers=headers)
        assert response.status == 401
        assert response.headers["HX-Redirect"].startswith("/console/login?next=%2Fconsole%2Ffaq%3Fq%3D")


async def refused(desk: Office) -> list[tuple[str, str, str]]:
    """(who, where, what), oldest first."""
    noted = (await audit.entries(desk.database, what=Action.REFUSED)).entries
    return [(entry.who, entry.which, entry.detail) for entry in reversed(noted)]


@pytest.mark.filterwarnings("ignore:Sending a large body")
async def test_every_form_that_is_refused_is_noted_without_what_was_typed(desk: Office) -> None:
    edit = "/synonyms/医保卡/edit"
    async with desk.logged_in("bianji") as first, desk.logged_in("bianji2") as second:
        fields = fields_of(await second.open(edit))
        await first.open(edit)
        await first.send(edit, [*changed(fields_of(first.page), variants="医疗卡"), ("then", "save")])
        await second.send(edit, [*changed(fields, variants="秘密的话"), ("then", "save")], expect=409)
        await second.send("/facts/new", {**FACT, "text": "长" * 700_000}, expect=413)
        await second.send("/facts/new", {**FACT, "text": ""}, expect=422)
        await second.send("/faq/remote-filing-online/roll-back", {"to": "1", "base": "9"}, expect=422)
        second.token = "0" * 64
        await second.send("/facts/new", FACT, expect=403)
    assert await refused(desk) == [
        ("bianji2", "/console" + edit, "POST conflict"),
        ("bianji2", "/console/facts/new", "POST too_large"),
        ("bianji2", "/console/facts/new", "POST invalid"),
        ("bianji2", "/console/faq/remote-filing-online/roll-back", "POST conflict"),
        ("bianji2", "/console/facts/new", "POST no_token"),
    ]


async def test_what_cannot_be_submitted_for_its_references_is_noted(desk: Office) -> None:
    """It quotes what no clause says: the draft is kept, and not submitted."""
    path = "/faq/remote-filing-online"
    async with desk.logged_in("bianji") as editor:
        fields = fields_of(await editor.open(path + "/edit"))
        broken = changed(fields, answers_0_quotes_0_text="没有哪一条这样写。")
        await editor.send(path + "/edit", [*broken, ("then", "submit")])
        assert "已保存为草稿" in editor.text
    assert await refused(desk) == [("bianji", f"/console{path}/edit", "POST cannot_publish")]


async def test_a_form_that_is_done_and_a_page_that_is_not_there_are_no_refusals(desk: Office) -> None:
    async with desk.logged_in("bianji") as editor:
        await editor.open("/facts/nothing", expect=404)
        await editor.open("/facts/new")
        await editor.send("/facts/new", [*changed(fields_of(editor.page), **FACT), ("then", "save")])
    assert await refused(desk) == []
