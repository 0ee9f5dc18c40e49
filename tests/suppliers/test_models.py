"""What is stored of suppliers: each buyer's rows are its own, and go with it."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.people.models import Organisation
from assess.suppliers.models import InvitationLink, Supplier, SupplierInvitation
from tests.suppliers.makers import a_buyer, a_supplier, invited

pytestmark = pytest.mark.both_databases


def test_one_buyer_has_a_supplier_once_and_two_buyers_have_two_rows(session: Session) -> None:
    council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
    one = a_supplier(session, council, "Farm", email="a@b.example")
    assert a_supplier(session, council, "FARM", email="A@b.example").id == one.id
    assert a_supplier(session, shop, "Farm", email="a@b.example").id != one.id


def test_everything_goes_with_the_buyer(session: Session) -> None:
    council = a_buyer(session, "The Council")
    invited(session, a_supplier(session, council, "Farm"))
    session.execute(delete(Organisation).where(Organisation.id == council.id))
    for table in (Supplier, SupplierInvitation, InvitationLink):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_no_supplier_is_a_part_of_itself(session: Session) -> None:
    farm = a_supplier(session, a_buyer(session, "The Council"), "Farm")
    farm.merged_into = farm.id
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_invitation_lives_until_it_ended(session: Session) -> None:
    found = invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm"))
    assert found.lives
    assert found.events.startswith(f"supplier invitation {found.id.hex}")
