from __future__ import annotations

import pytest

from assess.identity.organisations.name_rules import (
    NameField,
    NoOwnDomainError,
    OrganisationNameField,
    is_government_domain,
    mail_providers,
    own_domain,
)


def refusal_of(field: NameField, typed: str) -> str:
    value, sentence = field.read(typed)
    assert value == ""
    return sentence


def test_a_name_has_words_and_leads_nowhere() -> None:
    assert NameField().read("  Fen   Edge ") == ("Fen Edge", "")
    assert NameField().read("Booking.com (UK)") == ("Booking.com (UK)", "")
    for bad in ("", " \n ", "x" * 121, "Prize: http://evil.example", "WWW.evil.example", "bell\x07"):
        assert refusal_of(NameField("the name of the site"), bad).startswith("Enter the name of the site"), bad


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ann@fenedge.co.uk", "fenedge.co.uk"),
        ("ann@mail.fenedge.co.uk", "fenedge.co.uk"),
        ("a@norfolk.gov.uk", "norfolk.gov.uk"),
        ("pc@norfolk.police.uk", "norfolk.police.uk"),
        ("pc@mail.norfolk.police.uk", "norfolk.police.uk"),
        ("a@nnuh.nhs.uk", "nnuh.nhs.uk"),
        ("a@gov.scot", "gov.scot"),
        ("a@carmarthenshire.llyw.cymru", "carmarthenshire.llyw.cymru"),
        ("mp@parliament.uk", "parliament.uk"),
    ],
)
def test_an_own_domain_shows_whose_it_is(email: str, domain: str) -> None:
    assert own_domain(email) == domain


@pytest.mark.parametrize(
    "email",
    [
        "ann@gmail.com",
        "ann@googlemail.com",
        "x@ann.fastmail.com",
        "ann@wp.pl",
        "pc@police.uk",
        "x@gov.uk",
        "head@school.norfolk.sch.uk",
        "dr@nhs.net",
        "ann@talktalk.co.uk",
        "ann@tiscali.it",
        "ann@live.nl",
        "ann@walla.com",
        "ann@vp.pl",
        "ann@bluewin.ch",
        "ann@post.cz",
        "ann@azet.sk",
        "ann@meta.ua",
        "ann@tuta.io",
        "ann@runbox.com",
        "ann@onmicrosoft.com",
        "ann@farm.onmicrosoft.com",
        "ann@uk.com",
        "ann@krakow.pl",
        "ann@outlook.com",
        "ann@yahoo.co.uk",
    ],
)
def test_what_many_share_shows_nothing(email: str) -> None:
    with pytest.raises(NoOwnDomainError):
        own_domain(email)


def test_the_list_of_providers_is_in_order() -> None:
    lines = list(mail_providers())
    assert all(line == line.strip().lower() and "." in line for line in lines)
    assert len(lines) > 20


@pytest.mark.parametrize(
    ("domain", "counts"),
    [
        ("norfolk.gov.uk", True),
        ("norfolk.police.uk", True),
        ("gov.scot", True),
        ("police.uk", False),
        ("uea.ac.uk", False),
        ("school.norfolk.sch.uk", False),
        ("nhs.net", False),
        ("notgov.uk", False),
        ("gov.uk.example", False),
    ],
)
def test_only_public_bodies_have_a_domain_of_government(domain: str, *, counts: bool) -> None:
    assert is_government_domain(domain) is counts


@pytest.mark.parametrize("name", ["N\u043erfolk Council", "Tesco\u2019\u0455", "M\u03b1rks"])
def test_letters_of_two_alphabets_in_a_word_are_refused(name: str) -> None:
    assert "one alphabet" in refusal_of(OrganisationNameField(), name)


@pytest.mark.parametrize(
    "name",
    [
        "Café Łódź (\u041a\u0430\u0444\u0435)",
        "\u041d\u043e\u0440\u0444\u043e\u043b\u043a",
        "O\u2019Neill & Söhne",
        "\u5bff\u53f8\u306e\u5e97",
    ],
)
def test_names_of_one_alphabet_in_each_word_are_taken(name: str) -> None:
    assert OrganisationNameField().read(name) == (name, "")


@pytest.mark.parametrize(
    "name",
    [
        "HMRC Penalties: ring 0800 123",
        "Ring 0 7 7 0 0",
        "Farm \u0660\u0667\u0667\u0660",
        "Farm \u2460\u2461\u2462\u2463",
        "Farm O77OO 9OO",
        "Farm l2-O4",
        "Farm 〇一六〇三",
        "Farm ⅠⅡⅢⅣ",
        "Farm oh seven seven double oh",
        "Farm a0b7c7d0e0f9g0",
        "Visit norfolk-pay(dot)com",
        "Norfolk dot com",
        "Norfolk pay.uk.com",
        "bit.ly norfolk",
        "norfolk\u3002com",
        "norfolk\uff0ecom",
        "norfolk . com",
        "ann@norfolk",
        "ann (at) norfolk",
        "www norfolk",
        "Pay 50 Today",
        "Fines Office, Pay in Pounds",
        "P4y your F1ne",
        "P\u00e1y your fine",
        "Bank Account Locked",
        "P a y the bank",
        "Gift Card Refunds",
        "Send £9",
        "Refund in pounds",
        "Sort code voucher",
    ],
)
def test_no_name_makes_a_fraud_of_a_mail(name: str) -> None:
    assert "goes out in emails" in refusal_of(OrganisationNameField(), name)


@pytest.mark.parametrize(
    "name",
    [
        "Norfolk County Council. This name was confirmed by the Home Office",
        "Norfolk County Council (Norwich). Pay now",
        "Norfolk County Council\u3002 Ring now",
        "Norfolk Council (confirmed)",
        "Norfolk C0nfirmed",
        "Verified Farms",
        "Checked by the Police",
    ],
)
def test_no_name_says_something_of_itself(name: str) -> None:
    assert "Enter the name alone" in refusal_of(OrganisationNameField(), name)


@pytest.mark.parametrize("sign", ["\u3164", "\u2800", "\u115f", "\u1160", "\uffa0", "\u034f", "\u202e", "\u200b"])
@pytest.mark.parametrize("name", ["", "Norfolk Council ", "Norfolk"])
def test_every_sign_of_a_name_can_be_seen(name: str, sign: str) -> None:
    assert "signs that cannot be seen" in refusal_of(NameField(), name + sign)


@pytest.mark.parametrize(
    "name",
    [
        "Bank Farm Ltd",
        "Fine Foods Ltd",
        "Penny’s Account Services",
        "Route 66 Diner",
        "24-7 Valeting",
        "Seven Oaks & Two Rivers",
        "Twenty Four Seven Care",
        "J. R. Hill & Co. UK Ltd",
        "St.Mary’s Hotel (King’s Lynn)",
        "O.I.L. Oil",
        "N.H.S. Supplies",
        "Poundstretcher",
        "A1 Cars",
        "Polka Dot Co",
        "T. K. Maxx",
        "Marks & Spencer p.l.c.",
        "A. Smith Ltd. (Norwich)",
        "Mrs. Hill’s Farm Co. (UK)",
        "Yes & Co.",
    ],
)
def test_honest_names_are_taken(name: str) -> None:
    assert OrganisationNameField().read(name) == (name, "")
