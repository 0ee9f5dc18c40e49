"""Codes from an app (TOTP): six digits, new every 30 seconds, each good once.

Which code was used last is remembered in the same statement that takes it, so of two at once one is refused.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from assess.people.accounts.models import CodeApp
from assess.people.accounts.sealing import SealBrokenError, seal, unseal

STEP = 30
_EITHER_SIDE = 1
"""Clocks of phones are off by some seconds, and people type slowly."""


class CodeWrongError(Exception):
    """Not the code of now, or one that was used already, or an older one."""


def set_up(session: Session, person_id: uuid.UUID, key: str, now: datetime) -> None:
    """Begin to set up an app. What was begun before and never confirmed is forgotten; a confirmed one stays until it is replaced.

    `key` is the secret key of the installation.
    """
    session.execute(delete(CodeApp).where(CodeApp.person_id == person_id, CodeApp.confirmed_at.is_(None)))
    if has_code_app(session, person_id):
        return
    row = uuid.uuid4()
    seed = seal(pyotp.random_base32().encode(), row, key)
    session.add(CodeApp(id=row, person_id=person_id, seed=seed, last_counter=0, made_at=now))
    session.flush()


def seed_being_set_up(session: Session, person_id: uuid.UUID, keys: Sequence[str]) -> str | None:
    """The seed of the app that is being set up, to show it; None when none is. That of a confirmed app is never shown again."""
    wanted = select(CodeApp).where(CodeApp.person_id == person_id, CodeApp.confirmed_at.is_(None))
    row = session.scalars(wanted).first()
    if row is None:
        return None
    try:
        return unseal(row.seed, row.id, keys).decode()
    except SealBrokenError:
        return None


def confirm(session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime) -> None:
    """The app works: it showed this code. From now on it counts.

    Raises:
        CodeWrongError
    """
    _take(session, person_id, code, keys, now, confirmed=False)
    session.execute(update(CodeApp).where(CodeApp.person_id == person_id).values(confirmed_at=now))


def take(session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime) -> None:
    """Take this code as a second step. It and all before it are good for nothing from now on.

    Raises:
        CodeWrongError
    """
    _take(session, person_id, code, keys, now, confirmed=True)


def has_code_app(session: Session, person_id: uuid.UUID) -> bool:
    """Whether they have an app that counts."""
    wanted = select(CodeApp.id).where(CodeApp.person_id == person_id, CodeApp.confirmed_at.is_not(None))
    return session.scalars(wanted).first() is not None


def remove(session: Session, person_id: uuid.UUID) -> None:
    """Forget the app."""
    session.execute(delete(CodeApp).where(CodeApp.person_id == person_id))


def address_of(seed: str, email: str, service: str) -> str:
    """What the square picture holds: an address that apps for codes understand."""
    return pyotp.TOTP(seed, interval=STEP).provisioning_uri(name=email, issuer_name=service)


def picture_of(address: str) -> str:
    """The square picture as SVG, to stand in a page. Made without style attributes, which our pages do not allow."""
    return segno.make(address, error="m", micro=False).svg_inline(
        scale=4, border=4, omitsize=False, svgclass="assess-qr", lineclass=None, light="white", dark="black"
    )


def _take(
    session: Session, person_id: uuid.UUID, code: str, keys: Sequence[str], now: datetime, *, confirmed: bool
) -> None:
    counts = CodeApp.confirmed_at.is_not(None) if confirmed else CodeApp.confirmed_at.is_(None)
    row = session.scalars(select(CodeApp).where(CodeApp.person_id == person_id, counts)).first()
    if row is None:
        raise CodeWrongError
    try:
        seed = unseal(row.seed, row.id, keys).decode()
    except SealBrokenError as error:
        raise CodeWrongError from error
    counter = _counter_of(seed, "".join(code.split()), now)
    if counter is None:
        raise CodeWrongError
    taken = session.scalars(
        update(CodeApp)
        .where(CodeApp.id == row.id, CodeApp.last_counter < counter, counts)
        .values(last_counter=counter)
        .returning(CodeApp.id)
    ).first()
    if taken is None:
        raise CodeWrongError


def _counter_of(seed: str, code: str, now: datetime) -> int | None:
    """The number of the 30 seconds this code belongs to, around now."""
    app = pyotp.TOTP(seed, interval=STEP)
    middle = int(now.timestamp()) // STEP
    found = None
    for counter in range(middle - _EITHER_SIDE, middle + _EITHER_SIDE + 1):
        if compare_digest(app.generate_otp(counter).encode(), code.encode()):
            found = counter
    return found
