"""NHS numbers: ten digits, modulus 11, and not all the same digit."""

_ZEROS = ord("0") * (10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1)


def checked_nhs_number(text: str) -> str:
    """Return the number as ten digits; spaces and hyphens between the digits are accepted.

    The sum is written out because four of these stand in every event: the `nhs-number` package
    is right, and is the oracle of the tests, but takes four times as long. It also wants a
    calendar date in the Scottish range, which the contract does not, and accepts `0000000000`
    and other repeated digits, which pass modulus 11 but are dummies (domain facts 1.6).

    Raises:
        ValueError: the text is not a usable NHS number. The message never holds the text.
    """
    digits = text if len(text) == 10 else text.replace(" ", "").replace("-", "")
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("not ten digits")
    a, b, c, d, e, f, g, h, i, check = digits.encode()
    total = 10 * a + 9 * b + 8 * c + 7 * d + 6 * e + 5 * f + 4 * g + 3 * h + 2 * i + check
    if (total - _ZEROS) % 11:
        raise ValueError("the check digit does not match")
    if digits == digits[0] * 10:
        raise ValueError("one digit repeated is a dummy, not an NHS number")
    return digits
