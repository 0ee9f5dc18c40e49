"""`assess score`: one line of JSON for each file, one sentence for each fault, never a traceback."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click import Context
from click.testing import CliRunner, Result

from assess.cli import COMMANDS, main
from assess.cli.score import score_command
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import load_bank
from tests.content_files import SHOP, SOUND, START, change

DAY = "2026-11-24"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sound folder on disk."""
    return Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))


def check(*paths: Path | str, day: str = DAY) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, paths), "--today", day], catch_exceptions=False)


def test_a_sound_folder_is_said_to_be_so(folder: Path) -> None:
    result = check(folder)
    assert (result.exit_code, result.output) == (0, "No problems in 9 files.\n")
    assert check(folder / SHOP).output == "No problems in 1 file.\n"
    assert check(folder / SHOP, folder / "owners.yaml").output == "No problems in 2 files.\n"


def test_each_problem_is_one_line_with_file_line_number_and_repair(folder: Path) -> None:
    change(folder / SHOP, "dimension: freedom", "dimension: fredom")
    change(folder / SHOP, "owner: owner, effort: S}}", "owner: boss, effort: S}}")
    result = check(folder)
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"{folder}/shop.yaml:13: BANK036 There is no dimension “fredom”; did you mean “freedom”? Use an id of dimensions.yaml.",
        f"{folder}/shop.yaml:20: BANK037 There is no owner “boss”. Use an id of owners.yaml, or add the owner there.",
    ]


def test_warnings_are_told_and_do_not_fail(folder: Path) -> None:
    change(folder / SHOP, "Who keeps the", "Who 'keeps' the")
    result = check(folder)
    assert result.exit_code == 0
    assert result.output.startswith(
        f"{folder}/shop.yaml:10: BANK028 warning: A straight quote (') stands in this text."
    )
    assert result.output.endswith("No problems in 9 files, but 1 warning.\n")
    change(folder / SHOP, "title: The work", "title: The 'work'")
    assert check(folder).output.endswith("No problems in 9 files, but 2 warnings.\n")


def test_the_day_decides_which_settings_are_old(folder: Path) -> None:
    late = check(folder, day="2027-04-02")
    assert late.exit_code == 0
    assert "BANK071 warning: “wage” was to be looked at again by 2027-04-01." in late.output
    early = check(folder, day="2026-03-31")
    assert early.exit_code == 1
    assert "BANK075" in early.output


def test_the_usage_is_explained() -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["check"]).exit_code == 2
    assert runner.invoke(main, ["check", "x", "--today", "tomorrow"]).exit_code == 2
    assert runner.invoke(main, ["chek"]).exit_code == 2
    assert main.list_commands(Context(main)) == list(COMMANDS)
    listed = runner.invoke(main, ["--help"]).output
    assert all(name in listed and says in listed for name, (_module, _function, says) in COMMANDS.items())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"a: " + b"[" * 100_000, b"a: &a [x]\nb: *a\n", b"a" * 2_000_000]
)
def test_no_file_brings_a_traceback(folder: Path, content: bytes) -> None:
    (folder / "bad.yaml").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", "from assess.cli import main; main()", "check", str(folder), "--today", DAY],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert f"{folder}/bad.yaml:1: BANK0" in done.stdout


def test_remarks_are_said_when_they_are_asked_for_and_fail_nothing(folder: Path) -> None:
    change(folder / START, "ask: Who works here?", "ask: Who surely works here?")
    assert "loaded_words" not in check(folder).output
    result = CliRunner().invoke(main, ["check", str(folder), "--today", DAY, "--remarks"], catch_exceptions=False)
    first, last = result.output.splitlines()
    assert first.startswith(f"{folder / START}:8: loaded_words remark: “surely”.")
    assert (result.exit_code, last) == (0, "No problems in 9 files.")


DAY_SCORE = ["--today", "2026-11-24"]
REQUIRED = (
    "sector", "edition", "engine", "shown", "exposure", "gap", "score", "range", "score_band", "band", "confidence",
    "urgent_signs", "serious_signs", "unknown_signs", "notes", "dimensions", "lines", "actions", "duties",
)  # fmt: skip


def run(*arguments: object) -> Result:
    return CliRunner().invoke(score_command, [str(argument) for argument in arguments], catch_exceptions=False)


def written(folder: Path, name: str, content: object) -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def close(found: Any, wanted: Any) -> bool:
    exact = isinstance(wanted, bool) or not isinstance(wanted, (int, float))
    return bool(found == wanted if exact else found == pytest.approx(wanted, abs=2e-4))


