"""A form is a marshmallow schema of declared fields. `request.form` and `request.files` are read here alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError, fields
from werkzeug.datastructures import FileStorage

from assess.core.forms.fields import LONGEST_TYPED, FormField, SentForm


@dataclass(frozen=True, slots=True)
class FormResult:
    """A form as it was sent: `typed` for showing it again, `values` of what can be taken, and one sentence for each field that cannot.

    Each declared field but passwords and codes is in `typed`, whether it was sent or not; those come first, and in their order. What was
    sent beside them follows: the boxes of a date, and fields that another choice on the page asks for.
    """

    typed: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # by the kind of field
        return self.values[name]

    def with_errors(self, more: Mapping[str, str]) -> Self:
        """The same with these sentences too, in the order of the fields."""
        errors = {**self.errors, **more}
        return replace(self, errors={name: errors[name] for name in {**self.typed, **errors} if name in errors})


class Form(Schema):
    """Declared fields; `@validates_schema` says what rests on two of them."""

    class Meta:
        """Fields that were not declared are passed over."""

        unknown = EXCLUDE

    def read(self, sent: SentForm | None = None) -> FormResult:
        """What was sent, that of the request at hand if nothing else is given."""
        form = sent_form() if sent is None else sent
        declared = {name: cast("FormField[Any]", one) for name, one in self.fields.items()}
        picked = {name: one.pick(form, name) for name, one in declared.items()}
        blank = {name: "" for name, one in declared.items() if one.shown_again}
        typed = blank | {
            name: text[: declared[name].longest_sent if name in declared else LONGEST_TYPED]
            for name, text in form.items()
            if name in blank or name not in declared
        }
        try:
            return FormResult(typed, self.load(picked))
        except ValidationError as refusal:
            messages = cast("dict[str, Any]", refusal.messages)
            errors = {name: _first(said) for name, said in messages.items()}
            return FormResult(typed, cast("dict[str, Any]", refusal.valid_data or {})).with_errors(errors)


def form_of(declared: Mapping[str, FormField[Any]], form: type[Form] = Form) -> Form:
    """This form with more fields, which are known at run time alone."""
    return cast("Form", form.from_dict(cast("dict[str, fields.Field[Any]]", dict(declared)))())


def read_fields(**declared: FormField[Any]) -> FormResult:
    """The form of the request at hand, for a page that needs no form of its own."""
    return form_of(declared).read()


def sent_form() -> SentForm:
    """What the form of this request sent."""
    return cast("SentForm", request.form)


def sent_file(name: str) -> FileStorage | None:
    """The file that was sent, None where none was chosen."""
    found = request.files.get(name)
    return found if found is not None and found.filename else None


def sent_file_names() -> list[str]:
    """The fields of all files that were sent, chosen or not."""
    return [name for name, _file in request.files.items(multi=True)]


def is_ticked(name: str) -> bool:
    """Whether this box was ticked, or this button pressed."""
    return name in request.form


def pressed(name: str) -> str:
    """The value of the button of this name that was pressed; empty when it was another."""
    return request.form.get(name, "")[:LONGEST_TYPED]


def sent_text(name: str) -> str:
    """What was sent under this name, whole: a hidden value such as an etag, or a text that keeps its lines and spaces."""
    return request.form.get(name, "")


def _first(said: Any) -> str:  # noqa: ANN401  # sentences, or sentences by row and column
    while not isinstance(said, str):
        said = next(iter(said.values() if isinstance(said, dict) else said))
    return said
