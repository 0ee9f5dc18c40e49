from __future__ import annotations

from datetime import date

import pytest

from assess.banks.checking import check_path
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reference_check import GAPS, check_reference
from assess.engine.purchases import KINDS
from assess.engine.texts import placeholders
from tests.references import (
    COUNTRIES,
    GOODS,
    NUMBERS,
    REGISTER,
    SERVICES,
    TODAY,
    WORDS,
    Edit,
    problems_after,
    real,
    said,
    shelf_but,
)
from tests.shelves import sound_but


def test_nothing_is_wrong_with_the_small_reference() -> None:
    assert problems_after() == []


def test_a_folder_may_have_no_reference() -> None:
    assert check_reference(sound_but(), TODAY) == []


@pytest.mark.parametrize(
    ("edit", "number", "cause"),
    [
        ((REGISTER, "id: uk,", "id: sic,"), "BANK030", "The id “sic” stands here for the second time."),
        ((REGISTER, "file: uk_sic.csv", "file: uk_sci.csv"), "BANK089", "did you mean “uk_sic.csv”?"),
        ((REGISTER, "id: goods_list,", "id: good_list,"), "BANK089", "No entry is called “goods_list”"),
        ((REGISTER, "id: uk, file: uk_sector_indicators.csv,", "id: uk,"), "BANK089", "where the table uk_sector_indicators.csv comes"),
        ((REGISTER, "read: 2026-11-01", "read: November"), "BANK026", "A date belongs here"),
        ((REGISTER, 'edition: "7", ', ""), "BANK021", "The key “edition” is missing"),
        ((SERVICES, "named_as: [sweeping]", "named_as: [sweepin]"), "BANK089", "did you mean “sweeping”?"),
        ((SERVICES, "How is it washed?", "How is {it} washed?"), "BANK070", "Nothing fills the gap {it}"),
        ((SERVICES, "named_as: [farming]", "named_as: [farm]"), "BANK089", "There is no sector of the UK “farm”"),
        ((SERVICES, "usual_in: [shop], words: [sw", "usual_in: [shup], words: [sw"), "BANK089", "There is no bank “shup”"),
        ((SERVICES, "listed: [apples and pears", "listed: [apples"), "BANK089", "no purchase of the lists “apples”"),
        ((SERVICES, "for: string", "for: strings"), "BANK089", "did you mean “string”?"),
        ((SERVICES, "never_suggested: [Salt]", "never_suggested: [Sugar]"), "BANK089", "“Sugar”"),
        ((SERVICES, "bank: shop, things", "bank: shup, things"), "BANK089", "There is no bank “shup”"),
        ((SERVICES, "things: [sweeping", "things: [sweepin"), "BANK089", "There is no usual purchase “sweepin”"),
        ((SERVICES, '"47110"', '"47111"'), "BANK089", "no kind of business “47111”"),
        ((SERVICES, "words: [cord]", "words: [Sweepers]"), "BANK030", "“sweepers” means something else already."),
        ((SERVICES, "words: [cord]", "words: [sweeper]"), "BANK030", "“sweeper” means something else already."),
        ((SERVICES, "words: [cord]", "words: [ROPE]"), "BANK030", "“rope” means something else already."),
        ((SERVICES, "id: washing, name: Washing", "id: washing, name: Eggs"), "BANK030", "“eggs” means something else already."),
        ((SERVICES, "named_as: [washing]", "named_as: []"), "BANK022", "At least 1 belongs in this list."),
        ((WORDS, "id: somewhere", "id: anywhere"), "BANK023", "“anywhere” is not one of"),
        ((WORDS, "- id: somewhere\n", "- id: elsewhere\n"), "BANK030", "The kind “elsewhere” stands here for the second time."),
        ((WORDS, "owner: owner", "owner: boss"), "BANK037", "There is no owner “boss”"),
        ((WORDS, '{good} from {country}."', '{goods} from {country}."'), "BANK070", "Nothing fills the gap {goods}"),
        ((WORDS, "The list of goods does not name this.", "The list does not name {good}."), "BANK070", "Nothing fills the gap {good}"),
        ((WORDS, "firm, not its workers", "firm 'alone'"), "BANK028", "A straight quote"),
        ((NUMBERS, "origin_unknown: 60", "origin_unknown: 39"), "BANK074", "less than the band medium begins with"),
        ((NUMBERS, "{medium: 40", "{medium: 55"), "BANK074", "less than the band medium begins with"),
        ((NUMBERS, "elsewhere: 40", "elsewhere: 61"), "BANK074", "makes not knowing the origin better"),
        ((NUMBERS, "id: purchase_bands", "id: purchase_band"), "BANK073", "settings that are missing: purchase_bands"),
        ((NUMBERS, "law: 0.4", "law: 0.5"), "BANK074", "must add up to 1"),
    ],
)  # fmt: skip
def test_what_is_wrong_beside_the_tables_is_named(edit: Edit, number: str, cause: str) -> None:
    problems = problems_after(edit)
    assert {one.number for one in problems} >= {number}, "\n".join(map(str, problems))
    assert cause in "\n".join(map(str, problems))
    assert {one.file for one in problems} <= {edit[0], REGISTER}


