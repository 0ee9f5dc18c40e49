"""What a browser does with passkeys stands in `test_in_a_browser.py`; here is what a hostile program sends."""

from __future__ import annotations

import hashlib
import json
import math
import re
import uuid
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select
from webauthn import base64url_to_bytes
from webauthn.helpers import bytes_to_base64url

from assess.core.db import Database
from assess.core.pages import qr_code_svg
from assess.identity.accounts import second_factors
from assess.identity.accounts.second_factors import (
    PasskeyRefusedError,
    RelyingParty,
    SecondFactors,
    SeedDecryptionError,
    WrongCodeError,
    begin_totp_setup,
    confirm_totp,
    count_passkeys,
    decrypt_seed,
    encrypt_seed,
    get_second_factors,
    has_totp,
    list_passkeys,
    passkey_authentication_options,
    passkey_registration_options,
    pending_totp_seed,
    remove_orphaned_recovery_codes,
    remove_totp,
    save_passkey,
    totp_uri,
    use_second_factor_code,
    use_totp_code,
    verify_passkey,
)
from assess.identity.accounts.services import create_person
from assess.identity.models import RecoveryCode, TotpDevice
from tests.conftest import TODAY
from tests.identity.accounts.conftest import is_in, person_of

KEYS = ["k" * 32]


def test_an_app_counts_once_it_showed_a_code_and_its_seed_is_never_shown_again(database: Database) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY).id
        begin_totp_setup(session, jo, KEYS[0], TODAY)
        seed = pending_totp_seed(session, jo, KEYS)
        assert seed
        assert seed.encode() not in session.scalars(select(TotpDevice.seed)).one()
        twin = pyotp.TOTP(seed)
        with pytest.raises(WrongCodeError):
            use_totp_code(session, jo, twin.at(TODAY), KEYS, TODAY)
        assert not has_totp(session, jo)
        with pytest.raises(WrongCodeError):
            confirm_totp(session, jo, "000000", KEYS, TODAY)
        confirm_totp(session, jo, twin.at(TODAY), KEYS, TODAY)
        assert has_totp(session, jo)
        assert pending_totp_seed(session, jo, KEYS) is None
        begin_totp_setup(session, jo, KEYS[0], TODAY)  # a working app is not replaced by opening a page twice
        assert has_totp(session, jo)
        remove_totp(session, jo)
        assert not has_totp(session, jo)


@pytest.mark.parametrize(("seconds", "right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(database: Database, seconds: int, right: bool) -> None:  # noqa: FBT001  # a case
    now = TODAY + timedelta(hours=1)
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY).id
        begin_totp_setup(session, jo, KEYS[0], TODAY)
        twin = pyotp.TOTP(pending_totp_seed(session, jo, KEYS) or "")
        confirm_totp(session, jo, twin.at(TODAY), KEYS, TODAY)
        code = twin.at(now + timedelta(seconds=seconds))
        if right:
            use_totp_code(session, jo, code, KEYS, now)
        else:
            with pytest.raises(WrongCodeError):
                use_totp_code(session, jo, code, KEYS, now)


def test_a_code_is_worth_nothing_with_another_key_or_as_nonsense(database: Database) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY).id
        begin_totp_setup(session, jo, KEYS[0], TODAY)
        code = pyotp.TOTP(pending_totp_seed(session, jo, KEYS) or "").at(TODAY)
        assert pending_totp_seed(session, jo, ["x" * 32]) is None
        for keys, typed in ((["x" * 32], code), (KEYS, ""), (KEYS, "٠١٢٣٤٥"), (KEYS, "0" * 5000)):
            with pytest.raises(WrongCodeError):
                confirm_totp(session, jo, typed, keys, TODAY)


def test_the_picture_has_nothing_our_pages_forbid() -> None:
    picture = qr_code_svg(totp_uri("JBSWY3DPEHPK3PXP" * 2, "jo@farm.example", "Assess"))
    assert picture.startswith("<svg")
    assert not re.search(r"style=|<script|javascript|href", picture)


HERE = RelyingParty("assess.example.org", "https://assess.example.org", "Assess")


