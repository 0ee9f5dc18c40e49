from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from assess.assessments.answering import Filled
from assess.assessments.recording import given_of, record_of
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import load_bank
from assess.banks.settings import settings_on
from assess.engine.purchase_data import Bought
from assess.engine.purchases import Purchase
from assess.engine.record import Operator
from tests.references import real

DAY = date(2026, 11, 24)
OPERATOR = Operator("Norfolk test desk", "desk@example.org", "")


def said(**organisation: str) -> Filled:
    return Filled(
        assessment_id=uuid.UUID(int=1), edition_id=1, quick=False, version=1,
        answers={"core_documents": "worker"}, facts={"fye": "2026-03-31", "legal_form": "not_sure"},
        gates={"foreign": False}, organisation=organisation, evidence=frozenset({"core_documents"}),
    )  # fmt: skip


def test_a_record_holds_who_it_is_for_who_runs_it_and_what_was_said() -> None:
    loaded = load_bank(QUESTIONNAIRES, "farming")
    record = record_of(
        said(name="Fen Edge", area="norfolk", postcode="PE38 9ZZ"), loaded, settings_on(QUESTIONNAIRES, DAY),
        operator=OPERATOR, day=DAY,
    )  # fmt: skip
    assert record["organisation"] == {
        "name": "Fen Edge",
        "area": "norfolk",
        "postcode": "PE38 9ZZ",
        "company_number": None,
    }
    assert record["operator"]["name"] == "Norfolk test desk"
    assert record["made_on"] == "2026-11-24"
    assert record["evidence"] == ["core_documents"]


def test_what_is_bought_stands_in_the_record_only_if_the_business_said_so() -> None:
    loaded, settings = load_bank(QUESTIONNAIRES, "farming"), settings_on(QUESTIONNAIRES, DAY)
    who = said(name="Fen Edge", area="norfolk")

    def made(bought: Bought | None) -> dict[str, Any]:
        return record_of(who, loaded, settings, operator=OPERATOR, day=DAY, bought=bought)

    plain = made(None)
    assert made(Bought([], real())) == plain
    record = made(Bought([Purchase("rice", "IN", 10, "Sea & Co")], real()))
    assert record["purchases"]["lines"][0]["name"] == "rice"
    assert {name: part for name, part in record.items() if name not in {"purchases", "reference"}} == {
        name: part for name, part in plain.items() if name != "reference"
    }


def test_not_sure_is_no_fact_and_a_gate_answers_for_its_facts() -> None:
    given = given_of(said(), load_bank(QUESTIONNAIRES, "farming"))
    assert given.facts["fye"] == "2026-03-31"
    assert "legal_form" not in given.facts
    assert len(given.facts) > 1


def test_without_a_name_there_is_no_record() -> None:
    with pytest.raises(KeyError):
        record_of(
            said(), load_bank(QUESTIONNAIRES, "farming"), settings_on(QUESTIONNAIRES, DAY), operator=OPERATOR, day=DAY
        )


def test_that_it_was_filled_in_together_stands_in_the_record_only_if_it_was() -> None:
    loaded, settings = load_bank(QUESTIONNAIRES, "farming"), settings_on(QUESTIONNAIRES, DAY)
    who, ways = said(name="Fen Edge", area="norfolk"), [{"mode": "phone", "on": "2026-11-24"}]
    alone = record_of(who, loaded, settings, operator=OPERATOR, day=DAY)
    helped = record_of(who, loaded, settings, operator=OPERATOR, day=DAY, together=ways)
    assert "together" not in alone
    assert helped["together"] == ways
    assert {name for name in helped if helped[name] != alone.get(name)} == {"together", "reference"}
