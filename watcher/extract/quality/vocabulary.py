"""The words policies are made of, by concept, in the languages of Europe, Turkey, East Asia and the Near East.

Entries are stems: a word of the text counts when it begins with one ("datenschutz" finds
"Datenschutzerklärung"), unless the entry ends in "$" or is short; where words are not set apart by spaces, or carry joined articles, the entry counts
wherever it stands. STRONG concepts are what advertising seldom speaks of; WEAK ones count only in pairs.
The lists were drawn up from the field's own terms (GDPR and its translations, consumer law, platform rules).
"""

from __future__ import annotations

import re

STRONG: dict[str, str] = {
    "privacy": (
        "privacy confidentialit datenschutz privacidad riservatezz privacidade privacitat prywatno privatnost"
        " integritetspolic integritets privatliv personvern yksityisyy tietosuoj soukrom súkromi adatvéd"
        " confidențialit поверителн конфиденц απορρήτ απόρρητ gizlilik zasebnost privaatsus privātum privatum"
        " privasi privacybeleid persoonsgegeven vertraulich приватн"
    ),
    "personal data": (
        "personenbezogen personnelles personales$ personali$ pessoais osobow personuppgift personoplysning"
        " personopplysning henkilöti osobních osobné osobních személyes лични персональн персональні προσωπικ"
        " kişisel osobni osebni isikuandm personas asmens gdpr rgpd dsgvo ccpa lgpd rodo avg cpra pipl kvkk"
    ),
    "consent": (
        "consent einwillig consentement consentimiento consenso consentimento toestemm zgod samtyck samtykk"
        " samtykke suostum souhlas súhlas hozzájárul consimț съгласи согласи згод συγκατάθ rıza onay pristan"
        " privol nõusolek piekriš sutikim persetuj"
    ),
    "cookies": "cookie cookies kakor evästei plik ciastecz cookiebot tracker traceur rastread sütik çerez колач",
    "terms": (
        "terms condition conditions bedingung nutzungsbeding geschäftsbeding condicion condizion condiç"
        " voorwaard regulamin warunk villkor vilkår ehdot käyttöehd podmínk podmienk feltétel condiți услови"
        " умов όρου όροι koşul şart uvjet pogoj tingimus noteikum sąlyg ketentuan syarat agb cgu cgv stipulat"
    ),
    "agreement": (
        "agreement agree agrees contract contrat contract vertrag vereinbar contrato acuerdo contratto accordo"
        " overeenkomst umow avtal aftale avtale sopimus smlouv zmluv szerződ acord договор догов σύμβασ sözleşme"
        " ugovor pogodb leping līgum sutart perjanjian bound accept accepting acceptance"
    ),
    "liability": (
        "liab liability indemnif indemnit disclaim haftung haften responsabilit responsabilid responsabilità"
        " responsável aansprakelijk odpowiedzialn ansvar vastuu odpovědn zodpoved felelőss răspunder отговорн"
        " ответственн відповідальн ευθύν sorumluluk odgovorn vastutu atbildīb atsakomyb"
    ),
    "law": (
        "applicable laws lawful legal legally statutory regulation pursuant hereby herein thereof notwithstanding"
        " gesetz rechtlich rechtsgrundlage verordnung abs légal légale légales loi juridi règlement ley leyes"
        " legge normativa reglamento regolamento regulamento wettelijk wetgeving ustaw prawn rozporządz"
        " lagen lagstift rättslig lovgivning loven lain lakisääteis zákon právní právny törvény legea legal"
        " закон право νόμο νομικ kanun yasal zakon seadus likum įstatym hukum"
    ),
    "rights": (
        "rights droit droits rechte betroffenenrecht derechos diritti direitos rechten praw rättighet rettighed"
        " rettighet oikeu práva práv jogai jogok drepturi права δικαιώμ haklar pravic õigus tiesīb teisės hak"
    ),
    "processing": (
        "processing processed processor controller subprocessor verarbeit verantwortlich traitement traitons"
        " tratamiento tratamos trattamento titolare tratamento encarregado verwerk przetwarz administrator sub-processor"
        " behandl behandling behandler käsittel rekisterinpit zpracov správce spracov prevádzkovateľ adatkezel"
        " prelucr обработ обробк επεξεργασ işlenme veri obrad voditelj obdelav töötle apstrād tvark pemrosesan"
    ),
    "third parties": (
        "third-party thirdparty dritte dritten tiers tierces terceros terzi terceiros derden tredje kolmas"
        " kolmansi třetí tretí harmadik terți трети третьи третіх τρίτ üçüncü treć tretj kolmanda trešo trečio"
    ),
    "disclosure": (
        "disclos offenleg divulg divulgu divulgac comunicaz udostępn utlämn videregiv utlever luovut poskytov"
        " továbbít divulgar разкри раскры розкри γνωστοπο paylaş otkriv razkrit avalda atklāj atskleid"
    ),
    "retention": (
        "retention retain retained aufbewahr speicherdauer löschung conservation conservées conservación"
        " conservazione conservação bewaartermijn bewaren przechowyw lagring opbevar oppbevar säilyt uchováv"
        " megőrz păstr съхран хранен зберіган διατήρησ saklama čuvanj hramb säilita glabā saugo"
    ),
    "licence": (
        "license licence licens lizenz licencia licenza licença licentie licencj lisens lisenssi licenc licenț"
        " лиценз ліценз άδεια lisans copyright trademark intellectual urheberrecht marken propriété propiedad"
        " proprietà propriedade intellectu własności upphovsrätt ophavsret tekijänoik duševn infring dmca"
    ),
    "jurisdiction": (
        "jurisdiction arbitrat governing courts dispute gerichtsstand gericht streit juridiction tribunal"
        " tribunaux litige jurisdicción arbitraje foro competente arbitragem rechtbank geschil sąd spór domstol"
        " tvist tvister tuomioistuin soud bíróság instanț съд суд арбитраж δικαστήρι mahkeme sodišč kohus"
    ),
    "warranty": (
        "warrant warranties gewährleist garantie garantía garanzia garantia gwarancj garanti takuu záruk szavatol"
        " garanți гаранц гаранті εγγύησ jamstv garant"
    ),
    "ending": (
        "terminat suspend suspension cancel cancellation withdrawal kündig widerruf résili rétract cancelac"
        " desistimiento recesso rescis opzegg herroep wypowiedz odstąp uppsäg ångerrätt opsig fortrydelse"
        " oppsigelse angrerett irtisano peruut odstoup výpově felmond rezili прекрат растор припин"
    ),
    "conduct": (
        "prohibit violat abusive harass unlawful hateful illegal misconduct enforcement verboten"
        " untersag verstoß verstöße interdit illicite infraction prohib ilícit vietat illecit proibid verboden"
        " zabron zakaz förbjud forbudt kiellet zakázán tilos interzis забран запрещ заборон απαγορ yasak"
    ),
    "authority": (
        "supervisory authority complaint aufsichtsbehörde beschwerde cnil réclamation autoridad reclamac"
        " autorità reclamo autoridade reclamaç toezichthoud klacht organu$ organem$ skarg tillsynsmyndig klage datatilsyn"
        " valvontaviranomai úřad úrad hatóság plângere надзор жалоб αρχή şikayet"
    ),
    "change notice": (
        "amend amended modifications effective changes änderung geändert modification modificac modifica"
        " alteraç wijzig zmian ändring ændring endring muuto změn zmen módosít modific измен промен зміни"
        " τροποποι değişiklik izmjen sprememb muudatus"
    ),
    "company details": (
        "registered handelsregister registergericht umsatzsteuer ust impressum imprint immatricul siren siret"
        " rcs registro registrada mercantil partita iva cnpj cif kvk krs nip regon organisationsnummer"
        " cvr ytunnus dič hebergeur hébergeur hébergement geschäftsführer vertretungsberechtig publication"
    ),
}

