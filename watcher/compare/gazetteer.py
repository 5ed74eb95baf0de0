"""Names that are places by what they are: countries, states, provinces, seats of courts, and their adjectives.

A capital letter makes no place: "OUR", "AGREEMENT" and "Privacy Rights" have capitals too. Names are told word by
word, in the spellings of seven languages; words of law and of government around a place ("the State of", "courts
located in") belong to it and say nothing by themselves.
"""

from __future__ import annotations

import re

from watcher.compare.edit import words_of

_UNITED = re.compile(
    r"(?<!\w)(?:(?:(?i:the\s)?United States(?: of America)?|U\.\s?S\.(?:\s?A\.)?|US|USA|U\.\s?K\.|UK|E\.?U\.?|EEA|UAE|United Kingdom(?: of Great Britain and Northern Ireland)?)|"
    r"(?i:vereinigte\w* staaten(?: von amerika)?|vereinigte\w* königreich\w*|états-unis|royaume-uni|estados unidos|reino unido|stati uniti|regno unito|verenigde staten|verenigd koninkrijk|"
    r"new south wales|south carolina|north carolina|new york|european union|europäische\w* union|union européenne))(?!\w)"
)
STEMS = re.compile(
    r"(?:deutsch|german|allemand|alem[aã]n|alemão|alemã|tedesc|duits|österreich|austri|autrich|oostenrijk|schweiz|swiss|switzerland|suisse|suiz|svizzer|suíç|zwitser|"
    r"fran[cç]|französ|frankr|frans$|franse$|frankrijk|engl(?:and|isch|ish)|engels|anglais|angleterre|ingl[aeé]|britain|british|britisch|britan|britân|scot(?:land|tish|s$)|schott|écoss|esc[oó]c|"
    r"irisch|irish|ireland|irland|ierland|iers$|ierse$|ital|spain|spani|spanisch|espa[gñn]|espanh|spaans|spanje|wales|welsh|"
    r"portug|niederländ|niederlande|dutch$|netherlands|pays-bas|néerland|neerland|países|holand|olanda|olandes|nederland|belg|luxemb|dän(?:isch|emark)|danish|denmark|danois|danemark|danes[ea]|dinamar|danimar|deens|denemarken|"
    r"schwed|swed(?:en|ish)|suéd|suec|svezia|svedes|zweed|zweden|norweg|norway|norvèg|norveg|norue|noorse|noorwegen|finn(?:isch|ish|land|land\w)|finland|finlandes|"
    r"poln|polen|polish$|poland|polon|polac|polacc|poolse$|tschech|czech|tchèque|checo|checa|chequ|tsjech|ungar|hungar|hongri|hongroi|húngar|hongaar|hongarij|estn|eston|lett(?:isch|land|isch\w)|latvi|letland|letton|litau|lithuan|litouw|lituan|"
    r"rumän|roman(?:ia|ian)$|roumain|roumanie|rumani|rumeni|bulgar|greece|greek$|griech|grec[ei]|grecque|griek|zypr|cypr|chypr|chipr|cipro|maltes|malta$|malte$|monaco|gibralt|liechtenst|island$|iceland|islând|"
    r"amerika|america[n]?$|américa|américain|estadounid|statunit|kalifor|california[ns]?$|californien|delaware|texas$|texan|nevad|kanad|canad|brasil|brazil|brésil|mexik|mexic|méxic|mexiqu|messic|argentin|chilen|chile$|colombia|colombi[ae]|"
    r"israel|israël|türk|turkey|turkish|turquie|turqu[ií]|turk(?:s|ije|ey)|indisch|india[n]?$|inde$|indien|chin(?:a|e|es|esisch|ese|ois)\w*$|cina$|cinese|japan|japon|giappon|singap|korea|corea|corée|koreanisch|taiwan|hongkong|austral|neuseel|nieuw-zeeland|"
    r"emirat|émirats|dubai|dubaï|abu$|südafrik|vietnam|thailand|thaï|philippin|filipi|malaysi|malais|indonesi|pakistan|bangladesh|nigeria|kenya|kenia|egypt|ägypt|égypt|marok|maroc|marruec|morocc|russ|ukrain|ucrain|ucrani|serbi|kroat|croat|sloven|slowen|slovak|slowak)\w*$",
    re.IGNORECASE,
)
_NAMES = frozenset(
    """
    alabama alaska arizona arkansas colorado connecticut florida georgia hawaii idaho illinois indiana iowa kansas kentucky
    louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska hampshire jersey
    mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee utah vermont virginia
    washington wisconsin wyoming columbia usa eua ontario quebec québec alberta manitoba
    saskatchewan scotia brunswick newfoundland labrador yukon zealand queensland tasmania victoria wales hong kong cayman
    bermuda bahamas panama panamá jersey guernsey seychelles mauritius peru perú uruguay paraguay ecuador bolivia
    bayern bavaria hessen sachsen saxony brandenburg berlin hamburg münchen munich köln cologne frankfurt stuttgart
    düsseldorf leipzig dresden bremen hannover nürnberg bonn dortmund essen mannheim karlsruhe wien vienna graz linz
    salzburg zürich zurich genf geneva genève basel bern berne lausanne lugano zug luzern vaduz
    paris lyon marseille lille nantes bordeaux toulouse strasbourg nanterre versailles rennes nice montpellier grenoble
    madrid barcelona valencia sevilla bilbao málaga zaragoza milano milan roma rome torino turin napoli firenze bologna
    genova venezia palermo trento lisboa lisbon porto coimbra braga faro amsterdam rotterdam utrecht haag hague eindhoven
    bruxelles brussel brussels antwerpen antwerp gent liège dublin cork galway belfast edinburgh glasgow
    london londres londra londen manchester birmingham bristol leeds liverpool cardiff copenhagen københavn kopenhagen
    stockholm oslo helsinki tallinn riga vilnius warsaw warszawa warschau kraków prague praha prag budapest vienna
    bucharest sofia athens athen atenas atene nicosia valletta istanbul ankara moscow kyiv
    boston chicago dallas austin houston denver seattle portland phoenix atlanta miami orlando detroit philadelphia
    pittsburgh baltimore manhattan brooklyn albany wilmington dover angeles francisco diego jose oakland
    sacramento cupertino palo alto clara mateo alameda marin orange king travis suffolk middlesex kent santa cruz
    vegas reno provo nashville memphis charlotte raleigh minneapolis milwaukee cleveland columbus cincinnati
    indianapolis omaha honolulu anchorage toronto montreal montréal vancouver ottawa calgary edmonton winnipeg
    sydney melbourne brisbane perth adelaide auckland wellington tokyo osaka kyoto seoul beijing shanghai shenzhen
    guangzhou hangzhou taipei bangkok manila jakarta hanoi kuala lumpur mumbai bombay delhi bangalore bengaluru
    hyderabad chennai kolkata pune gurgaon karachi lahore dhaka dubai tel aviv jerusalem haifa cairo lagos nairobi
    johannesburg cape accra paulo janeiro brasília curitiba salvador recife fortaleza buenos aires santiago bogotá
    bogota medellín lima quito caracas montevideo guadalajara monterrey ciudad
    """.split()
)
_AROUND = frozenset(
    """
    the of in at and or & for by under to a an its their with within from any either
    state states county city district province republic commonwealth kingdom federal national local union member
    european europe europäischen europäische united new north south east west northern southern eastern western central
    great island islands san los las saint st fort port mount el rio são sao sur del de
    court courts law laws legal governing jurisdiction jurisdictions exclusive exclusively non competent ordinary civil
    commercial high supreme superior appeal first instance located sitting seated situated seat place venue arbitration
    arbitral internal domestic substantive applicable common
    und der die das des dem den in von vom zu am im recht rechts gericht gerichte gerichten gerichts gerichtsstand ist
    landgericht amtsgericht stadt land freistaat republik bundesrepublik vereinigten staaten vereinigte königreich
    zuständige zuständigen ausschließliche ausschließlicher ausschließlich
    le la les l l'état d du des et ou à au aux en droit loi lois tribunal tribunaux cour cours juridictions juridiction
    ressort ville état états unis royaume uni république compétents compétence ressort
    los ley leyes derecho tribunales juzgados juzgado ciudad estado estados unidos reino unido y república
    legge leggi diritto foro tribunale tribunali giudice città stati uniti regno unito repubblica italiana della dell delle
    lei leis direito tribunais comarca foro cidade da do no na e
    het een recht rechtbank rechter wet te van bevoegde verenigde staten koninkrijk arrondissement
    """.split()
)
_BODIES = re.compile(
    r"(?:american )?arbitration (?:association|forum|institute)|aaa|jams|adr(?: services)?|icc|lcia|siac|hkiac|cpr|icdr|namadr|"
    r"(?:international )?(?:chamber of commerce|centre for dispute resolution|court of arbitration)|national arbitration (?:and mediation|forum)|"
    r"national academy of arbitrators|judicial arbitration and mediation services",
    re.IGNORECASE,
)


def is_place(text: str) -> bool:
    """Is every word of ``text`` a place, or a word that goes with one, and at least one a place?"""
    text = _UNITED.sub("Ohio", text)
    words = [word.removesuffix("'s").strip("'") for word in words_of(text)]
    named = [word for word in words if place_word(word)]
    capitals = text.casefold() != text or any(STEMS.match(word) for word in named)
    return bool(named) and capitals and all(word in _AROUND for word in words if word not in named)


def is_arbitration_body(text: str) -> bool:
    """ "the American Arbitration Association", "JAMS", "ICC"."""
    return (
        _BODIES.fullmatch(re.sub(r"^the\s|[(“\"”)]", "", text.strip(" ,.;"), flags=re.IGNORECASE)) is not None
    )


def place_word(word: str) -> bool:
    """Is this one word a place or the adjective of one?"""
    word = word.casefold()
    return word in _NAMES or STEMS.match(word) is not None
