from __future__ import annotations

from assess.assessments.signing.keeping import Signature
from assess.plans.signing.sign_form import read_form


def test_name_job_and_the_tick_are_needed() -> None:
    form = read_form({"name": "  ", "job": ""})
    assert set(form.faults) == {"name", "job", "read"}
    assert "director" in form.faults["job"]


def test_what_was_typed_is_tidied_and_kept() -> None:
    form = read_form({"name": " Jo   Fenn\u202e", "job": "director", "read": "yes", "on_paper": "yes"})
    assert not form.faults
    assert form.signature == Signature("Jo Fenn", "director", on_paper=True)
    long = read_form({"name": "x" * 81, "job": "director", "read": "yes"})
    assert "80 letters or fewer" in long.faults["name"]
    assert (long.job, long.read, long.on_paper) == ("director", True, False)


def test_a_job_with_details_is_asked_about_and_the_signers_own_name_is_not() -> None:
    typed = {"name": "Agnieszka Nowak", "job": "director, 07700 900123", "read": "yes"}
    asked = read_form(typed)
    assert set(asked.faults) == {"job"}
    assert not read_form({**typed, "keep_words": asked.asked[0].mark}).faults
