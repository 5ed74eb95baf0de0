"""Six small policies of six invented companies, and what becomes of each during the demo."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

RETENTION = "We keep the messages you send to our support desk for 30 days and delete them afterwards."
LONGER = (
    "We keep the messages you send to our support desk for 24 months and may use them to train our models."
)
LANTERN = (
    "Last updated: 3 February 2024",
    "This notice tells what the Lantern Shop does with the personal data of people who order from it.",
    "We collect your name, your address and your e-mail address when you place an order with us.",
    RETENTION,
    "We share your order with the parcel service that brings it to your door, and with nobody else.",
    "You may ask us at any time which data we hold about you, and have them corrected or deleted.",
    "Write to privacy@lantern.example with any question about this notice or about your data.",
)

COURTS = "Any dispute about these terms is decided by the courts of the place where you live."
ARBITRATION = "Any dispute about these terms is settled by binding arbitration, and you waive class actions."
QUAYSIDE = (
    "Last updated: 12 January 2024",
    "These terms are the agreement between you and Quayside Boats Ltd about the use of our booking service.",
    "You may book a boat when you are at least eighteen years old and hold a valid licence for it.",
    "You may cancel a booking free of charge until seven days before it begins.",
    COURTS,
    "We may change these terms and will tell you thirty days before a change takes effect.",
)

MEADOW = (
    "Last updated: 20 March 2024",
    "This page lists the cookies that Meadow News sets in your browser and what each of them is for.",
    "The session cookie keeps you signed in and is deleted when you close your browser.",
    "The consent cookie remembers for six months which other cookies you have accepted.",
    "You may refuse all cookies that are not needed, and may change your choice at any time.",
)

ORCHARD = (
    "Effective 5 May 2024",
    "These terms apply when you order fruit boxes from Orchard Direct, a service of Orchard Growers eG.",
    "Boxes are delivered on the day you chose, between eight in the morning and noon.",
    "You may pause or end your subscription at any time, with effect from the next box.",
    "Prices include taxes and delivery, and are charged on the day a box leaves our barn.",
    "Fruit that arrives spoiled is replaced, or its price is refunded, as you prefer.",
)
MOVED = (*ORCHARD[:2], ORCHARD[4], *ORCHARD[2:4], ORCHARD[5])

HARBOUR = (
    "Last updated: 1 June 2023",
    "This policy explains how the Harbour Clinic handles the personal data of its patients.",
    "We process health data only to treat you, on the basis of our contract with you.",
    "Patient records are kept for ten years after the last treatment, as the law requires.",
    "You have the right to see your record, to have errors corrected and to receive a copy.",
)

WILLOW = (
    "Last updated: 9 September 2023",
    "These terms of use govern your use of the Willow library app; by opening an account you accept them.",
    "You may borrow three books at a time, and your account may be suspended while a book is overdue.",
    "You are liable for a book that is lost, and we may charge your account with its present price.",
    "We process your personal data only to administer your loans, as our privacy policy explains.",
    "This agreement ends when you close your account, or when a year passes without a loan.",
)
WILLOW_FOR_ONE_LOOK = (*WILLOW[:3], *WILLOW[4:])


def page(title: str, lines: Sequence[str]) -> bytes:
    """The lines as a web page with a menu and a footer around them."""
    text = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        '<body><nav><a href="/">Home</a> <a href="/about">About us</a> <a href="/jobs">Jobs</a></nav>'
        f"<main><h1>{escape(title)}</h1>{text}</main><footer>All rights reserved</footer></body></html>"
    ).encode()
