from __future__ import annotations

import asyncio
import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image

from base.room import Room
from casework.filings.file_type import opened_type
from casework.filings.materials import LinkEnded
from casework.filings.pictures import MaterialRefused, media_type
from tests.casework.office import Office, people


def picture(kind: str = "JPEG", colour: str = "white") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, kind)
    return out.getvalue()


async def filing(office: Office, who: str = "elder") -> int:
    caller = office.caller()
    await caller.wants("file_item", "我要办慢特病")
    await caller.proves(who)
    found = await office.parts.filings.open_of(office.vault.lookup(people()[who]["id_number"]), "chronic-recognition")
    assert found
    return found.id


@pytest.mark.parametrize(("kind", "expected"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_a_picture_is_what_its_bytes_say(kind: str, expected: str) -> None:
    assert media_type(picture(kind)) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "material_empty"),
        (b"<html><script>alert(1)</script>", "material_type"),
        (b"%PDF-1.7 not really", "material_broken"),
        (b"MZ\x90\x00" + bytes(100), "material_type"),
        (picture()[:200], "material_broken"),
        (picture("GIF"), "material_type"),
        (b"\xff\xd8\xff" + b"<script>" * 20, "material_type"),
        (bytes(10_000_001), "material_large"),
    ],
)
def test_what_lies_about_its_type_is_refused_with_a_way_on(content: bytes, code: str) -> None:
    with pytest.raises(MaterialRefused) as refused:
        media_type(content)
    assert refused.value.code == code
    assert refused.value.citizen_text


async def test_kept_sealed_outside_the_web_root_and_read_again(office: Office, tmp_path: Path) -> None:
    materials, number = office.parts.materials, await filing(office)
    taken = await materials.add(number, picture(), channel="web")
    assert taken.count == 1
    [file] = (tmp_path / "materials").iterdir()
    assert b"JFIF" not in file.read_bytes()
    assert file.suffix == ""
    found = await materials.read(number, 1)
    assert found == ("image/jpeg", picture())
    assert await materials.read(number + 1, 1) is None, "another filing's material"


