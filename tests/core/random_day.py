"""Random days as day scripts, and a desktop that checks at every event what must always hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from traycoach.core import actions, events
from traycoach.core.actions import Action, Outcome
from traycoach.core.events import Event, PauseUntil
from traycoach.core.instant import MINUTE, ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.core.rules import Look, Schedule
from traycoach.core.transitions import Presence
from traycoach.settings import settings_of
from traycoach.simulate.desktop import VirtualDesktop
from traycoach.simulate.language import HOLDS
from traycoach.simulate.lines import Day
from traycoach.simulate.script import Script

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)
GAP = timedelta(seconds=90)
BACK_DATED = timedelta(seconds=33)
"""A return is back-dated to its first touch: 30 s before the second, which may last 3 s before it is judged."""
CATALOGUE = tuple(
    RoutineInfo(name, name, name, length, frozenset({purpose}))
    for name, purpose, length in (
        ("hips", "stand-up", 2 * MINUTE),
        ("calves", "stand-up", 1 * MINUTE),
        ("stroll", "move", 4 * MINUTE),
        ("hands", "micro", MINUTE / 2),
        ("lean", "standing", 2 * MINUTE),
        ("evening", "wind-down", 3 * MINUTE),
    )
)
SETTINGS = """
version = 1
[[rule]]
id = "water"
at = ["10:30", "15:00", "02:30"]
[[rule]]
id = "walk"
cron = "*/50 * * * *"
resets_after = "4m"
catch_up = "5m"
"""
HABITS = (
    "when card: start after 5s",
    "when any: ignores",
    "when card: skip after 4s",
    "when card: snooze 5m after 9s",
    "when card: getting-up for 3m after 6s",
    "when any: walks for 4m after 3s",
    "when routine: left after 40s",
    "when routine: done",
)
MOMENTS = (
    *("microphone", "camera", "fullscreen", "inhibitor", "dnd", "meeting", "sharing"),
    *("unlock", "switched back", "stands", "sits", "bump", "windows lost", "closes prompt"),
    *("answers start", "answers skip", "answers getting-up", "answers snooze meeting"),
    *("tray snooze 5m", "tray skip", "tray pause 20m", "tray pause", "tray pause tomorrow", "tray resume"),
    *("tray now", "tray now hips", "tray here", "tray away", "tray away 10m"),
    *("routine left", "routine unfocused", "routine continues", "source lost", "source found"),
    *("clock +1h", "clock -1h", "zone America/New_York", "zone Europe/Berlin", "desk up", "desk down"),
)
LASTING = ("lock", "sleep", "frozen", "restart", "reboot", "leaves", "reads")


@cache
def schedule() -> Schedule:
    """Give the default rules and two clock rules."""
    return settings_of(SETTINGS).schedule


@st.composite
def scripts(draw: st.DrawFn, moments: tuple[str, ...] = MOMENTS) -> tuple[str, ...]:
    """Give the lines of a random day (a few hours), readable when it fails."""
    lines = ["09:00 working", f"+0s {draw(st.sampled_from(HABITS))}"]
    on: set[str] = set()
    for _ in range(draw(st.integers(2, 16))):
        gap = draw(st.one_of(st.integers(1, 120), st.integers(120, 1500)))
        kind = draw(st.sampled_from(("work", "work", "moment", "moment", "lasting", "habit")))
        if kind == "work":
            pace = draw(st.sampled_from(("typing", "working", "working lulls 7s every 60s", "leaves", "bump")))
            lines.append(f"+{gap}s {pace}")
        elif kind == "habit":
            lines.append(f"+{gap}s {draw(st.sampled_from(HABITS))}")
        elif kind == "lasting":
            what = draw(st.sampled_from(LASTING))
            lasts = draw(st.one_of(st.integers(1, 300), st.integers(300, 4000)))
            quiet = " unsignalled" if what == "sleep" and draw(st.booleans()) else ""
            lines += [f"+{gap}s {what} {lasts}s{quiet}", f"+{lasts}s typing"]
        else:
            what = draw(st.sampled_from(moments))
            if what in {"microphone", "camera", "fullscreen", "inhibitor", "dnd", "meeting", "sharing"}:
                lines.append(f"+{gap}s {what} {'off' if what in on else 'on'}")
                on ^= {what}
            else:
                lines.append(f"+{gap}s {what}")
    lines.append("+40m end")
    return tuple(lines)


def script_of(lines: tuple[str, ...]) -> Script:
    """Read the lines of a random day."""
    began_at = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    day = Day(began_at)
    day.read("\n".join(lines), 1, "random day")
    assert not day.problems, day.problems
    kinds = frozenset({"prompt", "outcome", "bout", "break", "routine"})
    return Script("random", began_at, schedule(), CATALOGUE, 1, kinds, day.hands, tuple(day.steps), day.end, {})


@dataclass
class Showing:
    """One showing of an interval rule's prompt, for the budget."""

    prompt: int
    at: timedelta
    card: bool
    counts: bool


