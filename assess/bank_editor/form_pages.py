"""The one way of all pages of the editor: a view says what its page shows and how to save what was sent, the rest is done here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session

from assess.bank_editor.draft_context import (
    DraftContext,
    Location,
    draft_context_or_404,
    draft_or_404,
    edit_draft_file,
    item_at,
    overwrite,
)
from assess.bank_editor.fields import Field, FileData, FormGroup, form_values, posted_values
from assess.bank_editor.questions.context import BankContext
from assess.core import clock
from assess.core.db import database, request_session, roll_back_request
from assess.core.edit_conflicts import NotSavedError, require_unchanged, save_or_show_again
from assess.core.forms.fields import FormField, SentForm
from assess.core.forms.form import FormResult, read_fields, sent_form, sent_text
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires
from assess.identity.access import require_person
from assess.identity.current_user import CurrentUser
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.files import UnreadableError
from assess.question_banks.models import Draft
from assess.question_banks.yaml_patch import YamlPatchError

Shown = Mapping[str, object]
NO_DRAFT = uuid.UUID(int=0)
UNREADABLE = "The text of this file cannot be read. Put it right on its text page first."
UNWRITABLE = (
    "This cannot be written into the file without touching other lines. Change it on the text page of the bank."
)


@dataclass(frozen=True)
class PageRequest:
    """Who asks for a page, and of which draft. `refused`: why it is shown again."""

    who: CurrentUser
    session: Session
    draft_id: uuid.UUID = NO_DRAFT
    bank: str = ""
    refused: NotSavedError | None = None

    @cached_property
    def draft_context(self) -> DraftContext:
        return draft_context_or_404(self.session, self.draft_id, self.bank or None)

    @cached_property
    def draft(self) -> Draft:
        """Whatever its stage; `draft_context` is for one that is open."""
        return draft_or_404(self.session, self.draft_id)

    @property
    def form_data(self) -> SentForm | None:
        """What was sent; None for a page that is only looked at."""
        return sent_form() if request.method == "POST" else None

    def values_in(self, fields: Sequence[Field], data: Mapping[str, Any]) -> FormGroup:
        """What stands in these fields of a thing: what was typed, else what is written."""
        return form_values(fields, data) if self.form_data is None else posted_values(fields, self.form_data)

    def read(self, **declared: FormField[Any]) -> FormResult:
        return read_fields(**declared) if self.form_data is not None else FormResult({})

    @property
    def theirs(self) -> Any:  # noqa: ANN401  # the value of any form
        """What somebody else made of it meanwhile."""
        return self.refused.theirs if self.refused else None

    @cached_property
    def in_force(self) -> DraftContext:
        return DraftContext(self.draft, files_in_force(self.session), self.draft_context.now)

    @cached_property
    def bank_context(self) -> BankContext:
        return BankContext(self.draft_context, self.in_force, self.bank)

    def edit_file(self, name: str, edit: Callable[[FileData], object], what: str) -> None:
        """Change a file of the draft; `what` is for its history. Raises NotSavedError for all that stands in the way."""
        try:
            edit_draft_file(self.session, self.draft, name, edit, self.who.id, clock.now(), what=what)
        except YamlPatchError:
            raise NotSavedError(UNWRITABLE) from None
        except UnreadableError:
            raise NotSavedError(UNREADABLE) from None

    def edit_at(self, location: Location, edit: Callable[[FileData], object], what: str) -> None:
        """Change one thing of a file. Raises NotSavedError as above, also when it is not as it was seen on the page, or gone."""
        seen = sent_text("seen")
        self.edit_file(location.content_file.name, lambda data: edit(item_at(data, location.path, seen)), what)

    def replace_at(self, location: Location, made: FileData, what: str) -> None:
        """Put this, which was made of it, in the place of a thing. Raises NotSavedError as above."""
        require_unchanged(sent_text("seen"), location.data)

        def edit(data: FileData) -> None:
            # compared again: another editor may have been faster between our reading and our lock
            overwrite(item_at(data, location.path, location.etag), made)

        self.edit_file(location.content_file.name, edit, what)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A page, and what becomes of what was sent: nothing while there are `errors` or it is `refused`; without `save` it is only shown, with this `status`.

    `shows` is what the template gets beside draft, bank, errors and refused. It is given the errors, where it needs them or takes long.
    """

    template: str
    shows: Shown | Callable[[Mapping[str, str]], Shown] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: NotSavedError | None = None
    save: Callable[[], object] | None = None
    status: int = 200
    then: str | Callable[[Any], str] = ""


class FieldRefusedError(NotSavedError):
    """It cannot be done as things stand, which the page says beside this field."""

    def __init__(self, field_name: str, words: str) -> None:
        super().__init__(words)
        self.errors = {field_name: words}


View = Callable[..., FormPage]


def form_page(
    blueprint: Blueprint,
    rule: str,
    verb: str = "",
    *,
    get: str = "banks.edit",
    post: str = "banks.edit",
    looks_first: bool = False,
) -> Callable[[View], View]:
    """Make a view a page of this address. Without a verb it sends nothing; with `get` empty it is no page but the target of a form.

    The view is called again, with a session of its own, whenever the page is shown; what was typed comes from the form. One that
    `looks_first` never has the session of the request: it judges something at length, and its `save` reads the rows again.
    """
    methods = [*(["GET"] if get else []), *(["POST"] if verb else [])]

    def decorate(view: View) -> View:
        def answer(who: CurrentUser, /, **address: Any) -> PageResponse:  # noqa: ANN401  # the parts of the address
            return _answer(view, who, address, looks_first=looks_first)

        answer.__name__ = view.__name__
        guarded = requires(get=get, post=post, load=require_person)(answer)
        if verb:
            guarded = audited(verb)(rate_limited(SAVE_LIMIT, by_session_or_address, forms=bool(get))(guarded))
        blueprint.add_url_rule(rule, view.__name__, guarded, methods=methods)
        return view

    return decorate


def _answer(view: View, who: CurrentUser, address: Mapping[str, Any], *, looks_first: bool) -> PageResponse:
    arguments = {name: value for name, value in address.items() if name not in {"draft_id", "bank"}}

    def ask(session: Session, refused: NotSavedError | None = None) -> tuple[PageRequest, FormPage]:
        page = PageRequest(who, session, address.get("draft_id", NO_DRAFT), address.get("bank", ""), refused)
        return page, view(page, **arguments)

    def draw(errors: Mapping[str, str], refused: NotSavedError | None = None) -> tuple[str, int]:
        with database().reading() as session:
            page, made = ask(session, refused)
            return _html(page, made, errors), made.status

    if request.method != "POST":
        return draw({})
    if looks_first:
        with database().reading() as session:
            page, made = ask(session)
            if not made.refused and (made.errors or made.save is None):
                return _html(page, made, made.errors), 422 if made.errors else made.status
    else:
        page, made = ask(request_session())
    if made.errors or made.refused or made.save is None:
        roll_back_request()
        html, status = draw(made.errors, made.refused)
        return html, 422 if made.errors else 409 if made.refused else status

    def again(refused: NotSavedError) -> str:
        return draw(refused.errors)[0] if isinstance(refused, FieldRefusedError) else draw({}, refused)[0]

    return save_or_show_again(made.save, again, made.then)


def _html(page: PageRequest, made: FormPage, errors: Mapping[str, str]) -> str:
    shown = made.shows(errors) if callable(made.shows) else made.shows
    ours = {} if "draft" in shown or page.draft_id is NO_DRAFT else {"draft": page.draft, "bank": page.bank}
    return render_template(made.template, **{**ours, "errors": errors, "refused": page.refused, **shown})
