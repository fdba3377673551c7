"""What an event changes of what is known, before anything is judged."""

from __future__ import annotations

from datetime import timedelta
from typing import assert_never

from traycoach.core import absences, answers, breaks, edits, events, holds, marks, posture, whereabouts
from traycoach.core.events import Event, Reply
from traycoach.core.presence import Gone
from traycoach.core.transitions import IN_TRAY
from traycoach.core.turn import Turn


def observe(turn: Turn, event: Event) -> None:
    """Note what the event tells of the last input."""
    desk = turn.state.desk
    match event:
        case events.Woke(idle_for=None) | events.CoachStarted(idle_for=None):
            turn.blind = True
            return
        case (
            events.Woke(idle_for=timedelta() as age)
            | events.CoachStarted(idle_for=timedelta() as age)
            | events.IdleBegan(idle_for=age)
            | events.SourceFound(idle_for=age)
        ):
            desk.input_at(turn.now.before(age))
            desk.told_idle = isinstance(event, events.IdleBegan) or (desk.told_idle and isinstance(event, events.Woke))
        case events.InputResumed():
            desk.input_at(turn.now)
            desk.told_idle = False
        case _:
            return
    turn.observed = True


def take_in(turn: Turn, event: Event) -> None:
    """Take note of the event. What follows from it is judged afterwards."""
    state = turn.state
    desk = state.desk
    match event:
        case events.Woke() | events.IdleBegan():
            turn.news = False
            whereabouts.take_input(turn, resumed=False)
        case events.InputResumed():
            turn.news = False
            whereabouts.take_input(turn, resumed=True)
        case events.CoachStarted():
            whereabouts.take_input(turn, resumed=False)
        case events.SourceLost(reason=reason):
            whereabouts.lose_source(turn, reason)
        case events.SourceFound():
            whereabouts.find_source(turn)
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
            pass  # all that follows the wall clock is judged anew
        case events.PostureChanged(posture=told):
            posture.change(turn, told, told=True)
        case events.HoldsChanged(holds=names):
            state.guard_holds = names
        case events.EvidenceChanged(kinds=kinds):
            desk.evidence_changed(kinds, turn.now)
        case events.ScreenShared(sharing=sharing):
            state.sharing = sharing
        case events.MeetingEndKnown(ends_at=ends_at):
            state.meeting_ends_at = ends_at
        case events.MeetingAhead(starts_at=starts_at):
            state.meeting_starts_at = starts_at
        case events.OccurrenceReached(rule=rule_id, scheduled_at=at):
            rule = turn.schedule.rule(rule_id)
            if rule is not None and rule.interval is None:
                marks.occurrence(turn, rule, at)
        case events.SettingsChanged(schedule=schedule):
            edits.change(turn, schedule)
        case events.CatalogueChanged(catalogue=catalogue):
            turn.news = False
            turn.catalogue = catalogue
        case events.HandsUsed(typing_minutes=typing, pointing_minutes=pointing):
            turn.news = False
            state.remembered.hands_used(typing, pointing, turn.now)
        case events.PresenceClaimed():
            absences.claim_presence(turn)
        case events.AbsenceClaimed(away_for=away_for):
            absences.claim_absence(turn, away_for)
        case _:
            _take_in_reply(turn, event)


def _take_in_reply(turn: Turn, event: Reply) -> None:
    state = turn.state
    match event:
        case events.PromptShown(prompt=number):
            shown = state.shown
            turn.news = shown is not None and shown.id == number and shown.shown_at != turn.now
            if shown is not None and shown.id == number:
                shown.shown_at = turn.now
                state.spoken.came_on_screen(number, turn.now)
        case events.PromptAnswered(prompt=number, answer=given, snooze_for=snooze_for):
            prompt = next((one for one in state.prompts.values() if one.id == number), None)
            if prompt is not None and prompt.stage in IN_TRAY:
                answers.answer(turn, prompt, given, snooze_for)
        case events.PromptClosed(prompt=number):
            shown = state.shown
            if shown is not None and shown.id == number:
                marks.put_aside(turn, shown)
        case events.PromptFailed(prompt=number):
            shown = state.shown
            if shown is not None and shown.id == number:
                marks.fail(turn, shown)
        case events.WindowsLost():
            answers.lose_windows(turn)
        case events.Snoozed(snooze_for=snooze_for):
            answers.answer_asked(turn, events.Answer.SNOOZE, snooze_for)
        case events.Skipped():
            answers.answer_asked(turn, events.Answer.SKIP, None)
        case events.Paused(until=until):
            holds.pause(turn, until)
        case events.Resumed():
            holds.resume(turn)
        case events.BreakRequested(routine=routine):
            answers.take_break(turn, routine)
        case events.RoutineFocusChanged(focused=focused):
            turn.news = False
            if state.routine is not None:
                state.routine.focused = focused
                if focused:
                    state.routine.left_at = None
        case events.RoutineProgressed(fraction=fraction):
            turn.news = False
            if state.routine is not None:
                state.routine.progress = fraction
        case events.RoutineEnded():
            breaks.finish(turn, event)
        case events.RoutineStarted():
            turn.news = False
        case _:
            assert_never(event)
