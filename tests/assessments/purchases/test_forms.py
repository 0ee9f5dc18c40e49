from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from assess.assessments.purchases.forms import fields_of, read_goods, read_lines, share_text
from assess.assessments.purchases.keeping import MOST_LINES, Change, Said
from tests.references import real


def a_line(number: int = 3, seen: int = 2, **parts: str) -> dict[str, str]:
    texts = {"country": "", "share": "", "supplier": ""} | parts
    return {f"{number}.seen": str(seen), **{f"{number}.{part}": text for part, text in texts.items()}}


def test_a_line_is_read_part_by_part() -> None:
    posted = read_lines(MultiDict(a_line(country="ecuador", share=" 12,50 %", supplier="  Sea  & Co ")), real())
    assert posted.changes == {3: Change(2, {"country": "EC", "share": 12.5, "supplier": "Sea & Co"})}
    assert not posted.faulty


def test_nothing_typed_is_nothing_known() -> None:
    assert read_lines(MultiDict(a_line()), real()).changes[3].parts == {"country": None, "share": None, "supplier": ""}


def test_what_cannot_be_read_is_left_as_it_is_stored_and_the_rest_is_kept() -> None:
    posted = read_lines(MultiDict(a_line(country="Ecuadr", share="half", supplier="x" * 121)), real())
    assert posted.changes[3].parts == {}
    (line,) = posted.faulty
    assert set(line.faults) == {"country", "share", "supplier"}
    assert line.typed["country"] == "Ecuadr"
    posted = read_lines(MultiDict(a_line(country="Ecuadr", supplier="Sea & Co")), real())
    assert posted.changes[3].parts == {"share": None, "supplier": "Sea & Co"}


@pytest.mark.parametrize("share", ["about 2", "About 2 %", "approx. 2", "~2", "ca. 2", "roughly 2,0"])
def test_a_rough_share_may_say_that_it_is_rough(share: str) -> None:
    assert read_lines(MultiDict(a_line(share=share)), real()).changes[3].parts["share"] == 2


@pytest.mark.parametrize("share", ["about", "about two", "101", "-1", "inf", "1e9", "abc", "9" * 300])
def test_a_share_is_a_number_from_0_to_100(share: str) -> None:
    assert "share" in read_lines(MultiDict(a_line(share=share)), real()).faulty[0].faults


def test_buttons_in_a_line_are_about_that_line_alone() -> None:
    both = a_line(1) | a_line(2)
    changes = read_lines(MultiDict(both | {"remove": "2"}), real()).changes
    assert ("removed" in changes[1].parts, changes[2].parts.get("removed")) == (False, True)
    changes = read_lines(MultiDict(both | {"choose": "1:lettuce and salad"}), real()).changes
    assert (changes[1].parts.get("good"), "good" in changes[2].parts) == ("lettuce and salad", False)
    for odd in ("1:no such thing", "1", ":", "7:rice"):
        assert all(
            "good" not in one.parts for one in read_lines(MultiDict(both | {"choose": odd}), real()).changes.values()
        )


def test_the_page_with_both_texts_says_which_one_to_keep() -> None:
    carried = a_line(3, 2, country="Ecuador") | {"3.newest": "5", "3.good": "rice", "3.removed": ""}
    assert read_lines(MultiDict(carried | {"3.pick": "theirs"}), real()).changes == {}
    mine = read_lines(MultiDict(carried | {"3.pick": "mine"}), real()).changes[3]
    assert (mine.seen, mine.parts["good"], mine.parts["removed"], mine.parts["country"]) == (5, "rice", False, "EC")
    undecided = read_lines(MultiDict(carried), real()).changes[3]
    assert undecided.seen == 2, "nothing chosen: both are shown again"
    odd = read_lines(MultiDict(carried | {"3.good": "x" * 400, "3.removed": "yes"}), real()).changes[3].parts
    assert ("good" in odd, odd["removed"]) == (False, True)


def test_a_line_carried_along_unseen_reads_as_it_was() -> None:
    said = Said("rice", "IN", 12.5, "Sea & Co")
    form = MultiDict([("3.seen", "2"), ("3.newest", "4"), ("3.pick", "mine"), *fields_of(3, said, real())])
    assert Said(**read_lines(form, real()).changes[3].parts) == said  # type: ignore[arg-type]


def test_every_line_is_read_and_only_real_numbers() -> None:
    many = {name: value for number in range(1, MOST_LINES + 20) for name, value in a_line(number).items()}
    assert len(read_lines(MultiDict(many), real()).changes) == MOST_LINES + 19, "none is cut off in silence"
    odd = {"0.seen": "1", "x.seen": "1", "-1.seen": "1", "1234567.seen": "1", "٣.seen": "1"}
    assert read_lines(MultiDict(odd), real()).changes == {}


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
    changes = read_lines(MultiDict(a_line(1) | a_line(2) | {"1.work": "cleaning", "2.work": ""}), real()).changes
    assert (changes[1].parts.get("good"), "good" in changes[2].parts) == ("cleaning", False)
    assert "good" not in read_lines(MultiDict(a_line(1) | {"1.work": "no such work"}), real()).changes[1].parts
    both = a_line(1) | {"1.work": "cleaning", "choose": "1:rice"}
    assert read_lines(MultiDict(both), real()).changes[1].parts.get("good") == "rice", "the button that was pressed"


@pytest.mark.parametrize(
    ("share", "text"), [(None, ""), (0.0, "0"), (12.0, "12"), (12.5, "12.5"), (33.33, "33.33"), (100.0, "100")]
)
def test_a_share_is_shown_as_it_was_typed(share: float | None, text: str) -> None:
    assert share_text(share) == text
