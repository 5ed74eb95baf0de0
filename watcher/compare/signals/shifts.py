"""Legal shifts within one substitution: a duty becomes a choice, approval a notice, some people all, both conditions one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Direction, Materiality, Op
from watcher.compare.edit import Edit, World, words_of
from watcher.compare.signals.hit import Hit
from watcher.compare.signals.stance import MODAL, runs
from watcher.compare.signals.stayed import Run, around, bare, written_anew
from watcher.compare.signals.voice import Actor, Deed, Voice, voice

_RUNS = 4  # in a clause with more changed runs than this nothing shifted: it was rewritten
_SHORT, _LONG = 8, 16  # words a group, or a condition, may have
_FEW = 3  # other words that may change beside a duty
_MAY = re.compile(
    r"(?<!\w)(?:may|might|can|could|peut|peuvent|pouvons|pourr\w+|kann|können|darf|dürfen|puede\w*|podemos|podrá\w*|può|possiamo|possono|potrà|potranno|"
    r"pode|podem|podemos|poderá\w*|kan|kunnen|mag|mogen|at (?:our|its) (?:sole )?discretion)(?!\w)",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?<!\w)(?:must|shall|will|undertakes?|commit\w*|obliged|obligated|required to|bound to|verpflicht\w*|muss|müssen|s['’]engage\w*|engageons|tenue?s? de|doit|doivent|obligée?s?|"
    r"se (?:compromete|obliga)|obligad[oa]s?|debe\w*|si impegna|obbligat\w+|tenut[oaie] a|dev(?:e|ono)|compromete-se|obrigad[oa]s?|deve\w*|verplicht\w*|moet\w*)(?!\w)",
    re.IGNORECASE,
)
_FORCE = re.compile(f"{_MAY.pattern}|{_BOUND.pattern}", re.IGNORECASE)
_APPROVAL = re.compile(
    r"(?<!\w)(?:consent\w*|approv\w+|authori[sz]\w+|permission|agreed|confirm\w*|verif\w+|signed|signature|accord|approuv\w+|approbation|autoris\w+|vérifi\w+|"
    r"zustimm\w*|zugestimmt|einwillig\w*|genehmig\w*|bestätig\w*|einverst\w+|autoriz\w+|aprob\w+|consens\w*|acconsent\w+|autorizz\w+|approv\w+|conferm\w+|aprov\w+|"
    r"toestem\w+|instem\w*|ingestemd|goedkeur\w*|akkoord)(?!\w)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?<!\w)(?:notif\w+|notice|inform(?:s|ed|ing)?|told|e-?mail(?:ed|ing)|announc\w+|made aware|inform(?:er|ant|é\w*|ons)|avis\w+|prév(?:enir|enant|enu)\w*|"
    r"benachrichtig\w*|informier\w*|mitteil\w*|mitgeteilt|unterricht\w*|informations?|informa(?:r|ndo|re|mos|ção|ción)\w*|comunic\w+|avvis\w+|meld(?:en|ing)|informeren|geïnformeerd|kennisgev\w+)(?!\w)",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"(?<!\w)(?:(?:each|every|jede[rnms]?|chaque|cada|ogni|elke|iedere) \w+|everyone|everybody|anyone|anybody|wherever (?:you|they) live|(?:all|any) (?:of )?(?:our |the )?(?:users?|customers?|persons?|people|individuals?|members?|residents?|visitors?|students?)|"
    r"tout le monde|toute personne|chacun|(?:tous|toutes) (?:nos |les )?(?:utilisat|client|personne|membre|abonné)\w*|alle[nr]? (?:unsere[nr]? )?(?:nutzer|kund|person|mitglied|mensch)\w*|jedermann|jede (?:person|nutzer)\w*|"
    r"tod[oa]s l[oa]s (?:usuari|client|person|miembr)\w*|cualquier (?:persona|usuario|cliente)|tutti gli utenti|tutti i (?:client|soc)i|tutte le persone|chiunque|"
    r"tod[oa]s [oa]s (?:utilizador|client|usuári|pesso)\w*|qualquer (?:pessoa|utilizador|cliente)|iedereen|alle (?:gebruiker|klant|leden|person)\w*)(?!\w)",
    re.IGNORECASE,
)
_BARE_ALL = re.compile(r"all|any|tous|toutes|alle[nr]?|tod[oa]s|tutt[ie]", re.IGNORECASE)
_SOME = re.compile(
    r"(?<!\w)(?:residents?|citizens?|consumers?|subscribers?|members?|users?|customers?|students?|adults?|(?:those|people|persons|individuals) (?:in|of|who|with|under|over)|premium|"
    r"résidents?|habitants?|abonnée?s?|membres?|clients?|einwohner\w*|bewohner\w*|bürger\w*|abonnent\w*|mitglieder\w*|kund\w+|nutzer\w*|residentes|ciudadan\w+|abonad\w+|clientes|"
    r"residenti|cittadin\w+|abbonat\w+|client[ei]|moradores|cidadã\w+|assinantes|inwoners|burgers|abonnees|klanten)(?!\w)",
    re.IGNORECASE,
)
_OF_RIGHTS = re.compile(
    r"(?<!\w)(?:rights?|request|ask|entitled|droits?|demander|rechte?n?|verlangen|derechos?|solicitar|diritt[oi]|richiedere|chiedere|direitos?|solicitar|pedir|rechten|recht|verzoeken)(?!\w)",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(r"(?<!\w)(?:ge)?(?:anonym|anónim|anonimi|anoniem|anônim)\w*", re.IGNORECASE)
_PSEUDONYM = re.compile(r"(?<!\w)(?:ge)?p?seud[oó]n[yi]mi?\w*", re.IGNORECASE)
_AND, _OR = re.compile(r"and|et|und|y|e|ed|en", re.I), re.compile(r"or|ou|oder|o|u|of", re.I)
_IF = re.compile(
    r"(?<!\w)(?:if|when|where|provided|only|once|si|lorsqu\w*|quand|wenn|sofern|soweit|falls|nur|sólo|solo|cuando|siempre que|se|quando|qualora|purché|desde que|caso|só|als|indien|mits|wanneer|alleen)(?!\w)",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^\W*(?:(?:but|and|only|mais|et|aber|und|nur|pero|y|ma|e|mas|maar|en)\s)?(?:if|where|when|provided|so long as|as long as|once|si|lorsqu\w*|à condition|pour autant|dès lors|wenn|sofern|soweit|falls|"
    r"siempre que|cuando|si|a condición|qualora|purché|se|quando|a condizione|desde que|caso|se|na condição|indien|mits|als|wanneer|op voorwaarde)\s",
    re.IGNORECASE,
)
_IDLE_CONDITION = re.compile(
    r"(?:if|where|when|as|si|le cas|wenn|soweit|sofern|falls|se|als|indien|waar)\W+(?:applicable|any|necessary|needed|appropriate|available|possible|relevant|required|échéant|nécessaire|possible|anwendbar|zutreffend|"
    r"erforderlich|möglich|nötig|procede|corresponde|necesario|posible|applicabile|necessario|possibile|aplicável|necessário|possível|nodig|mogelijk|van toepassing)|(?:law|legal|gesetz|ley|loi|legge|lei|wet)\w*(?!\w)|(?:you|vous|sie) (?:use|visit|wish|want|have any|utilisez|souhaitez|nutzen|besuchen)",
    re.IGNORECASE,
)

_CHOSEN = re.compile(
    rf"{_APPROVAL.pattern}|(?<!\w)(?:tick|agree|accept|opt|choos|chos|coch|accept|ankreuz|wähl|marc|acept|scelt|accett|aceit|escolh|aangevinkt|kies)\w*",
    re.I,
)


def shifts(edit: Edit, world: World) -> Iterator[Hit]:
    """Hits in substitutions short enough to compare."""
    speech = voice(world.language)
    found = runs(edit) if edit.op is Op.MODIFIED else ()
    if not speech or not found or len(found) > _RUNS:
        return
    for run in found:
        hit = (
            _named_again(run)
            or _demoted(run, edit) or _grouped(run, edit, speech) or _loosened(run, edit, speech)
            or _either(run, edit, speech) or _conditioned(run, edit, speech)
        )  # fmt: skip
        if hit:
            yield hit
    if hit := _released(found, edit, speech):
        yield hit


def _demoted(run: Run, edit: Edit) -> Hit | None:
    """What needed a person's approval is now merely told to him, or the reverse."""
    if max(len(words_of(run.gone)), len(words_of(run.new))) > _LONG:
        return None
    before, after = around(edit.before, run.at), around(edit.after, run.to)
    for old, new, here, there, told, side in (
        (run.gone, run.new, before, after, "an approval becomes a notice", Direction.WORSE),
        (run.new, run.gone, after, before, "a notice becomes an approval", Direction.BETTER),
    ):
        stays = _NOTICE.search(here) or _APPROVAL.search(there)
        if _APPROVAL.search(old) and _NOTICE.search(new) and not stays:
            return _hit("approval", told, run, side)
    return None


