"""Authenticator apps (TOTP), passkeys (WebAuthn) and recovery codes. TOTP seeds are encrypted, recovery codes hashed."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, select, update
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

from assess.core.links import LinkUnknownError
from assess.identity.accounts.services import revoke_links
from assess.identity.accounts.sessions import end_all_login_sessions
from assess.identity.models import Passkey, Person, RecoveryCode, TotpDevice
from assess.identity.one_time_tokens import issue_token, use_token

_NONCE_BYTES = 12
_KEY_LENGTH = 32
_KEY_INFO = b"assess: seeds of code apps, 1"


class SeedDecryptionError(Exception):
    """It was sealed for another row, with another key, or was changed."""


def encrypt_seed(plain: bytes, row: uuid.UUID, key: str) -> bytes:
    """Seal this for this row. `key` is the secret key of the installation."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_derive_seed_key(key)).encrypt(nonce, plain, row.bytes)


def decrypt_seed(sealed: bytes, row: uuid.UUID, keys: Sequence[str]) -> bytes:
    """What was sealed for this row. `keys` are the present secret key and the earlier ones that are still honoured. Raises `SeedDecryptionError`."""
    for key in keys:
        try:
            return AESGCM(_derive_seed_key(key)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], row.bytes)
        except InvalidTag:
            continue
    raise SeedDecryptionError


def _derive_seed_key(key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_LENGTH, salt=None, info=_KEY_INFO).derive(key.encode())


TOTP_SECONDS = 30
_CLOCK_DRIFT_STEPS = 1
"""Clocks of phones are off by some seconds, and people type slowly."""


class WrongCodeError(Exception):
    """Not the code of now, or one that was used already, or an older one."""


def begin_totp_setup(session: Session, person_id: uuid.UUID, key: str, now: datetime) -> None:
    """Begin to set up an app. What was begun before and never confirmed is forgotten; a confirmed one stays until it is replaced.

    `key` is the secret key of the installation.
    """
    session.execute(delete(TotpDevice).where(TotpDevice.person_id == person_id, TotpDevice.confirmed_at.is_(None)))
    if has_totp(session, person_id):
        return
    row = uuid.uuid4()
    seed = encrypt_seed(pyotp.random_base32().encode(), row, key)
    session.add(TotpDevice(id=row, person_id=person_id, seed=seed, last_counter=0, made_at=now))
    session.flush()


def pending_totp_seed(session: Session, person_id: uuid.UUID, keys: Sequence[str]) -> str | None:
    """The seed of the app that is being set up, to show it; None when none is. That of a confirmed app is never shown again."""
    row = session.scalars(
        select(TotpDevice).where(TotpDevice.person_id == person_id, TotpDevice.confirmed_at.is_(None))
    ).first()
    if row is None:
        return None
    try:
        return decrypt_seed(row.seed, row.id, keys).decode()
    except SeedDecryptionError:
        return None


def confirm_totp(session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime) -> None:
    """The app works: it showed this code. From now on it counts. Raises `WrongCodeError`."""
    _use_totp_code(session, person_id, code, keys, now, confirmed=False)
    session.execute(update(TotpDevice).where(TotpDevice.person_id == person_id).values(confirmed_at=now))


def use_totp_code(session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime) -> None:
    """Take this code as a second step. It and all before it are good for nothing from now on. Raises `WrongCodeError`."""
    _use_totp_code(session, person_id, code, keys, now, confirmed=True)


def has_totp(session: Session, person_id: uuid.UUID) -> bool:
    query = select(TotpDevice.id).where(TotpDevice.person_id == person_id, TotpDevice.confirmed_at.is_not(None))
    return session.scalars(query).first() is not None


def remove_totp(session: Session, person_id: uuid.UUID) -> None:
    session.execute(delete(TotpDevice).where(TotpDevice.person_id == person_id))


def totp_uri(seed: str, email: str, service: str) -> str:
    """What the square picture holds: an address that apps for codes understand."""
    return pyotp.TOTP(seed, interval=TOTP_SECONDS).provisioning_uri(name=email, issuer_name=service)


def _use_totp_code(
    session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime, *, confirmed: bool
) -> None:
    counts = TotpDevice.confirmed_at.is_not(None) if confirmed else TotpDevice.confirmed_at.is_(None)
    row = session.scalars(select(TotpDevice).where(TotpDevice.person_id == person_id, counts)).first()
    if row is None:
        raise WrongCodeError
    try:
        seed = decrypt_seed(row.seed, row.id, keys).decode()
    except SeedDecryptionError as error:
        raise WrongCodeError from error
    counter = _matching_counter(seed, "".join(code.split()), now)
    if counter is None:
        raise WrongCodeError
    taken = session.scalars(
        update(TotpDevice)
        .where(TotpDevice.id == row.id, TotpDevice.last_counter < counter, counts)
        .values(last_counter=counter)
        .returning(TotpDevice.id)
    ).first()
    if taken is None:
        raise WrongCodeError


