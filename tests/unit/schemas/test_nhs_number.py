import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from nhs_number.validate import calculate_checksum

from schemas.nhs_number import checked_nhs_number


def is_usable(text: str) -> bool:
    try:
        checked_nhs_number(text)
    except ValueError:
        return False
    return True


@given(st.integers(0, 9_999_999_999).map("{:010d}".format) | st.sampled_from(["9990000018"]))
def test_the_check_digit_agrees_with_the_package(digits: str) -> None:
    dummy = len(set(digits)) == 1
    body, check = digits[:9], int(digits[9])
    assert is_usable(digits) == (calculate_checksum(body) == check and not dummy)


@given(st.integers(0, 999_999_999).map("{:09d}".format))
def test_every_number_with_the_packages_check_digit_is_usable(body: str) -> None:
    check = calculate_checksum(body)
    assert is_usable(f"{body}{check}") == (check != 10 and len({*body, str(check)}) > 1)


@pytest.mark.parametrize("digit", "0123456789")
def test_one_digit_repeated_is_a_dummy(digit: str) -> None:
    assert not is_usable(digit * 10)


@pytest.mark.parametrize("text", ["999 000 0018", "999-000-0018", "9990000018", "9 9 9 0000018"])
def test_spaces_and_hyphens_are_accepted(text: str) -> None:
    assert checked_nhs_number(text) == "9990000018"


@pytest.mark.parametrize(
    "text",
    ["", "999000001", "99900000188", "999000001a", "\uff19990000018", "999.000001", "²990000018"],
)
def test_anything_else_is_not_a_number(text: str) -> None:
    with pytest.raises(ValueError, match="not ten digits"):
        checked_nhs_number(text)


@given(st.text(max_size=15) | st.integers(0, 10**10).map(str))
def test_the_reason_never_holds_the_text(text: str) -> None:
    assume(len(text) > 3 and not is_usable(text))
    with pytest.raises(ValueError, match="digit") as caught:
        checked_nhs_number(text)
    assert text not in str(caught.value)
