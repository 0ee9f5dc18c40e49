from __future__ import annotations

from assess.kit.audit.verbs import VERBS


def test_every_verb_fits_into_its_column_and_is_plain() -> None:
    assert all(len(verb) <= 12 and verb.replace(" ", "").isalpha() and verb == verb.lower() for verb in VERBS)
