"""What is wrong with a bank, before anybody answers it: every problem with its number, its place and its repair."""

from __future__ import annotations

from collections.abc import Iterable

from assess.engine.bank import Edition
from assess.engine.examples import Example, run_example
from assess.engine.faults_in_actions import faults_in_actions
from assess.engine.faults_in_answers import faults_in_answers
from assess.engine.faults_in_checks import faults_in_checks
from assess.engine.faults_in_conditions import faults_in_conditions
from assess.engine.faults_in_duties import faults_in_duties
from assess.engine.faults_in_names import faults_in_names
from assess.engine.faults_in_points import faults_in_points
from assess.engine.faults_in_texts import faults_in_texts
from assess.engine.problems import Problem
from assess.engine.settings import DatedSettings


def check_edition(edition: Edition, settings: DatedSettings | None) -> list[Problem]:
    """Every problem of an edition, worked examples and sources of facts left out. Without settings, gaps are not judged."""
    return [
        *faults_in_names(edition),
        *faults_in_conditions(edition),
        *faults_in_points(edition),
        *faults_in_answers(edition),
        *faults_in_actions(edition),
        *faults_in_checks(edition),
        *faults_in_texts(edition, None if settings is None else settings.texts),
        *faults_in_duties(edition.duty_book),
    ]


def check_examples(edition: Edition, examples: Iterable[Example], settings: DatedSettings) -> list[Problem]:
    """The worked examples that no longer hold. Only for an edition without other problems: others cannot be scored."""
    return [
        Problem("BANK090", (*example.place, "expect", name), difference)
        for example in examples
        for name, difference in run_example(edition, example, settings.scoring).items()
    ]
