"""Rows of vendor, subprocessor and cookie lists that came, went or changed their first cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from storage.records import ClauseKind, Direction, Materiality, Op, PolicyKind, Topic
from watcher.compare.edit import Edit, World, fold
from watcher.compare.names import party_names
from watcher.compare.signals.hit import Hit

_VENDOR_HEAD = re.compile(
    r"sub-?processors?|vendors?|service providers?|third[- ]part(?:y|ies)|partners?|recipients?|processors?|sous-traitants?|prestataires?|destinataires?|"
    r"(?:unter)?auftragsverarbeiter|dienstleister|empfänger|drittanbieter|encargados|proveedores|fornitori|responsabili|fornecedores|subverwerkers?|leveranciers|analytics|hosting",
    re.IGNORECASE,
)
_COOKIE_HEAD = re.compile(r"cookie|\btrackers?\b|traceurs?\b|\bpixels?\b|\bsdks?\b|rastreador", re.I)
_LABEL = 70  # letters of a column's name
_COOKIE_NAME = re.compile(
    r"(?:cookie|tracker)?[ -]?(?:names?|ids?)|name of (?:the )?(?:cookie|tracker)|(?:nom|nombre|nome)(?: (?:du|de la|del|do|dei|des) (?:cookies?|traceur))?|(?:cookie-?)?name(?: des cookies)?|cookie-?naam|naam(?: (?:van de|cookie))?",
    re.IGNORECASE,
)
_KIND_LABEL = re.compile(
    r"categor|catégor|kategor|type|typ\b|tipo|soort|kind|purpose|finalit|zweck|doel", re.IGNORECASE
)
_KIND_OF_COOKIE = re.compile(
    r"(?:(?:strictly|absolutely|strictement|unbedingt|estrictamente|strettamente|estritamente|strikt) )?(?:necessary|essential|required|functional|functionality|performance|analytics?|statistics?|advertising|targeting|marketing|preferences?|security|session|persistent|"
    r"nécessaires?|fonctionnels?|notwendige?|erforderliche?|technische?|necesarias?|necessari|necessários|noodzakelijke?|first[- ]party|third[- ]party|local storage|session storage|html ?5.*|pixels?|http cookie|flash)(?:[ ,/&-]*(?:and|und|et|y|e|en|or)?[ ,/&-]*\w+){0,4}?(?:\s?(?:cookies?|trackers?|storage))?|[\w/ -]+\scookies|promotional\W.*|social.{0,20}",
    re.IGNORECASE,
)
_ID = re.compile(r"[\w*.$-]*(?:[a-z]_|_[a-z]|[a-z][A-Z]|\d[a-z]|[a-z]\d)[\w*.$-]*")
_KINDS_OF_RECIPIENT = re.compile(
    r"(?:categor\w*|catégories?|kategorie\w*|types?|arten?|categorías?|categorie\w*|soorten) (?:of |de |des |di |von |der |van )?(?:third[- ]part\w*|recipients?|destinataires?|empfänger\w*|destinatari\w*|ontvangers)",
    re.IGNORECASE,
)
_VENDOR_LABEL = re.compile(
    r"(?:(?:name|names|nom|nombre|nome|naam)(?: (?:of|des?|du|der|del?|van|do|da) (?:the |la |le |l')?(?:\w+ )?)?)?(?:third[- ]party |data |authori[sz]ed |external |service |cloud )?"
    r"(?:sub-?processors?|processors?|vendors?|service providers?|providers?|partners?|suppliers?|recipients?|third[- ]part(?:y|ies)|sub-?contractors?|importers?|entity|entity name|company|company name|legal entity|third[- ]party (?:name|service|provider|vendor)|"
    r"(?:sub-?processor|processor|vendor|provider|partner|supplier|recipient|service|subcontractor)(?: name)|sous-traitants?(?: ultérieurs?)?|prestataires?|partenaires?|destinataires?|société|fournisseurs?|(?:unter)?auftragsverarbeiter|dienstleister|anbieter|empfänger|unternehmen|partner|"
    r"encargados?|subencargados?|proveedor(?:es)?|destinatarios?|empresa|fornitor[ei]|destinatari[oi]|responsabil[ei]|società|fornecedor(?:es)?|subcontratantes?|subverwerkers?|verwerkers?|leveranciers?|ontvangers?|bedrijf)(?: names?)?"
    r"|(?:categor\w*|catégories?|kategorie\w*) (?:of |de |des |von |der |van )?(?:third[- ]part\w*|recipients?|destinataires?|empfänger\w*|destinatari\w*|ontvangers)",
    re.IGNORECASE,
)
_NAME_LABEL = re.compile(
    r"names?|nom|nombre|nome|naam|service|tool|dienst|outil|servicio|servizio|serviço", re.IGNORECASE
)
_NO_VENDOR = re.compile(
    r"(?:third[- ]part(?:y|ies)(?: (?:services?|providers?|service providers?))?|service providers?|our \w+|vendors?|partners?|processors?)$|(?:art(?:\.|icles?|ículos?|icolo|ikel|igos?)|§|section|abschnitt|nous|we|you|your)\b",
    re.IGNORECASE,
)
_DATA_WORDS = re.compile(
    r"\b(?:data|information|identifiers?|polic(?:y|ies)|purposes?|analytics|categor(?:y|ies)|advertising|marketing|security|cookies?|links?|details|history|contact|device|usage|images?|"
    r"données|informations|finalités?|daten|informationen|zwecke?|datos|información|dati|informazioni|dados|informações|gegevens|role|controllers?|consent|legal|right|age|no|yes)\b",
    re.IGNORECASE,
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
    r"(?:names?|ids?|purposes?|types?|categor(?:y|ies)|collected|processors?|vendors?|providers?|partners?|cookies?|company|entity|recipients?|providers?|description|location|country|duration|expiry)"
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
    row, heads = edit.after or edit.before, " ".join(edit.section)
    if _is_cookie(row, heads, world):
        read = _cookie
    elif listed or (edit.kind is ClauseKind.ROW and _lists_vendors(row, heads, world)):
        read = _vendor
    else:
        return
    name, old = read(row), read(edit.before) if edit.op is Op.MODIFIED else ""
    if not name or _heads_a_column(name, world) or _is_header(row):
        return
    if edit.op is Op.MODIFIED and (not old or fold(old) == fold(name)):
        return
    gone = [name] if edit.op is Op.REMOVED else [old] if old else []
    new = [] if edit.op is Op.REMOVED else [name]
    if read is _cookie:
        yield Hit(
            "cookie-row", "tables", (Topic.COOKIES,), Materiality.MEDIUM,
            f"cookie or tracker: {_told(gone, new)}", exact=True,
            subject="cookie or tracker", gone=tuple(gone), new=tuple(new),
        )  # fmt: skip
        return
    subject = "recipient" if _KINDS_OF_RECIPIENT.match(row) else ""
    hit = vendor(edit, world, gone, new, subject=subject)
    yield hit
    if new and not subject and _AI.search(edit.new):
        yield replace(hit, rule="ai-vendor", topics=(Topic.AI,), severity=Materiality.HIGH,
                      says=f"AI provider: {_told(gone, new)}", subject="AI provider")  # fmt: skip


def vendor(edit: Edit, world: World, gone: list[str], new: list[str], *, subject: str = "") -> Hit:
    """The fact that vendors came or went, however they are printed; in a list of subprocessors it weighs most."""
    listed = world.kind in (PolicyKind.SUBPROCESSORS, PolicyKind.DPA)
    entry = edit.kind in (ClauseKind.ROW, ClauseKind.ITEM) or _entry(edit, world)
    ai = bool(new) and not subject and edit.kind is ClauseKind.ROW and bool(_AI.search(edit.new))
    subject = subject or ("subprocessor" if listed else "vendor")
    direction = Direction.UNCLEAR if gone and new else Direction.WORSE if new else Direction.BETTER
    return Hit(
        "vendor-row", "tables", (Topic.SHARING,), Materiality.HIGH if (listed and entry) or ai else Materiality.MEDIUM,
        f"{subject}: {_told(gone, new)}", direction, exact=True,
        subject=subject, gone=tuple(gone), new=tuple(new),
    )  # fmt: skip


def _is_cookie(row: str, heads: str, world: World) -> bool:
    if world.kind is PolicyKind.COOKIES:
        return ";" in row or _ID.search(row) is not None
    return bool(_COOKIE_HEAD.search(heads) and _COOKIE_LIFE.search(row))


def _lists_vendors(row: str, heads: str, world: World) -> bool:
    """Is this a row of a list of vendors: by the name of its first column, or, where it has none, by its headings?"""
    first = _cells(row)[0]
    if first[0]:
        return bool(
            _VENDOR_LABEL.fullmatch(first[0])
            or (_NAME_LABEL.fullmatch(first[0]) and _of_vendors(row, heads, world))
        )
    return _of_vendors(row, heads, world) and not _DATA_WORDS.search(first[1])


def _of_vendors(row: str, heads: str, world: World) -> bool:
    return world.kind in (PolicyKind.SUBPROCESSORS, PolicyKind.DPA) or _VENDOR_HEAD.search(heads) is not None


def _cells(row: str) -> list[tuple[str, str]]:
    """Label and content of each cell; the label is "" where the table has none."""
    found = []
    for cell in re.split(r";\s|;$|\s[–—-]\s", row.replace("### ", "")):
        label, colon, text = cell.partition(": ")
        found.append((label.strip(), text.strip()) if colon and len(label) <= _LABEL else ("", cell.strip()))
    return found


def _cookie(row: str) -> str:
    """The cookie's own name: the cell of that name, else the first that looks like one; "" for a kind of cookies."""
    cells = _cells(row)
    for label, text in cells:
        if text and label and _COOKIE_NAME.fullmatch(label):
            return text
    label, text = cells[0]
    if text.isdigit() or _VENDOR_LABEL.fullmatch(label):
        return ""
    if _KIND_LABEL.search(label) or _KIND_OF_COOKIE.fullmatch(text):
        return next((t for _, t in cells[1:] if _ID.fullmatch(t)), "")
    return text


def _vendor(row: str) -> str:
    """The name in the first cell, or at the head of a line; "" where it is no name."""
    name = _name(row)
    sentence = name.endswith((":", ".", "?")) and not party_names(name)
    return "" if sentence or not _is_name(name) or _NO_VENDOR.match(name) else name


def _is_header(row: str) -> bool:
    """ "Cookie ID; Purpose": every cell names a column."""
    cells = [text for _, text in _cells(row)]
    return len(cells) > 1 and all(_COLUMN.fullmatch(text) for text in cells if text)


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


def _told(gone: list[str], new: list[str]) -> str:
    old, fresh = ", ".join(dict.fromkeys(gone)), ", ".join(dict.fromkeys(new))
    if old and fresh:
        return f"{old} → {fresh}"
    one = len(set(gone + new)) == 1
    return f"{fresh} appear{'s' if one else ''}" if fresh else f"{old} {'is' if one else 'are'} gone"
