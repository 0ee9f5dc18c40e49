"""Every page, every kind of person, every way to stand to the thing: let in exactly where the table of permissions says so.

The cases are generated from the pages of the site; a page whose address holds something unknown stops the test, so none is left out.
"""

from __future__ import annotations

import functools
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from assess.core.config import Settings
from assess.core.route_permissions import route_permission
from assess.identity.permissions import ALL_PERMISSIONS, PERMISSIONS, Relation, relations_allow
from tests.access import golden_lists
from tests.access.golden_lists import Seen, Sight
from tests.access.request_recorder import Recorder, recording
from tests.conftest import Copies, standing_still, with_banks
from tests.identity.access_objects import CANARY
from tests.identity.access_roles import AccessWorld, Entered, Kind, build

REFUSED_TO = ("/sign-in", "/account/second-steps")
"""Where whoever may not is led instead, when signing in may help."""
BY_TOKEN = {"link.open"}
"""The address itself is what opens it: tried with a token nobody was given."""
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
"""What a mail program sends of its own."""
FINER = {"comments.remove_comment": Relation.LINK_HOLDER, "assisted_completion.stop_assisting": Relation.ASSISTANT}
"""Pages about something that is one person's own: in the world, of whoever stands so to the assessment."""
OF_A_BUYER = {"supplier_invitations", "buyer_requests"}
"""Blueprints about what a buyer asked of its supplier; elsewhere an invitation is one into an organisation."""
OF_THE_REQUEST = {"invitation_id": "asked_id", "result_id": "asked_result_id"}
"""What the addresses of those pages are about, in the world."""
LOOK_ALIKE = {"shared_copies", "shares", "delegation"}
"""Blueprints whose links are buyers' and whose questions go by themselves."""
EACH = 50
"""After so many pages the counters of limits begin anew."""
PROVE = "Prove that it is you"
"""What a page says that keeps what was typed until whoever typed it has proven who they are."""
SLOW = {"static_file", "health_ready"}

THINGS = {
    "assessment_id": "assessment",
    "organisation_id": "organisation",
    "grant_id": "share",
    "link_id": "buyer link",
    "delegation_id": "delegation",
    "request_id": "review",
    "invitation_id": "request",
}
"""What a page is about, by what its address holds; the first that it holds."""


