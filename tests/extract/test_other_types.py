"""Markdown, plain text and PDF through the same door."""

from __future__ import annotations

from fpdf import FPDF

from storage.records import ClauseKind
from tests.extract.reading import capture
from watcher.extract import read

MARKDOWN = """Privacy Policy
==============

**1\\. What we collect**

We collect the *name* and the [address](https://x.example/a_(b)) you give us.

*   your delivery address,
    which we need;
*   [[email protected]](/cdn-cgi/l/email-protection#2f5f5d46594e4c566f434e5d4449464a434b014a574e425f434a)

| Name | Purpose |
| --- | --- |
| _sid | Keeps you logged in |
"""


def test_markdown_reads_as_the_page_it_came_from() -> None:
    """Marks and link targets go, headings, items and rows stay."""
    document = read(capture(MARKDOWN, "text/markdown"))
    assert document.title == "Privacy Policy"
    assert [(c.kind, c.number, c.text) for c in document.clauses] == [
        (ClauseKind.HEADING, "1.", "What we collect"),
        (ClauseKind.PARAGRAPH, "", "We collect the name and the address you give us."),
        (ClauseKind.ITEM, "", "your delivery address, which we need;"),
        (ClauseKind.ITEM, "", "privacy@larkfield.example"),
        (ClauseKind.ROW, "", "Name: _sid; Purpose: Keeps you logged in"),
    ]


class _Policy(FPDF):
    def header(self) -> None:
        self.set_font("helvetica", "", 8)
        self.cell(0, 8, "Larkfield Ltd, privacy policy", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-12)
        self.cell(0, 8, f"Page {self.page_no()} of 9")


def test_a_pdf_reads_to_paragraphs_under_headings() -> None:
    """Lines are joined across lines and pages; running heads and page numbers are left out."""
    pdf = _Policy()
    pdf.add_page()
    sentences = []
    for section in range(1, 12):
        pdf.set_font("helvetica", "B", 14)
        pdf.cell(0, 12, f"{section}. Section {section}", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("helvetica", "", 11)
        sentence = (
            f"In part {section} we say what we collect and for which reason we keep it in our books. "
            * (9 + section % 3)
        )
        sentences.append(sentence.strip())
        pdf.multi_cell(0, 6, sentence, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    document = read(capture(bytes(pdf.output()), "application/pdf"))
    assert pdf.page_no() > 2
    assert [c.text for c in document.clauses if c.kind is ClauseKind.PARAGRAPH] == sentences
    assert [c.number for c in document.clauses if c.level] == [f"{k}." for k in range(1, 12)]
