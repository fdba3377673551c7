"""Is the person at the desk? Input, silence, evidence, and the judging of a return. Pure bookkeeping of instants."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from traycoach.core.instant import MINUTE, SECOND, Instant
from traycoach.core.sitting import Bout
from traycoach.core.transitions import AT_DESK, PRESENCE, Cause, Presence, after

TOUCH_GAP = 3 * SECOND
"""A run of input with no longer gap is one touch."""
TOUCH_SPANS = 3 * SECOND
SECOND_TOUCH_WITHIN = 30 * SECOND
_JITTER = timedelta(milliseconds=60)
"""Input ages come rounded to milliseconds and a little late: a span of 2.95 s is 3 s."""

EVIDENCE_CAPS = {"microphone": timedelta(hours=4), "camera": timedelta(hours=4)}
EVIDENCE_CAP = 45 * MINUTE


class Gone(StrEnum):
    """Why an absence is known at once."""

    LOCKED = "locked"
    ASLEEP = "asleep"
    OTHER_SESSION = "other session"
    TOLD = "told"


class Back(StrEnum):
    """What ended an absence."""

    TOUCH = "touch"
    SECOND_TOUCH = "second touch"
    INPUT_AFTER_ROUTINE = "input after a routine"
    TOLD = "told"
    UNLOCKED = "unlocked"
    NO_SOURCE = "no source"


@dataclass(slots=True)
class Return:
    """The end of the latest absence: by what, and at which instant it counts as over (a touch: when it began)."""

    by: Back
    at: Instant


@dataclass(slots=True)
class Evidence:
    """A sign of presence without input. It counts only if it began while the person was present, be it in the very
    touch that turns out to end an absence.
    """

    began_at: Instant
    counts: bool

    def ends_by(self, kind: str) -> Instant:
        """Give the instant at which it is spent."""
        return self.began_at.after(EVIDENCE_CAPS.get(kind, EVIDENCE_CAP))


@dataclass(slots=True)
class Absence:
    """An absence under way. `answered` is the rule whose prompt it answers; `silent`: nobody told, input just ended.

    `due_rule`: the rule whose prompt stood due and not held in the tray when an absence began that was known at once.
    `credited`: the rules that it satisfied already. `closed_bout`: the bout that it ended.
    `prompted`: a prompt asked for it.
    """

    began_at: Instant
    silent: bool
    answered: str | None = None
    bout_closed: bool = False
    closed_bout: Bout | None = None
    prompted: bool = False
    due_rule: str | None = None
    credited: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Touch:
    """A finished run of input."""

    began_at: Instant
    ended_at: Instant


@dataclass(slots=True)
class Desk:
    """What is known of the person's presence. Methods are told the time; they give what changed, or nothing."""

    presence: Presence
    last_input_at: Instant
    told_idle: bool = False
    """Whether the source has told of the present silence; it will not do so again."""
    gone: list[Gone] = field(default_factory=list)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    evidence_ended_at: Instant | None = None
    absence: Absence | None = None
    touch_began_at: Instant | None = None
    earlier_touch: Touch | None = None
    judged_at: Instant | None = None
    source_lost: str | None = None
    rested_from: Instant | None = None
    returned: Return | None = None

    @property
    def present(self) -> bool:
        """Whether the person counts as at the desk (active or idle)."""
        return self.presence in AT_DESK

    def move(self, cause: Cause) -> None:
        """Follow the table of presence."""
        self.presence = after(PRESENCE, self.presence, cause)

    def evidence_stands(self, now: Instant) -> bool:
        """Tell whether any evidence that counts is present and not spent."""
        return any(sign.counts and now < sign.ends_by(kind) for kind, sign in self.evidence.items())

    def certain_until(self, now: Instant) -> Instant:
        """Give the last instant at which the person was surely here: the last input, or the end of the evidence."""
        latest = self.last_input_at
        if not self.evidence and self.evidence_ended_at is None:
            return latest
        if self.evidence_ended_at is not None and latest < self.evidence_ended_at:
            latest = self.evidence_ended_at
        for kind, sign in self.evidence.items():
            if sign.counts:
                end = min((now, sign.ends_by(kind)), key=lambda at: at.steady)
                latest = max((latest, end), key=lambda at: at.steady)
        return latest

    def evidence_changed(self, kinds: frozenset[str], now: Instant) -> None:
        """Take note of all the signs that are present now."""
        for kind in sorted(set(self.evidence) - kinds):
            sign = self.evidence.pop(kind)
            if sign.counts:
                end = min((now, sign.ends_by(kind)), key=lambda at: at.steady)
                if self.evidence_ended_at is None or self.evidence_ended_at < end:
                    self.evidence_ended_at = end
        here = self.presence not in {Presence.AWAY, Presence.RESTING}
        for kind in sorted(kinds - set(self.evidence)):
            self.evidence[kind] = Evidence(now, counts=here)

    def count_evidence_since(self, back_at: Instant) -> None:
        """Believe the signs that began from then on: the person was back, though nobody knew it yet."""
        for sign in self.evidence.values():
            sign.counts = sign.counts or back_at <= sign.began_at

    def input_at(self, at: Instant) -> None:
        """Take note of an input; an older one than the last known changes nothing.

        A little older is the truer one: what was stamped when its event was handled had happened before.
        """
        if at.steady > self.last_input_at.steady - _JITTER:
            self.last_input_at = at

    def judge_return(self, now: Instant, *, resumed: bool) -> Return | None:
        """While away: give how and when the input seen so far ends the absence; None if it does not.

        `resumed`: this input is the first after a gap. One touch that spans 3 s ends the absence, or a second touch
        within 30 s, back-dated to the first; any other touch is noise.
        """
        if self.judged_at is not None and now - self.judged_at > TOUCH_GAP + SECOND:
            self.touch_began_at = None  # nobody looked: the touch may have ended, or the machine slept in it
        self.judged_at = now
        if self.touch_began_at is not None and now - self.last_input_at >= TOUCH_GAP - _JITTER:
            self.earlier_touch = Touch(self.touch_began_at, self.last_input_at)
            self.touch_began_at = None
        if resumed and self.touch_began_at is None:
            earlier = self.earlier_touch
            if earlier is not None and now - earlier.ended_at <= SECOND_TOUCH_WITHIN:
                return Return(Back.SECOND_TOUCH, earlier.began_at)
            self.touch_began_at = now
        began_at = self.touch_began_at
        if began_at is not None and self.last_input_at - began_at >= TOUCH_SPANS - _JITTER:
            return Return(Back.TOUCH, began_at)
        return None

    def forget_touches(self) -> None:
        """Begin the next judgement from nothing."""
        self.touch_began_at = None
        self.earlier_touch = None
        self.judged_at = None
