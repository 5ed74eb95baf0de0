"""Learn the topic model from section headings: a heading names the subject of the clauses beneath it.

    python scripts/learn_topics.py CORPUS --out watcher/compare/topics.json [--check]

CORPUS is a folder of Markdown policy texts (any depth). Needs numpy, scipy and scikit-learn; none of them is
needed to use the model. Deterministic: files in name order, fixed seed, a split by document name. Only words
and weights are written, no sentence of any text. ``--check`` holds every fifth document out and prints scores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from storage.records import Topic
from watcher.compare.topics import features

# What headings call each subject, in the languages of the product. A heading may name several.
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
_COMPILED = {topic: re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE) for topic, pattern in HEADINGS.items()}
MOST_FEATURES = 14_000
SCALE = 0.01


def named(heading: str) -> frozenset[Topic]:
    """The topics a heading names; a heading that names more than two is no label."""
    found = frozenset(t for t, pattern in _COMPILED.items() if pattern.search(heading))
    return found if len(found) <= 2 else frozenset()


def clauses(path: Path) -> Iterator[tuple[frozenset[Topic], str]]:
    """Clauses of a Markdown text with the topics their nearest heading names."""
    topics: frozenset[Topic] = frozenset()
    for line in re.split(r"\n+", path.read_text(encoding="utf-8", errors="ignore")):
        line = line.strip()
        text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", line)
        head = re.match(r"#{1,6}\s+(.+)", text) or re.fullmatch(r"\*\*(.{4,90}?)\*\*:?", text)
        text = " ".join(re.sub(r"[*_`#|\\]+", " ", text).split())
        if head:
            topics = named(re.sub(r"[*_`\\]+", "", head[1]))
        elif topics and len(text.split()) >= 6:
            yield topics, text


def held_out(path: Path) -> bool:
    return hashlib.sha256(path.name.encode()).digest()[0] % 5 == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", action="store_true", help="hold every fifth document out and print scores")
    args = parser.parse_args()

    rows: list[tuple[frozenset[Topic], frozenset[str], bool]] = []
    per_document: Counter[str] = Counter()
    seen: set[str] = set()
    for path in sorted(args.corpus.rglob("*.md")):
        in_document: set[str] = set()
        for topics, text in clauses(path):
            key = hashlib.sha256(text.encode()).hexdigest()
            if key in seen:
                continue
            seen.add(key)
            found = features(text)
            in_document |= found
            rows.append((topics, found, args.check and held_out(path)))
        per_document.update(in_document)
    print(f"{len(rows)} clauses under telling headings")
    train = [r for r in rows if not r[2]]
    vocabulary = _vocabulary(train, per_document)
    x = _matrix(train, vocabulary)
    order = sorted(HEADINGS, key=lambda t: t.value)
    weights, bias = [], []
    for topic in order:
        y = np.fromiter((topic in r[0] for r in train), dtype=bool, count=len(train))
        fit = LogisticRegression(C=20.0, solver="liblinear", random_state=0, max_iter=200).fit(x, y)
        weights.append(fit.coef_[0])
        bias.append(float(fit.intercept_[0]))
        print(f"{topic.value:14s} {int(y.sum()):6d} clauses", flush=True)
    table = np.array(weights)
    if args.check:
        _check([r for r in rows if r[2]], vocabulary, order, table, np.array(bias))
    _write(args.out, order, vocabulary, table, bias)


def _vocabulary(rows: list[tuple[frozenset[Topic], frozenset[str], bool]], per_document: Counter[str]) -> list[str]:
    """Features in at least 12 documents, those that tell the topics apart best (chi-square), in alphabetical order."""
    with_feature: Counter[str] = Counter()
    by_topic: dict[str, Counter[Topic]] = defaultdict(Counter)
    totals: Counter[Topic] = Counter()
    for topics, found, _ in rows:
        totals.update(topics)
        for feature in found:
            if per_document[feature] >= 12:
                with_feature[feature] += 1
                by_topic[feature].update(topics)
    n = len(rows)

    def told(feature: str) -> float:
        f = with_feature[feature]
        return max(
            (by_topic[feature][t] - f * totals[t] / n) ** 2 / (f * totals[t] / n + 1.0) for t in totals
        )

    best = sorted(with_feature, key=lambda feature: (-told(feature), feature))[:MOST_FEATURES]
    return sorted(best)


def _matrix(rows: list[tuple[frozenset[Topic], frozenset[str], bool]], vocabulary: list[str]) -> csr_matrix:
    index = {feature: i for i, feature in enumerate(vocabulary)}
    data, columns, starts = [], [], [0]
    for _, found, _ in rows:
        here = sorted(index[f] for f in found if f in index)
        columns += here
        data += [1 / np.sqrt(len(found) or 1)] * len(here)
        starts.append(len(columns))
    return csr_matrix((data, columns, starts), shape=(len(rows), len(vocabulary)))


def _check(rows, vocabulary, order, table, bias) -> None:  # type: ignore[no-untyped-def]
    scores = _matrix(rows, vocabulary) @ table.T + bias
    tp = fp = fn = 0
    for i, topic in enumerate(order):
        want = np.fromiter((topic in r[0] for r in rows), dtype=bool, count=len(rows))
        got = scores[:, i] > -0.4
        a, b, c = int((want & got).sum()), int((~want & got).sum()), int((want & ~got).sum())
        tp, fp, fn = tp + a, fp + b, fn + c
        print(f"{topic.value:14s} F1 {2 * a / max(1, 2 * a + b + c):.2f}  of {int(want.sum())}")
    print(f"micro-F1 on held-out documents {2 * tp / max(1, 2 * tp + fp + fn):.3f}")


def _write(path: Path, order, vocabulary, table, bias) -> None:  # type: ignore[no-untyped-def]
    weights = {}
    for j, feature in enumerate(vocabulary):
        row: list[int] = []
        for i in range(len(order)):
            value = round(float(table[i, j]) / SCALE)
            if abs(value) >= 0.5 / SCALE:
                row += [i, value]
        if row:
            weights[feature] = row
    data = {"topics": [t.value for t in order], "scale": SCALE, "bias": [round(b, 3) for b in bias], "weights": weights}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    path.write_text(text.replace("],", "],\n") + "\n", encoding="utf-8")
    print(f"{len(weights)} features, {path.stat().st_size} bytes -> {path}")


if __name__ == "__main__":
    main()