async def test_on_a_full_disk_nothing_is_taken_and_it_is_said(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    materials, number = office.parts.materials, await filing(office)
    await materials.add(number, picture(), channel="web")
    monkeypatch.setattr(Room, "is_left", False)
    with pytest.raises(MaterialRefused) as refused:
        await materials.add(number, picture("PNG"), channel="web")
    assert refused.value.code == "disk_full"
    assert (await materials.add(number, picture(), channel="web")).count == 1, "it is there already"


async def test_the_same_picture_twice_is_kept_once_and_there_is_an_end(office: Office) -> None:
    materials, number = office.parts.materials, await filing(office)
    for _ in range(2):
        assert (await materials.add(number, picture(), channel="web")).count == 1
    for n in range(19):
        await materials.add(number, picture("PNG", f"#0000{n + 16:02x}"), channel="web")
    with pytest.raises(MaterialRefused) as refused:
        await materials.add(number, picture(colour="red"), channel="web")
    assert refused.value.code == "material_many"


async def test_a_link_works_for_two_weeks_for_its_filing_only(office: Office) -> None:
    materials, number = office.parts.materials, await filing(office)
    token = (await materials.link(number)).rsplit("/", 1)[1]
    assert (await materials.add_by_link(token, picture())).item.id == "chronic-recognition"
    assert (await materials.wanted(token)).count == 1
    for wrong in ("", "x", token[:-1], token + "x"):
        with pytest.raises(LinkEnded):
            await materials.wanted(wrong)
    office.clock.passes(days=15)
    with pytest.raises(LinkEnded):
        await materials.add_by_link(token, picture(colour="red"))


async def test_a_picture_in_the_conversation_is_material_of_its_filing(office: Office) -> None:
    await filing(office)
    caller = office.caller("wechat")
    assert await office.parts.errands.take_picture(caller.conversation, "wechat", picture()) is None, "not proven"
    await caller.wants("resume_errand", "接着办")
    await caller.proves("elder")
    [reply] = await office.parts.errands.take_picture(caller.conversation, "wechat", picture()) or []
    assert "第1份材料" in reply.text
    [reply] = await office.parts.errands.take_picture(caller.conversation, "wechat", b"MZ") or []
    assert "JPG" in reply.text


async def test_what_is_known_or_too_much_is_not_written(office: Office, tmp_path: Path, monkeypatch) -> None:
    """Sixty times the same picture were sixty files and one row; one link filled a disk."""
    materials, number = office.parts.materials, await filing(office)
    for _ in range(3):
        await materials.add(number, picture(), channel="web")
    assert len(list((tmp_path / "materials").iterdir())) == 1
    monkeypatch.setattr("casework.filings.materials.MOST", 1)
    with pytest.raises(MaterialRefused):
        await materials.add(number, picture(colour="red"), channel="web")
    assert (await materials.add(number, picture(), channel="web")).count == 1, "that one is here: it is no refusal"
    assert len(list((tmp_path / "materials").iterdir())) == 1


async def test_of_two_at_the_same_moment_one_is_kept(office: Office, tmp_path: Path) -> None:
    materials, number = office.parts.materials, await filing(office)
    both = await asyncio.gather(*(materials.add(number, picture(), channel="web") for _ in range(3)))
    assert [taken.count for taken in both] == [1, 1, 1]
    assert len(list((tmp_path / "materials").iterdir())) == 1


async def test_a_file_that_no_row_names_is_swept_and_a_fresh_one_is_not(office: Office, tmp_path: Path) -> None:
    materials, number = office.parts.materials, await filing(office)
    await materials.add(number, picture(), channel="web")
    folder = tmp_path / "materials"
    for file in [*folder.iterdir(), folder / "lost"]:
        file.touch()
        os.utime(file, (time.time() - 7200,) * 2)
    (folder / "just-written").write_bytes(b"x")
    assert await materials.sweep() == 1
    assert (await materials.read(number, 1)) == ("image/jpeg", picture())
    assert (folder / "just-written").exists()
    assert not (folder / "lost").exists()


def pdf(objects: int) -> bytes:
    """A PDF of one page and as many empty objects as asked for."""
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    body += b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    body += b"".join(b"%d 0 obj<<>>endobj\n" % number for number in range(4, 4 + objects))
    return body + b"trailer<</Root 1 0 R>>\n%%EOF"


@pytest.mark.parametrize(
    "catalog",
    [
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>",
        b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/JavaScript/JS(1)>>>>",
        b"/AA<</WC<</S/Launch/F(a)>>>>",
        b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(1)>>]>>>>",
    ],
)
def test_a_pdf_that_acts_by_itself_is_refused(catalog: bytes) -> None:
    with pytest.raises(MaterialRefused) as refused:
        media_type(pdf(1).replace(b"/Type/Catalog", b"/Type/Catalog" + catalog, 1))
    assert refused.value.code == "material_acts"
    assert "照片" in refused.value.citizen_text


@pytest.mark.parametrize("catalog", [b"/OpenAction[3 0 R/Fit]", b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>", b"/Names<<>>"])
def test_a_scan_that_opens_on_a_page_is_taken(catalog: bytes) -> None:
    content = pdf(1).replace(b"/Type/Catalog", b"/Type/Catalog" + catalog, 1)
    assert media_type(content) == "application/pdf"


async def test_a_pdf_is_opened_where_it_can_do_no_harm() -> None:
    assert await opened_type(pdf(10)) == "application/pdf"
    assert await opened_type(picture()) == "image/jpeg"
    for content, code in ((pdf(400_000), "material_hard"), (b"MZ", "material_type"), (b"", "material_empty")):
        with pytest.raises(MaterialRefused) as refused:
            await opened_type(content)
        assert refused.value.code == code
        assert refused.value.citizen_text
    assert await opened_type(pdf(1)) == "application/pdf", "the next one finds it free"
