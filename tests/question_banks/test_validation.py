from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assess.engine.bank import RemarkRule
from assess.question_banks import validation
from assess.question_banks.files import BoundedCache, ContentFile, ContentFiles, FileProblem, content_files
from assess.question_banks.validation import (
    CheckedBank,
    CheckReport,
    check_bank,
    check_files,
    check_files_cached,
    check_path,
    find_rule,
    idle_waivers,
    join_reports,
    known_settings,
    remarks_on_bank,
    remarks_on_banks,
    remarks_on_path,
)
from tests.content_files import SCORING, SHOP, START, TODAY, UK, Edit, change, sound_but


def said(report: CheckReport, folder: Path) -> list[str]:
    return [f"{Path(one.file).relative_to(folder)}:{one.line}: {one.number}" for one in report.problems]


def test_a_sound_folder_has_no_problems(folder: Path) -> None:
    assert check_path(folder, TODAY) == CheckReport((), 9)


def test_a_folder_tells_the_problems_of_all_its_files(folder: Path) -> None:
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    change(folder / SCORING, "value: 0.8", "value: 8")
    (folder / "common" / "unused.yaml").write_text("format: 1\ncommon: unused\n", encoding="utf-8")
    assert said(check_path(folder, TODAY), folder) == [
        "common/unused.yaml:1: BANK021",
        "settings/scoring.yaml:12: BANK074",
        "shop.yaml:13: BANK036",
    ]


def test_a_bank_is_checked_with_everything_it_rests_on(folder: Path) -> None:
    change(folder / START, "owner: owner", "owner: boss")
    change(folder / SCORING, "value: 0.8", "value: 8")
    assert said(check_path(folder / SHOP, TODAY), folder) == ["common/start.yaml:17: BANK037"]


@pytest.mark.parametrize("part", [SCORING, "settings"])
def test_of_other_files_only_their_own_problems_are_told(folder: Path, part: str) -> None:
    change(folder / START, "owner: owner", "owner: boss")
    change(folder / SCORING, "value: 0.8", "value: 8")
    report = check_path(folder / part, TODAY)
    assert said(report, folder) == ["settings/scoring.yaml:12: BANK074"]
    assert report.files == (1 if part == SCORING else 2)


def test_a_duty_file_is_checked_against_its_facts(folder: Path) -> None:
    change(folder / UK, "{hires: {is: true}}", "{hirse: {is: true}}")
    assert said(check_path(folder / UK, TODAY), folder) == ["duties/uk.yaml:8: BANK031", "duties/uk.yaml:24: BANK040"]


def test_files_are_named_as_the_caller_named_them(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    monkeypatch.chdir(folder.parent)
    assert [one.file for one in check_path(Path("questionnaires"), TODAY).problems] == ["questionnaires/shop.yaml"]
    monkeypatch.chdir(folder)
    assert [one.file for one in check_path(Path("shop.yaml"), TODAY).problems] == ["shop.yaml"]


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("nowhere.yaml", None, "BANK001"),
        ("nowhere", None, "BANK001"),
        ("notes.txt", b"format: 1\n", "BANK014"),
        ("empty.yaml", b"", "BANK005"),
        ("binary.yaml", bytes(range(128, 256)), "BANK003"),
        ("deep.yaml", b"a: " + b"[" * 100_000, "BANK009"),
        ("bomb.yaml", b"a: &a [x]\nb: [*a, *a]\n", "BANK007"),
        ("huge.yaml", b"a: 1\n" + b"#" * 2_000_000, "BANK002"),
        ("list.yaml", b"- a\n- b\n", "BANK005"),
    ],
)
def test_whatever_is_named_is_answered_with_one_problem(
    folder: Path, name: str, content: bytes | None, number: str
) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    report = check_path(folder / name, TODAY)
    assert [(one.number, one.line) for one in report.problems] == [(number, 1)]


def test_a_folder_without_banks_says_so(tmp_path: Path) -> None:
    assert said(check_path(tmp_path, TODAY), tmp_path) == [".:1: BANK013"]
    assert said(check_path(tmp_path / "gone", TODAY), tmp_path) == ["gone:1: BANK001"]
    assert said(check_path(tmp_path / "gone" / "shop.yaml", TODAY), tmp_path) == ["gone:1: BANK001"]


def test_a_name_no_machine_can_open_is_answered(tmp_path: Path) -> None:
    report = check_path(tmp_path / ("x" * 5000), TODAY)
    assert [one.number for one in report.problems] == ["BANK001"]


def test_several_paths_tell_the_same_problem_once(folder: Path) -> None:
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    report = join_reports([check_path(folder, TODAY), check_path(folder / SHOP, TODAY)])
    assert (len(report.problems), report.files) == (1, 10)


def test_warnings_are_no_errors() -> None:
    warning, error = FileProblem("a", 1, "BANK071", "", warning=True), FileProblem("a", 1, "BANK001", "")
    assert CheckReport((warning, error), 1).errors == (error,)
    checked = check_bank(sound_but((SHOP, "Who keeps the", "Who keeps the 'own'")), "shop", None)
    assert (len(checked.problems), checked.errors) == (1, ())


def test_without_settings_a_bank_is_still_checked() -> None:
    bank_files = sound_but((SHOP, "expect: {band: critical", "expect: {band: high"))
    assert known_settings(bank_files, date(2020, 1, 1)) is None
    assert check_bank(bank_files, "shop", None).problems == ()
    assert [one.number for one in check_bank(bank_files, "shop", known_settings(bank_files, TODAY)).problems] == [
        "BANK090"
    ]


