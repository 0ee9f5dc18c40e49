"""One business with everything there is, its neighbours, and every kind of person who may knock: for the table of access.

`World.kinds` says for each kind how it stands to each kind of thing; `World.arguments` fills the addresses of every page with what
belongs to the business.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from assess.assessments.answering import Filled, start
from assess.assessments.links import make_resume_link, share
from assess.assessments.models import Assessment, Submission
from assess.assessments.submitting import submit
from assess.banks.editions import latest
from assess.kit.db import Database
from assess.kit.engines import checkpoint
from assess.people.models import Organisation, Person
from assess.people.permissions import Relation
from assess.plans.check_code.codes import code_of, remember
from assess.plans.register.keeping import NEW_NOTE, Change, change
from assess.plans.register.state import EvidenceNote
from tests.conftest import TODAY, Page
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.plans.records import Record, scenario

R = Relation
OF_ALL = frozenset({R.ANYONE})
Enter = Callable[[FlaskClient], None]
CANARY = "Quillfeather Growers"
"""The name of the business: nowhere in what is refused."""


@dataclass(frozen=True)
class Kind:
    """A kind of person: how to be one, and how they stand to the things of the business."""

    name: str
    enter: Enter
    stands: Mapping[str, frozenset[Relation]] = field(default_factory=dict)
    person: bool = False
    desk: Relation | None = None

    def relations(self, thing: str) -> frozenset[Relation]:
        """To a thing of this kind; "all" is for pages that are about no thing."""
        own = {R.ANYONE, *self.stands.get(thing, ())}
        if self.person:
            own |= {R.PERSON, R.SELF}
        if self.desk is not None:
            own.add(self.desk)
        return frozenset(own)


@dataclass
class World:
    """What was built, kept in a file. `reset` gives the app a database as it was built."""

    app: Flask
    built: Path
    kinds: list[Kind]
    arguments: dict[str, Any]
    resets: int = 0

    def reset(self) -> None:
        """Forget everything that was sent since the world was built."""
        self.resets += 1
        path = self.built.with_name(f"world-{self.resets}.db")
        shutil.copyfile(self.built, path)
        self.app.extensions["assess.database"].close()
        self.app.extensions["assess.database"] = Database(f"sqlite:///{path}")
        for old in self.built.parent.glob(f"world-{self.resets - 1}.db*"):
            old.unlink()


def build(app: Flask, folder: Path) -> World:
    """The world, in the database of this app, which is a SQLite file."""
    made = _Making(app)
    kinds = made.kinds()
    database = database_of(app)
    checkpoint(database.engine)
    built = folder / "as-built.db"
    shutil.copyfile(str(database.engine.url.database), built)
    return World(app, built, kinds, made.arguments)


class _Making:
    """Makes one thing after the other."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.database: Database = database_of(app)
        self.arguments: dict[str, Any] = {}
        with self.database.writing() as session:
            self.people = {
                name: a_person(session, f"{name}@people.example")
                for name in (
                    "manager",
                    "respondent",
                    "signer",
                    "buyer",
                    "stranger",
                    "other_manager",
                    "removed",
                    "disabled",
                )
            }
            self.people["coordinator"] = a_person(session, "coordinator@desk.example", desk="coordinator")
            self.people["administrator"] = a_person(session, "administrator@desk.example", desk="administrator")
            self.farm = an_organisation(
                session,
                CANARY,
                manager=[self.people["manager"], self.people["disabled"]],
                respondent=self.people["respondent"],
                signer=self.people["signer"],
                buyer=self.people["buyer"],
            )
            self.neighbour = an_organisation(session, "Another Farm", manager=self.people["other_manager"])
            self.assessment, self.submission = self._submitted(session, self.farm)
            self.elsewhere, _ = self._submitted(session, None)
            resume = make_resume_link(session, self.assessment, TODAY)
            self.resume = resume.token
            submission = session.get_one(Submission, self.submission)
            remember(session, submission, "business")
            self.resume_elsewhere = make_resume_link(session, self.elsewhere, TODAY).token
            self.to_open = make_resume_link(session, self.elsewhere, TODAY).token
            key = next(str(one["question"]) for one in submission.record["actions"] if not one["held"])
            note = EvidenceNote(NEW_NOTE, "Signed list", "record", None, None, "said")
            change(session, submission.id, key, Change(response="accepted", notes=(note,)), 0, TODAY)
            link = share(session, submission, TODAY)
            self.buyer_link = link.token
            self.arguments |= {
                "assessment_id": self.assessment,
                "buyer_link_id": link.id,
                "link_id": resume.id,
                "token": "A" * 43,
                "code": code_of(session, submission, "business"),
                "bank": "farming",
                "section_id": "people",
                "fact_id": "operates_in",
                "key": key,
                "number": 1,
                "name": "plan",
                "address": "buyer-letter",
            }
            self.people["disabled"].disabled_at = TODAY

    def _submitted(self, session: Session, organisation: Organisation | None) -> tuple[uuid.UUID, int]:
        record = scenario()
        record["organisation"] = {**record["organisation"], "name": CANARY}

        def build(_said: Filled) -> Record:
            return record

        edition = latest(session, record["edition"]["bank"])
        assert edition is not None
        found: Assessment = start(session, edition.id, quick=record["quick"], now=TODAY)
        found.organisation_id = organisation.id if organisation else None
        return found.id, submit(session, found.id, build, TODAY).id

    def signed_in(self, name: str, *, second_step: bool = True) -> Enter:
        """Sign in as one of the people."""
        person: Person = self.people[name]

        def enter(client: FlaskClient) -> None:
            sign_in(client, self.app, person, second_step=second_step)

        return enter

    def opened(self, address: str) -> Enter:
        """Open a link, as its landing page does."""

        def enter(client: FlaskClient) -> None:
            page = Page(client.get(address))
            answer = client.post(address, data=page.fields())
            assert answer.status_code == 303, address

        return enter

    def kinds(self) -> list[Kind]:
        """Every kind of person, with how they stand to the things of the business."""
        member = {R.MEMBER}

        def nothing(_client: FlaskClient) -> None:
            return None

        def in_farm(*relations: Relation) -> dict[str, frozenset[Relation]]:
            own = frozenset({*relations, *member})
            return {"assessment": own, "organisation": own}

        return [
            Kind("nobody", nothing),
            Kind("holder of the link", self.opened(f"/r/{self.resume}"), {"assessment": frozenset({R.HOLDER})}),
            Kind("holder of another link", self.opened(f"/r/{self.resume_elsewhere}")),
            Kind("buyer with a link", self.opened(f"/b/{self.buyer_link}"), {"buyer link": frozenset({R.LOOKER})}),
            Kind("manager", self.signed_in("manager"), in_farm(R.MANAGER), person=True),
            Kind("respondent", self.signed_in("respondent"), in_farm(R.RESPONDENT), person=True),
            Kind("signer", self.signed_in("signer"), in_farm(R.SIGNER), person=True),
            Kind("buyer of the same organisation", self.signed_in("buyer"), in_farm(), person=True),
            Kind("somebody with an account", self.signed_in("stranger"), person=True),
            Kind("manager elsewhere", self.signed_in("other_manager"), person=True),
            Kind("disabled manager", self.signed_in("disabled")),
            Kind("coordinator", self.signed_in("coordinator"), person=True, desk=R.COORDINATOR),
            Kind("coordinator without a second step", self.signed_in("coordinator", second_step=False), person=True),
            Kind("administrator", self.signed_in("administrator"), person=True, desk=R.ADMINISTRATOR),
            Kind(
                "administrator without a second step", self.signed_in("administrator", second_step=False), person=True
            ),
        ]
