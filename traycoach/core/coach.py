"""The state machine that decides when to speak: `handle(event, now) -> actions`, and when to be woken next.

Theory of operation. An event says what happened; `take_in` notes it. Then everything is judged, in this order:
is the person at the desk (and what did an absence mean)? what is due? may we interrupt now? Whatever follows leaves as
actions. Nothing here reads a clock: time enters with the event, on two clocks (`instant.py`).

Most events of a day tell no more than when the last input was. That can change presence, and whether a waiting prompt
finds its moment; all else is left as it was judged until the time comes at which it can be otherwise (`_nothing_new`).

The coach's steady clock goes on across restarts and reboots: `steady_shift` maps the machine's steady time to it.
"""

from __future__ import annotations

from datetime import timedelta

from traycoach.core import absences, asking, breaks, holds, marks, merge, posture, whereabouts
from traycoach.core.actions import Action, RefreshTray, SaveState, TrayState, UpdateTray, WarmWindows, WatchIdle
from traycoach.core.events import CoachStarted, Event, MachineSlept
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.intake import observe, take_in
from traycoach.core.looks import WallLooks, matters_at, presence_look
from traycoach.core.picker import RoutineInfo
from traycoach.core.presence import Desk
from traycoach.core.reasons import why_offered
from traycoach.core.restart import bridge_gap, resume, shift_clock
from traycoach.core.rules import Medium, Posture, Schedule
from traycoach.core.sitting import Today
from traycoach.core.state import CoachState, coach_day
from traycoach.core.transitions import AT_DESK, HERE, ON_BREAK, Presence
from traycoach.core.turn import Turn
from traycoach.core.why import shape, tray, why

