from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from tests.identity.accounts_factory import database_of
from tests.plans.plan_index.organisations import Firm, a_firm


@pytest.fixture
def firm(app: Flask, now: datetime) -> Firm:
    """A firm with two plans, and a self-check that is only begun."""
    with database_of(app).writing() as session:
        return a_firm(session, now)
