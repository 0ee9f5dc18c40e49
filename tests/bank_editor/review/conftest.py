from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.db import Database
from tests.bank_editor.review.shop_bank import open_shop, somebody
from tests.conftest import Apps


@pytest.fixture
def shop(session: Session) -> Session:
    """A session that may write, with the shop in it."""
    open_shop(session)
    return session


@pytest.fixture
def ann(shop: Session) -> uuid.UUID:
    return somebody(shop, "Ann")


@pytest.fixture
def ben(shop: Session) -> uuid.UUID:
    return somebody(shop, "Ben")


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """An installation with the shop alone: its bank is short, so checking it takes no time."""
    return Settings(
        env="development", database_url=database_url, data_folder=tmp_path, operator_name="Norfolk test desk"
    )


@pytest.fixture
def app(database: Database, settings: Settings, apps: Apps) -> Iterator[Flask]:
    with database.writing() as session:
        open_shop(session)
    with apps.with_settings(settings) as lent:
        yield lent
