"""Money and counts named in a text."""

import re
from dataclasses import dataclass

_SCALES = {
    "thousand": 1e3, "k": 1e3, "lakh": 1e5, "million": 1e6, "mln": 1e6, "mn": 1e6, "m": 1e6, "crore": 1e7, "billion": 1e9,
    "bln": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "trn": 1e12, "tn": 1e12, "lakh crore": 1e12,
}  # fmt: skip
_SYMBOLS = {
    "US$": "USD", "A$": "AUD", "C$": "CAD", "NT$": "TWD", "HK$": "HKD", "S$": "SGD", "NZ$": "NZD", "R$": "BRL", "$": "USD",
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₺": "TRY", "₽": "RUB", "₪": "ILS", "Rs.": "INR", "Rs": "INR",
}  # fmt: skip
_SCALE = (
    r"(?:[ -]?(?P<{0}>lakh crore|thousand|lakh|million|mln|crore|billion|bln|trillion|trn|bn|mn|tn|[mbk](?![a-z])))?"
)
_NUMBER = r"(?P<{0}>\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d{{1,15}}(?:\.\d{{1,6}})?)"
_BEFORE = re.compile(
    rf"(?:US\$|A\$|C\$|NT\$|HK\$|S\$|NZ\$|R\$|[$€£¥₹₩₺₽₪]|\bRs\.?|\bdlrs|\b[A-Z]{{3}}(?=[ \d]))[ \xa0]?{_NUMBER.format('n')}{_SCALE.format('s')}",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"\b{_NUMBER.format('n')}{_SCALE.format('s')}[ -](?P<c>(?:[A-Za-z.]+[ -])?[A-Za-z.]{{2,12}})", re.IGNORECASE
)
_UNITS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = (
    {word: n for n, word in enumerate(_UNITS, 1)}
    | {word: 10 * n for n, word in enumerate(_TENS, 2)}
    | {f"{ten}-{unit}": 10 * n + m for n, ten in enumerate(_TENS, 2) for m, unit in enumerate(_UNITS[:9], 1)}
    | {
        "dozen": 12,
        "a dozen": 12,
        "two dozen": 24,
        "three dozen": 36,
        "half a dozen": 6,
        "hundred": 100,
        "a hundred": 100,
    }
)
_COUNT = re.compile(
    r"(?<![\w.,$€£¥₹-])(?:(?P<n>\d{1,3}(?:,\d{2,3})+|\d{1,7})(?![\w.,-]*\d)"
    r"|(?P<w>(?:half a |two |three |a )?dozen|a hundred|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|[a-z]{3,9})(?![\w-]))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in whole currency units (5_430_000_000.0, not 5.43) with its ISO 4217 code and half-open span."""

    start: int
    end: int
    value: float
    currency: str


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of things, its half-open span."""

    start: int
    end: int
    value: int


def amounts(text: str, currencies: dict[str, str], start: int = 0, end: int | None = None) -> tuple[Amount, ...]:
    """Money named in the span. "$2bn-$3bn" gives each bound: claim no more than the text.

    >>> [(a.value, a.currency) for a in amounts("a $5.43 billion deal, 700 mln dlrs", {"dlrs": "USD"})]
    [(5430000000.0, 'USD'), (700000000.0, 'USD')]
    >>> amounts("about 5 billion people", {"dlrs": "USD"})
    ()
    """
    end = len(text) if end is None else end
    found = []
    for match in _BEFORE.finditer(text, start, end):
        mark = match.group()[: match.start("n") - match.start()].strip()
        currency = _SYMBOLS.get(mark) or currencies.get(mark)
        if currency is not None:
            found.append(Amount(match.start(), match.end(), _value(match), currency))
    for match in _AFTER.finditer(text, start, end):
        currency = _currency(match["c"], currencies)
        if currency and not any(a.start < match.end() and match.start() < a.end for a in found):
            found.append(Amount(match.start(), match.end(), _value(match), currency))
    return tuple(sorted(found, key=lambda amount: amount.start))


def _value(match: re.Match[str]) -> float:
    scale = _SCALES[match["s"].lower()] if match["s"] else 1.0
    # round: 5.43 * 1e9 is not 5_430_000_000 in binary
    return round(float(match["n"].replace(",", "")) * scale, 2)


def _currency(words: str, currencies: dict[str, str]) -> str | None:
    for phrase in (words, words.split(" ")[0], words.split("-")[0], words.rsplit(" ", 1)[-1]):
        code = currencies.get(phrase) or currencies.get(phrase.lower())
        if code is not None:
            return code
    return None


def counts(text: str, start: int, end: int) -> tuple[Count, ...]:
    """Whole numbers in digits or words in the span; years and parts of designations are none.

    >>> [c.value for c in counts("two dozen jets and 1,200 shells in 2019", 0, 39)]
    [24, 1200]
    """
    found = []
    for match in _COUNT.finditer(text, start, end):
        if match["w"]:
            value = _WORDS.get(match["w"].lower())
        else:
            value = int(match["n"].replace(",", ""))
            if 1950 <= value <= 2060 and "," not in match["n"]:
                value = None
        if value is not None:
            found.append(Count(match.start(), match.end(), value))
    return tuple(found)
