"""A second, plainer calculation over the whole tables, for every good from every country."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from assess.engine.in_words import placeholders
from assess.engine.purchases import RISK_FACT_KINDS
from assess.question_banks import content_versions
from assess.question_banks.content_versions import made_or_last
from assess.question_banks.files import (
    QUESTIONNAIRES,
    BankFilesRefusedError,
    ContentFile,
    ContentFiles,
    bundled_files,
    read_folder,
)
from assess.question_banks.reference import (
    TABLES,
    TEXT_GAPS,
    check_reference,
    country_names,
    read_tables,
    reference_from,
)
from assess.question_banks.validation import check_path
from tests.content_files import sound_but
from tests.reference_data import (
    COUNTRIES,
    GOODS,
    INDICATORS,
    INDUSTRIES,
    NUMBERS,
    REGISTER,
    SERVICES,
    SOUND_REFERENCE,
    TODAY,
    USUAL,
    WORDS,
    Edit,
    files_but,
    judged,
    problems_after,
    real,
    said,
    small,
)


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en_GB", "Spain"),
        ("pl", "Hiszpania"),
        ("pt-BR", "Espanha"),
        ("lt", "Ispanija"),
        ("zz", "Spain"),
        ("", "Spain"),
        ("../x", "Spain"),
    ],
)
def test_names_are_in_the_language_asked_for_and_english_where_it_is_not_known(language: str, name: str) -> None:
    assert country_names(language)["ES"] == name


def test_cells_become_what_they_mean() -> None:
    reference = small()
    assert reference.countries["AA"].tier is None
    assert (reference.countries["CC"].tier, reference.countries["CC"].tier_unsure) == ("tier_2", True)
    assert reference.countries["DD"].law_rank == 5
    rope = reference.listings["Rope"][0]
    assert (rope.child, rope.forced, rope.basis, rope.removed) == (True, True, None, False)
    assert reference.listings["Salt"][0].removed
    assert reference.listings["Yarn"][0].input_good == "Rope"
    string = reference.offers["string"]
    assert (string.kind, string.goods, string.words) == ("usual", (("Rope", "material"), ("Twine", "same")), ("cord",))
    assert reference.offers["tape"].goods == ()
    assert {key for key, offer in reference.offers.items() if "shop" in offer.first_in} == {"sweeping", "string"}
    assert reference.offers["Apples"].named_as == ("farming",)
    assert not reference.offers["Salt"].suggested
    assert reference.marks.basis[0]["id"] == "purchase_tiers"
    assert reference.marks.basis[0]["value"].startswith("tier_1 15")


def test_a_hotel_is_shown_few_things_first_and_all_of_them_are_usual_there() -> None:
    first = [offer for offer in real().offers.values() if "hospitality" in offer.first_in]
    assert 10 <= len(first) <= 20
    assert all("hospitality" in offer.usual_in for offer in first)


def test_special_cases_count_like_tier_three() -> None:
    assert real().countries["AF"].tier == real().countries["YE"].tier == "tier_3"
    assert {country.tier for country in real().countries.values()} == {"tier_1", "tier_2", "tier_2wl", "tier_3", None}


def test_countries_are_named_in_the_language_of_the_reader() -> None:
    polish = reference_from(bundled_files(), TODAY, "pl")
    assert polish.countries["DE"].name == "Niemcy"
    assert reference_from(bundled_files(), TODAY).countries["DE"].name == "Germany"
    assert small().countries["AA"].name == "Tierless"  # a code no language knows keeps the name of the table


def test_the_names_in_the_table_are_those_of_the_library() -> None:
    country_names = {row.code: row.name for row in real().countries.values()}
    assert country_names["TR"] == "Türkiye"
    assert len(set(country_names.values())) == 250


def test_the_numbers_are_those_of_the_day() -> None:
    row = "      - from: 2027-01-01\n        value: {medium: 40, high: 80}\n        source: x\n        checked: 2026-11-24\n        review_by: 2027-11-24\n"
    bank_files = files_but((NUMBERS, "  - id: purchase_severity", f"{row}\n  - id: purchase_severity"))
    assert reference_from(bank_files, TODAY).marks.high == 70
    assert reference_from(bank_files, date(2027, 1, 1)).marks.high == 80


@pytest.mark.parametrize(
    "edit", [(GOODS, "listed,", "lisited,"), (COUNTRIES, "DD,Dire", "D,Dire"), (NUMBERS, "tier: 0.6", "tier: 6")]
)
def test_a_broken_file_is_refused(edit: tuple[str, str, str]) -> None:
    with pytest.raises(BankFilesRefusedError, match=r"BANK0(74|87)"):
        small(edit)


def test_a_folder_without_reference_is_refused_by_name() -> None:
    with pytest.raises(BankFilesRefusedError, match=r"reference/reference\.yaml:1: BANK013"):
        reference_from(sound_but(), TODAY)


def test_files_that_cannot_be_used_leave_the_last_sound_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_versions, "_last_made", {})
    broken = files_but((GOODS, "listed,", "lisited,"))
    with pytest.raises(BankFilesRefusedError):
        made_or_last(reference_from, broken, TODAY)
    sound = made_or_last(reference_from, files_but(), TODAY)
    assert made_or_last(reference_from, broken, TODAY) is sound
    assert made_or_last(reference_from, broken, date(2026, 11, 25)) is sound, "also on the day after"
    mended = made_or_last(reference_from, bundled_files(), TODAY)
    assert mended is reference_from(bundled_files(), TODAY)


def test_each_usual_purchase_has_the_kind_the_table_gives_it_for_each_bank() -> None:
    offers = reference_from(bundled_files(), TODAY).offers
    assert offers["prawns and shrimp"].kind_in("hospitality") == "food and drink"
    assert offers["bed linen, table linen and towels"].kind_in("hospitality") == "linen"
    assert offers["prawns and shrimp"].kind_in("car_washes") is None
    table = bundled_files().files["reference/sector_goods.csv"]
    changed = table.text.replace("food and drink,rice", "larder stores,rice").encode()
    files = ContentFiles({**bundled_files().files, table.name: ContentFile(table.name, changed)})
    assert reference_from(files, TODAY).offers["rice"].kind_in("hospitality") == "larder stores"


def test_it_is_kept_with_its_files_for_some_days() -> None:
    files = files_but()
    first = reference_from(files, TODAY)
    assert reference_from(files, TODAY) is first
    assert reference_from(files_but(), TODAY) is not first
    for number in range(50):
        reference_from(files, TODAY + timedelta(days=number))
    assert reference_from(files, TODAY) == first
    assert len(files.made.kept) <= files.made.most


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
    row = next(line for line in files_but().files[COUNTRIES].text.splitlines() if line.startswith("GB,"))
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
    assert check_reference(files_but(), date(2027, 11, 1)) == []
    assert len(check_reference(files_but(), date(2027, 11, 2))) == 7
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
    assert set(TEXT_GAPS) <= set(RISK_FACT_KINDS)
    for kind, words in real().words.kinds.items():
        assert set(placeholders(words.says)) <= set(TEXT_GAPS.get(kind, ())), kind


def test_one_table_can_be_checked_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("folder")
    for name, content_file in files_but((GOODS, "removed 2024", "gone")).files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content_file.text, encoding="utf-8")
    (folder / "reference" / ".hidden.csv").write_text("?", encoding="utf-8")
    (folder / "stray.csv").write_text("a,b\n", encoding="utf-8")
    table = folder / "reference" / "goods_risk.csv"
    assert [str(one).split(" “")[0] for one in check_path(table, TODAY).problems] == [f"{table}:6: BANK087"]
    assert check_path(folder / "reference" / "uk_sic.csv", TODAY).problems == ()
    assert check_path(folder / "reference", TODAY).files == 8
    assert [one.number for one in check_path(folder / "reference" / "none.csv", TODAY).problems] == ["BANK001"]
    assert [one.number for one in check_path(folder / "stray.csv", TODAY).problems] == ["BANK014"]


def test_the_tables_are_read_by_name() -> None:
    tables = read_tables(read_folder(SOUND_REFERENCE))
    assert tuple(tables.by_name) == TABLES
    assert [row["country"] for row in tables.rows("country_risk.csv")][:2] == ["Tierless", "Best"]
    assert tables.values("goods_risk.csv", "input_good") == {"Rope"}


def test_a_table_that_is_missing_has_no_rows() -> None:
    assert read_tables(ContentFiles()).rows("goods_risk.csv") == ()


@pytest.mark.parametrize(
    ("edit", "line", "number", "cause"),
    [
        ((GOODS, "WW,Watched,Apples", "XX,Watched,Apples"), 4, "BANK089", "There is no country “XX”"),
        ((GOODS, "no,no,no,DD,Rope", "no,no,no,XX,Rope"), 3, "BANK089", "There is no country “XX”"),
        ((GOODS, "no,no,no,DD,Rope", "no,no,no,DD,Rop"), 3, "BANK089", "no good “Rop”; did you mean “Rope”?"),
        ((GOODS, "Apples,Agriculture,yes", "Apples,Agriculture,no"), 4, "BANK087", "The row finds nothing"),
        ((GOODS, "Apples,Agriculture,yes", "Apples,Farming,yes"), 4, "BANK087", "“good_sector” must be one of"),
        ((GOODS, "removed 2024", "removed"), 6, "BANK087", "“status” must be listed, or removed and a year"),
        ((USUAL, "Rope,material", "Rpoe,material"), 3, "BANK089", "There is no good “Rpoe”"),
        ((USUAL, "shop,food", "shup,food"), 2, "BANK089", "There is no bank “shup”; did you mean “shop”?"),
        ((USUAL, ",no listed good", ",same"), 5, "BANK087", "must be empty where the relation is “no listed good”"),
        ((USUAL, "Rope,material", "Rope,no listed good"), 3, "BANK087", "must be empty where"),
        ((COUNTRIES, "Best,1,2024", "Best,1,"), 3, "BANK087", "A tier needs its year"),
        ((COUNTRIES, "Best,1,", "Best,4,"), 3, "BANK087", "“tip_tier” must be one of 1, 2, 2WL, 3, SC or nothing"),
        ((COUNTRIES, "90.0", "190"), 3, "BANK087", "must be a number from 0 to 100"),
        ((INDICATORS, "found,cases", "found,case"), 4, "BANK087", "one of cases, licence, named, not “case”; did you mean “cases”?"),
        ((INDICATORS, "https://example.org/act", "example.org"), 2, "BANK087", "must be a whole web address"),
        ((INDUSTRIES, "01240", "1240"), 2, "BANK087", "a spreadsheet may have dropped a 0 in front"),
        ((INDUSTRIES, "trade,shop", "trade,shoop"), 3, "BANK089", "There is no bank “shoop”"),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_named_with_its_row(edit: Edit, line: int, number: str, cause: str) -> None:
    problems = problems_after(edit)
    assert said(problems) == [f"{edit[0].rsplit('/', 1)[1]}:{line}: {number}"], "\n".join(map(str, problems))
    assert cause in problems[0].message


FOLDER = Path(__file__).parents[2] / "questionnaires" / "reference"


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@cache
def risk_of(good: str, country: str | None = None) -> float | None:
    """The risk our own calculation sees, worked out once for both tests: it depends on nothing but these two."""
    return judged(good, country).risk


def plain_country(row: dict[str, str]) -> float | None:
    tiers = {"1": 15, "2": 40, "2WL": 65, "3": 90, "SC": 90}
    if row["tip_tier"] not in tiers:
        return None
    tier = tiers[row["tip_tier"]]
    percentile = row["wgi_rule_of_law_pctrank_2023"]
    return max(tier, 0.6 * tier + 0.4 * (100 - float(percentile))) if percentile else tier


def plain_good(listed: list[dict[str, str]], country: str) -> float:
    here = [row for row in listed if row["country_iso2"] == country]
    marks = [0, *([40] if listed and not here else [])]
    for row in here:
        marks += [90] * ("yes" in {row["forced_labour"], row["forced_child_labour"]})
        marks += [70] * ("yes" in {row["child_labour"], row["forced_child_labour"]})
        marks += [65] * bool(row["input_basis"])
    return max(marks)


def test_every_good_from_every_country_is_as_a_plainer_sum_says() -> None:
    countries = {row["country_iso2"]: plain_country(row) for row in rows("country_risk.csv")}
    listed: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows("goods_risk.csv"):
        listed[row["good"]] += [row] if row["status"] == "listed" else []
    grown_here = {offer.key for offer in real().offers.values() if offer.named_as}
    compared = 0
    for good, found in listed.items():
        for country, risk in countries.items():
            if country == "GB" and good in grown_here:
                continue
            mark = plain_good(found, country)
            wanted = risk if mark == 0 else max(mark, risk or 0)
            assert risk_of(good, country) == (None if wanted is None else pytest.approx(wanted)), (good, country)
            compared += 1
    assert compared > 169 * 249


def test_not_knowing_the_origin_is_never_better_than_the_best_that_could_be_known() -> None:
    for offer in real().offers:
        known = [risk for country in real().countries if (risk := risk_of(offer, country)) is not None]
        unknown = risk_of(offer)
        assert unknown is not None
        assert unknown >= min(known), offer
