"""Why does the coach speak, or keep quiet? One plain sentence for every moment, and the state of the tray."""

from __future__ import annotations

from datetime import timedelta

from traycoach.core.absences import due_in_tray
from traycoach.core.actions import TrayKind, TrayState, UpdateTray
from traycoach.core.answers import asked
from traycoach.core.asking import snooze_choices
from traycoach.core.due import OpenPrompt
from traycoach.core.holds import flickers, longest
from traycoach.core.instant import ZERO
from traycoach.core.presence import Gone
from traycoach.core.rules import Medium, Posture, Rule
from traycoach.core.transitions import Presence, Stage
from traycoach.core.turn import Turn
from traycoach.core.words import hold, holds, left, minutes, span
from traycoach.text import _, ngettext

NEARLY = 0.8


def kind(turn: Turn) -> TrayKind:
    """Give the tray's state by its order of precedence: what matters most to the person now."""
    state = turn.state
    if state.routine is not None:
        return TrayKind.ROUTINE
    if state.pause is not None or "quiet hours" in state.holds:
        return TrayKind.PAUSED
    if state.desk.presence is Presence.UNKNOWN:
        return TrayKind.UNKNOWN
    if state.prompts:
        due = due_in_tray(turn)
        if due is not None and turn.running(turn.rule_of(due)):
            return TrayKind.HELD if _is_held(turn) else TrayKind.DUE
        if any(prompt.stage is Stage.SNOOZED for prompt in state.prompts.values()):
            return TrayKind.SNOOZED
    if state.desk.absence is not None:
        return TrayKind.AWAY
    return TrayKind.STANDING if state.posture is Posture.STANDING else TrayKind.SITTING


def _is_held(turn: Turn) -> bool:
    """Tell whether the tray shows a hold rather than the due prompt, which it does not for ever."""
    return longest(turn) is None if turn.state.holds else flickers(turn)


def next_card(turn: Turn) -> Rule | None:
    """Give the card rule that comes next on the clocks that run; None if there is none."""
    coming = [rule for rule in turn.schedule.intervals if rule.is_card and turn.running(rule)]
    return min(coming, key=turn.to_mark, default=None)


def shape(turn: Turn) -> UpdateTray:
    """Give the shape of the icon."""
    return UpdateTray(kind(turn), turn.state.posture is Posture.STANDING)


def tray(turn: Turn) -> TrayState:
    """Give all that the tray shows now."""
    state = turn.state
    what = kind(turn)
    rule = next_card(turn)
    value, limit = (ZERO, ZERO) if rule is None else (turn.value(rule), turn.value(rule) + turn.to_mark(rule))
    progress = min(1.0, max(0.0, value / limit)) if limit else 0.0
    if state.routine is not None:
        progress = min(1.0, max(0.0, state.routine.progress))
    due = asked(turn)
    rule_due = turn.rule_of(due) if due is not None else None
    choices = snooze_choices(turn, due, rule_due) if due is not None and rule_due is not None else ()
    correction = state.correction
    return TrayState(
        kind=what,
        words=_words(turn, what, value, limit),
        why=why(turn),
        today=_today(turn),
        progress=round(progress, 2),
        down=state.posture is Posture.STANDING,
        nearly=what is TrayKind.SITTING and progress >= NEARLY,
        posture=state.posture,
        can_snooze=bool(choices),
        can_skip=due is not None,
        snooze_choices=rule_due.snooze if choices and rule_due is not None else (),
        paused=state.pause is not None,
        can_claim_presence=correction is not None and turn.now <= correction.offered_until,
        routine_running=state.routine is not None,
    )


def _words(turn: Turn, what: TrayKind, value: timedelta, limit: timedelta) -> str:
    if what in {TrayKind.SITTING, TrayKind.STANDING}:
        sitting = what is TrayKind.SITTING
        text = _("sitting {now} of {limit} min") if sitting else _("standing {now} of {limit} min")
        if not limit:
            text = _("sitting {now} min") if sitting else _("standing {now} min")
            value = turn.bout_lasted()
        return text.format(now=minutes(value), limit=minutes(limit))
    if what is TrayKind.DUE:
        return _("break due")
    if what is TrayKind.HELD:
        return _("break due, waiting: {holds}").format(holds=holds(turn.state.holds))
    if what is TrayKind.ROUTINE:
        return _("routine running")
    if what is TrayKind.PAUSED:
        return _("paused") if turn.state.pause is not None else _("quiet hours")
    if what is TrayKind.SNOOZED:
        return _snoozed(turn).rstrip(".").lower()
    return _("away") if what is TrayKind.AWAY else _("presence unknown")


