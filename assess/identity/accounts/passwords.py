"""Password rules without composition rules, Argon2 hashes, and the check for passwords that are easy to guess."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import prod

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from marshmallow import ValidationError
from zxcvbn import zxcvbn
from zxcvbn.matching import L33T_TABLE

from assess.core.forms.fields import PasswordField

MAX_PASSWORD_LENGTH = 200
_MIN_OWN_LETTERS = 6
"""Letters that have to be left when all that is about this service, the person and the year is taken away."""
_SERVICE_WORDS = (
    "modern slavery",
    "modernslavery",
    "self assessment",
    "selfassessment",
    "assessment",
    "assess",
    "slavery",
    "modern",
)
_SHORTEST_WORD = 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
_hash_slots = threading.BoundedSemaphore(2)


class NewPasswordField(PasswordField):
    """A password that is being chosen. `about`: names a guesser would try first, of the person and where they work."""

    def __init__(self, about: Sequence[str] = ()) -> None:
        super().__init__(required="Enter a password.")
        self.about = about

    def clean(self, typed: str) -> str:
        if len(typed) < MIN_PASSWORD_LENGTH:
            raise ValidationError(f"Use {MIN_PASSWORD_LENGTH} characters or more. Three random words work well.")
        if len(typed) > MAX_PASSWORD_LENGTH:
            raise ValidationError(f"Use at most {MAX_PASSWORD_LENGTH} characters.")
        if _is_mostly_known_words(typed, self.about) or is_easy_to_guess(typed, self.about):
            raise ValidationError("This password is easy to guess. Choose another. Three random words work well.")
        return typed


def hash_password(password: str) -> str:
    """What is stored of it (Argon2id, 19 MiB, two passes)."""
    with _hash_slots:
        return _hasher.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Whether it is the one that was hashed. Takes as long when there is none, or when it could not be one."""
    with _hash_slots:
        try:
            right = _hasher.verify(stored or dummy_hash(), password[:MAX_PASSWORD_LENGTH])
        except (VerificationError, InvalidHashError):
            return False
    return right and stored is not None and len(password) <= MAX_PASSWORD_LENGTH


@lru_cache
def dummy_hash() -> str:
    """A hash that costs what all others cost, for accounts that have none."""
    return _hasher.hash("nobody signs in with this")


def _is_mostly_known_words(typed: str, about: Sequence[str]) -> bool:
    """Whether hardly anything is left when what is known of the person, of us and of the year is taken away."""
    parts = [part for text in about for part in [text.casefold(), *re.split(r"[\W_]+", text.casefold())]]
    known = sorted({part for part in [*_SERVICE_WORDS, *parts] if len(part) >= _SHORTEST_WORD}, key=len, reverse=True)
    left = plain = typed.casefold()
    for part in known:
        left = left.replace(part, "")
    return left != plain and len(re.sub(r"[\d\W_]", "", left)) < _MIN_OWN_LETTERS


MIN_PASSWORD_LENGTH = 12
MIN_GUESSES_LOG10 = 6.0
"""As a power of ten: what the limits of guessing give away in a year. Three random words need more, and some of them less than the score
of 3 that is often asked for (`docs/decisions/accounts.md` has what was measured)."""
_LOOKED_AT = 20
"""`zxcvbn` is handed no longer text: its work grows with the square of the length and with every way to read signs, and what is typed here
comes from strangers. A longer password is judged by its beginning, where the second of three words ends; our own readings see all of it."""
_MAX_WAYS = 16
"""In so many ways may the signs of a text be read as letters by `zxcvbn`, which tries them all. Ten digits make 4, all its signs 576."""
_MAX_CONTEXT, _MAX_CONTEXT_LENGTH = 12, 20
"""So many words of a person, each so long, are handed to `zxcvbn`. They too are typed by strangers."""
_MAX_WORDS = 2
"""So many of the words below are no password, with whatever digits and signs around them. Three and more are for `zxcvbn` to judge."""

