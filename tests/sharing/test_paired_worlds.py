"""Two buyers: whatever happens in the world of one, no byte of what the other sees changes.

4 examples of 8 to 24 acts in the ordinary run; `ASSESS_TEST_EXAMPLES=500` runs as many as it says. The world goes on from one
example to the next and the first buyer does nothing in it, so that each is held against what was seen at the very first.
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from ipaddress import ip_address
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from assess.assessments.links import end_buyer_link, make_buyer_link
from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.documents.services import PrintableDocument
from assess.core.models import StoredPdf
from assess.identity.models import Membership, NameState, Organisation, Role
from assess.identity.permissions import Relation
from assess.plans.action_tracker.services import get_tracker_state
from assess.sharing import services as sharing_services
from assess.sharing import viewing
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import (
    ShareRecipient,
    accept_share_grant,
    change_share_grant,
    create_share,
    end_share_grant,
    get_share_grant,
    is_live,
    share_check_code,
)
from tests.conftest import Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of
from tests.plans.conftest import Submitted, submit_record
from tests.plans.records import a_record, scenario
from tests.sharing.conftest import COUNCIL, SHOP, Buyer, GivenShare, latest
from tests.sharing.current_users import caller_of
from tests.stored_files import keep_pdf

EXAMPLES = int(os.environ.get("ASSESS_TEST_EXAMPLES", "4"))
CHANGING = re.compile(
    rb'name="csrf_token" type="hidden" value="[^"]*"|type="hidden" name="csrf_token" value="[^"]*"|value="[^"]*" name="csrf_token"'
)
NOWHERE = uuid.UUID("00000000-0000-4000-8000-000000000000")
SCOPES = tuple(ShareScope)
Opened = tuple[int, tuple[tuple[str, str], ...], bytes]
Seen = dict[str, Opened]
_CALLS = count(1)

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


class Worlds:
    """A farm that shares with both buyers, a car wash that shares with the second alone, and what each buyer holds.

    A plain class: whatever a run of examples says of a failure, it need not draw all of this.
    """

    def __init__(
        self,
        app: Flask,
        now: datetime,
        businesses: Sequence[Submitted],
        buyers: Sequence[Buyer],
        mine: Sequence[GivenShare],
    ) -> None:
        self.app, self.now, self.mine = app, now, mine
        self.farm, self.wash = businesses
        self.first, self.second = buyers
        self.theirs: list[GivenShare] = []
        self.at_first: Seen = {}

    def __repr__(self) -> str:
        return "Worlds()"

    def seen(self) -> Seen:
        """Everything the first buyer can open: each status, all headers, every byte."""
        paths = ["/shared", "/shared?page=2", f"/shared/{NOWHERE}", f"/shared/accept/{'x' * 43}"]
        paths += [given.address + rest for given in self.mine for rest in ("", "/copy.pdf", "/pdf-progress")]
        with database_of(self.app).reading() as session:
            paths += [
                f"/check/{share_check_code(session, session.get_one(ShareGrant, given.id).document)}"
                for given in self.mine
            ]
        found = {path: self._open(path) for path in paths}
        # what belongs to the other buyer reads like what is nowhere
        for other in self.theirs[-3:]:
            assert self._open(other.address) == found[f"/shared/{NOWHERE}"]
            assert self._open(f"/shared/accept/{other.token}") == found[f"/shared/accept/{'x' * 43}"]
        return found

    def _open(self, path: str) -> Opened:
        # each look from another address: how often one address may call is not what is looked at here
        response = self.first.visit.client.get(path, environ_overrides={"REMOTE_ADDR": somewhere()})
        body = CHANGING.sub(b"", response.get_data()).replace(path.encode(), b"")
        return response.status_code, tuple(sorted(row for row in response.headers.items() if row[0] != "Date")), body

    def act(self, what: str, number: int) -> None:
        """Something happens in the world of the second buyer. `number` picks among what there is."""
        ACTS[what](self, number)

    def _one(self, number: int) -> GivenShare | None:
        return self.theirs[number % len(self.theirs)] if self.theirs else None

    def of(self, given: GivenShare) -> uuid.UUID:
        """The assessment of a share."""
        with database_of(self.app).reading() as session:
            return session.get_one(ShareGrant, given.id).assessment_id


def somewhere() -> str:
    """An address nobody called from before."""
    return str(ip_address(int(ip_address("10.0.0.0")) + next(_CALLS)))


def gives(worlds: Worlds, of: Submitted, number: int) -> None:
    with database_of(worlds.app).writing() as session:
        submission = session.get_one(Submission, latest(worlds.app, of))
        to = ShareRecipient(SHOP, "Norfolk County Council")
        found = create_share(
            session, submission, to, SCOPES[number % 4], sharing_services.DAY_CHOICES[number % 4], worlds.now
        )
        worlds.theirs.append(GivenShare(found.grant.id, found.token))


def takes_up(worlds: Worlds, number: int) -> None:
    given = worlds._one(number)
    if given is None:
        return
    with database_of(worlds.app).writing() as session:
        grant = session.get_one(ShareGrant, given.id)
        if is_live(grant, worlds.now) and grant.accepted_at is None:
            accept_share_grant(session, given.token, caller_of(worlds.second.person), worlds.now)


def looks(worlds: Worlds, number: int) -> None:
    given = worlds._one(number)
    if given is not None:
        for rest in ("", "/pdf-progress", "/copy.pdf"):
            worlds.second.visit.client.get(given.address + rest)
    for address in ("/shared", worlds.mine[number % len(worlds.mine)].address):
        worlds.second.visit.client.get(address)


def ends(worlds: Worlds, number: int) -> None:
    given = worlds._one(number)
    if given is not None:
        with database_of(worlds.app).writing() as session:
            end_share_grant(session, get_share_grant(session, worlds.of(given), given.id, locked=True), worlds.now)


def changes(worlds: Worlds, number: int) -> None:
    given = worlds._one(number)
    if given is None:
        return
    with database_of(worlds.app).writing() as session:
        grant = get_share_grant(session, worlds.of(given), given.id, locked=True)
        if is_live(grant, worlds.now) and viewing.is_latest_submission(session, grant):
            change_share_grant(
                session, grant, SCOPES[number % 4], sharing_services.DAY_CHOICES[number // 4 % 4], worlds.now
            )


def is_printed(worlds: Worlds, number: int) -> None:
    given = worlds._one(number)
    if given is not None:
        with database_of(worlds.app).writing() as session:
            keep_pdf(session, "share", given.id, b"%PDF- of the other buyer", worlds.now)


def answers_again(worlds: Worlds, number: int) -> None:
    """The business that shares nothing with the first buyer."""
    record = a_record("car_washes", ("car_washes low", "car_washes critical")[number % 2])
    with database_of(worlds.app).writing() as session:
        reopen_assessment(session, worlds.wash.id, worlds.now)
        submit_assessment(session, worlds.wash.id, lambda _said: record, worlds.now)


def begins(worlds: Worlds, number: int) -> None:
    """One more business submits, under the very name of the one that shares with both."""
    record = scenario("hospitality", f"hospitality {('low', 'medium')[number % 2]}")
    visitor = Visitor(worlds.app.test_client())
    visitor.client.environ_base["REMOTE_ADDR"] = somewhere()
    worlds.wash = submit_record(worlds.app, visitor, record, worlds.now)


def gives_links(worlds: Worlds, number: int) -> None:
    with database_of(worlds.app).writing() as session:
        of = (worlds.farm, worlds.wash)[number % 2]
        link = make_buyer_link(session, session.get_one(Submission, latest(worlds.app, of)), worlds.now, note="Shop")
        if number % 3 == 0:
            end_buyer_link(session, of.id, link.id, worlds.now)


def invites(worlds: Worlds, number: int) -> None:
    """The second buyer's organisation grows, and the farm waits for a look at its name or does not."""
    with database_of(worlds.app).writing() as session:
        office = an_organisation(session, "Norfolk County Council", buyer=session.merge(worlds.second.person))
        if number % 2:
            session.query(Membership).filter(Membership.organisation_id == office.id).delete()
        farm = session.get_one(Assessment, worlds.farm.id)
        organisation = session.get_one(Organisation, farm.organisation_id)
        organisation.name_state = NameState.WAITING if number % 3 else NameState.UNCONFIRMED


