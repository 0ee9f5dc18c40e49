from __future__ import annotations

import shutil
from collections import namedtuple

import pytest
from sqlalchemy import text

from assess.kit.application import Application

pytestmark = pytest.mark.both_databases


def test_it_is_alive_and_ready(stored_site: Application) -> None:
    client = stored_site.test_client()
    assert client.get("/health/live").get_data() == b"alive\n"
    ready = client.get("/health/ready")
    assert (ready.status_code, ready.get_data()) == (200, b"ready\n")
    assert "Set-Cookie" not in ready.headers


def test_tables_of_another_release_are_not_ready(stored_site: Application) -> None:
    with stored_site.extensions["assess.database"].writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = stored_site.test_client().get("/health/ready")
    assert (answer.status_code, answer.get_data()) == (503, b"not ready\n")


def test_a_database_without_tables_is_alive_and_not_ready(
    stored_site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    with stored_site.extensions["assess.database"].writing() as session:
        session.execute(text("DROP TABLE alembic_version"))
    client = stored_site.test_client()
    assert client.get("/health/live").status_code == 200
    assert client.get("/health/ready").status_code == 503
    assert '"event": "not_ready"' in capsys.readouterr().out


def test_a_disk_that_is_almost_full_is_not_ready(site: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # as the standard library has it
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(1000, 950, 50))
    assert site.test_client().get("/health/ready").status_code == 503


def test_a_crowded_site_is_still_ready(stored_site: Application) -> None:
    engine = stored_site.extensions["assess.database"].engine
    held = [engine.connect() for _ in range(10)]
    assert stored_site.test_client().get("/health/ready").status_code == 200
    for connection in held:
        connection.close()


def test_nothing_is_logged_of_probes(site: Application, capsys: pytest.CaptureFixture[str]) -> None:
    site.test_client().get("/health/live")
    site.test_client().get("/health/ready")
    assert capsys.readouterr().out == ""
