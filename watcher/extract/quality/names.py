"""What policies are called, in many languages: a title or a heading that names one."""

from __future__ import annotations

import re

# Both patterns are held against titles in lower case: ignoring case would cost five times as much.
_NAMES = re.compile(
    # privacy and data protection
    r"privacy|data (?:protection|policy|processing|privacy|collection|controller)|personal (?:data|information)|gdpr|ccpa|rgpd|dsgvo|lgpd"
    r"|datenschutz|confidentialité|vie privée|données (?:personnelles|à caractère personnel)|protection des données"
    r"|privacidad|protección de datos|datos personales|riservatezza|dati personali|privacidade|dados pessoais|proteção de dados"
    r"|persoonsgegevens|gegevensbescherming|prywatnoś|danych osobowych|rodo\b|integritetspolic|personuppgift|dataskydd"
    r"|personoplysning|persondatapolit|databeskyttelse|privatliv|personvern|personopplysning|tietosuoj|rekisteriselost|yksityisyy"
    r"|osobních údajů|osobných údajov|soukrom|súkrom|adatvéd|adatkezel|confidențialit|protecția datelor|поверителн|лични данни"
    r"|конфиденциальн|персональн|конфіденційн|απορρήτ|απόρρητ|προσωπικ\w+ δεδομέν|gizlilik|kişisel veri|kvkk|privatnost|zasebnost|privaatsus|privātum|privatum"
    r"|プライバシー|個人情報|隐私|隱私|个人信息|個人資料|개인정보|الخصوصية|פרטיות|ความเป็นส่วนตัว|quyền riêng tư|kebijakan privasi|privasi|गोपनीयता"
    # cookies
    r"|cookie|tracker|traceur|kakor\b|evästei|plików cookie|クッキー|쿠키"
    # terms and contracts
    r"|terms|\bconditions\b|agreement|\beula\b|licen[sc]e|acceptable use|fair use|user rules|service level|warranty|\bnda\b|charter|by-?laws|statutes"
    r"|\bagb\b|bedingungen|nutzungsvertrag|nutzungsregeln|vereinbarung|lizenz|widerruf|gewährleistung|conditions (?:générales|d.utilisation|de vente)|\bcg[uv]s?\b|contrat|rétractation"
    r"|condiciones|contrato|acuerdo|términos|condizioni|termini|contratto|accordo|termos|condições|voorwaarden|overeenkomst|regulamin|warunki|umowa"
    r"|villkor|avtal|vilkår|aftale|avtale|ehdot|sopimus|podmínky|podmienky|smlouva|feltétel|ászf|termeni|condiții|общи условия|условия|правила|соглашение|договор|оферта|умови|угода"
    r"|όροι|koşul|sözleşme|uvjeti|uslovi|pogoji|tingimus|noteikumi|sąlygos|利用規約|規約|条款|條款|协议|協議|약관|이용약관|الشروط|תנאי|เงื่อนไข|điều khoản|syarat|ketentuan|शर्तें"
    # legal notices
    r"|legal|imprint|impressum|mentions légales|aviso legal|note legali|aviso jurídico|nota prawna|juridisk|rechtliche|disclaimer|haftungsausschluss|colophon|特定商取引|法律声明"
    # rules of conduct, content, rights
    r"|guideline|code of conduct|community (?:rules|standards)|house rules|safety polic|polic(?:y|ies)\b|richtlinie|verhaltens|hausordnung|netiquette|charte|règles|règlement|normas|reglas|normativa|código de conducta"
    r"|regole|regolamento|linee guida|regras|diretrizes|richtlijnen|gedragsregels|huisregels|zasady|riktlinjer|retningslinj|säännöt|ohjeet|pravidla|ガイドライン|行为准则|社区规范|가이드라인"
    r"|politique|política|politica|polityk|beleid|politik\b|zásady|policy\b|politica"
    r"|copyright|dmca|intellectual property|trademark|brand guidelines|infringement|takedown|transparency|modern slavery|accessibility|barrierefrei|prohibited|restricted content"
    # lists, prices, changes
    r"|sub-?processor|service providers|third[- ]part(?:y|ies)|vendors?\b|unterauftragsverarbeiter|auftragsverarbeit|sous-traitant|subencargad|subresponsab|subverwerker|data retention"
    r"|price|pricing|fees|preis|tarif|\bprix\b|precios|prezzi|preços|tarieven|cennik|changelog|change log|history of changes|ranking|law enforcement|vulnerability disclosure|responsible disclosure",
)  # fmt: skip


_LISTS = re.compile(
    r"sub-?processor|service providers|vendors?\b|cookie|unterauftragsverarbeiter|auftragsverarbeiter|sous-traitant"
    r"|subencargad|sub-?respons|subverwerker|underleverand|underbiträd|pricing|price list|preis|tarif|\bprix\b|precios|prezzi|cennik",
)


def names_a_list(title: str) -> bool:
    """Whether a title is that of a list that is itself the policy: subprocessors, cookies, prices."""
    return len(title) <= 160 and _LISTS.search(title.lower()) is not None


def names_a_policy(title: str) -> bool:
    """Whether a title or heading is what policies are called. Long sentences are no titles."""
    return len(title) <= 160 and _NAMES.search(title.lower()) is not None
