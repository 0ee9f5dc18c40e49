from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from assess.kit.db import Database
from assess.people.accounts.code_apps import (
    CodeWrongError,
    address_of,
    confirm,
    has_code_app,
    picture_of,
    remove,
    seed_being_set_up,
    set_up,
    take,
)
from assess.people.accounts.models import CodeApp
from assess.people.accounts.people import make_person
from tests.conftest import TODAY

KEYS = ["k" * 32]


def test_an_app_counts_once_it_showed_a_code_and_its_seed_is_never_shown_again(database: Database) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY).id
        set_up(session, jo, KEYS[0], TODAY)
        seed = seed_being_set_up(session, jo, KEYS)
        assert seed
        assert seed.encode() not in session.scalars(select(CodeApp.seed)).one()
        twin = pyotp.TOTP(seed)
        with pytest.raises(CodeWrongError):
            take(session, jo, twin.at(TODAY), KEYS, TODAY)
        assert not has_code_app(session, jo)
        with pytest.raises(CodeWrongError):
            confirm(session, jo, "000000", KEYS, TODAY)
        confirm(session, jo, twin.at(TODAY), KEYS, TODAY)
        assert has_code_app(session, jo)
        assert seed_being_set_up(session, jo, KEYS) is None
        set_up(session, jo, KEYS[0], TODAY)  # a working app is not replaced by opening a page twice
        assert has_code_app(session, jo)
        remove(session, jo)
        assert not has_code_app(session, jo)


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(database: Database, seconds: int, right: bool) -> None:  # noqa: FBT001  # a case
    moment = TODAY + timedelta(hours=1)
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY).id
        set_up(session, jo, KEYS[0], TODAY)
        twin = pyotp.TOTP(seed_being_set_up(session, jo, KEYS) or "")
        confirm(session, jo, twin.at(TODAY), KEYS, TODAY)
        code = twin.at(moment + timedelta(seconds=seconds))
        if right:
            take(session, jo, code, KEYS, moment)
        else:
            with pytest.raises(CodeWrongError):
                take(session, jo, code, KEYS, moment)


def test_a_code_is_worth_nothing_with_another_key_or_as_nonsense(database: Database) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY).id
        set_up(session, jo, KEYS[0], TODAY)
        code = pyotp.TOTP(seed_being_set_up(session, jo, KEYS) or "").at(TODAY)
        assert seed_being_set_up(session, jo, ["x" * 32]) is None
        for keys, typed in ((["x" * 32], code), (KEYS, ""), (KEYS, "٠١٢٣٤٥"), (KEYS, "0" * 5000)):
            with pytest.raises(CodeWrongError):
                confirm(session, jo, typed, keys, TODAY)


def test_the_picture_has_nothing_our_pages_forbid() -> None:
    picture = picture_of(address_of("JBSWY3DPEHPK3PXP" * 2, "jo@farm.example", "Assess"))
    assert picture.startswith("<svg")
    assert not re.search(r"style=|<script|javascript|href", picture)
