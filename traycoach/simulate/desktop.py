"""The virtual desktop: a coach on a clock that jumps from one deadline to the next.

A deadline is the coach's next wake-up, an edge of input, a line of the script, something the virtual person is about to
do, or the time of a clock rule. Between deadlines nothing happens, so nothing is computed.
"""

from __future__ import annotations

import heapq
import json
from collections import deque
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from traycoach.alarm import ClockRules
from traycoach.coach_state import Saved
from traycoach.core import actions, events
from traycoach.core.coach import Coach
from traycoach.core.instant import ZERO, Instant
from traycoach.core.rules import Schedule
from traycoach.simulate import steps
from traycoach.simulate.clocks import VirtualClock
from traycoach.simulate.language import EVIDENCE, HOLDS
from traycoach.simulate.note import Notes
from traycoach.simulate.recording import Recorder
from traycoach.simulate.script import Script
from traycoach.simulate.source import VirtualSource
from traycoach.simulate.timeline import Timeline
from traycoach.simulate.windows import VirtualWindows
from traycoach.wire import from_data, to_data

_LOOK_AGAIN = (events.ClockJumped, events.SettingsChanged, events.CoachStarted)
"""After these the clock rules' next time may be another."""

_STUCK_AFTER = 1000
"""So many events without the clock moving on are a bug."""


