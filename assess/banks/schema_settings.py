"""The shape of the dated settings and of the contacts."""

from __future__ import annotations

from marshmallow import ValidationError

from assess.banks.schema_fields import Address, AnyValue, Day, Id, ListOf, Named, Number, Shape, Text, plain


class ValueField(AnyValue):
    """The value of a setting: a number, a text or date, or a group of numbers by id."""

    def _deserialize(self, value: object, *_: object, **__: object) -> object:
        if isinstance(value, dict):
            return Named(Number()).deserialize(value)
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValidationError(f"BANK022|A number, a text or a group of numbers belongs here, not {plain(value)}.")
        return Text().deserialize(value) if isinstance(value, str) else Number().deserialize(value)


class SettingValueShape(Shape):
    """One value and since when it holds."""

    from_ = Day(data_key="from", attribute="from", required=True)
    value = ValueField(required=True)
    source = Text(required=True)
    checked = Day(required=True)
    review_by = Day(required=True)


class SettingShape(Shape):
    """One setting with all its values, the oldest first."""

    id = Id(required=True)
    label = Text(required=True)
    unit = Text()
    values = ListOf(SettingValueShape, least=1, required=True)


class ContactShape(Shape):
    """One way to get help."""

    id = Id(required=True)
    order = Number(whole=True, least=1, required=True)
    area = Id()
    situation = Text(required=True)
    who = Text(required=True)
    number = Text()
    text_phone = Text()
    web = Address()
    for_whom = Text(required=True)
    source = Text(required=True)
    checked = Day(required=True)
    review_by = Day(required=True)
    blanked = Day()


class SettingsShape(Shape):
    """A file of settings, of contacts, or of both."""

    format = AnyValue()
    settings = ListOf(SettingShape)
    contacts = ListOf(ContactShape)
