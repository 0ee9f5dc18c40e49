"""All `ASSESS_*` settings with help text, default and validation, read from the environment or from files. Also parses the mail server URL."""

from __future__ import annotations

import dataclasses
import re
import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from assess.core.db import PostgresqlDriverMissingError, sqlalchemy_url
from assess.core.encryption import Keyring, derive_key, parse_key
from assess.core.mail.addresses import InvalidAddressError, clean_address
from assess.core.operator_identity import TEAL, BadLogoError, OperatorIdentity, choose_colour, read_logo

PREFIX = "ASSESS_"
MIN_KEY_LENGTH = 32
_MIN_DISTINCT_CHARACTERS = 10
"""So many different ones are in every key of 32 or more that was made at random."""
_MIN_GUESSES_LOG10 = 24.0
"""As a power of ten, of its first 72 characters. 32 random digits need as many, and 32 random hexadecimal ones 28 and more."""
_MAX_WORD_LENGTH = 6
"""A random key holds no longer word, but by a chance of one in thousands."""
_DEVELOPMENT_KEY = "a key that is known to everybody and guards nothing"
_DEVELOPMENT_KEY_HINT = (
    "with ASSESS_ENV=development: others must not reach a site whose key is known to everybody. Set ASSESS_ENV=production, or "
    "an ASSESS_SECRET_KEY of your own, made with: openssl rand -hex 32"
)


