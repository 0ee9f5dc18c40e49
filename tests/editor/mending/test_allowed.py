"""Every place of every file: only the kinds of values that may be mended are let through, and all others are not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.settings_check import AMOUNTS, GROUPS, MAY_BE_MISSING, SHARES
from assess.banks.sheets import read_folder
from assess.editor.mending.allowed import PLACES, Steps, What, leaves, mendable

SHELF = read_folder(QUESTIONNAIRES)
BY_TWO = {
    "wage",
    "wage_18_20",
    "wage_under_18",
    "offset_day",
    "offset_week",
    "ssp_week",
    "seasonal_hours",
    "child_work_age",
}
PHRASES = {"web", "url", "more_urls", "value"}


def every_place() -> Iterator[tuple[str, Steps]]:
    for name, sheet in SHELF.sheets.items():
        for steps, _ in leaves(sheet.written):
            for end in range(1, len(steps) + 1):
                yield name, steps[:end]


def test_only_links_and_values_of_law_get_through() -> None:
    let_through = {(name, steps) for name, steps in every_place() if mendable(name, steps)}
    expected = set()
    for name, sheet in SHELF.sheets.items():
        for contact in sheet.written.get("contacts", ()) if name.startswith("settings/") else ():  # type: ignore[attr-defined]  # a list
            expected |= {
                (name, ("contacts", contact["id"], key))
                for key in ("web",)
                if key in contact and contact["id"] not in {"helpline", "emergency", "police"}
            }
        for setting in sheet.written.get("settings", ()) if name.startswith("settings/") else ():  # type: ignore[attr-defined]  # the same
            if sheet.stem in {"rates", "law", "contacts"}:
                expected |= (
                    set()
                    if setting["id"] in BY_TWO
                    else {
                        (name, ("settings", setting["id"], "values", row["from"], "value")) for row in setting["values"]
                    }
                )
        for duty in sheet.written.get("duties", ()) if name.startswith("duties/") else ():  # type: ignore[attr-defined]  # the same
            expected.add((name, ("duties", duty["id"], "url")))
            expected |= {
                (name, ("duties", duty["id"], "more_urls", at)) for at, _ in enumerate(duty.get("more_urls", ()))
            }
    sources = SHELF.sheets["sources.yaml"].written["sources"]
    expected |= {("sources.yaml", ("sources", key, "url")) for key, one in sources.items() if "url" in one}  # type: ignore[attr-defined]  # a group
    assert let_through == expected
    assert len(let_through) > 150


def test_nothing_of_a_question_and_no_text_gets_through() -> None:
    places = list(every_place())
    assert len(places) > 10_000
    for name, steps in places:
        if mendable(name, steps):
            assert name.startswith(PLACES)
            assert PHRASES & {steps[-1], steps[-2]}
            assert not {"ask", "points", "sign", "action", "do", "label", "title", "must_do", "when"} & set(steps)


@pytest.mark.parametrize("setting", [*AMOUNTS, *SHARES, *GROUPS, *MAY_BE_MISSING])
def test_no_number_of_the_score_wherever_it_stands(setting: str) -> None:
    for sheet in ("settings/rates.yaml", "settings/scoring.yaml"):
        assert mendable(sheet, ("settings", setting, "values", "2025-04-01", "value")) is None


@pytest.mark.parametrize(
    ("sheet", "steps"),
    [
        ("farming.yaml", ("sources", "S1", "url")),
        ("common/core.yaml", ("contacts", "acas", "web")),
        ("settings/../farming.yaml", ("contacts", "acas", "web")),
        ("settings/contacts.yaml", ("contacts", "helpline", "number")),
        ("settings/contacts.yaml", ("contacts", "helpline", "web")),
        ("settings/contacts.yaml", ("contacts", "emergency", "number")),
        ("settings/contacts.yaml", ("contacts", "police", "number")),
        ("settings/contacts.yaml", ("contacts", "acas", "number")),
        ("settings/contacts.yaml", ("contacts", "acas", "web", "more")),
        ("settings/contacts.yaml", ("contacts", "acas", "text_phone")),
        ("settings/contacts.yaml", ("contacts", "acas", "review_by")),
        ("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2026-04-01", "from")),
        ("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2026-04-01", "value", "part")),
        ("duties/uk.yaml", ("duties", "uk_s54_statement", "more_urls")),
        ("papers/pay_check.yaml", ("duties", "x", "url")),
        ("settings/rates.yaml", ()),
    ],
)
def test_what_only_looks_alike(sheet: str, steps: Steps) -> None:
    assert mendable(sheet, steps) is None


def test_what_is_what() -> None:
    assert mendable("settings/contacts.yaml", ("contacts", "acas", "web")) is What.LINK
    assert (
        mendable("settings/rates.yaml", ("settings", "unlicensed_years", "values", "2025-04-01", "value")) is What.VALUE
    )