_COMMON = """
    password passwort passwords passphrase passcode secret letmein welcome welcomeback iloveyou ilove iluv monkey dragon sunshine
    princess football baseball basketball rugby cricket superman batman spiderman pokemon starwars master michael jennifer jessica
    charlie thomas daniel ashley charlotte elizabeth alexander christopher nicholas samantha matthew joshua william oliver george
    harry jack amelia olivia sophie emily grace chloe hannah rebecca stephanie victoria robert richard andrew anthony david james
    computer internet freedom whatever trustno trustnoone shadow killer hunter ranger buster jordan harley hello helloworld
    hellokitty flower flowers butterfly cheese chocolate cookie banana orange purple yellow silver golden diamond forever babygirl
    kids children baby babe mum dad wife husband daughter darling sweetheart loveyou
    taylorswift justinbieber onedirection harrypotter starwars startrek michaeljordan jenniferlopez spongebob tinkerbell
    lovely angel blessed jesus jesuschrist christ heaven family friend friends mother mummy father daddy brother sister lovelove
    admin administrator root user username guest login signin account accounts access changeme change default temp temporary test
    testing tester demo example microsoft google facebook instagram whatsapp amazon apple samsung qwerty qwertyuiop qwert asdf
    asdfgh asdfghjkl zxcv zxcvbn zxcvbnm azerty qazwsx qazwsxedc qweasd qweasdzxc abcd abcdef pass please myself love secure
    correcthorsebatterystaple thequickbrownfox quickbrownfoxjumps tobeornottobe maytheforcebewithyou onceuponatime opensesame
    threerandomwords threewords randomwords godsavethequeen godsavetheking keepcalmandcarryon twinkletwinkle happilyeverafter
    neverguessthis donttellanyone youwillneverguess ihatepasswords iforgot nopasswordneeded youllneverwalkalone itscominghome
    whatsthepassword tellmethepassword
"""
"""What guessers try anywhere: words, first names, rows of keys, and phrases that were printed as good examples once."""
_LOCAL_WORDS = """
    england scotland wales ireland britain greatbritain unitedkingdom london birmingham bristol cardiff edinburgh glasgow norwich
    norfolk suffolk ipswich yarmouth greatyarmouth kingslynn thetford dereham cromer fakenham lowestoft cambridge essex
    lincolnshire poland romania bulgaria lithuania portugal europe
    polska polonia polsko rumunia bulgaria balgaria litwa lietuva lituania latvia latvija lotwa portugalia ukraina ukraine slovensko
    magyarorszag hungary espana spain italia italy vietnam albania shqiperia
    warszawa warsaw varsovia varsava krakow cracovia gdansk wroclaw poznan bucuresti bukareszt bucharest bucareste cluj timisoara iasi
    sofia sofija plovdiv varna vilnius wilno vilna kaunas kowno klaipeda riga ryga lisboa lisbon lizbona lisabona porto
    budapest budapeszt budapesta bratislava bratyslawa praha praga prague kyiv kiev kijow moskva moskwa moscow minsk chisinau
    tallinn tirana madrid madryt roma rzym rome paris paryz berlin wien wieden vienna viena atena ateny athens zagreb beograd belgrad
    belgrade skopje ljubljana dublin
    liverpool chelsea arsenal everton manchester manutd mancity tottenham spurs rangers celtic leeds newcastle westham astonvilla
    wolves nottingham leicester southampton portsmouth sunderland sheffield blackburn brighton fulham burnley canaries gunners
    united city town rovers wanderers
    summer summertime winter wintertime autumn spring springtime season holiday holidays birthday happy merry christmas xmas easter
    halloween newyear january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday today tomorrow
    office company business manager director service services security system server network farm farms farming farmer tractor
    harvest growers carwash washing hotel hotels hospitality kitchen restaurant carehome carer driver picker packer nailbar job jobs work cleaning cleaners recruitment agency contractor
    supplier suppliers compliance buyer buyers council county district borough government police gangmaster gangmasters charity
    helpline safeguarding exploitation labour worker workers abuse trafficking questionnaire
    countycouncil districtcouncil boroughcouncil citycouncil
    antislavery slavery slave modern modernslavery slaveryact assess assessment selfassessment
"""
"""What they would try here: this service, the trades it asks, places, football clubs, seasons and days."""
_FILLER_WORDS = "a abc an and at be com for http https i in is it me my new not of on our own qaz qwe the this to uk we www you your"
"""Short words that make nothing harder to guess."""
_KEYBOARD_ROWS = (
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
    "a1b2c3d4e5f6g7h8i9j0",
)
_KEYBOARD_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm")
"""Columns of keys, which are typed down or up, with the digit or without."""
_LEET_SIGNS = {"@": "a", "4": "a", "3": "e", "0": "o", "5": "s", "$": "s", "7": "t", "+": "t", "8": "b", "9": "g"}
_LEET_TRANSLATIONS = [str.maketrans(_LEET_SIGNS | dict.fromkeys("1!|", letter)) for letter in "il"]
"""What signs and digits stand for; some for an i or an l."""
_SIGNS_OF_ZXCVBN = {letter: frozenset(signs) for letter, signs in L33T_TABLE.items()}
_OTHER_SIGNS = str.maketrans(
    {"@": "a", **dict.fromkeys("({[<", "c"), **dict.fromkeys("!|", "i"), "$": "s", "+": "t", "%": "x"}
)
"""All it knows beside digits, each with one letter."""
_KNOWN_SHAPES = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[\W_]*(?:0?[1-9]|1[0-2])[\W_]*(?:19|20)\d\d"  # a day
    r"|(?:19|20)\d\d[\W_]*(?:0?[1-9]|1[0-2])[\W_]*(?:0[1-9]|[12]\d|3[01])"  # a day, the year first
    r"|(?:\+?44|0)[\W_]*7(?:[\W_]*\d){9}"  # a mobile phone
    r"|[a-z]{1,2}\d[a-z\d]?[\W_]*\d[a-z]{2}",  # a postcode
    re.ASCII,
)
_KEYBOARD_COLUMN = re.compile(
    "|".join(keys[cut:] for column in _KEYBOARD_COLUMNS for keys in (column, column[::-1]) for cut in (0, 1))
)
_MIN_OWN_CHARACTERS = 5
"""So many characters have to stand beside days, numbers, postcodes and columns of keys."""
_SEPARATORS = re.compile(r"[\s.,:/_-]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MAX_LEFTOVER = 2
"""So few characters beside the words are nothing."""


def is_easy_to_guess(password: str, about: Sequence[str] = ()) -> bool:
    """Whether guessers try this early. `about`: names they would try first, of the person and where they work."""
    plain = password.casefold()
    bare = re.sub(r"[\W_]", "", plain)
    both = {plain, bare} if len(bare) >= MIN_PASSWORD_LENGTH else {plain}
    if (
        any(_is_repetition(text) or _is_keyboard_row(text) for text in both)
        or _is_known_shape(plain)
        or _is_repeated_text(plain)
    ):
        return True
    return (
        any(_is_made_of_words(letters) for letters in _readings(plain))
        or guesses_log10(password, about) < MIN_GUESSES_LOG10
    )


def guesses_log10(password: str, about: Sequence[str] = ()) -> float:
    """How many guesses `zxcvbn` reckons with for its beginning, as a power of ten."""
    seen = password if len(password) <= _LOOKED_AT else password.strip()[:_LOOKED_AT]
    if prod(max(1, len(signs.intersection(seen))) for signs in _SIGNS_OF_ZXCVBN.values()) > _MAX_WAYS:
        seen = seen.translate(_OTHER_SIGNS)
    context = [text.casefold()[:_MAX_CONTEXT_LENGTH] for text in about[:_MAX_CONTEXT]]
    return float(zxcvbn(seen, user_inputs=[*context, *_LOCAL_WORDS.split()])["guesses_log10"])


def _readings(plain: str) -> Iterator[str]:
    """The ways to read it as letters alone: signs and digits dropped, read as letters, or dropped at the ends and read as letters within."""
    for text in {plain, _YEAR.sub("", plain)}:
        yield _letters(text)
        for stand_for in _LEET_TRANSLATIONS:
            yield _letters(text.translate(stand_for))
            yield _letters(re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text).translate(stand_for))


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", text)


