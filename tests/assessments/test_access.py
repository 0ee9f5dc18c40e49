"""Who may see which assessment, and what its pages get."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.exceptions import NotFound

from assess.assessments.access import (
    KnownRelations,
    areas,
    loaded_edition,
    open_assessment,
    relations_by_role,
    settings_today,
    texts_today,
)
from assess.identity.current_user import CurrentUser
from assess.identity.models import Membership, Role
from assess.identity.permissions import ForbiddenError, Relation, authorise
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.organisation_members import claim


def inside(app: Any, visit: Any, home: str) -> Any:
    token = visit.client.get_cookie("assess_visit").value
    return app.test_request_context(home, headers={"Cookie": f"assess_visit={token}"})


def test_the_browser_of_a_guest_session_opens_its_assessment(app: Any, visit: Any, begin: Any) -> None:
    home = begin("farming", "quick")
    with inside(app, visit, home):
        context = open_assessment(uuid.UUID(home.split("/")[2]))
        assert context.ref.bank == context.full_edition.bank == "farming"
        assert context.ref.number == 1
        assert len(context.asked_edition.questions()) < len(context.full_edition.questions())
        assert context.section_or_404("people").id == "people"
        with pytest.raises(NotFound):
            context.section_or_404("nothing")


def test_everybody_else_finds_nothing(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    with app.test_request_context(home), pytest.raises(NotFound):
        open_assessment(uuid.UUID(home.split("/")[2]))
    with inside(app, visit, home), pytest.raises(NotFound):
        open_assessment(uuid.uuid4())


def test_an_edition_is_read_once_in_the_life_of_an_app(app: Any, begin: Any) -> None:
    begin()
    with app.app_context():
        assert loaded_edition(1) is loaded_edition(1)


def test_areas_have_names_and_texts_are_of_today(app: Any) -> None:
    with app.app_context():
        assert areas() == {"norfolk": "Norfolk", "other": "Somewhere else"}
        assert settings_today().on == "2026-11-24"
        assert texts_today()["wage"] == "£12.71"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_link_to_what_belongs_to_an_organisation_fills_it_in_and_heads_nothing(
    app: Any, visit: Any, begin: Any
) -> None:
    home = begin()
    for page in ("delete", "link", "share", "save-to-account"):
        assert visit(f"{home}{page}", follow=False).status != 404
    claim(app, uuid.UUID(home.split("/")[2]), TODAY)
    assert visit(home).status == visit(f"{home}sections/people").status == 200
    assert {visit(f"{home}{page}", follow=False).status for page in ("delete", "link", "share", "save-to-account")} == {
        404
    }


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("desk", ["coordinator", "administrator"])
def test_staff_open_nothing_by_a_link(app: Any, visit: Any, begin: Any, desk: str) -> None:
    home = begin()
    assert visit(home).status == 200
    with database_of(app).writing() as session:
        person = a_person(session, "kim@desk.example", desk=desk)
    sign_in(visit, app, person)
    assert visit(home).status == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_member_who_also_buys_shows_a_second_step_first(app: Any, visit: Any, another_visit: Any, begin: Any) -> None:
    home = begin()
    farm_id = claim(app, uuid.UUID(home.split("/")[2]), TODAY)
    with database_of(app).writing() as session:
        person, stranger = a_person(session, "ann@farm.example"), a_person(session, "bob@shop.example")
        session.add(Membership(organisation_id=farm_id, person_id=person.id, role=Role.MANAGER, made_at=TODAY))
        an_organisation(session, "The Shop", buyer=[person, stranger])
    sign_in(another_visit, app, person, second_step=False)
    led = another_visit(home, follow=False)
    assert led.status == 303
    assert led.headers["Location"].startswith("/account/second-steps?next=/assessments/")
    sign_in(another_visit, app, person)
    assert another_visit(home).status == 200
    sign_in(another_visit, app, stranger, second_step=False)
    assert another_visit(home).status == 404, "it tells nobody else that it is there"
    sign_in(visit, app, person, second_step=False)  # with a link as well: no more than the link
    assert visit(home).status == 200
    assert (
        visit(f"{home}share", follow=False).headers["Location"].startswith("/account/second-steps?next=/assessments/")
    )


FARM = uuid.uuid4()


def somebody(*roles: Role) -> CurrentUser:
    return CurrentUser(
        id=uuid.uuid4(),
        email="ann@farm.example",
        name="",
        staff_role=None,
        roles={FARM: frozenset(roles)} if roles else {},
        signed_in_id=uuid.uuid4(),
        second_step=True,
        proven_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def test_a_role_counts_in_its_own_organisation_only() -> None:
    ann = somebody(Role.RESPONDENT)
    assert relations_by_role(ann, FARM) == {Relation.RESPONDENT, Relation.MEMBER}
    assert relations_by_role(ann, uuid.uuid4()) == frozenset()
    assert relations_by_role(ann, None) == frozenset()


def test_buying_for_an_organisation_opens_nothing_of_its_own_answers() -> None:
    standing = KnownRelations(relations_by_role(somebody(Role.BUYER), FARM))
    for action in ("assessment.read", "assessment.answer", "plan.read", "share.manage", "organisation.answers"):
        with pytest.raises(ForbiddenError):
            authorise(somebody(Role.BUYER), action, standing)


def test_a_signer_reads_and_does_not_answer() -> None:
    standing = KnownRelations(relations_by_role(somebody(Role.SIGNER), FARM))
    authorise(somebody(Role.SIGNER), "plan.read", standing)
    with pytest.raises(ForbiddenError):
        authorise(somebody(Role.SIGNER), "assessment.answer", standing)
