from __future__ import annotations

from assess.editor.naming import NOT_WELL_FORMED, fault_of_id, prefix_of, proposed_id


def test_an_id_is_made_of_the_telling_words() -> None:
    assert proposed_id("Who keeps the workers’ passports day to day?", ()) == "keeps_workers_passports"
    assert proposed_id("Café hours", (), "wash_") == "wash_cafe_hours"
    assert proposed_id("Are they all there?", ()) == "are_they_all"
    assert proposed_id("Adult social care", ()) == "adult_social_care"
    assert proposed_id("???", ()) == "new"
    assert len(proposed_id("x" * 80, ())) <= 40


def test_an_id_is_never_one_that_was_used_or_a_word_of_conditions() -> None:
    assert proposed_id("Pay day", {"pay_day", "pay_day_2"}) == "pay_day_3"
    assert proposed_id("Asked", ()) == "asked_2"


def test_an_id_somebody_typed_is_looked_at() -> None:
    assert fault_of_id("pay_day", {"hours"}) is None
    assert fault_of_id("Pay day", ()) == NOT_WELL_FORMED
    assert "used before" in str(fault_of_id("hours", {"hours"}))
    assert "word of conditions" in str(fault_of_id("not", ()))


def test_the_ids_of_a_file_share_a_beginning() -> None:
    assert prefix_of(["farm_pay", "farm_lp_rate", "core_x", "odd"]) == "farm_"
    assert prefix_of(["one", "two"]) == ""
