"""Page furniture that slipped through the reader: no sentence of a policy, whoever put it on the page.

Languages: en, fr, de, es, it, pt, nl. A text counts as furniture only when nothing is left once the known phrases
are taken out, so a real clause is never swallowed.
"""

from __future__ import annotations

import re

from storage.records import ClauseKind, Op
from watcher.compare.edit import Edit, fold, words_of

_PHRASES = (
    r"(?:download|get it|available|now) on (?:the )?(?:app store|google play)|app store|google play(?: store)?|download (?:the|our) app|get the app|télécharger (?:l'app(?:lication)?)|jetzt (?:bei google play|im app store)|app herunterladen|laden im app store",
    r"\(?\s?(?:opens?|links? opens?) in (?:a )?new (?:window|tab)\s?\)?|\(?\s?ouvre (?:dans )?une nouvelle fenêtre\s?\)?|\(?nouvelle fenêtre\)?",
    r"\(?\s?öffnet (?:in einem neuen|ein neues|in neuem) (?:fenster|tab)\s?\)?|\(?se abre en (?:una )?(?:ventana nueva|nueva ventana)\)?|\(?si apre in una nuova finestra\)?|\(?abre (?:em|numa) (?:uma )?nova janela\)?|\(?opent in een nieuw venster\)?",
    r"(?:click here to )?(?:print|save|download)(?:,? (?:or|and|\/)? ?(?:print|save|download))*(?: (?:this|the) (?:page|document|policy|text))?(?: (?:as|in))?(?: (?:a )?pdf)?(?:[ -]?(?:file|version|document))?",
    r"(?:imprimer|enregistrer|télécharger)(?: (?:ou|et) (?:imprimer|enregistrer|télécharger))*(?: (?:cette page|le document))?(?: (?:en|au|comme))?(?: format)?(?: ?pdf)?|(?:als pdf )?(?:drucken|speichern|herunterladen)(?: (?:und|oder) (?:drucken|speichern|herunterladen))*(?: als pdf(?:-datei)?)?|pdf",
    r"(?:learn|read|see|show|view|find out|load) (?:more|less|all)(?: here)?|(?:click|tap|see|read) here|en savoir plus|mehr (?:erfahren|lesen|anzeigen)|weiterlesen|más información|leer más|saber más|scopri di più|leggi di più|saiba mais|lees meer|meer weten",
    r"back to (?:the )?(?:top|home ?page|overview)|return to top|skip to (?:main )?content|retour (?:en haut|à l'accueil)|haut de page|nach oben|zurück(?: zur übersicht| nach oben)?|zum inhalt springen|volver arriba|torna su|voltar ao topo|naar boven",
    r"table of contents|contents|on this page|in this (?:article|policy|document)|jump to(?: section)?|sommaire|table des matières|inhalts(?:verzeichnis|übersicht)|inhalt|auf dieser seite|índice|contenido|indice|sommario|conteúdo|inhoud(?:sopgave)?",
    r"(?:share|tweet|follow(?: us)?|like us|pin it)(?: (?:this|on|via|to))?(?: (?:facebook|twitter|x|linkedin|instagram|whatsapp|email|pinterest|youtube|tiktok))*|partager(?: sur \w+)?|teilen|compartir|condividi|compartilhar|delen",
    r"(?:sign|log)[ -]?(?:in|up|out)|register(?: now)?|join (?:now|for free|today)|get started(?: (?:now|for free))?|start (?:now|here|free trial)|try (?:it )?(?:for )?free|connexion|inscription|s'inscrire|se connecter|anmelden|registrieren|jetzt (?:anmelden|registrieren|kostenlos testen)|einloggen|iniciar sesión|registrarse|accedi|iscriviti|entrar|inloggen",
    r"was this (?:article|page|information)? ?helpful\??|did this answer your question\??|rate this(?: article| page)?|\d+ (?:out )?of \d+ found this helpful|have more questions\??(?: submit a request)?|submit a request|cet article vous a-t-il été utile ?\??|war dieser (?:artikel|beitrag) hilfreich\??|¿te ha resultado útil\??|yes|no|oui|non|ja|nein|👍|👎",
    r"(?:related|recent|popular|recommended|more) (?:articles|posts|links|topics|content|reading|pages|stories)(?: in this section)?|recently viewed articles|you (?:may|might) also (?:like|be interested in)|articles (?:liés|similaires|associés)|verwandte (?:artikel|beiträge|themen)|artículos relacionados|articoli correlati|artigos relacionados|gerelateerde artikelen",
    r"(?:accept|reject|decline|allow|refuse|manage|confirm)(?: all| my)?(?: (?:cookies|choices|preferences|settings))?|cookie (?:settings|preferences)|(?:tout |alle(?:s)? )?(?:accepter|refuser|akzeptieren|ablehnen)(?: tout)?|paramètres des cookies|cookie-einstellungen",
    r"home ?page|home|menu|search|close|next|previous|accueil|rechercher|fermer|suivant|précédent|startseite|suche|schließen|weiter|inicio|buscar|cerrar|cerca|chiudi|início|fechar|zoeken|sluiten|help|faq|sources?|history|blog|careers?|press|about(?: us)?|sitemap|imprint|impressum|newsletter",
    r"(?:subscribe|sign up)(?: to| for)? (?:our )?(?:newsletter|updates|blog)|s'abonner(?: à la newsletter)?|newsletter abonnieren|your email(?: address)?|enter your email",
    r"all rights reserved|tous droits réservés|alle rechte vorbehalten|todos los derechos reservados|tutti i diritti riservati|todos os direitos reservados|(?:©|\(c\)|copyright)\s?(?:\d{4})?(?:\s?[-–]\s?\d{4})?",
    r"\d+ (?:min(?:ute)?s?|minuten) (?:read|lecture|lesezeit)|(?:views?|likes?|shares?|comments?):? \d[\d,.]*|\d[\d,.]* (?:views?|likes?|shares?|comments?)",
    r"(?:english|français|deutsch|español|italiano|português|nederlands|polski|svenska|dansk|norsk|suomi|čeština|magyar|română|türkçe|русский|українська|日本語|한국어|中文|繁體中文|简体中文|العربية|עברית|ไทย)(?: \((?:\w|\s)+\))?",
    r"edit (?:on github|this page|source)|copy link|copied!?|permalink|link copied|image|icon|logo|photo|avatar|video|play|pause|loading(?:\.\.\.|…)?|please wait|javascript (?:is )?(?:disabled|required)",
    r"\[{0,2}\s?e-?mail[\s\xa0]protected\s?\]{0,2}|\[\s?protected e-?mail\s?\]",
)
_FURNITURE = re.compile(rf"(?<!\w)(?:{'|'.join(_PHRASES)})(?!\w)", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of contents|contents|on this page|sommaire|table des matières|inhalts(?:verzeichnis|übersicht)|índice|indice|sommario|inhoudsopgave)\W*$",
    re.I,
)
_BANNER = re.compile(
    r"^(?:(?:this (?:web)?site|we|our (?:web)?site) uses? cookies (?:and \w+ \w+ )?(?:to|so|for)|we value your privacy|we and our (?:\w+ ){0,2}partners (?:use|store|process)|nous utilisons des cookies pour|wir (?:verwenden|nutzen) cookies,? um|"
    r"(?:usamos|utilizamos) cookies para|utilizziamo (?:i )?cookie per|(?:wij|we) gebruiken cookies om|by (?:clicking|continuing)[^.]{0,60}(?:accept|agree|consent))",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"accept|partners use|trackers to|agree|click|settings|preferences|opt out|learn more|site work|accepte[rz]|clique|paramètr|akzept|einstellung|klick|acepta|accett|aceit|bon fonctionnement",
    re.I,
)
_POLICY_WORD = re.compile(
    r"personal|data\b|information|privacy|polic|terms|agree|contract|service|account|member|user|customer|\bmay\b|must|shall|will\b|rights?\b|law|legal|cookie|third|provid|collect|shar|purchas|pay|content|"
    r"subscri|notice|consent|costs?\b|fees?\b|pric|charg|keep|kept|stor(?:e|age)|uses?\b|used|send|delet|rent|request|liab|contact|email|address|\bwe\b|\bour\b|\bus\b|donn[ée]es|personnel|conditions|compte|utilisat|membre|droit|loi|nous|notre|nos\b|abonn|daten|nutz|konto|mitglied|recht|gesetz|vertrag|"
    r"\bwir\b|\buns|datos|servicio|cuenta|usuario|derech|ley|dati|servizi|utent|diritt|legge|dados|serviço|conta\b|usuári|direito|gegevens|dienst|gebruik|wet\b|%|[€$£]|\d{2}|"
    r"decisi|automat|emplead|solicit|suivi|désactiv|entscheid|beslis|encrypt|track|backup|secur|record(?:ed|ing)|train(?:ed|ing)|chiffr|conserv|effac|enregistr|oppos|peut|peuvent|pouvez|verschlüssel|"
    r"(?:ge)?lösch|speicher|aufnahm|kann\b|können|dürfen|darf|widerspr|cifra|borra|suprim|graba|almacen|compart|cede|puede|pued[eo]|"
    r"podem|nuestr|opon|crittograf|cancell|registra|condivid|può|possono|nostr[oaie]|oppors|apag|guard|armazen|partilh|pode\b|noss[oa]|"
    r"opor-se|gewist|wissen|bewaar|opgeslagen|opname|delen|versleutel|bezwaar|kunnen|\bkunt|\bwij\b|\bonze?\b",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"acknowledge?ments?|hall of fame|\bthanks\b|thank you|contributors|\bcredits\b|remerciements|danksagung|agradecimientos|ringraziamenti|agradecimentos|dankwoord",
    re.I,
)
_SENTENCE = 6  # words from which a clause is a sentence
_MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]{0,200})?/?>|&(?:[a-z]{2,6}|#\d{2,4});", re.IGNORECASE)


def furniture(edit: Edit) -> str:
    """ "page furniture" with the words that gave it away, or ""."""
    runs = [side for pair in edit.pairs for side in pair if fold(side)]
    if (
        _MARKUP.search(edit.before + edit.after)
        and edit.op is Op.MODIFIED
        and _bare(edit.before) == _bare(edit.after)
    ):
        return "page furniture: markup shown as text"
    if not runs:
        return ""
    if any(_CONTENTS.match(head) for head in edit.section[-1:]):
        return "table of contents"
    thanked = any(_THANKS.search(head) for head in edit.section[-1:])
    if thanked and all(len(words_of(run)) <= 6 and not _POLICY_WORD.search(run) for run in runs):
        return "page furniture: a name in a list of thanks"
    standing = edit.op is not Op.MODIFIED and edit.kind is ClauseKind.PARAGRAPH
    if standing and len(runs[0]) < 500 and _BANNER.search(runs[0]) and _CHOICE.search(runs[0]):
        return "page furniture: cookie banner"
    if any(len(words_of(run)) > 14 for run in runs):
        return ""
    if edit.op is Op.MODIFIED and len(words_of(edit.after)) >= _SENTENCE and any(_alone(run) for run in runs):
        return ""  # "non", "video" or "help" inside a sentence is a word of it, no button
    left = [_FURNITURE.sub(" ", run) for run in runs]
    if any(fold(text) for text in left):
        return ""
    return f"page furniture: {runs[0][:40]}"


def _alone(run: str) -> bool:
    return len(words_of(run)) == 1 and fold(run) != "pdf"


def _bare(text: str) -> str:
    return fold(_MARKUP.sub(" ", text))
