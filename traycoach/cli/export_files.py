"""Painted pictures to files: an animated GIF, a PNG, a page of HTML that needs nothing beside itself."""

from __future__ import annotations

import contextlib
import html
import io
import os
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from traycoach.cli.export import Painted, Subject
from traycoach.errors import Problem, Unavailable, UserError
from traycoach.text import _

if TYPE_CHECKING:
    from PIL import Image

HALF = 2
"""So many pictures fit into half the width of a printed page."""
COLOURS = 192
"""Of an animation. The figure is flat, so these are enough for its edges too."""


def gif(pictures: Iterable[Painted]) -> bytes:
    """Encode the frames of an animation; the first picture tells the colours and is not shown."""
    from PIL import Image

    colours: Image.Image | None = None
    frames: list[Image.Image] = []
    lengths: list[int] = []
    for one in pictures:
        if not one.pixels:
            continue
        image = _image(one)
        if colours is None:
            colours = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            continue
        frames.append(image.quantize(palette=colours, dither=Image.Dither.NONE))
        lengths.append(int(one.about["ms"]))
    if not frames:
        raise Unavailable(_("nothing was painted"))
    out = io.BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=lengths, loop=0, optimize=False, disposal=1
    )
    return out.getvalue()


def png(pictures: Iterable[Painted]) -> bytes:
    """Encode the one picture of a page."""
    for one in pictures:
        if one.pixels:
            return _png(one)
    raise Unavailable(_("nothing was painted"))


def page(wanted: Subject, language: str, pictures: Iterable[Painted]) -> bytes:
    """Give a page to print, with its pictures in it; it loads nothing and runs nothing."""
    groups: list[tuple[Painted, list[Painted]]] = []
    for one in pictures:
        if one.pixels:
            groups[one.about["group"]][1].append(one)
        elif "group" in one.about:
            groups.append((one, []))
    if not groups:
        raise Unavailable(_("nothing was painted"))
    title = html.escape(wanted.message.title)
    parts = [_HEAD.format(language=html.escape(language or "en", quote=True), title=title)]
    parts.append(f"<h1>{title}</h1>\n<p class=summary>{html.escape(wanted.summary)}</p>")
    for row in _rows(groups):
        parts.append("<div class=pair>")
        for number, (words, shown) in row:
            parts += _section(number if len(groups) > 1 else None, words, shown)
        parts.append("</div>")
    if wanted.message.change_now:
        parts.append(f"<p class=now>{html.escape(wanted.message.change_now)}</p>")
    parts.append(
        f"<footer>{html.escape(_('Stop if pain turns sharp, travels further out, or you feel dizzy.'))}</footer>"
    )
    parts.append("</body>\n</html>\n")
    return "\n".join(parts).encode()


Group = tuple[Painted, list[Painted]]


def _rows(groups: list[Group]) -> list[list[tuple[int, Group]]]:
    """Put exercises with few pictures side by side. Rows are what a printer must not part."""
    rows: list[list[tuple[int, Group]]] = []
    for number, group in enumerate(groups, 1):
        is_half = len(group[1]) <= HALF
        if is_half and rows and len(rows[-1]) == 1 and len(rows[-1][0][1][1]) <= HALF:
            rows[-1].append((number, group))
        else:
            rows.append([(number, group)])
    return rows


def _section(number: int | None, words: Painted, shown: list[Painted]) -> Iterator[str]:
    def text(key: str) -> str:
        return html.escape(str(words.about[key]))

    yield "<section>" if len(shown) <= HALF else "<section class=wide>"
    if number is not None:
        yield f"<h2>{number}. {text('title')}</h2>"
    if words.about["dose"]:
        yield f"<p class=dose>{text('dose')}</p>"
    yield f"<p>{text('how')}</p>"
    yield "<div class=row>"
    for one in shown:
        source = b64encode(_png(one)).decode()
        alt = html.escape(str(one.about["alt"]), quote=True)
        cue = html.escape(str(one.about["cue"]))
        yield f'<figure><img alt="{alt}" src="data:image/png;base64,{source}"><figcaption>{cue}</figcaption></figure>'
    yield "</div>"
    for label, line in words.about["lines"]:
        yield f"<p class=line><span>{html.escape(label)}:</span> {html.escape(line)}</p>"
    yield "</section>"


def write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all. Raises UserError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        message = _("the file cannot be written: {reason}").format(reason=error.strerror or type(error).__name__)
        raise UserError(Problem(message, file=str(path))) from None


def _image(one: Painted) -> Image.Image:
    from PIL import Image

    return Image.frombytes("RGB", (one.width, one.height), one.pixels, "raw", "RGBX")


def _png(one: Painted) -> bytes:
    out = io.BytesIO()
    _image(one).save(out, "PNG", optimize=True)
    return out.getvalue()


_HEAD = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light; }}
body {{ font: 11pt/1.45 Inter, "Segoe UI", "Noto Sans", sans-serif; color: #1d2b30; }}
body {{ max-width: 190mm; margin: 8mm auto; padding: 0 6mm; }}
h1 {{ font-size: 20pt; margin: 0 0 1mm; }}
h2 {{ font-size: 14pt; margin: 0 0 1mm; }}
p {{ margin: 1mm 0; }}
.summary, .dose {{ color: #4c5f66; }}
.now {{ border: 1px solid #8fa3aa; border-radius: 3mm; padding: 3mm 4mm; margin-top: 6mm; font-weight: 600; }}
.pair {{ display: flex; gap: 5mm; margin-top: 6mm; break-inside: avoid; }}
section {{ width: calc(50% - 2.5mm); }}
section.wide {{ width: 100%; }}
.row {{ display: flex; flex-wrap: wrap; gap: 3mm; margin: 3mm 0; }}
figure {{ width: calc(50% - 1.5mm); }}
.wide figure {{ width: calc(25% - 2.25mm); }}
figure {{ margin: 0; }}
img {{ width: 100%; display: block; border-radius: 3mm; }}
figcaption {{ font-size: 9.5pt; margin-top: 1mm; }}
.line {{ font-size: 10pt; margin: 0.5mm 0; }}
.line span {{ color: #4c5f66; }}
footer {{ margin-top: 8mm; padding-top: 2mm; border-top: 1px solid #c8d3d7; font-size: 9.5pt; color: #4c5f66; }}
figure {{ break-inside: avoid; }}
@page {{ size: A4; margin: 12mm; }}
@media print {{ body {{ margin: 0; padding: 0; max-width: none; }} img {{ print-color-adjust: exact; }} }}
@media (max-width: 640px) {{
  .pair {{ display: block; }}
  section {{ width: 100%; }}
  .wide figure {{ width: calc(50% - 1.5mm); }}
}}
</style>
</head>
<body>"""
