"""The words of one step, taken from its exercise file's mapping and worded for its side."""

from __future__ import annotations

from collections.abc import Sequence

from traycoach.messages import RoutineStep
from traycoach.text import _, ngettext


def title_of(step: RoutineStep) -> str:
    """Give the exercise's name."""
    return _text(step, "title")


def explanation_of(step: RoutineStep) -> str:
    """Give how it is done, in a sentence or two; "" if the file has none."""
    return _text(step, "how")


def feel_of(step: RoutineStep) -> str:
    """Give where it is felt, for the line "Feel it: …"; "" if the file has none."""
    return _text(step, "feel")


def side_word(side: str) -> str:
    """Give the side as a word: "right" or "left"; "" for none and for both."""
    return {"right": _("right"), "left": _("left")}.get(side, "")


def partner_of(steps: Sequence[RoutineStep], index: int) -> int | None:
    """Give the neighbouring step that is the other side of the same exercise; None if there is none."""
    step = steps[index]
    for other in (index + 1, index - 1):
        if 0 <= other < len(steps):
            beside = steps[other]
            if {beside.side, step.side} == {"left", "right"} and beside.exercise.get("id") == step.exercise.get("id"):
                return other
    return None


def dose_of(steps: Sequence[RoutineStep], index: int) -> str:
    """Give how long or how often, such as "30 s each side" or "8 times"."""
    step = steps[index]
    turns = 2 if step.side == "both" else 1
    seconds = round(step.time.total_seconds() / turns)
    if step.reps is not None:
        reps = step.reps // turns
        amount = ngettext("once", "{count} times", reps).format(count=reps)
    elif seconds < 100:
        amount = _("{seconds} s").format(seconds=seconds)
    else:
        amount = _("{minutes} min").format(minutes=round(seconds / 60))
    partner = partner_of(steps, index)
    if turns == 2 or (partner is not None and partner > index):
        return _("{amount} each side").format(amount=amount)
    if side := side_word(step.side):
        return _("{amount}, {side} side").format(amount=amount, side=side)
    return amount


def _text(step: RoutineStep, key: str) -> str:
    value = step.exercise.get(key, "")
    text = value if isinstance(value, str) else ""
    other = {"right": "left", "left": "right"}.get(step.side, "")
    return text.replace("{side}", side_word(step.side)).replace("{other}", side_word(other))
