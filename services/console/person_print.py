"""A person's timeline as a document for a review: PDF, with who printed it, when and why."""

import asyncio
import io
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer

from services.console.person_wording import ShownLine, title_of
from services.console.wording import (
    cause_words,
    counted,
    day,
    event_words,
    handling_words,
    london,
    plain,
    publisher,
    sentence,
    spaced_nhs_number,
)
from services.ledger.person_story import PersonStory

NOT_SHOWN = (
    "No address is printed, and nobody else's details. Events in which somebody is only an alleged "
    "perpetrator are on no such document, about anybody: whoever reviews one opens it by its own "
    "reference."
)
_GUARD = (
    "This document holds personal and safeguarding information. Keep it locked, do not copy or "
    "send it on, and destroy it when the review has ended. Others who live with the person must "
    "not see it."
)
CUT = (
    "There is more than is printed here. Of the events and of who was told these are the newest, "
    "and of the timeline it is the earliest."
)
_FONT, _BOLD = "Vera", "VeraBd"
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=9, leading=12.5, spaceAfter=4)
_CELL = ParagraphStyle("cell", fontName=_FONT, fontSize=7.5, leading=10, splitLongWords=1)
_HEAD = ParagraphStyle("head", parent=_CELL, fontName=_BOLD)
_TITLE = ParagraphStyle("title", fontName=_BOLD, fontSize=17, leading=22, spaceAfter=6)
_SECTION = ParagraphStyle(
    "section", fontName=_BOLD, fontSize=12, leading=16, spaceBefore=10, spaceAfter=4, keepWithNext=1
)
_NOTICE = ParagraphStyle(
    "notice", parent=_TEXT, fontName=_BOLD, borderColor=colors.HexColor("#b30f0f"), borderWidth=1,
    borderPadding=6, spaceBefore=8, spaceAfter=12,
)  # fmt: skip
_GRID: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#aeb7bd")),
    ("LINEBELOW", (0, 0), (-1, 0), 1, colors.HexColor("#212b32")),
    ("LEFTPADDING", (0, 0), (-1, -1), 2),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
]


@dataclass(frozen=True, slots=True)
class Printed:
    """What is printed: the story, its timeline in words, and who printed it, when (UTC) and why.

    `is_cut`: there is more than is printed. `rulebooks` are the hashes of all that decided.
    """

    story: PersonStory
    lines: tuple[ShownLine, ...]
    is_cut: bool
    by: str
    at: datetime
    reason: str
    rulebooks: tuple[str, ...]


async def print_aside(printed: Printed) -> bytes:
    """The document as `print_timeline` makes it; a long one takes seconds, and pages go on."""
    return await asyncio.to_thread(print_timeline, printed)