def _matching_counter(seed: str, code: str, now: datetime) -> int | None:
    """The number of the 30 seconds this code belongs to, around now."""
    app = pyotp.TOTP(seed, interval=TOTP_SECONDS)
    middle = int(now.timestamp()) // TOTP_SECONDS
    found = None
    for counter in range(middle - _CLOCK_DRIFT_STEPS, middle + _CLOCK_DRIFT_STEPS + 1):
        # all are compared, so the time tells nothing of which
        if compare_digest(app.generate_otp(counter).encode(), code.encode()):
            found = counter
    return found


PASSKEY_ADD_KIND, PASSKEY_SHOW_KIND = "passkey-add", "passkey-show"
CHALLENGE_LIFETIME = timedelta(minutes=5)
MAX_PASSKEYS = 10
_MAX_CREDENTIAL_ID_LENGTH = 1400
_CREDENTIAL_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{_MAX_CREDENTIAL_ID_LENGTH}}}")
MAX_PASSKEY_NAME_LENGTH = 60


class PasskeyRefusedError(Exception):
    """This passkey does not count here: not ours, not for this challenge, changed or copied."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """This site as browsers know it: its host and its origin, such as `assess.example.org` and `https://assess.example.org`."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class VerifiedPasskey:
    """A passkey that was shown. `checked`: the device also checked who holds it, so it is both steps."""

    person_id: uuid.UUID
    checked: bool


