from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest

from assess.assessments.models import Submission
from assess.engine.purchases import Purchase
from assess.kit.db import Database
from assess.plans.buying.for_buyer import OWN_WORDS, BuyerBuying, buying_for_buyer
from assess.plans.check_code.codes import code_of
from assess.plans.copies import buyer_copy
from assess.plans.pages import to_html
from tests.engine.real_banks import BANKS
from tests.plans.buying.bought import HOTEL, SECRET, buying, hotel, sixty
from tests.plans.exports.test_telling_nothing import own_or_waiting
from tests.plans.records import scenario, text_of
from tests.plans.test_copies import base_of, raising


def shown(*purchases: Purchase) -> BuyerBuying:
    found = buying_for_buyer(hotel(purchases))
    assert found is not None
    return found


@pytest.mark.parametrize("bank", BANKS)
def test_no_sign_changes_what_a_buyer_is_told_of_purchases(bank: str) -> None:
    waited = 0
    calm = buying_for_buyer(buying(scenario(bank, f"{bank} low")))
    for question, _sign, answer in own_or_waiting(bank):
        name = question.id
        record = buying(raising(bank, name, answer))
        waited += any(step["held"] for step in record["purchases"]["steps"])
        assert buyer_copy(record).buying == calm, (name, base_of(bank, name))
    assert waited > 5, "steps wait for some signs, so they would tell"


def test_while_an_urgent_sign_is_open_the_same_is_told() -> None:
    pages = [
        text_of(to_html(buying(raising("hospitality", "core_documents", one)), "buyer"))
        for one in ("employer", "worker")
    ]
    assert pages[0] == pages[1]
    assert "What the business buys" in pages[0]


def test_a_buyer_sees_goods_country_word_and_fact_and_what_this_is_at_every_line() -> None:
    said = text_of(to_html(hotel(), "buyer"))
    part = said[said.index("What the business buys") : said.index("About this copy")]
    found = shown(*HOTEL)
    assert part.count("This is about the country and goods, not this firm.") == len(found.purchases)
    for bought in found.purchases:
        assert f"{bought.name}, {bought.place}" in part
        assert bought.says in part
        assert bought.source in part
    assert "Not known is not the same as safe." in part
    assert "Lists like these see less in rich countries" in part
    assert "The business’s own answers; not a finding; not for selection or exclusion." in said


def test_neither_suppliers_nor_shares_nor_words_of_the_business_reach_a_buyer() -> None:
    typed = Purchase(f"{SECRET} Brothers who clean at night", "GB", 11.5, f"{SECRET} Brothers")
    found = shown(typed)
    assert [bought.name for bought in found.purchases] == [OWN_WORDS]
    said = to_html(hotel((typed, *HOTEL)), "buyer")
    assert SECRET not in said
    assert "night" not in text_of(said).partition("What the business buys")[2]
    assert not [share for share in ("12.5", "11.5", "22%", "0.75") if share in said]


def test_no_figure_of_ours_reaches_a_buyer() -> None:
    purchases = (*HOTEL, Purchase("wax and polish", "BR"), Purchase("Cocoa", "MM"), Purchase("lads who help out", "GB"))
    record = hotel(purchases)
    figures = {
        f"{fact['risk']:.1f}".removesuffix(".0")
        for line in record["purchases"]["lines"]
        for fact in line["facts"]
        if fact["risk"] is not None and fact["kind"] == "rule_of_law"
    }
    assert len(figures) > 5
    for bought in shown(*purchases).purchases:
        assert not [figure for figure in figures if re.search(rf"\b{re.escape(figure)}\b(?! of 100)", bought.says)]
        assert "together count" not in bought.says


def test_words_no_list_knows_are_not_known_to_a_buyer_and_stand_before_what_is_lower() -> None:
    found = shown(Purchase("eggs", "DK"), Purchase("lads who help out", "GB")).purchases
    assert [(bought.name, bought.word) for bought in found] == [(OWN_WORDS, "Not known"), ("Eggs", "Lower")]
    assert found[0].says.startswith("No list knows these words.")


def test_suppliers_shares_and_order_change_nothing() -> None:
    purchases = HOTEL[:4]
    first = shown(*purchases)
    for order in permutations(purchases):
        assert shown(*(replace(one, share=None, supplier=None) for one in order)) == first
    assert shown(*purchases, replace(purchases[0], supplier=f"{SECRET} Two", share=40)) == first


def test_a_copy_without_purchases_has_the_same_code_and_one_with_them_another(
    database: Database, now: datetime
) -> None:
    record = scenario("hospitality", "hospitality low")
    empty = {**record, "purchases": {**hotel()["purchases"], "lines": []}}
    codes = []
    for told in (record, empty, buying(record), buying(record, sixty())):
        with database.reading() as look:
            codes.append(code_of(look, Submission(record=told, digest="", made_at=now), "buyer"))
    assert codes[0] == codes[1]
    assert len(set(codes)) == 3
