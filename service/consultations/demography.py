"""Age bands and genders as people write them, in one spelling; an exact age becomes a band before anything is kept."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from geodata.names.folding import fold
from service.accounts.statement import Numbers

#: What stands for an age or gender that was asked for and not told.
NOT_STATED = "not stated"

#: The genders that are counted, each with words in English, French, Spanish, Portuguese, Swahili and Arabic.
GENDERS = {
    "women": "woman women female f w femme femmes feminin mujer mujeres femenino mulher mulheres feminino mwanamke",
    "men": "man men male m homme hommes masculin hombre hombres masculino homem homens mwanamume mwanaume",
    "another": "another other x non-binary nonbinary transgender intersex autre otro outro third-gender",
}
_ARABIC = {"أنثى": "women", "امرأة": "women", "ذكر": "men", "رجل": "men"}
_UNSTATED = (
    "not stated|prefer not to say|no answer|unknown|na|n a|none|sans reponse|no responde|nao responde|no declarado"
)

_GENDER = {fold(word): gender for gender, words in GENDERS.items() for word in words.split()} | {
    fold(word): gender for word, gender in _ARABIC.items()
}
_BETWEEN = re.compile(r"\D*?(\d{1,3})\s*(?:-|\u2013|\u2014|to|a|à|et|and|y|e|/)\s*(\d{1,3})\D*", re.IGNORECASE)
_UNDER = re.compile(
    r"\D*?(?:<|under|below|less than|moins de|menos de|menor(?:es)? de|chini ya)\D*?(\d{1,3})\D*", re.IGNORECASE
)
_OVER = re.compile(
    r"\D*?(?:>=?|≥|over|above|more than|plus de|mas de|mais de|mayor(?:es)? de|zaidi ya)\D*?(\d{1,3})\D*",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\D*?(\d{1,3})\s*(?:\+|and over|and older|and above|or more|et plus|y mas|e mais|ou mais|o mas)\D*", re.IGNORECASE
)
_EXACT = re.compile(r"(\d{1,3})(?:\s*(?:years?(?: old)?|ans|anos|años))?", re.IGNORECASE)
_OLDEST = 120
_DECADE = 10
_LAST_BAND = 80  # so old that a band of ten years would hold few


def gender_of(text: str) -> str | None:
    """Return a gender in its one spelling, `NOT_STATED` for a refusal; None where the word is not known."""
    folded = fold(text)
    return NOT_STATED if folded in _UNSTATED.split("|") else _GENDER.get(folded)


def age_of(text: str) -> str | None:
    """Return an age band as "20-40", "under 20" or "over 80"; an exact age as its band of ten years.

    None where it cannot be read. Bands are kept as their survey cut them: nothing is moved between them.
    """
    plain = text.strip().replace("á", "a")
    if fold(plain) in _UNSTATED.split("|"):
        return NOT_STATED
    if found := _BETWEEN.fullmatch(plain):
        low, high = int(found[1]), int(found[2])
        return f"{low}-{high}" if low < high <= _OLDEST else None
    for form, written in ((_UNDER, "under {}"), (_OVER, "over {}"), (_FROM, "{} and over")):
        if found := form.fullmatch(plain):
            return written.format(int(found[1])) if int(found[1]) <= _OLDEST else None
    exact = _EXACT.fullmatch(plain)
    return _banded(int(exact[1])) if exact and int(exact[1]) <= _OLDEST else None


def age_order(band: str) -> tuple[bool, int, int]:
    """Return what bands are sorted by: the youngest first, `NOT_STATED` last."""
    numbers = [int(number) for number in re.findall(r"\d+", band)]
    first = numbers[0] if numbers else 0
    return band == NOT_STATED, 0 if band.startswith("under") else first, first


def gender_order(gender: str) -> int:
    """Return what genders are sorted by: as they are listed here, `NOT_STATED` last."""
    return [*GENDERS, NOT_STATED].index(gender)


def added(numbers: Mapping[str, int], read: Callable[[str], str | None]) -> Numbers:
    """Return numbers by term, terms in the one spelling that `read` gives them; none where it is zero."""
    found: Counter[str] = Counter()
    for term, number in numbers.items():
        known = read(term)
        if known is not None and number:
            found[known] += number
    return tuple(sorted(found.items()))


def _banded(age: int) -> str:
    if age >= _LAST_BAND:
        return f"{_LAST_BAND} and over"
    low = age // _DECADE * _DECADE
    return f"{low}-{low + _DECADE - 1}"
