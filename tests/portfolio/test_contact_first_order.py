"""Whether the order finds who is worst, in portfolios where that is known, and what the size of a firm does to it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, func, select

from assess.core.db import Database
from assess.core.models import StoredPdf
from assess.identity.models import Organisation
from assess.portfolio import charts as portfolio_charts
from assess.portfolio.board.columns import BAND_LABELS
from assess.portfolio.board_projection import refresh_board_row
from assess.portfolio.dashboard import STATUS_GROUPS
from assess.portfolio.models import BoardBar, BoardRow, FeedbackPool, FeedbackPoolMember, FeedbackRound
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import contact_first_weights_on
from assess.sharing.models import ShareGrant
from assess.suppliers.models import InvitationStatus
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.portfolio.synthetic_portfolios import (
    TODAY,
    by_band_alone,
    by_known_band_alone,
    by_nothing,
    by_rule,
    portfolio,
    precision,
)
from tests.stored_files import keep_pdf
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

CALLING = Path(__file__).parents[2] / "docs/decisions/contact-first.md"
SEEDS = range(40)
PORTFOLIOS = {seed: portfolio(seed) for seed in SEEDS}


def test_the_first_ten_hold_more_of_the_truly_worst_than_chance_or_the_band_alone(
    record_property: pytest.RecordProperty,
) -> None:
    orders = {
        "rule": by_rule(contact_first_weights_on(bundled_files(), TODAY)),
        "band alone": by_band_alone,
        "known band alone": by_known_band_alone,
        "chance": by_nothing,
    }
    found = {name: mean(precision(PORTFOLIOS[seed], order, seed) for seed in SEEDS) for name, order in orders.items()}
    for name, value in found.items():
        record_property(f"precision at 10, {name}", round(value, 3))
    print(found)
    rule, alone, known, chance = found.values()
    figures = (f"hold {rule:.0%}", f"{alone:.1%} by the band", f"{chance:.1%} by chance", f"it is {known:.0%}")
    written = " ".join(CALLING.read_text().split())
    assert [figure for figure in figures if figure not in written] == []
    assert found["rule"] > 2 * found["band alone"]
    assert found["rule"] > 2 * found["chance"]


def test_whoever_knows_the_truth_would_find_all_ten() -> None:
    assert precision(PORTFOLIOS[0], lambda one: one.worth, 0) == 1.0


COUNTS = {"low": 3, "medium": 0, "high": 1, "none": 4}


def test_a_bar_in_parts_fills_its_width_and_says_it_in_words() -> None:
    drawn = str(portfolio_charts.parts_bar("Farming <b>: Low 1", COUNTS, portfolio_charts.BAND_FILLS, 8))
    soup = BeautifulSoup(drawn, "html.parser")
    assert soup.title is not None
    assert soup.title.text == "Farming <b>: Low 1"
    assert soup.find("desc") is not None
    edges = [rect for rect in soup.find_all("rect") if rect["fill"] == "none"]
    assert len(edges) == 3, "what is 0 has no part"
    spans = [(float(rect["x"]), float(rect["width"])) for rect in edges]
    assert all(abs(x + width - after) < 0.2 for (x, width), (after, _) in pairwise(spans))
    assert abs(sum(width for _, width in spans) - (portfolio_charts.WIDTH - 2)) < 0.5


def test_each_part_has_a_pattern_of_its_own_without_colour() -> None:
    for words, fills in (
        (BAND_LABELS, portfolio_charts.BAND_FILLS),
        (STATUS_GROUPS, portfolio_charts.GROUP_FILLS),
    ):
        drawn = {re.sub(r"<title>.*?</title>", "", str(portfolio_charts.swatch(name, fills[name]))) for name in words}
        assert len(drawn) == len(words)


def test_nothing_to_draw_is_an_empty_bar() -> None:
    assert "<rect" not in str(
        portfolio_charts.parts_bar("None", dict.fromkeys(COUNTS, 0), portfolio_charts.BAND_FILLS, 0)
    )
    assert "<title>China: 0</title>" in str(portfolio_charts.plain_bar("China: 0", 0, 0))
    assert "478" in str(portfolio_charts.plain_bar("China: 3", 3, 3))
    assert (portfolio_charts.most_of([]), portfolio_charts.most_of([COUNTS, {"low": 1}])) == (0, 8)
    assert "M" in str(portfolio_charts.parts_bar("No", {"declined": 3}, portfolio_charts.GROUP_FILLS, 3))


@pytest.mark.both_databases
def test_a_summary_goes_with_any_share_it_may_rest_on_and_with_its_buyer(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        farm = a_supplier(session, council, "Fen Edge", sector="farming")
        grant = shared(session, invited(session, farm))
        for buyer in (council, other):
            a_supplier(session, buyer, "Another", sector="farming")
            for kind in ("summary", "summary_with_names"):
                assert keep_pdf(session, kind, buyer.id, b"file", CONFTEST_TODAY)
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))
        assert set(session.scalars(select(StoredPdf.organisation_id))) == {other.id}
        session.execute(delete(Organisation).where(Organisation.id == other.id))
        assert session.scalar(select(func.count()).select_from(StoredPdf)) == 0


def test_no_table_has_room_for_the_answer_of_one_supplier() -> None:
    columns = {
        table.__tablename__: set(table.__table__.columns.keys())
        for table in (FeedbackPool, FeedbackPoolMember, FeedbackRound)
    }
    assert columns["supplier_feedback_source"] == {"pool_id", "submission_id", "supplier_id"}
    assert columns["supplier_feedback_round"] == {"buyer_id", "month"}
    assert not columns["supplier_feedback_pool"] & {"supplier_id", "submission_id", "grant_id"}


@pytest.mark.both_databases
def test_a_row_is_found_by_small_letters_of_its_name_and_reference(published: Database) -> None:
    with published.writing() as session:
        a_supplier(session, a_buyer(session, "The Council"), "FEN Straße", reference="V-É1")
        row = session.scalars(select(BoardRow)).one()
        assert (row.sort_name, row.searched) == ("fen strasse", "fen strasse\nv-é1")


@pytest.mark.both_databases
def test_whichever_of_two_copies_is_deleted_takes_along_what_came_of_both(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        root, part = (a_supplier(session, council, name, sector="farming") for name in ("Head", "Part"))
        shared(session, invited(session, root), now=later(1))
        older = shared(session, invited(session, part))
        part.merged_into = root.id
        session.flush()
        refresh_board_row(session, root.id, later(1))
        row = session.scalars(select(BoardRow)).one()
        assert row.grant_id != older.id
        row.call_points, row.call_reasons = 9, ["High band"]
        session.flush()
        session.execute(delete(ShareGrant).where(ShareGrant.id == older.id))  # the rule of the database alone
        session.expire_all()
        row = session.scalars(select(BoardRow)).one()
        assert (row.status, row.band, row.call_points, row.call_reasons) == (InvitationStatus.SHARE_OVER, None, 100, [])
        assert session.scalars(select(BoardBar)).all() == []
