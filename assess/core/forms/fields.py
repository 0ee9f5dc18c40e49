"""Fields of forms. What people type on a page and in the cell of a file goes through the same fields, with the same words of refusal.

A field takes text (or a list of texts) and hands over a value, or raises marshmallow's `ValidationError` with one sentence that says
what to do. Nothing here knows Flask: the command line reads by these fields too.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

import phonenumbers
from marshmallow import ValidationError, fields

from assess.core.mail.addresses import InvalidAddressError, clean_address

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

LONGEST_TYPED = 2000
"""What is longer was not typed by hand into one line; it is cut before anything but a field of a text looks at it."""
LONGEST_NUMBER = 350
"""The smallest number that is not 0 has 326 characters."""
LONGEST_CODE = 100
LONGEST_PHONE = 40
EARLIEST_YEAR, LATEST_YEAR = 1800, 2200
THIS_CENTURY = 2000
"""All that is asked for a date was or will be within a few years, so “26” is 2026."""
MOST_LINES = 12
NOTHING_WRITTEN = "Write what you want to say."
MOST_POUNDS = 1_000_000_000_000

SentForm: TypeAlias = "MultiDict[str, str]"
Number = int | float
CleanT = TypeVar("CleanT")

_UNSEEN_MARKS = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
"""Marks that have no width or turn the direction of what follows: they could make a text read as another one."""
BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Fillers and blanks that count as letters or signs. The others that cannot be seen are no printable characters."""
_MONTH_NAMES = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_TYPED_DATE = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?[ /.,-]+([0-9]{1,2}|[a-z]{3,9})[ /.,-]+([0-9]{4}|[0-9]{2})")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]{1,2}")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]*)?|-?\.[0-9]+")
_TIMES = {"k": 1_000, "m": 1_000_000}
_ARABIC_SEPARATORS = str.maketrans("٫٬", ".,")
_POSTCODE = re.compile(r"GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][ABD-HJLNP-UW-Z]{2}")
_COMPANY_NUMBER = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|IP[0-9]{5}R")
_SHORT_COMPANY_NUMBER = re.compile(r"[0-9]{5,7}")
_PRINTED_NUMBER = re.compile(r"\+?[0-9]+(?: [0-9]+)*")
_DIALLED_IN_UK = re.compile(r"(?:0|\+44 ?)[1-9]")
_PAID_NUMBERS = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.PAGER,
    }
)
"""Numbers for which the caller pays more than for a call."""


def tidy(text: str) -> str:
    """One line, with one space between words and no marks that nobody sees. Empty where nothing in it can be seen."""
    plain = " ".join("".join(letter for letter in text if letter not in _UNSEEN_MARKS).split())
    return "" if all(map(_is_unseen, plain)) else plain


def _is_unseen(letter: str) -> bool:
    # joiners belong into words of some languages, and are none by themselves
    return letter == " " or letter in BLANK_LETTERS or unicodedata.category(letter) == "Cf"


def date_as_typed(day: dt.date) -> str:
    """As a person would type it: "27 3 2026"."""
    return f"{day.day} {day.month} {day.year}"


def plain_digit(letter: str) -> str:
    """The digit 0 to 9 for one of any script; another letter as it is."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def plain_digits(text: str) -> str:
    return "".join(map(plain_digit, text))


def is_printable(text: str) -> bool:
    return not any(
        unicodedata.category(letter) in {"Cc", "Cs"} or letter == "\N{REPLACEMENT CHARACTER}" for letter in text
    )


BEGINS_WEB_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
"""What mail programs make a link of, wherever it stands in a text."""
_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
"""A part of the name of a website. One that begins with “xn--” stands for letters of another writing, which may look like ours."""
_ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>(?:{_LABEL}\.)+(?=[a-z]){_LABEL})(?::(?P<port>[0-9]{{1,5}}))?(?P<rest>[/?#][^\s\\]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where an address leads. `host` is in small letters."""

    scheme: str
    host: str
    port: int | None

    @property
    def website(self) -> tuple[str, int | None]:
        """The same for all pages of one website, with “www.” or without."""
        return self.host.removeprefix("www."), self.port