class BadSettingsError(Exception):
    """The settings do not hold together. `errors` has one sentence for each thing to repair."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def _setting(says: str, default: Any, shown: str | None = None, *, secret: bool = False) -> Any:  # noqa: ANN401  # as dataclasses.field
    """A field with its sentence. `shown` is the default in words, where it depends on other settings."""
    return dataclasses.field(default=default, repr=not secret, metadata={"says": says, "shown": shown})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings. Made by `read_settings`, or directly in tests; both refuse what does not hold together."""

    env: str = _setting(
        "`production`, or `development` on your own machine: there the site runs without TLS and with a known key, and only for that machine.",
        "production",
    )
    secret_key: str = _setting(
        "At least 32 random characters that sign cookies. Make them with `openssl rand -hex 32`.",
        "",
        "none; `development` uses a known one",
        secret=True,
    )
    old_secret_keys: tuple[str, ...] = _setting(
        "Earlier keys that are still honoured, after a change.", (), secret=True
    )
    data_key: str = _setting(
        "The key that encrypts answers, notes and names in the database: 32 bytes in base64. Make it with `openssl rand -base64 32`, and keep it apart from the backups. Without it the data is gone.",
        "",
        "made from `ASSESS_SECRET_KEY`",
        secret=True,
    )
    data_key_old: tuple[str, ...] = _setting(
        "Earlier data keys, with commas, that still decrypt until `assess keys rotate` is done.", (), secret=True
    )
    data_folder: Path = _setting(  # noqa: RUF009  # a Path never changes
        "The folder for the database file. Only the service may read it.", Path("var")
    )
    database_url: str = _setting(
        "`sqlite:///path/to/file`, or `postgresql://user:password@host/name` when more than one machine serves.",
        "",
        "`assess.db` in the data folder",
        secret=True,
    )
    public_url: str = _setting(
        "The address people type, like `https://assess.example.org`. Links are made from it, never from a request.",
        "",
        "none; `development` uses localhost",
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "More host names under which the site answers, with commas.", (), "the host of the public address"
    )
    trusted_proxies: int = _setting("How many proxies stand in front and tell the truth about who calls.", 0)
    port: int = _setting("The port the server listens on.", 5000)
    listen: str = _setting("The address the server listens on. In `development` only one of this machine.", "127.0.0.1")
    workers: int = _setting("How many requests are answered at the same time, one process each.", 2)
    operator_name: str = _setting("Who runs this installation, as people know them.", "", "none; needed in production")
    operator_contact: str | None = _setting("An email address or phone number of the operator.", None)
    operator_person: str | None = _setting(
        "The person whom a business may ask for, by name, like `Anna Hale`. The first page says it.", None
    )
    operator_person_says: str | None = _setting("A sentence of that person, in their own words.", None)
    operator_logo: str | None = _setting(
        "The path of the operator’s logo: an SVG or PNG file of at most 100 KB, for pages and paper. An SVG may hold no script and fetch nothing.",
        None,
    )
    operator_colour: str = _setting(
        "The operator’s colour as `#rrggbb`, for headings, links and buttons. It needs a contrast of 7:1 on white; ink is used for a lighter one.",
        TEAL,
    )
    operator_complaints: str | None = _setting("Where to complain: an email address, a number or words.", None)
    areas: tuple[str, ...] = _setting("The areas served; each may have local contacts.", ("norfolk", "other"))
    children_team: str | None = _setting(
        "How to reach the local children’s team.", None, "“your council’s children’s team”"
    )
    independent_desk: str | None = _setting(
        "Where an installation is run by a buyer: who, apart from the buyer, may be told of signs. Unset means nobody.",
        None,
    )
    run_by_buyer: bool = _setting(
        "`yes` where a buyer runs this installation for its suppliers. It then has coordinators only if an independent desk is named.",
        False,  # noqa: FBT003  # the default of a setting
    )
    exit_to: str = _setting(
        "Where the quick exit of the help page leads: an ordinary site that says nothing about its visitor.",
        "https://www.bbc.co.uk/weather",
    )
    draft_months: int = _setting("Months after which a draft nobody touched is deleted.", 18)
    submission_years: int = _setting("Years after which a submitted assessment is deleted (1 to 7).", 3)
    backup_days: int = _setting("Days for which the operator keeps backups, as the privacy page says it.", 35)
    job_workers: int = _setting(
        "How many processes do background work beside the site. 0: none here, because `assess worker` runs elsewhere.",
        1,
    )
    mail_server: str | None = _setting(
        "The server that sends mail: `smtp://host:25`, `smtp+starttls://user:password@host:587` or `smtps://user:password@host:465`. Unset: no mail, and no reminders are offered.",
        None,
        secret=True,
    )
    mail_from: str | None = _setting("The address mail comes from. Needed with a mail server.", None)
    full_minutes: int = _setting(
        "Minutes that the full assessment takes, as emails and pages say it. Businesses that were watched took 45 to 60; set what you measure. 0: nothing is said.",
        45,
    )
    quick_minutes: int = _setting(
        "The same of the quick check. Nobody has measured it yet: the first pages say what its words and taps take.",
        0,
        "0: not measured",
    )
    log_days: int = _setting("Days for which the operator keeps logs, as the privacy page says it.", 30)

    def __post_init__(self) -> None:
        errors = list(_setting_errors(self))
        if errors:
            raise BadSettingsError(errors)

    @property
    def development(self) -> bool:
        return self.env == "development"

    @property
    def key(self) -> str:
        """The key that signs cookies."""
        return self.secret_key or _DEVELOPMENT_KEY

    @property
    def honoured_keys(self) -> tuple[str, ...]:
        """The same, and the earlier ones: what was marked with any of them is still found."""
        return (self.key, *self.old_secret_keys)

    @cached_property
    def data_keys(self) -> Keyring:
        """The keys of the encrypted columns. Whatever the secret keys once encrypted can be read as long as they are set."""
        derived = [derive_key(secret) for secret in self.honoured_keys]
        given = [parse_key(written) for written in (self.data_key, *self.data_key_old) if written]
        current = given.pop(0) if self.data_key else derived[0]
        return Keyring(current, [*given, *derived])

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data_folder / 'assess.db'}"

    @property
    def base_url(self) -> str:
        """The address of the site without a slash at its end."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach the site by TLS."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> frozenset[str]:
        """The host names under which the site answers, without ports."""
        own = urlsplit(self.base_url).hostname or ""
        near = ("localhost", "127.0.0.1") if self.development else ()
        return frozenset({own, *self.allowed_hosts, *near})

    @cached_property
    def operator_identity(self) -> OperatorIdentity:
        """Who runs this, as pages and paper show it. The logo is read once."""
        colour = choose_colour(self.operator_colour.lower())
        return OperatorIdentity(
            name=self.operator,
            contact=self.operator_contact,
            person=self.operator_person,
            person_says=self.operator_person_says,
            logo=read_logo(Path(self.operator_logo)) if self.operator_logo else None,
            colour=colour,
            refused_colour=self.operator_colour if colour != self.operator_colour.lower() else None,
        )

    @property
    def operator(self) -> str:
        return self.operator_name or "Example Network"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment. Raises `BadSettingsError` with one sentence for each fault."""
    fields = {setting_name(field): field for field in dataclasses.fields(Settings)}
    known = fields.keys() | {f"{name}_FILE" for name in fields}
    errors = [
        f"{name} is not a setting of Assess. The settings are listed in README.md."
        for name in sorted(environ)
        if name.startswith(PREFIX) and not name.startswith("ASSESS_TEST_") and name not in known
    ]
    values: dict[str, Any] = {}
    for name, field in fields.items():
        try:
            raw = _raw_value(environ, name)
            if raw is not None:
                values[field.name] = _parse_value(name, field.default, raw)
        except ValueError as error:
            errors.append(str(error))
    if errors:
        raise BadSettingsError(errors)
    return Settings(**values)


