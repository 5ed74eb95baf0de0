"""What says the same in other words is no news; what binds, denies, counts or turns the sense is."""

from __future__ import annotations

import pytest

from storage.records import Op
from watcher.compare.edit import Edit
from watcher.compare.paraphrase import only_courtesy, same_sense
from watcher.compare.words import word_ops


def _sense(before: str, after: str) -> str:
    return same_sense(Edit(Op.MODIFIED, before, after, word_ops(before, after)))


SAME = [
    ("We keep drafts for two weeks after you leave the editor.", "We keep drafts for 14 days after you leave the editor."),
    ("Invoices are stored for one year.", "Invoices are stored for twelve (12) months."),
    ("Call the harbour office on 020 7946 0321 before noon.", "Call the harbour office on +44 (0)20 7946-0321 before noon."),
    ("We don't read the letters you store.", "We do not read the letters you store."),
    ("You can't lend your key to others and you won't copy it.", "You cannot lend your key to others and you will not copy it."),
    ("We store your sketches on our own servers in a locked room.", "Your sketches are stored by us on our own servers in a locked room."),
    ("Members receive a badge, and they wear it on deck.", "Members receive a badge. They also wear it on deck."),
    ("Each member answers for the tools borrowed.", "Members answer for the tools borrowed."),
    ("To change the colour of the sail, click here and pick one.", "To change the colour of the sail, open the sail settings and pick one."),
    ("Our staff fix broken oars within a day.", "Our employees repair broken oars within a day."),
    ("This page follows the General Data Protection Regulation.", "This page follows the GDPR (Regulation (EU) 2016/679)."),
    ("Fees are listed below. Thank you for sailing with us.", "Fees are listed below. We appreciate that you sail with us."),
    ("Der Nutzer meldet Schäden am Boot sofort.", "Nutzer*innen melden Schäden am Boot sofort."),
    ("Wir löschen Ihre Entwürfe nach 24 Monaten.", "Ihre Entwürfe werden von uns nach zwei Jahren gelöscht."),
    ("Die Mitarbeiter prüfen jede Meldung, und sie antworten am selben Tag.", "Die Beschäftigten prüfen jede Meldung. Sie antworten am selben Tag."),
    ("Le membre conserve son badge pendant le trajet.", "Les membres conservent leur badge pendant le trajet."),
    ("Nous effaçons les croquis au bout d'un an.", "Les croquis sont effacés par nous au bout de 12 mois."),
    ("L'utilisateur garde son badge.", "L'utilisateur·rice garde son badge."),
    ("Utilizamos sus respuestas para dibujar el mapa.", "Sus respuestas son utilizadas por nosotros para dibujar el mapa."),
    ("Los navegantes guardan su tarjeta a bordo.", "Las personas navegantes guardan su tarjeta a bordo."),
    ("Conserviamo i disegni per un anno.", "I disegni sono conservati da noi per 12 mesi."),
    ("Usamos os seus desenhos para o mapa.", "Os seus desenhos são usados por nós para o mapa."),
    ("Wij bewaren uw tekeningen twee weken.", "Uw tekeningen worden door ons 14 dagen bewaard."),
]  # fmt: skip

OTHER = [
    ("We may share your route with the harbour.", "We will share your route with the harbour."),
    ("We do not share your route.", "We share your route."),
    ("We keep drafts for 30 days.", "We keep drafts for 13 months."),
    ("We delete drafts only when you ask.", "We delete drafts when you ask."),
    ("We may end this agreement with you at any time.", "You may end this agreement with us at any time."),
    ("Sharing is switched off unless you turn it on.", "Sharing is switched on unless you turn it off."),
    ("We share your name with the harbour.", "We share your name and berth with the harbour."),
    ("The employer pays the fare.", "The employee pays the fare."),
    ("Call the harbour office on 020 7946 0321.", "Call the harbour office on 020 7946 0399."),
    ("You may delete your sketches.", "You may ask us to delete your sketches."),
    ("The fee is 5 percent of each sale.", "The fee is 15 percent of each sale."),
    ("Members can object within the harbour's office.", "Members can't object within the harbour's office."),
    ("Click here and pick a colour.", "Click here and pay 5 EUR."),
    ("Wir dürfen Ihre Route weitergeben.", "Wir müssen Ihre Route weitergeben."),
    ("Wir geben Ihre Route nicht weiter.", "Wir geben Ihre Route weiter."),
    ("Nous pouvons céder vos croquis.", "Nous ne pouvons pas céder vos croquis."),
    ("Guardamos los mapas un año.", "Guardamos los mapas dos años."),
    ("Possiamo cedere i disegni al porto.", "Possiamo cedere i disegni al porto e al cantiere."),
    ("Partilhamos o percurso só com o porto.", "Partilhamos o percurso com o porto."),
    ("Wij mogen uw route delen.", "Wij moeten uw route delen."),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), SAME)
def test_the_same_sense_in_other_words_is_no_news(before: str, after: str) -> None:
    """Other forms of numbers and words, voice, number, gender, joints between sentences: the sense stays."""
    assert _sense(before, after)
    assert _sense(after, before)


@pytest.mark.parametrize(("before", "after"), OTHER)
def test_what_turns_the_sense_is_never_a_paraphrase(before: str, after: str) -> None:
    """A word that binds, denies or narrows, a number, a new object or a change of roles is news both ways."""
    assert not _sense(before, after)
    assert not _sense(after, before)


def test_a_clause_of_courtesy_alone_regulates_nothing() -> None:
    """Thanks and greetings are courtesy; with a number or a duty in them they are not."""
    assert only_courtesy("Thank you for reading this page. We are glad you are here!")
    assert only_courtesy("Vielen Dank, schön dass Sie da sind.")
    assert not only_courtesy("Thank you for paying 5 EUR.")
    assert not only_courtesy("We are glad that you may not object.")
    assert not only_courtesy("We store your sketches.")