class VirtualDesktop:
    """Runs one script. `run` gives the timeline; the coach and all its actions stay inside."""

    def __init__(self, script: Script, recorder: Recorder | None = None) -> None:
        self.script = script
        self.timeline = Timeline(script.shows)
        self._notes = Notes(self.timeline, script.began_at)
        self.hands = script.hands
        self.source = VirtualSource(self.hands)
        self.windows = VirtualWindows(self, {routine.id: routine.length for routine in script.catalogue})
        self._clock = VirtualClock(script.began_at)
        self.events = 0
        self._occurs_at: timedelta | None = None
        self._clock_rules = ClockRules(script.schedule, script.began_at)
        self._recorder = recorder
        self._schedule = script.schedule
        self._slept_told = ZERO
        self._standing_still_until: timedelta | None = None
        self._backlog: list[events.Event] = []
        self._signs: set[str] = set()
        self._inbox: deque[events.Event] = deque()
        self._plans: list[tuple[timedelta, int, Callable[[], None]]] = []
        self._plan_number = 0
        self._coach: Coach | None = None
        self._saved: Any = None
        self._saves = any(isinstance(step.deed, steps.Start) for step in script.steps)
        for step in script.steps:
            self.later(step.at, lambda step=step: self._carry_out(step))  # type: ignore[misc]

    # --- time ---------------------------------------------------------------------------------------------------------

    @property
    def at(self) -> timedelta:
        """The time since the script's start."""
        return self._clock.at

    @property
    def now(self) -> Instant:
        """This moment on the computer's two clocks."""
        return self._clock.now

    def later(self, at: timedelta, what: Callable[[], None]) -> None:
        """Have something done at that time; what was planned first is done first."""
        self._plan_number += 1
        heapq.heappush(self._plans, (at, self._plan_number, what))

    def run(self) -> Timeline:
        """Play the script from its start to its end and give what happened."""
        self._start_coach()
        clock, end = self._clock, self.script.end
        idle_turns = 0
        while True:
            following, act = self._next()
            if following is None or following > end:
                break
            if following > clock.at:
                idle_turns = 0
                clock.go_on(following)
            else:
                idle_turns += 1
                assert idle_turns < _STUCK_AFTER, f"time stands still at {self.now.wall}: {act}"
            act()
            self._drain()
        return self.timeline

    def _next(self) -> tuple[timedelta | None, Callable[[], None]]:
        """Give the nearest deadline and what to do then. What the script says comes first, the alarm last."""
        best: timedelta | None = None
        act: Callable[[], None] = self._take_plan
        if self._plans:
            best = self._plans[0][0]
        coach = self._coach
        if coach is None or self._standing_still_until is not None:
            return best, act
        edge = self.source.edge_at(self._clock.at)
        if edge is not None and (best is None or edge < best):
            best, act = edge, self._input_edge
        steady = coach.next_wakeup
        if self._occurs_at is not None and self._occurs_at < steady:
            steady = self._occurs_at
        rings_at = self._clock.time_of(steady)
        if best is None or rings_at < best:
            best, act = rings_at, self._wake
        return best, act

    def _take_plan(self) -> None:
        heapq.heappop(self._plans)[2]()

    def _input_edge(self) -> None:
        self.post(self.source.take(self.at))

    def _wake(self) -> None:
        self.post(events.Woke(self.source.idle_for(self._clock.at)))

    # --- the coach ----------------------------------------------------------------------------------------------------

    def post(self, event: events.Event) -> None:
        """Tell the coach; while the process stands still the event waits, while there is none it is lost."""
        if self._coach is None:
            return
        if self._standing_still_until is not None:
            self._backlog.append(event)
            return
        self._inbox.append(event)

    def _drain(self) -> None:
        while self._inbox:
            self._take(self._inbox.popleft())

    def _take(self, event: events.Event) -> None:
        """Take one event as the daemon's loop does: what the clocks tell comes with it."""
        clock = self._clock
        now = clock.now
        if clock.slept_for > self._slept_told:
            slept_for = clock.slept_for - self._slept_told
            self._slept_told = clock.slept_for
            self._handle(events.MachineSlept(slept_for), now)
        look_again = isinstance(event, _LOOK_AGAIN)
        if isinstance(event, events.SettingsChanged):
            self._clock_rules.change(event.schedule, now)
        elif isinstance(event, events.ClockJumped):
            self._clock_rules.clock_jumped(now)
        self._handle(event, now)
        if look_again or (self._occurs_at is not None and self._occurs_at <= now.steady):
            for occurrence in self._clock_rules.reached(now):
                self._handle(occurrence, now)
            self._occurs_at = self._clock_rules.next_at(now)

    def _handle(self, event: events.Event, now: Instant) -> None:
        coach = self._coach
        if coach is None:
            return
        if self._recorder is not None:
            self._recorder.open()
        self.events += 1
        ordered = coach.handle(event, now)
        if self._recorder is not None:
            self._recorder.record(event, now, ordered)
        for action in ordered:
            if not isinstance(action, actions.RefreshTray):
                self._perform(action)

    def _perform(self, action: actions.Action) -> None:
        match action:
            case actions.SaveState():
                if self._saves and self._coach is not None:
                    self._saved = to_data(Saved(self._coach.state, self._clock.slept_for, self.now.wall))
            case actions.WatchIdle(after):
                self.source.watch(after)
            case actions.WarmWindows():
                pass
            case actions.ShowPrompt(prompt):
                self._notes.shown(prompt, self.at, self.now)
                self.windows.show(prompt)
            case actions.WithdrawPrompt(number):
                gone = self.windows.withdraw(number)
                if gone is not None:
                    self._notes.withdrawn(gone, self.at, self.now)
            case actions.PauseRoutine():
                if self.windows.pause():
                    self._notes.note("routine", f"countdown pauses: {action.reason}", self.at, self.now)
            case actions.CloseRoutine():
                self.windows.close_routine()
            case actions.OpenRoutine():
                self._notes.take(action, self.at, self.now)
                self.windows.open(action)
            case _:
                self._notes.take(action, self.at, self.now)

    def remark(self, words: str) -> None:
        """Put a line into the timeline: the script asked for what cannot be."""
        self._notes.note("script", words, self.at, self.now)

    # --- what the script says -----------------------------------------------------------------------------------------

    def _carry_out(self, step: steps.Step) -> None:
        match step.deed:
            case steps.Post(event, click):
                if click:
                    self.hands.press(self.at)
                self.post(event)
            case steps.Sign(name, present):
                (self._signs.add if present else self._signs.discard)(name)
                self._tell_signs(name)
            case steps.MeetingUntil(ends_at):
                self.post(events.MeetingEndKnown(self.now.after(ends_at - self.at).wall))
            case steps.MeetingAt(starts_at):
                self.post(events.MeetingAhead(self.now.after(starts_at - self.at).wall))
            case steps.Reply(answer, snooze_for):
                self.windows.reply(answer, snooze_for)
            case steps.CloseWindow():
                self.windows.close_prompt()
            case steps.LoseWindows():
                self.windows.lose()
            case steps.Habit() as habit:
                self.windows.learn(habit)
            case steps.InRoutine(deed):
                self.windows.in_routine(deed)
            case steps.Sleep(lasts, signalled):
                self._sleep(lasts, signalled=signalled)
            case steps.Freeze(lasts):
                self._stand_still(lasts, [])
            case steps.Kill():
                self._coach = None
                self.windows = VirtualWindows(self, {one.id: one.length for one in self.script.catalogue})
            case steps.Start(reboot):
                self._start_again(reboot=reboot)
            case steps.SetClock(by):
                self._clock.set_by(by)
                self.post(events.ClockJumped())
            case steps.SetZone(zone):
                self._clock.set_zone(zone)
                self.post(events.ClockJumped())
            case steps.Source(found):
                self.source.works = found
                idle_for = self.source.idle_for(self.at)
                self.post(events.SourceLost("the source is lost") if idle_for is None else events.SourceFound(idle_for))
            case steps.Edit(name):
                self._edit(self.script.edits[name])
            case steps.AskWhy():
                if self._coach is not None:
                    self._notes.note("why", self._coach.why(self.now), self.at, self.now)

    def _tell_signs(self, name: str) -> None:
        if name in HOLDS:
            self.post(events.HoldsChanged(frozenset(self._signs & HOLDS)))
        if name in EVIDENCE:
            self.post(events.EvidenceChanged(frozenset(self._signs & EVIDENCE)))

    def _edit(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self.post(events.SettingsChanged(schedule))

    def _sleep(self, lasts: timedelta, *, signalled: bool) -> None:
        if signalled:
            self.post(events.SleepBegan())
            self._drain()
        self._clock.slept_for += lasts
        self._stand_still(lasts, [events.SleepEnded()] if signalled else [])

    def _stand_still(self, lasts: timedelta, first: list[events.Event]) -> None:
        """Let the process do nothing for a while. `first` is what it learns when it goes on."""
        if self._coach is None:
            return
        until = self.at + lasts
        self._standing_still_until = until

        def go_on() -> None:
            if self._standing_still_until != until:
                return
            self._standing_still_until = None
            waiting, self._backlog = self._backlog, []
            self._inbox.extend([*first, *waiting, *self.source.catch_up(self.at)])
            self._wake()

        self.later(until, go_on)

    # --- starting -----------------------------------------------------------------------------------------------------

    def _start_again(self, *, reboot: bool) -> None:
        if reboot:
            self._clock.reboot()
        self._standing_still_until = None
        self._backlog = []
        self._start_coach()

    def _start_coach(self) -> None:
        """Start the process with what was really saved, by way of its JSON text."""
        saved: Saved | None = None
        if self._saved is not None:
            saved = from_data(json.loads(json.dumps(self._saved)), Saved)
        now = self.now
        self._coach = Coach(
            self._schedule, self.script.catalogue, saved.state if saved else None, self.script.seed, now
        )
        self._clock_rules = ClockRules(self._schedule, now.wall if saved is None else saved.seen_until)
        self.source.start()
        self._notes.new_process()
        slept = saved is not None and self._clock.slept_for > saved.suspended_for
        self._slept_told = self._clock.slept_for
        self.post(events.CoachStarted(self._clock.boot, slept, self.source.idle_for(self.at)))
        if self._signs & HOLDS:
            self.post(events.HoldsChanged(frozenset(self._signs & HOLDS)))
        self.post(events.EvidenceChanged(frozenset(self._signs & EVIDENCE)))
        self._drain()
