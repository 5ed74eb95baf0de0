"""Small policies of our own, and looks at them, for the tests of settling and checking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storage.records import ChangeIntent, Clause, ClauseKind, Document, Past, PolicyKind
from watcher.extract import EXTRACTOR
from watcher.extract.dates import stated_dates
from watcher.settle import Look, Settled, advance, settle

START = datetime(2024, 3, 1, 8, tzinfo=UTC)

RETENTION = "We keep the messages you send to our support desk for 30 days and delete them afterwards."
LONGER = "We keep the messages you send to our support desk for 24 months and delete them afterwards."
SHARING = "We share your order with the parcel service that brings it to your door, and with nobody else."
SOLD = "We share your order with the parcel service that brings it, and we may sell your data to advertisers."
PROMOTION = "Spring offer: ten percent off every order until Sunday, for members of our club only."
BASE = (
    "Last updated: 3 February 2024",
    "This notice tells what the Lantern Shop does with the personal data of people who order from it.",
    "We collect your name, your address and your e-mail address when you place an order with us.",
    RETENTION,
    SHARING,
    "You may ask us at any time which data we hold about you, and have them corrected or deleted.",
    "We protect your data with encryption while they travel and with access controls where they rest.",
    "Write to privacy@lantern.example with any question about this notice or about your data.",
)
FRENCH = (
    "Dernière mise à jour : 3 février 2024",
    "Cette notice explique ce que la boutique fait des données personnelles de ses clientes et clients.",
    "Nous recueillons votre nom, votre adresse et votre courriel lorsque vous passez une commande.",
    "Nous conservons les messages envoyés à notre service pendant trente jours, puis nous les effaçons.",
    "Nous transmettons votre commande au transporteur qui vous la livre, et à personne d'autre.",
)


def document(lines: Sequence[str], language: str = "en", title: str = "Privacy notice") -> Document:
    """A document of paragraphs under one heading, with the dates it states."""
    heading = Clause(title, (), ClauseKind.HEADING, level=1)
    clauses = (heading, *(Clause(line, (title,)) for line in lines))
    return Document(title, language, clauses, stated_dates(clauses, language=language), extractor=EXTRACTOR)


def changed(old: str, new: str | None, lines: Sequence[str] = BASE) -> tuple[str, ...]:
    """The lines with one replaced, or taken out."""
    return tuple(x for x in (new if line == old else line for line in lines) if x is not None)


class Watch:
    """Looks at one page, hour by hour, the way a check does."""

    def __init__(self, every: timedelta = timedelta(hours=1)) -> None:
        self.past = Past()
        self.now = START
        self.every = every
        self.last: Settled | None = None
        self.told: list[ChangeIntent] = []
        self.recorded: list[ChangeIntent] = []

    def see(self, lines: Sequence[str], language: str = "en", title: str = "Privacy notice") -> Settled:
        """One look; what it told is in ``told``, what it recorded without telling only in ``recorded``."""
        settled = settle(PolicyKind.PRIVACY, self.past, Look(document(lines, language, title), self.now))
        self.past = advance(self.past, settled)
        self.now += self.every
        self.last = settled
        changes = [c for c in settled.changes if c.before is not None]
        self.recorded += changes
        self.told += [c for c in changes if c.notify]
        return settled

    def looks(self, *texts: Sequence[str]) -> None:
        """Several looks, one after the other."""
        for lines in texts:
            self.see(lines)
