"""The state machine that decides when to speak: `handle(event, now) -> actions`, and when to be woken next.

Theory of operation. An event says what happened; `_take_in` changes what is known. Then `_judge` asks, in this order:
is the person at the desk (and what did an absence mean)? what is due? may we interrupt now? Whatever follows leaves as
actions. Nothing here reads a clock: time enters with the event, on two clocks (`instant.py`).

The coach's steady clock goes on across restarts and reboots: `steady_shift` maps the machine's steady time to it.
"""

from __future__ import annotations

from datetime import timedelta

from traycoach.core import absences, answers, asking, breaks, edits, events, marks, merge
from traycoach.core.actions import Action, RefreshTray, SaveState, TrayState, UpdateTray, WarmWindows, WatchIdle
from traycoach.core.events import Event
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant, wall_between
from traycoach.core.looks import WallLooks, away_limit, next_look
from traycoach.core.outcomes import close_bout, withdraw
from traycoach.core.picker import RoutineInfo
from traycoach.core.presence import Desk, Gone
from traycoach.core.restart import bridge_gap, resume, shift_clock
from traycoach.core.rules import Medium, Posture, Schedule
from traycoach.core.sitting import Today
from traycoach.core.state import CoachState, Pause, PostureSpell, coach_day, next_day_start
from traycoach.core.transitions import Cause, Presence, Stage
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

    def _take_in(self, event: Event, turn: Turn) -> None:
        state = self.state
        desk = state.desk
        match event:
            case events.InputResumed():
                self._input(turn, resumed=True)
            case events.Woke() | events.IdleBegan() | events.CoachStarted():
                self._input(turn, resumed=False)
            case events.SourceLost(reason=reason):
                self._lose_source(turn, reason)
            case events.SourceFound():
                desk.source_lost = None
                if desk.presence is Presence.UNKNOWN:
                    desk.move(Cause.SOURCE_FOUND)
                    self._run_clocks(turn, run=True)
            case events.SessionLocked():
                absences.gone(turn, Gone.LOCKED)
            case events.SessionUnlocked():
                absences.no_longer(turn, Gone.LOCKED, ends_absence=True)
            case events.SessionDeactivated():
                absences.gone(turn, Gone.OTHER_SESSION)
            case events.SessionActivated():
                absences.no_longer(turn, Gone.OTHER_SESSION, ends_absence=True)
            case events.SleepBegan():
                absences.gone(turn, Gone.ASLEEP)
            case events.SleepEnded():
                absences.no_longer(turn, Gone.ASLEEP, ends_absence=False)
            case events.MachineSlept():
                desk.forget_touches()
            case events.ClockJumped():
                pass
            case events.PostureChanged(posture=posture):
                self._change_posture(turn, posture)
            case events.HoldsChanged(holds=holds):
                state.guard_holds = holds
            case events.EvidenceChanged(kinds=kinds):
                desk.evidence_changed(kinds, turn.now)
            case events.ScreenShared(sharing=sharing):
                state.sharing = sharing
            case events.MeetingEndKnown(ends_at=ends_at):
                state.meeting_ends_at = ends_at
            case events.OccurrenceReached(rule=rule_id, scheduled_at=at):
                rule = self._schedule.rule(rule_id)
                if rule is not None and rule.interval is None:
                    marks.occurrence(turn, rule, at)
            case events.SettingsChanged(schedule=schedule):
                edits.change(turn, schedule)
                self._schedule = schedule
            case events.PresenceClaimed():
                absences.claim_presence(turn)
            case events.AbsenceClaimed(away_for=away_for):
                absences.claim_absence(turn, away_for)
            case _:
                self._answer(event, turn)

    def _answer(self, event: Event, turn: Turn) -> None:
        state = self.state
        match event:
            case events.PromptShown(prompt=number):
                shown = state.shown
                if shown is not None and shown.id == number:
                    shown.shown_at = turn.now
            case events.PromptAnswered(prompt=number, answer=given, snooze_for=snooze_for):
                prompt = next((one for one in state.prompts.values() if one.id == number), None)
                if prompt is not None and prompt.stage in {Stage.DUE, Stage.SHOWN}:
                    answers.answer(turn, prompt, given, snooze_for)
            case events.PromptClosed(prompt=number):
                shown = state.shown
                if shown is not None and shown.id == number:
                    marks.put_aside(turn, shown)
            case events.WindowsLost():
                self._lose_windows(turn)
            case events.Snoozed(snooze_for=snooze_for):
                self._answer_asked(turn, events.Answer.SNOOZE, snooze_for)
            case events.Skipped():
                self._answer_asked(turn, events.Answer.SKIP, None)
            case events.Paused(until=until):
                self._pause(turn, until)
            case events.Resumed():
                state.pause = None
                turn.actions.append(SaveState())
            case events.BreakRequested(routine=routine):
                self._begin_asked(turn, routine)
            case events.RoutineFocusChanged(focused=focused):
                if state.routine is not None:
                    state.routine.focused = focused
                    state.routine.told = state.routine.told and not focused
            case events.RoutineProgressed(fraction=fraction):
                if state.routine is not None:
                    state.routine.progress = fraction
            case events.RoutineEnded():
                breaks.finish(turn, event)
            case _:
                pass

    def _input(self, turn: Turn, *, resumed: bool) -> None:
        desk = self.state.desk
        if not turn.observed:
            return
        if desk.present:
            if turn.idle_for < self._schedule.idle_after:
                desk.move(Cause.INPUT)
            self.state.clocks.confirm(max(self.state.clocks.since, desk.certain_until(turn.now).steady))
        elif desk.presence is Presence.AWAY and not set(desk.gone) - {Gone.TOLD}:
            first = resumed or (desk.touch_began_at is None and turn.idle_for < _LOOKS_CLOSELY)
            back_at = desk.judge_return(turn.now, resumed=first)
            if back_at is not None:
                absences.grow(turn)
                absences.come_back(turn, back_at, by_input=True)
        elif desk.presence is Presence.RESTING:
            breaks.watch_rest(turn)

    def _lose_source(self, turn: Turn, reason: str) -> None:
        desk = self.state.desk
        desk.source_lost = reason
        if desk.presence is Presence.ROUTINE or set(desk.gone) - {Gone.TOLD}:
            return
        if desk.presence in {Presence.AWAY, Presence.RESTING}:
            absences.grow(turn)
            absences.come_back(turn, turn.now, by_input=True)
        absences.lose_source_again(turn)

    def _judge_presence(self, turn: Turn) -> None:
        desk = self.state.desk
        if desk.presence is Presence.UNKNOWN:
            hours = self._schedule.work_hours
            self._run_clocks(turn, run=hours is None or hours.contains(turn.now.wall))
        elif desk.present and turn.observed:
            certain = desk.certain_until(turn.now)
            if turn.now - certain >= away_limit(turn, certain):
                desk.move(Cause.AWAY_AFTER)
                absences.leave(turn, certain, silent=True)
            elif turn.idle_for >= self._schedule.idle_after:
                desk.move(Cause.IDLE_AFTER)
        absences.grow(turn)

    def _run_clocks(self, turn: Turn, *, run: bool) -> None:
        state = self.state
        if run and state.clocks.running is None and state.routine is None:
            state.clocks.start(state.posture, turn.now.steady)
            if state.bout is None:
                absences.start_bout(turn, turn.now)
        elif not run and state.clocks.running is not None:
            state.clocks.stop(turn.now.steady)

    def _judge(self, turn: Turn) -> None:
        state = self.state
        self._judge_presence(turn)
        self._roll_day(turn)
        self._judge_holds(turn)
        state.ended = [old for old in state.ended if turn.now - old.withdrew_at <= 5 * MINUTE]
        breaks.keep_honest(turn)
        if state.desk.present and turn.observed:
            asking.settle(turn)
        marks.come_due(turn)
        marks.expire(turn)
        marks.spell_satisfies(turn)
        merge.merge(turn)
        asking.speak(turn)
        if state.correction is not None and state.correction.offered_until < turn.now:
            state.correction = None
        if state.settling.settled_at is not None and state.settling.settled_at <= turn.now:
            state.settling.settled_at = None

    def _judge_holds(self, turn: Turn) -> None:
        state = self.state
        pause = state.pause
        if pause is not None and (
            (pause.ends_at is not None and pause.ends_at <= turn.now)
            or (pause.ends_on_wall is not None and wall_between(turn.now.wall, pause.ends_on_wall) <= ZERO)
        ):
            state.pause = None
            turn.actions.append(SaveState())
        holds = state.guard_holds
        if state.pause is not None:
            holds |= {"pause"}
        if self._schedule.quiet_hours is not None and self._schedule.quiet_hours.contains(turn.now.wall):
            holds |= {"quiet hours"}
        if state.holds and not holds:
            # a touch that is under way as the hold ends is the input that is waited for
            state.settling.input_after = turn.now.before(_LOOKS_CLOSELY)
            state.settling.settled_at = None
            turn.look_again = not (turn.observed or turn.blind)
        if holds and state.shown is not None:
            withdraw(turn, state.shown, counts=False)
        state.holds = holds

    def _roll_day(self, turn: Turn) -> None:
        state = self.state
        today = coach_day(turn.now.wall, self._schedule.day_starts_at)
        if today == state.day:
            return
        state.day = today
        state.today = Today(turn.total_of(Medium.SITTING), turn.total_of(Medium.STANDING))
        if state.posture is Posture.STANDING:
            self._change_posture(turn, Posture.SITTING)
        turn.actions.append(SaveState())

    def _change_posture(self, turn: Turn, posture: Posture) -> None:
        state = self.state
        if posture is state.posture:
            return
        asked_by = answers.posture_answers(turn, posture)
        running = state.clocks.running is not None
        if running:
            state.clocks.confirm(turn.now.steady)
            close_bout(turn, turn.now)
        if asked_by is not None and state.shown is not None and state.shown.rule == asked_by:
            withdraw(turn, state.shown, counts=False)
        state.posture = posture
        if running:
            state.clocks.start(posture, turn.now.steady)
            absences.start_bout(turn, turn.now)
        state.spell = PostureSpell(turn.total_of(Medium(posture.value)), turn.now, asked_by)
        turn.actions.append(SaveState())

    def _answer_asked(self, turn: Turn, given: events.Answer, snooze_for: timedelta | None) -> None:
        prompt = answers.asked(turn)
        if prompt is not None:
            answers.answer(turn, prompt, given, snooze_for)

    def _begin_asked(self, turn: Turn, routine: str | None) -> None:
        state = self.state
        if state.routine is not None:
            return
        prompt = answers.asked(turn)
        if routine is None and prompt is not None:
            answers.answer(turn, prompt, events.Answer.START, None)
            return
        if routine is None:
            cards = [rule for rule in self._schedule.rules if rule.interval and rule.is_card and turn.running(rule)]
            routine = breaks.offer(turn, min(cards, key=turn.to_mark)) if cards else None
            if routine is None and self._catalogue:
                routine = self._catalogue[0].id
        if routine is None or turn.routine(routine) is None:
            return
        rule = breaks.greatest_fitting(turn, routine)
        answered = state.prompts.get(rule.id) if rule is not None else None
        breaks.begin(turn, routine, answered)

    def _pause(self, turn: Turn, until: timedelta | events.PauseUntil) -> None:
        pause = Pause()
        if isinstance(until, timedelta):
            pause.ends_at = turn.now.after(until)
        elif until is events.PauseUntil.TOMORROW:
            starts_at = self._schedule.day_starts_at
            pause.ends_on_wall = next_day_start(turn.now.wall, starts_at)
            if wall_between(turn.now.wall, pause.ends_on_wall) < TOMORROW_AT_LEAST:
                pause.ends_on_wall = next_day_start(turn.now.after(TOMORROW_AT_LEAST).wall, starts_at)
        self.state.pause = pause
        turn.actions.append(SaveState())

    def _lose_windows(self, turn: Turn) -> None:
        shown = self.state.shown
        if shown is not None:
            withdraw(turn, shown, counts=False)
            shown.freely = True
            shown.as_card = True
        if self.state.routine is not None:
            breaks.lose(turn)

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


def _first_state(schedule: Schedule, seed: int, now: Instant) -> CoachState:
    desk = Desk(Presence.ACTIVE, now)
    state = CoachState(now, desk, coach_day(now.wall, schedule.day_starts_at), seed, int(now.wall.timestamp()))
    state.clocks.start(state.posture, now.steady)
    absences.start_bout(Turn(state, schedule, (), now), now)
    return state