def web_address(text: str) -> WebAddress | None:
    """A whole address, None when it is none or could be read in two ways."""
    found = _ADDRESS.fullmatch(text) if text.isprintable() else None
    if found is None:
        return None
    return WebAddress(found["scheme"].lower(), found["host"].lower(), int(found["port"]) if found["port"] else None)


class FormField(fields.Field[CleanT], Generic[CleanT]):
    """`required` is the sentence when nothing was typed; without it, nothing gives `empty`. `invalid` replaces the sentence of the kind."""

    empty: Any = None
    wanted: str = "Check what you typed."
    longest_sent: int | None = LONGEST_TYPED
    """What is longer is cut. None: nothing is, because it may be a text, and whoever typed too much has to get it back whole."""
    takes: type = str
    also: Collection[str] = ()
    """Words that are taken as they stand, whatever the kind, such as “dk”."""
    shown_again = True

    def __init__(self, *, required: str = "", invalid: str = "") -> None:
        super().__init__()
        self.sentence_if_empty = required
        self.wanted = invalid or self.wanted

    def pick(self, sent: SentForm, name: str) -> object:
        """What was sent for this field, as `deserialize` takes it."""
        return sent.get(name, "")[: self.longest_sent]

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> CleanT:  # noqa: ARG002 - marshmallow's signature
        typed = tidy(value) if isinstance(value, str) else value
        if typed in ("", None, [], ()):
            if self.sentence_if_empty:
                raise ValidationError(self.sentence_if_empty)
            return cast("CleanT", self.empty)
        if not isinstance(typed, self.takes):
            raise self.refuse()
        if isinstance(typed, str) and not is_printable(typed):
            raise ValidationError("Take out the characters that cannot be printed.")
        return cast("CleanT", typed) if typed in self.also else self.clean(cast("Any", typed))

    def clean(self, typed: Any) -> CleanT:  # noqa: ANN401  # text or texts, by the kind of field
        """The value of what was typed, which is tidy and not empty. Raises ValidationError."""
        raise NotImplementedError

    def refuse(self) -> ValidationError:
        return ValidationError(self.wanted)

    def read(self, typed: object) -> tuple[CleanT, str]:
        """The value and no sentence, or what stands for no value and the sentence of the refusal."""
        try:
            return self.deserialize(typed), ""
        except ValidationError as refusal:
            return cast("CleanT", self.empty), " ".join(sentences_of(refusal))


class TextField(FormField[str]):
    """One line of at most `longest` characters."""

    empty = ""
    longest_sent = None

    def __init__(self, longest: int = 200, *, required: str = "") -> None:
        super().__init__(required=required)
        self.longest = longest

    def clean(self, typed: str) -> str:
        if len(typed) > self.longest:
            raise ValidationError(f"Use {self.longest:,} characters or fewer; this has {len(typed):,}.")
        return typed


class LinesField(FormField[list[Any]]):
    """A list, one value on each line. Empty lines go."""

    longest_sent: int = 20 * LONGEST_TYPED

    def __init__(self, line: FormField[Any], *, required: str = "") -> None:
        super().__init__(required=required)
        self.line = line

    @property
    def empty(self) -> list[Any]:
        return []

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> list[Any]:
        text = str(value or "")
        if len(text) >= self.longest_sent:
            raise ValidationError(f"Use fewer than {self.longest_sent:,} characters.")
        lines = [line for line in text.splitlines() if tidy(line)]
        return [self.line.deserialize(line) for line in lines] or super()._deserialize("", attr, data, **kwargs)


