"""What a form says when nothing can be kept: one sentence with the repair, beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assess.plans.talk.forms import TalkForm


@dataclass(frozen=True, slots=True)
class Refusal(TalkForm):
    """A form that only says why nothing was kept."""

    def with_typed(self, form: TalkForm) -> TalkForm:
        """The same beside what somebody typed."""
        return replace(form, errors=self.errors)


FULL = Refusal(errors=(("words", "There are very many comments here already. Ring or meet each other instead."),))
MEANWHILE = Refusal(errors=(("words", "This was answered or changed meanwhile. Read below how it stands now."),))
OVER = Refusal(
    errors=(("words", "This share is over, so nothing more can be written here. Share your plan again to talk on."),)
)
