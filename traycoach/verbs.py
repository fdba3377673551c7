"""What the verbs of the control channel do in the running coach: words to events, and figures to sentences and data."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from traycoach import seat, wire
from traycoach.core import events
from traycoach.core.actions import TrayState
from traycoach.core.coach import Coach
from traycoach.core.events import Event
from traycoach.core.instant import ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.reasons import why_offered
from traycoach.core.rules import Medium, Posture
from traycoach.core.transitions import Stage
from traycoach.core.turn import Turn
from traycoach.errors import Problem, Unavailable, UserError
from traycoach.messages import Reply, Request
from traycoach.settings import parse_duration
from traycoach.text import _

OPENS = ("status", "history", "routines", "settings")
CHANGES = ("pause", "resume", "now", "snooze", "skip", "stand", "sit", "here", "away")


@dataclass(frozen=True, slots=True)
class Standing:
    """The coach's figures at one moment, for `status`, `why` and the answers to other verbs."""

    tray: TrayState
    data: dict[str, Any]
    due: bool
    routine: bool


def standing(coach: Coach, now: Instant) -> Standing:
    """Read the coach's figures. Durations in the data are whole seconds."""
    turn = coach.turn(now)
    state = coach.state
    returned = state.desk.returned
    tray = coach.tray(now)
    prompts = [
        {"rule": prompt.rule, "stage": prompt.stage.value, "due_for_s": seconds(turn.now - prompt.due_at)}
        for prompt in state.prompts.values()
    ]
    data: dict[str, Any] = {
        "now": now.wall.isoformat(),
        "state": tray.kind.value,
        "presence": state.desk.presence.value,
        "posture": state.posture.value,
        "why": coach.why(now),
        "offer": _offer(turn),
        "sat_for_s": seconds(turn.bout_lasted()),
        "bout_began_at": state.bout.began_at.wall.isoformat() if state.bout is not None else None,
        "last_input_for_s": seconds(turn.idle_for) if state.desk.source_lost is None else None,
        "source_lost": state.desk.source_lost,
        "returned": {"by": returned.by.value, "at": returned.at.wall.isoformat()} if returned is not None else None,
        "evidence": sorted(state.desk.evidence),
        "away_for_s": seconds(turn.now - state.desk.absence.began_at) if state.desk.absence is not None else 0,
        "today_sat_s": seconds(turn.total_of(Medium.SITTING) - state.today.sat_before),
        "today_stood_s": seconds(turn.total_of(Medium.STANDING) - state.today.stood_before),
        "breaks": state.today.breaks,
        "holds": sorted(state.holds),
        "prompts": prompts,
        "routine": state.routine.routine if state.routine is not None else None,
        "rules": {rule.id: seconds(turn.value(rule)) for rule in turn.schedule.rules if rule.interval},
        "tray": wire.to_data(tray),
    }
    open_prompts = any(prompt.stage is not Stage.RUNNING for prompt in state.prompts.values())
    return Standing(tray, data, open_prompts, state.routine is not None)


def _offer(turn: Turn) -> dict[str, str] | None:
    shown = turn.state.shown
    if shown is None or shown.routine is None:
        return None
    return {"routine": shown.routine, "why": why_offered(turn)}


def seconds(length: timedelta) -> int:
    """Give whole seconds."""
    return int(max(ZERO, length).total_seconds())


class Diagnosis(Protocol):
    """The parts of the coach, asked how they are; `doctor.Inside` is."""

    def findings(self) -> list[dict[str, Any]]:
        """Give what each part says of itself."""
        ...

    def live(self) -> dict[str, Any]:
        """Give what changes from moment to moment."""
        ...


