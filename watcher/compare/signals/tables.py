"""Rows of vendor, subprocessor and cookie lists that came, went or changed their first cell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, fold
from watcher.compare.signals.hit import Hit

_VENDOR_HEAD = re.compile(
    r"sub-?processors?|vendors?|service providers?|third[- ]part(?:y|ies)|partners?|recipients?|processors?|sous-traitants?|prestataires?|destinataires?|"
    r"(?:unter)?auftragsverarbeiter|dienstleister|empfänger|drittanbieter|encargados|proveedores|fornitori|responsabili|fornecedores|subverwerkers?|leveranciers|analytics|hosting",
    re.IGNORECASE,
)
_COOKIE_HEAD = re.compile(
    r"cookies?|trackers?|traceurs?|pixels?|expir|durée|laufzeit|lifespan|duration|\bsdk", re.I
)
_AI = re.compile(
    r"\bai\b|artificial intelligence|openai|anthropic|machine learning|\bki\b|intelligence artificielle|llm|gpt",
    re.I,
)
_ENTRY = 50  # words of an entry that is no table row
_ENTRY_HEAD = re.compile(
    r"(?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:\s[A-ZÀ-Þ&][\w&.'’-]*){0,5})(?:,\s(?:[A-ZÀ-Þ][\w.'’ -]{1,30},?\s?){1,3}|\s?\([^)]{2,40}\)\s?):\s"
)
_LIST_HEAD = re.compile(
    r"sub-?processors?|sous-traitants ultérieurs|unterauftrags(?:verarbeiter|nehmer)|sub-?encargados|sub-?responsabili|subcontratantes|subverwerkers",
    re.IGNORECASE,
)
_PLAIN_ENTRY = re.compile(r"(?P<name>[A-ZÀ-Þ][\w&.'’-]*(?:\s[A-ZÀ-Þ&][\w&.'’-]*){0,3})\s?[:–—]\s")
_NAME_WORDS = 6
_COLUMN = re.compile(
    r"(?:(?:cookies?|trackers?|tools?|partners?|vendors?|processors?|providers?|sub-?processors?|third[- ]part(?:y|ies)|company|data|service|category|categories|type) ?)?"
    r"(?:names?|purposes?|types?|categor(?:y|ies)|collected|processors?|vendors?|providers?|partners?|cookies?|company|entity|recipients?|providers?|description|location|country|duration|expiry)"
    r"|(?:nom|finalités?|durée|prestataires?|sous-traitants?|destinataires?|catégories?)(?: (?:du|de la|des) \w+)?|name(?: des \w+)?|zweck|anbieter|empfänger|dienstleister|nombre|finalidad|proveedor|nome|finalità|fornitore|finalidade|fornecedor|naam|doel|leverancier",
    re.IGNORECASE,
)
_COOKIE_LIFE = re.compile(
    r"(?:session|persistent|permanent|\d+\s?(?:days?|months?|years?|hours?|min\w*|jours?|mois|ans?|tage?|monate?|jahre?))\s*(?:;|$)",
    re.I,
)


def tables(edit: Edit, world: World) -> Iterator[Hit]:
    """A vendor or a cookie appears or goes; a subprocessor in a list of subprocessors weighs most."""
    listed = _entry(edit, world)
    if edit.kind is not ClauseKind.ROW and not listed:
        return
    name = _name(edit.after or edit.before)
    if not name or _heads_a_column(name, world):
        return
    old = _name(edit.before) if edit.op is Op.MODIFIED else ""
    if edit.op is Op.MODIFIED and fold(old) == fold(name):
        return
    gone = (name,) if edit.op is Op.REMOVED else (old,) if old else ()
    new = () if edit.op is Op.REMOVED else (name,)
    heads = " ".join((*edit.section, edit.after or edit.before))
    if world.kind is PolicyKind.COOKIES or (
        _COOKIE_HEAD.search(" ".join(edit.section)) and _COOKIE_LIFE.search(edit.after or edit.before)
    ):
        told = f"cookie or tracker: {_told(edit.op, old, name)}"
        yield Hit(
            "cookie-row", "tables", (Topic.COOKIES,), Materiality.MEDIUM, told, exact=True,
            subject="cookie or tracker", gone=gone, new=new,
        )  # fmt: skip
    elif _is_name(name) and (
        world.kind in (PolicyKind.SUBPROCESSORS, PolicyKind.DPA) or _VENDOR_HEAD.search(heads)
    ):
        listed = world.kind in (PolicyKind.SUBPROCESSORS, PolicyKind.DPA)
        ai = edit.op is not Op.REMOVED and bool(_AI.search(edit.new))
        severity = Materiality.HIGH if listed or ai else Materiality.MEDIUM
        told = f"{'subprocessor' if listed else 'vendor'}: {_told(edit.op, old, name)}"
        topics = (Topic.SHARING,)
        direction = (
            Direction.WORSE
            if edit.op is Op.ADDED
            else Direction.BETTER
            if edit.op is Op.REMOVED
            else Direction.UNCLEAR
        )
        yield Hit(
            "vendor-row", "tables", topics, severity, told, direction, exact=True,
            subject="subprocessor" if listed else "vendor", gone=gone, new=new,
        )  # fmt: skip
        if ai:
            yield Hit(
                "ai-vendor",
                "tables",
                (Topic.AI,),
                severity,
                f"AI provider: {_told(edit.op, old, name)}",
                direction,
                exact=True,
                subject="AI provider",
                gone=gone,
                new=new,
            )


def _entry(edit: Edit, world: World) -> bool:
    """An entry of a list of subprocessors that is written as an item or a line: "Acme Ltd, Oslo, Norway: hosting"."""
    short = edit.kind is ClauseKind.ITEM and edit.size <= _ENTRY
    if (
        short
        and _LIST_HEAD.search(" ".join(edit.section[-1:]))
        and _PLAIN_ENTRY.match(edit.after or edit.before)
    ):
        return True
    if world.kind is PolicyKind.SUBPROCESSORS and edit.kind is ClauseKind.ITEM:
        return edit.size <= 25
    return (
        world.kind in (PolicyKind.SUBPROCESSORS, PolicyKind.DPA)
        and edit.kind in (ClauseKind.ITEM, ClauseKind.PARAGRAPH)
        and edit.size <= _ENTRY
        and bool(
            _VENDOR_HEAD.search(" ".join(edit.section[-1:])) and _ENTRY_HEAD.match(edit.after or edit.before)
        )
    )


def _heads_a_column(name: str, world: World) -> bool:
    """The first cell of a row of headers: "Processor", "Tool name"."""
    return fold(name) in world.labels or _COLUMN.fullmatch(name) is not None


def _is_name(cell: str) -> bool:
    """A vendor's name has few words, or capital letters; a purpose has neither: "Creating your account"."""
    words = cell.split()
    if len(words) > 1 and words[0].lower().endswith("ing"):
        return False
    long = [w for w in words if len(w) > 3]
    return len(words) <= _NAME_WORDS or 2 * sum(w[0].isupper() for w in long) >= len(long)


def _name(row: str) -> str:
    """The first cell's content: a row reads "Header: cell; Header: cell" or plain cells; of a line, its first name."""
    entry = _ENTRY_HEAD.match(row) or (None if ";" in row else _PLAIN_ENTRY.match(row))
    if entry:
        return entry["name"].strip()
    cell = re.split(r";|\s[–—-]\s", row)[0].strip()
    return cell.split(": ", 1)[-1].strip()


def _told(op: Op, old: str, name: str) -> str:
    if op is Op.ADDED:
        return f"{name} appears"
    return f"{name} is gone" if op is Op.REMOVED else f"{old} → {name}"
