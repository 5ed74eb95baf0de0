"""What a legal person is in its clause: the party behind the document, a representative, an officer, a vendor."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.records import Op
from watcher.compare.edit import Edit
from watcher.compare.gazetteer import is_place
from watcher.compare.names import party_names

_CONTRACTING = re.compile(
    r"controller|contrôleur|responsables? d(?:u|el) tra(?:it|t)|responsável pelo tratamento|verantwortlich|titolare|verwerkingsverantwoordelijke|"
    r"(?:agreement|contract\w*|terms|policy) (?:\w+ ){0,6}(?:between|with|by)|contracting|operated by|provided by|offered by|refers? to|collectively|[“\"«(](?:we|us|our|nous|wir|company|société)\b|"
    r"exploité|édité|éditeur|betreiber|betrieben|vertragspartner|anbieter|entity|company with|conclu|gestionnaire|imprint|impressum|mentions légales|who we are|about us",
    re.IGNORECASE,
)
REGISTERED = re.compile(
    r"(?:company|corporation|partnership|firm) (?:registered|incorporated|organi[sz]ed|formed)|registered (?:office|under|in|number|with)|company (?:number|no\b)|incorporated (?:in|under)|"
    r"immatricul|au capital|\brcs\b|siège social|\bsiren\b|handelsregister|\bhrb\b|registergericht|sitz in|eingetragen (?:im|beim|unter)|geschäftsführer|"
    r"registro mercantil|domicilio social|\bcif\b|inscrita|registro (?:delle )?imprese|sede legale|partita iva|matriculad|conservatória|sede (?:social|em|na|no)\b|\bnipc\b|\bcnpj\b|"
    r"kamer van koophandel|\bkvk\b|statutair gevestigd|gevestigd (?:te|in)|ingeschreven",
    re.IGNORECASE,
)
DEAL = re.compile(
    r"(?:concluded|entered into|signed|have|has) (?:an?|a data processing|our) (?:\w+ ){0,4}(?:agreement|contract)s? with|(?:verarbeitungs|auftrags)\w*vertrag\w* (?:\w+ ){0,3}mit|"
    r"(?:avons|a) (?:conclu|signé) (?:un|des) (?:\w+ ){0,3}contrats? (?:\w+ ){0,3}avec",
    re.IGNORECASE,
)
OFFICER = re.compile(
    r"data protection (?:officer|lead|manager)|(?:our|the|group|chief) (?:privacy |data )?officer\b|\bdpo\b|déléguée? à la protection|\bdpd\b|datenschutzbeauftragt|delegad[oa] de protecci|"
    r"responsabile (?:della|per la) protezione|encarregad[oa]|functionaris (?:voor )?gegevensbescherming|privacy officer",
    re.IGNORECASE,
)
_REPRESENTATIVE = re.compile(
    r"(?<!\w)(?:(?:eu|uk|swiss|european(?: union)?|article 27|gdpr|data protection)(?:[\w ]{0,12}) representative|(?:our|its|their) representative|representative (?:in|for|within|under|pursuant)|represented (?:in|by)|"
    r"représentante? (?:\w+ ){0,2}(?:dans|en|au|de l'|pour|auprès|conformément|légal)|(?:eu-|uk-|unser\w* |ihr\w* |als |gesetzliche\w* )?vertreter(?:in)? (?:in|im|der|gemäß|nach|i\.?\s?s|für)|"
    r"representante (?:\w+ ){0,2}(?:en|na|no|de la)|rappresentante (?:\w+ ){0,2}(?:nell|in|per|ai sensi)|vertegenwoordiger (?:\w+ ){0,2}(?:in|voor))",
    re.I,
)
_APPOINTS = re.compile(
    r"(?:designated|appointed|engaged|named|désignée?|nommée?|benannt|ernannt|bestellt|designad[oa]|nominat[oa]|nomead[oa]|aangewezen)\s(?:by|par|von|por|da|door)\s+$",
    re.IGNORECASE,
)
_REPRESENTED = re.compile(
    r"(?:representative (?:for|of)|(?:représentant|vertreter|representante|rappresentante|vertegenwoordiger)\w* (?:de|der|des|von|di|do|da|van))\s+(?:the\s)?$",
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"(?:such as|e\.\s?g\.,?|for example,?|for instance,?|including|z\.\s?b\.|zum beispiel|etwa|par exemple|tels? que|telles? que|comme|por ejemplo|como|ad esempio|come|por exemplo|bijvoorbeeld|zoals)\s*(?:[\w.&'’-]+,?\s){0,3}$",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:affiliates?|subsidiar(?:y|ies)|parent(?: company)?|sister company|group compan(?:y|ies)|(?:mutter|tochter|konzern)gesellschaft\w*|filiales?|société mère|filial(?:es)?|controllat[ae]|dochter\w*)[,:(]?\s*$",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(
    r"plug-?ins?|buttons?\b|schaltfläche\w*|analytics|analy[sz]edienst\w*|webanaly\w*|mesure d.audience|remarketing|re-?targeting|tracking(?:-tool|-dienst)|embedded|eingebunden\w*|einbindung|intégr(?:ons|é)|"
    r"(?:we|this (?:site|website|app)|our (?:site|website|app)) (?:also )?(?:uses?|employs?|integrates?|embeds?|works? with)\b|(?:wir|diese (?:web)?seite|unsere (?:web)?seite) (?:nutz|verwende|setz|benutz)\w*|"
    r"(?:nous|ce site|notre site) (?:utilis|fait appel|recour)\w*|(?:utilizamos|este sitio|nuestro sitio) (?:utiliza|usa)?|(?:utilizziamo|questo sito (?:utilizza|usa))|(?:utilizamos|este site (?:utiliza|usa))|(?:wij gebruiken|deze (?:web)?site (?:maakt gebruik|gebruikt))|"
    r"payment (?:service )?provider|drittanbieter\w*|zahlungsdienstleister|newsletter (?:service|provider)|versanddienstleister|hosting provider|hébergeur|"
    r"sub-?processors?|auftragsverarbeiter\w*|sous-traitants?|service providers? (?:such|like|we)",
    re.IGNORECASE,
)
_OF_RECIPIENTS = re.compile(
    r"(?:sub-?)?processors?|vendors?|service providers?|third[- ]part(?:y|ies) (?:we|who|that|with|service|provider|vendor|recipient|to whom)|(?:our|advertising|business|analytics|trusted) partners?|recipients?|"
    r"(?:who|with whom) (?:do )?we (?:share|disclose)|sharing (?:your|of|personal)|(?:how|when) we (?:share|disclose)|disclosures? (?:of|to)|sous-traitants?|prestataires?|destinataires?|"
    r"(?:unter)?auftragsverarbeiter|dienstleister|empfänger|drittanbieter|weitergabe|encargados|proveedores|destinatarios|fornitori|destinatari|responsabili (?:esterni|del trattamento)|fornecedores|subcontratantes|"
    r"subverwerkers?|verwerkers|leveranciers|ontvangers|plug-?ins|web ?analy\w*|analytics|social media|hosting",
    re.IGNORECASE,
)
_PERSON = (
    r"(?:(?:Monsieur|Madame|Mr|Mrs|Ms|Mx|Dr|Prof|Herrn?|Frau|Mme|M|Sr|Sra|Dott|Avv|Maître|Me)\.?\s(?:Dr\.\s)?)?(?P<name>[A-ZÀ-Þ][a-zà-ÿ'’]+(?:-[A-ZÀ-Þ][a-zà-ÿ'’]+)?(?:\s[A-ZÀ-Þ]\.)?"
    r"(?:\s(?:(?:van|von|de|der|den|la|da|dos|di|del|zu)\s){0,2}[A-ZÀ-Þ][a-zà-ÿA-Z'’-]+){1,3})"
)
_IS_OFFICER = re.compile(
    r"(?:[^.;!?\n]{0,50}?\b(?:is|are|was|named|called|appointed|est|ist|lautet|heißt|es|è|é|foi)\b|[^.;!?\n>]{0,14}[:(–,-]|\s?\n)\s*(?:our|the)?\s*"
    + _PERSON
)
_AS_OFFICER = re.compile(
    _PERSON
    + r"\s?(?:[,(–:-]\s?|\bis\b|\bals\b|\bas\b|\best\b|\bist\b|\bes\b|\bè\b|\bé\b|\s)+(?:(?:our|the|group|chief|notre|unser\w*|der|die|betriebliche\w*|externe\w*|nuestr[oa]|el|la|il|nostro|o|nosso|de|onze)\s){0,2}$"
)
NO_PERSON = re.compile(
    r"one|place|park|court|square|house|tower|autoriteit|persoonsgegevens|authorit\w+|ltd|llc|inc|gmbh|limited|email|name|cent(?:er|re)|help|privacy|data|polic\w*|officers?|protection|settings?|accounts?|ownership|safety|legal|teams?|department|dept|street|road|avenue|floor|suite|service\w*|support|contact|us|general|"
    r"information|notice|request\w*|rights?|portal|page|form|website|site|customer|user|member|security|compliance|counsel|office|company|group|global|international|european?|union|united|kingdom|states|"
    r"terms|article|section|regulation|commission\w*|authority|controller|processor|attention|attn|email|address|phone|tel|fax|box|gdpr|california|act|the|our|your|this|if|please|in|for|to|by|at|and|or|"
    r"datenschutz\w*|beauftragt\w*|herr|frau|firma|straße|postfach|impressum|kontakt|délégué\w*|données|protezione|dati|responsabile|encargad[oa]|datos|protección|delegad[oa]|dados|gegevensbescherming|functionaris",
    re.IGNORECASE,
)
_CONTROLLER_NEAR = re.compile(
    r"(?:data )?controller|contrôleur|responsables? d(?:u|el) tra(?:it|t)|responsável pelo tratamento|verantwortliche\w*|titolare|verwerkingsverantwoordelijke|"
    r"contract\w* (?:with|between)|agreement (?:is )?(?:with|between)|[“\"«(](?:we|us|our|nous|wir|nosotros|noi|nós|wij)\b|betreiber\w* (?:der|dieser)|vertragspartner|"
    r"(?:entity|company) (?:that )?(?:provid|offer|operat)\w+|(?:the|this|these|our) (?:services?|website|site|app|platform) (?:is|are) (?:\w+ )?(?:provided|operated|offered|owned) by",
    re.IGNORECASE,
)
_AT_OFFICE = re.compile(r"\b(?:of|at|for|c/o|von|der|bei|chez|auprès|de|di|da|via)\b|@", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|was|named|appointed|ist|est|es|è|é|foi)\b|:\s*$", re.IGNORECASE)
_ADDRESSED = re.compile(
    r"\b(?:attn|attention|att|z\.\s?hd|zu händen|à l.attention)\b[^.\n]{0,30}$", re.IGNORECASE
)
_COPYRIGHT = re.compile(r"(?:©|copyright|\(c\))\s?(?:\d{4}[\s,–-]*){0,3}$", re.IGNORECASE)
_CLOSE, _NEAR, _FAR, _LINE = 90, 160, 300, 40  # characters between a name and the words that say what it is


ORDER = ("party", "representative", "officer", "vendor", "company")


def stands_as(edit: Edit, name: str) -> str:
    """What a legal person is in its clause: one of `ORDER`."""
    text = edit.after if name in edit.after else edit.before
    at = text.find(name)
    ahead, beyond = text[max(0, at - _CLOSE) : at], text[at + len(name) :][:_CLOSE]
    if _REPRESENTATIVE.search(f"{ahead} {beyond}"):
        return "company" if _APPOINTS.search(ahead) or _REPRESENTED.search(ahead) else "representative"
    if _is_officer(ahead):
        return "officer"
    if _COPYRIGHT.search(ahead):
        return "company"
    office = _CONTROLLER_NEAR.search(f"{text[max(0, at - _CLOSE) : at]} {beyond}")
    heads = " ".join(edit.section[-2:])
    if not office and (_EXAMPLE.search(ahead) or _GROUP.search(ahead)):
        return "vendor" if _EMBEDDED.search(text) or _OF_RECIPIENTS.search(heads) else "company"
    if not office and (
        _EMBEDDED.search(text[max(0, at - _NEAR) : at + _NEAR]) or _OF_RECIPIENTS.search(heads)
    ):
        return "vendor"
    around = f"{heads} › {text[max(0, at - _FAR) : at + len(name) + _FAR]}"
    both = name in edit.before or bool(edit.before and edit.after)
    if _CONTRACTING.search(around) or (both and REGISTERED.search(around)):
        return "party"
    if edit.op is Op.MODIFIED and _CONTRACTING.search(edit.context):
        return "party"
    return "vendor" if DEAL.search(around) else "company"


def _is_officer(ahead: str) -> bool:
    """ "Our data protection officer is Acme Data GmbH": the office stands just before, and is no line of an address."""
    ends = [m.end() for m in OFFICER.finditer(ahead)]
    between = ahead[ends[-1] :] if ends else ""
    return len(between) <= _LINE and bool(_IS.search(between)) and not _AT_OFFICE.search(between)


@lru_cache(maxsize=4096)
def officers(text: str) -> tuple[str, ...]:
    """People named as data protection officers, beside the words for the office."""
    found: list[str] = []
    for office in OFFICER.finditer(text):
        named = _IS_OFFICER.match(text, office.end()) or _AS_OFFICER.search(text[: office.start()][-_CLOSE:])
        around = text[max(0, office.start() - _CLOSE) : office.end() + _CLOSE]
        if not named or _ADDRESSED.search(text[: office.start()][-_LINE:]):
            continue
        if any(named["name"].split()[-1] in firm for firm in party_names(around)):
            continue
        if not any(NO_PERSON.fullmatch(w) or is_place(w) for w in named["name"].split()):
            found.append(named["name"])
    return tuple(found)
