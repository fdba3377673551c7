"""Where the icon is in a picture of a panel that has other things in its colours, too."""

from __future__ import annotations

from PIL import Image, ImageChops

from tests.desktops.driver import ICON_COLOURS, LEAST_OF_ICON, Box


def icon_in(picture: Image.Image, tray: Box, state: str, near: int = 7) -> tuple[int, int] | None:
    """Give the middle of the icon in this state, looked for in `tray` alone; None if it is not there.

    `near` is how far off, in each colour, a pixel may be.
    """
    part = picture.convert("RGB").crop(tray)
    found = Image.new("L", part.size, 0)
    for colour in ICON_COLOURS[state]:
        off = ImageChops.difference(part, Image.new("RGB", part.size, colour)).split()
        furthest = ImageChops.lighter(ImageChops.lighter(off[0], off[1]), off[2])
        found = ImageChops.lighter(found, furthest.point([255] * near + [0] * (256 - near)))
    box = found.getbbox()
    if box is None or found.histogram()[255] < LEAST_OF_ICON:
        return None
    return tray[0] + (box[0] + box[2]) // 2, tray[1] + (box[1] + box[3]) // 2
