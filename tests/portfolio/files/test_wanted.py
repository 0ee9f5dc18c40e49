from __future__ import annotations

import uuid

from assess.portfolio.board.filters import Filter, read_query
from assess.portfolio.files.wanted import Wanted, of_data, of_picked
from assess.suppliers.models import Status


def test_a_filter_is_stored_without_its_order_and_comes_back() -> None:
    wanted = Wanted(read_query("status=shared&late=yes&weak=Pay&sort=due"))
    assert wanted.data == {"query": "status=shared&late=yes&weak=Pay"}
    back = of_data(wanted.data)
    assert back.filter == Filter(statuses=frozenset({Status.SHARED}), late=True, weak="Pay")
    assert back.sentences == ["How it stands: Shared.", "Only: Late.", "Weak: Pay."]


def test_a_long_filter_is_never_cut_to_one_that_finds_more() -> None:
    wanted = Filter(text="\N{HOT BEVERAGE}" * 200, duty="é" * 200, good="é" * 120, place="é" * 120, late=True)
    assert len(wanted.query) > 1500
    assert of_data(Wanted(wanted).data).filter == wanted


def test_those_that_were_picked_are_one_choice_in_any_order() -> None:
    ids = [uuid.uuid4() for _ in range(3)]
    wanted = of_picked(ids)
    assert (wanted, wanted.picked) == (of_picked(ids[::-1]), 3)
    assert of_data(wanted.data) == wanted
    assert wanted != of_picked(ids[:2])
    assert wanted.sentences == ["3 suppliers that you picked."]
    assert of_picked(ids[:1]).sentences == ["1 supplier that you picked."]
