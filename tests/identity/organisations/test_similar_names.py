"""Names that somebody could take for another, and names that nobody would."""

from __future__ import annotations

import threading
import uuid

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.identity.access import OrganisationResource
from assess.identity.current_user import CurrentUser
from assess.identity.models import ConfirmationMethod, MemberInvitation, NameState, Organisation, Role, StaffRole
from assess.identity.organisations import similar_names
from assess.identity.organisations.name_confirmation import NameConfirmation, confirm_organisation_name
from assess.identity.organisations.services import lock_organisation
from assess.identity.organisations.similar_names import (
    SimilarNameIndex,
    are_nearly_equal,
    comparable_forms,
    has_initials_of,
    reserved_word_in,
)
from assess.identity.permissions import ForbiddenError, Relation, authorise
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import an_organisation, database_of
from tests.identity.organisations.conftest import Farm

ALIKE = [
    ("Tesco Stores Ltd", "TESCO STORES LIMITED"),
    ("Tesco Stores", "Tesco Stores plc"),
    ("Tesco Stores", "Tesco-Stores"),
    ("Tesco Stores", "TescoStores"),
    ("The Fen and Edge", "Fen & Edge"),
    ("Fen Edge (UK)", "Fen Edge"),
    ("Fen Edge LLP", "Fen Edge CIC"),
    ("Fen Edge Community Interest Company", "Fen Edge"),
    ("Fen Edge Public Limited Company", "Fen Edge P.L.C."),
    ("Café Edge", "Cafe Edge"),
    ("Łódź Foods", "Lodz Foods"),
    ("Norfolk County Council", "Norfo1k C0unty Council"),
    ("Norfolk County Council", "Norfolk Country Council"),
    ("Norfolk County Council", "Norfolk Conuty Council"),
    ("Norfolk County Council", "Nofolk County Council"),
    ("Norfolk County Council", "Norfolk County Councill"),
    ("Norfolk County Council", "NORFOLK  COUNTY  COUNCIL."),
    ("\u041d\u043erfolk County", "Horfolk County"),
    ("\u0422\u0415\u0421\u041a\u041e", "TECKO"),
    ("\u0440\u0430\u0443", "pay"),
    ("\u039c\u0391\u03a1\u039a\u03a3 Foods", "MAPK\u03a3 Foods"),
    ("Marks & Spencer", "Marks and Spencer"),
    ("Mark’s & Spencer", "Marks & Spencer"),
    ("N.H.S. Norfolk", "NHS Norfolk"),
    ("Barn Owl Farm", "Bam Owl Farm"),
    ("\uff34\uff45\uff53\uff43\uff4f", "Tesco"),
    ("Sainsbury’s", "Sainsburys Limited"),
    ("Wavveney Foods", "Waweney Foods"),
    ("Greenyard Fresh", "Greenyards Fresh"),
    ("Anglian Water Services", "Anglian Water Service Ltd"),
]
APART = [
    ("Tesco", "Asda"),
    ("Tesco", "Tosco"),
    ("Fen Edge", "Fen Farm"),
    ("Farm One", "Farm Two"),
    ("Norfolk County Council", "Suffolk County Council"),
    ("Norfolk County Council", "North Norfolk District Council"),
    ("Norwich City Council", "Norwich City College"),
    ("Green Growers", "Grey Growers & Sons"),
    ("Hill Farm", "Mill Farm Shop"),
    ("Sea View", "Sea Vista"),
    ("Marks & Spencer", "Marks & Sparks"),
    ("Bam", "Ban"),
    ("ABC Ltd", "ABD Ltd"),
    ("The Limited", "The Company"),
    ("Kings Lynn Wash", "Queens Lynn Wash"),
    ("Smith & Sons", "Smith & Daughters"),
    ("East Farm", "West Farms"),
    ("Anglia Poultry", "Anglia Pottery Works"),
    ("Sunny Car Wash", "Shiny Car Valet"),
    ("Fresh Produce", "French Pastry"),
    ("River Cottage", "River College Ltd"),
    ("Dell", "Bell"),
    ("Coop", "Hoop"),
    ("Castle Hotel", "Cattle Market"),
    ("Broadland Hotels", "Breckland Motels"),
    ("Norfolk Police", "Norfolk Pottery"),
    ("\u041a\u0430\u0444\u0435", "Кино"),
    ("Lynn Labour", "Linen Laundry"),
    ("Holt Hall", "Hoult Halls & Co"),
    ("UK Growers", "EU Growing"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_looks_the_same_is_alike(one: str, other: str) -> None:
    assert SimilarNameIndex([other]).alike(one)
    assert SimilarNameIndex([one]).alike(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_looks_different_is_not(one: str, other: str) -> None:
    assert not SimilarNameIndex([other]).alike(one)
    assert not SimilarNameIndex([one]).alike(other)


def test_there_are_thirty_of_each() -> None:
    assert len(set(ALIKE)) == len(set(APART)) == 30


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("NCC", True),
        ("NCC Payments", True),
        ("N.C.C. Ltd", True),
        ("Nice Car Centre", True),
        ("Norfolk Cars", False),
        ("NC", False),
    ],
)
def test_initials_of_a_public_body(name: str, *, counts: bool) -> None:
    assert has_initials_of(name, "Norfolk County Council") is counts
    assert not has_initials_of(name, "Broads Authority"), "two letters are the initials of too many"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("Eastshire C0uncil", "council"),
        ("The Police Fund", "police"),
        ("NHS Supplies", "nhs"),
        ("H.M.R.C. Refunds", "hmrc"),
        ("HomeOffice Visas", "home office"),
        ("Her Majesty’s Government", "government"),
        ("Gangmasters Authority Ltd", "authority"),
        ("Modern Slavery Helpline", "helpline"),
        ("Eastshire Anti Slavery Network", "Eastshire Anti-Slavery Network"),
        ("Policy Farm", None),
        ("John Smith Growers", None),
    ],
)  # fmt: skip
def test_words_that_make_people_do_what_they_say(name: str, word: str | None) -> None:
    assert reserved_word_in(name, ["Eastshire Anti-Slavery Network"]) == word


