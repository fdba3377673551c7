"""What the screen reader says of a step."""

from __future__ import annotations

from collections.abc import Sequence

from traycoach.messages import RoutineStep
from traycoach.text import _, ngettext
from traycoach.ui.exercise_words import explanation_of, feel_of, side_word, title_of


def step_sentence(steps: Sequence[RoutineStep], index: int, *, lesson: bool = False) -> str:
    """Give "Step 3 of 6. Seated figure-4, right side, 30 seconds. Lean forward … Feel it: …"."""
    step = steps[index]
    name = title_of(step)
    if side := side_word(step.side):
        name = _("{exercise}, {side} side").format(exercise=name, side=side)
    if step.reps is None:
        seconds = round(step.time.total_seconds())
        amount = ngettext("{seconds} second", "{seconds} seconds", seconds).format(seconds=seconds)
    else:
        amount = ngettext("once", "{count} times", step.reps).format(count=step.reps)
    place = _("Part {step} of {steps}.") if lesson else _("Step {step} of {steps}.")
    parts = [
        place.format(step=index + 1, steps=len(steps)),
        _("{exercise}, {amount}.").format(exercise=name, amount=amount),
        explanation_of(step),
    ]
    if feel := feel_of(step):
        parts.append(_("Feel it: {where}").format(where=feel))
    return " ".join(part for part in parts if part)
