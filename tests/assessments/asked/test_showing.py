"""What the pages of an invitation tell."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from assess.assessments.asked.showing import about, title_of
from assess.kit.db import Database
from tests.suppliers.conftest import published
from tests.suppliers.makers import a_buyer, a_supplier, invited

__all__ = ["published"]


def test_they_say_what_is_asked_and_how_long_it_takes(app: Flask, published: Database) -> None:  # the fixture
    with app.app_context(), published.writing() as session:
        council = a_buyer(session, "The Council")
        told = about(session, invited(session, a_supplier(session, council, "Farm", sector="farming")), council)
        assert (told["asker"].name, told["minutes"]) == ("The Council", 45)
        assert told["title"] == title_of(session, "farming") != "farming"


def test_a_bank_that_is_gone_is_called_by_its_id(session: Session) -> None:
    assert title_of(session, "farming") == "farming"