@pytest.mark.parametrize(
    "name", ["Norfolk County (Council)", "Norfolk County [Council] Ltd", "(Norfolk) County Council"]
)
def test_brackets_hide_no_word(name: str) -> None:
    assert SimilarNameIndex(["Norfolk County Council"]).alike(name)
    assert reserved_word_in(name) == "council"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("N H S Norfolk", "nhs"),
        ("H M R C", "hmrc"),
        ("Norfolk Constabulary", "constabulary"),
        ("The Revenue", "revenue"),
        ("Ministry of Work", "ministry"),
        ("Trading-Standards East", "trading standards"),
        ("Eastshire Fire & Rescue", "fire and rescue"),
        ("East Ambulance", "ambulance"),
        ("County Court Collections", "court"),
        ("Employment Tribunal", "tribunal"),
        ("Police & Crime Fund", "police and crime"),
        ("Harcourt Farm", None),
        ("A B Cars", None),
    ],
)
def test_more_words_that_make_people_do_what_they_say(name: str, word: str | None) -> None:
    assert reserved_word_in(name) == word


def are_similar(one: str, other: str) -> bool:
    """What the index has to find: any of the forms nearly the same, or where nothing is left of a name, the same as written."""
    ours, theirs = comparable_forms(one), comparable_forms(other)
    if not ours or not theirs:
        return one.casefold() == other.casefold()
    return any(are_nearly_equal(first, second) for first in ours for second in theirs)


NAMES = [name for pair in (*ALIKE, *APART) for name in pair] + ["!?", "!?", "Ltd"]


def test_it_finds_what_comparing_each_with_each_finds() -> None:
    names = SimilarNameIndex(NAMES)
    for one in NAMES:
        wanted = {place for place, other in enumerate(NAMES) if are_similar(one, other)}
        assert names.alike(one) == wanted, one


