from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from assess.kit.config import Settings
from assess.kit.db import Database
from tests.conftest import standing_still
from tests.editor.review.shop import open_shop, somebody


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
def app(database: Database, settings: Settings, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    with database.writing() as session:
        open_shop(session)
    with standing_still(settings, compiled_templates) as made:
        yield made
