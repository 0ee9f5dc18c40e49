"""The words of the fixed lists, the same for the supplier who tells and for the buyer who reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assess.engine.dates import add_months
from assess.suppliers.other_results.models import Interviews, Refusal, Scope

SCOPES: Mapping[Scope, str] = {
    Scope.WHOLE: "The whole business",
    Scope.ONE_SITE: "One site",
    Scope.ONE_PRODUCT: "One product",
}
INTERVIEWS: Mapping[Interviews, str] = {
    Interviews.YES: "Yes",
    Interviews.NO: "No",
    Interviews.DONT_KNOW: "Don’t know",
}
REFUSALS: Mapping[Refusal, str] = {
    Refusal.TOO_OLD: "It is too old",
    Refusal.NOT_WHOLE: "It looked at a part of the business only",
    Refusal.NO_INTERVIEWS: "It does not say that workers were interviewed",
    Refusal.OTHER_SUBJECT: "It does not look at what we have to ask about",
    Refusal.SAME_FORM: "We ask every supplier for the same form",
}
"""Why a buyer does not accept it."""


def is_old(result_on: date, months: int, today: date) -> bool:
    """Whether more months have gone by since than the scheme’s results are counted for."""
    return add_months(result_on, months) < today