def setting_name(field: dataclasses.Field[Any]) -> str:
    return PREFIX + field.name.upper()


def settings_table() -> str:
    """All settings as a table in Markdown, for README.md."""
    rows = ["| Setting | What it says | Default |", "| --- | --- | --- |"]
    for field in dataclasses.fields(Settings):
        shown = field.metadata["shown"] or _default_in_words(field.default)
        rows.append(f"| `{setting_name(field)}` | {field.metadata['says']} | {shown} |")
    return "\n".join(rows) + "\n"


def _default_in_words(value: object) -> str:
    if isinstance(value, bool):
        return "`yes`" if value else "`no`"
    if value in {None, "", ()}:
        return "none"
    return f"`{','.join(value) if isinstance(value, tuple) else value}`"


def _raw_value(environ: Mapping[str, str], name: str) -> str | None:
    """What is set, from the environment or from the file it names; None if nothing or an empty text."""
    given, file = environ.get(name), environ.get(f"{name}_FILE")
    if given and file:
        raise ValueError(f"{name} and {name}_FILE are both set: keep one of them.")
    if file:
        try:
            given = Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{name}_FILE cannot be read: {type(error).__name__}.") from error
    return (given or "").strip() or None


def _parse_value(name: str, default: object, raw: str) -> object:
    if isinstance(default, bool):
        if raw not in {"yes", "no"}:
            raise ValueError(f"{name} has to be yes or no.")
        return raw == "yes"
    if isinstance(default, int):
        if not (raw.isascii() and raw.isdigit()):
            raise ValueError(f"{name} has to be a whole number.")
        return int(raw)
    if isinstance(default, tuple):
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return Path(raw) if isinstance(default, Path) else raw


def _setting_errors(settings: Settings) -> Iterator[str]:
    if settings.env not in {"production", "development"}:
        yield "ASSESS_ENV is either production or development."
    yield from _development_errors(settings) if settings.development else _production_errors(settings)
    yield from _key_errors(settings)
    if settings.public_url and not _is_base_url(settings.public_url):
        yield "ASSESS_PUBLIC_URL has to be an address like https://assess.example.org, without a path."
    if any(not host or set(host) & set("/:@ ") for host in settings.allowed_hosts):
        yield "ASSESS_ALLOWED_HOSTS has to be host names with commas between them, without ports."
    try:
        sqlalchemy_url(settings.database)
    except PostgresqlDriverMissingError as missing:
        yield str(missing)
    except Exception:  # noqa: BLE001  # whatever the library says, the address is in it and holds a password
        yield "ASSESS_DATABASE_URL has to be sqlite:///path/to/file or postgresql://user:password@host/name."
    if not settings.exit_to.startswith("https://"):
        yield "ASSESS_EXIT_TO has to be an address that begins with https://."
    if not settings.areas:
        yield "ASSESS_AREAS needs at least one area, like norfolk,other."
    yield from _operator_errors(settings)
    yield from _independent_desk_errors(settings)
    yield from _mail_errors(settings)
    for name, (least, most) in {
        "trusted_proxies": (0, 5),
        "port": (1, 65535),
        "workers": (1, 64),
        "job_workers": (0, 64),
        "draft_months": (1, 60),
        "submission_years": (1, 7),
        "backup_days": (0, 365),
        "log_days": (0, 365),
    }.items():
        if not least <= getattr(settings, name) <= most:
            yield f"{PREFIX}{name.upper()} has to be from {least} to {most}."


