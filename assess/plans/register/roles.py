"""Who can be picked to see to an action: the jobs that the actions of this bank name, and no others."""

from __future__ import annotations

from collections.abc import Iterator

from assess.engine.bank import Action, Edition


def roles_of(edition: Edition) -> tuple[str, ...]:
    """The jobs in words, in the order of the alphabet. They go by the bank alone, never by what was answered."""
    return tuple(sorted({edition.owners[action.owner] for action in _actions(edition)}))


def _actions(edition: Edition) -> Iterator[Action]:
    for question in edition.questions():
        steps = (*(option.action for option in question.options), *(band.action for band in question.bands))
        rules = (step.action for step in question.steps)
        for own in (question.action, question.dk_action, *steps, *rules):
            if own:
                yield own
    yield from (check.action for check in edition.checks if check.action)
