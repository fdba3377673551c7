"""Where a prompt goes: into the corner next to the tray, never under the pointer, never out of the work area."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize

MARGIN: Final = 16
"""Distance of a prompt from the corner, px."""
POINTER_ROOM: Final = 12
"""The pointer's own picture, px around its tip."""
CORNERS: Final = ("bottom-right", "top-right", "bottom-left", "top-left")


def place(size: QSize, work_area: QRect, pointer: QPoint, corner: str) -> QRect:
    """Give the place for a prompt of `size`: `corner` (of `CORNERS`), or the nearest other one free of the pointer.

    A prompt larger than the work area is laid to its top left edges, so that its beginning can be read.
    """
    wanted = corner if corner in CORNERS else CORNERS[0]
    # Beside it first (the same side of the screen), then across, the far corner last.
    order = sorted(CORNERS, key=lambda other: _distance(wanted, other))
    for name in order:
        box = _in_corner(size, work_area, name)
        if not box.adjusted(-POINTER_ROOM, -POINTER_ROOM, POINTER_ROOM, POINTER_ROOM).contains(pointer):
            return box
    return _in_corner(size, work_area, wanted)


def restored(wanted: QRect, least: QSize, screens: Sequence[QRect]) -> QRect | None:
    """Give the place of a window that was left at `wanted`, on the screens there are now; None: it shows on none.

    It stays on the screen that it lies on most, is never larger than that, and wholly inside.
    """
    best = max(screens, key=lambda area: _overlap(wanted, area), default=None)
    if best is None or _overlap(wanted, best) == 0:
        return None
    return _kept_inside(QRect(wanted.topLeft(), wanted.size().expandedTo(least).boundedTo(best.size())), best)


def beside(size: QSize, anchor: QRect, work_area: QRect, *, align_right: bool = False) -> QRect:
    """Give the place for a menu of `size` that belongs to `anchor`: below it, else above, always in the work area."""
    gap = 4
    left = anchor.right() + 1 - size.width() if align_right else anchor.left()
    top = anchor.bottom() + 1 + gap
    if top + size.height() > work_area.bottom() + 1:
        top = anchor.top() - gap - size.height()
    return _kept_inside(QRect(QPoint(left, top), size), work_area)


def _overlap(box: QRect, area: QRect) -> int:
    shared = box.intersected(area)
    return shared.width() * shared.height() if shared.isValid() else 0


def _distance(first: str, second: str) -> int:
    vertical, horizontal = (a != b for a, b in zip(first.split("-"), second.split("-"), strict=True))
    return vertical + 2 * horizontal


def _in_corner(size: QSize, area: QRect, corner: str) -> QRect:
    vertical, horizontal = corner.split("-")
    left = area.left() + MARGIN if horizontal == "left" else area.right() + 1 - MARGIN - size.width()
    top = area.top() + MARGIN if vertical == "top" else area.bottom() + 1 - MARGIN - size.height()
    return _kept_inside(QRect(QPoint(left, top), size), area)


def _kept_inside(box: QRect, area: QRect) -> QRect:
    left = max(area.left(), min(box.left(), area.right() + 1 - box.width()))
    top = max(area.top(), min(box.top(), area.bottom() + 1 - box.height()))
    return QRect(QPoint(left, top), box.size())
