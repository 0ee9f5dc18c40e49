"""Listing what a business buys: nothing typed is lost, every line says how risky and why, and no word is about a firm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from assess.assessments.purchases import MAX_LINES, get_lines
from assess.assessments.submissions import get_submission, is_intact
from tests.assessments.conftest import id_of, submit
from tests.identity.accounts_factory import database_of

NOT_A_FIRM = "This is about the country and goods, not this firm."


def row(page: Any, number: int) -> Any:
    return page.soup.select_one(f"#line-{number}")


def words(tag: Any) -> str:
    return " ".join(tag.get_text(" ").split())


def record_of(app: Any, home: str) -> dict[str, Any]:
    with database_of(app).reading() as session:
        return get_submission(session, id_of(home)).record


def test_an_empty_list_offers_what_the_sector_usually_buys_and_can_be_left(visit: Any, hotel: str) -> None:
    page = visit(f"{hotel}purchases")
    assert page.heading == "What you buy"
    assert "You can leave this out" in page.text
    groups = [legend.text for legend in page.soup.select("legend")]
    assert groups[0] == "Work done for you"
    assert {"Food and drink", "Linen"} <= set(groups)
    first = [words(label) for label in page.soup.select(".govuk-checkboxes__label") if not label.find_parent("details")]
    assert len(first) <= 20
    assert {"Cleaning", "Bed linen, table linen and towels"} <= set(first)
    assert page.soup.details.summary.text.strip().startswith("Show 70 more things")
    labels = [words(label) for label in page.soup.select(".govuk-checkboxes__label")]
    assert len(labels) == len(set(labels)) == 88
    assert {"Prawns and shrimp", "Bed linen, table linen and towels", "Cleaning"} <= set(labels)


def test_what_is_ticked_and_written_is_on_the_list_at_once(visit: Any, another_visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add", offer=["cleaning", "rice"], own="gizmo lamps\n\nsea  bass nets")
    assert page.address == f"{hotel}purchases"
    names = [words(legend) for legend in page.soup.select("legend")]
    assert names == ["1. Cleaning", "2. Rice", "3. Gizmo lamps", "4. Sea bass nets"]
    assert another_visit(f"{hotel}purchases").status == 404


def test_a_search_finds_by_everyday_words_and_says_when_nothing_fits(visit: Any, hotel: str) -> None:
    page = visit(f"{hotel}purchases/choose?q=king+prawns")
    assert words(page.soup.select_one(".govuk-checkboxes__label")) == "Prawns and shrimp"
    assert page.soup.select_one("#q")["value"] == "king prawns"
    page = visit.send("/add", offer=["prawns and shrimp"])
    assert words(page.soup.legend) == "1. Prawns and shrimp"
    page = visit(f"{hotel}purchases/choose?q=zzqx+<qq>")
    assert "No list has these words" in page.text
    assert "<qq>" not in page.html


def test_what_is_on_the_list_can_be_added_again_for_another_country(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    visit.send("/add", offer=["rice"])
    page = visit(f"{hotel}purchases/choose")
    assert "Rice (on your list; tick for one more line)" in page.text
    page = visit.send("/add", offer=["rice"])
    assert [words(legend) for legend in page.soup.select("legend")] == ["1. Rice", "2. Rice"]


def test_pressing_twice_adds_once(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    first = visit.page
    visit.send("/add", offer=["rice"])
    visit.page = first
    page = visit.send("/add", offer=["rice"])
    assert len(page.soup.select("legend")) == 1


def test_nothing_ticked_or_too_much_written_costs_nothing(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#own"
    page = visit.send("/add", offer=["rice", "Shrimp"], own="y" * 121)
    assert page.status == 422
    assert page.soup.select_one("#own").text == "y" * 121
    assert {box["value"] for box in page.soup.select("input[name=offer][checked]")} == {"rice", "Shrimp"}
    page = visit.send("/add", own="\n".join(f"thing {number}" for number in range(MAX_LINES + 1)))
    assert page.status == 422
    assert f"The list can have {MAX_LINES} lines" in page.text


def test_far_too_many_lines_are_refused_before_any_is_looked_at(
    visit: Any, hotel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        "assess.assessments.views_purchases.warn_of_personal_data",
        lambda text, *_more, **_named: looked_at.append(text),
    )
    visit(f"{hotel}purchases")
    for many in ("Aa Aa Aa\n" * 12_000, "-\n" * 40_000, "\n" * 40_000 + "thing\n" * (MAX_LINES + 1)):
        page = visit.send("/add", own=many)
        assert page.status == 422
        assert f"The list can have {MAX_LINES} lines" in page.text
    assert looked_at == []
    assert visit.send("/add", own="\n" * 1000 + "Aa lamps").status == 200
    assert looked_at == ["Aa lamps"]


def test_each_line_says_its_risk_because_of_what_and_never_speaks_of_a_firm(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send("/purchases", **{"1__country": "india", "1__share": "20", "1__supplier": "Sea & Co"})
    assert page.address == f"{listed}purchases"
    assert "Your list is saved. 3 lines: 2 high, 1 medium." in page.text
    prawns = words(row(page, 1))
    assert "High risk 90 of 100, because: On the list for" in prawns
    assert "US Department of Labor" in prawns
    assert row(page, 1).select_one("[name='1.country']")["value"] == "India"
    assert row(page, 1).select_one("[name='1.supplier']")["value"] == "Sea & Co"
    assert all(NOT_A_FIRM in words(row(page, number)) for number in (1, 2, 3))
    assert "A low figure is not a promise that all is well." in page.text
    assert "Not known is not the same as safe." in page.text
    assert "Nobody you share with sees it." in page.text


def test_work_in_the_uk_needs_no_country_and_is_never_lower(visit: Any, listed: str) -> None:
    cleaning = row(visit(f"{listed}purchases"), 2)
    assert "Country, if not the UK" in words(cleaning)
    assert cleaning.select_one(".assess-buys__band").text == "High risk"


def test_own_words_offer_what_they_may_be_and_keep_what_else_was_typed(visit: Any, listed: str) -> None:
    page = visit(f"{listed}purchases")
    assert "Is it one of these?" in words(row(page, 3))
    button = next(one for one in row(page, 3).select("button[name=choose]") if one.text.strip() == "Lettuce and salad")
    page = visit.send("/purchases", choose=button["value"], **{"3__country": "Spain", "1__country": "Vietnam"})
    assert words(row(page, 3).legend) == "3. Lettuce and salad"
    assert row(page, 3).select_one("[name='3.country']")["value"] == "Spain"
    assert row(page, 1).select_one("[name='1.country']")["value"] == "Vietnam"
    assert "Is it one of these?" not in page.text


def test_one_field_that_cannot_be_read_costs_nothing_else(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send(
        "/purchases", **{"1__country": "Ecuadr", "1__supplier": "Sea & Co", "2__share": "half", "3__country": "Spain"}
    )
    assert page.status == 422
    links = {link["href"]: link.text for link in page.soup.select(".govuk-error-summary a")}
    assert links["#country-1"].endswith("There is no country “Ecuadr”. Did you mean “Ecuador”?")
    assert "#share-2" in links
    field = row(page, 1).select_one("#country-1")
    assert (field["value"], field["aria-describedby"]) == ("Ecuadr", "country-1-error")
    assert "Everything else on the page is saved." in page.text
    page = visit(f"{listed}purchases")
    assert row(page, 1).select_one("#country-1")["value"] == ""
    assert row(page, 1).select_one("#supplier-1")["value"] == "Sea & Co"
    assert row(page, 3).select_one("#country-3")["value"] == "Spain"


def test_shares_over_a_hundred_are_told_and_the_rest_is_kept(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    assert "So far the shares" not in visit.page.text
    page = visit.send("/purchases", **{"1__share": "60", "2__share": "50", "2__supplier": "Bright"})
    assert page.status == 422
    sentence = "Together the shares would be 110 per cent, and they can be 100 at most."
    assert page.text.count(sentence) == 2, "above all and at one field, however many shares there are"
    assert [link["href"] for link in page.soup.select(".govuk-error-summary a")] == ["#share-1"]
    assert [row(page, number).select_one(f"#share-{number}")["value"] for number in (1, 2)] == ["60", "50"]
    page = visit.send("/purchases", **{"1__share": "50", "2__share": "50"})
    assert "So far the shares add up to 100" in page.text
    assert row(page, 2).select_one("#supplier-2")["value"] == "Bright"


def test_a_line_comes_off_and_can_be_put_back_with_all_it_said(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    page = visit.send("/purchases", remove="1", **{"1__country": "India", "2__supplier": "Bright"})
    assert "Prawns and shrimp is off the list" in page.text
    assert [words(legend) for legend in page.soup.select("legend")] == ["1. Cleaning", "2. Salad bar things"]
    assert row(page, 2).select_one("#supplier-2")["value"] == "Bright"
    page = visit.send("/undo")
    assert words(page.soup.legend) == "1. Prawns and shrimp"
    assert row(page, 1).select_one("#country-1")["value"] == "India"


def test_the_last_line_can_be_put_back_too(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    visit.send("/add", offer=["rice"])
    page = visit.send("/purchases", remove="1")
    assert "Rice is off the list" in page.text
    assert "You can leave this out" in page.text
    assert words(visit.send("/undo").soup.legend) == "1. Rice"


@pytest.mark.parametrize("keep", ["theirs", "mine"])
def test_two_people_see_both_texts_and_neither_is_lost(visit: Any, another_visit: Any, listed: str, keep: str) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    visit(f"{listed}purchases")
    another_visit(f"{listed}purchases")
    another_visit.send("/purchases", **{"1__country": "India", "2__supplier": "Bright"})
    page = visit.send(
        "/purchases", **{"1__country": "Vietnam", "1__share": "lots", "3__country": "Ecuadr", "3__supplier": "Leaf"}
    )
    assert (page.status, page.heading) == (409, "This line was changed meanwhile")
    assert "Keep what is saved now: Prawns and shrimp, India" in page.text
    assert "Put in what you typed: Prawns and shrimp, Vietnam" in page.text
    undecided = visit.send("/purchases")
    assert undecided.status == 409, "nothing chosen: nothing decided"
    page = visit.send("/purchases", **{"1__pick": keep})
    assert page.status == 422
    assert row(page, 1).select_one("#country-1")["value"] == {"theirs": "India", "mine": "Vietnam"}[keep]
    assert row(page, 3).select_one("#country-3")["value"] == "Ecuadr"
    assert row(page, 3).select_one("#supplier-3")["value"] == "Leaf"
    assert row(page, 2).select_one("#supplier-2")["value"] == "Bright", "the line of the other stays"
    if keep == "mine":
        assert row(page, 1).select_one("#share-1")["value"] == "lots"


def test_a_line_somebody_took_off_meanwhile_can_be_put_in_all_the_same(
    visit: Any, another_visit: Any, listed: str
) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    visit(f"{listed}purchases")
    another_visit(f"{listed}purchases")
    another_visit.send("/purchases", remove="1")
    page = visit.send("/purchases", **{"1__country": "Vietnam"})
    assert "Prawns and shrimp: taken off the list" in page.text
    page = visit.send("/purchases", **{"1__pick": "mine"})
    assert row(page, 1).select_one("#country-1")["value"] == "Vietnam"


def test_who_left_a_line_alone_hears_nothing_of_others(visit: Any, another_visit: Any, listed: str) -> None:
    another_visit.client.set_cookie("assess_visit", visit.client.get_cookie("assess_visit").value)
    visit(f"{listed}purchases")
    another_visit(f"{listed}purchases")
    another_visit.send("/purchases", **{"1__country": "India"})
    page = visit.send("/purchases", **{"2__supplier": "Bright"})
    assert page.status == 200
    assert row(page, 1).select_one("#country-1")["value"] == "India"


def test_the_buttons_lead_on(visit: Any, listed: str) -> None:
    visit(f"{listed}purchases")
    assert visit.send("/purchases", next="add").heading == "Add to your list"
    visit(f"{listed}purchases")
    page = visit.send("/purchases", next="tasks")
    assert page.address == listed
    assert "What you buy" in page.text
    assert "3 lines" in page.text


def test_a_form_without_its_token_changes_nothing(app: Any, visit: Any, listed: str) -> None:
    client: FlaskClient = visit.client
    for path in ("purchases", "purchases/add", "purchases/undo"):
        assert client.post(f"{listed}{path}", data={"1.seen": "1", "1.country": "India", "own": "x"}).status_code == 400
    with database_of(app).reading() as session:
        assert [line.said.country for line in get_lines(session, id_of(listed))] == [None, None, None]


def test_a_browser_without_a_visit_finds_nothing(another_visit: Any, listed: str) -> None:
    for path in ("purchases", "purchases/choose", "purchases/choose?q=rice"):
        assert another_visit(f"{listed}{path}").status == 404


def test_submitting_freezes_the_lines_with_the_lists_of_the_day(
    app: Any, visit: Any, listed: str, identify: Any
) -> None:
    visit(f"{listed}purchases")
    visit.send("/purchases", **{"1__country": "India", "1__share": "20", "1__supplier": "Sea & Co"})
    identify(listed)
    assert "3 lines" in visit(f"{listed}check").text
    submit(visit, listed)
    bought = record_of(app, listed)["purchases"]
    prawns, cleaning, own = bought["lines"]
    assert (prawns["known_as"], prawns["country_name"], prawns["share"]) == ("prawns and shrimp", "India", 20)
    assert (prawns["band"], cleaning["band"], own["perhaps"] != []) == ("high", "high", True)
    assert prawns["business_only"] == {"supplier": "Sea & Co"}
    assert json.dumps(record_of(app, listed)).count("Sea & Co") == 1
    assert all(fact["source"] and fact["edition"] for line in bought["lines"] for fact in line["facts"])
    assert not any(step["held"] for step in bought["steps"])
    with database_of(app).reading() as session:
        assert is_intact(get_submission(session, id_of(listed)))


@pytest.mark.parametrize("answer", [{"core_documents": "employer"}, {"core_documents": "third"}])
def test_steps_towards_firms_wait_for_advice_while_a_grave_sign_is_open(
    app: Any, visit: Any, listed: str, identify: Any, answer: dict[str, str]
) -> None:
    for link in [link["href"] for link in visit(listed).soup.select("a[href*='/sections/']")]:
        if visit(link).soup.select(f"[name={next(iter(answer))}]"):
            visit.send(**answer)
    identify(listed)
    page_before = visit(f"{listed}purchases").text
    assert "helpline first" not in page_before, "the page says the same whatever was answered"
    submit(visit, listed)
    held = [step["held"] for step in record_of(app, listed)["purchases"]["steps"] if step["good"] == "cleaning"]
    assert held == [True]


def test_after_submitting_nothing_can_be_changed_and_a_correction_brings_the_lines_back(
    app: Any, visit: Any, listed: str, identify: Any
) -> None:
    identify(listed)
    chosen = visit(f"{listed}purchases/choose")
    visit(f"{listed}purchases")
    removed = visit.send("/purchases", remove="2")
    visit.send("/undo")
    drawn = visit.send("/purchases", **{"1__country": "India"})
    submit(visit, listed)
    first = record_of(app, listed)["purchases"]
    assert visit(f"{listed}purchases").address == listed
    assert visit(f"{listed}purchases/choose").address == listed
    for page, to, typed in ((drawn, "/purchases", {}), (chosen, "/add", {}), (removed, "/undo", {})):
        visit.page = page
        assert visit.send(to, **typed).address == listed, "nothing new is said, so nothing is lost"
    visit(listed)
    visit.send("/correct")
    page = visit(f"{listed}purchases")
    assert row(page, 1).select_one("#country-1")["value"] == "India"
    visit.send("/purchases", remove="3")
    submit(visit, listed)
    assert len(record_of(app, listed)["purchases"]["lines"]) == 2
    with database_of(app).reading() as session:
        assert get_submission(session, id_of(listed), 1).record["purchases"] == first, "the earlier one stays as it was"


def test_left_out_the_plan_says_nothing_of_it_and_nothing_is_in_the_way(
    app: Any, visit: Any, hotel: str, identify: Any
) -> None:
    identify(hotel)
    assert "Left out" in visit(f"{hotel}check").text
    submit(visit, hotel)
    assert "purchases" not in record_of(app, hotel)


def test_the_quick_check_has_it_too(visit: Any, begin: Any) -> None:
    home = begin("car_washes", "quick")
    page = visit(f"{home}purchases")
    assert "Chamois leather" in page.text


def test_sixty_lines_are_one_form_and_all_of_them_are_saved(visit: Any, hotel: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add", own="\n".join(f"lamp of kind {number}" for number in range(60)))
    assert len(page.soup.select("fieldset")) == 60
    sent = {f"{number}__country": "India" for number in range(1, 61)}
    page = visit.send("/purchases", **sent, **{f"{number}__share": "1.5" for number in range(1, 61)})
    assert page.status == 200
    assert "60 lines" in page.text
    assert {field["value"] for field in page.soup.select("input[list=countries]")} == {"India"}


PAYLOADS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "=1+1", "' OR 1=1 --")


@pytest.mark.parametrize("words_of_theirs", PAYLOADS)
def test_words_typed_are_words_everywhere(visit: Any, hotel: str, words_of_theirs: str) -> None:
    visit(f"{hotel}purchases")
    page = visit.send("/add", own=words_of_theirs)
    assert words_of_theirs in words(page.soup.legend)
    page = visit.send("/purchases", **{"1__supplier": words_of_theirs, "1__country": words_of_theirs})
    assert row(page, 1).select_one("#supplier-1")["value"] == words_of_theirs
    for sent in (page, visit(f"{hotel}purchases"), visit(f"{hotel}purchases/choose?removed=1&q={words_of_theirs}")):
        assert not sent.soup.select("main script, main img")
        assert "49" not in words(sent.soup.main)