def passkey_registration_options(session: Session, person: Person, here: RelyingParty, now: datetime) -> str:
    """What a browser needs to make a passkey for this person, as JSON."""
    known = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person.id))
    options = generate_registration_options(
        rp_id=here.host,
        rp_name=here.name,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.shown,
        challenge=_challenge(session, PASSKEY_ADD_KIND, now, person.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
    )
    return options_to_json(options)


def save_passkey(
    session: Session, person_id: uuid.UUID, answer: str, name: str, here: RelyingParty, now: datetime
) -> Passkey:
    """Keep the passkey a browser has just made. `answer` is what it says, as JSON. Raises `PasskeyRefusedError`."""
    said = _parse_passkey_object(answer)
    challenge = _use_challenge(session, PASSKEY_ADD_KIND, said, now, person_id)
    try:
        made = verify_registration_response(
            credential=said, expected_challenge=challenge, expected_rp_id=here.host, expected_origin=here.origin
        )
    except (WebAuthnException, ValueError, LookupError, TypeError) as error:
        raise PasskeyRefusedError from error
    credential_id = bytes_to_base64url(made.credential_id)
    if len(credential_id) > _MAX_CREDENTIAL_ID_LENGTH or count_passkeys(session, person_id) >= MAX_PASSKEYS:
        raise PasskeyRefusedError
    if session.scalars(select(Passkey.id).where(Passkey.credential_id == credential_id)).first() is not None:
        raise PasskeyRefusedError
    row = Passkey(
        person_id=person_id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=name or "Passkey",
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def passkey_authentication_options(
    session: Session, here: RelyingParty, now: datetime, person_id: uuid.UUID | None = None
) -> str:
    """What a browser needs to show a passkey, as JSON; of one person, or of any holder of one."""
    query = select(Passkey.credential_id).where(Passkey.person_id == person_id)
    known = session.scalars(query).all() if person_id else []
    options = generate_authentication_options(
        rp_id=here.host,
        challenge=_challenge(session, PASSKEY_SHOW_KIND, now, person_id),
        allow_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED if person_id else UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def verify_passkey(
    session: Session, answer: str, here: RelyingParty, now: datetime, person_id: uuid.UUID | None = None
) -> VerifiedPasskey:
    """Whose passkey this is. Without `person_id` the passkey must have checked who holds it. Raises `PasskeyRefusedError`."""
    said = _parse_passkey_object(answer)
    challenge = _use_challenge(session, PASSKEY_SHOW_KIND, said, now, person_id)
    credential_id = str(said.get("id", ""))
    if not _CREDENTIAL_ID.fullmatch(credential_id):  # what JSON can spell and no text of a database holds
        raise PasskeyRefusedError
    query = select(Passkey).where(Passkey.credential_id == credential_id)
    row = session.scalars(query.with_for_update()).first()  # its counter of signatures only ever rises
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
    except (WebAuthnException, ValueError, LookupError, TypeError) as error:
        raise PasskeyRefusedError from error
    session.execute(update(Passkey).where(Passkey.id == row.id).values(sign_count=shown.new_sign_count, used_at=now))
    return VerifiedPasskey(row.person_id, checked=shown.user_verified)


def list_passkeys(session: Session, person_id: uuid.UUID) -> list[Passkey]:
    """All passkeys of a person, the oldest first."""
    return list(session.scalars(select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.made_at)))


def count_passkeys(session: Session, person_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)) or 0


def _challenge(session: Session, kind: str, now: datetime, person_id: uuid.UUID | None) -> bytes:
    token = issue_token(
        session, kind, "", now, lasts=CHALLENGE_LIFETIME, person_id=person_id, about=uuid.uuid4(), not_audited=True
    )
    return base64url_to_bytes(token)


def _use_challenge(
    session: Session, kind: str, answer: dict[str, Any], now: datetime, person_id: uuid.UUID | None
) -> bytes:
    """The challenge this answers, which is used up by it, whether the answer is right or not."""
    try:
        client = _parse_passkey_object(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        token = str(client["challenge"])
        one_time_token = use_token(session, kind, token, now)
    except (LinkUnknownError, ValueError, KeyError, TypeError) as error:
        raise PasskeyRefusedError from error
    if one_time_token.person_id != person_id:
        raise PasskeyRefusedError
    return base64url_to_bytes(token)


def _parse_passkey_object(text: str | bytes) -> dict[str, Any]:
    """What a browser says, and the part of it that it packed once more. Raises `PasskeyRefusedError`."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefusedError from error
    if not isinstance(said, dict):
        raise PasskeyRefusedError
    return said


RECOVERY_CODE_COUNT = 10
_CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that people take for one another."""
_CODE_LENGTH = 24
"""24 of 31 characters are 118 random bits: with 112 or more a plain hash is enough, nobody works them out from it."""
_CODE_GROUP = 4


def renew_recovery_codes(session: Session, person_id: uuid.UUID, now: datetime) -> list[str]:
    """Ten new codes, as they are to be written down. The earlier ones end."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    codes = ["".join(secrets.choice(_CODE_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(RECOVERY_CODE_COUNT)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_recovery_code_hash(person_id, code), made_at=now) for code in codes
    )
    session.flush()
    return [
        "-".join(code[start : start + _CODE_GROUP] for start in range(0, _CODE_LENGTH, _CODE_GROUP)) for code in codes
    ]


def use_recovery_code(session: Session, person_id: uuid.UUID, typed: str) -> None:
    """Use a code up. Of many at once exactly one gets it. Raises `WrongCodeError`."""
    code = re.sub(r"[\s-]", "", typed).casefold()
    used = delete(RecoveryCode).where(
        RecoveryCode.person_id == person_id, RecoveryCode.code_hash == _recovery_code_hash(person_id, code)
    )
    if session.scalars(used.returning(RecoveryCode.id)).first() is None:
        raise WrongCodeError


def count_recovery_codes(session: Session, person_id: uuid.UUID) -> int:
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.person_id == person_id)
    return session.scalar(counted) or 0


def remove_recovery_codes(session: Session, person_id: uuid.UUID) -> None:
    """Forget all of them: without another second step they are for nothing."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _recovery_code_hash(person_id: uuid.UUID, code: str) -> str:
    return hashlib.sha256(f"{person_id} {code}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What a person can show beside a password or a mail. `codes_left`: recovery codes."""

    code_app: bool
    passkeys: int
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether signing in asks for one."""
        return self.code_app or self.passkeys > 0


def get_second_factors(session: Session, person_id: uuid.UUID) -> SecondFactors:
    return SecondFactors(
        has_totp(session, person_id), count_passkeys(session, person_id), count_recovery_codes(session, person_id)
    )


def use_second_factor_code(
    session: Session, person_id: uuid.UUID, typed: str, keys: Sequence[str], now: datetime
) -> None:
    """Take a code of the app, or a recovery code. Either is good once. Raises `WrongCodeError`."""
    # codes had 16 characters once; those that people still have are good until they are used or renewed
    if len(re.sub(r"[\s-]", "", typed)) in (_CODE_LENGTH, 16):
        use_recovery_code(session, person_id, typed)
    else:
        use_totp_code(session, person_id, typed, keys, now)


def remove_orphaned_recovery_codes(session: Session, person_id: uuid.UUID) -> None:
    """After a step was removed: recovery codes stand in for a step, so without any step they go too."""
    if not get_second_factors(session, person_id).any:
        remove_recovery_codes(session, person_id)


def reset_second_factors(session: Session, person_id: uuid.UUID, now: datetime) -> None:
    """For a person who lost phone and codes: no second step any more, every browser signed out, every mailed link void."""
    remove_totp(session, person_id)
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))
    remove_recovery_codes(session, person_id)
    end_all_login_sessions(session, person_id)
    revoke_links(session, person_id, now)