WEAK: dict[str, str] = {
    "collect": "collect erheb erhoben recoge raccogl coleta verzamel zbier samla indsaml kerää shromažď",
    "personal": "personal persönlich personnel personlig osobist persoonlijk henkilökohtai",
    "third": "third",
    "information": "information informationen informaci informazion informaç gegevens informacj uppgift tieto data",
    "share": "share sharing shared weitergabe weitergeb partage compart condivi delen dela deling jaamme",
    "use": "user users nutzer utilisateur usuario utente usuári utilizador gebruiker użytkownik användar bruger",
    "account": "account konto compte$ comptes$ cuenta$ cuentas$ conta$ contas$ rekening účet fiók hesap",
    "service": "service services dienst servicio servizio serviço usług tjänst tjenest palvelu služb",
    "payment": "payment refund fee fees price billing zahlung gebühr paiement prix pago precio pagament pagam preço"
    " betaling płatnoś betalning maksu platb",
    "security": "security secure sicherheit sécurité seguridad sicurezza segurança beveilig bezpieczeń säkerhet",
    "provider": "provider vendor anbieter fournisseur prestataire proveedor fornitor fornecedor dostawc leverantör",
    "purpose": "purpose zweck finalit finalidad doeleind cel ändamål formål tarkoitu účel cél",
    "content": "content inhalt contenu contenido contenut conteúdo inhoud treści innehåll indhold sisältö obsah",
    "must": "must shall may obligation duty responsible",
    "policy": "policy policies guideline rules richtlinie politique politica política règle regla regol beleid"
    " polityk zásad politik",
    "minors": "child children minors minor kinder enfants mineur menores minori crianças kinderen dzieci barn",
    "transfer": "transfer übermittl transfert trasferiment transferencia doorgif överför",
}

