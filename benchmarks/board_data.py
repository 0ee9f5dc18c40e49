"""Databases for `bench_board.py`: buyers with as many suppliers as wanted, written with bulk statements."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.core.db import Database
from assess.identity.models import Membership, Organisation, Person, Role
from assess.portfolio.models import BoardBar, BoardGoods, BoardRow
from assess.question_banks.models import EditionRow
from assess.sharing.models import ShareGrant, ShareScope
from assess.suppliers.models import InvitationStatus, RiskTier, Supplier, SupplierSize
from tests.identity.accounts_factory import confirm_name

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
BARS = ("Recruitment", "Pay", "Hours", "Housing", "Documents", "Freedom", "Training", "Complaints")
PLACES = ("Spain", "Morocco", "Kenya", "Viet Nam", "United Kingdom", "Peru", "Poland")
SECTORS, AREAS = ("farming", "car_washes", "hospitality"), ("norwich", "breckland", "north_norfolk", "great_yarmouth")
BATCH = 5000
TABLES: tuple[Any, ...] = (Supplier, Assessment, Submission, ShareGrant, BoardRow, BoardBar, BoardGoods)


def fill(database: Database, suppliers: int, others: int) -> tuple[Person, Organisation]:
    """A buyer with so many suppliers, and so many of other buyers beside it, at most nine times as many. Returns who buys, and for whom."""
    with database.writing() as session:
        _have_patience(session)
        person = Person(email="jo@council.example", name="Jo", desk=None, made_at=NOW, confirmed_at=NOW)
        buyer = Organisation(name="The Council", made_at=NOW)
        confirm_name(buyer)
        session.add_all([person, buyer])
        session.flush()
        session.add(Membership(organisation_id=buyer.id, person_id=person.id, role=Role.BUYER, made_at=NOW))
        _buyer(session, buyer.id, suppliers, random.Random(suppliers))
        for number in range(1, 1 + others // suppliers):
            _copy(session, number)
    with database.writing() as session:
        _have_patience(session)
        session.execute(text("ANALYZE"))
    return person, buyer


def _have_patience(session: Session) -> None:
    """A statement of a page may take seconds, one that fills a database longer."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _buyer(session: Session, buyer_id: uuid.UUID, number: int, dice: random.Random) -> None:
    edition = session.scalars(select(EditionRow.id)).first()
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in TABLES}
    submission = 1 + (session.scalar(select(Submission.id).order_by(Submission.id.desc()).limit(1)) or 0)
    for place in range(number):
        one = uuid.UUID(int=dice.getrandbits(124))
        name = f"{dice.choice(('Fen', 'Acle', 'Broad', 'Wensum', 'Yare'))} {dice.choice(('Growers', 'Wash', 'Kitchen'))} {place:05}"
        status = dice.choice(tuple(InvitationStatus)) if dice.random() < 0.4 else InvitationStatus.SHARED
        assessment = uuid.UUID(int=dice.getrandbits(124))
        grant = uuid.UUID(int=dice.getrandbits(124)) if status is InvitationStatus.SHARED else None
        rows[Supplier].append(
            {
                "id": one, "buyer_id": buyer_id, "identity": f"{place:064}", "name": name, "email": "", "phone": "",
                "reference": f"V{place}", "made_at": NOW,
            }
        )  # fmt: skip
        rows[Assessment].append(
            {
                "id": assessment,
                "edition_id": edition,
                "quick": False,
                "version": 1,
                "started_at": NOW,
                "changed_at": NOW,
            }
        )
        rows[Submission].append(
            {
                "id": submission + place, "assessment_id": assessment, "number": 1, "edition_id": edition, "engine": 1,
                "record": {"small": place}, "digest": "0" * 64, "sector": "farming", "score": 1.0, "band": "low",
                "made_at": NOW,
            }
        )  # fmt: skip
        if grant:
            rows[ShareGrant].append(
                {
                    "id": grant, "assessment_id": assessment, "submission_id": submission + place, "email": "",
                    "buyer": "The Council", "scope": ShareScope.BUYER_COPY, "document": {"small": place}, "made_at": NOW,
                    "frozen_at": NOW, "until": NOW + timedelta(days=200), "links_made": 0, "accepted_at": NOW,
                    "organisation_id": buyer_id, "supplier_id": one,
                }
            )  # fmt: skip
            rows[BoardBar] += [
                {"supplier_id": one, "buyer_id": buyer_id, "name": bar, "level": dice.choice((1, 2, 3, 3, 4, 4))}
                for bar in BARS
            ]
            rows[BoardGoods] += [
                {
                    "supplier_id": one,
                    "buyer_id": buyer_id,
                    "good": good,
                    "country": dice.choice(PLACES),
                    "risk_label": "Medium",
                }
                for good in {f"Goods {int(dice.expovariate(0.05)):03}" for _ in range(2)}
            ]
        rows[BoardRow].append(_standing(one, buyer_id, name, place, status, grant, dice))
    for table, made in rows.items():
        for start in range(0, len(made), BATCH):
            session.execute(insert(table), made[start : start + BATCH])


