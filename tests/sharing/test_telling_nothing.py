"""Whatever is answered to a question that is not ordinary, not a byte that a buyer gets is different: in every scope, on screen and on paper.

Short form: some answers of each firm. Long form: `ASSESS_TEST_EXAMPLES=500`, every answer.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from typing import Any

import pytest

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.ordinary import ordinary_questions
from assess.engine.record import Operator, RecordOrganisation, canonical_json, make_record
from assess.engine.result_json import PurchaseList
from assess.plans.action_tracker.carry_over import item_texts
from assess.plans.action_tracker.state import EvidenceNote, ItemState
from assess.plans.buyer_view import buyer_view_of
from assess.plans.copies import buyer_copy
from assess.plans.print_html import copy_html
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from assess.sharing.messages import shared_steps_of
from assess.sharing.models import ShareScope
from assess.sharing.shared_copy import make_shared_copy, shared_copy_from_json, shared_copy_to_json
from assess.sharing.shared_copy import shared_copy_html as paper
from assess.sharing.viewing import copy_difference
from tests.engine.real_banks import BANKS, TODAY, edition_of
from tests.plans.hidden_answers import EXAMPLES, any_answer, changes_of, hidden, with_answers
from tests.plans.purchases.purchase_records import HOTEL
from tests.plans.records import FACTS, NAME, Record, answers_of
from tests.reference_data import real

LEVELS = ("low", "medium", "critical")
FIRMS = [(bank, level) for bank in BANKS for level in LEVELS]
LARGE = {**FACTS, "turnover_gbp_incl_subsidiaries": 90_000_000, "supplies_goods_or_services": True}
SETTINGS = settings_from(bundled_files(), TODAY)
MANY, LIMIT = 100, 10**9
"""Examples from which on every answer is taken."""


def recorded(bank: str, answers: Mapping[str, Any], *, quick: bool = False) -> Record:
    """The record of these answers, of a large firm that said what it buys and has noted proof of everything."""
    edition = edition_of(bank)
    names = frozenset(question.id for question in edition.questions())
    given = EngineInput(answers, LARGE, evidence=names, quick=quick)
    record = make_record(
        edition,
        EditionRef(bank, 3, "ab" * 32),
        given,
        assess(edition, given, SETTINGS, TODAY),
        settings=SETTINGS,
        organisation=RecordOrganisation(NAME, "norfolk", "PE38 0AA", "01234567"),
        operator=Operator("Norfolk Anti-Slavery Network", "help@network.example", "complaints@network.example"),
        today=TODAY,
        bought=PurchaseList(HOTEL, real()),
    )
    back: Record = json.loads(json.dumps(record))
    return back


def tracker_state(record: Record) -> dict[str, ItemState]:
    """What a business may have made of everything in its plan."""
    note = EvidenceNote(1, "Payslips", "records", "2026-05-03", None, "shown")
    states = (
        ItemState("accepted", due="2027-01-05", notes=(note,)),
        ItemState("accepted", status="done", done_on="2026-12-01"),
        ItemState("will_not", "cost"),
        ItemState(),
    )
    keys = [*(action["question"] for action in record["actions"]), *(duty["id"] for duty in record["duties"])]
    return {key: states[place % len(states)] for place, key in enumerate(sorted(keys))}


def seen_of(record: Record, before: Record, state: Mapping[str, ItemState]) -> dict[str, bytes]:
    """Everything that a buyer gets of a record, each by its name. `before`: what it was shown earlier."""
    edition = edition_of(record["edition"]["bank"])
    found = {"link": copy_html(record, "buyer", code="K7QF-2M9D").encode()}
    for scope in ShareScope:
        frozen = shared_copy_to_json(make_shared_copy(record, edition, state, scope))
        found[f"{scope} frozen"] = canonical_json(frozen)
        found[f"{scope} paper"] = paper(
            shared_copy_from_json(json.loads(json.dumps(frozen))), record, "K7QF-2M9D"
        ).encode()
        found[f"{scope} steps"] = repr(shared_steps_of(shared_copy_from_json(json.loads(json.dumps(frozen))))).encode()
    found["difference"] = repr(copy_difference(buyer_copy(before, edition), buyer_copy(record, edition))).encode()
    return found


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    return {name for name in one if one[name] != other[name]}


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize(("bank", "level"), FIRMS)
def test_no_answer_that_is_not_ordinary_changes_a_byte(bank: str, level: str, quick: bool) -> None:  # noqa: FBT001  # a case
    answers = answers_of(bank, f"{bank} {level}")
    before = recorded(bank, answers_of(bank, f"{bank} medium"))
    base = recorded(bank, answers, quick=quick)
    state = tracker_state(base)
    wanted = seen_of(base, before, state)
    bands = set()
    for name, answer in changes_of(bank, f"{level} {quick}", most=EXAMPLES if EXAMPLES < MANY else LIMIT):
        record = recorded(bank, with_answers(answers, {name: answer}), quick=quick)
        bands.add(record["result"]["band"])
        assert differing(wanted, seen_of(record, before, state)) == set(), (name, answer)
    assert bands


@pytest.mark.parametrize("bank", BANKS)
def test_two_firms_that_agree_on_ordinary_answers_alone_look_alike(bank: str) -> None:
    edition = edition_of(bank)
    may = ordinary_questions(edition)
    before = recorded(bank, answers_of(bank, f"{bank} medium"))
    chance = random.Random(bank)
    results = set()
    for _ in range(EXAMPLES):
        ordinary = {one.id: any_answer(one, chance) for one in edition.questions() if one.id in may}
        pair = [
            recorded(
                bank,
                with_answers({}, {**ordinary, **{one.id: any_answer(one, chance) for one in hidden(bank)}}),
            )
            for _ in range(2)
        ]
        state = tracker_state(pair[0]) | tracker_state(pair[1])
        one, other = (seen_of(record, before, state) for record in pair)
        assert differing(one, other) == set()
        results |= {(record["result"]["score"], record["result"]["band"]) for record in pair}
    assert len(results) > EXAMPLES, "the firms themselves are not alike"


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_of_a_hidden_question_stands_anywhere(bank: str) -> None:
    """Neither its words nor its id, whatever the firm answered to it."""
    for level in LEVELS:
        answers = answers_of(bank, f"{bank} {level}")
        record = recorded(bank, answers)
        said = b"".join(seen_of(record, record, tracker_state(record)).values()).decode()
        for question in hidden(bank):
            assert question.ask not in said, question.id
            assert f'"{question.id}"' not in said


@pytest.mark.parametrize("bank", BANKS)
def test_an_ordinary_answer_does_change_what_a_buyer_sees(bank: str) -> None:
    answers = answers_of(bank, f"{bank} low")
    may = ordinary_questions(edition_of(bank))
    worst = {name: said for name, said in answers_of(bank, f"{bank} critical").items() if name in may}
    base, worse = recorded(bank, answers), recorded(bank, {**answers, **worst})
    found = differing(seen_of(base, base, {}), seen_of(worse, base, {}))
    assert {"link", "difference", *(f"{scope} frozen" for scope in ShareScope)} <= found


@pytest.mark.parametrize("key", ["band", "exposure", "bars"])
def test_the_test_would_see_a_view_that_rests_on_all_answers(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    answers = answers_of("farming", "farming low")
    base, grave = recorded("farming", answers), recorded("farming", {**answers, "core_documents": "employer"})
    wanted = seen_of(base, base, {})
    assert differing(wanted, seen_of(grave, base, {})) == set()
    leaking = {
        "band": {"band": "high"},
        "exposure": {"exposure": "higher" if base["buyer_view"]["exposure"] != "higher" else "lower"},
        "bars": {"bars": [{**bar, "step": 1} for bar in grave["buyer_view"]["bars"]]},
    }[key]
    monkeypatch.setitem(grave, "buyer_view", {**grave["buyer_view"], **leaking})
    assert "link" in differing(wanted, seen_of(grave, base, {}))


@pytest.mark.parametrize("bank", BANKS)
def test_purchases_are_never_left_out_because_of_a_sign(bank: str) -> None:
    answers = answers_of(bank, f"{bank} medium")
    calm, grave = recorded(bank, answers), recorded(bank, {**answers, "core_documents": "employer"})
    assert grave["result"]["urgent_signs"]
    assert buyer_copy(grave).purchases == buyer_copy(calm).purchases is not None


def test_what_waits_for_advice_is_never_what_a_buyer_is_shown() -> None:
    """Of the map only the parts that wait are held back, so whoever is shown the others can see them worked on."""
    answers = {**answers_of("farming", "farming critical"), "core_visa_tied": ["none"]}
    grave = recorded("farming", answers)
    held = {action["question"] for action in grave["actions"] if action["held"]}
    shown = {step.key for step in buyer_view_of(grave, None).actions}
    assert held
    assert "map" in shown
    assert not held & shown
    assert not held & set(item_texts(grave))
