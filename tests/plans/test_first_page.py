from __future__ import annotations

import pytest

from assess.plans.first_page import head_of, help_of, rating_of
from assess.plans.pages import to_html
from assess.plans.verdict import verdict
from assess.plans.words import one, rounded
from tests.plans.records import SCENARIOS, Record, a_record, engine_1, scenario, text_of


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
    assert danger < 900


def test_the_box_stands_at_the_same_place_on_every_first_page() -> None:
    """Right after the verdict, whatever that says."""
    places = set()
    for bank, title in SCENARIOS:
        record = scenario(bank, title)
        page = to_html(record, "business").split("<body>")[1]
        places.add(page[page.index(verdict(record).sentence[-20:]) :].index("plan-danger"))
    assert len(places) == 1


def test_with_an_urgent_sign_the_first_page_holds_only_the_common_sentence_and_what_to_do_today() -> None:
    pages = set()
    for change in ({"core_documents": "employer"}, {"core_documents": "third"}, {"core_threats": "yes"}):
        record = a_record("farming", "farming low", change=change)
        if not record["result"]["urgent_signs"]:
            continue
        first = to_html(record, "business").split("<body>")[1].split('class="new-page"')[0]
        said = text_of(first)
        assert "Some of your answers need advice today. Call the Modern Slavery and Exploitation Helpline" in said
        assert "Act now: get advice before you do anything else." in said
        for word in ("score", "to do first", "passport", "100", "This is the law"):
            assert word not in said
        pages.add(said)
    assert len(pages) == 1


def test_the_score_has_one_decimal_the_bars_have_none_and_a_range_only_where_something_is_unknown() -> None:
    record = scenario("farming", "farming low")
    calm = rating_of(record)
    assert calm.score == one(record["result"]["score"])
    assert calm.exposure_text == f"{rounded(record['result']['exposure'], 0)}"
    assert calm.strength_text == f"{rounded(100 - 100 * record['result']['gap'], 0)}"
    assert not calm.has_range
    unsure = rating_of(a_record("farming", "farming low", change={"core_time_records": "dk"}))
    assert unsure.has_range
    assert unsure.unknown == 1
    assert float(unsure.low) < float(unsure.high)


def test_a_list_of_choices_that_is_dont_know_counts_as_unknown() -> None:
    assert rating_of(a_record("farming", "farming low", change={"core_deductions": ["dk"]})).unknown == 1


def test_a_range_stands_with_the_points_and_says_what_it_comes_from() -> None:
    record = a_record("farming", "farming low", change={"core_deductions": ["dk"]})
    rating = rating_of(record)
    told = f"What is not known yet may move it anywhere between {rating.low} and {rating.high}."
    assert told in text_of(to_html(record, "business"))
    assert "What is not known yet may move it" not in text_of(to_html(scenario("farming", "farming low"), "business"))


def test_who_is_not_rated_reads_why_and_what_to_do() -> None:
    record = scenario("farming", "farming low")
    record["result"].update(band="not_rated", reasons=["dont_know"])
    said = text_of(to_html(record, "business"))
    assert "Not rated: more than 4 in 10 answers are not known." in said
    assert "Look in papers you already have, then answer again." in said
    assert "Your score is" not in said


def test_a_quick_check_says_that_it_is_provisional() -> None:
    record = a_record("farming", "farming medium", quick=True)
    assert "Quick check: this result is provisional." in text_of(to_html(record, "business"))
    assert "Quick check done." in text_of(to_html(record, "buyer"))


@pytest.mark.parametrize(
    ("exposure", "gap", "said"),
    [
        (80, 0.1, ""),
        (40, 0.1, ""),
        (80, 0.6, "Your safeguards leave wide gaps. The plan below starts with those that matter most."),
        (50, 0.3, "The plan below starts with the gaps that matter most."),
    ],
)
def test_the_two_bars_are_told_in_a_sentence_that_praises_nobody(exposure: float, gap: float, said: str) -> None:
    """So it is for records of engine 1; since then the verdict says why."""
    for record, wanted in ((engine_1(), said), (scenario(), "")):
        record["result"].update(exposure=exposure, gap=gap)
        assert rating_of(record).story == wanted


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
    record = engine_1("farming critical")
    assert {"urgent_sign", "three_serious_signs"} <= set(record["result"]["reasons"])
    assert len(rating_of(record).reasons) == 1


def test_contacts_stand_by_how_urgent_they_are() -> None:
    help_ = help_of(scenario())
    assert help_.everybody[0] == help_.emergency
    assert help_.helpline in help_.everybody
    assert "norfolk" in " ".join(call.web or "" for call in help_.everybody)