def _copy(session: Session, number: int) -> None:
    """The same once more for another buyer, by the database alone. Ids of ours begin with 0, those of the others with 1 to 9."""
    other = Organisation(name=f"Buyer {number}", made_at=NOW)
    session.add(other)
    session.flush()
    sqlite = session.get_bind().dialect.name == "sqlite"
    later = {"submission": "id", "share_grant": "submission_id"}
    for model in TABLES:
        table = model.__table__
        picked = []
        for column in table.columns:
            name = str(column.name)
            if name == later.get(table.name):
                picked.append(f"{name} + {number * 100_000}")
            elif name in {"buyer_id", "organisation_id"}:
                given = other.id.hex if sqlite else f"{other.id}"
                picked.append(f"'{given}'" if table.name != "assessment" else name)
            elif name in {"id", "supplier_id", "assessment_id", "grant_id"}:
                picked.append(
                    f"'{number}' || substr({name}, 2)" if sqlite else f"('{number}' || substr({name}::text, 2))::uuid"
                )
            else:
                picked.append(f'"{name}"')
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        first = table.columns[
            "supplier_id" if "supplier_id" in table.columns and "id" not in table.columns else "id"
        ].name
        if table.name == "submission":
            first = "assessment_id"
        ours = f"substr({first}, 1, 1) = '0'" if sqlite else f"substr({first}::text, 1, 1) = '0'"
        session.execute(
            text(f"INSERT INTO {table.name} ({names}) SELECT {', '.join(picked)} FROM {table.name} WHERE {ours}")  # noqa: S608  # our own words
        )


def _standing(
    one: uuid.UUID, buyer_id: uuid.UUID, name: str, place: int, status: InvitationStatus, grant: uuid.UUID | None,
    dice: random.Random,
) -> dict[str, Any]:  # fmt: skip
    today = date(2026, 11, 24)

    def some(choices: Sequence[Any]) -> Any:  # of any kind
        return dice.choice((*choices, None))

    return {
        "supplier_id": one, "buyer_id": buyer_id, "name": name, "sort_name": name.casefold(),
        "searched": f"{name.casefold()}\nv{place}", "sector": some(SECTORS), "area": some(AREAS), "size": some(tuple(SupplierSize)),
        "spend_gbp": some((1000, 2000, dice.randrange(10**6))), "tier": some(tuple(RiskTier)), "status": status,
        "asked_on": today, "due": some((today + timedelta(days=dice.randrange(-90, 90)),)), "grant_id": grant,
        "shown_until": NOW + timedelta(days=dice.choice((200, 200, 20, -1))) if grant else None,
        "answered_on": today - timedelta(days=dice.randrange(300)) if grant else None,
        "valid_until": today + timedelta(days=dice.randrange(-30, 300)) if grant else None,
        "band": some(("low", "medium", "high")) if grant else None,
        "open_steps": 3, "done_steps": 1, "late_steps": 0, "next_step_due": today, "call_points": dice.randrange(100),
        "call_reasons": [], "reckoned_at": NOW,
    }  # fmt: skip