def answer_to(challenge: str, **changes: object) -> str:
    client = {"type": "webauthn.get", "challenge": challenge, "origin": HERE.origin}
    said = bytes_to_base64url(json.dumps(client).encode())
    return json.dumps(
        {"id": "abcd", "rawId": "abcd", "type": "public-key", "response": {"clientDataJSON": said}, **changes}
    )


@pytest.mark.parametrize(
    "nonsense",
    [
        "", "[]", "{}", "null", '{"response": 3}', '{"response": {"clientDataJSON": "!!"}}', "[" * 5000, "{" * 9,
        json.dumps({"response": {"clientDataJSON": bytes_to_base64url(b"[" * 100_000)}}),
        json.dumps({"response": {"clientDataJSON": bytes_to_base64url(b"[]")}}),
    ],
)  # fmt: skip
def test_nonsense_is_refused_as_everything_else_is(database: Database, nonsense: str) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY)
        with pytest.raises(PasskeyRefusedError):
            verify_passkey(session, nonsense, HERE, TODAY)
        with pytest.raises(PasskeyRefusedError):
            save_passkey(session, jo.id, nonsense, "phone", HERE, TODAY)
        assert (count_passkeys(session, jo.id), list_passkeys(session, jo.id)) == (0, [])


def test_a_challenge_is_used_up_by_the_first_answer_however_wrong(database: Database) -> None:
    with database.writing() as session:
        options = json.loads(passkey_authentication_options(session, HERE, TODAY))
        assert len(base64url_to_bytes(options["challenge"])) == 32
        assert (options["rpId"], options["userVerification"]) == ("assess.example.org", "required")
        for _ in range(2):
            with pytest.raises(PasskeyRefusedError):
                verify_passkey(session, answer_to(options["challenge"]), HERE, TODAY)


@pytest.mark.both_databases
@pytest.mark.parametrize("odd", ["\0", "\ud800", "a b", "x" * 1401, 7, None, [], {}])
def test_an_id_that_no_passkey_has_is_refused(database: Database, odd: object) -> None:
    """JSON can spell characters that no text of a database holds."""
    with database.writing() as session:
        challenge = json.loads(passkey_authentication_options(session, HERE, TODAY))["challenge"]
        with pytest.raises(PasskeyRefusedError):
            verify_passkey(session, answer_to(challenge, id=odd), HERE, TODAY)


def test_a_new_passkey_without_a_key_in_it_is_refused(database: Database) -> None:
    """Where its public key belongs stands a list with one number."""
    begins = hashlib.sha256(HERE.host.encode()).digest() + b"\x45" + bytes(4) + bytes(16) + b"\x00\x04abcd\x81\x01"
    attestation = b"\xa3cfmtdnonegattStmt\xa0hauthDataX" + bytes([len(begins)]) + begins
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY)
        challenge = json.loads(passkey_registration_options(session, jo, HERE, TODAY))["challenge"]
        client = {"type": "webauthn.create", "challenge": challenge, "origin": HERE.origin}
        said = {
            "clientDataJSON": bytes_to_base64url(json.dumps(client).encode()),
            "attestationObject": bytes_to_base64url(attestation),
        }
        name = bytes_to_base64url(b"abcd")
        with pytest.raises(PasskeyRefusedError):
            save_passkey(session, jo.id, answer_to(challenge, id=name, rawId=name, response=said), "phone", HERE, TODAY)


def test_a_challenge_is_for_one_person_one_use_and_five_minutes(database: Database) -> None:
    with database.writing() as session:
        jo, ann = (create_person(session, f"{name}@farm.example", TODAY) for name in ("jo", "ann"))
        to_add = json.loads(passkey_registration_options(session, jo, HERE, TODAY))["challenge"]
        to_show = json.loads(passkey_authentication_options(session, HERE, TODAY, jo.id))["challenge"]
        for challenge, person, now in (
            (to_add, ann.id, TODAY),
            (to_show, None, TODAY),
            (to_show, jo.id, TODAY + timedelta(minutes=5)),
        ):
            with pytest.raises(PasskeyRefusedError):
                verify_passkey(session, answer_to(challenge), HERE, now, person)
            if person is not None:
                with pytest.raises(PasskeyRefusedError):
                    save_passkey(session, person, answer_to(challenge), "phone", HERE, now)


