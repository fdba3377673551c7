"""What the user did with a prompt, by its buttons, the tray or the command line."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.absences import due_in_tray, leave, take
from traycoach.core.actions import Outcome
from traycoach.core.asking import MEETING_UNKNOWN
from traycoach.core.breaks import begin, greatest_fitting, lose, offer
from traycoach.core.due import OpenPrompt
from traycoach.core.events import Answer
from traycoach.core.instant import ZERO, wall_between
from traycoach.core.marks import MEETINGS
from traycoach.core.outcomes import end, record, withdraw
from traycoach.core.presence import Gone
from traycoach.core.transitions import Cause, Stage, Step
from traycoach.core.turn import Turn


def answer(turn: Turn, prompt: OpenPrompt, given: Answer, snooze_for: timedelta | None) -> None:
    """Do what the user chose. Start without a routine to show is getting up; in a routine it has been answered."""
    if given is Answer.START and turn.state.routine is not None:
        return
    if given is Answer.START and turn.routine(prompt.routine) is None:
        prompt.routine = offer(turn, turn.rule_of(prompt))
    if given is Answer.START and prompt.routine is not None:
        begin(turn, prompt.routine, prompt)
    elif given is Answer.SNOOZE:
        _snooze(turn, prompt, snooze_for)
    elif given is Answer.SKIP:
        end(turn, prompt, Outcome.SKIPPED, refused=True)
    else:
        get_up(turn, prompt)


def get_up(turn: Turn, prompt: OpenPrompt) -> None:
    """“I’m getting up”: the same effect as getting up without a word, at once."""
    desk = turn.state.desk
    if desk.absence is None:
        desk.gone = [*desk.gone, Gone.TOLD]
        desk.move(Cause.LEFT)
        leave(turn, turn.now, silent=False)
    take(turn, prompt)


def _snooze(turn: Turn, prompt: OpenPrompt, snooze_for: timedelta | None) -> None:
    rule = turn.rule_of(prompt)
    if prompt.snoozes >= rule.max_snoozes:
        return
    if prompt.stage is Stage.SHOWN:
        withdraw(turn, prompt, counts=True)
    record(turn, prompt, Outcome.SNOOZED)
    prompt.move(Step.SNOOZE)
    prompt.snoozes += 1
    prompt.showings = 0
    prompt.freely = True
    prompt.returns_at = None
    prompt.after_meeting = False
    meeting_ends = turn.state.meeting_ends_at
    if snooze_for is not None:
        prompt.snoozed_until = turn.now.after(snooze_for)
    elif meeting_ends is not None and wall_between(turn.now.wall, meeting_ends) > ZERO:
        prompt.snoozed_until = turn.now.after(wall_between(turn.now.wall, meeting_ends))
    elif MEETINGS & turn.state.guard_holds:
        prompt.snoozed_until, prompt.after_meeting = None, True
    else:
        prompt.snoozed_until = turn.now.after(MEETING_UNKNOWN)


def asked(turn: Turn) -> OpenPrompt | None:
    """Give the prompt that a tray verb means: the one on the screen, else the greatest that is due."""
    return turn.state.shown or due_in_tray(turn)


def answer_asked(turn: Turn, given: Answer, snooze_for: timedelta | None) -> None:
    """Answer, from the tray or the command line, whatever prompt is meant; nothing if none is due."""
    prompt = asked(turn)
    if prompt is not None:
        answer(turn, prompt, given, snooze_for)


def take_break(turn: Turn, routine: str | None) -> None:
    """The user asks for a break: the due one, this routine, or else what the next card would offer."""
    state = turn.state
    if state.routine is not None:
        return
    prompt = asked(turn)
    if routine is None and prompt is not None:
        answer(turn, prompt, Answer.START, None)
        return
    if routine is None:
        cards = [rule for rule in turn.schedule.intervals if rule.is_card and turn.running(rule)]
        routine = (offer(turn, min(cards, key=turn.to_mark)) if cards else None) or offer(turn, None)
    if routine is None or turn.routine(routine) is None:
        return
    rule = greatest_fitting(turn, routine)
    begin(turn, routine, state.prompts.get(rule.id) if rule is not None else None)


def lose_windows(turn: Turn) -> None:
    """The window process died: the prompt is due again, an overlay as a card; a routine ends without credit."""
    shown = turn.state.shown
    if shown is not None:
        withdraw(turn, shown, counts=False)
        shown.freely = True
        shown.as_card = True
    if turn.state.routine is not None:
        lose(turn)
