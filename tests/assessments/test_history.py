from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import pytest

from assess.assessments.history import (
    BUYER_LINK_HOLDER,
    COLLEAGUE,
    COORDINATOR,
    DELEGATE,
    ENTRIES_PER_PAGE,
    EVENT_TEXTS,
    LINK_HOLDER,
    OTHER_TEXT,
    RECIPIENT,
    REVIEWER,
    SYSTEM,
    YOU,
    event_text,
    get_history,
)
from assess.core.audit.services import VERBS, Actor, NewAuditEvent, append_event, job_actor
from assess.core.db import Database
from assess.core.models import ActorKind
from assess.identity.permissions import ALL_PERMISSIONS
from tests.core.audit.audit_log import KEYS

ME, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def note(database: Database, assessment_id: uuid.UUID, now: datetime, **said: object) -> None:
    given: dict[str, object] = {"action": "assessment.answer", "verb": "saved", "who": Actor(ActorKind.VISIT, "x")}
    with database.writing() as session:
        append_event(session, KEYS, NewAuditEvent(assessment_id=assessment_id, **(given | said)), now)  # type: ignore[arg-type]  # as a test likes it


def told(database: Database, assessment_id: uuid.UUID, reader: uuid.UUID | None = None) -> list[tuple[str, str, int]]:
    with database.reading() as session:
        found = get_history(session, assessment_id, reader, 1)
    return [(entry.what, entry.who, entry.times) for entry in found.rows]


def test_each_day_says_once_what_was_done_and_how_often(database: Database, begun: uuid.UUID, now: datetime) -> None:
    assert told(database, begun) == []
    for hours in (0, 1, 2):
        note(database, begun, now + timedelta(hours=hours))
    note(database, begun, now, action="share.manage", verb="ended")
    note(database, begun, now + timedelta(days=1))
    with database.reading() as session:
        entries = get_history(session, begun, None, 1).rows
    assert [(entry.day.day, entry.what, entry.times) for entry in entries] == [
        (25, "Answers were saved", 1),
        (24, "Sharing with a buyer was ended", 1),
        (24, "Answers were saved", 3),
    ]


def test_nobody_is_named_to_anybody(database: Database, begun: uuid.UUID, now: datetime) -> None:
    note(database, begun, now, who=Actor(ActorKind.PERSON, str(ME)))
    note(database, begun, now, who=Actor(ActorKind.PERSON, str(OTHER)))
    note(database, begun, now)
    note(database, begun, now, action="link.open", verb="opened", about=("buyer_link", OTHER))
    note(database, begun, now, who=job_actor("remind"), action="reminder.manage", verb="reminded")
    assert {who for _what, who, _times in told(database, begun, ME)} == {
        YOU,
        COLLEAGUE,
        LINK_HOLDER,
        BUYER_LINK_HOLDER,
        SYSTEM,
    }
    assert {who for _what, who, _times in told(database, begun)} == {COLLEAGUE, LINK_HOLDER, BUYER_LINK_HOLDER, SYSTEM}
    assert (("Answers were saved", COLLEAGUE, 2)) in told(database, begun)


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize(
    ("said", "entry"),
    [
        (
            {"action": "link.open", "verb": "opened", "about": ("delegation", OTHER)},
            ("A link to a part was opened", DELEGATE),
        ),
        (
            {"action": "delegation.answer", "verb": "saved", "about": ("delegation", OTHER)},
            ("Answers to a part that was given to a colleague were saved", DELEGATE),
        ),
        ({"action": "sign_off.give", "verb": "signed", "about": ("request", OTHER)}, ("It was signed off", REVIEWER)),
        (
            {
                "action": "link.open",
                "verb": "accepted",
                "about": ("grant", OTHER),
                "who": Actor(ActorKind.PERSON, str(OTHER)),
            },
            ("What was shared was taken up", RECIPIENT),
        ),
        (
            {"details": {"desk": "coordinator"}, "who": Actor(ActorKind.PERSON, str(OTHER))},
            ("Answers were saved", COORDINATOR),
        ),
        (
            {"action": "share.manage", "verb": "made", "about": ("buyer_link", OTHER)},
            ("A link for a buyer was made", LINK_HOLDER),
        ),
        ({"action": "words.redact", "verb": "taken out"}, ("Words were taken out for good", LINK_HOLDER)),
    ],
)
def test_whoever_came_for_one_thing_is_told_from_those_who_hold_the_whole(
    database: Database, begun: uuid.UUID, now: datetime, said: dict[str, object], entry: tuple[str, str]
) -> None:
    note(database, begun, now, **said)
    assert told(database, begun, ME) == [(*entry, 1)]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_page_holds_so_many_and_says_whether_there_are_older(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    with database.writing() as session:
        deed = NewAuditEvent(action="plan.follow", verb="saved", who=job_actor("x"), assessment_id=begun)
        for days in range(ENTRIES_PER_PAGE + 1):
            append_event(session, KEYS, deed, now + timedelta(days=days))
    with database.reading() as session:
        first, second, third = (get_history(session, begun, None, page) for page in (1, 2, 3))
    assert (len(first.rows), first.more) == (ENTRIES_PER_PAGE, True)
    assert (len(second.rows), second.more) == (1, False)
    assert third == second, "beyond the last page is the last"
    assert first.rows[0].day > second.rows[0].day


def test_nothing_of_another_assessment_is_told(
    database: Database, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    note(database, another, now)
    assert told(database, begun) == []
    assert len(told(database, another)) == 1


def test_every_action_there_is_can_be_told() -> None:
    for action in ALL_PERMISSIONS:
        assert event_text(f"{action}: changed", None)
    assert event_text("words.nobody.knows: changed", None)
    assert event_text("canary.x: changed", None) == OTHER_TEXT
    for text in EVENT_TEXTS:
        action, verb = text.split(": ")
        assert action in ALL_PERMISSIONS
        assert verb in VERBS