class ParagraphField(TextField):
    """Several lines. Empty lines go; signs alone count as nothing."""

    def __init__(self, longest: int = 2000, *, lines: int = MOST_LINES, required: str = "") -> None:
        super().__init__(longest, required=required)
        self.lines = lines

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        raw = str(value or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        kept = [line for line in map(tidy, raw) if line]
        text = "\n".join(kept)
        if not any(unicodedata.category(letter)[0] in "LN" for letter in text):
            return super()._deserialize("", attr, data, **kwargs)
        if not all(map(is_printable, kept)):
            raise ValidationError("Take out the characters that cannot be printed.")
        if len(kept) > self.lines:
            raise ValidationError(f"Use {self.lines} lines or fewer; this has {len(kept)}.")
        return self.clean(text)


class NumberField(FormField[Number]):
    """What people write for a number: "46", "1,200", "12 500", "6.50" or, with a comma for the pence, "6,50"; in digits of any script."""

    wanted = "Enter a number, like 12 or 12.50."
    whole = False
    signs = ""
    thousands = False
    """Whether “12.5k” and “1.2m” are meant as people say them."""

    def __init__(self, *, least: Number = 0, most: Number = math.inf, required: str = "", invalid: str = "") -> None:
        super().__init__(required=required, invalid=invalid)
        self.least, self.most = least, most

    def clean(self, typed: str) -> Number:
        return self.check(self._number(typed))

    def check(self, number: Number) -> Number:
        """The number, if it may be one. Raises ValidationError."""
        try:
            finite = math.isfinite(number)
        except OverflowError:
            finite = False
        if not finite:
            raise ValidationError("This number is too large to be real: check it.")
        if self.whole and number != int(number):
            raise self.refuse()
        if number < self.least:
            raise ValidationError(f"Enter a number of {self.least} or more.")
        if number > self.most:
            raise ValidationError(f"Enter a number of {self.most:,} or less.")
        return int(number) if isinstance(number, float) and number.is_integer() else number

    def _number(self, typed: str) -> Number:
        text = plain_digits(re.sub(rf"[\s{re.escape(self.signs)}]", "", typed)).translate(_ARABIC_SEPARATORS)
        if len(text) > LONGEST_NUMBER:
            raise ValidationError("This number is too long: check it.")
        times = _TIMES.get(text[-1:].lower(), 1) if self.thousands else 1
        text = text[:-1] if times > 1 else text
        if _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        elif "," in text:
            raise ValidationError("Write the number with a point and without a comma, like 6.50.")
        if not (text.isascii() and _NUMBER.fullmatch(text)):
            raise self.refuse()
        if times > 1:
            return round(float(text) * times, 6)
        return float(text) if "." in text else int(text)


class WholeNumberField(NumberField):
    wanted = "Enter a whole number, like 12."
    whole = True


class PercentageField(NumberField):
    wanted = "Enter a percentage, like 35."
    signs = "%"

    def check(self, number: Number) -> Number:
        if not 0 <= number <= 100:  # noqa: PLR2004 - a hundred per cent; also stops what is no number
            raise ValidationError("Enter a percentage from 0 to 100.")
        return super().check(number)


class MoneyField(NumberField):
    """Pounds, with or without pence: "£1,200.50", "12.5k", "GBP 40"."""

    wanted = "Enter an amount in pounds, like 12,500 or 6.50."
    signs = "£"
    thousands = True

    def __init__(self, *, most: Number = MOST_POUNDS, required: str = "", invalid: str = "") -> None:
        super().__init__(most=most, required=required, invalid=invalid)

    def clean(self, typed: str) -> Number:
        return super().clean(re.sub(r"\bgbp\b", "", typed, flags=re.IGNORECASE))


class WholePoundsField(MoneyField):
    """Pounds; pence are rounded."""

    wanted = "Enter an amount in pounds, like 12,500."

    def check(self, number: Number) -> Number:
        return super().check(round(number) if isinstance(number, float) and math.isfinite(number) else number)


class DateField(FormField[dt.date]):
    """A date as people write it, in one box or in three: "27 3 2026", "27/3/26", "27 Mar 2026", "2026-03-27".

    `earliest` and `latest` may be dates or None; outside, the sentences `too_early` and `too_late` say what to do. Those in
    `kept` stand there already and are taken outside as well.
    """

    wanted = "Enter a date, like 27 3 2026."

    def __init__(
        self,
        *,
        earliest: dt.date | None = None,
        latest: dt.date | None = None,
        too_early: str = "",
        too_late: str = "",
        kept: Collection[dt.date] = (),
        required: str = "",
        invalid: str = "",
    ) -> None:
        super().__init__(required=required, invalid=invalid)
        self.earliest, self.latest, self.kept = earliest, latest, kept
        self.too_early, self.too_late = too_early, too_late

    def pick(self, sent: SentForm, name: str) -> object:
        boxes = [sent.get(f"{name}_{part}", "")[:20].strip() for part in ("day", "month", "year")]
        return " ".join(boxes).strip() or super().pick(sent, name)

    def clean(self, typed: str) -> dt.date:
        parts = _date_parts(plain_digits(typed.lower()))
        if parts is None:
            raise self.refuse()
        if not EARLIEST_YEAR <= parts[0] <= LATEST_YEAR:
            raise ValidationError("Check the year of this date.")
        try:
            return self.check(dt.date(*parts))
        except ValueError:
            raise ValidationError("There is no such day: check the day and the month.") from None

    def check(self, date: dt.date) -> dt.date:
        """The date, if it is within the limits. Raises ValidationError."""
        if date in self.kept:
            return date
        if self.earliest is not None and date < self.earliest:
            raise ValidationError(self.too_early or f"Enter a date from {_in_words(self.earliest)} on.")
        if self.latest is not None and date > self.latest:
            raise ValidationError(self.too_late or f"Enter a date no later than {_in_words(self.latest)}.")
        return date


class IsoDateField(FormField[str]):
    """A date that is kept as "2026-03-31"; the same typings and limits as `DateField`."""

    empty = ""

    def __init__(self, **limits: Any) -> None:  # noqa: ANN401  # those of DateField
        self.date = DateField(**limits)
        super().__init__(required=self.date.sentence_if_empty)

    def pick(self, sent: SentForm, name: str) -> object:
        return self.date.pick(sent, name)

    def clean(self, typed: str) -> str:
        return self.date.clean(typed).isoformat()


class EmailField(FormField[str]):
    wanted = "Enter an email address, like name@example.org."
    empty = ""

    def clean(self, typed: str) -> str:
        try:
            return clean_address(typed)
        except InvalidAddressError:
            raise self.refuse() from None


class PasswordField(FormField[str]):
    """A password, or what a passkey answers: exactly as it was sent, and never shown again."""

    empty = ""
    shown_again = False

    def pick(self, sent: SentForm, name: str) -> object:
        return sent.get(name, "")

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        typed = value if isinstance(value, str) else ""
        return self.clean(typed) if typed else super()._deserialize("", attr, data, **kwargs)

    def clean(self, typed: str) -> str:
        return typed


class CodeField(PasswordField):
    """A code or a PIN, never refused here: what it is compared with says whether it is right."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:
        return super()._deserialize(str(value or "").strip()[:LONGEST_CODE], attr, data, **kwargs)


class PhoneField(FormField[str]):
    """A telephone number as it was typed. `printed`: one that people in danger may call, so it has to exist and cost nothing extra."""

    wanted = "Enter a phone number, like 01603 123456."
    empty = ""

    def __init__(self, *, printed: bool = False, required: str = "", invalid: str = "") -> None:
        super().__init__(required=required, invalid=invalid)
        self.printed = printed

    def clean(self, typed: str) -> str:
        if len(typed) > LONGEST_PHONE:
            raise self.refuse()
        if self.printed and not _PRINTED_NUMBER.fullmatch(typed):
            raise ValidationError("Write digits with single spaces only, like 020 7946 0123.")
        if self.printed and typed.isdigit() and phonenumbers.is_emergency_number(typed, "GB"):
            return typed
        try:
            number = phonenumbers.parse(typed, "GB")
        except phonenumbers.NumberParseException:
            raise self.refuse() from None
        if any(letter.isalpha() for letter in re.sub(r"\b(?:ext(?:ension)?|x)(?=[. ]*[0-9])", "", typed.lower())):
            raise self.refuse()
        if self.printed:
            _check_printed(typed, number)
        elif phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
            raise self.refuse()
        return typed


def _check_printed(typed: str, number: phonenumbers.PhoneNumber) -> None:
    """Raises ValidationError for a number that nobody answers, that is dialled otherwise, or for which the caller pays extra."""
    short = typed[0] not in "+0" and phonenumbers.is_valid_short_number_for_region(number, "GB")
    if not (short or phonenumbers.is_valid_number(number)):
        raise ValidationError("There is no such phone number. Check each digit.")
    if not (short or _DIALLED_IN_UK.match(typed)):
        raise ValidationError("Enter a number of the United Kingdom. It begins with 0, or is a short number.")
    # 101 and the like have three digits; longer ones are directory enquiries or text messages unless they are free
    free = phonenumbers.expected_cost_for_region(number, "GB") == phonenumbers.ShortNumberCost.TOLL_FREE
    if phonenumbers.number_type(number) in _PAID_NUMBERS or (short and not free and len(typed) > len("101")):
        raise ValidationError(
            "Calls to this number cost extra. Enter a number that is free or costs what a call costs."
        )


class PostcodeField(FormField[str]):
    """A British postcode, kept in capitals with its one space."""

    wanted = "Enter a full UK postcode, like NR1 3JU."
    empty = ""

    def clean(self, typed: str) -> str:
        text = "".join(typed.upper().split())
        if not _POSTCODE.fullmatch(text):
            raise self.refuse()
        return f"{text[:-3]} {text[-3:]}"


class CompanyNumberField(FormField[str | None]):
    """A Companies House number: eight digits, or two letters and six digits. Lost leading zeros are put back."""

    wanted = "Enter the 8 characters of the company number, like 01234567."

    def clean(self, typed: str) -> str:
        text = "".join(typed.upper().split())
        text = text.rjust(8, "0") if _SHORT_COMPANY_NUMBER.fullmatch(text) else text
        if not _COMPANY_NUMBER.fullmatch(text):
            raise self.refuse()
        return text


class WebAddressField(FormField[str]):
    wanted = "Copy the whole address from your browser. It begins with https:// and has no spaces."
    empty = ""

    def clean(self, typed: str) -> str:
        found = web_address(typed)
        if found is None or found.scheme != "https" or len(typed) >= LONGEST_TYPED:
            raise self.refuse()
        return typed


class ChoiceField(FormField[Any]):
    """One of `choices`, values as they are sent. Members of an enum are handed over as members."""

    wanted = "Choose one of the answers in the list."

    def __init__(self, choices: Iterable[Any], *, required: str = "", invalid: str = "") -> None:
        super().__init__(required=required, invalid=invalid or required)
        self.choices = _by_value_sent(choices)

    def clean(self, typed: str) -> Any:  # noqa: ANN401  # text or a member
        if typed not in self.choices:
            raise self.refuse()
        return self.choices[typed]


class ChoicesField(FormField[list[Any]]):
    """Several of `choices` in the order sent, each once. Those in `alone` refuse company; `labels` are for that sentence."""

    wanted = "Choose only answers in the list."

    takes = list

    def __init__(
        self,
        choices: Iterable[Any],
        *,
        alone: Collection[str] = (),
        labels: Mapping[str, str] | None = None,
        required: str = "",
        invalid: str = "",
    ) -> None:
        super().__init__(required=required, invalid=invalid)
        self.choices = _by_value_sent(choices)
        self.alone, self.labels = frozenset(alone), labels or {}

    @property
    def empty(self) -> list[Any]:
        return []

    def pick(self, sent: SentForm, name: str) -> object:
        return [text[:LONGEST_TYPED].strip() for text in sent.getlist(name)[: len(self.choices) + 20] if text.strip()]

    def clean(self, typed: Sequence[object]) -> list[Any]:
        if not all(isinstance(one, str) and one in self.choices for one in typed):
            raise self.refuse()
        chosen = list(dict.fromkeys(cast("Sequence[str]", typed)))
        self.check(chosen)
        return [self.choices[one] for one in chosen]

    def check(self, chosen: Sequence[str], *, by_label: bool = True) -> None:
        """Raises ValidationError when one stands beside others that stands alone. `by_label`: whether it is called so, not by its id."""
        lonely = next((one for one in chosen if one in self.alone), None)
        if lonely is not None and len(chosen) > 1:
            name = self.labels.get(lonely, lonely) if by_label else lonely
            raise ValidationError(f"Choose “{name}” alone, or untick it and keep the others.")


class YesNoField(FormField[bool | None]):
    wanted = "Choose “Yes” or “No”."

    def clean(self, typed: str) -> bool:
        if typed not in {"yes", "no"}:
            raise self.refuse()
        return typed == "yes"


class TickField(FormField[bool]):
    """A box that is ticked or not, whatever its value."""

    empty = False

    def pick(self, sent: SentForm, name: str) -> object:
        return "yes" if name in sent else ""

    def clean(self, typed: str) -> bool:  # noqa: ARG002 - sent is ticked
        return True


class IntegerField(FormField[int]):
    """A number that a page sent back, such as a version. What cannot be read is 0, which no version has."""

    empty = 0

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:  # noqa: ARG002 - marshmallow's signature
        typed = str(value).strip()
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0  # noqa: PLR2004 - no version has ten digits


class UuidField(FormField[uuid.UUID | None]):
    """An id that a page sent back. What cannot be read is None."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> uuid.UUID | None:  # noqa: ARG002 - marshmallow's signature
        try:
            return uuid.UUID(str(value).strip())
        except ValueError:
            return None


class TableField(FormField[list[dict[str, Any]]]):
    """Rows of cells, sent as `name.0.column`. Empty rows and cells are passed over.

    The refusal is `{row from 0: {column: [sentence]}}`, so that each stands beside its cell.
    """

    takes = list

    def __init__(self, columns: Mapping[str, FormField[Any]], *, most: int = 100, required: str = "") -> None:
        super().__init__(required=required)
        self.columns, self.most = columns, most

    @property
    def empty(self) -> list[dict[str, Any]]:
        return []

    def pick(self, sent: SentForm, name: str) -> object:
        return list(sent_rows(sent, name, self.columns, self.most))

    def clean(self, typed: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        if not all(
            isinstance(cells, Mapping) and all(isinstance(text, str) for text in cells.values()) for cells in typed
        ):
            raise self.refuse()
        filled = sum(any(text.strip() for text in cells.values()) for cells in typed)
        if filled > self.most:
            raise ValidationError(f"Give {self.most} rows or fewer; this has {filled}.")
        rows, refused = [], {}
        for number, cells in enumerate(typed):
            row, errors = {}, {}
            for column, text in cells.items():
                if not text.strip():
                    continue
                try:
                    row[column] = self.columns[column].deserialize(text)
                except ValidationError as refusal:
                    errors[column] = sentences_of(refusal)
            if errors:
                refused[number] = errors
            elif row:
                rows.append(row)
        if refused:
            raise ValidationError(cast("dict[str, Any]", refused))
        return rows


def _by_value_sent(choices: Iterable[Any]) -> Mapping[str, Any]:
    return {str(one.value if isinstance(one, Enum) else one): one for one in choices}


def sent_rows(sent: SentForm, name: str, columns: Iterable[str], most: int) -> Iterable[Mapping[str, str]]:
    """The rows of a table as they were sent, empty ones too, up to one more than `most`."""
    for number in range(most + 1):
        cells = {column: f"{name}.{number}.{column}" for column in columns}
        if not any(cell in sent for cell in cells.values()):
            return
        yield {column: sent.get(cell, "")[:LONGEST_TYPED].strip() for column, cell in cells.items()}


def sentences_of(refusal: ValidationError) -> list[str]:
    """All sentences of a refusal, those of cells too."""
    messages = refusal.messages
    if isinstance(messages, dict):
        return [str(sentence) for row in messages.values() for cell in row.values() for sentence in cell]
    return [str(message) for message in messages]


def _date_parts(text: str) -> tuple[int, int, int] | None:
    if iso := _ISO_DATE.fullmatch(text):
        return int(iso[1]), int(iso[2]), int(iso[3])
    found = _TYPED_DATE.fullmatch(text)
    return (_year(found[3]), _month(found[2]), int(found[1])) if found else None


def _month(text: str) -> int:
    """1 to 12; 0 for what is no month."""
    if text.isdigit():
        return int(text)
    return next((place for place, name in enumerate(_MONTH_NAMES, 1) if len(text) > 2 and name.startswith(text)), 0)  # noqa: PLR2004 - ma is two


def _year(text: str) -> int:
    return int(text) + (THIS_CENTURY if len(text) == 2 else 0)  # noqa: PLR2004 - as people write a year


def _in_words(date: dt.date) -> str:
    return f"{date.day} {date:%B %Y}"
