"""What is stored of suppliers: each buyer's rows are its own, and go with it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.core.db import Database
from assess.core.events import providers_of
from assess.core.exports import strip_invalid_xml, unescape_formulas
from assess.core.forms.fields import date_as_typed
from assess.core.forms.form import FormResult, form_of
from assess.identity.models import Organisation
from assess.question_banks.contracts import contract_rules_from
from assess.question_banks.files import bundled_files
from assess.question_banks.shapes import ASKS, CHARACTERISTICS, REGIMES, SCHEMES, TIERS
from assess.suppliers.contract_forms import (
    BY_TIER,
    FIELD_LABELS,
    ContractChange,
    ContractDetailsForm,
    HeadingsForm,
    StepsForm,
    TierForm,
    day_at,
    form_data_from,
    format_pounds,
    list_changes,
)
from assess.suppliers.contracts import CONTRACT_FIELDS as KEPT
from assess.suppliers.contracts import ContractEntry
from assess.suppliers.forms import (
    INVISIBLE,
    MIXED_ALPHABETS,
    NO_ADDRESS,
    NO_NUMBERS,
    NO_QUOTES,
    NOTHING_HANDED_OVER,
    MessageField,
)
from assess.suppliers.models import (
    MAX_MESSAGE_LENGTH,
    Contract,
    DeclineReason,
    ExternalResult,
    HeadingLevel,
    InvitationLink,
    InvitationStatus,
    NotDuplicate,
    Regime,
    RequestLevel,
    RiskTier,
    Scheme,
    Supplier,
    SupplierInvitation,
    SupplierNamingConsent,
    SupplierSize,
    SupplyChainVisibility,
    VisibilityLevel,
)
from assess.suppliers.presenters import (
    DECLINE_LABELS,
    DECLINE_LABELS_FOR_BUYER,
    SIZE_LABELS,
    STATUS_HINTS,
    STATUS_LABELS,
    TIER_LABELS,
    BuyerNavItem,
    code_label,
)
from assess.suppliers.supplier_invitations import open_invitation
from assess.suppliers.views_contracts import contracts_csv, contracts_xlsx, export_columns
from tests.conftest import TODAY, Visitor
from tests.core.audit.test_completeness import counting
from tests.core.payloads import PAYLOADS
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer, a_supplier, invited
from tests.suppliers.invite import conftest as invite
from tests.suppliers.invite.conftest import Council
from tests.suppliers.supplier_invitations.invited_clients import lets_in

council = invite.council


def usual(tier: RiskTier) -> RequestLevel:
    return {RiskTier.LOW: RequestLevel.NOTHING, RiskTier.MEDIUM: RequestLevel.QUICK, RiskTier.HIGH: RequestLevel.FULL}[
        tier
    ]


def contract(**typed: str) -> FormResult:
    return ContractDetailsForm().read(MultiDict({"title": "Potatoes", "regime": "own", **typed}))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("27 3 2027", date(2027, 3, 27)),
        (" 27/03/2027 ", date(2027, 3, 27)),
        ("27.3.2027", date(2027, 3, 27)),
        ("2027-03-27", date(2027, 3, 27)),
        ("27 Mar 27", date(2027, 3, 27)),
        ("29 2 2028", date(2028, 2, 29)),
        ("", None),
        ("  ", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: date | None) -> None:
    assert contract(starts=typed)["starts"] == day
    assert day is None or contract(starts=date_as_typed(day))["starts"] == day


@pytest.mark.parametrize(
    "typed", ["29 2 2027", "soon", "3 27 2027", "27 3 1927", "1 1 1066", "٢٧ ٣ ٢٠٢٧ x", "27 3 20277"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    assert list(contract(starts=typed).errors) == ["starts"]


def test_the_last_day_is_not_before_the_first() -> None:
    assert contract(starts="2 3 2027", ends="1 3 2027", title="").errors == {
        "title": "Enter the title of the contract.",
        "ends": "Enter a last day that is not before the first day.",
    }
    assert contract(starts="2 3 2027", ends="2 3 2027").errors == {}


@pytest.mark.parametrize(
    ("typed", "pounds"),
    [
        ("£1,200,000", 1_200_000),
        ("0", 0),
        ("12 000.00", 12_000),
        ("1.2m", 1_200_000),
        ("12.50", 12),
        ("９９", 99),
        ("", None),
        ("1000000000000", 10**12),
    ],
)
def test_pounds_are_read_as_people_write_them(typed: str, pounds: int | None) -> None:
    read = contract(value_gbp=typed)
    assert (read.errors, read["value_gbp"]) == ({}, pounds)


@pytest.mark.parametrize("typed", ["-5", "1e9", "1000000000001", "ten"])
def test_other_pounds_are_refused(typed: str) -> None:
    assert list(contract(value_gbp=typed).errors) == ["value_gbp"]


def test_details_are_on_one_line_and_hold_nothing_that_no_file_can_hold() -> None:
    read = contract(title=" School  potatoes\n ", regime="nhs", reference="C\r\n17")
    assert (read["title"], read["reference"], read["regime"]) == ("School potatoes", "C 17", Regime.NHS)
    assert list(contract(title="School\x00 \x1b potatoes").errors) == ["title"]


def test_headings_that_nobody_chose_are_not_known_and_a_made_up_level_is_refused() -> None:
    def headings(**typed: str) -> FormResult:
        return HeadingsForm.of(["a", "b", "c"]).read(MultiDict(typed))

    read = headings(level_a="high", note_a=" Field ", level_b="not_known")
    assert (read.values, read.errors) == ({"levels": {"a": "high"}, "notes": {"a": "Field"}}, {})
    assert list(headings(level_a="huge").errors) == ["level_a"]
    assert list(headings(note_a="x" * 301).errors) == ["note_a"]


def test_a_tier_brings_what_it_asks_unless_somebody_says_why_not() -> None:
    def tier(**typed: str) -> FormResult:
        return TierForm(usual).read(MultiDict(typed))

    read = tier(tier="medium", tier_reason="R", asks=BY_TIER, asks_reason="left over")
    assert read.errors == {}
    assert read.values == {"tier": RiskTier.MEDIUM, "tier_reason": "R", "asks": RequestLevel.QUICK, "asks_reason": ""}
    assert list(tier(tier="medium", tier_reason="R", asks="full").errors) == ["asks_reason"]
    assert list(tier(tier="medium", tier_reason="", asks="full").errors) == ["tier_reason", "asks_reason"]
    read = tier(tier="medium", tier_reason="R", asks="full", asks_reason="New site")
    assert (read.errors, read["asks"]) == ({}, RequestLevel.FULL)
    assert set(tier().errors) == {"tier", "tier_reason"}
    assert list(tier(tier="low", tier_reason="R", asks="all").errors) == ["asks"]


def test_steps_keep_their_lines_and_are_never_cut() -> None:
    read = StepsForm().read(MultiDict({"design": "One\r\nTwo", "terms": "x" * 2000, "management": "x" * 2001}))
    assert (read["design"], list(read.errors)) == ("One\nTwo", ["management"])


def test_values_come_back_as_they_were_typed() -> None:
    values = {"starts": date(2027, 3, 27), "ends": None, "regime": Regime.OWN, "value_gbp": 12, "levels": {"a": "high"}}
    assert form_data_from(
        {**values, "notes": {"a": "N"}, "tier": RiskTier.LOW, "asks": RequestLevel.NOTHING}, usual
    ) == {
        "starts": "27 3 2027",
        "ends": "",
        "regime": "own",
        "value_gbp": "12",
        "level_a": "high",
        "note_a": "N",
        "tier": "low",
        "asks": BY_TIER,
    }
    assert form_data_from({"tier": RiskTier.LOW, "asks": RequestLevel.FULL}, usual)["asks"] == "full"


TEXTS = contract_rules_from(bundled_files())


def test_what_changed_is_said_field_by_field_and_heading_by_heading() -> None:
    before = {"tier": None, "starts": "2026-04-01", "value_gbp": 1200, "levels": {}, "notes": {"industry": "Field"}}
    after = {"tier": "high", "starts": None, "value_gbp": None, "levels": {"location": "high"}, "notes": {}}
    assert list_changes(before, {**after, "asks": "full", "regime": "nhs"}, TEXTS) == [
        ContractChange("Value", "£1,200", "nothing"),
        ContractChange("First day", "1 April 2026", "nothing"),
        ContractChange("Rules", "nothing", "NHS regulations"),
        ContractChange("Supplier location: level", "Not known", "High"),
        ContractChange("Industry type: note", "Field", "nothing"),
        ContractChange("Tier", "nothing", "High"),
        ContractChange("Asked of the supplier", "nothing", "The full assessment"),
    ]
    assert list_changes({"reference": ""}, {"reference": None}, TEXTS) == []


def test_every_field_that_is_kept_has_a_name_on_the_page() -> None:
    assert set(KEPT) - set(FIELD_LABELS) == {"decided_at"}  # the entry has its own day


def test_days_are_those_of_the_united_kingdom() -> None:
    assert day_at(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "1 July 2026"
    assert (format_pounds(None), format_pounds(0)) == ("", "£0")


@pytest.mark.both_databases
def test_what_was_said_goes_with_either_organisation_and_with_the_entry(database: Database) -> None:
    with database.writing() as session:
        council, shop, farm = (a_buyer(session, name) for name in ("Council", "Shop", "Farm"))
        for buyer in (council, shop):
            session.add(
                SupplyChainVisibility(organisation_id=farm.id, buyer_id=buyer.id, shows=VisibilityLevel.NAMES, at=TODAY)
            )
        session.add(SupplierNamingConsent(supplier_id=a_supplier(session, farm, "A").id, may=True, name="A", at=TODAY))
        session.flush()
        session.delete(council)
        session.flush()
        assert session.scalars(select(SupplyChainVisibility.buyer_id)).all() == [shop.id]
        session.delete(farm)
        session.flush()
        for table in (SupplyChainVisibility, SupplierNamingConsent):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_the_words_that_are_stored_are_those_of_the_files() -> None:
    assert tuple(one.value for one in Regime) == REGIMES
    assert tuple(one.value for one in RiskTier) == TIERS
    assert tuple(one.value for one in RequestLevel) == ASKS
    assert {one.value for one in HeadingLevel} == {*TIERS, "not_known"}
    assert len(CHARACTERISTICS) == 6


@pytest.mark.both_databases
def test_a_couple_stands_in_one_order_and_goes_with_either_entry(database: Database) -> None:
    with database.writing() as session:
        council = a_buyer(session, "The Council")
        smaller, larger = sorted((a_supplier(session, council, name) for name in "AB"), key=lambda one: one.id)
        inner = session.begin_nested()
        session.add(NotDuplicate(one_id=larger.id, other_id=smaller.id, at=TODAY))
        with pytest.raises(IntegrityError):
            session.flush()
        inner.rollback()
        session.add(NotDuplicate(one_id=smaller.id, other_id=larger.id, at=TODAY))
        session.flush()
        session.delete(larger)
        session.flush()
        assert session.scalar(select(func.count()).select_from(NotDuplicate)) == 0


def test_the_schemes_that_are_stored_are_those_of_the_files() -> None:
    assert tuple(one.value for one in Scheme) == SCHEMES


def test_nothing_of_it_is_free_text_but_the_name_of_who_decided() -> None:
    texts = {
        column.name
        for column in ExternalResult.__table__.columns
        if type(column.type).__name__ in {"String", "Encrypted"}
    }
    assert texts == {"decided_by"}


@pytest.mark.both_databases
def test_one_buyer_has_a_supplier_once_and_two_buyers_have_two_rows(session: Session) -> None:
    council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
    one = a_supplier(session, council, "Farm", email="a@b.example")
    assert a_supplier(session, council, "FARM", email="A@b.example").id == one.id
    assert a_supplier(session, shop, "Farm", email="a@b.example").id != one.id


@pytest.mark.both_databases
def test_everything_goes_with_the_buyer(session: Session) -> None:
    council = a_buyer(session, "The Council")
    invited(session, a_supplier(session, council, "Farm"))
    session.execute(delete(Organisation).where(Organisation.id == council.id))
    for table in (Supplier, SupplierInvitation, InvitationLink):
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.both_databases
def test_no_supplier_is_a_part_of_itself(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    farm.merged_into = farm.id
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_an_invitation_lives_until_it_ended(session: Session) -> None:
    found = invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm"))
    assert found.lives
    assert found.events.startswith(f"supplier invitation {found.id.hex}")


@pytest.mark.parametrize(
    "typed",
    [
        "See https://pay.example",
        "See www.pay.example",
        "See PAY.com",
        "See a.pay.co.uk today",
        "See pay.zone/now",
        "See pay\N{FULLWIDTH FULL STOP}com",
        "Write to ann@council.example.",
        "Write to pay.norfolk＠fastmail",
        "See norfolk-pay.ltd",
        "See norfolk-pay\N{IDEOGRAPHIC FULL STOP}com",
        "See norfolk-pay\N{HALFWIDTH IDEOGRAPHIC FULL STOP}com",
        "See norfolk-pay\N{ONE DOT LEADER}com",
        "See norfolk.xn--p1ai",
        "See norfolk-pay dot com",
        "See norfolk-pay (dot) co",
        "See norfolk-pay .co",
        "See norfolk-pay. com",
        "See bit.ly now",
        "See norfolkcouncil\N{BULLET}com",
        "See norfolkcouncil\N{TWO DOT PUNCTUATION}com",
        "See norfolkcouncil D0T com",
        "See norfolkcouncil point com",
        "See norfolkcouncil,com",
        "See norfolkcouncil(.)com",
        "See bit ly slash abc",
    ],
)
def test_nothing_leads_elsewhere(typed: str) -> None:
    assert MessageField().read(typed) == ("", NO_ADDRESS)


@pytest.mark.parametrize(
    "typed",
    [
        "Ring 01603 123456",
        "Ring 0 7 7 0 0",
        "Ring 0-7.7(0)0",
        "Ring 0\N{EN DASH}7\N{NO-BREAK SPACE}7 \N{BULLET} 00",
        "Ring ７７００９",
        "Ring ٠١٢٣٤",
        "Ring ①②③④⑤",
        "Ring 7\N{COMBINING ENCLOSING KEYCAP}7\N{COMBINING ENCLOSING KEYCAP}009",
        "Ring oh seven seven double oh",
        "Ring Zero-Seven-Seven-Zero-Nine",
        "Ring nought 7, seven 9 and two",
        "Our bank is new.",
        "The BANKING is new.",
        "About your account",
        "accounts",
        "Send the payment",
        "invoices",
        "Invoiced",
        "Your password",
        "sort code",
        "Sort-codes",
        "Call 077OO 9OO l23",
        "Call 0 7 O o l",
        "Call 0770; then 0900; then 123",
        "Ring 07 at 70 at 09",
        "Send us 500 pounds",
        "£500",
        "Pay us.",
        "A fee",
        "Buy gift cards.",
        "vouchers",
        "a transfer",
        "Your fine",
        "a penalty",
        "a refund",
        "Send the codes",
        "Ring 07 70 then nine double oh then one two three then four five six.",
        "Ring o seven seven, then zero zero nine, then hundred.",
        "Ring 〇一二三四五六",
        "Ring Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ",
        "ᴘᴀʏ us by ʙᴀɴᴋ",
        "\u0420\u0430\u0443 us",  # all three letters of another script
        "p a y us",
        "P4y us",
        "Our b\N{COMBINING ACUTE ACCENT}ank",
        "Our ｂａｎｋ",
    ],
)
def test_no_numbers_and_no_payments(typed: str) -> None:
    assert MessageField().read(typed) == ("", NO_NUMBERS)


@pytest.mark.parametrize(
    "typed",
    [
        "Thank you.” We checked this letter with the police.",
        'Thank you." We checked it.',
        "Thank you.'' We checked it.",
        "Thank you.’’ We checked it.",
        "„Regards",
        "«Regards»",
        "\N{FULLWIDTH QUOTATION MARK}Regards",
        "\N{HEAVY DOUBLE COMMA QUOTATION MARK ORNAMENT} Regards",
        "‘Regards",
    ],
)
def test_nothing_ends_the_quotation_in_which_the_email_puts_it(typed: str) -> None:
    assert MessageField().read(typed) == ("", NO_QUOTES)


def test_a_message_that_is_far_too_long_comes_back_whole() -> None:
    typed = "word " * 999 + "end."
    result = form_of({"message": MessageField()}).read(MultiDict({"message": typed}))
    assert result.typed["message"] == typed
    assert result.errors == {"message": "Your message has 4,999 characters. Write it in 1,000 or fewer."}


@pytest.mark.parametrize(
    "typed",
    [
        "Reply to this email.",
        "Reply with their names.",
        "Email us.",
        "Send copies of your workers’ passports.",
        "Bring their identity documents.",
        "Bring cash.",
        "Send Bitcoin to us.",
        "WhatsApp me.",
        "Text START to 60 60",
        "ʀᴇᴘʟʏ ᴛᴏ us",
    ],
)
def test_nothing_is_handed_over_and_nobody_writes_back(typed: str) -> None:
    assert MessageField().read(typed) == ("", NOTHING_HANDED_OVER)


@pytest.mark.parametrize("typed", ["Our b\u0430nk", "Norfolk d\u043et com"])
def test_each_word_is_of_one_alphabet(typed: str) -> None:
    assert MessageField().read(typed) == ("", MIXED_ALPHABETS)


@pytest.mark.parametrize("sign", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\u3164", "\u2800", "\u115f", "\u1160", "\u200b"])
def test_every_sign_can_be_seen(sign: str) -> None:
    assert MessageField().read(f"See ev{sign}il") == ("", INVISIBLE)


def test_it_is_one_line_so_that_it_looks_like_no_part_of_the_email() -> None:
    assert MessageField().read(" Please.\r\n\r\nHello,\n\nopen this: \t") == ("Please. Hello, open this:", "")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "We would like to hear from you before Easter.",
        "Thank you for 12 years of work together.",
        "At 9.30, e.g. Monday.",
        "Since 2019 I have known you. You will help us, and we’ll help you.",
        "One of four or five farms by the riverbank.",
        "One hundred and twenty five farms were asked.",
        "Благодарим за заявката, без забавяне",
        "It’s the farms’ and the workers’ view we want, at no cost to you.",
        "One of our five depots has twenty people; one has two.",
        "Call Ann if you are stuck. She will reply.",
    ],
)
def test_everything_else_goes(typed: str) -> None:
    assert MessageField().read(typed) == (typed, "")


def test_too_long_a_one_is_not_cut() -> None:
    assert MessageField().read("a" * MAX_MESSAGE_LENGTH)[1] == ""
    assert "1,001 characters" in MessageField().read("a" * (MAX_MESSAGE_LENGTH + 1))[1]


TITLES = [column.title for column in export_columns(TEXTS)]
DAY = date(2026, 11, 24)


def entry(text: str = "Potatoes", **said: object) -> ContractEntry:
    whole = {
        "title": text,
        "reference": text,
        "value_gbp": 120_000,
        "starts": date(2026, 4, 1),
        "ends": None,
        "regime": Regime.PPN_009_ADOPTED,
        "levels": {"industry": "high"},
        "notes": {"industry": text},
        "tier": RiskTier.HIGH,
        "tier_reason": text,
        "proposed": RiskTier.HIGH,
        "asks": RequestLevel.FULL,
        "asks_reason": text,
        "decided_by": text,
        "decided_at": TODAY,
        "design": text,
        "terms": text,
        "management": f"{text}\n{text}",
        "review_on": None,
        "changed_at": TODAY,
        **said,
    }
    return Contract(**whole), Supplier(name=text, reference=text)


def test_the_table_reads_back_with_iso_dates() -> None:
    raw = contracts_csv([entry()], TEXTS)
    assert raw.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))
    assert list(row) == TITLES
    assert (row["First day"], row["Last day"], row["Value in pounds"]) == ("2026-04-01", "", "120000")
    assert (row["Tier"], row["Decided on"], row["Rules"]) == ("High", "2026-11-24", "PPN 009 (adopted)")
    assert (row["Industry type"], row["Supplier location"]) == ("High", "Not known")
    assert row["Proposed tier now"] == "High"


def test_no_payload_in_any_field_is_a_formula_in_the_table_and_all_read_back() -> None:
    rows = list(
        csv.reader(
            io.StringIO(contracts_csv([entry(text) for text in PAYLOADS], TEXTS).decode("utf-8-sig"), newline="")
        )
    )
    assert len(rows) == len(PAYLOADS) + 1
    for payload, row in zip(PAYLOADS, rows[1:], strict=True):
        assert unescape_formulas(row[2]) == payload
        assert not any(cell.lstrip(' \t\r\n"').startswith(("=", "+", "-", "@")) for cell in row)


def test_the_sheet_has_typed_cells_and_no_formula_whatever_was_typed() -> None:
    file = contracts_xlsx([entry(), *(entry(text) for text in PAYLOADS)], TEXTS, "=Council", DAY)
    book = load_workbook(io.BytesIO(file))
    sheet = book["Contracts"]
    assert [cell.value for cell in sheet[1]] == TITLES
    first = dict(zip(TITLES, sheet[2], strict=True))
    assert first["Value in pounds"].value == 120_000
    assert first["First day"].value == datetime(2026, 4, 1)  # noqa: DTZ001  # a sheet knows no zones
    assert first["Decided on"].number_format == "yyyy-mm-dd"
    for line, payload in enumerate(PAYLOADS, 3):
        assert sheet.cell(line, 3).value == strip_invalid_xml(payload).replace("\r", "\n") or "\r" in payload
    kinds = {cell.data_type for each in book for row in each.iter_rows() for cell in row}
    assert kinds == {"s", "n", "d"}
    with ZipFile(io.BytesIO(file)) as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


def test_the_sheet_says_what_it_is_and_that_the_proposal_is_ours() -> None:
    about = load_workbook(io.BytesIO(contracts_xlsx([], TEXTS, "The Council", DAY)))["About"]
    said = [str(row[0].value) for row in about.iter_rows()]
    assert said[0] == "Contracts of The Council: 0. Made on 2026-11-24."
    assert "The guidance gives no number. This proposal is this service’s own. You decide." in said
    assert any("not yet confirmed by a lawyer" in sentence for sentence in said)


def test_a_contract_nobody_decided_says_so() -> None:
    (_, row) = csv.reader(
        io.StringIO(contracts_csv([entry(tier=None, proposed=None, asks=None, decided_at=None)], TEXTS).decode())
    )
    assert row[TITLES.index("Tier")] == "Not decided yet"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_change_leaves_one_event(app: Flask, visit: Visitor, another_visit: Visitor) -> None:

    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example", name="Ann Lee")
        council = a_buyer(session, "The Council", buyer=ann)
        farm = a_supplier(session, council, "Fen Edge Growers")
        invitation = invited(session, farm)
        lets_in(app, another_visit, open_invitation(session, invitation, TODAY))
        home = f"/organisations/{council.id}/suppliers/{farm.id}"
        asked = f"/supplier-invitations/answer/{invitation.id}/external-result"
    sign_in(visit, app, ann)
    with counting(app) as (posted, looked):
        visit(f"{home}/contracts/new")
        where = visit.send(title="Potatoes", regime="own").address.rpartition("/")[0]
        visit.send(level_industry="high")
        visit(f"{where}/tier")
        visit.send(tier="high", tier_reason="Pickers.")
        visit(f"{where}/delete")
        visit.send(sure="yes")
        another_visit(asked)
        another_visit.send(scheme="msat", result_on="1 6 2026", scope="whole", interviews="dk")
        visit(f"{home}/external-results")
        visit.send("/accept")
        visit.send("/undo")
        visit.send("/refuse", why="too_old")
        another_visit(asked)
        another_visit.send("/withdraw")
    assert looked == []
    assert posted == {
        ("contracts.add_contract", 1): 1,
        ("contracts.edit_contract_part", 1): 2,
        ("contracts.delete_contract", 1): 1,
        ("supplier_invitations.send_external_result", 1): 1,
        ("external_results.accept_result", 1): 1,
        ("external_results.undo_decision", 1): 1,
        ("external_results.refuse_result", 1): 1,
        ("supplier_invitations.remove_external_result", 1): 1,
    }


def test_the_menu_stands_in_its_order_and_says_where_one_is(visit: Visitor, council: Council) -> None:  # the fixture
    page = visit(f"{council.suppliers}/new")
    links = page.soup.select(".assess-buyer-menu a")
    shown = [link.get_text(strip=True) for link in links]
    assert shown == [way.words for way in providers_of(BuyerNavItem)]
    assert [link.get_text(strip=True) for link in links if link.get("aria-current")] == ["One new supplier"]


def test_everything_has_its_words() -> None:
    assert set(STATUS_LABELS) == set(STATUS_HINTS) == set(InvitationStatus)
    assert set(SIZE_LABELS) == set(SupplierSize)
    assert set(TIER_LABELS) == set(RiskTier)
    assert set(DECLINE_LABELS) == set(DECLINE_LABELS_FOR_BUYER) == set(DeclineReason)
    assert code_label("car_washes") == "Car washes"
