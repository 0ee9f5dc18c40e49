from __future__ import annotations

from assess.kit.tokens import hash_pin, hash_token, looks_like_token, new_token, pin_matches


def test_tokens_have_256_bits_and_are_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(looks_like_token(token) for token in tokens)


def test_only_a_hash_that_tells_nothing_is_stored() -> None:
    token = new_token()
    assert token not in hash_token(token)
    assert len(hash_token(token)) == 64


def test_nonsense_does_not_look_like_a_token() -> None:
    for text in ("", "abc", "x" * 44, "é" * 43, "a" * 42 + "\n", "../" * 14 + "x"):
        assert not looks_like_token(text)


def test_a_pin_matches_itself_only_and_is_salted() -> None:
    one, other = hash_pin("4711"), hash_pin("4711")
    assert one != other
    assert pin_matches("4711", one)
    assert pin_matches("4711", other)
    assert not pin_matches("4712", one)
