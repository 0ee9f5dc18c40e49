"""From everything a business has said to the record that is frozen: the one way to make it, whoever presses the button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from assess.assessments.answering import Filled
from assess.assessments.facts_form import given_facts
from assess.banks.reader import LoadedEdition
from assess.engine.assessing import Given, assess
from assess.engine.purchase_data import Bought
from assess.engine.record import Operator, Organisation, make_record
from assess.engine.settings import DatedSettings
from assess.kit.db import Document


def given_of(said: Filled, loaded: LoadedEdition) -> Given:
    """What was said, as the engine takes it."""
    return Given(
        answers=said.answers,
        facts=given_facts(loaded.edition.duty_book, said.gates, said.facts),
        evidence=said.evidence,
        quick=said.quick,
    )


def record_of(
    said: Filled,
    loaded: LoadedEdition,
    settings: DatedSettings,
    *,
    operator: Operator,
    day: date,
    bought: Bought | None = None,
    together: Sequence[Mapping[str, str]] = (),
) -> Document:
    """The record of what was said, as things stand on this day. Its organisation needs at least a name and an area.

    `bought` is what the business buys, with the lists of this day; a record without is one that says nothing of it.
    `together`: how (`mode`) and on which day (`on`) a coordinator helped to fill it in.

    Raises:
        KeyError: when the name or the area was not given: the check page asks for them first.
    """
    given = given_of(said, loaded)
    return make_record(
        loaded.edition,
        loaded.ref,
        given,
        assess(loaded.edition, given, settings, day),
        settings,
        Organisation(
            name=said.organisation["name"],
            area=said.organisation["area"],
            postcode=said.organisation.get("postcode"),
            company_number=said.organisation.get("company_number"),
        ),
        operator,
        day,
        bought,
        together,
    )