@pytest.fixture
def twin(visit: Any, join: Any, with_app: Any) -> pyotp.TOTP:
    """Jo has an app for codes; this is its twin."""
    join(visit)
    found: pyotp.TOTP = with_app(visit)
    return found


def test_ten_new_codes_end_the_old_ones_and_are_nowhere_to_be_read(app: Flask, twin: pyotp.TOTP) -> None:
    assert twin
    person = person_of(app)
    assert person is not None
    with app.extensions["assess.database"].writing() as session:
        old, new = (second_factors.renew_recovery_codes(session, person.id, TODAY) for _ in range(2))
        with pytest.raises(WrongCodeError):
            second_factors.use_recovery_code(session, person.id, old[0])
        second_factors.use_recovery_code(session, person.id, new[0])
        assert second_factors.count_recovery_codes(session, person.id) == 9


def test_a_code_has_112_random_bits_and_a_shorter_one_of_before_is_good_until_it_is_used(
    app: Flask, twin: pyotp.TOTP, visit: Any, enter: Any
) -> None:
    assert twin
    person = person_of(app)
    assert person is not None
    before = "abcd-efgh-jkmn-pqrs"
    with app.extensions["assess.database"].writing() as session:
        (new, *_more) = second_factors.renew_recovery_codes(session, person.id, TODAY)
        hashed = hashlib.sha256(f"{person.id} {before.replace('-', '')}".encode()).hexdigest()
        session.add(RecoveryCode(person_id=person.id, code_hash=hashed, made_at=TODAY))
    assert len(set(new)) > 1
    assert len(new.replace("-", "")) * math.log2(31) >= 112
    for code in (before, new):
        visit.client.delete_cookie("assess_signed_in")
        enter(visit)
        visit.send("/sign-in/second-step", code=code)
        assert is_in(visit), code
    visit.client.delete_cookie("assess_signed_in")
    enter(visit)
    assert visit.send("/sign-in/second-step", code=before).status == 422


ROW = uuid.uuid4()
OLD, NEW = "o" * 32, "n" * 32


def test_what_is_sealed_opens_for_its_row_with_this_or_an_earlier_key() -> None:
    sealed = encrypt_seed(b"SEED", ROW, OLD)
    assert b"SEED" not in sealed
    assert decrypt_seed(sealed, ROW, [OLD]) == decrypt_seed(sealed, ROW, [NEW, OLD]) == b"SEED"
    assert encrypt_seed(b"SEED", ROW, OLD) != sealed


@pytest.mark.parametrize("spoilt", ["another row", "another key", "changed", "cut"])
def test_nothing_else_opens_it(spoilt: str) -> None:
    sealed = encrypt_seed(b"SEED", ROW, OLD)
    row = uuid.uuid4() if spoilt == "another row" else ROW
    key = NEW if spoilt == "another key" else OLD
    if spoilt == "changed":
        sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    if spoilt == "cut":
        sealed = sealed[:20]
    with pytest.raises(SeedDecryptionError):
        decrypt_seed(sealed, row, [key])


def test_a_code_is_taken_for_what_it_looks_like_and_recovery_codes_go_with_the_last_step(database: Database) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY).id
        codes = second_factors.renew_recovery_codes(session, jo, TODAY)
        use_second_factor_code(session, jo, codes[0], KEYS, TODAY)
        for wrong in (codes[0], "123456", "", "x" * 16):
            with pytest.raises(WrongCodeError):
                use_second_factor_code(session, jo, wrong, KEYS, TODAY)
        assert get_second_factors(session, jo) == SecondFactors(code_app=False, passkeys=0, codes_left=9)
        assert not get_second_factors(session, jo).any
        remove_orphaned_recovery_codes(session, jo)
        assert get_second_factors(session, jo).codes_left == 0
