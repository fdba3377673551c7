"""The two machines of the coach as data: who is where, and what became of a prompt.

Every change of state goes through `after`, so what is not in a table cannot happen. `docs/states.md` draws them
(`python -m scripts.diagram`).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class Presence(StrEnum):
    """Is the person at the desk?"""

    ACTIVE = "active"
    IDLE = "idle"
    AWAY = "away"
    ROUTINE = "routine"
    RESTING = "resting"
    UNKNOWN = "unknown"


AT_DESK = frozenset({Presence.ACTIVE, Presence.IDLE})
HERE = AT_DESK | {Presence.UNKNOWN}
"""Not known to be away."""
ON_BREAK = frozenset({Presence.ROUTINE, Presence.RESTING})


class Cause(StrEnum):
    """What moves a person from one state of presence to another."""

    INPUT = "input"
    IDLE_AFTER = "idle_after passed"
    AWAY_AFTER = "away_after passed"
    LEFT = "locked, asleep, other session or told"
    CAME_BACK = "came back"
    ROUTINE_BEGAN = "routine began"
    ROUTINE_ENDED = "routine ended"
    SOURCE_LOST = "source lost"
    SOURCE_FOUND = "source found"


class Stage(StrEnum):
    """What has become of an open prompt."""

    DUE = "due"
    SHOWN = "shown"
    SNOOZED = "snoozed"
    RUNNING = "running"
    ENDED = "ended"


IN_TRAY = frozenset({Stage.DUE, Stage.SHOWN})
"""What the tray shows as due, and its verbs mean."""


class Step(StrEnum):
    """What moves a prompt from one stage to another."""

    SHOW = "shown"
    WITHDRAW = "withdrawn"
    SNOOZE = "snoozed"
    SNOOZE_OVER = "snooze over"
    START = "started"
    LOST = "window lost"
    END = "ended"


PRESENCE: Mapping[tuple[Presence, Cause], Presence] = {
    (Presence.ACTIVE, Cause.IDLE_AFTER): Presence.IDLE,
    (Presence.ACTIVE, Cause.AWAY_AFTER): Presence.AWAY,
    (Presence.ACTIVE, Cause.LEFT): Presence.AWAY,
    (Presence.ACTIVE, Cause.ROUTINE_BEGAN): Presence.ROUTINE,
    (Presence.ACTIVE, Cause.SOURCE_LOST): Presence.UNKNOWN,
    (Presence.IDLE, Cause.INPUT): Presence.ACTIVE,
    (Presence.IDLE, Cause.IDLE_AFTER): Presence.IDLE,
    (Presence.IDLE, Cause.AWAY_AFTER): Presence.AWAY,
    (Presence.IDLE, Cause.LEFT): Presence.AWAY,
    (Presence.IDLE, Cause.ROUTINE_BEGAN): Presence.ROUTINE,
    (Presence.IDLE, Cause.SOURCE_LOST): Presence.UNKNOWN,
    (Presence.AWAY, Cause.LEFT): Presence.AWAY,
    (Presence.AWAY, Cause.CAME_BACK): Presence.ACTIVE,
    (Presence.AWAY, Cause.ROUTINE_BEGAN): Presence.ROUTINE,
    (Presence.ROUTINE, Cause.ROUTINE_ENDED): Presence.RESTING,
    (Presence.RESTING, Cause.CAME_BACK): Presence.ACTIVE,
    (Presence.RESTING, Cause.LEFT): Presence.AWAY,
    (Presence.RESTING, Cause.ROUTINE_BEGAN): Presence.ROUTINE,
    (Presence.UNKNOWN, Cause.LEFT): Presence.AWAY,
    (Presence.UNKNOWN, Cause.ROUTINE_BEGAN): Presence.ROUTINE,
    (Presence.UNKNOWN, Cause.SOURCE_FOUND): Presence.ACTIVE,
}
"""Where a cause leads. Whoever loses its source while away first comes back: a dead source never says "away"."""

PROMPT: Mapping[tuple[Stage, Step], Stage] = {
    (Stage.DUE, Step.SHOW): Stage.SHOWN,
    (Stage.DUE, Step.SNOOZE): Stage.SNOOZED,
    (Stage.DUE, Step.START): Stage.RUNNING,
    (Stage.DUE, Step.END): Stage.ENDED,
    (Stage.SHOWN, Step.WITHDRAW): Stage.DUE,
    (Stage.SHOWN, Step.SNOOZE): Stage.SNOOZED,
    (Stage.SHOWN, Step.START): Stage.RUNNING,
    (Stage.SHOWN, Step.END): Stage.ENDED,
    (Stage.SNOOZED, Step.SNOOZE_OVER): Stage.DUE,
    (Stage.SNOOZED, Step.START): Stage.RUNNING,
    (Stage.SNOOZED, Step.END): Stage.ENDED,
    (Stage.RUNNING, Step.LOST): Stage.DUE,
    (Stage.RUNNING, Step.END): Stage.ENDED,
}

_State = TypeVar("_State", bound=StrEnum)
_Move = TypeVar("_Move", bound=StrEnum)


class TransitionError(RuntimeError):
    """A bug of the coach: the table has no such cell. Names the state and the cause."""


def after(table: Mapping[tuple[_State, _Move], _State], state: _State, move: _Move) -> _State:
    """Give the state that `move` leads to from `state`; TransitionError if the table has none."""
    try:
        return table[state, move]
    except KeyError:
        raise TransitionError(f"{type(state).__name__} {state.value}: {move.value}") from None
