from __future__ import annotations

import io
import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from assess.suppliers.contracts import ChangedBy, create_contract, decide_tier
from assess.suppliers.models import Contract, Regime, RequestLevel, RiskTier, Supplier
from assess.suppliers.views_contracts import CONTRACT_PARTS, _read_revision, contract_or_404
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, invited


def test_a_contract_is_found_by_its_own_buyer_alone(session: Session) -> None:
    council, shop = a_buyer(session, "Council"), a_buyer(session, "Shop")
    farm = a_supplier(session, council, "Fen Edge")
    made = create_contract(session, farm, {"title": "Potatoes", "regime": Regime.OWN}, TODAY, by=ChangedBy(None, "Ann"))
    assert contract_or_404(session, council.id, made.id).supplier is farm
    for buyer_id, contract_id in ((shop.id, made.id), (council.id, uuid.uuid4())):
        with pytest.raises(NotFound):
            contract_or_404(session, buyer_id, contract_id)


@dataclass
class Register:
    """A buyer who is signed in, a supplier, and where the pages are."""

    app: Flask
    home: str
    supplier_id: uuid.UUID

    @property
    def of_supplier(self) -> str:
        return f"{self.home}/{self.supplier_id}/contracts"


@pytest.fixture
def register(app: Flask, visit: Visitor) -> Register:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers", sector="farming")
        made = Register(app, f"/organisations/{council.id}/suppliers", farm.id)
    sign_in(visit, app, ann)
    return made


def entered(visit: Visitor, register: Register, **typed: str) -> str:
    """Put one on the register. Returns the address of its page."""
    visit(f"{register.of_supplier}/new")
    page = visit.send(**{"title": "School potatoes", "regime": "ppn_009_adopted", **typed})
    assert page.heading == "The six headings"
    return page.address.rpartition("/")[0]


def test_a_contract_goes_from_the_form_to_the_tier_and_into_the_register(visit: Visitor, register: Register) -> None:
    assert "no contract on the register yet" in visit(f"{register.home}/contracts").text
    where = entered(visit, register, value_gbp="£120,000", starts="1 4 2026", ends="31/3/2029", review_on="24 11 2026")
    page = visit.send(level_industry="high", level_workforce="high", level_location="low", note_industry="Field crops")
    assert page.heading == "The tier"
    assert "Industry type: high." in page.text
    assert "Commodity type: not known, so it counts as high until you find out." in page.text
    assert "This proposal is this service’s own. You decide." in page.text
    page = visit.send(tier="medium", tier_reason="A short contract, and we know the farm.")
    assert page.heading == "What you did"
    page = visit.send(design="We visited before the tender.", terms="", management="Talk each spring.")
    assert page.address == where
    for words in ("Decided by Ann Lee", "Decided on 24 November 2026", "A short contract", "£120,000", "(due)"):
        assert words in page.text
    assert "Proposed then High" in page.text
    assert "Asked of the supplier The quick check" in page.text
    assert "Tier: nothing → Medium" in page.text
    page = visit(f"{register.home}/contracts")
    assert "School potatoes" in page.text
    assert "Fen Edge Growers : Medium, not asked" in page.text
    assert f"{register.home}/{register.supplier_id}/invitation" in page.html


