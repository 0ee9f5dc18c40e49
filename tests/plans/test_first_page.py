from __future__ import annotations

import pytest

from assess.plans.first_page import head_of, help_of, rating_of
from assess.plans.pages import to_html
from tests.plans.records import SCENARIOS, Record, a_record, scenario, text_of


def test_who_and_when_stand_as_given() -> None:
    head = head_of(scenario())
    assert (head.organisation, head.area, head.postcode) == ("Fen Edge Growers Ltd", "Norfolk", "PE38 0AA")
    assert (head.made_on, head.valid_until) == ("2026-11-24", "2027-11-24")


def test_that_it_was_filled_in_together_is_said_to_the_business_and_never_to_a_buyer() -> None:
    alone = scenario()
    helped = alone | {"together": [{"mode": "phone", "on": "2026-11-20"}, {"mode": "visit", "on": "2026-11-24"}]}
    said = "Filled in together with a coordinator, by phone, on 20 November 2026; on a visit, on 24 November 2026."
    assert said in text_of(to_html(helped, "business"))
    assert "Filled in together" not in text_of(to_html(alone, "business"))
    assert to_html(helped, "buyer") == to_html(alone, "buyer")
    assert to_html(helped, "wall") == to_html(alone, "wall")


@pytest.mark.parametrize(("bank", "title"), SCENARIOS)
@pytest.mark.parametrize("copy", ["business", "coordinator", "buyer"])
def test_whom_to_call_comes_before_any_result(bank: str, title: str, copy: str) -> None:
    said = text_of(to_html(scenario(bank, title), copy))  # type: ignore[arg-type]
    danger = said.index("If someone may be in danger")
    assert danger < said.index("call 999") < said.index("08000 121 700")
    for later in ("Your result", "Result ", "Where you stand", "to do first", "Signs and notes"):
        assert later not in said or danger < said.index(later)
    assert danger < 700


def test_the_box_stands_at_the_same_place_on_every_first_page() -> None:
    places = {
        to_html(scenario(bank, title), "business").split("<body>")[1].index("plan-danger") for bank, title in SCENARIOS
    }
    assert max(places) - min(places) < 60


def test_with_an_urgent_sign_the_first_page_holds_only_the_common_sentence_and_what_to_do_today() -> None:
    pages = set()
    for change in ({"core_documents": "employer"}, {"core_documents": "third"}, {"core_threats": "yes"}):
        record = a_record("farming", "farming low", change=change)
        if not record["result"]["urgent_signs"]:
            continue
        first = to_html(record, "business").split("<body>")[1].split('class="new-page"')[0]
        said = text_of(first)
        assert "Some of your answers need advice today. Call the Modern Slavery and Exploitation Helpline" in said
        assert "What to do today if someone may be in danger" in said
        for word in ("score", "Act now", "to do first", "passport", "100"):
            assert word not in said
        pages.add(said)
    assert len(pages) == 1


def test_numbers_have_one_decimal_and_a_range_only_where_something_is_unknown() -> None:
    calm = rating_of(scenario("farming", "farming low"))
    assert (calm.word, calm.score, calm.exposure_text, calm.strength_text) == ("Low", "11.2", "41.8", "97.7")
    assert not calm.has_range
    unsure = rating_of(a_record("farming", "farming low", change={"core_time_records": "dk"}))
    assert unsure.has_range
    assert unsure.unknown == 1
    assert float(unsure.low) < float(unsure.high)


def test_a_list_of_choices_that_is_dont_know_counts_as_unknown() -> None:
    assert rating_of(a_record("farming", "farming low", change={"core_deductions": ["dk"]})).unknown == 1


def test_a_range_says_what_it_comes_from() -> None:
    record = a_record("farming", "farming low", change={"core_deductions": ["dk"]})
    assert "1 answer is “don’t know”. So the true score" in text_of(to_html(record, "business"))
    left_out = a_record("farming", "farming low")
    left_out["result"]["range"] = [left_out["result"]["score"], left_out["result"]["score"] + 5]
    said = text_of(to_html(left_out, "business"))
    assert "Not every question is answered, and that decides what else is asked. So the true score" in said
    assert "“don’t know”. So the true" not in said


def test_who_is_not_rated_reads_why_and_what_to_do() -> None:
    record = scenario("farming", "farming low")
    record["result"].update(band="not_rated", reasons=["too_many_unknown"])
    said = text_of(to_html(record, "business"))
    assert "Not rated" in said
    assert "Too many answers are “don’t know”" in said
    assert "What you can do: Find out what you do not know yet." in said
    assert "score 11.2" not in said


def test_a_quick_check_says_that_it_is_provisional() -> None:
    record = a_record("farming", "farming medium", quick=True)
    assert "Quick check: this result is provisional." in text_of(to_html(record, "business"))
    assert "Quick check: provisional." in text_of(to_html(record, "buyer"))


@pytest.mark.parametrize(
    ("exposure", "gap", "said"),
    [(80, 0.1, "are strong, and"), (40, 0.1, "Keep them up"), (80, 0.6, "wide gaps"), (50, 0.3, "good part")],
)
def test_the_two_bars_are_told_as_a_story_the_good_first(exposure: float, gap: float, said: str) -> None:
    record = scenario()
    record["result"].update(exposure=exposure, gap=gap)
    assert said in rating_of(record).story


@pytest.mark.parametrize(
    "record",
    [
        a_record("farming", "farming low", change={"core_documents": "employer"}),
        scenario("car_washes", "car_washes critical"),
    ],
    ids=["urgent", "several"],
)
def test_beside_act_now_nothing_soothes(record: Record) -> None:
    record["short_set"].update(questions=[], to_band=None, score_after=None, reason="no_short_set")
    record["result"].update(gap=0.1)
    assert record["result"]["band"] == "critical"
    assert rating_of(record).story == ""
    for copy in ("business", "coordinator"):
        said = text_of(to_html(record, copy))  # type: ignore[arg-type]
        assert "Your safeguards are strong" not in said
        assert "good part of the safeguards" not in said
        assert not record["result"]["urgent_signs"] or "No four actions" not in said


def test_with_an_urgent_sign_only_that_is_said_of_the_band() -> None:
    record = a_record("farming", "farming critical")
    assert {"urgent_sign", "three_serious_signs"} <= set(record["result"]["reasons"])
    assert len(rating_of(record).reasons) == 1


def test_contacts_stand_by_how_urgent_they_are() -> None:
    help_ = help_of(scenario())
    assert help_.everybody[0] == help_.emergency
    assert help_.helpline in help_.everybody
    assert "norfolk" in " ".join(call.web or "" for call in help_.everybody)