def test_what_cannot_be_nearly_the_same_is_not_compared_letter_by_letter() -> None:
    names = SimilarNameIndex([f"Farm of {chr(97 + place % 26) * 9} and {place} more" for place in range(500)])
    names.alike("Norfolk County Council")
    assert names.compared == 0


def test_beyond_so_many_comparisons_a_name_counts_as_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of the same letters in another order: nobody hides one behind many."""
    monkeypatch.setattr(similar_names, "MAX_COMPARED", 3)
    names = SimilarNameIndex(["abcdefghij", "jihgfedcba", "jihgfedcab", "ihgfedcbaj", "hgfedcbaij"])
    assert names.alike("abcdefghij") == {0, 4}, "the fourth comparison is not made"
    assert names.compared == 4


@pytest.mark.both_databases
def test_a_name_confirmed_while_another_is_saved_does_not_count_for_the_other(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    """Two sessions: an administrator holds the organisation and confirms it; a manager sends another name meanwhile."""
    as_ann(farm.path("/details"))
    saved: list[int] = []
    sending = threading.Thread(target=lambda: saved.append(as_ann.send("/details", name="Somebody Else").status))
    with database_of(app).writing() as session:
        held = lock_organisation(session, farm.farm.id)
        assert held is not None
        confirm_organisation_name(
            session, held, NameConfirmation(ConfirmationMethod.KNOWN, "Known in person", (), None, ""), TODAY
        )
        session.flush()
        sending.start()
        sending.join(1)  # it waits for what is held
        assert not saved
    sending.join()
    assert saved == [200]
    with database_of(app).reading() as look:
        found = look.get_one(Organisation, farm.farm.id)
    assert (found.name, found.name_state) == ("Somebody Else", NameState.UNCONFIRMED)


@pytest.mark.both_databases
def test_an_address_has_one_invitation_in_one_organisation(session: Session) -> None:
    farm = an_organisation(session, "Farm")
    for _ in range(2):
        session.add(
            MemberInvitation(organisation_id=farm.id, email="k@f.example", roles="signer", made_at=TODAY, until=TODAY)
        )
    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.both_databases
def test_it_gives_what_it_says() -> None:
    one = MemberInvitation(id=uuid.UUID(int=3), roles=" ".join(Role))
    assert one.as_roles == set(Role)
    assert len(one.roles) <= 80
    assert one.event == f"invitation {uuid.UUID(int=3)}"


FARM = OrganisationResource(uuid.UUID(int=1))
ACTIONS = ("organisation.read", "organisation.manage", "organisation.answers")


def somebody(*roles: Role, desk: StaffRole | None = None, where: uuid.UUID = FARM.id) -> CurrentUser:
    held = {where: frozenset(roles)} if roles else {}
    return CurrentUser(
        uuid.UUID(int=2), "a@b.example", "", desk, held, uuid.UUID(int=3), second_step=True, proven_at=TODAY
    )


def may(who: CurrentUser | None) -> set[str]:
    allowed = set()
    for action in ACTIONS:
        try:
            authorise(who, action, FARM)
        except ForbiddenError:
            continue
        allowed.add(action)
    return allowed


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        (None, set()),
        (somebody(), set()),
        (somebody(Role.MANAGER), set(ACTIONS)),
        (somebody(Role.RESPONDENT), {"organisation.read", "organisation.answers"}),
        (somebody(Role.SIGNER), {"organisation.read", "organisation.answers"}),
        (somebody(Role.BUYER), {"organisation.read"}),
        (somebody(Role.MANAGER, where=uuid.UUID(int=9)), set()),
        (somebody(desk=StaffRole.ADMINISTRATOR), set()),
        (somebody(desk=StaffRole.COORDINATOR), set()),
    ],
)
def test_each_role_may_what_it_is_for(who: CurrentUser | None, allowed: set[str]) -> None:
    assert may(who) == allowed


def test_a_buyer_is_a_member_who_buys_and_nothing_else() -> None:
    assert FARM.relations(somebody(Role.BUYER)) == {Relation.MEMBER, Relation.BUYER}
