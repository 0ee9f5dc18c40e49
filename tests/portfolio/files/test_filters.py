from __future__ import annotations

from assess.portfolio.files.filters import (
    LONGEST_SEARCH,
    STATUSES,
    Filter,
    as_data,
    from_data,
    known_statuses,
    known_tiers,
    read_filter,
    sentences,
)
from assess.suppliers.models import Status, Tier


def test_the_address_of_the_board_is_read_as_it_stands() -> None:
    found = read_filter(
        "?status=shared&status=declined&sector=car_washes&tier=high&band=none&q=Fen++Edge&page=3&sort=due"
    )
    assert found == Filter(
        status=("declined", "shared"), sector=("car_washes",), tier=("high",), band=("none",), q="Fen Edge"
    )
    assert (known_statuses(found), known_tiers(found)) == ([Status.DECLINED, Status.SHARED], [Tier.HIGH])
    assert from_data(as_data(found)) == found
    assert as_data(Filter()) == {}


def test_what_a_file_cannot_look_at_is_named_and_not_forgotten() -> None:
    found = read_filter("late=yes&contract=7&empty=&<b>=1&sector=farming")
    assert found.ignored == ("contract", "late")
    assert from_data(as_data(found)).ignored == ("contract", "late")


def test_a_value_nobody_can_have_fits_nobody_and_strange_text_is_cut() -> None:
    assert read_filter("status=purple").status == ("purple",)
    assert known_statuses(read_filter("status=purple")) == []
    assert read_filter(f"q={'a' * 500}").q == "a" * LONGEST_SEARCH
    assert read_filter("sector=%3Cscript%3E").sector == ()


def test_a_letter_that_no_database_takes_is_left_out() -> None:
    assert read_filter("q=fen%00edge").q == "fen edge"


def test_it_is_said_in_words() -> None:
    assert sentences(Filter()) == ["All suppliers on your list."]
    assert sentences(Filter(chosen=1)) == ["1 supplier that you picked."]
    said = sentences(read_filter("status=shared&status=declined&band=critical&band=none&area=norfolk&q=Fen"))
    assert said == [
        "How it stands: Said no or Shared.",
        "Area: Norfolk.",
        "Band: Act now or No band to show.",
        "The name holds “Fen”.",
    ]
    assert set(STATUSES) == set(Status)
