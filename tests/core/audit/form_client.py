"""A browser that sends forms without drawing them first, and what stands in the mail that waits."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from assess.core.models import OutgoingMail
from assess.identity.models import Person
from tests.conftest import Page
from tests.identity.accounts_factory import database_of, sign_in


class FormClient:
    """`browser.post("/sign-up", email="jo@farm.example")`. `person`: who is signed in in it from the start."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        if person is not None:
            sign_in(self.client, app, person)
        found = Page(self.client.get("/start?bank=farming")).soup.select_one("input[name=csrf_token]")
        assert found is not None
        self.token = str(found["value"])

    def get(self, address: str) -> Page:
        """Look at a page."""
        return Page(self.client.get(address, follow_redirects=True))

    def post(self, address: str, **typed: object) -> Page:
        """Send this, which has to be taken."""
        sent = Page(self.client.post(address, data={"csrf_token": self.token, **typed}))
        assert sent.status < 400, f"{address}: {sent.status} {sent.text[:600]}"
        where = sent.headers.get("Location", "")
        assert not where.startswith(("/sign-in?", "/prove?")), f"{address}: to {where}"
        return sent

    def drawn(self, address: str, form: str | None = None, /, **typed: object) -> Page:
        """Send the form of this page as it stands, with these fields changed."""
        page = self.get(address)
        assert page.status == 200, f"{address}: {page.status}"
        action = str(page.form(form).get("action") or page.address)
        return self.post(action, **{**page.fields(form), **typed})

    def mailed(self, path: str) -> str:
        """The path of the page of this kind that the newest mail to lead to one leads to."""
        with database_of(self.app).reading() as session:
            bodies = session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id.desc())).all()
        found = [re.search(rf"^http://localhost:5000({path}[\w-]{{43}})", body, re.MULTILINE) for body in bodies]
        return next(one[1] for one in found if one)
