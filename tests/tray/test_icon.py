"""The drawing: every state in every size is its own picture, also without colour."""

from __future__ import annotations

from itertools import combinations

import pytest
from PIL import Image, ImageChops

from tests.tray.stage import tray_state
from traycoach.core.actions import TrayState
from traycoach.tray.bar import luminance
from traycoach.tray.colours import Look
from traycoach.tray.icon import SIZES, Drawing, draw_icon

STATES = {
    "sitting": tray_state(progress=0.4),
    "nearly": tray_state(progress=0.9, nearly=True),
    "standing": tray_state("standing", progress=0.4),
    "due": tray_state("due"),
    "due down": tray_state("due", down=True),
    "held": tray_state("held"),
    "routine": tray_state("routine", progress=0.4),
    "paused": tray_state("paused"),
    "snoozed": tray_state("snoozed"),
    "away": tray_state("away"),
    "unknown": tray_state("unknown"),
}
GROUND = {Look.LIGHT: "#F3F5F6", Look.DARK: "#1C2226", Look.EITHER: "#8A8F92"}


def on_ground(state: TrayState, size: int, look: Look, ground: str) -> Image.Image:
    picture = Image.new("RGBA", (size, size), ground)
    picture.alpha_composite(draw_icon(state, size, look))
    return picture.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Give the mean difference of two pictures, 0…255."""
    grey = ImageChops.difference(one, other).convert("L")
    return sum(value * count for value, count in enumerate(grey.histogram())) / (one.width * one.height)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", list(Look))
def test_size_is_native_and_something_is_drawn(size: int, look: Look) -> None:
    for state in STATES.values():
        picture = draw_icon(state, size, look)
        assert (picture.mode, picture.size) == ("RGBA", (size, size))
        alpha = picture.getchannel("A")
        assert max(alpha.histogram()[150:]) > 0
        assert alpha.getpixel((0, 0)) == 0, "the corners are transparent"


@pytest.mark.parametrize("size", SIZES)
def test_every_state_is_distinct_without_colour(size: int) -> None:
    drawn = {name: on_ground(state, size, Look.TEMPLATE_WHITE, "#23282C") for name, state in STATES.items()}
    for (name, one), (other_name, other) in combinations(drawn.items(), 2):
        assert difference(one, other) > 6, f"{name} looks like {other_name} at {size} px"


@pytest.mark.parametrize(("look", "ground"), GROUND.items())
def test_every_state_stands_out_from_its_bar(look: Look, ground: str) -> None:
    for name, state in STATES.items():
        picture = on_ground(state, 22, look, ground)
        values = sorted({luminance(*colour) for _, colour in picture.getcolors(maxcolors=4096) or []})  # type: ignore[misc]
        contrast = (values[-1] + 0.05) / (values[0] + 0.05)
        assert contrast >= 3, f"{name}: {contrast:.1f}:1"


def test_ring_fills_clockwise_from_the_top() -> None:
    quarter = draw_icon(tray_state(progress=0.25), 64, Look.LIGHT)
    ring, track = (0x14, 0x77, 0x6C), (0xB4, 0xC1, 0xC6)
    edge = 5  # the middle of the stroke, from the edge
    diagonal = 32 + round(27.2 * 0.7071)
    assert quarter.getpixel((diagonal, 64 - diagonal))[:3] == ring  # type: ignore[index]
    assert quarter.getpixel((diagonal, diagonal))[:3] == track  # type: ignore[index]
    assert quarter.getpixel((edge, 32))[:3] == track  # type: ignore[index]


def test_bars_of_small_icons_lie_on_whole_pixels() -> None:
    for size in (16, 20, 22, 24):
        alpha = draw_icon(tray_state("paused"), size, Look.TEMPLATE_BLACK).getchannel("A")
        row = [alpha.getpixel((x, size // 2)) for x in range(size // 4, size - size // 4)]
        assert set(row) <= {0, 255}, f"{size}: {row}"


def test_due_arrow_is_cut_out_of_the_template() -> None:
    assert draw_icon(tray_state("due"), 64, Look.TEMPLATE_WHITE).getpixel((32, 32))[3] == 0  # type: ignore[index]


def test_arrow_points_where_the_body_should_go() -> None:
    up = draw_icon(tray_state("due"), 48, Look.LIGHT)
    down = draw_icon(tray_state("due", down=True), 48, Look.LIGHT)
    assert difference(up.convert("RGB"), down.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB")) < 1


def test_odd_sizes_of_scaled_panels_are_drawn_too() -> None:
    for size in (8, 17, 27, 96, 128):
        assert Drawing(tray_state(), Look.DARK).at(size).size == (size, size)
