"""The pages behind links in messages, rating, handing in and consenting, in every print."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.web.pages import consent, rating, upload
from connectors.web.pages import front as web_page
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.test_public import MEASURE, findings
from tests.casework.bureau import SUN, bureau
from tests.casework.filings.test_materials import filing
from tests.casework.office import Office, open_office, people

pytestmark = pytest.mark.browser


@pytest.fixture
async def addresses(tmp_path: Path) -> AsyncIterator[list[str]]:
    (tmp_path / "filings").mkdir()
    office = await open_office(tmp_path / "filings")
    async with bureau(tmp_path) as tickets:
        number = await tickets.opened()
        await tickets.work.take(number, SUN)
        await tickets.work.close(number, SUN, "已回电")
        app = web.Application()
        app.router.add_get("/assets/web/{name}", web_page.asset)
        rating.setup(app, tickets.ratings)
        upload.setup(app, office.parts.materials)
        consent.setup(app, office.parts.authorisations)
        token = (await office.parts.materials.link(await filing(office))).rsplit("/", 1)[1]
        async with TestClient(TestServer(app)) as client:
            base = f"http://127.0.0.1:{client.port}"
            links = [f"rating/{tickets.ratings.token(number)}", "rating/nothing", f"upload/{token}"]
            yield [f"{base}/{link}" for link in [*links, *await consents(office), "consent/nothing"]]
    await office.database.aclose()


async def consents(office: Office) -> list[str]:
    """Waiting, agreed to, refused."""
    mother, granting = people()["mother"]["id_number"], office.parts.authorisations
    daughter = await office.core.person(people()["daughter"]["id_number"])
    assert daughter
    await office.bind("mother")
    for _ in range(3):
        await granting.ask(daughter, mother, ["chronic-recognition"], "门诊慢特病资格认定", date(2027, 2, 18))
    tokens = [letter.link.rpartition("/")[2] for _, letter in office.post.letters]
    for token, agrees in zip(tokens[1:], (True, False), strict=True):
        await granting.answer(token, "门诊慢特病资格认定", agrees=agrees)
    return [f"consent/{token}" for token in tokens]


@pytest.mark.parametrize("view", ["normal", "elder", "contrast"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
async def test_they_pass_axe_and_can_be_read_and_hit(
    addresses: list[str], open_page: OpenPage, view: str, size: tuple[int, int]
) -> None:
    page = await open_page(f"{addresses[0]}?view={view}", size, expected="status of 410")
    is_large = view != "normal"
    for address in addresses:
        await page.goto(address)
        assert await findings(page) == [], address
        measured = await page.evaluate(MEASURE)
        assert measured["smallest_text_px"] >= (26 if is_large else 18), measured
        assert measured["largest_text_px"] <= 30, measured
        assert measured["lowest_contrast"]["ratio"] >= 4.5, measured
        assert measured["smallest_target"]["px"] >= (60 if is_large else 44), measured
        assert measured["overflow_px"] == 0, measured
