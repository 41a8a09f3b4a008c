"""Single changes by which one name is written two ways. Each gives the name back where it has no occasion for it.

Numbers are never mistyped, because another number is another place, but they change their style: "II", "2", "No. 2".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
from anyascii import anyascii

from geodata.names.lexicon import lexicon

Random = np.random.Generator

_VOWELS = {"a": "eo", "e": "ia", "i": "ey", "o": "ua", "u": "ow", "y": "i"}
#: Letters that stand for one sound in the romanisations of French, English, Spanish, Portuguese and German hands.
_SOUNDS = (
    *(("qu", "k"), ("ck", "k"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("sh", "ch"), ("ch", "sh"), ("th", "t")),
    *(("dj", "j"), ("dh", "d"), ("ts", "tz"), ("ou", "u"), ("oo", "u"), ("ee", "i"), ("ai", "ay"), ("ei", "ey")),
    *(("ng", "n"), ("ny", "gn"), ("c", "k"), ("k", "c"), ("q", "k"), ("w", "v"), ("v", "b"), ("j", "y"), ("z", "s")),
    *(("s", "z"), ("f", "ph"), ("x", "ks"), ("u", "ou"), ("h", ""), ("l", "r"), ("r", "l"), ("g", "j"), ("t", "th")),
)
_BESIDE = {
    one: "".join(row[max(at - 1, 0) : at] + row[at + 1 : at + 2])
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for at, one in enumerate(row)
}
_KIND_WORDS = {
    "village": ("Village", "Hamlet", "Vill."),
    "town": ("Town", "City"),
    "city": ("City", "Town"),
    "ward": ("Ward", "Brgy.", "Barangay"),
    "informal_settlement": ("Slum", "Settlement"),
    "school": ("School", "Academy"),
    "camp": ("Camp", "Refugee Camp"),
}
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def _vowel(name: str, _: str | None, random: Random) -> str:
    return _replaced(name, [at for at in _free(name) if at and name[at] in _VOWELS], _VOWELS, random)


def _sound(name: str, _: str | None, random: Random) -> str:
    """Write one sound otherwise."""
    lower = name.lower()
    if len(lower) != len(name):
        return name  # a letter whose small form is two
    free = set(_free(name))
    found = [(at, one, other) for one, other in _SOUNDS for at in _all(one, lower) if at in free]
    if not found:
        return name
    at, one, other = found[int(random.integers(len(found)))]
    new = other.capitalize() if name[at].isupper() else other
    return name[:at] + new + name[at + len(one) :]


def _typing(name: str, _: str | None, random: Random) -> str:
    letters = _free(name)
    if len(letters) < 4:  # noqa: PLR2004 - of a shorter name too little would be left
        return name
    at = letters[int(random.integers(len(letters)))]
    slip = int(random.integers(4))
    if slip == 0 and at + 1 in letters:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if slip == 1:
        return name[:at] + name[at + 1 :]
    if slip == 2:  # noqa: PLR2004 - the third of four slips
        return _replaced(name, [at], _BESIDE, random)
    return _replaced(name[: at + 1] + name[at:], [at + 1], _BESIDE, random)


def _doubling(name: str, _: str | None, random: Random) -> str:
    """Double a letter inside a word, or write a double one once."""
    free = _free(name)
    doubled = [at for at in free if name[at : at + 1] == name[at + 1 : at + 2]]
    single = [at for at in free if at and name[at] in "bcdfglmnprstzaeo"]
    places = doubled or single
    if not places:
        return name
    at = places[int(random.integers(len(places)))]
    return name[:at] + name[at + 1 :] if doubled else name[: at + 1] + name[at:]


def _spacing(name: str, _: str | None, random: Random) -> str:
    free = _free(name)
    gaps = [found.start() for found in re.finditer(r"(?<=[^\W\d])[ \-]", name) if found.end() in free]
    if not gaps:
        return name
    at = gaps[int(random.integers(len(gaps)))]
    joined = "" if random.random() < 0.5 else (" " if name[at] == "-" else "-")  # noqa: PLR2004 - one time in two
    return name[:at] + (joined + name[at + 1 :] if joined else name[at + 1 :].lower())


def _generic(name: str, kind: str | None, random: Random) -> str:
    """Leave a kind word out, also what stands in brackets; or add one."""
    words = name.split()
    told = lexicon().generic
    kept = [word for word in words if not (word.startswith("(") or word.lower().strip(".,") in told)]
    if len(kept) < len(words) and _free(f" {' '.join(kept)}"):  # a number alone names nothing
        return " ".join(kept)
    known = _KIND_WORDS.get(kind or "", ())
    if not known:
        return name
    word = known[int(random.integers(len(known)))]
    return f"{word} {name}" if word in {"Brgy.", "Barangay"} else f"{name} {word}"


def _shortening(name: str, _: str | None, random: Random) -> str:
    words = name.split()
    able = [at for at, word in enumerate(words) if word.lower() in _short_forms()]
    if not able:
        return name
    at = able[int(random.integers(len(able)))]
    forms = _short_forms()[words[at].lower()]
    words[at] = forms[int(random.integers(len(forms)))].capitalize() + "."
    return " ".join(words)


def _number(name: str, _: str | None, random: Random) -> str:
    """Write a number at the end in another style."""
    found = re.fullmatch(r"(.*\w) (?:No\. ?)?(\d{1,2}|[IVX]{1,4})(\b.*)", name)
    if not found:
        return name
    text, number, rest = found.groups()
    value = _ROMAN.index(number) if number in _ROMAN else int(number) if number.isdigit() else 0
    if not 0 < value < len(_ROMAN):
        return name
    styles = [style for style in (str(value), _ROMAN[value], f"No. {value}") if style != number]
    return f"{text} {styles[int(random.integers(len(styles)))]}{rest}"


def _order(name: str, _: str | None, __: Random) -> str:
    words = name.split()
    plain = len(_free(name)) == len("".join(words))
    return " ".join(reversed(words)) if len(words) == 2 and plain else name  # noqa: PLR2004 - a name of two words


def _marks(name: str, _: str | None, __: Random) -> str:
    return anyascii(name)


#: Each change by name: a name, the kind of its place and chance in; the name changed, or as it was, out.
CHANGES: dict[str, Callable[[str, str | None, Random], str]] = {
    "vowel": _vowel,
    "sound": _sound,
    "typing": _typing,
    "generic": _generic,
    "doubling": _doubling,
    "spacing": _spacing,
    "shortening": _shortening,
    "number": _number,
    "order": _order,
    "marks": _marks,
}
#: Changes that make sense in every script; the others are of Latin letters.
ANY_SCRIPT = frozenset({"spacing", "typing"})


@cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    """Return full words with what they are shortened to."""
    short: dict[str, tuple[str, ...]] = {}
    for form, full in lexicon().abbreviation.items():
        if len(full) == 1 and len(form) < len(full[0]):
            short[full[0]] = (*short.get(full[0], ()), form)
    return short


def _free(name: str) -> list[int]:
    """Return the positions of letters that may be changed: all but those of Roman numerals."""
    numerals = {at for found in re.finditer(r"(?<=\W)[IVX]+\b", name) for at in range(*found.span())}
    return [at for at, letter in enumerate(name) if letter.isalpha() and at not in numerals]


def _replaced(name: str, places: list[int], by: dict[str, str], random: Random) -> str:
    able = [at for at in places if name[at].lower() in by]
    if not able:
        return name
    at = able[int(random.integers(len(able)))]
    choices = by[name[at].lower()]
    new = choices[int(random.integers(len(choices)))]
    return name[:at] + (new.upper() if name[at].isupper() else new) + name[at + 1 :]


def _all(part: str, text: str) -> list[int]:
    return [found.start() for found in re.finditer(f"(?={re.escape(part)})", text)]