def test_a_table_of_countries_without_the_one_we_are_in_is_refused() -> None:
    row = next(line for line in shelf_but().sheets[COUNTRIES].text.splitlines() if line.startswith("GB,"))
    problems = problems_after((COUNTRIES, f"{row}\n", ""))
    assert said(problems) == ["country_risk.csv:1: BANK089"]
    assert "There is no row for GB" in problems[0].message


def test_a_kind_without_words_is_named() -> None:
    start = "  - id: good_not_listed\n    says: The list of goods does not name this. That does not make it safe.\n\n"
    problems = problems_after((WORDS, start, ""))
    assert [one.message.split(".")[0] for one in problems] == ["The kind “good_not_listed” has no words"]


def test_whatever_can_be_high_needs_something_to_do() -> None:
    assert "no" not in said(problems_after((NUMBERS, "high: 70", "high: 66")))
    problems = problems_after((NUMBERS, "elsewhere: 40", "elsewhere: 58"), (NUMBERS, "high: 70", "high: 58"))
    assert [one.number for one in problems] == ["BANK021"] * 2
    assert "high because of “elsewhere”" in problems[0].message


def test_a_review_that_is_due_is_a_warning_on_the_day_after() -> None:
    assert check_reference(shelf_but(), date(2027, 11, 1)) == []
    assert len(check_reference(shelf_but(), date(2027, 11, 2))) == 7
    due = problems_after((REGISTER, "review_by: 2027-11-01", "review_by: 2026-11-23"))
    assert said(due) == ["reference.yaml:3: BANK071"]
    assert due[0].warning
    assert "goods_list title" in due[0].message


def test_every_warning_of_the_real_reference_comes_in_time() -> None:
    later = [
        one for one in check_path(QUESTIONNAIRES / "reference", date(2029, 1, 1)).problems if one.number == "BANK071"
    ]
    assert len(later) == len(real().sources)


@pytest.mark.parametrize("name", [REGISTER, SERVICES, WORDS, GOODS])
def test_a_file_that_is_missing_is_named(name: str) -> None:
    problems = problems_after(without=name)
    assert [(one.file, one.number) for one in problems] == [(name, "BANK013")]


def test_a_file_with_a_wrong_name_is_named() -> None:
    problems = problems_after(
        more={"reference/more.csv": "a,b\n", "reference/owners.yaml": "format: 1\nowners: {a: A}\n"}
    )
    assert [(one.file, one.number) for one in problems] == [
        ("reference/more.csv", "BANK014"),
        ("reference/owners.yaml", "BANK014"),
    ]


def test_a_broken_table_is_told_once_and_nothing_is_guessed_from_it() -> None:
    problems = problems_after((GOODS, "country_iso2,country,good,", "country_iso2,land,good,"))
    assert said(problems) == ["goods_risk.csv:1: BANK085"]


def test_settings_that_cannot_be_used_yet_are_told_by_the_check_of_settings_alone() -> None:
    assert {one.number for one in problems_after(day=date(2020, 1, 1))} == {"BANK075"}


def test_gaps_are_those_that_the_sums_fill() -> None:
    assert set(GAPS) <= set(KINDS)
    for kind, words in real().words.kinds.items():
        assert set(placeholders(words.says)) <= set(GAPS.get(kind, ())), kind


def test_one_table_can_be_checked_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("folder")
    for name, sheet in shelf_but((GOODS, "removed 2024", "gone")).sheets.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(sheet.text, encoding="utf-8")
    (folder / "reference" / ".hidden.csv").write_text("?", encoding="utf-8")
    (folder / "stray.csv").write_text("a,b\n", encoding="utf-8")
    table = folder / "reference" / "goods_risk.csv"
    assert [str(one).split(" “")[0] for one in check_path(table, TODAY).problems] == [f"{table}:6: BANK087"]
    assert check_path(folder / "reference" / "uk_sic.csv", TODAY).problems == ()
    assert check_path(folder / "reference", TODAY).files == 8
    assert [one.number for one in check_path(folder / "reference" / "none.csv", TODAY).problems] == ["BANK001"]
    assert [one.number for one in check_path(folder / "stray.csv", TODAY).problems] == ["BANK014"]
