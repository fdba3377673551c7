"""Texts: wrapped, cut with a tooltip, never lost; the words of a step; the look that an appearance gives."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtWidgets import QApplication

from tests.ui.samples import step
from traycoach.messages import Appearance
from traycoach.ui.exercise_words import dose_of, explanation_of, partner_of
from traycoach.ui.step_speech import step_sentence
from traycoach.ui.theme import Theme
from traycoach.ui.typeface import BODY, CUE
from traycoach.ui.words_label import Words

LONG = "Sitting quietly at the window, the shoulders sink and the breath goes out for a long while"


def shown(theme: Theme, width: int, **options: Any) -> Words:
    words = Words(theme, BODY, LONG, **options)
    words.resize(width, max(1, words.heightForWidth(width)))
    words.grab()
    return words


def test_text_takes_the_lines_it_needs(theme: Theme) -> None:
    words = shown(theme, 200, lines=None)
    assert words.height() >= 4 * theme.line(BODY)
    assert words.toolTip() == ""


def test_cut_text_can_be_read_in_a_tooltip(theme: Theme) -> None:
    words = shown(theme, 200, lines=2)
    assert words.height() == 2 * theme.line(BODY)
    assert words.toolTip() == LONG
    assert words.is_cut_at(200)
    assert not words.is_cut_at(2000)


def test_tooltip_goes_when_there_is_room(theme: Theme) -> None:
    words = shown(theme, 200, lines=1)
    assert words.toolTip() == LONG
    words.resize(1200, words.height())
    words.grab()
    assert words.toolTip() == ""


def test_line_breaks_of_the_text_stand(theme: Theme) -> None:
    words = Words(theme, BODY, "one\ntwo", lines=None)
    assert words.heightForWidth(500) == 2 * theme.line(BODY)


def test_cue_is_set_smaller_before_it_is_cut(theme: Theme) -> None:
    words = Words(theme, CUE, "Lean forward with a long back", shrinks=True)
    wide = words.sizeHint().width()
    words.resize(round(wide * 0.85), words.sizeHint().height())
    words.grab()
    assert words.toolTip() == ""
    words.resize(round(wide * 0.5), words.sizeHint().height())
    words.grab()
    assert words.toolTip() != ""


def test_bundled_fonts_are_used_in_both_weights(theme: Theme) -> None:
    for role in (BODY, CUE):
        assert QFontInfo(theme.font(role)).family().startswith("Inter")


@pytest.mark.parametrize(
    ("appearance", "name", "scale"),
    [
        (Appearance("light"), "light", 1.0),
        (Appearance("dark", text_scale=1.5), "dark", 1.5),
        (Appearance("light", high_contrast=True, text_scale=9), "light-contrast", 2.0),
        (Appearance("dark", high_contrast=True, text_scale=0.5), "dark-contrast", 1.0),
    ],
)
def test_appearance_decides_palette_and_scale(appearance: Appearance, name: str, scale: float) -> None:
    theme = Theme(appearance)
    assert (theme.palette.name, theme.scale) == (name, scale)


def test_figure_choices_are_read_as_the_settings_name_them() -> None:
    figure = {"skin": "#aabbcc", "hair": "bun", "hair_colour": "#112233", "shoes": "#445566", "girth": "1.1"}
    look = Theme(Appearance(figure=figure)).figure
    assert (look.skin, look.hair_shape, look.hair, look.shoe, look.girth) == (
        "#aabbcc",
        "bun",
        "#112233",
        "#445566",
        1.1,
    )


def test_figure_choices_that_are_empty_or_nonsense_leave_the_theme_its_own() -> None:
    figure = {"skin": "", "shirt": "teal", "hair": "mohawk", "tail": "#000000", "girth": "wide"}
    look = Theme(Appearance(figure=figure)).figure
    assert (look.skin, look.shirt, look.hair_shape, look.girth) == (None, None, "short", 1.0)
    assert Theme(Appearance(figure={"girth": "9"})).figure.girth == 1.25


def test_language_that_reads_from_the_right_turns_the_windows_round(application: QApplication) -> None:
    try:
        Theme(Appearance(language="ar"))
        assert application.layoutDirection() is Qt.LayoutDirection.RightToLeft
        Theme(Appearance(language="de"))
        assert application.layoutDirection() is Qt.LayoutDirection.LeftToRight
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


STEPS = (
    step("figure4-seated", "right"),
    step("figure4-seated", "left"),
    step("bird-dog", "left", reps=8),
    step("march-in-place", length_s=180),
    step("heel-raise", reps=1),
)


def test_partner_is_the_other_side_of_the_same_exercise() -> None:
    assert [partner_of(STEPS, index) for index in range(5)] == [1, 0, None, None, None]


def test_doses_in_words() -> None:
    assert [dose_of(STEPS, index) for index in range(5)] == [
        "30 s each side",
        "30 s, left side",
        "8 times, left side",
        "3 min",
        "once",
    ]


def test_step_is_read_as_a_sentence() -> None:
    sentence = step_sentence(STEPS, 1)
    assert sentence.startswith("Step 2 of 5. Ankle on knee, left side, 30 seconds. Rest the left ankle")
    assert "Feel it: deep in the left buttock" in sentence
    assert step_sentence(STEPS, 2).startswith("Step 3 of 5. Bird-dog, left side, 8 times.")
    assert step_sentence(STEPS, 2, lesson=True).startswith("Part 3 of 5. ")


def test_missing_texts_are_empty() -> None:
    bare = type(STEPS[0])({"id": "x"}, "none", STEPS[0].time)
    assert explanation_of(bare) == ""
    assert step_sentence((bare,), 0) == "Step 1 of 1. , 30 seconds."
