"""Passkeys (WebAuthn): a phone, a computer or a stick signs a challenge of ours. A look-alike site gets nothing that works here.

A challenge is a link-like token that acts once (`assess.people.tickets`), so it holds for some minutes and cannot be replayed. A
passkey that also checked the person (by finger, face or PIN) is both steps at once.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from assess.people.accounts.models import Passkey
from assess.people.models import Person
from assess.people.tickets import TicketUnknownError, issue, use

ADDING, SHOWING = "passkey-add", "passkey-show"
LASTS = timedelta(minutes=5)
MOST = 10
_LONGEST_ID = 1400
_LONGEST_NAME = 60


class PasskeyRefusedError(Exception):
    """This passkey does not count here: not ours, not for this challenge, changed or copied."""


@dataclass(frozen=True, slots=True)
class Here:
    """This site as browsers know it: its host and its origin, such as `assess.example.org` and `https://assess.example.org`."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A passkey that was shown. `checked`: the device also checked who holds it, so it is both steps."""

    person_id: uuid.UUID
    checked: bool


def ask_to_add(session: Session, person: Person, here: Here, now: datetime) -> str:
    """What a browser needs to make a passkey for this person, as JSON."""
    known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person.id))
    options = generate_registration_options(
        rp_id=here.host,
        rp_name=here.name,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.shown,
        challenge=_challenge(session, ADDING, now, person.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return options_to_json(options)


def add(session: Session, person_id: uuid.UUID, answer: str, name: str, here: Here, now: datetime) -> Passkey:
    """Keep the passkey a browser has just made. `answer` is what it says, as JSON.

    Raises:
        PasskeyRefusedError
    """
    said = _read(answer)
    challenge = _used_up(session, ADDING, said, now, person_id)
    try:
        made = verify_registration_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError from error
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > _LONGEST_ID or count(session, person_id) >= MOST:
        raise PasskeyRefusedError
    if session.scalars(select(Passkey.id).where(Passkey.credential_id == credential_id)).first() is not None:
        raise PasskeyRefusedError
    row = Passkey(
        person_id=person_id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name[:_LONGEST_NAME] or "Passkey",
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def ask_to_show(session: Session, here: Here, now: datetime, person_id: uuid.UUID | None = None) -> str:
    """What a browser needs to show a passkey, as JSON; of one person, or of whoever holds one."""
    wanted = select(Passkey.credential_id).where(Passkey.person_id == person_id)
    known = session.scalars(wanted).all() if person_id else []
    options = generate_authentication_options(
        rp_id=here.host,
        challenge=_challenge(session, SHOWING, now, person_id),
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED if person_id else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def show(session: Session, answer: str, here: Here, now: datetime, person_id: uuid.UUID | None = None) -> Shown:
    """Whose passkey this is. Without `person_id` the passkey must have checked who holds it.

    Raises:
        PasskeyRefusedError
    """
    said = _read(answer)
    challenge = _used_up(session, SHOWING, said, now, person_id)
    wanted = select(Passkey).where(Passkey.credential_id == str(said.get("id", ""))[:_LONGEST_ID])
    row = session.scalars(wanted.with_for_update()).first()
    if row is None or (person_id is not None and row.person_id != person_id):
        raise PasskeyRefusedError
    try:
        shown = verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=here.host,
            expected_origin=here.origin,
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=person_id is None,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError from error
    session.execute(update(Passkey).where(Passkey.id == row.id).values(sign_count=shown.new_sign_count, used_at=now))
    return Shown(row.person_id, checked=shown.user_verified)


def passkeys_of(session: Session, person_id: uuid.UUID) -> list[Passkey]:
    """All passkeys of a person, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.made_at)))


def count(session: Session, person_id: uuid.UUID) -> int:
    """How many they have."""
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)) or 0


def _challenge(session: Session, kind: str, now: datetime, person_id: uuid.UUID | None) -> bytes:
    token = issue(session, kind, "", now, lasts=LASTS, person_id=person_id, about=uuid.uuid4(), keeps_books=True)
    return base64url_to_bytes(token)


def _used_up(session: Session, kind: str, said: dict[str, Any], now: datetime, person_id: uuid.UUID | None) -> bytes:
    """The challenge this answers, which is used up by it, whether the answer is right or not."""
    try:
        client = json.loads(base64url_to_bytes(said["response"]["clientDataJSON"]))
        token = str(client["challenge"])
        ticket = use(session, kind, token, now)
    except (TicketUnknownError, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError from error
    if ticket.person_id != person_id:
        raise PasskeyRefusedError
    return base64url_to_bytes(token)


def _read(answer: str) -> dict[str, Any]:
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefusedError from error
    if not isinstance(said, dict):
        raise PasskeyRefusedError
    return said
