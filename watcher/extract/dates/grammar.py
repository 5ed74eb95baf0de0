"""Find written dates in a text and read each at the precision it is printed with.

A date is read around its year: the few forms that end in a year and the few that begin with one are tried
at that spot only, so a long clause costs no more than a short one. Years outside 1995–2049 are not looked
for: no policy on the web states an older date of its own, while statutes do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

_DIGITS = {
    ord(char): str(value)
    for zero in "０٠۰०০๐"
    for value, char in enumerate(chr(ord(zero) + offset) for offset in range(10))
}
_FOLD = {
    **_DIGITS,
    ord("_"): " ",
    ord("İ"): "i",
    ord("．"): ".",
    ord("／"): "/",
    ord("："): ":",
    ord("－"): "-",
}


_FOLDED = frozenset(map(chr, _FOLD))


def fold(text: str) -> str:
    """Lower case with ASCII digits, the same length as the text: offsets carry over to the exact words."""
    if text.isascii():
        return text.replace("_", " ").lower()
    return (text if _FOLDED.isdisjoint(text) else text.translate(_FOLD)).lower()


@dataclass(frozen=True, slots=True)
class Mention:
    """One written date in a clause: ``readings`` is its value, or two where day and month may be swapped
    (day first, then month first); ``start``/``end`` are offsets into the clause."""

    start: int
    end: int
    readings: tuple[str, ...]

    @property
    def value(self) -> str:
        return self.readings[0]


_YEAR = re.compile(
    r"(?:199[5-9]|20[0-4]\d|25[4-9]\d)(?<!\d\d{4})(?!\d|[.,]\d{3}(?!\d)|/\d{3,4}(?!\d)|/\d\d?/[a-z])"
)  # 2016/679 is a statute; what stands before is asked last, so that the search leaps from 1 or 2 to the next
_SHORT_DAY = re.compile(r"[0-9]{1,2}(?=[./ -][^\W_])")
_SHORT = re.compile(  # held against what may be a day only
    r"(?<![\d./:-])(\d{1,2})([./-])(\d{1,2})\2(\d\d)(?![\d./:-]|\s?:\d)"
    r"|(?<![\d./:-])(\d{1,2})[ -]([^\W\d_]{3,9})[ -](\d\d)(?![\d:-])"
)
_SHORT_WORD = re.compile(r"(?<![^\W_])([^\W\d_]{3,9})\.? (\d{1,2}),? ['’](\d\d)(?!\d)")
_ERA = re.compile(r"(令和|平成|民國|民国)\s?(\d{1,3}|元)\s?[年.]\s?(\d{1,2})\s?[月.]\s?(?:(\d{1,2})\s?日?)?")
_ERA_ZERO = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_HAN_YEAR = re.compile(
    r"(二[〇零○0][〇零○一二三四][〇零○一二三四五六七八九])\s?年\s?([一二三四五六七八九十]{1,3})\s?月\s?(?:([一二三四五六七八九十]{1,3})\s?日)?"
)
_HAN = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

_ORDINAL = r"(?:\s?(?:st|nd|rd|th|er|ère|re|[eè]?me|e|ος|η)(?!\w)|[.ºª°])?"
_WORD = r"((?:[^\W\d_] )?[^\s\d.,/()\[\]:;|–—-]{2,14})"
_OF = r"(?:(?:day\s+of|of|de|del|din|the|ngày)\s+|(?:de\s+l|d)[’']\s?)?"
_GAP = r"[\s.,/–—·-]{0,3}"

# each ends at the year
_DAY_WORD = re.compile(rf"(?<![\d./:-])(\d{{1,2}}|x{{1,2}}|_{{1,4}}){_ORDINAL}{_GAP}{_OF}{_WORD}{_GAP}{_OF}$")
_WORD_DAY = re.compile(rf"(?<![^\W_]){_WORD}\.?{_GAP}(?:the\s)?(\d{{1,2}}){_ORDINAL}[\s.,]{{0,3}}(?:of\s)?$")
_WORD_ONLY = re.compile(rf"(?<![^\W_]){_WORD}\.?{_GAP}(?:(?:of|de|del|год)\s)?$")
_NUM_DMY = re.compile(r"(?<![\d./:-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2{1,2}\s?$")
_ROMAN = re.compile(
    r"(?<![\d./:-])(\d{1,2})(\s?[./-]\s?|\s)(i{1,3}|iv|vi{0,3}|ix|xi{0,2})(?:\2)$"
)  # 12.IX.2023
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_NUM_MY = re.compile(r"(?<![\d./:-])(\d{1,2})\s?[/.-]\s?$")
_VIET = re.compile(r"(?:(\d{1,2})\s*)?tháng\s*(\d{1,2})[\s,]*(?:năm\s*)?$")
# each begins right after the year
_REST_MD = re.compile(r"\s?([./-])\s?(\d{1,2})\s?\1\s?(\d{1,2})(?!\d|[./]\d)")
_REST_CJK = re.compile(r"\s?[年년]\s?(?:(\d{1,2})\s?[月월]\s?(?:(\d{1,2})\s?[日號号일]?)?)?")
_REST_KO = re.compile(r"\.\s?(\d{1,2})\.\s?(\d{1,2})\.?(?!\d)")
_REST_WORD = re.compile(rf"[\s.,-]{{0,3}}(?:m\.\s?)?{_WORD}[\s.-]{{0,2}}(\d{{1,2}})(?!\d|[:%])")
_REST_WORD_MONTH = re.compile(rf"[\s.,-]{{1,2}}(?:m\.\s?)?{_WORD}")
_REST_DAY_WORD = re.compile(rf"[\s.]{{0,2}}(?:gada\s)?(\d{{1,2}})\.?[\s]{_WORD}")
_REST_M = re.compile(r"\s?[-/.年]\s?(0[1-9]|1[0-2])(?!\d|[./-]\d)")

_CLOCK = re.compile(r"t\d\d:\d\d")

Months = Callable[[str], int]
Days = Callable[[str], tuple[int, int]]  # of what ends before a month: the day written out, where it begins


def _day(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(year: int, month: int) -> str:
    return f"{year:04}-{month:02}" if 1 <= month <= 12 else ""


def _swappable(first: int, second: int, year: int) -> tuple[str, ...]:
    readings = (_day(year, second, first), _day(year, first, second))
    return tuple(dict.fromkeys(value for value in readings if value))


def _before(head: str, year: int, months: Months) -> tuple[int, tuple[str, ...]] | None:
    if found := _NUM_DMY.search(head):
        readings = _swappable(int(found[1]), int(found[3]), year)
        return (found.start(), readings) if readings else None
    if found := _ROMAN.search(head):
        value = _day(year, _ROMANS.index(found[3]) + 1, int(found[1]))
        return (found.start(), (value,)) if value else None
    if found := _DAY_WORD.search(head):
        month = months(found[2])
        if month:
            value = _day(year, month, int(found[1])) if found[1].isdigit() else _month(year, month)
            return (found.start(), (value,)) if value else None
    if (found := _WORD_DAY.search(head)) and (month := months(found[1])):
        value = _day(year, month, int(found[2]))
        return (_word_start(found, months), (value,)) if value else None
    if (found := _VIET.search(head)) and (value := _viet(found, year)):
        return found.start(), (value,)
    if (found := _WORD_ONLY.search(head)) and (month := months(found[1])):
        return _word_start(found, months), (_month(year, month),)
    if (found := _NUM_MY.search(head)) and (value := _month(year, int(found[1]))):
        return found.start(), (value,)
    return None


def _word_start(found: re.Match[str], months: Months) -> int:
    """Where the month itself starts: "a May" was taken whole in case its first letter stood apart."""
    word = found[1]
    if " " in word and months(word[2:]):
        return found.start(1) + 2
    return found.start(1)


def _viet(found: re.Match[str], year: int) -> str:
    return _day(year, int(found[2]), int(found[1])) if found[1] else _month(year, int(found[2]))


def _after(tail: str, year: int, months: Months) -> tuple[int, str] | None:
    for pattern in (_REST_MD, _REST_KO):
        if found := pattern.match(tail):
            month, day = found.groups()[-2:]
            value = _day(year, int(month), int(day))
            return (found.end(), value) if value else None
    if found := _REST_CJK.match(tail):
        if found[1] is None:
            return found.end(), f"{year:04}"
        value = _day(year, int(found[1]), int(found[2])) if found[2] else _month(year, int(found[1]))
        return (found.end(), value) if value else None
    if (found := _REST_DAY_WORD.match(tail)) and (month := months(found[2])):
        value = _day(year, month, int(found[1]))
        return (found.end(), value) if value else None
    if (found := _REST_WORD.match(tail)) and (month := months(found[1])):
        value = _day(year, month, int(found[2]))
        return (found.end(), value) if value else None
    if found := _REST_M.match(tail):
        return found.end(), _month(year, int(found[1]))
    if (found := _REST_WORD_MONTH.match(tail)) and (month := months(found[1])):
        return found.end(1), _month(year, month)
    return None


def _han(text: str) -> int:
    """一 → 1, 十二 → 12, 三十一 → 31."""
    if "十" not in text:
        return int("".join(_HAN[char] for char in text))
    tens, _, ones = text.partition("十")
    return 10 * (int(_HAN[tens]) if tens else 1) + (int(_HAN[ones]) if ones else 0)


def _eras(text: str) -> Iterator[Mention]:
    for found in _ERA.finditer(text):
        year = _ERA_ZERO[found[1]] + (1 if found[2] == "元" else int(found[2]))
        month, day = int(found[3]), found[4]
        value = _day(year, month, int(day)) if day else _month(year, month)
        if value and 1995 <= year < 2050:
            yield Mention(found.start(), found.end(), (value,))
    for found in _HAN_YEAR.finditer(text):
        year = int("".join(_HAN.get(char, char) for char in found[1]))
        month = _han(found[2])
        value = _day(year, month, _han(found[3])) if found[3] else _month(year, month)
        if value:
            yield Mention(found.start(), found.end(), (value,))


def _short(text: str, months: Months) -> Iterator[Mention]:
    """Dates with a year of two digits: "16.10.19", "25-Sep-19", "May 4, '21"."""
    for run in _SHORT_DAY.finditer(text):
        if found := _SHORT.match(text, run.start()):
            if found[1]:
                first, second, third = int(found[1]), int(found[3]), int(found[4])
                readings = _swappable(first, second, 2000 + third) if third < 50 else ()
            else:
                readings = _named_day(found[5], months(found[6]), found[7])
            yield from _within_reach(found, readings)
    for found in _SHORT_WORD.finditer(text) if "'" in text or "’" in text else ():
        yield from _within_reach(found, _named_day(found[2], months(found[1]), found[3]))


def _named_day(day: str, month: int, year: str) -> tuple[str, ...]:
    return (_day(2000 + int(year), month, int(day)),) if month else ()


def _within_reach(found: re.Match[str], readings: tuple[str, ...]) -> Iterator[Mention]:
    if readings and readings[0] and "1995" <= readings[0][:4] < "2050":
        yield Mention(found.start(), found.end(), readings)


def no_days(head: str) -> tuple[int, int]:
    """For languages whose days in words are not known."""
    return 0, 0


def _with_day(folded: str, mention: Mention, reach: int, days: Days) -> Mention:
    """The month of a date with the day written out before it, where there is one."""
    if len(mention.value) != 7:
        return mention
    head_from = max(reach, mention.start - 40)
    number, at = days(folded[head_from : mention.start])
    value = _day(int(mention.value[:4]), int(mention.value[5:]), number) if number else ""
    return Mention(head_from + at, mention.end, (value,)) if value else mention


def mentions(folded: str, months: Months, *, short: bool = True, days: Days = no_days) -> list[Mention]:
    """Every date written in a folded clause (see `fold`), in order, none overlapping.

    ``months`` gives 1–12 for a month's name, 0 for any other word. A year alone counts as a mention of
    year precision. ``short`` also reads years of two digits, ``days`` a day written out before the month."""
    found: list[Mention] = []
    reach = 0
    for year in _YEAR.finditer(folded):
        if year.start() < reach:
            continue
        value = int(year[0])
        if value >= 2540:  # Buddhist era, printed in Thailand
            value -= 543
        head_from = max(reach, year.start() - 40)
        head = folded[head_from : year.start()]
        tail = folded[year.end() : year.end() + 30]
        before = _before(head, value, months)
        after = _after(tail, value, months)
        if _CLOCK.match(tail, after[0] if after else 0):
            reach = year.end() + (after[0] if after else 0)
            continue  # a machine's time stamp, not a stated date
        if before and (after is None or len(before[1][0]) >= len(after[1])):
            mention = Mention(head_from + before[0], year.end(), before[1])
            mention = _with_day(folded, mention, reach, days)
        elif after:
            mention = Mention(year.start(), year.end() + after[0], (after[1],))
        else:
            mention = Mention(year.start(), year.end(), (f"{value:04}",))
        found.append(mention)
        reach = mention.end
    if not folded.isascii() and any(
        mark in folded for mark in ("令和", "平成", "民國", "民国", "二〇", "二零", "二○")
    ):
        found.extend(_eras(folded))
    if short:
        found.extend(_short(folded, months))
    found.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[Mention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def swapped(value: str) -> str:
    """The same numbers with day and month exchanged, "" where that is no date."""
    year, month, day = value.split("-")
    return _day(int(year), int(day), int(month))


def days_of(names: Sequence[str]) -> Days:
    """A look-up of the days written out, 1 to 31, each with its forms between slashes."""
    table = {form: number for number, forms in enumerate(names, 1) for form in forms.split("/")}
    if not table:
        return no_days
    longest_first = "|".join(sorted((form.replace(" ", r"[\s-]") for form in table), key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)({longest_first})\s+(?:day\s+)?(?:of\s+|de\s+|di\s+|del\s+)?$")

    def day(head: str) -> tuple[int, int]:
        found = pattern.search(head)
        return (table[re.sub(r"[\s-]", " ", found[1])], found.start()) if found else (0, 0)

    return day


def months_of(tables: Mapping[str, int]) -> Months:
    """A look-up of month names that forgives a trailing full stop and a letter torn off by a PDF."""

    def month(word: str) -> int:
        word = word.strip(" .’'")
        value = tables.get(word, 0)
        if not value and len(word) > 2 and word[1] == " ":
            value = tables.get(word[0] + word[2:], 0) or tables.get(word[2:], 0)
        return value

    return month
