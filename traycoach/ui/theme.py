"""How everything looks right now: one object that all widgets read when they paint, and that says when it changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, get_args

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QLayout, QToolTip, QWidget

from traycoach.messages import Appearance
from traycoach.ui.palette import FigureLook, HairShape, Palette, palette_for
from traycoach.ui.typeface import LABEL, TypeRole, make_font

MAX_TEXT_SCALE: Final = 2.0
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_SLIMMEST: Final = 0.9
_WIDEST: Final = 1.25


class Theme(QObject):
    """The appearance in force. `changed` comes after every change, the system's own change of theme included."""

    changed = Signal()

    def __init__(self, appearance: Appearance | None = None, enlargement: float = 1.0) -> None:
        super().__init__()
        self.appearance = appearance or Appearance()
        self._enlargement = enlargement
        self.palette: Palette = palette_for("light")
        self.figure = FigureLook()
        self.scale = 1.0
        self.reduced_motion = False
        self._fonts: dict[TypeRole, QFont] = {}
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._resolve)
        hints.accessibility().contrastPreferenceChanged.connect(self._resolve)
        self._resolve()

    def apply(self, appearance: Appearance) -> None:
        """Look like this from now on."""
        self.appearance = appearance
        self._resolve()

    def enlarged(self, factor: float) -> Theme:
        """Give the same look with larger type, for one showing: it does not follow later changes of this one."""
        return Theme(self.appearance, self._enlargement * factor)

    def colour(self, role: str) -> QColor:
        """Give an interface colour by its role in `Palette`."""
        return QColor(getattr(self.palette, role))

    def font(self, role: TypeRole) -> QFont:
        """Give the font of a role at the text scale in force."""
        if role not in self._fonts:
            self._fonts[role] = make_font(role, self.scale)
        return self._fonts[role]

    def line(self, role: TypeRole) -> int:
        """Give the height of a line of text, px."""
        return round(role.line * self.scale)

    def grown(self, size: float) -> int:
        """Give the size of a thing that grows with the text, px."""
        return round(size * self.scale)

    def _resolve(self) -> None:
        wanted, hints = self.appearance, QGuiApplication.styleHints()
        system_dark = hints.colorScheme() is Qt.ColorScheme.Dark
        dark = wanted.theme == "dark" or (wanted.theme == "system" and system_dark)
        system_contrast = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
        self.palette = palette_for("dark" if dark else "light", wanted.high_contrast or system_contrast)
        self.figure = _figure_look(wanted.figure)
        self.scale = min(MAX_TEXT_SCALE, max(1.0, wanted.text_scale)) * self._enlargement
        self.reduced_motion = wanted.reduced_motion
        self._fonts.clear()
        self._dress_application()
        self.changed.emit()

    def _dress_application(self) -> None:
        application = QApplication.instance()
        if not isinstance(application, QApplication):
            return
        if self.appearance.language:
            from PySide6.QtCore import QLocale  # with its lists of languages and countries half a megabyte

            application.setLayoutDirection(QLocale(self.appearance.language).textDirection())
        tip = QPalette()
        tip.setColor(QPalette.ColorRole.ToolTipBase, self.colour("card"))
        tip.setColor(QPalette.ColorRole.ToolTipText, self.colour("text"))
        QToolTip.setPalette(tip)
        QToolTip.setFont(self.font(LABEL))


def set_margins(layout: QLayout, widget: QWidget, start: int, top: int, end: int, bottom: int) -> None:
    """Set margins by the direction of reading: Qt mirrors what lies in a layout, but not its margins."""
    if widget.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        start, end = end, start
    layout.setContentsMargins(start, top, end, bottom)


def dress_all(root: QWidget) -> None:
    """Let `root` and everything in it take over a changed theme, innermost last, and lay it out anew."""
    for widget in (root, *root.findChildren(QWidget)):
        dress = getattr(widget, "dress", None)
        if dress is not None:
            dress()
        widget.updateGeometry()
        widget.update()


def _figure_look(chosen: Mapping[str, str]) -> FigureLook:
    """Read the user's figure as `[look.figure]` names it; what is empty or not understood comes from the theme."""
    shape = chosen.get("hair", "")
    try:
        girth = float(chosen.get("girth", "1"))
    except ValueError:
        girth = 1.0
    return FigureLook(
        hair_shape=shape if shape in get_args(HairShape) else "short",  # type: ignore[arg-type]
        girth=min(_WIDEST, max(_SLIMMEST, girth)),
        skin=_colour(chosen, "skin"),
        hair=_colour(chosen, "hair_colour"),
        shirt=_colour(chosen, "shirt"),
        trousers=_colour(chosen, "trousers"),
        shoe=_colour(chosen, "shoes"),
    )


def _colour(chosen: Mapping[str, str], key: str) -> str | None:
    value = chosen.get(key, "")
    return value if _COLOUR.fullmatch(value) else None
