"""One business with everything there is, its neighbours, and every kind of person who may knock: for the table of access.

`AccessWorld.kinds` says for each kind how it stands to each kind of thing; `AccessWorld.arguments` fills the addresses of every page with what
belongs to the business.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete

from assess.core.db import Database
from assess.core.rate_limits import RateCounter
from assess.identity.permissions import Relation
from tests.conftest import Page
from tests.identity.access_objects import AccessObjects
from tests.identity.accounts_factory import database_of, sign_in

R = Relation
Enter = Callable[[FlaskClient], None]


@dataclass(frozen=True)
class Kind:
    """A kind of person: how to be one, and how they stand to the things of the business."""

    name: str
    enter: Enter
    stands: Mapping[str, frozenset[Relation]] = field(default_factory=dict)
    person: bool = False
    desk: Relation | None = None
    lacks_a_step: bool = False

    def relations(self, thing: str) -> frozenset[Relation]:
        """To a thing of this kind; "all" is for pages that are about no thing."""
        own = {R.ANYONE, *self.stands.get(thing, ())}
        if self.person:
            own |= {R.PERSON, R.SELF}
        if self.desk is not None:
            own.add(self.desk)
        return frozenset(own)


@dataclass
class AccessWorld:
    """What was built, kept in a file: every kind of person starts from it."""

    app: Flask
    built: Path
    kinds: list[Kind]
    arguments: dict[str, Any]
    links: Mapping[str, str]
    """The address of each link somebody was given."""

    def forget_counters(self) -> None:
        """Nobody at a form asks for every page within a minute: what is tried here is who may, not how often."""
        with database_of(self.app).writing() as session:
            session.execute(delete(RateCounter))

    def entered_by(self, kind: Kind) -> Entered:
        """The world as it was built, with a person of this kind in it."""
        self.put_back(self.built)
        client = self.app.test_client()
        kind.enter(client)
        token = Page(client.get("/start?bank=farming")).fields()["csrf_token"][0]
        self.forget_counters()
        return Entered(self, client, token)

    def keep(self, copy: Path) -> None:
        """Copy everything as it is now to this file."""
        database = database_of(self.app)
        database.close()  # with its last connection SQLite moves all there is into the one file
        shutil.copyfile(_file_of(database), copy)

    def put_back(self, copy: Path) -> None:
        """Have everything be as it was kept. The app stays, with what it has learned to say to a database."""
        database = database_of(self.app)
        database.close()
        path = _file_of(database)
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()
        shutil.copyfile(copy, path)


class Entered:
    """A person who has come in, in the world as they found it. `reset` forgets everything that was sent since."""

    def __init__(self, world: AccessWorld, client: FlaskClient, form_token: str) -> None:
        self.world, self.client, self.form_token = world, client, form_token
        self._cookies = dict(client._cookies)
        self._found = world.built.with_name("as-found.db")
        world.keep(self._found)

    def reset(self) -> None:
        """Forget everything that was sent, in the database and in the browser."""
        self.world.put_back(self._found)
        self.client = self.world.app.test_client()
        self.client._cookies.update(self._cookies)


def build(app: Flask, folder: Path) -> AccessWorld:
    """The world, in the database of this app, which is a SQLite file."""
    with app.app_context(), database_of(app).writing() as session:
        things = AccessObjects(session)
    world = AccessWorld(app, folder / "as-built.db", _Entering(app, things).kinds(), things.arguments, things.links)
    world.keep(world.built)
    return world


def _file_of(database: Database) -> Path:
    return Path(str(database.engine.url.database))


class _Entering:
    """How to be each kind of person."""

    def __init__(self, app: Flask, things: AccessObjects) -> None:
        self.app = app
        self.things = things

    def signed_in(self, name: str, *, second_step: bool = True) -> Enter:
        """Sign in as one of the people."""

        def enter(client: FlaskClient) -> None:
            sign_in(client, self.app, self.things.people[name], second_step=second_step)

        return enter

    def opened(self, name: str) -> Enter:
        """Open a link, as its landing page does."""
        address = self.things.links[name]

        def enter(client: FlaskClient) -> None:
            page = Page(client.get(address))
            answer = client.post(address, data=page.fields())
            assert answer.status_code == 303, f"{name}: {answer.status_code}"

        return enter

    def kinds(self) -> list[Kind]:
        """Every kind of person, with how they stand to the things of the business."""

        def nothing(_client: FlaskClient) -> None:
            return None

        def both(first: Enter, second: Enter) -> Enter:
            def enter(client: FlaskClient) -> None:
                first(client)
                second(client)

            return enter

        def in_farm(*relations: Relation) -> dict[str, frozenset[Relation]]:
            own = frozenset({*relations, R.MEMBER})
            return {"assessment": own, "organisation": own, "help": own}

        def to(thing: str, relation: Relation) -> dict[str, frozenset[Relation]]:
            return {thing: frozenset({relation})}

        return [
            Kind("nobody", nothing),
            Kind("holder of the link", self.opened("resume"), to("assessment", R.LINK_HOLDER)),
            Kind(
                "holder of the link who is signed in",
                both(self.opened("resume"), self.signed_in("stranger")),
                to("assessment", R.LINK_HOLDER),
                person=True,
            ),
            Kind("holder of another link", self.opened("resume elsewhere")),
            Kind("buyer with a link", self.opened("buyer"), to("buyer link", R.BUYER_LINK)),
            Kind("colleague with a part", self.opened("delegation"), to("delegation", R.DELEGATE)),
            Kind("colleague elsewhere", self.opened("delegation elsewhere")),
            Kind("reviewer with a link", self.opened("review"), to("review", R.REVIEWER)),
            Kind("reviewer elsewhere", self.opened("review elsewhere")),
            Kind("business with a request", self.opened("request"), to("request", R.INVITED)),
            Kind("manager", self.signed_in("manager"), in_farm(R.MANAGER), person=True),
            Kind("respondent", self.signed_in("respondent"), in_farm(R.RESPONDENT), person=True),
            Kind("signer", self.signed_in("signer"), in_farm(R.SIGNER), person=True),
            Kind("buyer of the same organisation", self.signed_in("own_buyer"), in_farm(R.BUYER), person=True),
            Kind("buyer it is shared with", self.signed_in("recipient"), to("share", R.RECIPIENT), person=True),
            Kind(
                "colleague of that buyer", self.signed_in("recipients_colleague"), to("share", R.RECIPIENT), person=True
            ),
            Kind("another buyer", self.signed_in("other_buyer"), person=True),
            Kind("somebody with an account", self.signed_in("stranger"), person=True),
            Kind("manager elsewhere", self.signed_in("other_manager"), person=True),
            Kind("former manager", self.signed_in("former"), person=True),
            Kind("disabled manager", self.signed_in("disabled")),
            Kind(
                "coordinator who was asked",
                self.signed_in("helper"),
                to("assessment", R.ASSISTANT),
                person=True,
                desk=R.COORDINATOR,
            ),
            Kind("coordinator", self.signed_in("coordinator"), person=True, desk=R.COORDINATOR),
            Kind(
                "coordinator without a second step",
                self.signed_in("helper", second_step=False),
                person=True,
                lacks_a_step=True,
            ),
            Kind("administrator", self.signed_in("administrator"), person=True, desk=R.ADMINISTRATOR),
            Kind(
                "administrator without a second step",
                self.signed_in("administrator", second_step=False),
                person=True,
                lacks_a_step=True,
            ),
        ]
