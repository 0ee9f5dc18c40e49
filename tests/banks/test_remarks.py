from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assess.banks.checking import CheckedBank, check_bank
from assess.banks.remarks import idle_waivers, remarked, remarked_in_all, remarks_at, rule_called
from assess.engine.wording_remarks import Rule
from tests.shelves import SHOP, SOUND, START, Edit, sound_but

SURELY: Edit = (START, "ask: Who works here?", "ask: Who surely works here?")
WAIVED: Edit = (START, "        quick: true", "        quick: true\n        waived: {loaded_words: They say so}")


def checked(*edits: Edit) -> CheckedBank:
    return check_bank(sound_but(*edits), "shop", None)


def test_a_remark_stands_at_its_file_and_line() -> None:
    [found] = remarked(checked(SURELY))
    assert (found.file, found.line, found.question, found.waived) == (START, 8, "staff", None)
    assert (
        str(found.said)
        == f"{START}:8: loaded_words warning: “surely”. Say it so that no answer is the one you hope for."
    )


def test_a_waiver_brings_its_reason_and_is_idle_once_nothing_is_remarked() -> None:
    assert [one.waived for one in remarked(checked(SURELY, WAIVED))] == ["They say so"]
    assert idle_waivers({"shop": checked(SURELY, WAIVED)}) == ()
    [idle] = idle_waivers({"shop": checked(WAIVED)})
    assert (idle.question, idle.rule, idle.reason) == ("staff", "loaded_words", "They say so")


def test_what_two_banks_share_is_told_once_and_what_cannot_be_compiled_not_at_all() -> None:
    bank = checked(SURELY)
    assert len(remarked_in_all({"shop": bank, "stall": bank})) == 1
    assert remarked(CheckedBank(None, None, ())) == ()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(SOUND, tmp_path / "questionnaires"))
    name, old, new = SURELY
    (made / name).write_text((made / name).read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return made


def test_a_folder_and_each_file_of_it_has_its_own(folder: Path) -> None:
    wanted = str(folder / START)
    for path in (folder, folder / "common", folder / START):
        assert [(one.file, one.line) for one in remarks_at(path)] == [(wanted, 8)], path
    assert remarks_at(folder / SHOP) == remarks_at(folder / "gone") == ()
    (folder / SHOP).write_text("format: 1\n", encoding="utf-8")
    assert remarks_at(folder) == ()


def test_rules_are_known_by_their_word() -> None:
    assert (rule_called("hard_words"), rule_called("x")) == (Rule.HARD_WORDS, None)