@dataclass
class Seen:
    """What the checks remember."""

    events: list[tuple[Event, Instant, list[Action]]] = field(default_factory=list)
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)
    free: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    showings: list[Showing] = field(default_factory=list)
    locked: bool = False
    locked_since: timedelta = ZERO
    locked_for: timedelta = ZERO
    paused_until: timedelta | None = None
    bouts: dict[datetime, timedelta] = field(default_factory=dict)

    @property
    def at_the_desk(self) -> timedelta:
        """All recorded bouts together."""
        return sum(self.bouts.values(), ZERO)


class WatchedDesktop(VirtualDesktop):
    """Runs a script and fails at the first event after which something is wrong."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__(script_of(lines))
        self.seen = Seen()

    def _handle(self, event: Event, now: Instant) -> None:
        coach = self._coach
        if coach is None:
            return
        state = coach.state
        seen_before = state.seen_at.steady
        total_before = self._use(state.seen_at.steady)
        dues_before = self._dues()
        here_before = state.desk.present
        ordered: list[Action] = []
        real = coach.handle

        def handle(event: Event, now: Instant) -> list[Action]:
            ordered.extend(real(event, now))
            return ordered

        self._note_event(event)
        coach.handle = handle  # type: ignore[method-assign]
        try:
            super()._handle(event, now)
        finally:
            coach.handle = real  # type: ignore[method-assign]
        self.seen.events.append((event, now, ordered))
        for action in ordered:
            self._check_action(action, now)
        self._check_screen(event)
        self._check_wakeup(now)
        steady = coach.state.seen_at.steady
        grown = self._use(steady) - total_before
        assert coach.state.clocks.sat >= ZERO <= coach.state.clocks.stood
        if not isinstance(event, events.PresenceClaimed):
            back_dated = BACK_DATED if coach.state.desk.present and not here_before else ZERO
            allowed = max(ZERO, steady - seen_before) + back_dated + MILLISECOND
            assert grown <= allowed, f"clocks grew by {grown}: {event}"
        watched = steady - seen_before <= GAP
        if watched and here_before and coach.state.desk.present and self._plain(event, ordered):
            for rule, due in self._dues().items():
                earlier = dues_before.get(rule)
                assert earlier is None or due <= earlier + MILLISECOND, (
                    f"{rule} moved later by {due - earlier}: {event}"
                )

    # --- what is known outside the coach -----------------------------------------------------------------------------

    def _note_event(self, event: Event) -> None:
        seen = self.seen
        match event:
            case events.SessionLocked():
                seen.locked_since = self.at if not seen.locked else seen.locked_since
                seen.locked = True
            case events.SessionUnlocked() | events.CoachStarted():
                seen.locked_for += self.at - seen.locked_since if seen.locked else ZERO
                seen.locked = False
            case events.Paused(until):
                seen.paused_until = self.at + until if isinstance(until, timedelta) else timedelta.max
                if until is PauseUntil.TOMORROW:
                    seen.paused_until = self.at + 4 * HOUR  # at least
            case events.Resumed():
                seen.paused_until = None
            case events.PromptAnswered(prompt=number, answer=events.Answer.SNOOZE):
                seen.free.add(number)
            case events.PromptAnswered(prompt=number):
                seen.answered.add(number)
                seen.free.add(number)  # it comes back only if its routine's window was lost
            case events.WindowsLost():
                if self._coach is not None and self._coach.state.shown is not None:
                    self._uncount(self._coach.state.shown.id)
            case _:
                pass

    @property
    def _held(self) -> bool:
        pause = self.seen.paused_until
        return bool(self._signs & HOLDS) or (pause is not None and self.at < pause)

    def _use(self, steady: timedelta) -> timedelta:
        assert self._coach is not None
        clocks = self._coach.state.clocks
        return clocks.sat + clocks.stood + (steady - clocks.since if clocks.running is not None else ZERO)

    def _dues(self) -> dict[str, timedelta]:
        """Give for each rule whose clock runs the steady time at which it comes due, if nothing happens."""
        assert self._coach is not None
        turn = self._coach.turn(
            Instant(self._coach.state.seen_at.steady - self._coach.state.steady_shift, self.now.wall)
        )
        if turn.state.clocks.running is None:
            return {}
        return {
            rule.id: turn.now.steady + turn.to_mark(rule)
            for rule in turn.schedule.rules
            if rule.interval and turn.running(rule) and rule.id not in turn.state.prompts
        }

    @staticmethod
    def _plain(event: Event, ordered: list[Action]) -> bool:
        """Tell whether nothing happened that may move a due time later: no credit, no correction, no gap."""
        special = (
            events.PresenceClaimed
            | events.AbsenceClaimed
            | events.PostureChanged
            | events.CoachStarted
            | events.MachineSlept
            | events.RoutineEnded
            | events.WindowsLost
        )
        told = (actions.RecordOutcome, actions.RecordBreak, actions.RecordBout)
        return not isinstance(event, special) and not any(isinstance(action, told) for action in ordered)

    # --- the checks --------------------------------------------------------------------------------------------------

    def _check_action(self, action: Action, now: Instant) -> None:
        seen = self.seen
        match action:
            case actions.ShowPrompt(prompt):
                assert not seen.locked, "shown on a locked screen"
                assert not self._held, "shown while held"
                assert self._coach is not None
                assert self._coach.state.desk.presence in {Presence.ACTIVE, Presence.IDLE, Presence.UNKNOWN}
                assert self._coach.state.routine is None, "shown in a routine"
                self._check_budget(prompt, now)
                seen.shown.add(prompt.id)
            case actions.WithdrawPrompt(number):
                self._note_withdrawal(number)
            case actions.RecordOutcome(prompt=number, outcome=outcome):
                if outcome is Outcome.SNOOZED:
                    seen.free.add(number)
                    return
                before = seen.outcomes.setdefault(number, [])
                overruled = outcome is Outcome.TAKEN and before in (
                    [Outcome.IGNORED],
                    [Outcome.SKIPPED],
                    [Outcome.SHOWN],
                )
                assert not before or overruled, f"prompt {number}: {before}, then {outcome}"
                before.append(outcome)
            case actions.RecordBout():
                assert action.sat_for >= ZERO
                seen.bouts[action.began_at] = action.sat_for  # the same bout again replaces it
            case actions.RetractBreak():
                for outcomes in seen.outcomes.values():
                    outcomes[:] = [outcome for outcome in outcomes if outcome is not Outcome.SATISFIED]
            case actions.RecordBreak():
                assert action.away_for >= ZERO
                assert action.began_at.astimezone(UTC) <= action.ended_at.astimezone(UTC) or self._clock_was_set()
            case _:
                pass

    def _clock_was_set(self) -> bool:
        return any(isinstance(event, events.ClockJumped) for event, _now, _ordered in self.seen.events)

    def _check_screen(self, event: Event) -> None:
        """Of what is on the screen now: at most one prompt, and none where none may be."""
        assert self._coach is not None
        shown = self.windows.prompt
        stages = [prompt for prompt in self._coach.state.prompts.values() if prompt.stage.value == "shown"]
        assert len(stages) <= 1
        if shown is None:
            return
        assert stages, f"prompt {shown.id} stands, the coach knows nothing of it: {event}"
        assert stages[0].id == shown.id
        assert self.windows.playing is None, "prompt over a routine"
        assert not self.seen.locked, f"prompt on a locked screen: {event}"
        if not isinstance(event, events.CoachStarted) and not self._inbox:
            assert not self._held, f"prompt while held: {event}"

    def _check_wakeup(self, now: Instant) -> None:
        assert self._coach is not None
        ahead = self._coach.next_wakeup - now.steady
        assert ahead > ZERO, "the next wake-up does not lie ahead"
        if self._coach.state.desk.present:
            assert ahead <= MINUTE, f"next wake-up in {ahead} while present"

    # --- the budget --------------------------------------------------------------------------------------------------

    def _check_budget(self, prompt: actions.Prompt, now: Instant) -> None:
        rule = schedule().rule(prompt.rule)
        assert rule is not None
        budget = schedule().budget
        card = prompt.look is not Look.NOTICE
        steady = now.steady + (self._coach.state.steady_shift if self._coach else ZERO)
        counts = rule.interval is not None and prompt.id not in self.seen.free
        if counts:
            recent = [one for one in self.seen.showings if steady - one.at < HOUR and one.counts]
            like = [one for one in self.seen.showings if one.card or not card]
            if card:
                assert sum(one.card for one in recent) < budget.cards_an_hour, "too many cards in an hour"
            else:
                assert len(recent) < budget.prompts_an_hour, "too many prompts in an hour"
            assert not like or steady - like[-1].at >= budget.apart, f"only {steady - like[-1].at} apart"
        self.seen.showings.append(Showing(prompt.id, steady, card, counts))

    def _note_withdrawal(self, number: int) -> None:
        """A showing that ran its time makes the prompt free to return; one that was cut short never was."""
        assert self._coach is not None
        open_prompt = next((one for one in self._coach.state.prompts.values() if one.id == number), None)
        if open_prompt is None:
            return
        if open_prompt.showings:
            self.seen.free.add(number)
        if open_prompt.stage.value == "due" and open_prompt.returns_at is None and number not in self.seen.answered:
            self._uncount(number)

    def _uncount(self, number: int) -> None:
        for place in range(len(self.seen.showings) - 1, -1, -1):
            if self.seen.showings[place].prompt == number:
                del self.seen.showings[place]
                return
