"""Short lines that are furniture by their words alone: print, share, back to top, was this helpful.

Each pattern must match the whole line. The words are what such controls say everywhere, in the languages
of `watcher.extract.language` that this project reads most; a sentence of a policy is none of them.
"""

from __future__ import annotations

import re

_CONTROLS = r"""
 (?:please\s)?(?:print|download|save|view|open|display)(?:\s(?:this|the|as|a|our|in|to|and|or|/|page|policy|document|
    version|copy|pdf|file|terms|printable|it|print|download|save|full))*
|(?:printable|printer[-\s]friendly|pdf)(?:\s(?:version|copy|file|download|format))?
|(?:imprimer|télécharger|enregistrer|afficher)(?:\s(?:et|ou|la|le|les|en|au|ce|cette|format|version|page|document|pdf|
    imprimer|enregistrer|télécharger|ici))*
|(?:zum\s|als\s|hier\s)?(?:druck|druckversion|drucken|speichern|herunterladen|download|pdf)(?:\s(?:und|oder|als|zum|pdf|
    datei|drucken|speichern|anzeigen|herunterladen|–|-|/))*
|(?:imprimir|descargar|stampa|scarica|baixar)(?:\s(?:esta|este|el|il|la|pdf|en|in|página|pagina))*
|(?:share|tweet|partager|teilen|compartir|condividi|compartilhar|delen)(?:\s(?:this|on|via|sur|auf|en|page|article|
    facebook|twitter|x|linkedin|whatsapp|email|:))*
|(?:copy|copied|copier|kopieren)(?:\s(?:the|link|url|le|lien|to|clipboard|!))*
|(?:back|return|scroll)\s(?:to\s)?(?:the\s)?(?:top|home|homepage|menu|main\smenu)|top|back|go\sback|to\s(?:the\s)?top
|(?:retour|haut\sde\s(?:la\s)?page|retour\sen\shaut|retour\sà\sl['’]accueil|nach\soben|zurück|zum\sseitenanfang|
    volver(?:\sarriba)?|arriba|torna\ssu|indietro|voltar(?:\sao\stopo)?|terug(?:\snaar\sboven)?)
|(?:skip|jump)\sto\s(?:the\s)?(?:main\s)?(?:content|navigation|menu|footer)|aller\sau\scontenu|zum\sinhalt(?:\sspringen)?
|(?:was|is)\sthis\s(?:page|article|information|content|answer)?\s?(?:helpful|useful)|did\s(?:this|you)\s.{0,40}
    (?:answer\syour\squestion|find\swhat\syou.{0,30}|helpful)|(?:cet\sarticle|cette\spage)\s.{0,25}(?:utile|aidé)
|war\sdies(?:er\sartikel|e\sseite)?\s(?:hilfreich|nützlich)|(?:thanks|thank\syou)\sfor\syour\sfeedback
|\d+\s(?:out\sof|of|sur|von)\s\d+\s(?:found\sthis\shelpful|.{0,30}utile|.{0,30}hilfreich)
|(?:still\s)?(?:need|have)\s(?:more\s)?(?:help|questions)|contact\s(?:us|support)|submit\sa\srequest
|(?:show|see|view|read|learn|load|expand|collapse|hide|open|close)\s(?:more|less|all|details|the\sdetails|menu|full\stext|
    full\sversion|sidebar|navigation|everything|sections?)|(?:expand|collapse|close|menu|search|more|details|ok|got\sit)
|(?:voir|lire|afficher|en\ssavoir)\s(?:plus|moins|tout|la\ssuite|les\sdétails)|(?:mehr|weniger)\s(?:anzeigen|lesen|erfahren)
|(?:weiterlesen|weitere\sinformationen|fermer|schließen|cerrar|chiudi|fechar|sluiten|rechercher|suche|menü)
|(?:log|sign)[-\s]?(?:in|up|out)(?:\snow|\sfree)?|(?:create|open)\s(?:an?\s)?(?:free\s)?account|join\s(?:now|free|us|today)
|(?:get\sstarted|try\s(?:it\s)?(?:for\s)?free|start\s(?:for\s)?free|register(?:\snow)?|forgot\s(?:your\s)?password)
|(?:se\sconnecter|connexion|inscription|s['’]inscrire(?:\sgratuitement)?|anmelden|einloggen|registrieren|iniciar\ssesión)
|(?:follow|find|join)\sus(?:\s(?:on|at))?(?:\s\w+)?|suivez[-\s]nous|folgen?\s(?:sie\s)?uns
|(?:available|download|get\sit|get\sthe\sapp)\s(?:on|in|from|at)?\s?(?:the\s)?(?:app\sstore|google\splay|app)
|app\sstore|google\splay|loading|please\swait|chargement(?:\sen\scours)?|wird\sgeladen|lädt
|(?:select|choose|change)\s(?:your\s|a\s)?(?:language|country|region)|language|langue|sprache|idioma|lingua|taal
|\d{1,3}\s?(?:min|minute|minutes)(?:\s(?:read|de\slecture|lesezeit))?
|(?:accept|reject|allow|decline|refuse|deny)(?:\sall)?(?:\s(?:cookies|optional\scookies))?|cookie\s(?:settings|preferences)
|(?:manage|customi[sz]e)\s(?:cookies|preferences|consent|cookie\s(?:settings|preferences))|tout\s(?:accepter|refuser)
|(?:alle\s)?(?:cookies\s)?(?:akzeptieren|ablehnen)|paramétr(?:er|age)(?:\sdes\scookies)?
|(?:you\sare\s(?:currently\s)?offline|your\s(?:internet\s)?connection\s.{0,30}slow|try\sagain|an?\serror\s(?:has\s)?occurred)
    .{0,60}
|(?:please\s)?enable\sjavascript.{0,80}|javascript\s(?:is|must\sbe|has\sbeen)\s.{0,80}
|your\sbrowser\s(?:is|does|has).{0,80}
"""
_CONTROL = re.compile(rf"(?:{_CONTROLS})\W*", re.X)  # of a line in lower case
_LONGEST = 120

