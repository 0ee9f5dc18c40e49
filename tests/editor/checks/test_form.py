from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from assess.editor.checks.form import TypedCheck, faults_in, priorities_with, read_check, typed_check, write_check

CHECK: dict[str, Any] = {
    "id": "D1",
    "says": "Papers are kept.",
    "when": {"papers": {"is": "we"}},
    "sign": "serious",
    "ilo": [8, 7],
    "action": {
        "do": "Give them back.",
        "priority": 14,
        "owner": "owner",
        "effort": "S",
        "after_advice": True,
        "title": "Papers back",
        "reaches": "they",
    },
    "listed": False,
    "name": "Papers and pay",
    "harm": 2,
    "same_as": "papers",
}


def test_what_is_read_from_a_check_writes_it_again_to_the_letter() -> None:
    again = dict(CHECK)
    write_check(again, typed_check(CHECK))
    assert again == CHECK
    assert list(again) == list(CHECK)


def test_an_action_without_words_and_a_check_without_sign_lose_them() -> None:
    check = dict(CHECK)
    write_check(check, TypedCheck(says="Look at it."))
    assert check == {"id": "D1", "says": "Look at it.", "when": CHECK["when"], "listed": False}


@pytest.mark.parametrize(
    ("typed", "where"),
    [
        ({"says": ""}, {"says"}),
        ({"says": "x" * 601}, {"says"}),
        ({"name": "x" * 41, "title": "x" * 61}, {"name", "title", "do"}),
        ({"do": "x" * 151, "title": "Act", "owner": "owner"}, {"do"}),
        ({"harm": "7"}, {"harm"}),
        ({"sign": "grave"}, {"sign"}),
        ({"sign": "serious"}, {"ilo"}),
        ({"do": "Act.", "priority": "soon", "effort": "XL", "owner": "nobody"}, {"priority", "owner", "effort"}),
        ({"do": "Act.", "owner": "owner"}, set()),
        ({"owner": "nobody"}, set()),
    ],
)
def test_each_fault_is_told_beside_its_field(typed: dict[str, str], where: set[str]) -> None:
    assert set(faults_in(TypedCheck(**{"says": "Look.", **typed}), {"owner"})) == where  # type: ignore[arg-type]  # texts alone


def test_only_indicators_that_exist_are_read() -> None:
    form = MultiDict([("says", " Look \n again "), ("ilo", "12"), ("ilo", "7"), ("after_advice", "yes")])
    read = read_check(form)
    assert (read.says, read.ilo, read.after_advice) == ("Look again", ("7",), True)


def test_a_number_of_days_that_a_file_has_can_be_kept() -> None:
    assert priorities_with("14")[-1] == ("14", "Within 14 days")
    assert len(priorities_with("9" * 5000)) == len(priorities_with("30")) == len(priorities_with("soon")) == 5
