"""A buyer who is signed in, and her way of sending in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.db import Database
from assess.identity.models import Organisation, Person
from tests.conftest import Page, Visitor
from tests.identity.accounts_factory import a_person, database_of, sign_in
from tests.suppliers.factories import a_buyer

ASKED = {
    "what": "ask",
    "sector": "",
    "length": "quick",
    "due_day": "24",
    "due_month": "12",
    "due_year": "2026",
    "message": "Please help us.",
}


@dataclass
class Office:
    """A procurement office: its organisation, who buys for it, and her browser."""

    app: Flask
    visit: Visitor
    council: Organisation
    jo: Person

    @property
    def database(self) -> Database:
        return database_of(self.app)

    @property
    def address(self) -> str:
        return f"/organisations/{self.council.id}/suppliers/import"

    def send(self, name: str, data: bytes | None, *, follow: bool = True, **typed: str) -> Page:
        """Fill in the form and send it with this file."""
        page = self.visit(self.address)
        fields: dict[str, object] = {"csrf_token": page.fields("/import")["csrf_token"][0], **ASKED, **typed}
        if data is not None:
            fields["list"] = (name, data)
        body, content_type = multipart(fields)
        answer = self.visit.client.post(self.address, data=body, content_type=content_type, follow_redirects=follow)
        self.visit.page = Page(answer)
        return self.visit.page


def multipart(fields: dict[str, object]) -> tuple[bytes, str]:
    """A form as a browser sends it with a file. The test client would keep a large one in a file that it never closes."""
    body = b""
    for name, value in fields.items():
        body += b'--x-x\r\nContent-Disposition: form-data; name="' + name.encode() + b'"'
        if isinstance(value, tuple):
            file_name, data = value
            body += b'; filename="' + file_name.encode() + b'"\r\nContent-Type: application/octet-stream\r\n\r\n' + data
        else:
            body += b"\r\n\r\n" + str(value).encode()
        body += b"\r\n"
    return body + b"--x-x--\r\n", "multipart/form-data; boundary=x-x"


@pytest.fixture
def open_office(visit: Visitor) -> Callable[[Flask], Office]:
    """An office in this app."""

    def make(app: Flask) -> Office:
        with database_of(app).writing() as session:
            jo = a_person(session, "jo@council.example")
            council = a_buyer(session, "The Council", buyer=jo)
        sign_in(visit, app, jo)
        return Office(app, visit, council, jo)

    return make


@pytest.fixture
def mails_to_nobody(banks_url: str, tmp_path: Path) -> Settings:
    """An installation that sends mail, to nobody who listens."""
    return Settings(
        env="development",
        database_url=banks_url,
        data_folder=tmp_path,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:9",
        mail_from="desk@norfolk.example",
    )


@pytest.fixture(scope="session", autouse=True)
def jobs() -> None:
    load_jobs()


@pytest.fixture
def office(app: Flask, open_office: Callable[[Flask], Office]) -> Office:
    return open_office(app)
