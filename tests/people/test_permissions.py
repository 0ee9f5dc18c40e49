from __future__ import annotations

from assess.people.permissions import ACTIONS, ALLOWED, Relation, allows

DESK = {Relation.COORDINATOR, Relation.ADMINISTRATOR}


def test_what_is_not_listed_nobody_may() -> None:
    assert not allows("answers.sell", frozenset(Relation))


def test_no_desk_reads_or_changes_what_a_business_answered() -> None:
    about_answers = [
        name for name in ACTIONS if name.split(".")[0] not in {"desk", "account", "public", "banks", "names"}
    ]
    assert [name for name in about_answers if ALLOWED[name] & DESK] == []


def test_a_buyer_does_nothing_but_read_what_was_shared() -> None:
    seen = {name for name in ACTIONS if ALLOWED[name] & {Relation.RECIPIENT, Relation.LOOKER}}
    assert seen == {"shared.read"}


def test_a_link_heads_nothing_of_an_organisation_and_makes_no_other_link() -> None:
    by_link = {name for name in ACTIONS if Relation.LINK_HOLDER in ALLOWED[name]}
    assert by_link == {
        "assessment.answer",
        "assessment.read",
        "assessment.submit",
        "comment.write",
        "plan.files",
        "plan.follow",
        "plan.read",
        "reminder.manage",
        "visit.leave",
    }