# Counted wherever they stand in the text.
_JOINED: dict[str, str] = {
    "privacy": "プライバシー 隐私 隱私 개인정보 الخصوصية פרטיות ความเป็นส่วนตัว गोपनीयता",
    "personal data": "個人情報 个人信息 個人資料 個人資訊 个人数据 الشخصية אישי ข้อมูลส่วนบุคคล व्यक्तिगत",
    "consent": "同意 동의 موافق הסכמ ยินยอม सहमति",
    "cookies": "クッキー 쿠키 الارتباط עוגיות คุกกี้ कुकी",
    "terms": "規約 利用条件 条款 條款 약관 الشروط תנאי เงื่อนไข शर्तें",
    "agreement": "契約 协议 協議 합의 계약 اتفاقية הסכם ข้อตกลง",
    "liability": "責任 责任 책임 مسؤول אחריות ความรับผิด दायित्व",
    "law": "法律 法令 法规 法規 법률 법령 القانون חוק กฎหมาย कानून",
    "rights": "権利 权利 權利 권리 حقوق זכויות สิทธิ अधिकार",
    "processing": "取扱 取り扱 处理 處理 처리 معالج עיבוד ประมวลผล",
    "third parties": "第三者 第三方 제3자 ثالث שלישי บุคคลที่สาม",
    "disclosure": "開示 披露 揭露 제공 الكشف גילוי เปิดเผย",
    "retention": "保存期間 保管 保存 보유 보관 الاحتفاظ שמירת เก็บรักษา",
    "licence": "著作権 知的財産 知识产权 知識產權 著作权 저작권 ملكية קניין ลิขสิทธิ์",
    "jurisdiction": "準拠法 裁判所 管辖 管轄 仲裁 관할 법원 المحكمة שיפוט ศาล",
    "ending": "解約 退会 终止 終止 해지 إنهاء ביטול ยกเลิก",
    "conduct": "禁止 禁じ 금지 يحظر אסור ห้าม",
    "change notice": "改定 変更 修订 变更 修訂 변경 개정 تعديل שינוי แก้ไข",
}

_UNSPACED = re.compile(r"[\u0590-\u06ff\u0900-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EDGES = " \t.,;:!?()[]{}<>«»“”„‘’'\"*_/\\|–—…·•&%§#=+0123456789"
_ELISION = re.compile("['’]")


def _index(concepts: dict[str, str]) -> dict[str, str]:
    return {stem.rstrip("$"): concept for concept, stems in concepts.items() for stem in stems.split()}


def _by_opening() -> dict[str, list[tuple[str, bool, tuple[str, bool]]]]:
    """The stems under their first three letters, those that win first: stem, whether it stands for longer words
    too, its concept."""
    whole = {
        stem[:-1] for group in (*STRONG.values(), *WEAK.values()) for stem in group.split() if stem[-1] == "$"
    }
    found: dict[str, list[tuple[str, bool, tuple[str, bool]]]] = {}
    for stems, strong in ((_index(STRONG), True), (_index(WEAK), False)):
        for stem in sorted(stems, key=len, reverse=True):
            longer = len(stem) > _SHORT and stem not in whole
            found.setdefault(stem[:3], []).append((stem, longer, (stems[stem], strong)))
    return found


_SHORT = 4  # stems of up to this length count as whole words only
_STEMS = _by_opening()
_JOINED_STEMS = tuple(_index(_JOINED).items())
_MOST_WORDS = 65_536


def unspaced(text: str) -> int:
    """How many characters belong to writings that are matched inside words."""
    return 0 if text.isascii() else len(_UNSPACED.findall(text))


class _Concepts(dict[str, tuple[str, bool] | None]):
    """The words met so far and what they stand for; begun anew when there are too many."""

    def __missing__(self, word: str) -> tuple[str, bool] | None:
        if len(self) >= _MOST_WORDS:
            self.clear()
        self[word] = found = _concept(word)
        return found


def _concept(word: str) -> tuple[str, bool] | None:
    bare = word if word.isalpha() else word.strip(_EDGES)
    if "'" in bare or "’" in bare:
        bare = bare if word.endswith(("'s", "’s")) else _ELISION.split(bare)[-1]
    for stem, longer, concept in _STEMS.get(bare[:3], ()):
        if bare == stem or (longer and bare.startswith(stem)):
            return concept
    return None


CONCEPTS = _Concepts()
"""The concept each word in lower case stands for and whether it is a strong one; None for any other word.
Punctuation around the word and an elided article before it ("l’accord") do not matter."""


def joined_concepts(text: str) -> set[str]:
    """The strong concepts found inside a text whose words are not set apart."""
    return {concept for stem, concept in _JOINED_STEMS if not stem.isascii() and stem in text}
