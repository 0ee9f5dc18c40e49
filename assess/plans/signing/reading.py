"""What a senior person reads and does, the same by a link and with an account: the plan, signing, and sending it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from assess.assessments.answering import AssessmentUnknownError
from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.free_words import UnfitWordsError, fit_words
from assess.assessments.models import Submission
from assess.assessments.signing.keeping import (
    LONGEST_WORDS,
    NotIntactError,
    NotLatestError,
    SignedAlreadyError,
    send_back,
    sign,
    signed,
)
from assess.kit.clock import date_at, now, today
from assess.kit.db import database, roll_back_request, session
from assess.kit.errors import Wording, error_page
from assess.plans import charts
from assess.plans.check_code.codes import code_of
from assess.plans.copies import aged
from assess.plans.document import business_plan
from assess.plans.register.keeping import state_of
from assess.plans.signing.sign_form import SignForm, read_form

ANSWERED_AGAIN = Wording(
    "The business has answered again",
    (
        "What you were asked to sign is no longer the latest, so nothing was signed.",
        "Ask whoever asked you for a new link.",
    ),
)
_EMPTY = SignForm()


@dataclass(frozen=True, slots=True)
class Places:
    """Where this reader is: the page itself, where to send it back, and where to go on from it, if anywhere."""

    here: str
    back: str
    leave: str | None = None
    overview: str | None = None


def reading_page(
    submission: Submission,
    places: Places,
    form: SignForm = _EMPTY,
    *,
    words: str = "",
    words_error: str | None = None,
    asked: Asked | None = None,
) -> str:
    """The plan as the business has it, and below it the form."""
    record = aged(submission.record, today().isoformat())
    with database().reading() as look:
        state = state_of(look, submission.id)
        code = code_of(look, submission, "business")
        sign_off = signed(look, submission.id)
    errors = [*form.faults.items(), *([("words", words_error)] if words_error else [])]
    return render_template(
        "plans/signing_read.html",
        plan=business_plan(record, state, code=code),
        charts=charts,
        places=places,
        number=submission.number,
        sign_off=sign_off,
        signed_on=None if sign_off is None else date_at(sign_off.signed_at),
        form=form,
        errors=errors,
        words=words,
        words_error=words_error,
        asked=[asked] if asked else [],
        ticks=sorted(ticks_in(request.form)),
        sent_back="sent" in request.args and sign_off is None,
        longest=LONGEST_WORDS,
    )


def signed_by(submission: Submission, places: Places, form: Mapping[str, str]) -> Response | tuple[str, int]:
    """Sign what was read, or say what is missing."""
    typed = read_form(form)
    if typed.faults:
        return reading_page(submission, places, typed), 422
    try:
        sign(session(), submission, typed.signature, now())
    except SignedAlreadyError:
        roll_back_request()  # the page says who did
    except (NotLatestError, NotIntactError, AssessmentUnknownError):
        roll_back_request()
        return error_page(409, ANSWERED_AGAIN)
    return redirect(places.here, 303)


def sent_back_by(submission: Submission, places: Places, form: Mapping[str, str]) -> Response | tuple[str, int]:
    """Ask for changes."""
    typed = form.get("words", "")
    try:
        fit = fit_words(typed, LONGEST_WORDS)
        asked = ask_about(fit, "words", "What should be changed?", ticks=ticks_in(form))
        if asked is not None:
            return reading_page(submission, places, words=typed, words_error=asked.sentence, asked=asked), 422
        send_back(session(), submission, fit, now())
    except UnfitWordsError as unfit:
        return reading_page(submission, places, words=typed, words_error=unfit.sentence), 422
    except SignedAlreadyError:
        roll_back_request()
        return redirect(places.here, 303)
    except (NotLatestError, AssessmentUnknownError):
        roll_back_request()
        return error_page(409, ANSWERED_AGAIN)
    return redirect(f"{places.here}?sent=yes", 303)
