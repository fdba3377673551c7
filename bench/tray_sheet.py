"""Draw every state of the tray icon in every size and rendering on one sheet: build/tray_sheet.png.

    python bench/tray_sheet.py [FILE.png]

Look at it after every change of traycoach/tray/icon.py. Below each rendering the 16 px icon is enlarged four times.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from traycoach.core.actions import TrayKind, TrayState
from traycoach.tray.colours import Look
from traycoach.tray.icon import SIZES, draw_icon

CELL, LABEL, ROW = 150, 150, 232
BARS = (
    ("light", Look.LIGHT, "#F3F5F6"),
    ("dark", Look.DARK, "#1C2226"),
    ("either, on light", Look.EITHER, "#F3F5F6"),
    ("either, on dark", Look.EITHER, "#1C2226"),
    ("either, on grey", Look.EITHER, "#8A8F92"),
    ("template on light", Look.TEMPLATE_BLACK, "#ECEFF1"),
    ("template on dark", Look.TEMPLATE_WHITE, "#23282C"),
)


def state(kind: TrayKind, progress: float = 0.0, *, nearly: bool = False, down: bool = False) -> TrayState:
    return TrayState(kind, words="", why="", today="", progress=progress, nearly=nearly, down=down)


STATES = (
    ("sitting 0 %", state(TrayKind.SITTING, 0.0)),
    ("sitting 25 %", state(TrayKind.SITTING, 0.25)),
    ("sitting 60 %", state(TrayKind.SITTING, 0.6)),
    ("nearly 90 %", state(TrayKind.SITTING, 0.9, nearly=True)),
    ("standing 40 %", state(TrayKind.STANDING, 0.4)),
    ("due up", state(TrayKind.DUE)),
    ("due down", state(TrayKind.DUE, down=True)),
    ("held", state(TrayKind.HELD)),
    ("routine 40 %", state(TrayKind.ROUTINE, 0.4)),
    ("paused", state(TrayKind.PAUSED)),
    ("snoozed", state(TrayKind.SNOOZED)),
    ("away", state(TrayKind.AWAY)),
    ("unknown", state(TrayKind.UNKNOWN)),
)


def sheet() -> Image.Image:
    picture = Image.new("RGB", (LABEL + CELL * len(STATES), 30 + ROW * len(BARS)), "#FBFDFC")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(13)
    for column, (name, _) in enumerate(STATES):
        draw.text((LABEL + column * CELL + CELL / 2, 8), name, "#16282D", font, anchor="ma")
    for row, (name, look, bar) in enumerate(BARS):
        top = 30 + row * ROW
        draw.rectangle((LABEL, top, picture.width, top + ROW - 8), fill=bar)
        draw.text((8, top + 60), name, "#16282D", font)
        for column, (_, shown) in enumerate(STATES):
            left = LABEL + column * CELL
            x = left + 6
            for size in (64, 48):
                icon = draw_icon(shown, size, look)
                picture.paste(icon, (x, top + 8 + (64 - size) // 2), icon)
                x += size + 6
            x = left + 3
            for size in (value for value in SIZES if value <= 32):
                icon = draw_icon(shown, size, look)
                picture.paste(icon, (x, top + 84 + (32 - size) // 2), icon)
                x += size + 6
            icon = draw_icon(shown, 16, look).resize((64, 64), Image.Resampling.NEAREST)
            picture.paste(icon, (left + 4, top + 130), icon)
            icon = draw_icon(shown, 22, look).resize((66, 66), Image.Resampling.NEAREST)
            picture.paste(icon, (left + 76, top + 129), icon)
    return picture


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/tray_sheet.png")
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet().save(target)
    print(target)
