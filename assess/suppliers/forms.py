"""Forms to add and invite a supplier, the checks on the buyer's own message, and email previews. A message must hold no address, number or payment request."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

from flask import current_app
from marshmallow import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.access import areas
from assess.core import clock
from assess.core.application import settings_of
from assess.core.forms.fields import (
    ChoiceField,
    CompanyNumberField,
    DateField,
    EmailField,
    FormField,
    PhoneField,
    TextField,
    WholeNumberField,
    WholePoundsField,
)
from assess.core.pages import counted
from assess.core.pages import day as in_words
from assess.identity.models import Organisation
from assess.identity.organisations.name_rules import COMPANY_NUMBER_IF_ANY, NameField, looks_like_address
from assess.identity.organisations.similar_names import comparable_words, has_invisible, mixes_scripts, visible_text
from assess.question_banks.content_versions import content_in_force
from assess.question_banks.editions import current_editions
from assess.suppliers import emails
from assess.suppliers.models import (
    MAX_MESSAGE_LENGTH,
    MAX_REFERENCE_LENGTH,
    InvitationStatus,
    Supplier,
    SupplierInvitation,
    SupplierSize,
)
from assess.suppliers.reminders import no_reminder_reason, possible_reminders
from assess.suppliers.send_limits import busy_season_message, busy_until, first_sending_day
from assess.suppliers.services import InvitationDetails, SupplierDetails, active_invitations, merged_group
from assess.suppliers.supplier_import.columns import normalise_word

MIN_DAYS_TO_ANSWER = 7
"""Days a supplier has at the least, from the day on which the email may go."""
MAX_DAYS_TO_ANSWER = 365
MAX_POUNDS = 2_000_000_000
MAX_STAFF = 10_000_000
_STAFF = re.compile(r" ?(?:staff|people|employees|workers)$")
_SIZES = ((10, SupplierSize.MICRO), (50, SupplierSize.SMALL), (250, SupplierSize.MEDIUM))
"""From how many staff on a supplier is larger than this, as `SupplierSize` says."""


class IdOrTitleField(FormField[str | None]):
    """One of `titles` by its id or its title, whatever its case, spaces and signs. Gives the id."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__(invalid=f"Enter one of: {'; '.join(titles.values())}.")
        self.ids = {normalise_word(title): one for one, title in titles.items()}
        self.ids |= {normalise_word(one): one for one in titles}

    def clean(self, typed: str) -> str:
        found = self.ids.get(normalise_word(typed))
        if found is None:
            raise self.refuse()
        return found


class SizeField(FormField[SupplierSize | None]):
    """“small”, or how many people work there: “49 staff”."""

    wanted = "Enter micro, small, medium or large, or the number of staff."

    def clean(self, typed: str) -> SupplierSize:
        word = typed.casefold()
        if word in set(SupplierSize):
            return SupplierSize(word)
        number = WholeNumberField(most=MAX_STAFF, required=self.wanted, invalid=self.wanted)
        staff = number.deserialize(_STAFF.sub("", word))
        return next((size for fewer, size in _SIZES if staff < fewer), SupplierSize.LARGE)


class MessageField(FormField[str]):
    """The buyer's own words in an email, on one line."""

    empty = ""
    longest_sent = None

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> str:  # noqa: ARG002 - marshmallow's signature
        message = " ".join(str(value or "").split())  # not tidied: signs that cannot be seen are refused
        if len(message) > MAX_MESSAGE_LENGTH:
            raise ValidationError(
                f"Your message has {len(message):,} characters. Write it in {MAX_MESSAGE_LENGTH:,} or fewer."
            )
        error = _find_error(message)
        if error:
            raise ValidationError(error)
        return message


def supplier_fields(sectors: Mapping[str, str], areas: Mapping[str, str]) -> dict[str, FormField[Any]]:
    """What a buyer says of a supplier, on a page and in the row of a file. `sectors` and `areas` are id and title."""
    return {
        "name": NameField("the name of the supplier"),
        "email": EmailField(invalid="Enter an email address, like name@example.org, or leave it out."),
        "phone": PhoneField(invalid="Enter a phone number, like 01603 123456, or leave it out."),
        "company_number": CompanyNumberField(invalid=COMPANY_NUMBER_IF_ANY),
        "reference": TextField(MAX_REFERENCE_LENGTH),
        "sector": IdOrTitleField(sectors),
        "area": IdOrTitleField(areas),
        "size": SizeField(),
        "spend_gbp": WholePoundsField(
            most=MAX_POUNDS, invalid="Enter what you spend there in a year in pounds, like 12,500, or leave it out."
        ),
    }