def _key_errors(settings: Settings) -> Iterator[str]:
    if any(key and len(key) < MIN_KEY_LENGTH for key in (settings.secret_key, *settings.old_secret_keys)):
        yield f"ASSESS_SECRET_KEY and ASSESS_OLD_SECRET_KEYS need {MIN_KEY_LENGTH} characters or more each."
    try:
        for written in (settings.data_key, *settings.data_key_old):
            if written:
                parse_key(written)
    except ValueError:
        yield (
            "ASSESS_DATA_KEY and ASSESS_DATA_KEY_OLD have to be 32 bytes in base64 each. Make one with: "
            "openssl rand -base64 32"
        )


def _operator_errors(settings: Settings) -> Iterator[str]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", settings.operator_colour):
        yield "ASSESS_OPERATOR_COLOUR has to be a colour like #0b4f4a."
    if settings.operator_person_says and not settings.operator_person:
        yield "ASSESS_OPERATOR_PERSON_SAYS needs the name of who says it: ASSESS_OPERATOR_PERSON."
    try:
        if settings.operator_logo:
            read_logo(Path(settings.operator_logo))
    except BadLogoError as error:
        yield f"ASSESS_OPERATOR_LOGO {error}."


def _independent_desk_errors(settings: Settings) -> Iterator[str]:
    if not (settings.run_by_buyer and settings.independent_desk):
        return
    desk, operator = (" ".join(name.split()).casefold() for name in (settings.independent_desk, settings.operator_name))
    if desk == operator:
        yield "ASSESS_INDEPENDENT_DESK has to name somebody apart from the buyer that runs this (ASSESS_OPERATOR_NAME)."


def _production_errors(settings: Settings) -> Iterator[str]:
    if not settings.secret_key:
        yield "ASSESS_SECRET_KEY is missing. Make one with: openssl rand -hex 32"
    elif len(settings.secret_key) >= MIN_KEY_LENGTH and _is_guessable(settings.secret_key):
        yield "ASSESS_SECRET_KEY can be guessed: it was not made at random. Make one with: openssl rand -hex 32"
    if not settings.public_url:
        yield "ASSESS_PUBLIC_URL is missing: the address people type, like https://assess.example.org."
    elif not settings.secure:
        yield "ASSESS_PUBLIC_URL has to begin with https:// in production."
    if not settings.operator_name:
        yield "ASSESS_OPERATOR_NAME is missing: people must know who runs this before they answer."
    if not settings.operator_contact:
        yield "ASSESS_OPERATOR_CONTACT is missing: people must be able to ask who runs this."


def _development_errors(settings: Settings) -> Iterator[str]:
    if not _is_loopback(settings.listen):
        yield (
            "ASSESS_LISTEN has to be 127.0.0.1 with ASSESS_ENV=development: there the key is known to everybody and nothing is "
            "encrypted on the way."
        )
    if settings.secret_key and not _is_guessable(settings.secret_key):
        return
    address = settings.public_url
    if address and _is_base_url(address) and not _is_loopback(urlsplit(address).hostname or ""):
        yield f"ASSESS_PUBLIC_URL has to be of localhost {_DEVELOPMENT_KEY_HINT}"
    if not all(map(_is_loopback, settings.allowed_hosts)):
        yield f"ASSESS_ALLOWED_HOSTS has to be localhost or nothing {_DEVELOPMENT_KEY_HINT}"
    if settings.trusted_proxies:
        yield f"ASSESS_TRUSTED_PROXIES has to be 0 {_DEVELOPMENT_KEY_HINT}"