def _today(turn: Turn) -> str:
    today = turn.state.today
    longest = max(today.longest, turn.bout_lasted() if turn.state.posture is Posture.SITTING else ZERO)
    text = ngettext(
        "Today: sat {sat}, longest {longest}, {breaks} break",
        "Today: sat {sat}, longest {longest}, {breaks} breaks",
        today.breaks,
    )
    sat = span(turn.total_of(Medium.SITTING) - today.sat_before)
    return text.format(sat=sat, longest=span(longest), breaks=today.breaks)


def why(turn: Turn) -> str:
    """Give the one sentence that explains the present prompt or silence."""
    state = turn.state
    if state.routine is not None:
        return _("A routine is open; the clocks stand still.")
    due = asked(turn)
    if due is not None and due.stage is Stage.SHOWN and due.shown_at is not None:
        return _("Asked {span} ago, after {sat} at the desk.").format(
            span=span(turn.now - due.shown_at), sat=span(turn.bout_lasted())
        )
    if due is not None and not state.desk.absence:
        return _("Due for {span}, waiting: {reason}.").format(
            span=span(turn.now - due.due_at), reason=_why_waiting(turn, due)
        )
    if state.holds & {"pause", "quiet hours"}:
        return _quiet(turn)
    if state.desk.presence is Presence.UNKNOWN:
        return _("I cannot see keyboard or mouse: {reason} Prompts follow the plain clock.").format(
            reason=state.desk.source_lost or ""
        )
    if state.desk.absence is not None:
        return _away(turn)
    if any(prompt.stage is Stage.SNOOZED for prompt in state.prompts.values()):
        return _snoozed(turn)
    return _at_desk(turn)


def _at_desk(turn: Turn) -> str:
    rule = next_card(turn)
    sitting = turn.state.posture is Posture.SITTING
    lasted = span(turn.bout_lasted())
    now = _("Sitting for {span}.") if sitting else _("Standing for {span}.")
    if rule is None:
        return now.format(span=lasted)
    text = _("Sitting for {span}; the next prompt is due in {left}.")
    if not sitting:
        text = _("Standing for {span}; the next prompt is due in {left}.")
    return text.format(span=lasted, left=left(turn.to_mark(rule)))


def _why_waiting(turn: Turn, prompt: OpenPrompt) -> str:
    state = turn.state
    rule = turn.rule_of(prompt)
    if state.holds:
        long = longest(turn)
        if long is None:
            return holds(state.holds)
        text = _("{reason}, for {span} now. It is only marked here, and a click takes it")
        return text.format(reason=hold(long[0]), span=span(turn.now - long[1]))
    if not turn.running(rule):
        return _("it belongs to the other posture")
    if prompt.returns_at is not None and turn.now < prompt.returns_at:
        return _("you left it unanswered; it returns in {span}").format(span=left(prompt.returns_at - turn.now))
    kept = state.spoken.kept_for(turn.schedule.budget, turn.now, card=rule.is_card)
    if kept > ZERO and not prompt.freely and rule.interval is not None:
        return _("enough was said lately; {span} more").format(span=left(kept))
    if state.settling.input_after is not None or state.settling.settled_at is not None:
        return _("you are just settling in")
    # while somebody types on, the last known input may be old: `typing_since` is forgotten as soon as they stop
    return _("a short lull") if prompt.typing_since is not None else _("your next key or mouse move")


def _quiet(turn: Turn) -> str:
    pause = turn.state.pause
    if pause is None:
        return _("No prompts: {reason}.").format(reason=hold("quiet hours"))
    until = pause.ends_on_wall
    if until is None and pause.ends_at is not None:
        until = turn.now.after(pause.ends_at - turn.now).wall
    if until is None:
        return _("Paused until you resume.")
    return _("Paused until {time}.").format(time=until.strftime("%H:%M"))


def _away(turn: Turn) -> str:
    desk = turn.state.desk
    absence = desk.absence
    length = span(turn.now - absence.began_at) if absence is not None else ""
    if Gone.LOCKED in desk.gone:
        return _("The screen has been locked for {span}.").format(span=length)
    if absence is not None and absence.answered is not None:
        return _("On a break for {span}.").format(span=length)
    return _("Away for {span}.").format(span=length)


def _snoozed(turn: Turn) -> str:
    until = [p.snoozed_until for p in turn.state.prompts.values() if p.stage is Stage.SNOOZED and p.snoozed_until]
    if not until:
        return _("Snoozed until your meeting ends.")
    first = min(until, key=lambda at: at.steady)
    return _("Snoozed until {time}.").format(time=turn.now.after(first - turn.now).wall.strftime("%H:%M"))
