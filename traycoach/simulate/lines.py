"""The lines of a day script -> input spans and steps. The language is described in docs/day-scripts.md.

Times on the lines are those of a wristwatch that nobody sets: the local time of the script's start plus steady time,
whatever happens to the computer's clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import TypeVar
from zoneinfo import ZoneInfo

from traycoach.core import events
from traycoach.core.instant import SECOND, ZERO
from traycoach.errors import Problem
from traycoach.simulate import steps as deeds
from traycoach.simulate.hands import Hands, Span
from traycoach.simulate.language import FORMS, OPEN, SIGNS, TIME, WEEKDAYS, parse_span
from traycoach.simulate.phrases import FIXED, reply, tray_deed
from traycoach.simulate.steps import Manner, RoutineDeed, Step
from traycoach.text import _

T = TypeVar("T")


class _Bad(Exception):  # noqa: N818 - never leaves this module
    """The rest of the line cannot be read; the form says how it should be."""


@dataclass(slots=True)
class Day:
    """What the lines of a script come to. `names` are the settings edits that the lines may name."""

    began_at: datetime
    edit_names: frozenset[str] = frozenset()
    hands: Hands = field(default_factory=Hands)
    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    end: timedelta = ZERO
    ended: bool = False
    at: timedelta = ZERO
    line: int = 0

    def read(self, text: str, first_line: int, file: str) -> None:
        """Read all lines of `text`; what is wrong is collected in `problems`."""
        for number, raw in enumerate(text.splitlines(), first_line):
            line = raw.split("#", 1)[0].strip()
            if line:
                self.line = number
                try:
                    self._read_line(line)
                except _Bad as bad:
                    self.problems.append(Problem(str(bad), file=file, line=number))
        self.steps.sort(key=lambda step: step.at)
        if not self.ended:
            told = self.hands.end if self.hands.end < OPEN else ZERO
            self.end = max([told, self.at, *(step.at for step in self.steps)])

    def _read_line(self, line: str) -> None:
        match = TIME.match(line)
        if match is None:
            raise _Bad(_("A line begins with a time, such as “09:30”, “09:30:15”, “tue 09:30” or “+5m”."))
        self._move_to(match)
        verb, *words = line[match.end() :].split() or [""]
        if verb == "when":
            self._habit(line[match.end() :].split("when", 1)[1])
            return
        if verb not in FORMS:
            close = get_close_matches(verb, FORMS, 1)
            known = FORMS[close[0]] if close else ", ".join(FORMS)
            raise _Bad(_("“{verb}” is not known here. Expected: {known}.").format(verb=verb, known=known))
        try:
            self._deed(verb, words)
        except _Bad:
            raise _Bad(_("“{line}” cannot be read. Expected: {form}.").format(line=line, form=FORMS[verb])) from None

    def _move_to(self, match: re.Match[str]) -> None:
        """Move the script's time to that of the line."""
        if match["plus"] is not None:
            span = parse_span(match["plus"])
            if span is None:
                raise _Bad(_("“+{span}” is no length of time; write “+5m” or “+1h30m”.").format(span=match["plus"]))
            self.at += span
            return
        at = self._time(match["day"], int(match["h"]), int(match["m"]), int(match["s"] or 0))
        if at < self.at:
            raise _Bad(_("The time goes back; for another day write the weekday before it, such as “tue 09:00”."))
        self.at = at

    def _time(self, day: str | None, hour: int, minute: int, second: int) -> timedelta:
        watch = self.began_at.replace(tzinfo=None) + self.at
        try:
            wanted = watch.replace(hour=hour, minute=minute, second=second, microsecond=0)
            if day in WEEKDAYS:
                wanted += timedelta(days=(WEEKDAYS.index(day) - wanted.weekday()) % 7)
                if wanted < watch:
                    wanted += timedelta(days=7)
            elif day is not None:
                wanted = datetime.combine(datetime.fromisoformat(day), wanted.time())
        except ValueError as error:
            raise _Bad(_("This is no time of day; expected 00:00 to 23:59:59.")) from error
        return wanted - self.began_at.replace(tzinfo=None)

    def _until(self, words: list[str]) -> timedelta | None:
        """Read "5m" or "until 09:30" off the front of `words`; None if there is neither."""
        if not words:
            return None
        if words[0] == "until" and len(words) > 1 and (match := TIME.fullmatch(words[1])) and not match["plus"]:
            del words[:2]
            at = self._time(None, int(match["h"]), int(match["m"]), int(match["s"] or 0))
            return at if at > self.at else at + timedelta(days=1)
        span = parse_span(words[0])
        if span is None:
            return None
        del words[0]
        return self.at + span

    def _deed(self, verb: str, words: list[str]) -> None:
        if verb in SIGNS and words[:1] not in (["until"], ["at"]):
            self._do(deeds.Sign(verb, _one(words, {"on": True, "off": False})))
            return
        match verb:
            case "typing" | "working" | "bump":
                self._input(verb, words)
            case "reads" | "leaves":
                self._rest(words)
            case "lock":
                until = self._rest(words)
                self._do(deeds.Post(events.SessionLocked()))
                if until is not None:
                    self._do(deeds.Post(events.SessionUnlocked()), until)
            case "sleep" | "frozen" | "restart" | "reboot" | "killed" | "started":
                self._process(verb, words)
            case "clock":
                sign = {"+": 1, "-": -1}.get(words[0][:1] if words else "")
                if sign is None:
                    raise _Bad
                self._do(deeds.SetClock(sign * _span([words[0][1:]])))
            case "zone":
                try:
                    self._do(deeds.SetZone(ZoneInfo(_word(words)).key))
                except (KeyError, ValueError) as error:
                    raise _Bad from error
            case "meeting":
                deed = deeds.MeetingAt if words[0] == "at" else deeds.MeetingUntil
                at = self._until(["until", *words[1:]])
                if at is None or len(words) != 2:
                    raise _Bad
                self._do(deed(at))
            case "answers":
                self._do(reply(words) or _raise())
            case "routine":
                self._do(deeds.InRoutine(_one(words, {deed.value: deed for deed in RoutineDeed})))
            case "source":
                self._do(deeds.Source(_one(words, {"lost": False, "found": True})))
            case "settings":
                self._do(deeds.Edit(_one(words, {name: name for name in self.edit_names})))
            case "tray":
                self._do(tray_deed(words) or _raise())
            case "end" if not words:
                self.end = self.at
                self.ended = True
            case _:
                self._do(FIXED[(verb, *words)]() if (verb, *words) in FIXED else _raise())

    def _do(self, deed: deeds.Deed, at: timedelta | None = None) -> None:
        self.steps.append(Step(self.at if at is None else at, self.line, deed))

    def _input(self, verb: str, words: list[str]) -> None:
        if verb == "bump":
            if words:
                raise _Bad
            self.hands.press(self.at)
            return
        until = self._until(words)
        on, off = (15 * SECOND, 5 * SECOND) if verb == "working" else (ZERO, ZERO)
        if verb == "working" and words:
            match words:
                case ["lulls", lull, "every", every]:
                    off = _span([lull])
                    on = _span([every]) - off
                    if on < ZERO:
                        raise _Bad
                    words.clear()
                case _:
                    raise _Bad
        if words:
            raise _Bad
        self.hands.add(Span(self.at, OPEN if until is None else until, on, off))

    def _rest(self, words: list[str]) -> timedelta | None:
        """Take the hands off for the length in `words`, or until input is written again."""
        until = self._until(words)
        if words:
            raise _Bad
        if until is None:
            self.hands.lift(self.at)
        else:
            self.hands.rest(self.at, until)
        return until

    def _process(self, verb: str, words: list[str]) -> None:
        match verb, words:
            case "sleep", [span, *rest] if rest in ([], ["unsignalled"]):
                self._rest([span])
                self._do(deeds.Sleep(_span([span]), signalled=not rest))
            case "frozen", [span]:
                self._do(deeds.Freeze(_span([span])))
            case "restart", _:
                lasts = _span(words) if words else SECOND
                self._do(deeds.Kill())
                self._do(deeds.Start(), self.at + lasts)
            case "reboot", [span]:
                self._rest([span])
                self._do(deeds.Kill(off=True))
                self._do(deeds.Start(reboot=True), self.at + _span([span]))
            case "killed", []:
                self._do(deeds.Kill())
            case "started", []:
                self._do(deeds.Start())
            case _:
                raise _Bad

    def _habit(self, text: str) -> None:
        target, colon, rest = text.partition(":")
        words = rest.split()
        manner = words.pop(0) if words else ""
        spans = {"after": ZERO, "for": ZERO}
        if manner == "snooze" and words:
            words.insert(0, "for")
        while len(words) >= 2 and words[0] in spans:
            spans[words[0]] = _habit_span(words[1])
            del words[:2]
        if not colon or words or manner not in set(Manner) or not target.strip():
            raise _Bad(
                _("“when{line}” cannot be read. Expected: {form}.").format(line=text.rstrip(), form=FORMS["when"])
            )
        self._do(deeds.Habit(target.strip(), Manner(manner), spans["after"], spans["for"]))


def _raise() -> deeds.Deed:
    raise _Bad


def _span(words: list[str]) -> timedelta:
    span = parse_span(words[0]) if len(words) == 1 else None
    if span is None:
        raise _Bad
    return span


def _habit_span(word: str) -> timedelta:
    span = parse_span(word)
    if span is None:
        raise _Bad(_("“{word}” is no length of time; write “5s” or “1h30m”.").format(word=word))
    return span


def _word(words: list[str]) -> str:
    if len(words) != 1:
        raise _Bad
    return words[0]


def _one(words: list[str], choices: dict[str, T]) -> T:
    word = _word(words)
    if word not in choices:
        raise _Bad
    return choices[word]
