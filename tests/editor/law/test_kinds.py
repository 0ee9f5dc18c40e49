from __future__ import annotations

from pathlib import Path

import pytest

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.schema_law import DutyShape
from assess.banks.schema_settings import ContactShape
from assess.banks.sheets import read_folder
from assess.editor.law.kinds import CONTACTS, DUTIES, KINDS, OWNERS, SOURCES, ThingKind, sheets_for, thing, things
from tests.shelves import SOUND

SHELF = read_folder(Path(SOUND))


def test_each_kind_is_found_where_it_stands() -> None:
    real = read_folder(QUESTIONNAIRES)
    assert {sheet.name for sheet in sheets_for(real, DUTIES)} == {"duties/uk.yaml", "duties/international.yaml"}
    assert [sheet.name for sheet in sheets_for(real, CONTACTS)] == ["settings/contacts.yaml"]
    assert all(next(things(real, kind), None) for kind in KINDS.values())


def test_a_list_and_a_group_are_both_read() -> None:
    duty, source, owner = thing(SHELF, DUTIES, "accounts"), thing(SHELF, SOURCES, "S1"), next(things(SHELF, OWNERS))
    assert duty
    assert source
    assert (duty.path, duty.title) == (("duties", 1), "Accounts")
    assert (source.path, source.title) == (("sources", "S1"), "A handbook")
    assert owner.title == owner.raw
    assert thing(SHELF, DUTIES, "nothing") is None


def test_the_mark_is_another_when_the_thing_is() -> None:
    one, other = list(things(SHELF, DUTIES))
    assert one.seen != other.seen


@pytest.mark.parametrize(
    ("kind", "shape", "left"),
    [(DUTIES, DutyShape, {"id", "when", "reviewed_by", "reviewed_on"}), (CONTACTS, ContactShape, {"id", "blanked"})],
)
def test_the_form_asks_for_all_that_the_file_may_hold(kind: ThingKind, shape: type, left: set[str]) -> None:
    assert {one.path[0] for one in kind.fields} | left == set(shape().fields)
