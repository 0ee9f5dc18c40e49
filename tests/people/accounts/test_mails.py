from __future__ import annotations

import pytest

from assess.people.accounts import mails

LINK = "https://assess.example.org/x/" + "t" * 43
ALL = [
    mails.confirm(LINK),
    mails.already(LINK, LINK),
    mails.no_account(LINK),
    mails.closed(),
    mails.sign_in(LINK),
    mails.new_password(LINK),
    mails.prove(LINK),
    mails.new_email(LINK),
    mails.email_taken(),
    mails.email_asked(),
    mails.email_changed(),
    mails.changed("Its password is a new one.", LINK),
]


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: letter.subject)
def test_a_mail_is_plain_and_says_nothing_a_stranger_may_not_read(letter: mails.Letter) -> None:
    assert letter.body.startswith("Hello,\n\n")
    assert letter.subject.isprintable()
    for word in ("slavery", "assessment", "helpline", "worker", "sign of"):
        assert word not in (letter.subject + letter.body).casefold()
    assert all(line == LINK for line in letter.body.splitlines() if "://" in line)
