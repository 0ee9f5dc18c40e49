from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import delete as delete_rows
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assess.core.db import Database
from assess.portfolio import board_projection
from assess.portfolio.models import BoardRow
from assess.question_banks.contracts import contract_rules_from
from assess.question_banks.files import bundled_files
from assess.question_banks.shapes import CHARACTERISTICS
from assess.suppliers import contracts as suppliers_contracts
from assess.suppliers.activity_log import get_activity_log
from assess.suppliers.contracts import (
    ChangedBy,
    ContractConflictError,
    ContractFilter,
    TooManyContractsError,
    create_contract,
    decide_tier,
    default_request_level,
    find_contracts,
    find_request_gaps,
    get_contract_history,
    get_tier_proposal,
    highest_tier,
    list_all_contracts,
    list_contracts,
    list_deleted_contracts,
    propose_tier,
    read_contract_filter,
    remove_contract,
    tier_for_levels,
    update_contract,
)
from assess.suppliers.models import (
    Contract,
    ContractEvent,
    ContractEventType,
    HeadingLevel,
    InvitationStatus,
    Regime,
    RequestLevel,
    RiskTier,
    Supplier,
    SupplierEventType,
)
from assess.suppliers.services import archive_supplier
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.suppliers.factories import a_buyer, a_supplier, invited, later

RULES = contract_rules_from(bundled_files())
LIMITS = RULES.limits
HEADINGS = {name: name.title() for name in CHARACTERISTICS}
RISING = (HeadingLevel.LOW, HeadingLevel.MEDIUM, HeadingLevel.HIGH)
HEIGHT = tuple(RiskTier)
SIX = some.lists(some.sampled_from(list(HeadingLevel)), min_size=6, max_size=6)
L, M, H, N = HeadingLevel.LOW, HeadingLevel.MEDIUM, HeadingLevel.HIGH, HeadingLevel.NOT_KNOWN


@pytest.mark.parametrize(
    ("levels", "tier"),
    [
        ([L, L, L, L, L, L], RiskTier.LOW),
        ([M, L, L, L, L, L], RiskTier.LOW),
        ([M, M, L, L, L, L], RiskTier.MEDIUM),
        ([M, M, M, M, M, M], RiskTier.MEDIUM),
        ([H, L, L, L, L, L], RiskTier.MEDIUM),
        ([H, M, L, L, L, L], RiskTier.MEDIUM),
        ([H, M, M, L, L, L], RiskTier.HIGH),
        ([H, H, L, L, L, L], RiskTier.HIGH),
        ([N, L, L, L, L, L], RiskTier.MEDIUM),
        ([N, H, L, L, L, L], RiskTier.HIGH),
        ([N, N, N, N, N, N], RiskTier.HIGH),
    ],
)
def test_so_many_headings_make_a_tier(levels: list[HeadingLevel], tier: RiskTier) -> None:
    assert tier_for_levels(levels, LIMITS) is tier


@given(SIX, some.integers(0, 5), some.sampled_from(RISING), some.sampled_from(RISING))
def test_more_known_risk_never_lowers_it(
    levels: list[HeadingLevel], place: int, one: HeadingLevel, other: HeadingLevel
) -> None:
    low, high = sorted((one, other), key=RISING.index)
    less, more = [*levels], [*levels]
    less[place], more[place] = low, high
    assert HEIGHT.index(tier_for_levels(less, LIMITS)) <= HEIGHT.index(tier_for_levels(more, LIMITS))


@given(SIX, some.integers(0, 5))
def test_not_knowing_never_lowers_it(levels: list[HeadingLevel], place: int) -> None:
    unknown = [*levels]
    unknown[place] = HeadingLevel.NOT_KNOWN
    assert HEIGHT.index(tier_for_levels(levels, LIMITS)) <= HEIGHT.index(tier_for_levels(unknown, LIMITS))


@given(SIX)
def test_the_order_of_the_headings_changes_nothing(levels: list[HeadingLevel]) -> None:
    assert tier_for_levels(levels, LIMITS) is tier_for_levels(levels[::-1], LIMITS)


