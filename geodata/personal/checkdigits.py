"""Check digits of identity numbers, by the rules their issuers publish: most numbers that look alike do not pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

_SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE"
_CHINESE = ((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432")

#: The dihedral group of Verhoeff's check digit: products, and the permutation by place.
_PRODUCT = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_TURNED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip

#: "+33.6.12.34.56.78" is a phone number; "+36.7821" is a coordinate, "+40.75-074.00" are two.
_DOTS = 3

#: Beginnings that no country has (ITU-T E.164, list of assigned codes).
_UNUSED = frozenset(("210", "214", "215", "217", "219", "259", "28", "83", "89", "999"))


def luhn(digits: str) -> bool:
    """ISO/IEC 7812: IMEI, SIM and card numbers. More than one digit must differ, or any row of zeros would pass."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return len(set(digits)) > 1 and (sum(doubled) + sum(map(int, digits[::-2]))) % 10 == 0


def cpf(digits: str) -> bool:
    """Brazil, Receita Federal: two digits modulo 11."""

    def digit(first: str) -> int:
        rest = (
            sum(int(each) * weight for each, weight in zip(first, range(len(first) + 1, 1, -1), strict=True)) * 10 % 11
        )
        return rest % 10

    return len(set(digits)) > 1 and digits[9:] == f"{digit(digits[:9])}{digit(digits[:10])}"


def verhoeff(digits: str) -> bool:
    """India, UIDAI: Aadhaar's last digit is Verhoeff's."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_PRODUCT[check][int(_TURNED[place % 8][int(digit)])])
    return check == 0 and len(set(digits)) > 1


def south_africa(digits: str) -> bool:
    """South Africa, Department of Home Affairs: birthday, citizenship 0 to 2, Luhn."""
    return luhn(digits) and digits[10] in "012" and _is_day(f"2000{digits[2:6]}")


def china(number: str) -> bool:
    """China, GB 11643: birthday, and a check character modulo 11."""
    weights, characters = _CHINESE
    total = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False))
    return _is_day(number[6:14]) and number[-1].upper() == characters[total % 11]


def chile(number: str) -> bool:
    """Chile, Registro Civil: the RUN's character after the hyphen, modulo 11."""
    digits, check = number[:-1], number[-1].upper()
    rest = 11 - sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(digits))) % 11
    return check == {10: "K", 11: "0"}.get(rest, str(rest))


def spain(number: str) -> bool:
    """Spain, Ministerio del Interior: the letter of DNI and NIE, modulo 23."""
    digits = number[:-1].upper().translate(str.maketrans("XYZ", "012"))
    return len(digits) == 8 and number[-1].upper() == _SPANISH[int(digits) % 23]  # noqa: PLR2004 - digits of a DNI


def france(number: str) -> bool:
    """France, INSEE: the key of the NIR, 97 less the rest modulo 97; Corsica's letters count as 19 and 18."""
    body = number[:-2].upper().replace("2A", "19").replace("2B", "18")
    return body.isdigit() and int(number[-2:]) == 97 - int(body) % 97


def iban(number: str) -> bool:
    """ISO 13616: letters as numbers from 10, the first four characters last, 1 modulo 97."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % 97 == 1


def international(number: str) -> bool:
    """Return whether digits after + or 00 begin with a calling code in use and are as many as ITU-T E.164 allows."""
    digits = number.removeprefix("00")
    known = not {digits[:2], digits[:3]} & _UNUSED
    return 8 <= len(digits) <= 15 and known and digits[0] != "0"  # noqa: PLR2004 - E.164's shortest and longest


def no_date(digits: str) -> bool:
    """Return whether digits are not a day of the calendar written as year, month, day or the other way round."""
    return not (_is_day(digits[:8]) or _is_day(digits[4:8] + digits[2:4] + digits[:2]))


CHECKS: dict[str, Callable[[str], bool]] = {
    "aadhaar": verhoeff,
    "calling code": international,
    "chile": chile,
    "china": china,
    "cpf": cpf,
    "france": france,
    "iban": iban,
    "luhn": luhn,
    "no date": no_date,
    "south africa": south_africa,
    "spain": spain,
}


def passes(name: str, written: str) -> bool:
    """Return whether something passes a check by its name; what separates its digits does not count."""
    if "." in written and (" " in written or written.count(".") < _DOTS) and CHECKS[name] is international:
        return False
    plain = "".join(str(int(each)) if each.isdecimal() else each for each in re.sub(r"[\W_]", "", written))
    return CHECKS[name](plain)


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return 1900 <= day.year <= 2100  # noqa: PLR2004 - years people live in