def test_facts_are_held_against_the_questions_of_all_banks_only_when_all_can_be_read() -> None:
    bank_files = sound_but(("duties/facts.yaml", "question: staff", "question: stuff"))
    assert [one.number for one in check_files(bank_files, TODAY).problems] == ["BANK082"]
    broken = ContentFiles({**bank_files.files, "stall.yaml": ContentFile("stall.yaml", b"format: 1\nbank: stall\n")})
    assert "BANK082" not in [one.number for one in check_files(broken, TODAY).problems]


def test_no_slip_of_the_hand_ends_in_anything_but_problems() -> None:
    texts = {name: content_file.text for name, content_file in sound_but().files.items()}
    words = sorted({word for text in texts.values() for word in re.findall(r"\w+", text)})
    words += ["[]", "{}", "-1", '"', "all", "asked", "always", "&a", "!x", "\t", "table", "choices", "null"]
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        name = chance.choice(list(texts))
        places = list(re.finditer(r"\w+", texts[name]))
        place = chance.choice(places)
        slipped = texts[name][: place.start()] + chance.choice(words) + texts[name][place.end() :]
        sheets = {**texts, name: slipped}
        report = check_files(
            ContentFiles({key: ContentFile(key, text.encode()) for key, text in sheets.items()}), TODAY
        )
        refused += bool(report.errors)
    assert 50 < refused < 150


SURELY: Edit = (START, "ask: Who works here?", "ask: Who surely works here?")
WAIVED: Edit = (START, "        quick: true", "        quick: true\n        waived: {loaded_words: They say so}")


def checked(*edits: Edit) -> CheckedBank:
    return check_bank(sound_but(*edits), "shop", None)


def test_a_remark_stands_at_its_file_and_line() -> None:
    [found] = remarks_on_bank(checked(SURELY))
    assert (found.file, found.line, found.question, found.waived) == (START, 8, "staff", None)
    assert (
        str(found.said)
        == f"{START}:8: loaded_words warning: “surely”. Say it so that no answer is the one you hope for."
    )


def test_a_waiver_brings_its_reason_and_is_idle_once_nothing_is_remarked() -> None:
    assert [one.waived for one in remarks_on_bank(checked(SURELY, WAIVED))] == ["They say so"]
    assert idle_waivers({"shop": checked(SURELY, WAIVED)}) == ()
    [idle] = idle_waivers({"shop": checked(WAIVED)})
    assert (idle.question, idle.rule, idle.reason) == ("staff", "loaded_words", "They say so")


def test_what_two_banks_share_is_told_once_and_what_cannot_be_compiled_not_at_all() -> None:
    bank = checked(SURELY)
    assert len(remarks_on_banks({"shop": bank, "stall": bank})) == 1
    assert remarks_on_bank(CheckedBank(None, None, ())) == ()


@pytest.fixture
def folder_remarks(folder: Path) -> Path:
    name, old, new = SURELY
    change(folder / name, old, new)
    return folder


def test_a_folder_and_each_file_of_it_has_its_own(folder_remarks: Path) -> None:
    wanted = str(folder_remarks / START)
    for path in (folder_remarks, folder_remarks / "common", folder_remarks / START):
        assert [(one.file, one.line) for one in remarks_on_path(path)] == [(wanted, 8)], path
    assert remarks_on_path(folder_remarks / SHOP) == remarks_on_path(folder_remarks / "gone") == ()
    (folder_remarks / SHOP).write_text("format: 1\n", encoding="utf-8")
    assert remarks_on_path(folder_remarks) == ()


def test_rules_are_known_by_their_word() -> None:
    assert (find_rule("hard_words"), find_rule("x")) == (RemarkRule.HARD_WORDS, None)


NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("edit", "rests_on_it"),
    [
        ((SHOP, "dimension: freedom", "dimension: fredom"), True),
        ((START, "Who works here?", "Who 'works' here?"), True),
        ((UK, "Give everybody a payslip.", "Give 'everybody' a payslip."), True),
        ((SCORING, "value: 0.8", "value: 8"), True),
        (("stall.yaml", "bank: stall", "bank: stalls"), False),
        (("papers/rota.yaml", "paper: rota", "paper: rotas"), False),
    ],
)
def test_a_bank_is_looked_through_anew_when_something_changed_that_it_rests_on(
    monkeypatch: pytest.MonkeyPatch,
    edit: Edit,
    rests_on_it: bool,  # noqa: FBT001
) -> None:
    for name in ("_bank_checks", "_checks_cache"):  # what other tests kept may go at any moment
        monkeypatch.setattr(validation, name, BoundedCache(12))
    texts = {name: one.text for name, one in sound_but().files.items()}
    texts |= {"stall.yaml": "format: 1\nbank: stall\n", "papers/rota.yaml": "format: 1\npaper: rota\n"}
    name, old, new = edit
    assert old in texts[name]
    before = content_files({name: text.encode() for name, text in texts.items()})
    after = content_files(
        {name: text.encode() for name, text in (texts | {name: texts[name].replace(old, new)}).items()}
    )
    was, now = (check_files_cached(files, NOW) for files in (before, after))
    assert (was.banks["shop"] is not now.banks["shop"]) == rests_on_it
    assert sorted([*now.errors, *now.warnings]) == list(check_files(after, TODAY).problems)