def _named_again(run: Run) -> Hit | None:
    """Anonymous data, which nobody can trace, become pseudonymous, or the reverse."""
    for old, new, told, side in (
        (run.gone, run.new, "anonymous becomes pseudonymous", Direction.WORSE),
        (run.new, run.gone, "pseudonymous becomes anonymous", Direction.BETTER),
    ):
        if (
            _ANONYMOUS.search(old)
            and _PSEUDONYM.search(new)
            and not (_PSEUDONYM.search(old) or _ANONYMOUS.search(new))
        ):
            return _hit("anonymity", told, run, side)
    return None


def _grouped(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """What held for some people holds for all, or the reverse."""
    before, after = (
        bool(_ALL.search(words) or _BARE_ALL.fullmatch(words.strip())) for words in (run.gone, run.new)
    )
    other = run.new if before else run.gone
    if before == after or not _SOME.search(other) or len(words_of(other)) > _SHORT or written_anew(run, edit):
        return None
    text, at = (edit.after, run.to) if after else (edit.before, run.at)
    deed = speech.deed(text, at, at)
    good = deed is Deed.HELP or bool(_OF_RIGHTS.search(around(text, at)))
    side = Direction.UNCLEAR if deed is None and not good else _way(better=good == after)
    told = f"it holds for {'all' if after else 'some only'}"
    return _hit("group", told, run, side, Materiality.HIGH if good else Materiality.MEDIUM)


def _loosened(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """ "We review" becomes "we may review", or the reverse: what serves the reader was promised, and no longer is."""
    before, after = bool(_MAY.search(run.gone)), bool(_MAY.search(run.new))
    if before == after or MODAL.search(run.gone if after else run.new) or bare(run, _MAY) > 0:
        return None
    return _freed(run, edit, speech, after=after)


def _released(found: tuple[Run, ...], edit: Edit, speech: Voice) -> Hit | None:
    """ "are obliged to lower" becomes "may lower", where the two stand apart: in German at the ends of the sentence."""
    gone, new = (
        " ".join(part.strip() for part in side)
        for side in zip(*((r.gone, r.new) for r in found), strict=True)
    )
    run = Run(gone, new, found[0].at, found[0].to)
    for after, old, fresh in ((True, gone, new), (False, new, gone)):
        turned = _BOUND.search(old) and _MAY.search(fresh) and not (_MAY.search(old) or _BOUND.search(fresh))
        # A verb that moved to the end of its sentence behind a modal, or a duty whose words stand apart.
        moved = _MAY.search(fresh) and not MODAL.search(old) and bool(old) and bare(run, _MAY) == 0
        if len(found) > 1 and ((turned and bare(run, _FORCE) <= _FEW) or moved):
            return _freed(run, edit, speech, after=after)
    return None


def _freed(run: Run, edit: Edit, speech: Voice, *, after: bool) -> Hit | None:
    text, at = (edit.after, run.to) if run.new.strip() else (edit.before, run.at)
    if speech.actor(text, at) is Actor.USER or speech.deed(text, at, at + len(run.new)) is not Deed.HELP:
        return None
    told = "a duty becomes a choice" if after else "a choice becomes a duty"
    return _hit("duty", told, run, _way(better=not after))


def _either(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """ "and" becomes "or" between the conditions of what the reader would rather not have: one is enough."""
    gone, new = run.gone.strip(), run.new.strip()
    looser = bool(_AND.fullmatch(gone) and _OR.fullmatch(new))
    if not looser and not (_OR.fullmatch(gone) and _AND.fullmatch(new)):
        return None
    if not _IF.search(around(edit.after, run.to)):
        return None
    if speech.deed(edit.after, run.to, run.to + len(run.new)) is not Deed.HARM:
        return None
    told = "one condition is enough" if looser else "both conditions are needed"
    return _hit("conditions", told, run, _way(better=not looser))


def _conditioned(run: Run, edit: Edit, speech: Voice) -> Hit | None:
    """What serves the reader now depends on a condition, or no longer does."""
    old, new = len(words_of(run.gone)), len(words_of(run.new))
    words, after = (run.new, True) if old <= 1 else (run.gone, False)
    if min(old, new) > 1 or not 2 < max(old, new) <= _LONG:
        return None
    if not _CONDITION.search(words) or _IDLE_CONDITION.search(words) or _CHOSEN.search(words):
        return None
    text, at = (edit.before, run.at) if after else (edit.after, run.to)  # the side without the condition
    if text[:at].rstrip()[-1:] in ("", ".", ";", ":", "!", "?") or speech.deed(text, at, at) is not Deed.HELP:
        return None
    told = "a condition appears" if after else "a condition is gone"
    return _hit("condition", told, run, _way(better=not after))


def _way(*, better: bool) -> Direction:
    return Direction.BETTER if better else Direction.WORSE


def _hit(rule: str, told: str, run: Run, side: Direction, severity: Materiality = Materiality.HIGH) -> Hit:
    gone, new = run.gone.strip(), run.new.strip()
    return Hit(
        rule, "stance", (), severity, f"{told}: “{_cut(gone)}” → “{_cut(new)}”", side,
        exact=True, subject=told, gone=(gone,), new=(new,),
    )  # fmt: skip


def _cut(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rsplit(" ", 1)[0] + " …"
