from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from assess.kit.db import Database
from assess.plans.register.going_back import UnknownEventError, event_of, gone_back, put_back
from assess.plans.register.keeping import Change, ChangedMeanwhileError, change, history_of, item_of, offer
from assess.plans.register.models import What
from assess.plans.register.state import EvidenceNote

KEY = "core_documents"
NOTE = EvidenceNote(0, "Folder in the office", "records", "2026-11-01", "2027-11-01", "said")
ACCEPTED = Change(response="accepted", owner="Jo in the office", due="2026-12-24")


def test_going_back_is_a_change_of_its_own(database: Database, kept: Any, now: datetime) -> None:
    with database.writing() as session:
        first = change(session, kept.id, KEY, replace(ACCEPTED, notes=(NOTE,)), 0, now)
        change(session, kept.id, KEY, Change(response="will_not", reason="cost"), 1, now)
        newest = history_of(session, kept.id, KEY)[0]
        back = put_back(session, kept.id, KEY, event_of(session, kept.id, KEY, newest.id), 2, now)
        assert Change.of(back) == Change.of(first)
        assert [event.what for event in history_of(session, kept.id, KEY)] == [
            What.PUT_BACK,
            What.CHANGED,
            What.CHANGED,
        ]
        with pytest.raises(UnknownEventError):
            event_of(session, kept.id, "core_min_wage", newest.id)


def test_what_was_offered_is_put_in_alone_whatever_was_changed_since(
    database: Database, kept: Any, now: datetime
) -> None:
    with database.writing() as session:
        saved = Change.of(change(session, kept.id, KEY, ACCEPTED, 0, now))
        offered = event_of(session, kept.id, KEY, offer(session, kept.id, KEY, replace(saved, due="2027-03-01"), now))
        change(session, kept.id, KEY, replace(saved, owner="Her", notes=(NOTE,)), 1, now)
        with pytest.raises(ChangedMeanwhileError):
            put_back(session, kept.id, KEY, offered, 1, now)
        wanted = gone_back(Change.of(item_of(session, kept.id, KEY)), offered)
        after = put_back(session, kept.id, KEY, offered, 2, now)
    assert (after.owner, after.due, [note.title for note in after.notes]) == ("Her", "2027-03-01", [NOTE.title])
    assert Change.of(after) == wanted