def test_every_heading_is_explained_in_words() -> None:
    made = propose_tier({"industry": H, "workforce": M, "location": L}, HEADINGS, LIMITS)
    assert made.tier is RiskTier.HIGH
    assert made.points == (
        "Industry: high.",
        "Workforce: medium.",
        "Location: low.",
        "Context: not known, so it counts as high until you find out.",
        "Commodity: not known, so it counts as high until you find out.",
        "Business_Model: not known, so it counts as high until you find out.",
    )
    assert made.because == (
        "Of the 6 headings: 1 high, 3 not known, 1 medium, 1 low. 2 or more that are high or not known make High, "
        "and so does one with 2 others that are medium."
    )
    assert "makes Medium" in propose_tier({**dict.fromkeys(HEADINGS, L), "industry": H}, HEADINGS, LIMITS).because
    assert "That makes Low." in propose_tier(dict.fromkeys(HEADINGS, L), HEADINGS, LIMITS).because


assert board_projection  # it hears of changes once it is read
ANN, BOB = ChangedBy(None, "Ann"), ChangedBy(None, "Bob")


def a_contract(session: Session, title: str = "Potatoes", **said: Any) -> Contract:
    supplier = session.scalars(select(Supplier)).first() or a_supplier(session, a_buyer(session, "Council"), "Fen Edge")
    return create_contract(session, supplier, {"title": title, "regime": Regime.OWN, **said}, TODAY, by=ANN)


def decided(
    session: Session, contract: Contract, tier: RiskTier, *, seen: int | None = None, by: ChangedBy = ANN
) -> Contract:
    said = {"tier": tier, "tier_reason": f"{by.name} said so", "asks": RequestLevel.FULL, "asks_reason": ""}
    return decide_tier(session, contract.id, said, RiskTier.MEDIUM, seen or contract.revision, later(1), by=by)


@pytest.mark.both_databases
def test_everything_is_kept_with_who_when_before_and_after(session: Session) -> None:
    ann = a_person(session, "ann@council.example")
    contract = a_contract(session, starts=date(2026, 4, 1))
    update_contract(
        session, contract.id, {"title": "Spuds", "starts": None}, 1, later(1), by=ChangedBy(ann.id, "Ann Lee")
    )
    update_contract(session, contract.id, {"title": "Spuds"}, 2, later(2), by=BOB)  # the same again
    first, second = reversed(get_contract_history(session, contract))
    assert (first.what, first.after) == (
        ContractEventType.ENTERED,
        {"title": "Potatoes", "regime": "own", "starts": "2026-04-01"},
    )
    assert (second.by_person, second.by_name, second.at) == (ann.id, "Ann Lee", later(1))
    assert second.before == {"title": "Potatoes", "starts": "2026-04-01"}
    assert second.after == {"title": "Spuds", "starts": None}
    entries = [
        entry for entry in get_activity_log(session, [contract.supplier_id]) if entry.what is SupplierEventType.CONTRACT
    ]
    assert [entry.details["done"] for entry in entries] == ["entered", "changed"]
    session.delete(ann)
    session.flush()
    session.expire_all()
    latest = get_contract_history(session, contract)[0]
    assert (latest.by_person, latest.by_name) == (None, "Ann Lee")


@pytest.mark.both_databases
def test_the_history_cannot_be_changed_or_removed_alone_and_goes_with_the_supplier(database: Database) -> None:
    with database.writing() as session:
        contract = a_contract(session)
        supplier_id = contract.supplier_id
    for statement in (
        text("UPDATE contract_event SET by_name = 'Somebody else'"),
        text("""UPDATE contract_event SET "after" = '{}'"""),
        update(ContractEvent).values(title="Another"),
        delete_rows(ContractEvent),
    ):
        with pytest.raises(DBAPIError, match="stays as it is"), database.writing() as session:
            session.execute(statement)
    with database.writing() as session:
        session.delete(session.get_one(Supplier, supplier_id))
        session.flush()
        assert session.scalars(select(ContractEvent)).all() == []
        assert session.scalars(select(Contract)).all() == []


