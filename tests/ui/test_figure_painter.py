"""The figure painter on Qt's offscreen platform: pictures, sides, themes, thumbnails, baking, references."""

from __future__ import annotations

import os
import sys
from itertools import pairwise
from typing import get_args

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from tests.figure.bundle import clip_of, clips
from traycoach.figure.drawing import ROLES
from traycoach.figure.film import Film
from traycoach.figure.shape_hair import HAIR_SHAPES
from traycoach.ui.figure_frame import Reel
from traycoach.ui.figure_painter import Stage
from traycoach.ui.palette import (
    DARK,
    DARK_CONTRAST,
    LIGHT,
    LIGHT_CONTRAST,
    FigureLook,
    HairShape,
    Palette,
    contrast_ratio,
    dressed,
    needs_outline,
    palette_for,
)

SIZE = QSize(240, 180)
PALETTES = (LIGHT, DARK, LIGHT_CONTRAST, DARK_CONTRAST)


@pytest.fixture(autouse=True)
def application() -> QGuiApplication:
    # The windows' tests share the process and need widgets, so this must not be the first, plain application.
    from PySide6.QtWidgets import QApplication

    running = QGuiApplication.instance()
    return running if isinstance(running, QGuiApplication) else QApplication([])


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name().upper() for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    }


def same(a: QImage, b: QImage, tolerance: int = 40) -> float:
    """Share of pixels that are alike."""
    alike = total = 0
    for x in range(0, a.width(), 3):
        for y in range(0, a.height(), 3):
            p, q = a.pixelColor(x, y), b.pixelColor(x, y)
            total += 1
            alike += abs(p.red() - q.red()) + abs(p.green() - q.green()) + abs(p.blue() - q.blue()) <= tolerance
    return alike / total


@pytest.mark.parametrize("name", clips())
def test_every_exercise_is_painted_in_its_colours(name: str) -> None:
    seen = colours(Stage(clips()[name]).image(SIZE, 1.0, 0.4))
    assert LIGHT.figure.shirt.upper() in seen
    assert LIGHT.stage.upper() in seen


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_every_theme_paints_its_own_colours(palette: Palette) -> None:
    seen = colours(Stage(clips()["sit-to-stand"], palette=palette).image(SIZE, 1.0, 0.0))
    assert {palette.stage.upper(), palette.figure.shirt.upper(), palette.figure.chair.upper()} <= seen


def test_left_side_is_the_mirrored_picture() -> None:
    clip = clips()["figure4-seated"]
    right = Stage(clip).image(SIZE, 1.0, 2.5, pulse=0.0)
    left = Stage(clip, "left").image(SIZE, 1.0, 2.5, pulse=0.0)
    assert same(left, right.flipped(Qt.Orientation.Horizontal)) > 0.985
    assert same(left, right) < 0.95


def test_exercise_without_sides_ignores_the_side() -> None:
    clip = clips()["sit-to-stand"]
    assert Stage(clip, "left").image(SIZE, 1.0, 0.0) == Stage(clip).image(SIZE, 1.0, 0.0)


def test_words_follow_the_side() -> None:
    assert "left ankle" in Stage(clips()["figure4-seated"], "left").alt


def test_cue_lasts_until_the_next_one() -> None:
    text = """
[pose.low]
base = "stand"
[pose.high]
base = "stand"
elbow = 90
[[move]]
to = "high"
cue = "Up"
[[move]]
to = "low"
[[move]]
to = "high"
cue = "And again"
[[move]]
to = "low"
"""
    stage = Stage(clip_of(text))
    starts = [span.start + 0.1 for span in stage.clip.timeline.spans]
    assert [stage.cue(at) for at in starts] == ["Up", "Up", "And again", "And again"]


def test_picture_changes_in_a_move_and_rests_in_a_hold() -> None:
    stage = Stage(clips()["figure4-seated"])
    assert stage.changes_in(1.0) == 0.0
    assert stage.changes_in(3.0) == pytest.approx(24.0)
    held = [stage.image(SIZE, 1.0, t, pulse=0.0) for t in (3.0, 20.0)]
    assert held[0] == held[1]
    assert stage.image(SIZE, 1.0, 0.8, pulse=0.0) != held[0]


def test_glow_pulses_in_a_hold() -> None:
    stage = Stage(clips()["figure4-seated"])
    assert stage.image(SIZE, 1.0, 3.0, pulse=1.0) != stage.image(SIZE, 1.0, 3.0, pulse=-1.0)


def test_arrows_belong_to_their_move_and_can_be_left_out() -> None:
    stage = Stage(clips()["bird-dog"])
    assert stage.image(SIZE, 1.0, 1.0) != stage.image(SIZE, 1.0, 1.0, arrows=False)
    assert stage.image(SIZE, 1.0, 11.9) == stage.image(SIZE, 1.0, 11.9, arrows=False)