def colleagues(worlds: Worlds, number: int) -> None:
    with database_of(worlds.app).writing() as session:
        more = a_person(session, f"{uuid.uuid4()}@shop.example")
        if number % 2:
            an_organisation(session, "Shop", **{Role.BUYER.value: more})


ACTS: dict[str, Callable[[Worlds, int], None]] = {
    "farm shares": lambda worlds, number: gives(worlds, worlds.farm, number),
    "other business shares": lambda worlds, number: gives(worlds, worlds.wash, number),
    "takes up": takes_up,
    "looks": looks,
    "ends": ends,
    "changes": changes,
    "is printed": is_printed,
    "answers again": answers_again,
    "begins": begins,
    "gives links": gives_links,
    "invites": invites,
    "colleagues": colleagues,
}


@pytest.fixture
def worlds(
    app: Flask, visit: Any, make_buyer: Any, shared_with: Any, share_with: Any, ended: Any, now: datetime
) -> Worlds:
    first, second = make_buyer(COUNCIL), make_buyer(SHOP)
    farm = submit_record(app, visit, scenario(), now)
    wash = submit_record(app, Visitor(app.test_client()), scenario("car_washes", "car_washes medium"), now)
    with database_of(app).writing() as session:
        organisation = an_organisation(session, "Fen Edge Growers Ltd")
        session.get_one(Assessment, farm.id).organisation_id = organisation.id
    mine = [shared_with(farm, first, scope) for scope in ShareScope]
    mine += [share_with(farm, first.person.email), shared_with(farm, first)]
    ended(farm, mine[-1])
    with database_of(app).writing() as session:  # one file is there; for the others somebody waits
        assert keep_pdf(session, "share", mine[1].id, b"%PDF- of the first buyer", now)
        assert get_tracker_state(session, farm.submission_id) == {}
    made = Worlds(app, now, (farm, wash), (first, second), mine)
    made.seen()  # orders what is not there yet, which is the first buyer's own doing
    return made