@pytest.mark.both_databases
def test_what_is_deleted_leaves_the_register_and_stays_in_the_history(session: Session) -> None:
    contract = decided(session, a_contract(session), RiskTier.HIGH)
    supplier_id = contract.supplier_id
    remove_contract(session, contract, later(2), by=BOB)
    assert list_contracts(session, [supplier_id]) == []
    gone = list_deleted_contracts(session, [supplier_id])[0]
    assert (gone.title, gone.by_name, gone.before["tier"]) == ("Potatoes", "Bob", "high")
    assert len(session.scalars(select(ContractEvent)).all()) == 3


@pytest.mark.both_databases
def test_whoever_comes_second_is_told_of_the_same_and_not_of_the_rest(session: Session) -> None:
    contract = a_contract(session, levels={"industry": "low"})
    update_contract(session, contract.id, {"title": "Bob’s", "levels": {"industry": "high"}}, 1, later(1), by=BOB)
    both = update_contract(session, contract.id, {"title": "Potatoes", "reference": "C-1"}, 1, later(2), by=ANN)
    assert (both.title, both.reference, both.revision) == ("Bob’s", "C-1", 3)
    said = {"title": "Ann’s", "levels": {"industry": "low", "location": "high"}}
    with pytest.raises(ContractConflictError) as told:
        update_contract(session, contract.id, said, 1, later(3), by=ANN)
    assert dict(told.value.theirs) == {"title": "Bob’s"}
    assert told.value.mine["levels"] == {"industry": "high", "location": "high"}
    assert session.get_one(Contract, contract.id).title == "Bob’s"
    assert (
        update_contract(session, contract.id, told.value.mine, told.value.revision, later(4), by=ANN).title == "Ann’s"
    )


@pytest.mark.both_databases
def test_a_decision_is_never_put_together_from_two(session: Session) -> None:
    contract = a_contract(session)
    decided(session, contract, RiskTier.HIGH, by=BOB)
    with pytest.raises(ContractConflictError) as told:
        decided(session, contract, RiskTier.MEDIUM, seen=1)
    assert told.value.theirs["tier_reason"] == "Bob said so"
    again = decided(session, contract, RiskTier.MEDIUM, seen=told.value.revision)
    assert (again.tier, again.decided_by, again.proposed, again.decided_at) == (
        RiskTier.MEDIUM,
        "Ann",
        RiskTier.MEDIUM,
        later(1),
    )


@pytest.mark.both_databases
def test_the_board_has_the_highest_tier_of_all_contracts(published: Database) -> None:
    with published.writing() as session:
        first, second = a_contract(session), a_contract(session, "Carrots")
        supplier_id = first.supplier_id
        assert highest_tier(session, [supplier_id]) is None
        decided(session, first, RiskTier.LOW)
        decided(session, second, RiskTier.HIGH)
        assert session.scalars(select(BoardRow.tier)).one() is RiskTier.HIGH
        remove_contract(session, second, later(2), by=ANN)
        session.expire_all()
        assert session.scalars(select(BoardRow.tier)).one() is RiskTier.LOW
        assert highest_tier(session, [supplier_id]) is RiskTier.LOW


@pytest.mark.both_databases
def test_a_register_is_full_at_its_limit(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suppliers_contracts, "MAX_CONTRACTS", 1)
    a_contract(session)
    with pytest.raises(TooManyContractsError):
        a_contract(session, "Carrots")


ANN_REGISTER = ChangedBy(None, "Ann")


def contract(
    session: Session, supplier: Supplier, tier: RiskTier | None, asks: RequestLevel = RequestLevel.FULL
) -> None:
    made = create_contract(session, supplier, {"title": "Potatoes", "regime": Regime.OWN}, TODAY, by=ANN_REGISTER)
    if tier:
        said = {"tier": tier, "tier_reason": "x", "asks": asks, "asks_reason": ""}
        decide_tier(session, made.id, said, tier, 1, TODAY, by=ANN_REGISTER)


