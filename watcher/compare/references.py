"""Numbering and cross-references: "Section 4.2", "Anhang II", "§ 7 (1)", "(b)" say where, never what."""

from __future__ import annotations

import re

from watcher.compare.edit import Edit

_REFERENCE = re.compile(
    r"\b(?:sub-?)?(?:sections?|clauses?|articles?|paragraphs?|parts?|annex(?:es)?|appendix|schedules?|chapters?|points?|"
    r"abschnitte?s?|ziffern?|artikels?|absatz|abs|punkte?n?|kapitel|anhang|anhänge|anlagen?|nr|n[.°º]{1,2}|"
    r"rubriques?|chapitres?|annexes?|secci[oó]n|cl[aá]usulas?|art[ií]culos?|sezion[ei]|articol[oi]|se[cç][aã]o|artigos?|hoofdstuk|bijlagen?|punt[oi]?|puntos|pontos?|apartados?|anexos?|allegat[oi]|paragraf[oi]|parágrafos?|lid|leden|art)\b\.?"
    r"(?:\s?(?:[§\d][\d.]*[a-z]?|[IVXLC]{1,5}\b|\([a-z\d]{1,4}\)|[a-z]\)|[A-Z]\b)(?:\s?(?:,|and|or|et|ou|und|oder|to|bis|à|–|-|/|e|y|en)\s?(?=[\d(]|[IVX]{1,5}\b))?)*"
    r"|§+\s?\d[\d.a-z]*(?:\s?\([\da-z]{1,4}\))?"
    r"|(?<!\w)\(?(?:\d{1,2}(?:\.\d{1,2}){1,4}|[ivxl]{1,5}|[a-z]|\d{1,2})[.)](?=\s|$)|(?<!\w)\([a-z\d]{1,4}\)",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"\(?\d{1,2}(?:\.\d{1,2}){1,3}[.)]?")


def references_out(text: str) -> str:
    return _REFERENCE.sub(" ", text)


def only_references(text: str) -> bool:
    """Is there no word beside references and numbers of sections? Mostly decided at the first word."""
    at = 0
    while at < len(text):
        match = _REFERENCE.match(text, at)
        if match and match.end() > at:
            at = match.end()
        elif text[at].isalnum():
            return False
        else:
            at += 1
    return True


def only_numerals(edit: Edit) -> bool:
    """Section numbers that came into or left the text, nothing else: "1.2 … 1.3"."""
    runs = [run.strip() for pair in edit.pairs for run in pair if run.strip()]
    one_sided = all(not gone.strip() or not new.strip() for gone, new in edit.pairs)
    return bool(runs) and one_sided and all(_NUMERAL.fullmatch(run) for run in runs)