@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 1000)), min_size=8, max_size=24))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_a_buyer_sees_changes_when_another_buyers_world_changes(
    worlds: Worlds, acts: list[tuple[str, int]]
) -> None:
    worlds.at_first = worlds.at_first or worlds.seen()
    for what, number in acts:
        worlds.act(what, number)
    after = worlds.seen()
    assert {path for path, was in worlds.at_first.items() if was != after[path]} == set()


EVERYTHING = [
    (what, number)
    for number in (1, 2)
    for what in ("farm shares", "takes up", "is printed", "other business shares", "takes up", "looks", "invites")
]


def test_paired_worlds_agree_after_every_kind_of_act(worlds: Worlds) -> None:
    """By hand, so that a run that happens to draw little still goes through all of it."""
    before = worlds.seen()
    assert {status for status, _, _ in before.values()} == {200, 202, 303, 404}
    for what, number in EVERYTHING + [(what, number) for what in ACTS for number in range(4)]:
        worlds.act(what, number)
    assert len(worlds.theirs) >= 8
    assert worlds.seen() == before


def _all_files_are_shared(self: PrintableDocument, session: Any) -> Any:
    """As it would be with one file for all shares of the same copy."""
    return (
        session.query(StoredPdf)
        .filter(StoredPdf.grant_id != self.subject, StoredPdf.grant_id.in_(_of_the_farm(session)))
        .first()
    )


def _of_the_farm(session: Any) -> list[Any]:
    rows = session.query(ShareGrant).order_by(ShareGrant.made_at).all()
    return [row.id for row in rows if row.email == SHOP]


LEAKS: dict[str, tuple[str, Any]] = {
    "others’ shares in the list": (
        "assess.sharing.viewing._recipient_clause",
        lambda _who: ShareGrant.accepted_at.is_not(None),
    ),
    "one file for everybody": ("assess.core.documents.services.PrintableDocument.file", _all_files_are_shared),
    "a name that waits for a look": (
        "assess.sharing.viewing.is_name_confirmed",
        lambda organisation, _today: organisation.name_state is NameState.WAITING,
    ),
    "others’ shares opened": (
        "assess.sharing.viewing._ShareResource.relations",
        lambda *_of: frozenset({Relation.RECIPIENT}),
    ),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_each_of_these_leaks_would_be_seen(worlds: Worlds, monkeypatch: pytest.MonkeyPatch, leak: str) -> None:
    monkeypatch.setattr(*LEAKS[leak])
    try:
        before = worlds.seen()
        for what, number in EVERYTHING:
            worlds.act(what, number)
        found = worlds.seen() != before
    except AssertionError:
        found = True
    assert found