_CONTENTS = re.compile(
    r"(?:table\s+of\s+)?contents|in\s+this\s+(?:article|page|policy|document|section)|on\s+this\s+page|"
    r"jump\s+to(?:\s+(?:a\s+)?section)?|quick\s+links|index|sommaire|table\s+des\s+mati[eè]res|inhalt|"
    r"inhaltsverzeichnis|inhaltsübersicht|auf\s+dieser\s+seite|índice|contenido|indice|sommario|inhoud|"
    r"inhoudsopgave|spis\s+treści|innehåll|conteúdo|overview|übersicht",
    re.I,
)
_NAMED = re.compile(
    r"table\s+of\s+contents|table\s+des\s+mati[eè]res|sommaire|inhaltsverzeichnis|índice|inhoudsopgave|spis\s+treści|"
    r"in\s+this\s+article|on\s+this\s+page|auf\s+dieser\s+seite",
    re.I,
)
_CONSENT = re.compile(
    r"(?:we|our\s+partners|site|nous|partenaires|wir)\b.{0,80}\b(?:use|utilis\w+|verwende\w*|nutze\w*)\b.{0,60}"
    r"(?:cookies?|trackers?|traceurs?).{0,600}\b(?:accept|agree|allow|reject|settings|preferences|learn\s+more|browsing|"
    r"consent|accept\w+|refus\w+|paramétr\w+|zustimm\w+|akzeptier\w+|einstellungen|ablehnen)",
    re.I | re.S,
)
_SPOKEN_OF = ("window", " tab", "onglet", "fenêtre", "enster", "ventana", "pestaña", "xternal ")
_SPOKEN = re.compile(
    r"[(\[]?\s?(?:(?:this\s+link\s+)?(?:link\s+)?opens?\s+(?:up\s+)?in\s+(?:a\s+)?new\s+(?:window|tab)|"
    r"opens\s+a\s+new\s+(?:window|tab)|opens\s+an?\s+external\s+(?:website|site)(?:\s+in\s+a\s+new\s+window)?|"
    r"(?:ouvre|s['’]ouvre|ouverture)\s+(?:dans\s+)?une?\s+nouvel(?:le)?\s+(?:fenêtre|onglet)|"
    r"öffnet\s+(?:sich\s+)?(?:in\s+)?(?:einem?\s+)?neue[smnr]*\s+(?:fenster|tab)|"
    r"se\s+abre\s+en\s+una\s+(?:ventana|pestaña)\s+nueva|external\s+link)\s*[)\]]?",
    re.I,
)


def is_control(text: str) -> bool:
    """Whether a whole line is a control or a status message of the page, not of the policy."""
    return len(text) <= _LONGEST and _CONTROL.fullmatch(text.lower()) is not None


def heads_contents(text: str) -> bool:
    """Whether a line is the heading of a table of contents."""
    return len(text) < 60 and _CONTENTS.fullmatch(text.rstrip(" :.")) is not None


def names_contents(text: str) -> bool:
    """Whether a line can be nothing but the heading of a table of contents, wherever its entries went."""
    return len(text) < 40 and _NAMED.fullmatch(text.rstrip(" :.")) is not None


def speaks_of_consent(text: str) -> bool:
    """Whether a text asks for consent to cookies as banners do."""
    return len(text) < 1_500 and _CONSENT.search(text) is not None


def unspoken(text: str) -> str:
    """``text`` without what only screen readers say of links ("opens in a new window")."""
    for told in _SPOKEN_OF:
        if told in text:
            return " ".join(_SPOKEN.sub("", text).split())
    return text
