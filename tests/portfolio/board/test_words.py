from __future__ import annotations

from dataclasses import fields

from assess.portfolio.board.filters import BANDS, Filter, Order, read_query
from assess.portfolio.board.words import EVERYONE, looked_for, pair_words, sentences
from assess.suppliers.models import Size, Status, Tier

FULL = Filter(
    text="Fen",
    statuses=frozenset(Status),
    late=True,
    old=True,
    sector="car_washes",
    area="norfolk",
    bands=frozenset(BANDS),
    weak="Pay",
    duty="Statement",
    good="Shrimp",
    place="Ecuador",
    tier=Tier.HIGH,
    size=Size.SMALL,
    order=Order.DUE,
)


def test_everything_that_can_be_looked_for_has_its_words() -> None:
    assert all(getattr(FULL, field.name) for field in fields(Filter)), "whoever adds a field adds it here"
    said = [pair_words(*pair) for pair in looked_for(FULL)]
    assert len(said) == len(set(said)) == len(FULL.pairs) - 1, "all but the order"
    assert {"“Fen”", "Late", "Car washes", "Weak: Pay", "Duty not done: Statement", "From: Ecuador"} <= set(said)


def test_it_is_said_in_sentences() -> None:
    assert sentences(Filter(order=Order.DUE)) == [EVERYONE]
    assert sentences(
        read_query("?status=shared&status=declined&band=critical&band=none&area=norfolk&q=Fen&late=yes")
    ) == [
        "Name or reference: “Fen”.",
        "How it stands: Said no or Shared.",
        "Only: Late.",
        "Area: Norfolk.",
        "Band: High or No band to show.",
    ]