def _mail_errors(settings: Settings) -> Iterator[str]:
    if (settings.mail_server is None) != (settings.mail_from is None):
        yield "ASSESS_MAIL_SERVER and ASSESS_MAIL_FROM belong together: set both, or neither."
    try:
        parse_mail_server(settings.mail_server or "smtp://localhost")
    except ValueError:  # whatever is said, the address is in it and may hold a password
        yield (
            "ASSESS_MAIL_SERVER has to be smtp://host:25, smtp+starttls://user:password@host:587 or "
            "smtps://user:password@host:465. A password needs one of the last two."
        )
    try:
        clean_address(settings.mail_from or "nobody@example.org")
    except InvalidAddressError:
        yield "ASSESS_MAIL_FROM has to be an email address like reminders@example.org."


def _is_guessable(key: str) -> bool:
    """Whether a key was typed by a person and not made at random: few different characters, a pattern, or words."""
    if len(set(key)) < _MIN_DISTINCT_CHARACTERS or any(sign.isspace() for sign in key):
        return True
    from zxcvbn import zxcvbn  # noqa: PLC0415  # only a site in production needs its lists

    judged = zxcvbn(key[:72])
    words = [len(part["token"]) for part in judged["sequence"] if part["pattern"] == "dictionary"]
    return judged["guesses_log10"] < _MIN_GUESSES_LOG10 or max(words, default=0) > _MAX_WORD_LENGTH


def _is_loopback(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def _is_base_url(address: str) -> bool:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # reading it is what refuses a port that is none
    except ValueError:
        return False
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and bare


MAIL_SERVER_TIMEOUT_SECONDS = 20
"""How long to wait for each answer of the server."""

MailScheme = Literal["smtp", "smtp+starttls", "smtps"]
_DEFAULT_PORTS: dict[str, tuple[MailScheme, int]] = {
    "smtp": ("smtp", 25),
    "smtp+starttls": ("smtp+starttls", 587),
    "smtps": ("smtps", 465),
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how mail is handed over. Name and password are both set or both None."""

    way: MailScheme
    host: str
    port: int
    user: str | None
    password: str | None = dataclasses.field(repr=False)


def parse_mail_server(address: str) -> MailServer:
    """The server of an address like "smtp+starttls://user:password@host:587".

    Raises `ValueError` when it is no such address, or would send a password that can be read on the way. The message never holds the address.
    """
    parts = urlsplit(address)
    if (
        parts.scheme not in _DEFAULT_PORTS
        or not parts.hostname
        or parts.path.strip("/")
        or parts.query
        or parts.fragment
    ):
        raise ValueError(
            "a mail server is smtp://host, smtp+starttls://user:password@host or smtps://user:password@host"
        )
    way, usual = _DEFAULT_PORTS[parts.scheme]
    if (parts.username is None) != (parts.password is None):
        raise ValueError("a mail server has a name and a password, or neither")
    if parts.password is not None and way == "smtp":
        raise ValueError("a password needs smtp+starttls or smtps")
    return MailServer(
        way=way,
        host=parts.hostname,
        port=parts.port or usual,
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def send_message(server: MailServer, *, sender: str, to: str, message: bytes, our_name: str) -> None:
    """Give one message to the server. When this returns, the server has taken it.

    `our_name` is how we greet. Certificates are checked, and a server that cannot encrypt when it should is not spoken to.

    Raises:
        OSError, smtplib.SMTPException: when it was not taken, or nobody can tell whether it was.
    """
    with _smtp_connection(server, our_name) as line:
        if server.user is not None and server.password is not None:
            line.login(server.user, server.password)
        line.sendmail(sender, [to], message)


@contextmanager
def _smtp_connection(server: MailServer, our_name: str) -> Iterator[smtplib.SMTP]:
    if server.way == "smtps":
        line: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=our_name,
            timeout=MAIL_SERVER_TIMEOUT_SECONDS,
            context=ssl.create_default_context(),
        )
    else:
        line = smtplib.SMTP(server.host, server.port, local_hostname=our_name, timeout=MAIL_SERVER_TIMEOUT_SECONDS)
    try:
        if server.way == "smtp+starttls":
            line.starttls(context=ssl.create_default_context())
        yield line
        # the message is theirs by now: a goodbye that fails must not have it sent once more
        with suppress(OSError, smtplib.SMTPException):
            line.quit()
    finally:
        line.close()
