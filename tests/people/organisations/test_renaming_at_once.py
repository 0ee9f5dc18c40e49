"""A name is saved in the moment in which another one is confirmed, on both databases."""

from __future__ import annotations

import threading

import pytest
from flask import Flask

from assess.people.models import Method, NameState, Organisation
from assess.people.organisations.members import lock
from assess.people.organisations.names import Confirmation, confirm
from tests.conftest import TODAY, Visitor
from tests.people.organisations.conftest import Farm
from tests.people.persons import database_of

pytestmark = pytest.mark.both_databases


def test_a_name_confirmed_while_another_is_saved_does_not_count_for_the_other(
    app: Flask, as_ann: Visitor, farm: Farm
) -> None:
    """Two sessions: an administrator holds the organisation and confirms it; a manager sends another name meanwhile."""
    as_ann(farm.path("/details"))
    saved: list[int] = []
    sending = threading.Thread(target=lambda: saved.append(as_ann.send("/details", name="Somebody Else").status))
    with database_of(app).writing() as session:
        held = lock(session, farm.farm.id)
        assert held is not None
        confirm(session, held, Confirmation(Method.KNOWN, "Known in person", (), None, ""), TODAY)
        session.flush()
        sending.start()
        sending.join(1)  # it waits for what is held
        assert not saved
    sending.join()
    assert saved == [200]
    with database_of(app).reading() as look:
        found = look.get_one(Organisation, farm.farm.id)
    assert (found.name, found.name_state) == ("Somebody Else", NameState.UNCONFIRMED)
