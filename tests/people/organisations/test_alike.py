"""Names that somebody could take for another, and names that nobody would."""

from __future__ import annotations

import pytest

from assess.people.organisations.alike import are_alike, has_initials_of, reserved_in

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
    assert are_alike(one, other)
    assert are_alike(other, one)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_looks_different_is_not(one: str, other: str) -> None:
    assert not are_alike(one, other)
    assert not are_alike(other, one)


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
    assert reserved_in(name, ["Eastshire Anti-Slavery Network"]) == word


@pytest.mark.parametrize(
    "name", ["Norfolk County (Council)", "Norfolk County [Council] Ltd", "(Norfolk) County Council"]
)
def test_brackets_hide_no_word(name: str) -> None:
    assert are_alike(name, "Norfolk County Council")
    assert reserved_in(name) == "council"


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
    assert reserved_in(name) == word