@pytest.mark.parametrize("bank", bundled_files().banks())
def test_worked_examples_can_be_scored_as_files_and_give_what_they_promise(bank: str, tmp_path: Path) -> None:
    from assess.question_banks.reader import compile_bank  # noqa: PLC0415 - only here

    examples = compile_bank(bundled_files(), bank).examples
    files = [
        written(
            tmp_path,
            f"{number}.json",
            {
                "title": example.title,
                "sector": bank,
                "answers": dict(example.answers),
                "evidence_share": example.evidence_share,
                "expect": dict(example.expect),
            },
        )
        for number, example in enumerate(examples)
    ]
    result = run(*files, *DAY_SCORE)
    assert result.exit_code == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(lines) == len(examples) >= 4
    for example, line in zip(examples, lines, strict=True):
        for name, wanted in example.expect.items():
            assert close(line[name], wanted), (example.title, name)


def test_a_line_has_all_that_is_promised(tmp_path: Path) -> None:
    result = run(written(tmp_path, "fen.json", {"sector": "farming", "answers": {"core_people_peak": 18}}), *DAY_SCORE)
    line = json.loads(result.stdout)
    assert set(REQUIRED) <= set(line)
    assert set(line["edition"]) == {"bank", "number", "digest"}
    assert set(line["actions"][0]) >= {"question", "do", "priority", "owner", "effort", "gain"}
    assert set(line["duties"][0]) >= {"id", "verdict", "status", "force", "due"}
    assert line["range"][0] <= line["score"] <= line["range"][1]
    assert "core_documents" in line["missing"]


def test_yaml_and_json_give_the_same_line(tmp_path: Path) -> None:
    as_json = written(tmp_path, "a.json", {"sector": "hospitality", "answers": {"hosp_rooms": 3}, "quick": True})
    as_yaml = written(tmp_path, "a.yaml", "sector: hospitality\nquick: true\nanswers:\n  hosp_rooms: 3\n")
    first, second = run(as_json, as_yaml, *DAY_SCORE).stdout.splitlines()
    assert first == second
    assert json.loads(first)["quick"] is True


def test_facts_given_in_the_file_win(tmp_path: Path) -> None:
    facts = {"operates_in": ["ENG"], "turnover_gbp_incl_subsidiaries": 36_000_000, "supplies_goods_or_services": True,
             "legal_form": "company", "fye": "2026-03-31"}  # fmt: skip
    path = written(tmp_path, "big.json", {"sector": "farming", "organisation": {"facts": facts}, "answers": {}})
    duties = {duty["id"]: duty for duty in json.loads(run(path, *DAY_SCORE).stdout)["duties"]}
    assert duties["uk_s54_statement"]["verdict"] == "applies"


def test_each_fault_is_one_sentence_and_good_files_are_scored_all_the_same(tmp_path: Path) -> None:
    bad = written(tmp_path, "bad.json", {"sector": "farming", "answers": {"core_documents": "wroker", "core_peple": 1}})
    good = written(tmp_path, "good.json", {"sector": "farming"})
    result = run(bad, good, tmp_path / "none.json", *DAY_SCORE)
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    faults = result.stderr.splitlines()
    assert len(faults) == 3
    assert faults[0].startswith(f"{bad}: answers: There is no question “core_peple”")
    assert "did you mean “worker”?" in faults[1]
    assert "cannot be read" in faults[2]


def test_a_day_before_every_rate_gets_one_sentence(tmp_path: Path) -> None:
    result = run(written(tmp_path, "a.json", {"sector": "farming"}), "--today", "1999-01-01")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "1999-01-01" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--today", "2026-99-99", "a.json"], ["--nonsense"]])
