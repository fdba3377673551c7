"""The state machine that decides when to speak: `handle(event, now) -> actions`, and when to be woken next.

Theory of operation. An event says what happened; `_take_in` changes what is known. Then `_judge` asks, in this order:
is the person at the desk (and what did an absence mean)? what is due? may we interrupt now? Whatever follows leaves as
actions. Nothing here reads a clock: time enters with the event, on two clocks (`instant.py`).

The coach's steady clock goes on across restarts and reboots: `steady_shift` maps the machine's steady time to it.
"""

from __future__ import annotations

from datetime import timedelta

from traycoach.core import (
    absences,
    answers,
    asking,
    breaks,
    edits,
    events,
    holds,
    marks,
    merge,
    posture,
    whereabouts,
)
from traycoach.core.actions import Action, RefreshTray, SaveState, TrayState, UpdateTray, WarmWindows, WatchIdle
from traycoach.core.events import Event
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.looks import WallLooks, next_look
from traycoach.core.picker import RoutineInfo
from traycoach.core.presence import Desk, Gone
from traycoach.core.restart import bridge_gap, resume, shift_clock
from traycoach.core.rules import Medium, Posture, Schedule
from traycoach.core.sitting import Today
from traycoach.core.state import CoachState, coach_day
from traycoach.core.transitions import Presence, Stage
from traycoach.core.turn import Turn
from traycoach.core.why import tray, tray_key, why

HEARTBEAT = 60 * SECOND
GAP = 90 * SECOND
SAVE_EVERY = MINUTE
TOMORROW_AT_LEAST = timedelta(hours=4)
_LOOKS_CLOSELY = 3 * SECOND
_AT_ONCE = timedelta(milliseconds=1)


