from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.portfolio.board.filters import BANDS, Filter, Order, read, read_query
from assess.suppliers.models import Size, Status, Tier

WORDS = st.text(min_size=1, max_size=30).map(lambda text: " ".join(text.replace("\0", " ").split())).filter(bool)
FILTERS = st.builds(
    Filter,
    text=WORDS | st.just(""),
    statuses=st.frozensets(st.sampled_from(Status)),
    late=st.booleans(),
    old=st.booleans(),
    sector=st.none() | WORDS,
    area=st.none() | WORDS,
    bands=st.frozensets(st.sampled_from(list(BANDS))),
    weak=st.none() | WORDS,
    duty=st.none() | WORDS,
    good=st.none() | WORDS,
    place=st.none() | WORDS,
    tier=st.none() | st.sampled_from(Tier),
    size=st.none() | st.sampled_from(Size),
    order=st.sampled_from(Order),
)


@given(FILTERS)
def test_what_is_looked_for_comes_back_from_its_address(wanted: Filter) -> None:
    assert read(MultiDict(wanted.pairs)) == wanted


def test_what_nobody_knows_is_left_out() -> None:
    assert read_query("status=urgent&band=urgent&band=not_rated&sort=urgent&size=huge&late=maybe&sign=1") == Filter()


def test_a_letter_that_no_database_takes_finds_nothing_and_breaks_nothing() -> None:
    for key in ("q", "sector", "area", "weak", "duty", "good", "place"):
        assert read_query(f"{key}=%00") == Filter()
    assert read_query("q=fen%00edge") == Filter(text="fen edge")


def test_order_alone_leaves_nothing_out() -> None:
    assert not read_query("sort=due").is_on
    assert read_query("late=yes").is_on
    assert read_query("q=a&sort=due").sorted_by(Order.NAME) == Filter(text="a")
