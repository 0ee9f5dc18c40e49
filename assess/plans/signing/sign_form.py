"""What whoever signs has typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from marshmallow import ValidationError

from assess.assessments.careful.asking import Asked, ask_about, ticks_in
from assess.assessments.fields import Words
from assess.assessments.signing.keeping import Signature
from assess.assessments.signing.models import LONGEST_NAME

_LEAD = {"name": "Enter your name.", "job": "Enter your job, for example: director."}
_READ = "Tick the box once you have read the plan."


@dataclass(frozen=True, slots=True)
class SignForm:
    """The form as it stands. `faults`: a sentence by field. `ticks`: marks of texts that are to be kept as they are.

    The name is the signer's own and given freely; the job may be asked about.
    """

    name: str = ""
    job: str = ""
    read: bool = False
    on_paper: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    ticks: frozenset[str] = frozenset()

    @property
    def signature(self) -> Signature:
        """What was said, once there is no fault."""
        return Signature(self.name, self.job, self.on_paper)


def read_form(form: Mapping[str, str]) -> SignForm:
    """Read the form of whoever signs."""
    typed = {name: form.get(name, "")[:1000] for name in _LEAD}
    faults: dict[str, str] = {}
    for name, lead in _LEAD.items():
        try:
            typed[name] = str(Words(LONGEST_NAME).deserialize(typed[name]))
        except ValidationError as refusal:
            faults[name] = str(refusal.messages[0])
        else:
            if not typed[name]:
                faults[name] = lead
    ticks = ticks_in(form)
    asked = None if "job" in faults else ask_about(typed["job"], "job", "Your job", ticks=ticks)
    if asked is not None:
        faults["job"] = asked.sentence
    if "read" not in form:
        faults["read"] = _READ
    return SignForm(
        typed["name"],
        typed["job"],
        "read" in form,
        "on_paper" in form,
        faults,
        (asked,) if asked else (),
        ticks,
    )
