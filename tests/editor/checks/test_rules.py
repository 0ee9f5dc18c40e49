from __future__ import annotations

from assess.editor.checks.rules import rule_in_words
from assess.editor.conditions.rows import Subject
from assess.engine.checks import RULES
from assess.engine.faults_in_checks import INPUTS

SUBJECTS = {"rate": Subject("rate", "What do you pay?", "number")}


def test_every_rule_of_the_engine_is_said_with_all_questions_it_reads() -> None:
    for rule in RULES:
        said = rule_in_words(rule, dict.fromkeys(INPUTS[rule], "rate"), SUBJECTS)
        assert "“What do you pay?”" in said
        assert not said.startswith("It rests on")


def test_what_is_not_known_is_named() -> None:
    assert rule_in_words("strange", {}, {}) == "It rests on the rule “strange”."
    assert "is missing" in rule_in_words("charge_above_offset", {}, {})
    assert "“gone”" in rule_in_words("charge_above_offset", {"charge": "gone"}, SUBJECTS)
