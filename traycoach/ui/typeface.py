"""The bundled type: sizes of `visual.md` section 10 as named roles, and the fonts that carry them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

FAMILIES: Final = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans")
_FOLDER: Final = Path(__file__).parent / "fonts"
_FILES: Final = ("Inter-Regular.otf", "Inter-SemiBold.otf")


@dataclass(frozen=True, slots=True)
class TypeRole:
    """One use of type, in logical pixels at a text scale of 1. `tabular`: figures of one width, for numbers."""

    size: float
    line: float
    bold: bool = False
    spacing: float = 0.0
    tabular: bool = False


CUE: Final = TypeRole(26, 32, bold=True, spacing=-0.3)
RING: Final = TypeRole(32, 38, bold=True, tabular=True)
RING_REPS: Final = TypeRole(28, 34, bold=True, tabular=True)
RING_OF: Final = TypeRole(17, 22, bold=True, tabular=True)
HEADLINE: Final = TypeRole(28, 34, bold=True, spacing=-0.3)
PROMPT_HEADLINE: Final = TypeRole(18, 24, bold=True, spacing=-0.1)
SECTION: Final = TypeRole(17, 24, bold=True)
FACT: Final = TypeRole(20, 26, bold=True, tabular=True)
BODY: Final = TypeRole(16, 23)
PROMPT_BODY: Final = TypeRole(15, 20)
BUTTON: Final = TypeRole(15, 20, bold=True)
TITLE: Final = TypeRole(15, 20, bold=True)
STEP: Final = TypeRole(14, 20, tabular=True)
LABEL: Final = TypeRole(14, 18)
LABEL_STRONG: Final = TypeRole(14, 18, bold=True)
SMALL: Final = TypeRole(13, 18, tabular=True)
SMALL_STRONG: Final = TypeRole(13, 18, bold=True, tabular=True)


def load_fonts() -> None:
    """Make the bundled fonts known to Qt. A file that cannot be read leaves the system's fonts in its place."""
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(_FOLDER / name))


def make_font(role: TypeRole, scale: float) -> QFont:
    """Give the font of a role at a text scale."""
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setPixelSize(max(1, round(role.size * scale)))
    font.setWeight(QFont.Weight.DemiBold if role.bold else QFont.Weight.Normal)
    if role.spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, role.spacing * scale)
    if role.tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font
