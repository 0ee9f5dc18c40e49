from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from assess.engine.purchase_data import Bought, purchases_for_record
from assess.engine.purchases import Purchase
from assess.engine.record import canonical
from assess.plans.attached import ACTIONS, ASSESSMENT, attached_files
from assess.plans.copies import COPIES, Copy, business_record
from assess.plans.document import business_plan
from assess.plans.pages import to_html
from assess.plans.printing.pdf import to_pdf
from assess.plans.printing.press import printed_copy
from assess.plans.register.state import ItemState
from tests.plans.printed import opened, printed
from tests.plans.records import SCENARIOS, scenario
from tests.references import real

SIGN_WORDS = ("sign", "signs", "can_sign", "urgent_signs", "serious_signs", "unknown_signs", "notes", "finding_texts")


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in keys_of(part)}
    return {name for part in value for name in keys_of(part)} if isinstance(value, list) else set()


def inside(content: bytes) -> dict[str, bytes]:
    file = opened(content)  # its attachments must not outlive it
    return {name: file.attachments[name].get_file().read_bytes() for name in list(file.attachments)}


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
def test_the_assessment_comes_back_equal_and_without_signs(bank: str, title: str) -> None:
    record = scenario(bank, title)
    actions, assessment = attached_files(record, "business")
    assert (actions.name, assessment.name) == (ACTIONS, ASSESSMENT)
    read, own = json.loads(assessment.content), business_record(record)
    for mark in ("charges", "waiting", "advice_first", "buyer_view"):
        del own[mark]
    del own["result"]["pending"]
    for action in own["actions"]:
        for mark in ("ordinary", "held", "find_out", "fails"):
            del action[mark]
        action["parts"] = [
            {key: part[key] for key in ("question", "title", "do", "why_ask")} for part in action["parts"]
        ]
    assert read == own
    assert canonical(read) == assessment.content
    assert keys_of(read).isdisjoint(SIGN_WORDS)
    assert attached_files(record, "large") == (actions, assessment)


def test_the_list_of_actions_holds_the_ordinary_ones_and_their_state() -> None:
    record = scenario("farming", "farming critical")
    register = business_plan(record).register
    wanted = register.ordinary[0]
    other = next(item for item in register.items if item.key not in {one.key for one in register.ordinary})
    state = {wanted.key: ItemState(owner="Jo Fenland", revision=1), other.key: ItemState(owner="Nobody", revision=1)}
    actions, _ = attached_files(record, "business", state)
    rows = list(csv.reader(io.StringIO(actions.content.decode("utf-8-sig"), newline="")))
    listed = {row[0] for row in rows[1:]}
    assert {item.key for item in register.ordinary} <= listed
    assert other.key not in listed
    assert "Jo Fenland" in actions.content.decode()
    assert "Nobody" not in actions.content.decode().replace("Nobody has checked", "")


def test_a_buyer_and_a_wall_get_nothing_and_the_coordinator_the_record() -> None:
    record = scenario("farming", "farming critical")
    nothing: tuple[Copy, ...] = ("buyer", "wall")
    assert all(attached_files(record, copy) == () for copy in nothing)
    (whole,) = attached_files(record, "coordinator")
    assert json.loads(whole.content) == record


@pytest.mark.parametrize("copy", ["business", "large"])
def test_the_files_stand_in_the_pdf_with_their_names_dates_and_meaning(copy: Copy) -> None:
    content = printed("farming low", copy)
    record = scenario("farming", "farming low")
    given = {file.name: file for file in attached_files(record, copy)}
    assert inside(content) == {name: file.content for name, file in given.items()}
    file = opened(content)
    assert len(file.Root.AF) == 2
    for name, one in given.items():
        spec = file.attachments[name]
        assert spec.description == one.description
        assert str(spec.obj.AFRelationship) == "/" + one.relationship
        assert spec.get_file().creation_date == spec.get_file().mod_date
        assert f"{spec.get_file().creation_date:%Y-%m-%d}" == record["made_on"]


def test_copies_without_files_say_nothing_of_files() -> None:
    for copy in ("buyer", "wall"):
        file = opened(printed("farming low", copy))
        assert len(file.attachments) == 0
        assert "/AF" not in file.Root


def test_a_file_inside_gives_the_document_another_name() -> None:
    html = "<html lang=en><head><title>t</title></head><body><h1>t</h1></body></html>"
    files = attached_files(scenario("farming", "farming low"), "business")
    names = {bytes(opened(to_pdf(html, some)).trailer.ID[0]) for some in ((), files, files[:1])}
    assert len(names) == 3


def test_the_same_files_give_the_same_bytes() -> None:
    record = scenario("farming", "farming low")
    assert printed_copy(record, "business") == printed("farming low", "business")


def test_no_file_inside_names_a_supplier_or_says_what_the_business_typed() -> None:
    purchases = (
        Purchase("cleaning", "GB", 10, "Zyx Cleaners"),
        Purchase("Cocoa", "CI", 5, "Zyx Cocoa"),
        Purchase("Quux Sons", "GB"),
    )
    record = scenario("hospitality", "hospitality low")
    block = purchases_for_record(Bought(purchases, real()), advice_first=False)
    record["purchases"] = json.loads(json.dumps(block))
    for copy in COPIES:
        for file in attached_files(record, copy):
            assert b"Zyx" not in file.content
            assert b"Quux" not in file.content
            assert file.name != ASSESSMENT or b"In your own words (line 3)" in file.content
    (whole,) = attached_files(record, "coordinator")
    assert [line["risk"] for line in json.loads(whole.content)["purchases"]["lines"]] == [70, 90, 15]


def test_the_page_for_the_wall_tells_nothing_of_purchases() -> None:
    record = scenario("hospitality", "hospitality low")
    purchases = (Purchase("Cocoa", "CI", 5, "Zyx Cocoa"),)
    bought = {**record, "purchases": purchases_for_record(Bought(purchases, real()), advice_first=False)}
    assert to_html(bought, "wall") == to_html(record, "wall")