def _is_made_of_words(letters: str) -> bool:
    """Whether at most two words of the lists, and hardly anything else, make it up."""
    costs = _word_costs()
    longest = max(len(word) for word in costs)
    ways: list[set[tuple[int, int]]] = [{(0, 0)}]
    """For each end of a beginning: how many words it may be made of, and how many characters are left over."""
    for end in range(1, len(letters) + 1):
        found = {(words, left + 1) for words, left in ways[end - 1] if left < _MAX_LEFTOVER}
        for start in range(max(0, end - longest), end):
            cost = costs.get(letters[start:end])
            if cost is not None:
                found |= {(words + cost, left) for words, left in ways[start] if words + cost <= _MAX_WORDS}
        ways.append(found)
    return any(words for words, _left in ways[-1])


@lru_cache
def _word_costs() -> Mapping[str, int]:
    return dict.fromkeys([*_COMMON.split(), *_LOCAL_WORDS.split()], 1) | dict.fromkeys(_FILLER_WORDS.split(), 0)


def _is_repetition(text: str) -> bool:
    """Whether it is a piece of up to five characters over and over, such as “abcabcabcabc”; the end may be cut."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 6))


def _is_repeated_text(plain: str) -> bool:
    """Whether something that is too short by itself was typed twice or more, such as “NR3 4ZZ NR3 4ZZ”."""
    joined = _SEPARATORS.sub("", plain)
    again = (joined + joined).find(joined, 1)  # where it begins anew
    return again < len(joined) and len(plain) * again < MIN_PASSWORD_LENGTH * len(joined)


def _is_known_shape(plain: str) -> bool:
    """Whether hardly anything stands beside days, numbers, postcodes and columns of keys."""
    left = [
        _SEPARATORS.sub("", shape.sub("", plain)) for shape in (_KNOWN_SHAPES, _KEYBOARD_COLUMN) if shape.search(plain)
    ]
    return any(len(one) < _MIN_OWN_CHARACTERS for one in left)


def _is_keyboard_row(text: str) -> bool:
    rows = [*_KEYBOARD_ROWS, *(row[::-1] for row in _KEYBOARD_ROWS)]
    return any(text in row + row for row in rows)