@pytest.mark.parametrize(
    ("typed", "place", "sentence"),
    [
        ({"title": ""}, "title", "Enter the title of the contract."),
        ({"title": "x" * 161}, "title", "Use 160 characters or fewer; this has 161."),
        ({"value_gbp": "a lot"}, "value_gbp", "Enter the value in pounds, for example 120,000, or leave it empty."),
        ({"starts": "soon"}, "starts", "Enter the first day as day, month and year"),
        ({"starts": "31 2 2026"}, "starts", "There is no such day: check the day and the month."),
        ({"starts": "1 4 2026", "ends": "1 3 2026"}, "ends", "not before the first day"),
        ({"regime": "law of the land"}, "regime", "Choose which rules the contract follows."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_lost(
    visit: Visitor, register: Register, typed: dict[str, str], place: str, sentence: str
) -> None:
    visit(f"{register.of_supplier}/new")
    page = visit.send(**{"title": "School potatoes", "reference": "C-17", "regime": "own", **typed})
    assert page.status == 422
    assert sentence in page.text
    assert page.soup.select_one(f'.govuk-error-summary a[href="#{place}"]')
    assert page.soup.select_one(f"#{place}")
    assert page.fields()["reference"] == ["C-17"]
    assert "no contract with this supplier" in visit(register.of_supplier).text


def test_a_tier_needs_a_reason_and_so_does_asking_for_something_else(visit: Visitor, register: Register) -> None:
    where = entered(visit, register)
    visit(f"{where}/tier")
    page = visit.send(tier="high")
    assert (page.status, "Enter your reason." in page.text) == (422, True)
    page = visit.send(tier="high", tier_reason="Pickers from agencies.", asks="nothing")
    assert "Enter why you ask for something else" in page.text
    page = visit.send(asks_reason="It ends next month.")
    assert "Why that is asked It ends next month." in page.text
    assert "not asked" not in visit(f"{register.home}/contracts").text


def test_two_people_lose_nothing_and_the_second_is_told(
    app: Flask, visit: Visitor, another_visit: Visitor, register: Register
) -> None:
    where = entered(visit, register)
    with database_of(app).writing() as session:
        buyer_id = uuid.UUID(register.home.split("/")[2])
        bob = a_person(session, "bob@council.example", name="Bob Ash")
        session.add(_buys(buyer_id, bob.id))
    sign_in(another_visit, app, bob)
    visit(f"{where}/headings")
    another_visit(f"{where}/headings")
    another_visit.send(level_industry="high", level_location="high", note_industry="Bob saw it")
    page = visit.send(level_industry="low", level_workforce="medium")
    assert (page.status, page.heading) == (409, "The six headings")
    assert "Someone else changed this while you were working" in page.text
    assert "Industry type: level Saved now: High What you typed: Low" in page.text
    assert page.fields()["level_location"] == ["high"]  # what only Bob changed
    assert page.fields()["note_industry"] == ["Bob saw it"]
    assert page.fields()["level_workforce"] == ["medium"]
    page = visit.send()
    assert page.address == where
    for words in ("Industry type Low. Bob saw it", "Nature of the workforce Medium", "Supplier location High"):
        assert words in page.text
    assert "Changed by Bob Ash" in page.text
    visit(f"{where}/tier")
    another_visit(f"{where}/tier")
    another_visit.send(tier="high", tier_reason="Bob’s reason")
    page = visit.send(tier="medium", tier_reason="Ann’s reason")
    assert (page.status, page.fields()["tier_reason"]) == (409, ["Ann’s reason"])
    assert "Saved now: Bob’s reason" in page.text
    assert "Decided by Bob Ash" in visit(where).text


def test_changes_of_different_things_go_together_without_a_question(visit: Visitor, register: Register) -> None:
    where = entered(visit, register)
    visit(f"{where}/details")
    visit.send(title="Potatoes for schools", revision="2")
    visit(f"{where}/details")
    page = visit.send(title="School potatoes", reference="C-1", revision="1")
    assert page.status == 200
    assert "Potatoes for schools" in (page.heading or "")
    assert "Reference C-1" in page.text


def test_deleting_asks_first_and_the_history_stays(visit: Visitor, register: Register) -> None:
    where = entered(visit, register)
    visit(f"{where}/delete")
    page = visit.send()
    assert (page.status, "Tick the box if you are sure." in page.text) == (422, True)
    page = visit.send(sure="yes")
    assert page.address == register.of_supplier
    assert "School potatoes: deleted by Ann Lee on 24 November 2026" in page.text
    assert visit(where).status == 404


def test_the_register_can_be_narrowed_and_turned_over(app: Flask, visit: Visitor, register: Register) -> None:
    with database_of(app).writing() as session:
        supplier = session.get_one(Supplier, register.supplier_id)
        for number in range(51):
            create_contract(
                session,
                supplier,
                {"title": f"Contract {number:02}", "regime": Regime.OWN},
                TODAY,
                by=ChangedBy(None, "Ann"),
            )
        nhs = create_contract(session, supplier, {"title": "Zebra crossings", "regime": Regime.NHS, "review_on": TODAY.date()}, TODAY, by=ChangedBy(None, "Ann"))  # fmt: skip
        said = {"tier": RiskTier.HIGH, "tier_reason": "x", "asks": RequestLevel.FULL, "asks_reason": ""}
        decide_tier(session, nhs.id, said, RiskTier.HIGH, 1, TODAY, by=ChangedBy(None, "Ann"))
    home = f"{register.home}/contracts"
    assert "52 contracts" in visit(home).text
    assert "Zebra" not in visit(home).text
    assert "Zebra" in visit(f"{home}?page=2").text
    assert "Zebra" in visit(f"{home}?page=99").text
    for narrowed in ("tier=high", "regime=nhs", "review=due"):
        text = visit(f"{home}?{narrowed}").text
        assert ("1 contract" in text, "Zebra" in text, "Contract 01" in text) == (True, True, False), narrowed
    assert "51 contracts" in visit(f"{home}?tier=none").text
    assert "No contract fits that." in visit(f"{home}?tier=low").text
    assert "52 contracts" in visit(f"{home}?tier=%F0%9F&regime=x&page=-1").text


def test_the_files_hold_what_the_pages_hold(visit: Visitor, register: Register) -> None:
    entered(visit, register, title="=1+1", starts="1 4 2026")
    answer = visit(f"{register.home}/contracts/register.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="contracts-2026-11-24.csv"'
    assert '"Fen Edge Growers"' in answer.html
    assert '"\'=1+1"' in answer.html
    assert '"2026-04-01"' in answer.html
    answer = visit(f"{register.home}/contracts/register.xlsx")
    book = load_workbook(io.BytesIO(answer.response.get_data()))
    assert (book["Contracts"]["C2"].value, book["Contracts"]["C2"].data_type) == ("=1+1", "s")


def test_another_buyer_finds_nothing(app: Flask, visit: Visitor, another_visit: Visitor, register: Register) -> None:
    where = entered(visit, register)
    with database_of(app).writing() as session:
        eve = a_person(session, "eve@shop.example")
        shop = a_buyer(session, "The Shop", buyer=eve)
        theirs = f"/organisations/{shop.id}/suppliers"
        contract_id = session.query(Contract.id).scalar()
    sign_in(another_visit, app, eve)
    for address in (where, f"{where}/tier", f"{where}/delete", register.of_supplier, f"{register.home}/contracts"):
        assert another_visit(address).status == 404
    for address in (f"{theirs}/contracts/{contract_id}", f"{theirs}/{register.supplier_id}/contracts"):
        assert another_visit(address).status == 404
    assert "School" not in another_visit(f"{theirs}/contracts/register.csv").html
    assert visit(f"{where}/everything").status == 404


def test_a_supplier_asked_only_the_quick_check_is_listed_until_it_is_asked_for_the_form(
    app: Flask, visit: Visitor, register: Register
) -> None:
    where = entered(visit, register)
    visit(f"{where}/tier")
    visit.send(tier="high", tier_reason="Pickers.")
    with database_of(app).writing() as session:
        invitation = invited(session, session.get_one(Supplier, register.supplier_id))
        invitation.quick = True
    assert "High, asked only for the quick check" in visit(f"{register.home}/contracts").text
    with database_of(app).writing() as session:
        invited(session, session.get_one(Supplier, register.supplier_id))
    assert "Asked for less" not in visit(f"{register.home}/contracts").text


def _buys(organisation_id: uuid.UUID, person_id: uuid.UUID) -> object:
    from assess.identity.models import Membership, Role  # noqa: PLC0415  # one use

    return Membership(organisation_id=organisation_id, person_id=person_id, role=Role.BUYER, made_at=TODAY)


def test_a_revision_nobody_could_have_seen_is_never_taken_for_the_newest() -> None:
    assert [_read_revision(said, 7) for said in ("3", "7", "99", "", "-1", "x", "٣", "9" * 40)] == [
        3,
        7,
        7,
        1,
        1,
        1,
        1,
        1,
    ]


def test_a_new_contract_is_led_from_part_to_part() -> None:
    assert list(CONTRACT_PARTS) == ["details", "headings", "tier", "steps"]
    assert [part.following for part in CONTRACT_PARTS.values()] == ["", "tier", "steps", ""]