def supplier_details(values: Mapping[str, Any]) -> SupplierDetails:
    """The same as columns. An address is one mailbox however it is written."""
    columns = {one.name: values[one.name] for one in fields(SupplierDetails)}
    return SupplierDetails(**{**columns, "email": columns["email"].lower()})


def invitation_fields(sectors: Mapping[str, str], send_on: date) -> dict[str, FormField[Any]]:
    """What is asked of a supplier. `send_on`: the first day on which the email may go."""
    return {
        "sector": ChoiceField(sectors, required="Choose what the supplier does."),
        "length": ChoiceField(("full", "quick"), required="Choose how much you ask."),
        "due": due_field(send_on),
        "message": MessageField(),
    }


def due_field(send_on: date) -> DateField:
    """The last day to answer: at least a week after the email, and no more than a year."""
    return DateField(
        required="Enter the day, the month and the year, like 24 12 2026.",
        earliest=send_on + timedelta(days=MIN_DAYS_TO_ANSWER),
        too_early=f"Give them at least {MIN_DAYS_TO_ANSWER} days from {in_words(send_on)}: choose a later date. Less time makes poor answers.",
        latest=send_on + timedelta(days=MAX_DAYS_TO_ANSWER),
        too_late="Choose a date within a year.",
    )


def invitation_details(values: Mapping[str, Any], send_on: date) -> InvitationDetails:
    return InvitationDetails(values["sector"], values["length"] == "quick", values["due"], values["message"], send_on)


NO_ADDRESS = "Leave web and email addresses out of your message. The email has its own link."
NO_NUMBERS = "Leave numbers and payments out: your supplier could not tell it from a fraud."
NO_QUOTES = "Leave quotation marks out of your message. The email puts them around all that you write."
NOTHING_HANDED_OVER = "Leave email, other ways to write back, cash and passports out of your message. Your supplier answers on the page that the email leads to."
MIXED_ALPHABETS = "Write each word of your message in letters of one alphabet."
INVISIBLE = "Leave signs that cannot be seen out of your message. Type it anew instead of copying it."
MAX_DIGITS = 4
"""Digits in all that may stand: a year does, a telephone number or a sort code never."""
MAX_NUMBERS = 5
"""Digits and words for numbers in all."""