class Coach:
    """One person's coach. Not thread-safe: one thread feeds it.

    `state` None begins afresh; a saved one goes on where it stopped, once `CoachStarted` told how the gap was. `seed`
    decides the choices of a fresh state.
    """

    def __init__(
        self,
        schedule: Schedule,
        catalogue: tuple[RoutineInfo, ...],
        state: CoachState | None,
        seed: int,
        now: Instant,
    ) -> None:
        self._schedule = schedule
        self._catalogue = catalogue
        self._fresh = state is None
        self.state = state if state is not None else _first_state(schedule, seed, now)
        self._watching: timedelta | None = None
        self._tray: tuple[object, ...] = ()
        self._warm = False
        self._saved_at: timedelta | None = None
        self._wake_at = now.steady + self.state.steady_shift
        self._quiet_until = ZERO
        self._late: list[Event] = []
        self._wall_looks = WallLooks()

    @property
    def next_wakeup(self) -> timedelta:
        """The machine's steady time at which `handle(Woke(…))` is wanted at the latest."""
        return self._wake_at - self.state.steady_shift

    def why(self, now: Instant) -> str:
        """Give the sentence that explains the present prompt or silence."""
        return why(self._turn(now))

    def tray(self, now: Instant) -> TrayState:
        """Give the tray's state for this moment."""
        return tray(self._turn(now))

    def turn(self, now: Instant) -> Turn:
        """Give a read-only look at the coach's figures for status displays. Nothing may be changed through it."""
        return self._turn(now)

    def use_catalogue(self, catalogue: tuple[RoutineInfo, ...]) -> None:
        """Offer these routines from now on."""
        self._catalogue = catalogue

    def handle(self, event: Event, now: Instant) -> list[Action]:
        """Take in what happened at `now` and give what is to be done, in order.

        Steady time must not go back; an event that does is taken to happen at the last moment seen.
        """
        rebooted = False
        if isinstance(event, events.CoachStarted):
            rebooted = self.state.boot_id not in {"", event.boot_id}
            shift_clock(self.state, event, now)
        turn = self._turn(now)
        if turn.now < self.state.seen_at:
            turn.now = Instant(self.state.seen_at.steady, now.wall)
        if self._nothing_new(event, turn):
            return turn.actions
        certain = self.state.desk.certain_until(self.state.seen_at)
        self._observe(event, turn)
        if isinstance(event, events.CoachStarted):
            if not self._fresh:
                resume(turn, event, certain, rebooted=rebooted)
            self._fresh = False
        elif self._someone_was_here and turn.now - self.state.seen_at > GAP:
            slept = isinstance(event, events.MachineSlept)
            if not (slept or turn.observed or turn.blind):
                self._wake_at = turn.now.steady + _AT_ONCE
                self._late.append(event)
                return turn.actions
            bridge_gap(turn, certain, slept=slept)
            while self._late:
                self._take_in(self._late.pop(0), turn)
        self._take_in(event, turn)
        self._judge(turn)
        self.state.seen_at = turn.now
        self._tell_changes(turn)
        self._wake_at = self._next_look(turn)
        return turn.actions

    @property
    def _someone_was_here(self) -> bool:
        return self.state.desk.present or self.state.desk.presence is Presence.UNKNOWN

    def _turn(self, now: Instant) -> Turn:
        shifted = Instant(now.steady + self.state.steady_shift, now.wall)
        return Turn(self.state, self._schedule, self._catalogue, shifted)

    def _nothing_new(self, event: Event, turn: Turn) -> bool:
        """Somebody simply goes on working: note the input, sleep on. This keeps a simulated year short."""
        state = self.state
        if isinstance(event, events.Woke) and event.idle_for is not None:
            age = event.idle_for
        elif isinstance(event, events.InputResumed):
            age = ZERO
        else:
            return False
        if not (
            age < self._schedule.idle_after
            and state.desk.presence is Presence.ACTIVE
            and turn.now.steady < self._quiet_until
            and turn.now - state.seen_at <= GAP
        ):
            return False
        state.desk.input_at(turn.now.before(age) if age else turn.now)
        state.clocks.confirm(max(state.clocks.since, state.desk.last_input_at.steady))
        state.seen_at = turn.now
        turn.actions.append(RefreshTray())
        self._save_if_due(turn)
        self._wake_at = min(self._quiet_until, turn.now.steady + HEARTBEAT)
        return True

    def _observe(self, event: Event, turn: Turn) -> None:
        desk = self.state.desk
        match event:
            case events.Woke(idle_for=age) | events.CoachStarted(idle_for=age) if age is not None:
                desk.input_at(turn.now.before(age))
            case events.IdleBegan(idle_for=age) | events.SourceFound(idle_for=age):
                desk.input_at(turn.now.before(age))
            case events.InputResumed():
                desk.input_at(turn.now)
            case events.Woke() | events.CoachStarted():
                turn.blind = True
                return
            case _:
                return
        turn.observed = True

    def _judge(self, turn: Turn) -> None:
        state = self.state
        whereabouts.judge(turn)
        _roll_day(turn)
        holds.judge(turn)
        state.ended = [old for old in state.ended if turn.now - old.withdrew_at <= 5 * MINUTE]
        breaks.keep_honest(turn)
        if state.desk.present and turn.observed:
            asking.settle(turn)
        marks.come_due(turn)
        marks.expire(turn)
        posture.spell_satisfies(turn)
        merge.merge(turn)
        asking.speak(turn)
        if state.correction is not None and state.correction.offered_until < turn.now:
            state.correction = None
        if state.settling.settled_at is not None and state.settling.settled_at <= turn.now:
            state.settling.settled_at = None

    def _tell_changes(self, turn: Turn) -> None:
        threshold = self._threshold(turn)
        if threshold != self._watching:
            self._watching = threshold
            turn.actions.append(WatchIdle(threshold))
        wanted = asking.warm(turn)
        if wanted and not self._warm:
            turn.actions.append(WarmWindows())
        self._warm = wanted
        key = tray_key(turn)
        turn.actions.append(RefreshTray() if key == self._tray else UpdateTray(tray(turn)))
        self._tray = key
        self._save_if_due(turn)

    def _save_if_due(self, turn: Turn) -> None:
        """Save once, last, when something worth it happened or a minute of presence has passed."""
        asked = SaveState() in turn.actions
        present = self.state.desk.absence is None
        late = self._saved_at is None or (present and turn.now.steady - self._saved_at >= SAVE_EVERY)
        if asked:
            turn.actions[:] = [action for action in turn.actions if action != SaveState()]
        if asked or late:
            turn.actions.append(SaveState())
            self._saved_at = turn.now.steady

    def _threshold(self, turn: Turn) -> timedelta:
        desk = self.state.desk
        if not desk.present or asking.candidate(turn) is not None or self.state.settling.input_after is not None:
            return _LOOKS_CLOSELY
        return self._schedule.idle_after

    def _next_look(self, turn: Turn) -> timedelta:
        """Give the coach's steady time of the next moment at which anything can change by time alone."""
        if turn.look_again:
            self._quiet_until = turn.now.steady
            return turn.now.steady + _AT_ONCE
        first, matters = next_look(turn, self._wall_looks)
        self._quiet_until = matters if self._only_time_passes(turn) else turn.now.steady
        if self.state.desk.absence is None or self.state.desk.presence in {Presence.ROUTINE, Presence.RESTING}:
            first = min(first, turn.now.steady + HEARTBEAT)
        return first

    def _only_time_passes(self, turn: Turn) -> bool:
        """Whether input alone changes nothing: nobody waits for a lull, no evidence is weighed."""
        state = self.state
        return (
            state.desk.presence is Presence.ACTIVE
            and not state.desk.evidence
            and state.settling.input_after is None
            and asking.candidate(turn) is None
        )


def _roll_day(turn: Turn) -> None:
    """A new day of the coach begins: its figures begin anew, and a told posture is forgotten."""
    state = turn.state
    today = coach_day(turn.now.wall, turn.schedule.day_starts_at)
    if today == state.day:
        return
    state.day = today
    state.today = Today(turn.total_of(Medium.SITTING), turn.total_of(Medium.STANDING))
    posture.change(turn, Posture.SITTING)
    turn.actions.append(SaveState())


def _first_state(schedule: Schedule, seed: int, now: Instant) -> CoachState:
    desk = Desk(Presence.ACTIVE, now)
    state = CoachState(now, desk, coach_day(now.wall, schedule.day_starts_at), seed, int(now.wall.timestamp()))
    state.clocks.start(state.posture, now.steady)
    absences.start_bout(Turn(state, schedule, (), now), now)
    return state
