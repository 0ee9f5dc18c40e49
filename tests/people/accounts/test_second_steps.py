from __future__ import annotations

import pytest

from assess.kit.db import Database
from assess.people.accounts import recovery
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.people import make_person
from assess.people.accounts.second_steps import SecondSteps, steps_of, take_code, tidy_up
from tests.conftest import TODAY

KEYS = ["k" * 32]


def test_a_code_is_taken_for_what_it_looks_like_and_recovery_codes_go_with_the_last_step(database: Database) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY).id
        codes = recovery.renew(session, jo, TODAY)
        take_code(session, jo, codes[0], KEYS, TODAY)
        for wrong in (codes[0], "123456", "", "x" * 16):
            with pytest.raises(CodeWrongError):
                take_code(session, jo, wrong, KEYS, TODAY)
        assert steps_of(session, jo) == SecondSteps(code_app=False, passkeys=0, codes_left=9)
        assert not steps_of(session, jo).any
        tidy_up(session, jo)
        assert steps_of(session, jo).codes_left == 0
