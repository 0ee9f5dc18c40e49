from __future__ import annotations

import pytest

from assess.kit.audit.verbs import CHANGED, VERBS, verb_of


@pytest.mark.parametrize(
    ("view", "verb"),
    [
        ("share.end_link", "ended"),
        ("sections.save_section", "saved"),
        ("delete", "deleted"),
        ("register.tick_off", "ticked off"),
        ("claim.take", "claimed"),
        ("careful.take", "taken out"),
    ],
)
def test_the_name_of_a_view_says_what_became_of_it(view: str, verb: str) -> None:
    assert verb_of(view) == verb


def test_where_it_says_nothing_something_was_changed() -> None:
    assert verb_of("canary") == verb_of("") == CHANGED


def test_every_verb_fits_into_its_column_and_is_plain() -> None:
    assert all(len(verb) <= 12 and verb.replace(" ", "").isalpha() and verb == verb.lower() for verb in VERBS)