@dataclass(frozen=True)
class Case:
    """One page asked for in one way."""

    rule: Rule
    method: str
    action: str

    @property
    def name(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def thing(self) -> str:
        """Which kind of thing it is about."""
        if self.action.startswith(("desk.", "banks.", "names.")):
            return "all"
        for argument, thing in THINGS.items():
            if argument in self.rule.arguments:
                return thing
        return "all"


def cases(app: Flask) -> list[Case]:
    """Every page of the site, once for looking and once for sending."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint in SLOW:
            continue
        for method in ("GET", "POST"):
            if method in (rule.methods or ()):
                action = route_permission(app, rule.endpoint, method)
                assert action is not None, rule.rule
                found.append(Case(rule, method, action))
    return found


@pytest.fixture(scope="module")
def app(
    copies: Copies, compiled_templates: FileSystemBytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """An installation that sends mail, so that every page is there. One for all kinds: each begins with the database as it was built.

    It is on SQLite: the table is the same on both; what differs between them is tried elsewhere.
    """
    yield from site_in(tmp_path_factory.mktemp("world"), copies, compiled_templates)


def site_in(folder: Path, copies: Copies, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An installation whose files are here."""
    settings = Settings(
        env="development",
        database_url=copies.fresh("sqlite", with_banks, folder),
        data_folder=folder,
        operator_name="Norfolk test desk",
        mail_server="smtp://127.0.0.1:9",
        mail_from="desk@norfolk.example",
    )
    with standing_still(settings, compiled_templates) as made:
        yield made


@pytest.fixture(scope="module")
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> AccessWorld:
    return build(app, tmp_path_factory.mktemp("built"))


KINDS = (
    "nobody",
    "holder of the link",
    "holder of the link who is signed in",
    "holder of another link",
    "buyer with a link",
    "colleague with a part",
    "colleague elsewhere",
    "reviewer with a link",
    "reviewer elsewhere",
    "business with a request",
    "manager",
    "respondent",
    "signer",
    "buyer of the same organisation",
    "buyer it is shared with",
    "colleague of that buyer",
    "another buyer",
    "somebody with an account",
    "manager elsewhere",
    "former manager",
    "disabled manager",
    "coordinator who was asked",
    "coordinator",
    "coordinator without a second step",
    "administrator",
    "administrator without a second step",
)


@pytest.fixture(scope="module")
def recorder(app: Flask) -> Iterator[Recorder]:  # noqa: ARG001  # whatever knows the functions it listens to is read by then
    with recording() as found:
        yield found


@dataclass
class Walks:
    """Every kind of person goes through all pages once, for all tests of this file. `sight` is what was seen on the way."""

    world: AccessWorld
    recorder: Recorder
    sight: Sight = field(default_factory=Sight)
    _faults: dict[str, list[str]] = field(default_factory=dict)

    def faults_of(self, name: str) -> list[str]:
        """What is wrong with what this kind of person is answered."""
        if name not in self._faults:
            kind = next(kind for kind in self.world.kinds if kind.name == name)
            self._faults[name] = list(self._walked_by(kind))
        return self._faults[name]

    def sight_of_all(self) -> Sight:
        """What all kinds of people have seen."""
        for name in KINDS:
            self.faults_of(name)
        return self.sight

    def _walked_by(self, kind: Kind) -> Iterator[str]:
        entered = self.world.entered_by(kind)
        for number, case in enumerate(cases(self.world.app)):
            if number % EACH == 0:
                self.world.forget_counters()
            self.recorder.forget()
            yield from _faults(entered, kind, case, functools.partial(self._note, kind, case))
            self._see_proof(entered, kind, case)

    def _note(self, kind: Kind, case: Case, answer: TestResponse) -> None:
        let_in, asked = _let_in(answer, case.action), self.recorder.asked_for_proof
        seen = Seen(golden_lists.word_of(answer), let_in, self.recorder.counted(), asks_for_proof=asked)
        self.sight.note(case.name, kind.name, seen)

    def _see_proof(self, entered: Entered, kind: Kind, case: Case) -> None:
        """Some pages ask when somebody proved who they are only to say so: see whether this one stops them when it was too long ago."""
        of_page = self.sight.seen[case.name]
        if not of_page[kind.name].asks_for_proof:
            return
        stops = any(seen.asks_for_proof for name, seen in of_page.items() if name != kind.name)
        if not stops:
            self.recorder.stale = True
            answer = ask(entered, case, entered.world.arguments)
            self.recorder.stale = False
            stops = golden_lists.word_of(answer) == "proof" or PROVE in answer.get_data(as_text=True)
            if case.method != "GET" and not stops:
                entered.reset()
        of_page[kind.name] = replace(of_page[kind.name], asks_for_proof=stops)


@pytest.fixture(scope="module")
def walks(world: AccessWorld, recorder: Recorder) -> Walks:
    return Walks(world, recorder)


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_person_is_let_in_where_the_table_says_so(walks: Walks, name: str) -> None:
    wrong = walks.faults_of(name)
    assert not wrong, "\n".join(wrong)


def test_each_address_is_wired_as_the_golden_list_says(app: Flask, walks: Walks, update_golden: bool) -> None:  # noqa: FBT001  # a fixture
    seen = golden_lists.routes(app, walks.sight_of_all())
    if update_golden:
        golden_lists.write(golden_lists.ROUTES, golden_lists.ABOUT_ROUTES, seen)
    changed = golden_lists.differences_in_routes(golden_lists.read(golden_lists.ROUTES), seen)
    assert not changed, "\n".join(changed)


def test_each_kind_of_person_is_answered_as_the_golden_list_says(walks: Walks, update_golden: bool) -> None:  # noqa: FBT001  # a fixture
    seen = golden_lists.answers(walks.sight_of_all(), KINDS)
    if update_golden:
        golden_lists.write(golden_lists.ANSWERS, golden_lists.about_answers(KINDS), seen)
    changed = golden_lists.differences_in_answers(golden_lists.read(golden_lists.ANSWERS), seen, KINDS)
    assert not changed, "\n".join(changed)


def test_the_kinds_are_all_listed(world: AccessWorld) -> None:
    assert tuple(kind.name for kind in world.kinds) == KINDS


def test_every_action_is_what_some_page_does(app: Flask) -> None:
    assert ALL_PERMISSIONS - {case.action for case in cases(app)} == set()


def test_a_hole_in_the_table_is_seen(app: Flask, world: AccessWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    # if anybody with an account could read plans, this test must say so
    monkeypatch.setattr(
        "assess.assessments.access.relations_by_role", lambda _caller, _organisation: frozenset({Relation.MANAGER})
    )
    monkeypatch.setattr(
        "assess.assessments.access.relations_by_role", lambda _caller, _organisation: frozenset({Relation.MANAGER})
    )
    kind = next(kind for kind in world.kinds if kind.name == "somebody with an account")
    case = next(case for case in cases(app) if case.rule.endpoint == "plans.show_result")
    assert list(_faults(world.entered_by(kind), kind, case, lambda _answer: None)) != []


def _faults(entered: Entered, kind: Kind, case: Case, note: Callable[[TestResponse], None]) -> Iterator[str]:
    """What is wrong with the answer. Each page is asked in the world as it was found: whatever was let in to change it is forgotten."""
    allowed = is_allowed(kind, case)
    answer = ask(entered, case, entered.world.arguments)
    note(answer)
    let_in = _let_in(answer, case.action)
    if case.method != "GET" and answer.status_code not in {401, 403, 404} and (allowed or let_in):
        entered.reset()  # whoever was led to the sign-in instead has changed nothing
    if case.action in BY_TOKEN or "token" in case.rule.arguments:
        if CANARY in answer.get_data(as_text=True):
            yield f"{case.name}: a token nobody was given shows {CANARY}"
        return
    if allowed and not let_in:
        yield f"{case.name}: {case.action} is allowed, yet {answer.status_code} {answer.headers.get('Location', '')}"
    if not allowed and let_in:
        yield f"{case.name}: {case.action} is not allowed, yet {answer.status_code}"
    if not allowed and CANARY in answer.get_data(as_text=True):
        yield f"{case.name}: what is refused shows {CANARY}"
    if not allowed and case.thing != "all" and case.rule.endpoint not in FINER and case.action != "assessment.claim":
        unknown = ask(entered, case, entered.world.arguments | _nowhere(case.rule.arguments))
        if _same(answer) != _same(unknown):
            yield f"{case.name}: what is forbidden looks other than what is not there"


def is_allowed(kind: Kind, case: Case) -> bool:
    finer = FINER.get(case.rule.endpoint)
    if finer is not None and finer not in kind.relations("assessment"):
        return False
    if kind.lacks_a_step and not case.action.startswith("account."):
        return relations_allow(case.action, frozenset({Relation.ANYONE}))
    if case.action == "assessment.claim":  # whoever keeps it must say who they are
        return kind.person and relations_allow(case.action, kind.relations(case.thing))
    return relations_allow(case.action, kind.relations(case.thing))


def _nowhere(names: Sequence[str] | set[str]) -> dict[str, Any]:
    """Ids of things that are not there."""
    return {
        name: uuid.uuid4()
        for name in names
        if name.endswith("_id") and name not in {"section_id", "fact_id", "question_id"}
    }


def address_of(case: Case, arguments: dict[str, Any]) -> str:
    """The address of a page about what the business has."""
    given = dict(case.rule.defaults or {})
    for name in case.rule.arguments - given.keys():
        blueprint = case.rule.endpoint.split(".")[0]
        key = (
            {"link_id": "buyer_link_id", "question_id": "lone_question_id"}.get(name, name)
            if blueprint in LOOK_ALIKE
            else name
        )
        key = OF_THE_REQUEST.get(key, key) if blueprint in OF_A_BUYER else key
        of_withdrawn = case.rule.endpoint == "question_banks_history.begin_draft_without_edition"
        key = "withdrawn_bank" if of_withdrawn and key == "bank" else key
        assert key in arguments, f"the world has nothing for {name} of {case.rule.rule}"
        given[name] = arguments[key]
    built = case.rule.build(given)
    assert built is not None, case.rule.rule
    return built[1]


def ask(entered: Entered, case: Case, arguments: dict[str, Any]) -> TestResponse:
    address = address_of(case, arguments)
    if case.method == "GET":
        return entered.client.get(address)
    return entered.client.post(address, data={"csrf_token": entered.form_token, **ONE_CLICK})


def _let_in(answer: TestResponse, action: str) -> bool:
    if answer.status_code in {401, 403, 404}:
        return False
    assert answer.status_code < 500, answer.request.path
    assert answer.status_code != 400, f"{answer.request.path}: the form was not taken for ours"
    if answer.status_code != 303 or action == "account.enter":
        return True
    led_to = ("/sign-in",) if action == "account.own" else REFUSED_TO
    return not str(answer.headers["Location"]).startswith(led_to)


def _same(answer: TestResponse) -> tuple[int, str]:
    words = re.sub(r"[0-9a-f]{8}-?[0-9a-f-]{4,27}", "…", answer.get_data(as_text=True))
    words = re.sub(r'name="csrf_token"[^>]*>', "", words)
    return answer.status_code, re.sub(r"[0-9a-f]{8,}", "…", words)


def test_what_everybody_may_stays_a_short_list() -> None:
    assert {name for name, who in PERMISSIONS.items() if Relation.ANYONE in who} == {
        "public.read",
        "link.open",
        "assessment.start",
        "account.enter",
    }
