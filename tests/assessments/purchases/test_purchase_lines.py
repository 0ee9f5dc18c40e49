"""What makes listing quick: few things first, one line for two things, the high ones at the top, and the way back."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.assessments.models import PurchaseEvent, PurchaseLine
from assess.assessments.purchase_lines import (
    _IN_THE_UK,
    _OTHER_NAMES,
    MAX_FILE_LINES,
    _normalise,
    read_country,
    read_purchases,
    split_goods,
)
from assess.assessments.purchase_pages import hidden_line_fields, read_goods, read_purchase_form, share_text
from assess.assessments.purchases import MAX_LINES, LineChange, LineContent, add_lines
from assess.engine.purchases import Purchase
from tests.reference_data import real


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("Prawns from Ecuador", [LineContent("prawns", "EC")]),
        ("Beef from Paraguay", [LineContent("beef", "PY")]),
        ("Prawns and shrimp from the UK", [LineContent("prawns and shrimp", "GB")]),
        ("Laundry and cleaning", [LineContent("laundry"), LineContent("cleaning")]),
        ("cleaning, and laundry & waste", [LineContent("cleaning"), LineContent("laundry"), LineContent("waste")]),
        ("tea and coffee from Kenya", [LineContent("tea", "KE"), LineContent("coffee", "KE")]),
    ],
)
def test_what_the_lists_know_is_taken_apart(written: str, lines: list[LineContent]) -> None:
    assert split_goods([written], real()) == lines


@pytest.mark.parametrize(
    "written",
    [
        "prawns",
        "milk and butter",  # one usual purchase
        "beer, wine and spirits",
        "fish and chips",
        "curtains from Turkey",
        "ham from Parma",
        "prawns from not known",
        "agency workers from Poland",  # they work here
        "Clean & Bright from Norwich",
        " and ",
        "from Ecuador",
    ],
)
def test_everything_else_stays_as_it_was_written(written: str) -> None:
    assert split_goods([written], real()) == [LineContent(written)]


@pytest.mark.parametrize(
    ("written", "known_as"), [("staff uniforms", "uniforms and workwear"), ("lager", "beer, wine and spirits")]
)
def test_words_of_a_hotel_are_known(written: str, known_as: str) -> None:
    offer = real().offer(written)
    assert offer is not None
    assert offer.key == known_as


NAMES = {code: country.name for code, country in real().countries.items()}


@pytest.mark.parametrize(("code", "name"), NAMES.items())
def test_every_country_is_read_by_its_name_however_it_is_written(code: str, name: str) -> None:
    for said in (name, name.upper(), f"  {name.lower()} ", f"the {name}", name.replace("’", "'").replace("&", "and")):
        assert read_country(said, NAMES) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("UK", "GB"), ("u.k.", "GB"), ("England", "GB"), ("Great Britain", "GB"), ("America", "US"), ("U.S.A.", "US"),
        ("Holland", "NL"), ("Ivory Coast", "CI"), ("Cote d'Ivoire", "CI"), ("Turkey", "TR"), ("Turkiye", "TR"),
        ("Burma", "MM"), ("Myanmar", "MM"), ("Hong Kong", "HK"), ("Czech Republic", "CZ"), ("UAE", "AE"),
        ("Viet Nam", "VN"), ("the Gambia", "GM"), ("Trinidad and Tobago", "TT"), ("st. lucia", "LC"),
        ("Saint Lucia", "LC"), ("Guinea-Bissau", "GW"), ("DRC", "CD"), ("Palestine", "PS"), ("Eire", "IE"),
        ("N. Ireland", "GB"), ("N.Ireland", "GB"), ("Northern Ireland", "GB"), ("Ulster", "GB"),
    ],
)  # fmt: skip
def test_names_people_in_britain_use_are_understood(said: str, code: str) -> None:
    assert read_country(said, NAMES) == code


@pytest.mark.parametrize(
    "said", ["", "  ", "Not known", "don’t know", "Don't know", "?", "unknown", "n/a", "-", "—", "??", "dk"]
)
def test_not_known_is_a_fair_answer(said: str) -> None:
    assert read_country(said, NAMES) is None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Ecuadr", "There is no country “Ecuadr”. Did you mean “Ecuador”?"),
        ("Banglades", "Did you mean “Bangladesh”?"),
        ("cash and carry", "There is no country “cash and carry”. Write its name, like “Ecuador”, or leave it empty"),
        ("Norwich", "“Norwich” is no country. If you mean the one in the UK, write “United Kingdom”."),
        ("King’s Lynn", "If you mean the one in the UK, write “United Kingdom”."),
        ("Korea", "Write “South Korea” or “North Korea”"),
        ("Congo", "“Congo - Kinshasa” or “Congo - Brazzaville”"),
        ("EU", "“EU” is not one country"),
        ("<b>", "There is no country “<b>”"),
        ("中国", "There is no country “中国”. Write its name, like “Ecuador”, or leave it empty"),
        ("Россия", "There is no country “Россия”. Write its name"),
        ("ประเทศไทย", "Write its name"),
        ("CN", "Write the name of the country, not its letters. Did you mean “China”?"),
        ("ec", "Did you mean “Ecuador”?"),
        ("NI", "Write “United Kingdom” or “Nicaragua”"),
        ("x" * 61, "Use 60 characters or fewer"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence_that_says_what_to_write(said: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_country(said, NAMES)
    (said_back,) = refusal.value.messages
    assert sentence in said_back


def test_no_other_name_takes_a_country_its_own_name() -> None:
    every = [word for words in _OTHER_NAMES.values() for word in words]
    assert len(every) == len(set(every))
    assert set(_OTHER_NAMES) <= set(NAMES)
    assert _IN_THE_UK.isdisjoint({_normalise(name) for name in NAMES.values()} | set(every))
    assert {_normalise(place) for place in _IN_THE_UK} == _IN_THE_UK, "they are compared as they stand"


COUNTRIES = {"EC": "Ecuador", "GB": "United Kingdom", "DK": "Denmark", "TR": "Türkiye"}


def faults(*rows: object) -> list[str]:
    lines, said = read_purchases(list(rows), COUNTRIES)
    assert lines == ()
    return said


def test_lines_are_read_in_order() -> None:
    lines, said = read_purchases(
        [
            {"good": " Shrimp ", "country": "EC", "share": 12.5, "supplier": "Sea  Ltd"},
            {"good": "cleaning", "country": None, "share": None, "supplier": None},
            {"good": "rice", "supplier": " "},
        ],
        COUNTRIES,
    )
    assert said == []
    assert lines == (Purchase("Shrimp", "EC", 12.5, "Sea Ltd"), Purchase("cleaning"), Purchase("rice"))
    assert read_purchases(None, COUNTRIES) == ((), [])
    assert read_purchases([], COUNTRIES) == ((), [])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (5, "line 1: Give a group of keys, at least “good”; this is a number."),
        ({"country": "EC"}, "line 1, good: Say what is bought, like “Shrimp” or “cleaning”."),
        ({"good": "  "}, "line 1, good: Say what is bought"),
        ({"good": "\ufeff"}, "line 1, good: Say what is bought"),
        ({"good": "\u202e"}, "line 1, good: Say what is bought"),
        ({"good": " \u200b\u200d"}, "line 1, good: Say what is bought"),
        ({"good": 7}, "line 1, good: Give a text in quotes; this is a number."),
        ({"good": "x" * 121}, "line 1, good: Use 120 characters or fewer; this has 121."),
        ({"good": "x", "contry": "EC"}, "line 1: There is no key “contry”; did you mean “country”?"),
        ({"good": "x", "price": 1}, "line 1: There is no key “price”: take it out, or correct its name."),
        (
            {"good": "x", "country": "Ecuador"},
            "country: Write “EC” for Ecuador, or null where the country is not known.",
        ),
        ({"good": "x", "country": "ec"}, "country: Write “EC” for Ecuador"),
        ({"good": "x", "country": "UK"}, "country: Write “GB” for United Kingdom"),
        ({"good": "x", "country": "dk"}, "country: Write “DK” for Denmark, or null where the country is not known."),
        ({"good": "x", "country": "ZZ"}, "country: There is no country “ZZ”: give its two letters, like EC, or null"),
        (
            {"good": "x", "country": ["EC"]},
            "country: Give the two letters of a country as text, or null; this is a list.",
        ),
        (
            {"good": "x", "share": 100.1},
            "share: Give the share of all spending as a number from 0 to 100, or leave it out.",
        ),
        ({"good": "x", "share": -1}, "share: Give the share"),
        ({"good": "x", "share": "12"}, "share: Give the share"),
        ({"good": "x", "share": True}, "share: Give the share"),
        ({"good": "x", "share": float("nan")}, "share: Give the share"),
        ({"good": "x", "share": 10**400}, "share: Give the share"),
        ({"good": "x", "supplier": 7}, "supplier: Give a text in quotes; this is a number."),
        ({"good": "x\x00"}, "good: Take out the characters that cannot be printed."),
    ],
)
def test_each_fault_is_one_sentence_with_place_and_repair(row: object, said: str) -> None:
    found = faults(row)
    assert len(found) == 1
    assert found[0].startswith("organisation.purchases, line 1")
    assert said in found[0]


def test_all_faults_are_told_at_once() -> None:
    assert len(faults({"good": "x", "country": "ZZ", "share": 101}, {}, {"good": "y"}, 3)) == 4


def test_shares_over_a_hundred_together_are_a_fault() -> None:
    assert faults({"good": "x", "share": 60}, {"good": "y", "share": 60.5}) == [
        "organisation.purchases: The shares add up to 120.5, and together they can be 100 at most: correct them, or leave some out."
    ]
    thirds = [{"good": str(number), "share": 100 / 3} for number in range(3)]
    assert read_purchases(thirds, COUNTRIES)[1] == []


def test_something_else_than_a_list_and_a_list_without_end_are_refused() -> None:
    assert read_purchases({}, COUNTRIES)[1] == [
        "organisation.purchases: Give a list of lines in square brackets; this is a group of keys."
    ]
    rows = [{"good": "rice"}] * (MAX_FILE_LINES + 1)
    assert "at most 200" in read_purchases(rows, COUNTRIES)[1][0]
    assert len(read_purchases(rows[:60], COUNTRIES)[0]) == 60


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["good", "country", "share", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(JSON)
def test_whatever_is_written_is_answered_with_lines_or_sentences(value: Any) -> None:
    lines, said = read_purchases(value, COUNTRIES)
    assert not (lines and said)
    assert all(sentence.startswith("organisation.purchases") and "\n" not in sentence for sentence in said)


def a_line(number: int = 3, seen: int = 2, **parts: str) -> dict[str, str]:
    texts = {"country": "", "share": "", "supplier": ""} | parts
    return {f"{number}.seen": str(seen), **{f"{number}.{part}": text for part, text in texts.items()}}


def test_a_line_is_read_part_by_part() -> None:
    posted = read_purchase_form(MultiDict(a_line(country="ecuador", share=" 12,50 %", supplier="  Sea  & Co ")), real())
    assert posted.changes == {3: LineChange(2, {"country": "EC", "share": 12.5, "supplier": "Sea & Co"})}
    assert not posted.faulty


def test_nothing_typed_is_nothing_known() -> None:
    assert read_purchase_form(MultiDict(a_line()), real()).changes[3].parts == {
        "country": None,
        "share": None,
        "supplier": "",
    }


def test_what_cannot_be_read_is_left_as_it_is_stored_and_the_rest_is_kept() -> None:
    posted = read_purchase_form(MultiDict(a_line(country="Ecuadr", share="half", supplier="x" * 121)), real())
    assert posted.changes[3].parts == {}
    (line,) = posted.faulty
    assert set(line.errors) == {"country", "share", "supplier"}
    assert line.typed["country"] == "Ecuadr"
    posted = read_purchase_form(MultiDict(a_line(country="Ecuadr", supplier="Sea & Co")), real())
    assert posted.changes[3].parts == {"share": None, "supplier": "Sea & Co"}


@pytest.mark.parametrize("share", ["about 2", "About 2 %", "approx. 2", "~2", "ca. 2", "roughly 2,0"])
def test_a_rough_share_may_say_that_it_is_rough(share: str) -> None:
    assert read_purchase_form(MultiDict(a_line(share=share)), real()).changes[3].parts["share"] == 2


@pytest.mark.parametrize("share", ["about", "about two", "101", "-1", "inf", "1e9", "abc", "9" * 300])
def test_a_share_is_a_number_from_0_to_100(share: str) -> None:
    assert "share" in read_purchase_form(MultiDict(a_line(share=share)), real()).faulty[0].errors


def test_buttons_in_a_line_are_about_that_line_alone() -> None:
    both = a_line(1) | a_line(2)
    changes = read_purchase_form(MultiDict(both | {"remove": "2"}), real()).changes
    assert ("removed" in changes[1].parts, changes[2].parts.get("removed")) == (False, True)
    changes = read_purchase_form(MultiDict(both | {"choose": "1:lettuce and salad"}), real()).changes
    assert (changes[1].parts.get("good"), "good" in changes[2].parts) == ("lettuce and salad", False)
    for odd in ("1:no such thing", "1", ":", "7:rice"):
        assert all(
            "good" not in one.parts
            for one in read_purchase_form(MultiDict(both | {"choose": odd}), real()).changes.values()
        )


def test_the_page_with_both_texts_says_which_one_to_keep() -> None:
    carried = a_line(3, 2, country="Ecuador") | {"3.newest": "5", "3.good": "rice", "3.removed": ""}
    assert read_purchase_form(MultiDict(carried | {"3.pick": "theirs"}), real()).changes == {}
    mine = read_purchase_form(MultiDict(carried | {"3.pick": "mine"}), real()).changes[3]
    assert (mine.seen, mine.parts["good"], mine.parts["removed"], mine.parts["country"]) == (5, "rice", False, "EC")
    undecided = read_purchase_form(MultiDict(carried), real()).changes[3]
    assert undecided.seen == 2, "nothing chosen: both are shown again"
    odd = read_purchase_form(MultiDict(carried | {"3.good": "x" * 400, "3.removed": "yes"}), real()).changes[3].parts
    assert ("good" in odd, odd["removed"]) == (False, True)


def test_a_line_carried_along_unseen_reads_as_it_was() -> None:
    said = LineContent("rice", "IN", 12.5, "Sea & Co")
    form = MultiDict([("3.seen", "2"), ("3.newest", "4"), ("3.pick", "mine"), *hidden_line_fields(3, said, real())])
    assert LineContent(**read_purchase_form(form, real()).changes[3].parts) == said  # type: ignore[arg-type]


def test_every_line_is_read_and_only_real_numbers() -> None:
    many = {name: value for number in range(1, MAX_LINES + 20) for name, value in a_line(number).items()}
    assert len(read_purchase_form(MultiDict(many), real()).changes) == MAX_LINES + 19, "none is cut off in silence"
    odd = {"0.seen": "1", "x.seen": "1", "-1.seen": "1", "1234567.seen": "1", "٣.seen": "1"}
    assert read_purchase_form(MultiDict(odd), real()).changes == {}


def test_goods_are_what_was_ticked_and_what_was_written_one_a_line() -> None:
    form = MultiDict(
        [("offer", "cleaning"), ("offer", "nothing of ours"), ("own", " prawns \r\n\r\n  gizmo   lamps\n")]
    )
    assert read_goods(form, real()) == (["cleaning", "prawns", "gizmo lamps"], None)
    ticked, fault = read_goods(MultiDict([("offer", "rice"), ("own", "y" * 121)]), real())
    assert ticked == ["rice"]
    assert fault is not None
    assert "one thing a line" in fault


def test_what_a_phone_writes_large_is_what_was_meant_and_a_tick_is_the_key_it_holds() -> None:
    pairs = [key for key, offer in real().offers.items() if offer.kind == "good" and real().typed(key) != offer]
    assert len(pairs) >= 22
    for key in pairs:
        (written,), _ = read_goods(MultiDict([("own", key)]), real())
        (small_letters,), _ = read_goods(MultiDict([("own", key.lower())]), real())
        assert real().offer(written) == real().offer(small_letters), key
        assert read_goods(MultiDict([("offer", key)]), real())[0] == [key]
    assert read_goods(MultiDict([("own", "Shrimp\nLads who help out")]), real())[0] == ["Shrimp", "Lads who help out"]


@pytest.mark.parametrize("nothing", ["\ufeff", "\u200b", "\u202e \u200b"])
def test_marks_nobody_sees_are_no_line(nothing: str) -> None:
    assert read_goods(MultiDict([("own", f"rice\n{nothing}\n")]), real()) == (["rice"], None)


def test_the_kind_of_work_is_taken_from_its_list_and_nothing_else() -> None:
    changes = read_purchase_form(
        MultiDict(a_line(1) | a_line(2) | {"1.work": "cleaning", "2.work": ""}), real()
    ).changes
    assert (changes[1].parts.get("good"), "good" in changes[2].parts) == ("cleaning", False)
    assert "good" not in read_purchase_form(MultiDict(a_line(1) | {"1.work": "no such work"}), real()).changes[1].parts
    both = a_line(1) | {"1.work": "cleaning", "choose": "1:rice"}
    assert read_purchase_form(MultiDict(both), real()).changes[1].parts.get("good") == "rice", (
        "the button that was pressed"
    )


@pytest.mark.parametrize(
    ("share", "text"), [(None, ""), (0.0, "0"), (12.0, "12"), (12.5, "12.5"), (33.33, "33.33"), (100.0, "100")]
)
def test_a_share_is_shown_as_it_was_typed(share: float | None, text: str) -> None:
    assert share_text(share) == text


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def test_what_was_ticked_among_the_rest_is_in_sight_when_something_cannot_be_read(visit: Any, hotel: str) -> None:
    assert not visit(f"{hotel}purchases").soup.details.has_attr("open")
    page = visit.send("/add", offer=["cloves"], own="y" * 121)
    assert page.soup.details.has_attr("open")
    assert [box["value"] for box in page.soup.select("details input[checked]")] == ["cloves"]


def test_after_saving_the_high_lines_stand_at_the_top(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send("/purchases", **{"1__country": "India"})
    links = page.soup.select(".govuk-notification-banner a")
    assert [(link["href"], link.text) for link in links] == [
        ("#line-1", "1. Prawns and shrimp"),
        ("#line-2", "2. Cleaning"),
    ]


def test_a_country_and_two_things_in_one_line_are_taken_apart(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add", own="Prawns from Ecuador\nrice from India\nrice from Pakistan\nlaundry and cleaning")
    names = [words(legend) for legend in page.soup.select("legend")]
    assert names == ["1. Prawns and shrimp", "2. Rice", "3. Rice", "4. Laundry and linen hire", "5. Cleaning"]
    countries = [field["value"] for field in page.soup.select("input[list=countries]")]
    assert countries == ["Ecuador", "India", "Pakistan", "", ""]


def test_who_came_from_the_check_page_goes_back_there(visit: Any, listed: str) -> None:
    (change,) = [link["href"] for link in visit(f"{listed}check").soup.select("a[href*=purchases]")]
    assert "back=check" in change
    page = visit(change)
    assert page.soup.select_one(".govuk-back-link")["href"] == f"{listed}check"
    page = visit.send("/purchases", **{"1__country": "Ecuadr"})
    page = visit.send("/purchases", remove="3", **{"1__country": "India"})
    page = visit.send("/undo")
    assert page.soup.select_one(".govuk-back-link")["href"] == f"{listed}check"
    page = visit.send("/purchases", next="add")
    assert "back=check" in page.soup.select_one(".govuk-back-link")["href"]
    visit.send("/add", own="rice")
    page = visit.send("/purchases", next="tasks")
    assert page.address == f"{listed}check"
    assert "Your list has work that firms do for you." in page.text


@pytest.mark.both_databases
def test_a_line_and_its_event_are_stored_as_they_were_said(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    row, event = session.get_one(PurchaseLine, (begun, 1)), session.get_one(PurchaseEvent, (begun, 1, 1))
    assert (row.good, row.country, row.share, row.supplier, row.removed) == ("rice", None, None, "", False)
    assert event.said["good"] == "rice"
    assert event.at == row.changed_at == now


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", ["UPDATE purchase_event SET said = '{}'", "DELETE FROM purchase_event"])
def test_what_was_said_can_neither_be_altered_nor_removed_alone(
    session: Session, begun: uuid.UUID, now: datetime, statement: str
) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    with pytest.raises(IntegrityError):
        session.execute(text(statement))


@pytest.mark.both_databases
def test_two_lines_cannot_have_one_number(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["rice"], 0, now)
    session.expunge_all()
    session.add(
        PurchaseLine(
            assessment_id=begun, number=1, good="tea", country=None, share=None, supplier="", removed=False, revision=1,
            changed_at=now,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()