class Verbs:
    """Answers requests. `post` takes events; `ask` reads the coach in its own thread; `open_window` opens one of OPENS,
    `open_lesson` a lesson by its id; both are given the activation token.

    `leave` ends the coach after the reply has been given; `inside` gives what doctor wants to know.
    """

    def __init__(
        self,
        post: Callable[[Event], None],
        ask: Callable[[Callable[[Coach, Instant], Standing]], Standing],
        open_window: Callable[[str, str], None],
        leave: Callable[[], None],
        catalogue: Callable[[], tuple[RoutineInfo, ...]],
        inside: Callable[[], Diagnosis],
        tray_visible: Callable[[], bool],
        open_lesson: Callable[[str, str], None],
    ) -> None:
        self._post = post
        self._ask = ask
        self._open = open_window
        self._leave = leave
        self._catalogue = catalogue
        self._inside = inside
        self._tray_visible = tray_visible
        self._open_lesson = open_lesson

    def handle(self, request: Request) -> Reply:
        """Do what the request asks for. Raises UserError for words it does not know, Unavailable with a reason."""
        match request.verb, request.words:
            case "status", ():
                return self._status()
            case "why", ():
                now = self._ask(standing)
                return Reply(0, now.data["why"], {"why": now.data["why"], "offer": now.data["offer"]})
            case "open", (what,) if what in OPENS:
                self._open(what, request.activation_token)
                return Reply(0, "")
            case "open", ("lesson", lesson):
                if self._ask(standing).routine:
                    raise Unavailable(_("A routine is open already."))
                self._open_lesson(lesson, request.activation_token)
                return Reply(0, "")
            case "open", ("lesson",):
                raise UserError(Problem(_("Which lesson? “traycoach routines list” names them at its end.")))
            case "open", ():
                self._open("status", request.activation_token)
                return Reply(0, "")
            case verb, words if verb in CHANGES:
                return self._change(verb, words)
            case "doctor", ():
                return Reply(0, "", {"findings": self._inside().findings()})
            case "doctor", ("live",):
                now = self._ask(standing)
                return Reply(0, now.tray.why, {**now.data, **self._inside().live()})
            case "quit", ():
                self._leave()
                return Reply(0, _("The coach says goodbye."))
            case seat.MAKE_WAY, session:
                reply = seat.answer(session, os.environ)
                if reply.code == 0:
                    self._leave()
                return reply
        raise UserError(Problem(_("The coach does not know “{words}”.").format(words=" ".join(_said(request)))))

    def _status(self) -> Reply:
        now = self._ask(standing)
        lines = [f"traycoach – {now.tray.words}", now.tray.why, now.tray.today]
        return Reply(0, "\n".join(lines), {**now.data, "tray_visible": self._tray_visible()})

    def _change(self, verb: str, words: tuple[str, ...]) -> Reply:
        before = self._ask(standing)
        self._post(self._event(verb, words, before))
        after = self._ask(standing)
        return Reply(0, after.tray.why, after.data)

    def _event(self, verb: str, words: tuple[str, ...], before: Standing) -> Event:
        match verb, words:
            case "pause", (until,):
                return events.Paused(_until(until))
            case "pause", ():
                return events.Paused(events.PauseUntil.RESUMED)
            case "resume", ():
                if not before.tray.paused:
                    raise Unavailable(_("The coach is not paused."))
                return events.Resumed()
            case "now", ():
                self._free_for_routine(before)
                return events.BreakRequested()
            case "now", (routine,):
                self._free_for_routine(before)
                return events.BreakRequested(self._known(routine))
            case "snooze", words if len(words) <= 1:
                if not before.tray.can_snooze:
                    raise Unavailable(_("There is nothing to snooze."))
                return events.Snoozed(_snooze(words, before.tray))
            case "skip", ():
                if not before.due:
                    raise Unavailable(_("There is nothing to skip."))
                return events.Skipped()
            case "stand", ():
                return events.PostureChanged(Posture.STANDING)
            case "sit", ():
                return events.PostureChanged(Posture.SITTING)
            case "here", ():
                if not (before.tray.can_claim_presence or before.data["presence"] == "away"):
                    raise Unavailable(_("No absence of the last ten minutes can be taken back."))
                return events.PresenceClaimed()
            case "away", ():
                return events.AbsenceClaimed(None)
            case "away", (length,):
                return events.AbsenceClaimed(_length(length))
        raise UserError(Problem(_("“{verb}” does not go with “{words}”.").format(verb=verb, words=" ".join(words))))

    def _free_for_routine(self, before: Standing) -> None:
        if before.routine:
            raise Unavailable(_("A routine is open already."))
        if not self._catalogue():
            raise Unavailable(_("There is no routine in the library."))

    def _known(self, routine: str) -> str:
        known = [info.id for info in self._catalogue()]
        if routine in known:
            return routine
        from difflib import get_close_matches

        nearest = next(iter(get_close_matches(routine, known, 1)), None)
        raise UserError(Problem(_("There is no routine “{id}”.").format(id=routine), suggestion=nearest))


def _said(request: Request) -> tuple[str, ...]:
    return (request.verb, *request.words)


def _length(word: str) -> timedelta:
    length = parse_duration(word)
    if length is None or length <= ZERO:
        raise UserError(Problem(_("“{word}” is no length of time; write “20m” or “1h30m”.").format(word=word)))
    return length


def _until(word: str) -> timedelta | events.PauseUntil:
    if word in set(events.PauseUntil):
        return events.PauseUntil(word)
    return _length(word)


def _snooze(words: tuple[str, ...], tray: TrayState) -> timedelta | None:
    if not words:
        return tray.snooze_choices[0] if tray.snooze_choices else timedelta(minutes=5)
    return None if words[0] == "meeting" else _length(words[0])