def print_timeline(printed: Printed) -> bytes:
    """The document as bytes of PDF. Times are by the clock in London."""
    for name in (_FONT, _BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    held = io.BytesIO()
    foot = f"Printed by {printed.by}, {london(printed.at)}. Official, sensitive."
    document = SimpleDocTemplate(
        held,
        pagesize=A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=20 * mm,
        title="Case timeline",  # no name: whoever lists files must not read one
        author="Fieldfare",
        subject="Case timeline for a review",
        lang="en-GB",
        displayDocTitle=True,
    )

    def canvas(*arguments: Any, **how: Any) -> Canvas:
        return _Numbered(*arguments, foot=foot, **how)

    document.build([*_flow(printed)], canvasmaker=canvas)
    return held.getvalue()


class _Numbered(Canvas):
    """Keeps every page until it is known how many there are."""

    def __init__(self, *arguments: Any, foot: str, **how: Any) -> None:
        super().__init__(*arguments, **how)
        self._foot = _printable(foot)
        self._kept: list[dict[str, object]] = []

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Ends a page, and keeps it."""
        self._kept.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined] # the stubs leave it out

    def save(self) -> None:
        """Writes every page with its number."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self.setFont(_FONT, 7.5)
            self.drawString(16 * mm, 11 * mm, self._foot)
            self.drawRightString(A4[0] - 16 * mm, 11 * mm, f"Page {number} of {len(self._kept)}")
            super().showPage()
        super().save()


def _flow(printed: Printed) -> Iterable[Flowable]:
    story = printed.story
    yield Paragraph("Case timeline", _TITLE)
    yield _text(_GUARD, _NOTICE)
    yield _rows(("", ""), [*_heading(printed)], (45 * mm, 133 * mm))
    if printed.is_cut:
        yield _text(CUT, _NOTICE)
    yield _text("Events", _SECTION)
    yield _rows(
        ("Happened", "Event", "From", "Part in it"),
        [
            (
                london(each.occurred_at),
                event_words(each.type) + (" (cancelled)" if each.is_cancelled else ""),
                publisher(each.source),
                ", ".join(plain(role) for role in each.roles),
            )
            for each in story.occurrences
        ],
        (36 * mm, 58 * mm, 48 * mm, 36 * mm),
    )
    yield _text("Who was told, and what came of it", _SECTION)
    yield _rows(
        ("Owed", "Who", "State", "Answer by", "Notice", "Missed"),
        [
            (
                london(each.owed_at),
                f"{sentence(each.service)} ({each.recipient})"
                + (f", instead of {plain(each.instead_of)}" if each.instead_of else ""),
                plain(each.state),
                london(each.respond_by),
                str(each.recipient_sequence or ""),
                cause_words(each.cause) if each.cause else "",
            )
            for each in story.duties
        ],
        (31 * mm, 54 * mm, 23 * mm, 31 * mm, 14 * mm, 25 * mm),
    )
    yield _text("Timeline", _SECTION)
    yield _rows(
        ("When", "What", "What happened"),
        [(london(each.at), each.subject, each.text) for each in printed.lines],
        (31 * mm, 54 * mm, 93 * mm),
    )
    yield Spacer(1, 8)
    yield _text(NOT_SHOWN, _TEXT)


def _heading(printed: Printed) -> Iterable[tuple[str, str]]:
    story = printed.story
    yield "About", title_of(story)
    if story.someone is not None:
        yield "NHS number", spaced_nhs_number(story.someone.number)
    if story.born is not None:
        yield "Date of birth", day(story.born.isoformat())
    yield "Printed by", printed.by
    yield "Printed", london(printed.at)
    yield "Reason", printed.reason
    yield "Rulebooks", ", ".join(f"sha256:{each}" for each in printed.rulebooks) or "None decided"
    missed = sum(1 for each in story.duties if each.cause is not None) + len(story.without_rule)
    yield "Missed", counted(missed, "time") if missed else "Nothing"
    for flag in sorted({flag for each in story.duties for flag in each.handling}):
        yield "Handling", handling_words(flag)


def _rows(
    names: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]
) -> LongTable:
    """A table that goes on over pages, with its heading on each; a line is broken if it must."""
    heading = [[_text(name, _HEAD) for name in names]] if any(names) else []
    empty = ("Nothing.", *[""] * (len(names) - 1))
    body = [[_text(cell, _CELL) for cell in row] for row in rows or (empty,)]
    return LongTable(
        heading + body,
        colWidths=widths,
        repeatRows=len(heading),
        style=_GRID,
        splitInRow=1,
        hAlign="LEFT",
    )


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(_printable(text)), style)


def _printable(text: str) -> str:
    """The text in letters that the font has; another letter without its marks, or `?`."""
    font: Any = pdfmetrics.getFont(_FONT)
    glyphs = font.face.charToGlyph
    return "".join(sign if ord(sign) in glyphs else _plainer(sign, glyphs) for sign in text)


def _plainer(sign: str, glyphs: object) -> str:
    base = unicodedata.normalize("NFKD", sign)[:1]
    known = isinstance(glyphs, dict) and ord(base) in glyphs
    return base if known else "?"
