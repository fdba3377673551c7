"""The stage on a screen: what is painted anew from moment to moment, and what is seen where there is no figure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from tests.figure.bundle import FRAMES_PER_SECOND, clips
from tests.ui.conftest import Until
from traycoach.messages import Appearance
from traycoach.ui.figure_painter import Stage
from traycoach.ui.stage_view import Change, StageView
from traycoach.ui.theme import Theme

WIDTH, HEIGHT = 480, 300
ROUNDING = 4
"""Of 255: a smooth edge that is cut by a part may be off by so much."""
Show = Callable[..., StageView]


class Asked(QObject):
    """Notes what of a widget is painted."""

    def __init__(self, view: StageView) -> None:
        super().__init__(view)
        self._region = QRegion()
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if isinstance(event, QPaintEvent):
            self._region = self._region.united(event.region())
        return False

    def take(self) -> QRect:
        """Let Qt paint; give the box around what it painted since the last time."""
        for _ in range(3):
            QApplication.processEvents()
        region, self._region = self._region, QRegion()
        return region.boundingRect()


@pytest.fixture
def moving() -> Theme:
    return Theme(Appearance("light"))


@pytest.fixture
def show(until: Until) -> Iterator[Show]:
    """Show a view with the figure of an exercise on the screen."""
    shown: list[StageView] = []

    def show_one(theme: Theme, name: str | None = "march-in-place") -> StageView:
        view = StageView(theme)
        shown.append(view)
        view.resize(WIDTH, HEIGHT)
        view.show_stage(stage_of(theme, name) if name else None)
        view.show()
        until(lambda: view.screen().grabWindow(view.winId()).size() == view.size())
        return view

    yield show_one
    for view in shown:
        view.hide()


def stage_of(theme: Theme, name: str) -> Stage:
    return Stage(clips()[name], "right", theme.palette, theme.figure)


def on_screen(view: StageView) -> QImage:
    """What has been painted bit by bit."""
    return view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def painted_whole(view: StageView) -> QImage:
    """What the view would show if it were painted now from edge to edge."""
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(image)
    return image


def most_apart(a: QImage, b: QImage) -> int:
    assert a.size() == b.size()
    if a == b:
        return 0
    return max(abs(p - q) for p, q in zip(bytes(a.constBits()), bytes(b.constBits()), strict=True))


def differing(a: QImage, b: QImage) -> QRect:
    """The box around the pixels that are not the same."""
    box = QRect()
    for y in range(a.height()):
        apart = [x for x in range(a.width()) if a.pixel(x, y) != b.pixel(x, y)]
        if apart:
            box |= QRect(QPoint(apart[0], y), QPoint(apart[-1], y))
    return box


def figure_box(view: StageView, at: float) -> QRect:
    """The box around all that is not the empty stage behind the figure."""
    stage = view.stage
    assert stage is not None
    assert stage._layers is not None
    picture = stage.image(view.size(), 1.0, at).convertToFormat(QImage.Format.Format_RGB32)
    return differing(picture, stage._layers.back)


# --- what is painted --------------------------------------------------------------------------------------------------


def test_only_what_moves_is_painted_from_frame_to_frame(show: Show, moving: Theme) -> None:
    view = show(moving)
    view.show_moment(0.0, arrows=True)
    asked = Asked(view)
    asked.take()
    for before, now in pairwise(k / FRAMES_PER_SECOND for k in range(12)):
        view.show_moment(now, arrows=True)
        box = asked.take()
        assert not box.isEmpty()
        around = figure_box(view, before) | figure_box(view, now)
        # Smooth edges and whole pixels take one each; the rest is what the glow has to swell.
        assert around.adjusted(-4, -4, 4, 4).contains(box), (now, box, around)
        assert box.width() * box.height() < WIDTH * HEIGHT / 2


@pytest.mark.parametrize("appearance", [Appearance("light"), Appearance("dark", high_contrast=True)])
@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("name", ["march-in-place", "figure4-seated", "finger-fan", "near-far"])
def test_screen_shows_the_whole_picture_whatever_was_painted_of_it(
    show: Show, name: str, appearance: Appearance, paused: bool
) -> None:
    view = show(Theme(appearance), name)
    view.show_paused(paused=paused)
    asked = Asked(view)
    asked.take()
    stage = view.stage
    assert stage is not None
    held = [span.arrival + 0.1 for span in stage.clip.timeline.spans]
    for at in (0.05, 0.4, *held, stage.duration - 0.05):
        view.show_moment(at, arrows=True)
        asked.take()
        assert most_apart(on_screen(view), painted_whole(view)) <= ROUNDING, at


def test_nothing_is_painted_while_nothing_moves(show: Show, moving: Theme) -> None:
    view = show(moving, "finger-fan")
    asked = Asked(view)
    view.show_moment(1.0, arrows=True)
    assert not asked.take().isEmpty()
    for at in (1.0, 2.0, 3.0):  # a hold, and no glow that would pulse
        view.show_moment(at, arrows=True)
        assert asked.take().isEmpty()


def test_arrows_that_come_and_go_are_painted(show: Show, moving: Theme) -> None:
    view = show(moving, "bird-dog")
    view.show_moment(1.0, arrows=False)
    asked = Asked(view)
    asked.take()
    view.show_moment(1.0, arrows=True)
    assert not asked.take().isEmpty()
    assert most_apart(on_screen(view), painted_whole(view)) <= ROUNDING


def test_view_of_another_size_is_painted_whole(show: Show, moving: Theme) -> None:
    view = show(moving)
    view.show_moment(0.1, arrows=True)
    asked = Asked(view)
    asked.take()
    view.resize(WIDTH + 60, HEIGHT + 40)
    view.show_moment(0.2, arrows=True)
    assert asked.take() == view.rect()
    view.show_moment(0.3, arrows=True)
    assert asked.take().width() < view.width()
    assert most_apart(on_screen(view), painted_whole(view)) <= ROUNDING


@pytest.mark.parametrize("name", ["march-in-place", None])
def test_corner_painted_by_itself_stays_round(show: Show, moving: Theme, name: str | None) -> None:
    view = show(moving, name)
    asked, box = Asked(view), view.rect()
    for corner in (box.topLeft(), box.topRight(), box.bottomLeft(), box.bottomRight()):
        part = QRect(corner - QPoint(30, 30), QSize(60, 60)) & box
        asked.take()  # what the comparison has painted
        view.update(part)
        assert asked.take() == part
        assert most_apart(on_screen(view), painted_whole(view)) <= ROUNDING
        assert on_screen(view).pixelColor(corner).name() == moving.colour("window").name()


def test_pause_is_painted_whole_and_once(show: Show, moving: Theme) -> None:
    view = show(moving)
    asked = Asked(view)
    asked.take()
    for paused in (True, False):
        view.show_paused(paused=paused)
        assert asked.take() == view.rect()
        view.show_paused(paused=paused)
        assert asked.take().isEmpty()


def test_change_is_painted_whole_and_then_only_what_moves(show: Show, moving: Theme, until: Until) -> None:
    view = show(moving)
    asked = Asked(view)
    asked.take()
    view.show_stage(stage_of(moving, "heel-raise"), Change.FADE)
    view.show_moment(0.1, arrows=True)
    assert view.changing
    assert asked.take() == view.rect()
    until(lambda: not view.changing)
    assert asked.take() == view.rect()
    view.show_moment(0.2, arrows=True)
    assert asked.take().width() < view.width()
    assert most_apart(on_screen(view), painted_whole(view)) <= ROUNDING


def test_other_figure_is_shown_from_its_first_pose(show: Show, moving: Theme) -> None:
    view = show(moving)
    view.show_moment(1.2, arrows=True)
    heel = stage_of(moving, "heel-raise")
    view.show_stage(heel)
    expected = show(moving, "heel-raise")
    assert painted_whole(view) == painted_whole(expected)
    assert view.accessibleName() == heel.alt


# --- no figure --------------------------------------------------------------------------------------------------------


def ground_of(view: StageView) -> set[str]:
    """The colours of a grid of points, the corners left out."""
    image = painted_whole(view)
    return {image.pixelColor(x, y).name() for x in range(30, WIDTH - 30, 30) for y in range(30, HEIGHT - 30, 30)}


def test_stage_without_a_figure_is_empty_and_says_nothing(show: Show, moving: Theme) -> None:
    view = show(moving, None)
    view.show_moment(0.4, arrows=True)
    view.show_paused(paused=True)
    view.show_paused(paused=False)
    QApplication.processEvents()
    assert ground_of(view) == {moving.colour("stage").name()}
    assert painted_whole(view).pixelColor(0, 0).name() == moving.colour("window").name()
    assert view.accessibleName() == ""


def test_figure_fades_into_an_empty_stage_and_leaves_nothing_behind(show: Show, moving: Theme, until: Until) -> None:
    view = show(moving)
    assert len(ground_of(view)) > 1
    view.show_stage(None, Change.FADE)
    assert view.changing
    assert view.accessibleName() == ""
    until(lambda: not view.changing)
    assert ground_of(view) == {moving.colour("stage").name()}


def test_figure_after_an_empty_stage_is_there_at_once(show: Show, moving: Theme) -> None:
    view = show(moving, None)
    view.show_stage(stage_of(moving, "march-in-place"), Change.FLIP)
    assert not view.changing
    assert len(ground_of(view)) > 1


def test_empty_stage_stands_still_with_reduced_motion_too(show: Show, theme: Theme) -> None:
    view = show(theme, None)
    view.show_moment(0.4, arrows=True)
    QApplication.processEvents()
    assert not view.changing
    assert ground_of(view) == {theme.colour("stage").name()}