HEARTBEAT = 60 * SECOND
GAP = 90 * SECOND
SAVE_EVERY = MINUTE
_REMEMBERED_FOR = 60 * MINUTE
"""How long an ended prompt is kept: who tells of an absence afterwards may have followed it."""
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
        self._watching = ZERO
        self._icon: UpdateTray | None = None
        self._warm = False
        self._warm_from = timedelta.max
        self._save_at = ZERO
        self._wake_at = now.steady + self.state.steady_shift
        self._matters_at = ZERO
        self._input_matters = True
        self._late: list[Event] = []
        self._wall_looks = WallLooks()

    @property
    def next_wakeup(self) -> timedelta:
        """The machine's steady time at which `handle(Woke(…))` is wanted at the latest."""
        return self._wake_at - self.state.steady_shift

    def why(self, now: Instant) -> str:
        """Give the sentence that explains the present prompt or silence, and what a prompt on the screen offers."""
        turn = self._turn(now)
        return f"{why(turn)} {why_offered(turn)}".rstrip()

    def tray(self, now: Instant) -> TrayState:
        """Give the tray's state for this moment."""
        return tray(self._turn(now))

    def turn(self, now: Instant) -> Turn:
        """Give a read-only look at the coach's figures for status displays. Nothing may be changed through it."""
        return self._turn(now)

    def handle(self, event: Event, now: Instant) -> list[Action]:
        """Take in what happened at `now` and give what is to be done, in order.

        Steady time must not go back; an event that does is taken to happen at the last moment seen.
        """
        rebooted = False
        if isinstance(event, CoachStarted):
            rebooted = self.state.boot_id not in {"", event.boot_id}
            shift_clock(self.state, event, now)
        turn = self._turn(now)
        if turn.now.steady < self.state.seen_at.steady:
            turn.now = Instant(self.state.seen_at.steady, now.wall)
        before = self.state.desk.presence
        if not self._bridge_gap(turn, event, rebooted=rebooted):
            return turn.actions
        take_in(turn, event)
        self._schedule, self._catalogue = turn.schedule, turn.catalogue
        whereabouts.judge(turn)
        breaks.keep_honest(turn)
        if self._nothing_new(turn, before):
            turn.actions.append(RefreshTray())
        else:
            self._judge(turn)
            breaks.learn(turn)
        self.state.seen_at = turn.now
        self._warm_if_near(turn)
        self._save_if_due(turn)
        self._wake_at = self._next_look(turn)
        return turn.actions

    def _turn(self, now: Instant) -> Turn:
        shift = self.state.steady_shift
        return Turn(
            self.state, self._schedule, self._catalogue, Instant(now.steady + shift, now.wall) if shift else now
        )

    def _bridge_gap(self, turn: Turn, event: Event, *, rebooted: bool) -> bool:
        """Judge the time since the last turn if nobody watched it; False: first ask for a fresh figure of the input."""
        state = self.state
        gap = turn.now.steady - state.seen_at.steady > GAP and state.desk.presence in HERE
        if not (gap or isinstance(event, CoachStarted)):
            observe(turn, event)
            return True
        certain = state.desk.certain_until(state.seen_at)
        observe(turn, event)
        self._input_matters = True
        if isinstance(event, CoachStarted):
            if not self._fresh:
                resume(turn, event, certain, rebooted=rebooted)
                # guards and session are about to tell what is: nothing is shown before a second look
                turn.observed, turn.look_again = False, not turn.blind
            self._fresh = False
            return True
        slept = isinstance(event, MachineSlept)
        if not (slept or turn.observed or turn.blind):
            self._wake_at = turn.now.steady + _AT_ONCE
            self._late.append(event)
            return False
        bridge_gap(turn, certain, slept=slept)
        while self._late:
            take_in(turn, self._late.pop(0))
        return True

    def _nothing_new(self, turn: Turn, before: Presence) -> bool:
        """Whether this turn cannot change more than when the last input was.

        Input decides about presence alone, which has been judged, and about a prompt that waits for a good moment.
        Everything else (marks, holds, expiries, the tray) follows events and the time: while only input is told and the
        next moment that matters by time lies ahead, it is as it was. Most turns of a day are of this kind.
        """
        desk = self.state.desk
        return (
            not turn.news
            and not self._input_matters
            and turn.now.steady < self._matters_at
            and not (turn.actions or turn.saves)
            and (desk.presence is before or (desk.present and before in AT_DESK))
        )

    def _judge(self, turn: Turn) -> None:
        """Judge everything but presence, tell what changed, and note when there will be something new."""
        state = turn.state
        _roll_day(turn)
        holds.judge(turn)
        if state.ended:
            state.ended = [old for old in state.ended if turn.now - old.withdrew_at <= _REMEMBERED_FOR]
        if state.desk.present and turn.observed:
            asking.settle(turn)
        ahead = marks.come_due(turn)
        marks.expire(turn)
        posture.spell_satisfies(turn)
        merge.merge(turn)
        waits = asking.speak(turn)
        marks.note_budget(turn)
        if state.correction is not None and state.correction.offered_until < turn.now:
            state.correction = None
        if state.settling.settled_at is not None and state.settling.settled_at <= turn.now:
            state.settling.settled_at = None
        waits = waits or (state.desk.present and state.settling.input_after is not None)
        self._input_matters = waits or turn.look_again
        self._matters_at = matters_at(turn, ahead, self._wall_looks)
        self._tell_changes(turn, ahead, waits=waits)

    def _tell_changes(self, turn: Turn, ahead: list[timedelta], *, waits: bool) -> None:
        threshold = turn.schedule.silence_matters_from if turn.state.desk.present and not waits else _LOOKS_CLOSELY
        if threshold != self._watching:
            self._watching = threshold
            turn.actions.append(WatchIdle(threshold))
        self._warm_from = asking.warm_from(turn, ahead)
        self._warm = self._warm and self._warm_from <= turn.now.steady
        icon = shape(turn)
        turn.actions.append(RefreshTray() if icon == self._icon else icon)
        self._icon = icon

    def _warm_if_near(self, turn: Turn) -> None:
        """Have the windows ready, once, when a prompt is near: that changes nothing else."""
        if not self._warm and self._warm_from <= turn.now.steady:
            self._warm = True
            turn.actions.append(WarmWindows())

    def _save_if_due(self, turn: Turn) -> None:
        """Save once, last, when something worth it happened or a minute of presence has passed."""
        present = self.state.desk.absence is None
        if turn.saves or (present and turn.now.steady >= self._save_at):
            turn.actions.append(SaveState())
            self._save_at = turn.now.steady + SAVE_EVERY

    def _next_look(self, turn: Turn) -> timedelta:
        """Give the coach's steady time of the next moment at which anything can change by time alone."""
        now = turn.now.steady
        if turn.look_again:
            return now + _AT_ONCE
        desk = self.state.desk
        first = presence_look(turn, self._watching)
        if (desk.absence is None or desk.presence in ON_BREAK) and now + HEARTBEAT < first:
            first = now + HEARTBEAT
        if not self._warm and self._warm_from < first:
            first = self._warm_from
        return first if first < self._matters_at else self._matters_at


def _roll_day(turn: Turn) -> None:
    """A new day of the coach begins: its figures begin anew, and a told posture is forgotten."""
    state = turn.state
    today = coach_day(turn.now.wall, turn.schedule.day_starts_at)
    if today == state.day:
        return
    state.day = today
    state.today = Today(turn.total_of(Medium.SITTING), turn.total_of(Medium.STANDING))
    posture.change(turn, Posture.SITTING, told=False)
    turn.saves = True


def _first_state(schedule: Schedule, seed: int, now: Instant) -> CoachState:
    desk = Desk(Presence.ACTIVE, now)
    state = CoachState(now, desk, coach_day(now.wall, schedule.day_starts_at), seed, int(now.wall.timestamp()))
    state.clocks.start(state.posture, now.steady)
    absences.start_bout(Turn(state, schedule, (), now), now)
    return state
