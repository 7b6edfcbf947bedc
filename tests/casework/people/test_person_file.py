"""Who asks what is kept of them gets all of it and nothing of anybody else; what no case needs is deleted."""

from __future__ import annotations

from sqlalchemy import select

from casework.people.models import IdProof
from casework.people.person_file import PersonFile
from staff.audit import Action
from staff.models import AuditEntry
from tests.casework.filings.test_materials import filing, picture
from tests.casework.office import Office, people


async def test_everything_of_one_person_and_of_nobody_else(office: Office) -> None:
    number = await filing(office)
    await office.parts.materials.add(number, picture(), channel="web")
    elder = people()["elder"]
    file = PersonFile(office.database, office.vault)
    found = await file.export(elder["id_number"], elder["phone"], by="test")
    assert [one["事项"] for one in found["办过的事"]] == ["chronic-recognition"]
    assert len(found["办过的事"][0]["材料"]) == 1
    assert any("验证码" in one["内容"] for one in found["短信"])
    assert found["核对过身份的对话、微信绑定"], "what can be deleted is shown"
    assert all(set(one) == {"工单号", "类别", "状态", "时间", "内容"} for one in found["工单"])
    nobody = await file.export("370811195001010010", "19900009999", by="test")
    assert not any(nobody.values())
    gone = await file.delete(elder["id_number"], elder["phone"], by="test")
    assert gone["核对过身份的对话、微信绑定"] == 1
    again = await file.export(elder["id_number"], elder["phone"], by="test")
    assert again["办过的事"] == found["办过的事"], "a case is the bureau's file"
    async with office.database.session() as session:
        assert (await session.scalars(select(IdProof))).all() == []
        noted = (await session.scalars(select(AuditEntry))).all()
    assert [one.what for one in noted].count(Action.PERSON_EXPORTED) == 3
    assert [one.what for one in noted].count(Action.PERSON_DELETED) == 1
    assert not any(elder["id_number"] in one.which + one.detail for one in noted)