_DOT = r"[.]"
"""Every kind of dot is made this one before."""
_ENDINGS = "app|biz|cc|click|com|co|eu|example|fm|gl|gov|info|io|link|live|ltd|ly|me|net|online|org|page|shop|site|so|top|uk|xyz"
"""With one of these, “dot” or a gap beside the dot still reads as a name."""
_JOINED = rf"[^\W_]{_DOT}(?:[^\W\d]\w+|xn--)"
"""Two words with a dot between: mail programs make a link of it. Neither “9.30” nor “e.g.” is one."""
_ADDRESS_PATTERN = re.compile(
    rf"@|://|\bwww\.|{_JOINED}|\w\W{{0,3}}\bdot\W{{1,3}}(?:{_ENDINGS})\b|\w\s+{_DOT}\s*(?:{_ENDINGS})\b|\w{_DOT}\s+com\b"
    rf"|\w,(?:{_ENDINGS})\b|\bslash\b|\w\W+(?:d[o0]t|point)\W+(?:com|net|org|uk|info)\b",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\w+")
_WRITTEN_DIGITS = re.compile(r"[0-9oli]*[0-9][0-9oli]*", re.IGNORECASE)
_READ_AS_DIGITS = re.compile(r"[oli]+", re.IGNORECASE)
_NUMBER_WORD = (
    "zero|oh|o|nought|naught|nil|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|double|"
    r"triple|treble|\d+"
)
_NUMBER_WORDS = re.compile(rf"(?:\b(?:{_NUMBER_WORD})\b[^\w]*(?:\band\b[^\w]*)?){{{MAX_DIGITS + 1}}}", re.IGNORECASE)
_COUNTED = frozenset([
    "zero", "nought", "naught", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fourty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "hundred", "thousand",
])  # fmt: skip
_PAYMENTS = re.compile(
    r"[£€$]|\b(?:bank\w*|accounts?|payments?|invoic\w*|passwords?|sort\W{0,3}codes?|iban|bacs|pass\W{0,3}words?|pay|pays|paid|paying|"
    r"payable|payee|fees?|vouchers?|gift\W{0,3}cards?|transfer\w*|pounds?|fine|fines|fined|penalt(?:y|ies)|refund\w*|codes?)\b",
    re.IGNORECASE,
)
_PAYMENT_WORDS = frozenset("".join(comparable_words(word)) for word in (
    "pay", "pays", "paid", "paying", "bank", "banks", "account", "accounts", "payment", "payments", "fee", "fees", "fine", "fines",
))  # fmt: skip
"""Words about payments as names are compared: with digits for letters, or with gaps between."""
_HANDED_OVER = re.compile(
    r"\b(?:cash|bitcoins?|crypto\w*|passports?|(?:id|identity)\W{1,3}(?:cards?|documents?|papers)|whatsapp|telegram|sms|e\W?mail)\b|\b(?:e\W?mail(?:s|ed|ing)|"
    r"reply(?:ing)?\W+(?:to|with)|text\W+\w+\W+to\W+\w*\d)",
    re.IGNORECASE,
)
_QUOTES = re.compile(r"[\"“”„‟«»‹›❝❞❠〝〞〟「」『』ʺ˝″]|['’‘‚‛′`´,ʹ]{2}|(?:^|\W)‘|\N{SINGLE LOW-9 QUOTATION MARK}")


def has_numbers(text: str) -> bool:
    """Whether it holds what could be a telephone number or an account.

    Five digits in all, five words for numbers in a row, or six digits and such words in all, whatever stands between them.
    """
    plain = visible_text(text)
    digits = _digits_in(plain)
    return digits > MAX_DIGITS or _NUMBER_WORDS.search(plain) is not None or digits + _words_in(plain) > MAX_NUMBERS


def contains_address(text: str) -> bool:
    """Whether a mail program or a person who reads it would make an address of something in it."""
    plain = visible_text(text)
    return bool(_ADDRESS_PATTERN.search(plain)) or looks_like_address(plain)


def _find_error(message: str) -> str | None:
    plain = visible_text(message)
    if has_invisible(message):
        return INVISIBLE
    if mixes_scripts(message):
        return MIXED_ALPHABETS
    if contains_address(message):
        return NO_ADDRESS
    if (
        has_numbers(message)
        or _PAYMENTS.search(plain)
        or not _PAYMENT_WORDS.isdisjoint(comparable_words(message, whole=True))
    ):
        return NO_NUMBERS
    if _HANDED_OVER.search(plain):
        return NOTHING_HANDED_OVER
    return NO_QUOTES if _QUOTES.search(unicodedata.normalize("NFKC", message)) or _QUOTES.search(message) else None


def _words_in(plain: str) -> int:
    """How many words for numbers stand in it. “One” and the like count only beside another number: they have other meanings."""
    words = [word.casefold() for word in _TOKEN.findall(plain)]
    is_number = [word in _COUNTED or word.isdigit() for word in words]
    found = 0
    for place, word in enumerate(words):
        near = is_number[max(place - 2, 0) : place] + is_number[place + 1 : place + 3]
        found += word in _COUNTED or (word in {"one", "o", "oh", "nil", "double", "triple", "treble"} and any(near))
    return found


def _digits_in(plain: str) -> int:
    """How many digits a person reads: O, l and I are some beside a digit, or as a word of their own beside such a word."""
    words = _TOKEN.findall(plain)
    found = [sum(map(len, _WRITTEN_DIGITS.findall(word))) for word in words]
    for places in (range(len(words)), reversed(range(len(words)))):
        for place in places:
            beside = found[max(place - 1, 0) : place + 2]
            # “I” and “ill” are words of ours
            if _READ_AS_DIGITS.fullmatch(words[place]) and words[place].casefold() not in {"i", "ill", "oil", "lol"}:
                found[place] = found[place] or (len(words[place]) if any(beside) else 0)
    return sum(found)


DEFAULT_DAYS_TO_ANSWER = 28
"""What the form proposes: four weeks from the day of the email."""
_LINK_PLACEHOLDER = "(the link stands here)"
_UNSUBSCRIBE_PLACEHOLDER = "(another link stands here)"


@dataclass(frozen=True, slots=True)
class InvitationChoices:
    sectors: Mapping[str, str]
    areas: Mapping[str, str]
    busy: Mapping[str, str]


def get_invitation_choices(session: Session) -> InvitationChoices:
    sectors = {bank: loaded.edition.title for bank, loaded in current_editions(session).items()}
    busy = {}
    for sector, title in sectors.items():
        until = busy_until(content_in_force(), sector, clock.today())
        if until is not None:
            busy[sector] = busy_season_message(title, until)
    return InvitationChoices(sectors, areas(), busy)


def first_send_date(typed: Mapping[str, Any]) -> date:
    return first_sending_day(
        content_in_force(), typed.get("sector", ""), clock.today(), at_once=bool(typed.get("at_once"))
    )


def initial_invitation(sector: str | None) -> dict[str, str]:
    """What stands in the form before anything is typed."""
    due = first_sending_day(content_in_force(), sector or "", clock.today(), at_once=False) + timedelta(
        days=DEFAULT_DAYS_TO_ANSWER
    )
    return {"sector": sector or "", "length": "full", **due_boxes(due)}


def due_boxes(due: date) -> dict[str, str]:
    """A last day to answer as it stands in its three boxes."""
    return {"due_day": str(due.day), "due_month": str(due.month), "due_year": str(due.year)}


@dataclass(frozen=True, slots=True)
class EmailPreview:
    """An email as it would leave: `when`, and everything in it but for its two links."""

    when: str
    email: emails.ComposedEmail
    sender: str


def preview_emails(
    session: Session, buyer: Organisation, supplier: Supplier, ask: InvitationDetails, by: uuid.UUID | None
) -> list[EmailPreview]:
    """The first email as it would go, and each reminder that can follow; none while nothing goes in this name."""
    settings, day = settings_of(current_app), clock.today()
    if emails.no_email_reason_for_buyer(session, buyer, settings, day) in {
        emails.NoEmailReason.NOT_CONFIRMED,
        emails.NoEmailReason.TAKEN_BACK,
        emails.NoEmailReason.NO_MAIL,
    }:
        return []
    last = select(func.max(SupplierInvitation.number)).where(SupplierInvitation.supplier_id == supplier.id)
    number = (session.scalar(last) or 0) + 1 if supplier.id else 1
    email_request = emails.EmailRequest(supplier, number, ask.quick, ask.due, ask.message, by)
    first = max(ask.send_on, day)
    names = [(emails.FIRST_EMAIL, first, "The email")]
    for days in possible_reminders(ask.due, first):
        on = ask.due + timedelta(days=days)
        names.append((f"{emails.DUE_REMINDER_PREFIX}{days:+d}", on, f"The reminder on {in_words(on)}"))
    names.append((emails.FINISHED_EMAIL, first, "Once they have finished, in place of the next reminder"))
    links = (_LINK_PLACEHOLDER, _UNSUBSCRIBE_PLACEHOLDER)
    return [
        EmailPreview(
            when,
            emails.compose_email(session, buyer, email_request, name, links, settings, day, on),
            settings.mail_from or "",
        )
        for name, on, when in names
    ]


def preview_reminder(
    session: Session, buyer: Organisation, supplier: Supplier, invitation: SupplierInvitation
) -> EmailPreview:
    settings, day = settings_of(current_app), clock.today()
    name = (
        emails.FINISHED_EMAIL if invitation.status is InvitationStatus.SUBMITTED else emails.manual_reminder_name(day)
    )
    email_request = emails.email_request_for(session, supplier, invitation)
    made = emails.compose_email(
        session, buyer, email_request, name, (_LINK_PLACEHOLDER, _UNSUBSCRIBE_PLACEHOLDER), settings, day
    )
    return EmailPreview("The reminder", made, settings.mail_from or "")


def preview_first_reminder(session: Session, buyer: Organisation, roots: Collection[uuid.UUID]) -> EmailPreview | None:
    """The reminder that would go to the first of these suppliers. Each stands for all entries that are shown as one with it."""
    settings, now = settings_of(current_app), clock.now()
    for root in sorted(roots):
        for supplier in merged_group(session, session.get_one(Supplier, root)):
            for invitation in active_invitations(session, supplier.id):
                if no_reminder_reason(session, supplier, invitation, settings, now) is None:
                    return preview_reminder(session, buyer, supplier, invitation)
    return None


def describe_reminders(ask: InvitationDetails) -> str:
    """When reminders come, for the sentence beside the email: only those that are still to come once it has gone."""
    to_come = possible_reminders(ask.due, max(ask.send_on, clock.today()))
    before, after = [-days for days in to_come if days < 0], [days for days in to_come if days > 0]
    parts = [f"{_in_days(before)} before the date"] if before else []
    return " and ".join([*parts, f"{_in_days(after)} after {'it' if before else 'the date'}"])


def _in_days(numbers: Sequence[int]) -> str:
    *most, last = map(str, numbers)
    return f"{', '.join(most)} and {last} days" if most else counted(numbers[-1], "day")
