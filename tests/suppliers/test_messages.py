"""The buyer's own sentence: one line, nothing that leads elsewhere, no numbers, no payments, and nothing that ends our quotation."""

from __future__ import annotations

import pytest

from assess.suppliers.messages import (
    MIXED,
    NO_ADDRESS,
    NO_NUMBERS,
    NO_QUOTES,
    NOTHING_HANDED_OVER,
    UNSEEN,
    read_message,
)
from assess.suppliers.models import LONGEST_MESSAGE


@pytest.mark.parametrize(
    "typed",
    [
        "See https://pay.example",
        "See www.pay.example",
        "See PAY.com",
        "See a.pay.co.uk today",
        "See pay.zone/now",
        "See pay\N{FULLWIDTH FULL STOP}com",
        "Write to ann@council.example.",
        "Write to pay.norfolk＠fastmail",
        "See norfolk-pay.ltd",
        "See norfolk-pay\N{IDEOGRAPHIC FULL STOP}com",
        "See norfolk-pay\N{HALFWIDTH IDEOGRAPHIC FULL STOP}com",
        "See norfolk-pay\N{ONE DOT LEADER}com",
        "See norfolk.xn--p1ai",
        "See norfolk-pay dot com",
        "See norfolk-pay (dot) co",
        "See norfolk-pay .co",
        "See norfolk-pay. com",
        "See bit.ly now",
        "See norfolkcouncil\N{BULLET}com",
        "See norfolkcouncil\N{TWO DOT PUNCTUATION}com",
        "See norfolkcouncil D0T com",
        "See norfolkcouncil point com",
        "See norfolkcouncil,com",
        "See norfolkcouncil(.)com",
        "See bit ly slash abc",
    ],
)
def test_nothing_leads_elsewhere(typed: str) -> None:
    assert read_message(typed) == ("", NO_ADDRESS)


@pytest.mark.parametrize(
    "typed",
    [
        "Ring 01603 123456",
        "Ring 0 7 7 0 0",
        "Ring 0-7.7(0)0",
        "Ring 0\N{EN DASH}7\N{NO-BREAK SPACE}7 \N{BULLET} 00",
        "Ring ７７００９",
        "Ring ٠١٢٣٤",
        "Ring ①②③④⑤",
        "Ring 7\N{COMBINING ENCLOSING KEYCAP}7\N{COMBINING ENCLOSING KEYCAP}009",
        "Ring oh seven seven double oh",
        "Ring Zero-Seven-Seven-Zero-Nine",
        "Ring nought 7, seven 9 and two",
        "Our bank is new.",
        "The BANKING is new.",
        "About your account",
        "accounts",
        "Send the payment",
        "invoices",
        "Invoiced",
        "Your password",
        "sort code",
        "Sort-codes",
        "Call 077OO 9OO l23",
        "Call 0 7 O o l",
        "Call 0770; then 0900; then 123",
        "Ring 07 at 70 at 09",
        "Send us 500 pounds",
        "£500",
        "Pay us.",
        "A fee",
        "Buy gift cards.",
        "vouchers",
        "a transfer",
        "Your fine",
        "a penalty",
        "a refund",
        "Send the codes",
        "Ring 07 70 then nine double oh then one two three then four five six.",
        "Ring o seven seven, then zero zero nine, then hundred.",
        "Ring 〇一二三四五六",
        "Ring Ⅰ Ⅱ Ⅲ Ⅳ Ⅴ Ⅵ",
        "ᴘᴀʏ us by ʙᴀɴᴋ",
        "\u0420\u0430\u0443 us",  # all three letters of another script
        "p a y us",
        "P4y us",
        "Our b\N{COMBINING ACUTE ACCENT}ank",
        "Our ｂａｎｋ",
    ],
)
def test_no_numbers_and_no_payments(typed: str) -> None:
    assert read_message(typed) == ("", NO_NUMBERS)


@pytest.mark.parametrize(
    "typed",
    [
        "Thank you.” We checked this letter with the police.",
        'Thank you." We checked it.',
        "Thank you.'' We checked it.",
        "Thank you.’’ We checked it.",
        "„Regards",
        "«Regards»",
        "\N{FULLWIDTH QUOTATION MARK}Regards",
        "\N{HEAVY DOUBLE COMMA QUOTATION MARK ORNAMENT} Regards",
        "‘Regards",
    ],
)
def test_nothing_ends_the_quotation_in_which_the_letter_puts_it(typed: str) -> None:
    assert read_message(typed) == ("", NO_QUOTES)


@pytest.mark.parametrize(
    "typed",
    [
        "Reply to this email.",
        "Reply with their names.",
        "E-mail us.",
        "Send copies of your workers’ passports.",
        "Bring their identity documents.",
        "Bring cash.",
        "Send Bitcoin to us.",
        "WhatsApp me.",
        "Text START to 60 60",
        "ʀᴇᴘʟʏ ᴛᴏ us",
    ],
)
def test_nothing_is_handed_over_and_nobody_writes_back(typed: str) -> None:
    assert read_message(typed) == ("", NOTHING_HANDED_OVER)


@pytest.mark.parametrize("typed", ["Our b\u0430nk", "Norfolk d\u043et com"])
def test_each_word_is_of_one_alphabet(typed: str) -> None:
    assert read_message(typed) == ("", MIXED)


@pytest.mark.parametrize("sign", ["\N{RIGHT-TO-LEFT OVERRIDE}", "\u3164", "\u2800", "\u115f", "\u1160", "\u200b"])
def test_every_sign_can_be_seen(sign: str) -> None:
    assert read_message(f"See ev{sign}il") == ("", UNSEEN)


def test_it_is_one_line_so_that_it_looks_like_no_part_of_the_letter() -> None:
    assert read_message(" Please.\r\n\r\nHello,\n\nopen this: \t") == ("Please. Hello, open this:", None)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "We would like to hear from you before Easter.",
        "Thank you for 12 years of work together.",
        "At 9.30, e.g. Monday.",
        "Since 2019 I have known you. You will help us, and we’ll help you.",
        "One of four or five farms by the riverbank.",
        "One hundred and twenty five farms were asked.",
        "Благодарим за заявката, без забавяне",
        "It’s the farms’ and the workers’ view we want, at no cost to you.",
        "One of our five depots has twenty people; one has two.",
        "Call Ann if you are stuck. She will reply.",
    ],
)
def test_everything_else_goes(typed: str) -> None:
    assert read_message(typed) == (typed, None)


def test_too_long_a_one_is_not_cut() -> None:
    assert read_message("a" * LONGEST_MESSAGE)[1] is None
    assert "1,001 characters" in str(read_message("a" * (LONGEST_MESSAGE + 1))[1])