def test_a_wrong_command_line_ends_with_two(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("size", [0, 1e-308, 1e308, 10**300], ids=["nought", "tiny", "huge", "whole"])
@pytest.mark.parametrize("other", [1, 1e-308, 1e308])
@pytest.mark.parametrize("bank", bundled_files().banks())
def test_numbers_of_any_size_give_sound_json(bank: str, size: float, other: float, tmp_path: Path) -> None:
    edition = load_bank(bundled_files(), bank).edition
    answers: dict[str, object] = {
        "core_worker_types": ["employees"],
        "core_near_minimum": "yes",
        "core_housing": ["site"],
        "wash_pay_basis": "daily",
        "hosp_live_in": ["above"],
        "farm_housing_type": "caravan5",
    }
    known = {question.id for question in edition.questions()}
    answers = {name: value for name, value in answers.items() if name in known}
    for number, question in enumerate(one for one in edition.questions() if one.id not in answers):
        if question.type == "number":
            answers[question.id] = size if number % 2 else other
        elif question.type == "table":
            answers[question.id] = [
                {
                    column.id: (size, other)[column.id == "bedrooms"]
                    for column in question.columns
                    if column.type == "number"
                }
            ]
        elif question.type == "choices":
            answers[question.id] = [question.options[-2].id]
        elif question.type == "choice":
            answers[question.id] = question.options[-2].id
    facts = {fact.id: size for fact in edition.duty_book.facts if fact.type in {"number", "money"}}
    path = written(tmp_path, "a.json", {"sector": bank, "answers": answers, "organisation": {"facts": facts}})
    result = run(path, *DAY_SCORE)
    assert result.exit_code == 0, result.stderr
    json.loads(result.stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_areas_are_those_of_the_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.json", {"sector": "farming", "organisation": {"area": "suffolk"}})
    assert run(path, *DAY_SCORE).exit_code == 2
    monkeypatch.setenv("ASSESS_AREAS", "suffolk, other")
    assert run(path, *DAY_SCORE).exit_code == 0


BOUGHT = [
    {"good": "Rubber Gloves", "country": "MY", "share": 2, "supplier": "Secret Gloves Ltd"},
    {"good": "prawns", "country": "IN"},
    {"good": "cleaning"},
    {"good": "something of our own", "country": "TV"},
]


def with_purchases(folder: Path, name: str, purchases: object) -> Path:
    organisation = {"name": "Pier Hotel", "purchases": purchases}
    return written(folder, name, {"sector": "hospitality", "organisation": organisation, "answers": {"hosp_rooms": 3}})


def test_purchases_are_judged_in_the_order_they_are_given(tmp_path: Path) -> None:
    result = run(with_purchases(tmp_path, "a.json", BOUGHT), *DAY_SCORE)
    lines = json.loads(result.stdout)["purchases"]
    assert [(line["good"], line["country"], line["risk"], line["band"]) for line in lines] == [
        ("Rubber Gloves", "MY", 90, "high"),
        ("prawns", "IN", 90, "high"),
        ("cleaning", None, 70, "high"),
        ("something of our own", "TV", None, "not_known"),
    ]
    for line in lines:
        assert line["about"].endswith("not this firm.")
        assert line["facts"]
        assert all({"source", "edition", "says"} <= set(fact) for fact in line["facts"])
    assert "Secret" not in result.stdout


def test_words_no_list_knows_are_not_known_and_a_key_is_meant_exactly(tmp_path: Path) -> None:
    rows = [{"good": good, "country": country} for good, country in (
        ("lads who help out", "GB"), ("Labour providers", "GB"), ("security", "CN"), ("Beef", "PY"), ("beef", "PY"),
    )]  # fmt: skip
    lines = json.loads(run(with_purchases(tmp_path, "a.json", rows), *DAY_SCORE).stdout)["purchases"]
    found = [(line["known_as"], line["risk"], line["band"]) for line in lines]
    assert found[:2] == [(None, 15, "not_known"), ("agency_labour", 70, "high")]
    assert (found[3][0], found[4][0]) == ("Beef", "beef")
    assert lines[0]["facts"][0]["says"].startswith("No list knows these words.")
    assert all(len(repr(line["risk"])) <= 5 for line in lines)


def test_purchases_change_nothing_else(tmp_path: Path) -> None:
    plain, bought = with_purchases(tmp_path, "a.json", []), with_purchases(tmp_path, "b.json", BOUGHT)
    first, second = run(plain, bought, *DAY_SCORE).stdout.splitlines()
    assert first.partition(', "purchases": ')[0] == second.partition(', "purchases": ')[0]
    assert first.endswith('"purchases": []}')
    assert list(json.loads(first)) == list(json.loads(second))


def test_sixty_lines_of_purchases_work(tmp_path: Path) -> None:
    rows = [{"good": f"kind {number}", "country": "BR", "share": 1.5} for number in range(60)]
    lines = json.loads(run(with_purchases(tmp_path, "a.json", rows), *DAY_SCORE).stdout)["purchases"]
    assert [line["good"] for line in lines] == [row["good"] for row in rows]
    assert {line["risk"] for line in lines} == {65}


def test_every_fault_of_purchases_is_a_sentence_with_its_place(tmp_path: Path) -> None:
    rows = [{"good": "rice", "country": "Ecuador", "share": 60}, {"share": 60}, 7]
    path = with_purchases(tmp_path, "a.json", rows)
    result = run(path, *DAY_SCORE)
    assert (result.exit_code, result.stdout) == (2, "")
    found = [line.removeprefix(f"{path}: organisation.purchases") for line in result.stderr.splitlines()]
    assert [line.split(": ")[0] for line in found] == [", line 1, country", ", line 2, good", ", line 3", ""]
    assert "Write “EC” for Ecuador" in found[0]
    assert "add up to 120" in found[3]
