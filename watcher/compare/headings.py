"""What a heading says it is about: the words by which documents call each subject, in seven languages.

Used twice: at run time on the section path of a changed clause, and by `scripts/learn_topics.py`, for which
headings are free labels of the clauses beneath them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from storage.records import Topic

HEADINGS: dict[Topic, str] = {
    Topic.COLLECTION: r"(?:information|data) (?:that )?(?:we|you) (?:may )?(?:collect|process|provide|receive|give|share with us)|(?:what|which) (?:\w+ ){0,2}(?:information|data)|information (?:collected|we)|collect(?:ion|ed)|types of (?:personal )?(?:data|information)|categories of (?:personal )?(?:data|information)|usage data|log data|location (?:data|information)|device information|données (?:que nous )?(?:collect|recueill|trait)|collecte|quelles données|welche (?:\w+ )?daten|erhebung|erhobene|datenerfassung|datos (?:que|personales que) recog|qué datos|recopil|dati raccolti|quali dati|raccolta|dados (?:que )?colet|coleta|recolha|welke gegevens|verzamelen|sensitive (?:personal )?information|biometric",
    Topic.PURPOSE: r"how we (?:use|process)|use of (?:your |the |personal )?(?:\w+ )?(?:information|data)|why we|purposes?|legal bas[ei]s|lawful bas|legitimate interest|grounds for|we use (?:your|the)|finalités?|bases? (?:légale|juridique)|utilis\w+ (?:de )?(?:vos|des|les) (?:données|informations)|pourquoi|zwecke?|rechtsgrundlage|wofür|finalidad|base (?:legal|jurídica|giuridica)|finalità|doeleinden|grondslag|marketing|advertising|publicité|werbung",
    Topic.SHARING: r"shar(?:e|ing)|disclos|who (?:\w+ ){0,3}(?:access|receive|see)|third[- ]part(?:y|ies)|recipients?|service providers?|sub-?processors?|partners|affiliates|law enforcement|partag|destinataires|communication (?:de|des|à)|tiers\b|prestataires|sous-traitants|weitergabe|empfänger|übermittlung an|auftragsverarbeiter|dritte\b|dienstleister|compart|destinatarios|terceros|condivi|destinatari|terzi|ontvangers|delen|derden",
    Topic.COOKIES: r"cookies?|trackers?|traceurs?|tracking|pixels?|beacons?|similar technolog|local storage|do not track|analytics",
    Topic.AI: r"artificial intelligence|machine learning|\bai\b|automated decision|profiling|algorithm|intelligence artificielle|profilage|décisions? automatisée|künstliche|automatisierte|\bki\b|recommend(?:er|ation) system",
    Topic.RIGHTS: r"(?:your|user|privacy|data subject|consumer|individual)\w* (?:\w+ ){0,3}(?:rights|choices|controls?)|rights?\b(?! reserved)|opt[- ]?out|access(?:ing)? (?:and|or|,|your)|portability|erasure|rectification|choices|california|ccpa|vos droits|droits? d|désinscription|ihre rechte|deine rechte|betroffenenrechte|rechte der|widerspruch|auskunft|derechos|diritti|direitos|rechten|complaint|unsubscrib",
    Topic.RETENTION: r"ret(?:ention|ain)|how long|storage period|delet(?:e|ion|ing) (?:\w+ )?(?:data|information)|conservation|durée|speicherdauer|aufbewahrung|löschung|speicherfrist|conservación|plazo|conservazione|retenção|bewaar",
    Topic.SECURITY: r"security|safeguard|protect(?:ing|ion of|)? (?:your|of|information)|secure|breach|encrypt|sécurité|sicherheit|seguridad|sicurezza|segurança|beveilig|technical and organi",
    Topic.TRANSFER: r"transfer|cross[- ]border|outside (?:the|of) (?:eu|eea|european)|privacy shield|data privacy framework|standard contractual|where (?:we|is|your) (?:\w+ ){0,3}stor|transfert|hors de l|drittl[aä]nd|drittstaat|übermittlung in|transferencia|trasferiment|transferência|doorgifte",
    Topic.CHILDREN: r"child|minors?\b|under (?:the age|1[3-8])|\bkids|coppa|teen|parent|enfant|mineur|kinder|minderj|menores|niñ|minori|bambin|crianç|age (?:limit|requirement|restriction)",
    Topic.CHANGE_NOTICE: r"chang(?:e|es|ing) (?:to|of|in) (?:\w+ ){0,4}(?:polic|terms|agreement|notice|statement|condition)|^changes$|^modifications?$|amendment|updates? (?:to|of) (?:\w+ ){0,3}(?:polic|terms|notice)|modifications? (?:de|des|du) |mise à jour d|évolution|änderung|aktualisierung|modificaci|cambios|modific|alterações|wijziging|revisions?",
    Topic.CONTACT: r"contact|how to reach|questions|who we are|about us|data (?:protection officer|controller)|\bdpo\b|controller|company information|imprint|nous contacter|contacter|qui sommes|responsable d|délégué|mentions légales|kontakt|verantwortlich|datenschutzbeauftragt|impressum|ansprechpartner|contáct|contatt|titolare|contato|responsável|verantwoordelijke|representative|notices?$",
    Topic.DISPUTES: r"disput|arbitrat|governing law|applicable law|jurisdiction|choice of law|venue|class action|jury|litige|différend|loi applicable|droit applicable|médiat|tribun|gerichtsstand|anwendbares recht|streitbeilegung|schlichtung|ley aplicable|jurisdicc|controversi|legge applicabile|foro|lei aplicável|geschil|toepasselijk recht|legal proceedings",
    Topic.LIABILITY: r"liabilit|indemn|warrant|disclaim|as is|force majeure|risk|responsabilité|garantie|haftung|gewährleistung|freistellung|responsabilidad|garantía|responsabilità|manleva|aansprakelijk|vrijwaring|release",
    Topic.PAYMENT: r"payment|fees?\b|pric(?:e|es|ing)|billing|refund|subscription|purchase|renew|charges|tax(?:es)?\b|trial|invoic|credits?\b|coins|premium|order|cancel(?:l)?ation|paiement|prix|tarif|factur|abonnement|rembours|rétractation|commande|zahlung|preis|gebühr|vergütung|abrechnung|abo\b|widerruf|bestell|pago|precio|suscripci|reembols|desistimiento|pagament|prezz|rimbors|recesso|abbonament|preço|assinatura|betaling|prijs|herroeping",
    Topic.CONTENT: r"content|intellectual property|copyright|trademark|licen[sc]e|ownership|dmca|submissions|feedback|contenus?|propriété intellectuelle|droits? d.auteur|licence|inhalte|urheberrecht|geistiges eigentum|nutzungsrechte|contenido|propiedad intelectual|contenut|proprietà intellettuale|conteúdo|propriedade intelectual|inhoud|intellectueel",
    Topic.CONDUCT: r"conduct|prohibit|acceptable use|restrict(?:ions|ed) (?:use|activ|uses)|restrictions|you (?:may|must|can|agree|shall) not|rules|communit|guidelines|your (?:responsib|obligation)|user obligations|(?:harass|abuse|spam|hate|violence|nudity|violat|safety|fraud|scam)|do not post|not allowed|moderation|report|comportement|règles|obligations (?:de|des|du) (?:l.)?(?:utilisateur|membre|client)|interdi|verhalten|pflichten|verboten|missbrauch|conducta|prohib|condotta|divieti|obblighi|conduta|gedrag|verplichtingen",
    Topic.TERMINATION: r"terminat|suspen|cancel(?:l)?(?:ing|ation)? (?:\w+ )?(?:account|service)|closing|account deletion|delet\w+ (?:\w+ )?account|duration|^term\b|term and|résiliation|suspension|durée du contrat|kündigung|laufzeit|beendigung|sperr|terminaci|rescisi|cessazione|risoluzione|rescisão|encerramento|beëindig|opzegging|looptijd",
    Topic.SCOPE: r"scope|definition|introduction|overview|acceptance|general|applicab|eligib|who (?:can|may)|our services?|the services?|service description|description of|about (?:this|these|the)|agreement|welcome|interpretation|entire agreement|supplemental|additional terms|third[- ]party services|registration|account|objet|définition|préambule|champ d|acceptation|inscription|description d|généralités|geltungsbereich|allgemeines|begriffs|leistung|registrierung|präambel|vertragsgegenstand|ámbito|objeto|definicion|aceptaci|ambito|oggetto|definizioni|accettazione|escopo|definições|toepass|definities|algemeen|miscellaneous|language",
}
_COMPILED = {
    topic: re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE) for topic, pattern in HEADINGS.items()
}


@lru_cache(maxsize=4096)
def named(heading: str) -> frozenset[Topic]:
    """The topics a heading names; a heading that names more than two says nothing."""
    found = frozenset(t for t, pattern in _COMPILED.items() if pattern.search(heading))
    return found if len(found) <= 2 else frozenset()


def named_by(section: tuple[str, ...]) -> frozenset[Topic]:
    """The topics of the nearest heading that names any; the document's own title only where nothing else does."""
    path = section[1:] if len(section) > 1 else section
    return next((found for heading in reversed(path) if (found := named(heading))), frozenset())
