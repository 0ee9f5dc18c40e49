from __future__ import annotations

from assess.kit.audit.keys import Keys
from assess.kit.config import Settings

ONE, TWO = "one secret key that is long enough for it", "another secret key that is long enough too"


def test_a_seal_fits_its_words_under_its_key_and_nothing_else() -> None:
    keys = Keys(ONE)
    seal = keys.seal("words")
    assert keys.fits(keys.name, "words", seal)
    assert not keys.fits(keys.name, "word", seal)
    assert not keys.fits(keys.name, "words", "0" * 64)
    assert not keys.fits("0" * 16, "words", seal)
    assert Keys(TWO).seal("words") != seal


def test_after_a_new_secret_what_the_old_one_sealed_still_fits() -> None:
    old, new = Keys(ONE), Keys(TWO, (ONE,))
    assert new.name != old.name
    assert new.knows(old.name)
    assert new.fits(old.name, "words", old.seal("words"))
    assert not new.fits(new.name, "words", old.seal("words"))
    assert not Keys(TWO).knows(old.name)


def test_neither_name_nor_seal_tells_the_secret_or_a_token() -> None:
    keys = Keys(ONE)
    assert keys.hide("token") == keys.hide("token") != keys.hide("other")
    assert len(keys.hide("token")) == 32
    assert len({keys.name, keys.seal("words"), keys.hide("words")}) == 3
    assert Keys(TWO).hide("token") != keys.hide("token")


def test_the_keys_of_an_installation_come_from_its_settings() -> None:
    settings = Settings(env="development", secret_key=TWO, old_secret_keys=(ONE,))
    assert Keys.of(settings).name == Keys(TWO).name
    assert Keys.of(settings).knows(Keys(ONE).name)
