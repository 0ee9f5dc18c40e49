from __future__ import annotations

import pytest

from assess.people.accounts.door import safe_next, with_next


@pytest.mark.parametrize("path", ["/", "/organisations/3/people", "/account?tab=browsers", "/a%20b"])
def test_a_path_of_ours_is_where_one_may_go_on_to(path: str) -> None:
    assert safe_next(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%5Cevil.example",
        "/%2Fevil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/a%0d%0aSet-Cookie:x",
        "account",
        "/" + "a" * 500,
    ],
)
def test_nothing_else_is(elsewhere: str | None) -> None:
    assert safe_next(elsewhere) is None
    assert with_next("/sign-in", elsewhere) == "/sign-in"


def test_where_to_go_on_to_stands_in_the_address() -> None:
    assert with_next("/sign-in", "/shared?of=a&b=c") == "/sign-in?next=/shared%3Fof%3Da%26b%3Dc"