@pytest.mark.parametrize(
    ("asks", "asked", "status", "gap"),
    [
        (RequestLevel.FULL, RequestLevel.NOTHING, InvitationStatus.NOT_ASKED, "not asked"),
        (RequestLevel.FULL, RequestLevel.QUICK, InvitationStatus.INVITED, "quick only"),
        (RequestLevel.FULL, RequestLevel.FULL, InvitationStatus.INVITED, ""),
        (RequestLevel.FULL, RequestLevel.QUICK, InvitationStatus.EXTERNAL_RESULT, ""),
        (RequestLevel.QUICK, RequestLevel.QUICK, InvitationStatus.DECLINED, ""),
        (RequestLevel.QUICK, RequestLevel.NOTHING, InvitationStatus.NOT_ASKED, "not asked"),
        (RequestLevel.NOTHING, RequestLevel.NOTHING, InvitationStatus.NOT_ASKED, ""),
    ],
)
def test_who_was_asked_for_less_than_the_tier_asks(
    session: Session, asks: RequestLevel, asked: RequestLevel, status: InvitationStatus, gap: str
) -> None:
    council = a_buyer(session, "Council")
    farm = a_supplier(session, council, "Fen Edge")
    contract(session, farm, RiskTier.HIGH, asks)
    if asked is not RequestLevel.NOTHING:
        invitation = invited(session, farm)
        invitation.quick, invitation.status = asked is RequestLevel.QUICK, status
        session.flush()
    gaps = find_request_gaps(session, council.id)
    said = [(one.supplier, one.tier, "quick only" if one.quick else "not asked") for one in gaps]
    assert said == ([(farm, RiskTier.HIGH, gap)] if gap else [])


def test_entries_put_together_count_as_one_and_archived_ones_not_at_all(session: Session) -> None:
    council = a_buyer(session, "Council")
    farm, twin, gone = (a_supplier(session, council, name) for name in ("Fen Edge", "Fen Edge Ltd", "Old Farm"))
    contract(session, twin, RiskTier.MEDIUM, RequestLevel.QUICK)
    contract(session, farm, None)
    contract(session, gone, RiskTier.HIGH)
    archive_supplier(session, gone, TODAY, by=None)
    twin.merged_into = farm.id
    session.flush()
    assert [(gap.supplier, gap.tier) for gap in find_request_gaps(session, council.id)] == [(farm, RiskTier.MEDIUM)]
    invited(session, farm)
    assert find_request_gaps(session, council.id) == []


def test_a_buyer_finds_its_own_alone(session: Session) -> None:
    council, shop = a_buyer(session, "Council"), a_buyer(session, "Shop")
    contract(session, a_supplier(session, council, "Fen Edge"), RiskTier.HIGH)
    contract(session, a_supplier(session, shop, "Fen Edge"), None)
    assert find_contracts(session, council.id, ContractFilter(), TODAY.date()).total == 1
    assert [entry[0].tier for entry in list_all_contracts(session, shop.id)] == [None]
    assert len(find_request_gaps(session, council.id)) == 1
    assert find_request_gaps(session, shop.id) == []


def test_an_address_that_says_something_unknown_leaves_nothing_out() -> None:
    assert read_contract_filter("x", "y", "z", 1) == ContractFilter()
    assert read_contract_filter("none", "own", "due", 3) == ContractFilter("none", "own", review=True, page=3)


def test_a_tier_asks_for_nothing_the_quick_check_or_the_full_form() -> None:
    assert [default_request_level(tier, RULES) for tier in RiskTier] == [
        RequestLevel.NOTHING,
        RequestLevel.QUICK,
        RequestLevel.FULL,
    ]


def test_a_contract_about_which_nothing_is_known_is_proposed_high() -> None:
    made = get_tier_proposal(Contract(levels={}), RULES)
    assert (made.tier, len(made.points)) == (RiskTier.HIGH, 6)
    low = dict.fromkeys(RULES.characteristics, "low")
    assert get_tier_proposal(Contract(levels=low), RULES).tier is RiskTier.LOW


def test_ppn_009_is_said_to_bind_central_bodies_and_to_be_adopted_by_others() -> None:
    regimes = RULES.regimes
    assert "binds central government departments" in regimes["ppn_009_binding"].says
    assert "Others in the public sector, such as councils, may adopt it." in regimes["ppn_009_adopted"].says
    assert "not yet confirmed by a lawyer" in (regimes["nhs"].not_confirmed or "")
    assert RULES.limits.source.url.startswith("https://www.gov.uk/")
