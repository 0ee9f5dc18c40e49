"""What a browser does with passkeys stands in `test_in_a_browser.py`; here is what a hostile program sends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from assess.kit.db import Database
from assess.people.accounts.passkeys import (
    Here,
    PasskeyRefusedError,
    add,
    ask_to_add,
    ask_to_show,
    count,
    passkeys_of,
    show,
)
from assess.people.accounts.people import make_person
from tests.conftest import TODAY

HERE = Here("assess.example.org", "https://assess.example.org", "Assess")


def answer_to(challenge: str, **changes: object) -> str:
    client = {"type": "webauthn.get", "challenge": challenge, "origin": HERE.origin}
    said = bytes_to_base64url(json.dumps(client).encode())
    return json.dumps(
        {"id": "abcd", "rawId": "abcd", "type": "public-key", "response": {"clientDataJSON": said}, **changes}
    )


@pytest.mark.parametrize(
    "nonsense",
    ["", "[]", "{}", "null", '{"response": 3}', '{"response": {"clientDataJSON": "!!"}}', "[" * 5000, "{" * 9],
)
def test_nonsense_is_refused_as_everything_else_is(database: Database, nonsense: str) -> None:
    with database.writing() as session:
        jo = make_person(session, "jo@farm.example", TODAY)
        with pytest.raises(PasskeyRefusedError):
            show(session, nonsense, HERE, TODAY)
        with pytest.raises(PasskeyRefusedError):
            add(session, jo.id, nonsense, "phone", HERE, TODAY)
        assert (count(session, jo.id), passkeys_of(session, jo.id)) == (0, [])


def test_a_challenge_is_used_up_by_the_first_answer_however_wrong(database: Database) -> None:
    with database.writing() as session:
        options = json.loads(ask_to_show(session, HERE, TODAY))
        assert len(base64url_to_bytes(options["challenge"])) == 32
        assert (options["rpId"], options["userVerification"]) == ("assess.example.org", "required")
        for _ in range(2):
            with pytest.raises(PasskeyRefusedError):
                show(session, answer_to(options["challenge"]), HERE, TODAY)


def test_a_challenge_is_for_one_person_one_use_and_five_minutes(database: Database) -> None:
    with database.writing() as session:
        jo, ann = (make_person(session, f"{name}@farm.example", TODAY) for name in ("jo", "ann"))
        to_add = json.loads(ask_to_add(session, jo, HERE, TODAY))["challenge"]
        to_show = json.loads(ask_to_show(session, HERE, TODAY, jo.id))["challenge"]
        for challenge, person, moment in (
            (to_add, ann.id, TODAY),
            (to_show, None, TODAY),
            (to_show, jo.id, TODAY + timedelta(minutes=5)),
        ):
            with pytest.raises(PasskeyRefusedError):
                show(session, answer_to(challenge), HERE, moment, person)
            if person is not None:
                with pytest.raises(PasskeyRefusedError):
                    add(session, person, answer_to(challenge), "phone", HERE, moment)