def test_stills_show_every_key_pose() -> None:
    stage = Stage(clips()["sit-to-stand"])
    assert stage.still_count == 3
    pictures = []
    for index in range(stage.still_count):
        image = QImage(SIZE, QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(image)
        stage.paint_still(painter, QRectF(0, 0, 240, 180), index, arrows=False)
        painter.end()
        pictures.append(image)
    assert pictures[0] != pictures[1] != pictures[2]


def test_still_that_no_move_leads_to_is_painted_too() -> None:
    text = '[pose.a]\nbase = "stand"\n[pose.b]\nbase = "a"\nelbow = 90\n[[move]]\nto = "a"\ncue = "Go"'
    stage = Stage(clip_of(text, still=["b"]))
    image = QImage(SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    stage.paint_still(painter, QRectF(0, 0, 240, 180), 0)
    painter.end()
    assert LIGHT.figure.shirt.upper() in colours(image)


@pytest.mark.parametrize(("width", "height"), [(44, 44), (72, 56), (84, 84)])
@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_thumbnail_has_its_size_and_shows_the_figure(width: int, height: int, dpr: float) -> None:
    stage = Stage(clips()["hamstring-seated"])
    image = stage.thumbnail(QSize(width, height), dpr)
    assert (image.width(), image.height()) == (round(width * dpr), round(height * dpr))
    assert image.devicePixelRatio() == dpr
    assert {LIGHT.figure.shirt.upper(), LIGHT.figure.trousers.upper()} <= colours(image)
    assert stage.thumbnail(QSize(width, height), dpr, "tall") != image


def test_picture_keeps_to_its_rectangle() -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#FF00FF"))
    painter = QPainter(image)
    Stage(clips()["wall-push-up"]).paint(painter, QRectF(50, 20, 200, 160), 0.5)
    painter.end()
    assert all(image.pixelColor(x, 100).name() == "#ff00ff" for x in (10, 48, 251, 290))
    assert image.pixelColor(60, 30).name().upper() == LIGHT.stage.upper()


def test_high_resolution_shows_the_same_picture() -> None:
    stage = Stage(clips()["scap-squeeze"])
    sharp = stage.image(SIZE, 2.0, 3.0).scaled(SIZE, mode=Qt.TransformationMode.SmoothTransformation)
    sharp.setDevicePixelRatio(1.0)
    assert same(sharp, stage.image(SIZE, 1.0, 3.0)) > 0.97


def test_baking_prepares_every_frame() -> None:
    stage = Stage(clips()["heel-raise"])
    assert stage.bake() is False
    stage.image(SIZE, 1.0, 0.0)
    assert stage.bake(0.0) is True
    while stage.bake(1.0):
        pass
    assert stage.bake(0.0) is False


@pytest.mark.parametrize("name", ["figure4-seated", "finger-fan", "march-in-place", "far-gaze"])
@pytest.mark.parametrize("dpr", [1.0, 2.0])
def test_painting_what_has_changed_gives_the_whole_picture(name: str, dpr: float) -> None:
    stage, fresh = Stage(clips()[name]), Stage(clips()[name])
    box = QRectF(0, 0, SIZE.width(), SIZE.height())
    assert stage.changed(0.0, 1.0) is None, "nothing has been painted yet"
    shown = stage.image(SIZE, dpr, 0.0, arrows=False)
    before, arrows = 0.0, False
    held = [span.arrival + 0.1 for span in stage.clip.timeline.spans]
    for now in (0.05, 0.4, *held, *(t + 0.7 for t in held), stage.duration - 0.05):
        changed = stage.changed(before, now, (arrows, True))
        assert changed is not None
        part = QRectF(changed.toAlignedRect())
        with QPainter(shown) as painter:
            painter.setClipRect(part)
            stage.paint(painter, box, now, part=part)
        before, arrows = now, True
        whole = fresh.image(SIZE, dpr, now)
        # Rounding at the edge of the part may be off by one of 255.
        assert most_apart(shown, whole) <= 4, now


def most_apart(a: QImage, b: QImage) -> int:
    return max(abs(p - q) for p, q in zip(bytes(a.constBits()), bytes(b.constBits()), strict=True))


def test_little_is_painted_where_little_moves() -> None:
    def share(name: str) -> float:
        stage = Stage(clips()[name])
        stage.image(SIZE, 1.0, 0.0)
        times = [stage.clip.timeline.frame_time(k) - 1e-3 for k in range(8)]
        parts = [stage.changed(a, b) for a, b in pairwise(times)]
        areas = [part.width() * part.height() for part in parts if part is not None]
        return sum(areas) / len(areas) / (SIZE.width() * SIZE.height())

    assert share("near-far") < share("march-in-place") < 0.5


def test_part_that_stands_still_is_kept_once() -> None:
    film = Film(clips()["near-far"])
    reel = Reel(film)
    first, second = reel.frame(0), reel.frame(1)
    assert reel.frame(0) is first
    same = [a is b for a, b in zip(first.commands, second.commands, strict=True)]
    assert any(same)
    assert not all(same)
    twice = Reel(film).frame(1)
    assert twice == second


def test_frames_take_no_more_than_they_may_and_holds_are_shown_as_they_are() -> None:
    film = Film(clips()["heel-raise"])
    one = Reel(film).frame(0).byte_count
    reel = Reel(film, most_bytes=one * film.frame_count // 3)
    reel.frame(0)
    for index in reel.missing(0.0):
        reel.frame(index)
    shown = {reel.index(k / 30) for k in range(int(film.clip.timeline.duration * 30))}
    held = {film.index(span.arrival) for span in film.clip.timeline.spans}
    assert held <= shown
    assert len(shown) <= film.frame_count / 3 + len(held) + 1
    assert list(reel.missing(0.0)) == []


def test_baking_begins_with_what_comes_next() -> None:
    stage = Stage(clips()["heel-raise"])
    stage.image(SIZE, 1.0, 0.0)
    reel = Reel(Film(stage.clip))
    reel.frame(0)
    later = stage.clip.timeline.frame_time(20) - 1e-3
    assert next(iter(reel.missing(later))) == reel.index(later)


def test_backrest_seen_from_behind_lies_over_the_figure() -> None:
    text = '[scene]\nview = "back"\nprops = ["chair"]\n[pose.a]\nbase = "sit"\n[[move]]\nto = "a"\ncue = "Go"'
    image = Stage(clip_of(text)).image(QSize(200, 300), 1.0, 0.0)
    assert LIGHT.figure.chair.upper() in {image.pixelColor(100, y).name().upper() for y in range(100, 200)}


@pytest.mark.parametrize("hair", get_args(HairShape))
def test_look_dresses_the_figure(hair: str) -> None:
    look = FigureLook(hair, shirt="#3C6FB8", shoe="#111111")  # type: ignore[arg-type]
    assert "#3C6FB8" in colours(Stage(clips()["chin-tuck"], look=look).image(SIZE, 1.0, 0.0))


def test_every_hair_shape_can_be_drawn_and_chosen() -> None:
    assert set(get_args(HairShape)) == set(HAIR_SHAPES)


def test_wider_figure_covers_more() -> None:
    def area(girth: float) -> int:
        image = Stage(clips()["heel-raise"], look=FigureLook(girth=girth)).image(SIZE, 1.0, 0.0, arrows=False)
        shirt = LIGHT.figure.shirt.upper()
        return sum(
            image.pixelColor(x, y).name().upper() == shirt for x in range(SIZE.width()) for y in range(SIZE.height())
        )

    assert area(0.9) < area(1.0) < area(1.25)


def test_twenty_thousand_painter_calls_lose_no_reference_to_none() -> None:
    # PySide6 6.12.0 on Python 3.11 drops one reference to None in every call without a result, and aborts in the end.
    image = QImage(8, 8, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    before = sys.getrefcount(None)
    for _ in range(10_000):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPoint(QPointF(1.0, 1.0))
    after = sys.getrefcount(None)
    painter.end()
    assert after > before - 2_000


# -- palette


def test_palette_has_a_colour_for_every_role_of_the_draw_list() -> None:
    for palette in PALETTES:
        assert all(palette.figure.colour(role).startswith("#") for role in ROLES)


def test_palettes_are_chosen_by_theme_and_contrast() -> None:
    assert [palette_for(theme, c) for theme in ("light", "dark") for c in (False, True)] == [
        LIGHT,
        LIGHT_CONTRAST,
        DARK,
        DARK_CONTRAST,
    ]


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_texts_and_controls_are_readable(palette: Palette) -> None:
    for ground in (palette.window, palette.stage):
        for text in (palette.text, palette.text_second):
            assert contrast_ratio(text, ground) >= 4.5
    assert contrast_ratio(palette.text_on_accent, palette.accent) >= 4.5
    assert contrast_ratio(palette.text_on_accent_soft, palette.accent_soft) >= 4.5
    assert contrast_ratio(palette.target, palette.window) >= 4.5
    for control in (palette.border, palette.focus, palette.accent):
        assert contrast_ratio(control, palette.window) >= 3.0
    assert palette.border_width == (2 if palette.contrast else 1)


def test_far_tone_of_a_chosen_colour_is_darker() -> None:
    worn = dressed(LIGHT, FigureLook(shirt="#FFFFFF"))
    assert worn.shirt_far == "#C2C2C2"
    assert worn.skin == LIGHT.figure.skin


def test_pale_shoes_and_skin_get_an_outline() -> None:
    assert not needs_outline(LIGHT, FigureLook())
    assert not needs_outline(DARK, FigureLook())
    assert needs_outline(LIGHT, FigureLook(shoe="#E8EEEC"))
    assert needs_outline(DARK, FigureLook(skin="#20303A"))
    assert needs_outline(LIGHT_CONTRAST, FigureLook())
