"""What happened on a day, one line a visible happening: as text for people and as data for `--json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from traycoach.core.actions import (
    OpenRoutine,
    Prompt,
    RecordBout,
    RecordBreak,
    RecordOutcome,
    RecordRoutine,
    Tell,
    UpdateTray,
)
from traycoach.wire import to_data

KINDS = ("withdrawn", "outcome", "bout", "break", "routine", "prompt", "tray", "told", "why", "script")
"""All kinds of lines, in the order in which those of one moment are listed. `why` stands where a script asks, `script`
where a line of the script came to nothing."""

DEFAULT_KINDS = frozenset(KINDS) - {"tray"}


def span_words(span: timedelta) -> str:
    """Give a length as scripts write it: "1h 30m", "3m 20s", "0s". Parts of a second are left out."""
    seconds = int(span.total_seconds())
    parts = ((seconds // 3600, "h"), (seconds % 3600 // 60, "m"), (seconds % 60, "s"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0s"


@dataclass(frozen=True, slots=True)
class Entry:
    """One happening. `at` is the time since the script began; `watch` the time on a wristwatch that nobody sets.

    `what` happened: an action, a prompt, or plain data.
    """

    at: timedelta
    watch: datetime
    wall: datetime
    kind: str
    words: str
    what: object = field(default_factory=dict)

    @property
    def data(self) -> Mapping[str, Any]:
        """What happened, as plain data; made when it is asked for, since few ask."""
        data: Mapping[str, Any] = self.what if isinstance(self.what, Mapping) else to_data(self.what)
        return data

    def line(self) -> str:
        """Give the line of the timeline. The computer's own time stands in brackets where it differs."""
        clock = self.watch.strftime("%H:%M:%S")
        own = self.wall.strftime("%H:%M:%S")
        return f"{clock}{'' if clock == own else f' ({own})'}  {self.kind:<9}  {self.words}"


@dataclass(slots=True)
class Timeline:
    """The happenings in order. `shows` are the kinds of lines that the text contains."""

    shows: frozenset[str] = DEFAULT_KINDS
    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Append one happening."""
        self.entries.append(entry)

    def lines(self) -> Iterator[str]:
        """Give the text line by line; a line with the date stands before each day but the first."""
        day = None
        for entry in self._in_order():
            if entry.kind not in self.shows:
                continue
            if day is not None and entry.watch.date() != day:
                yield f"-- {entry.watch:%a %Y-%m-%d}".lower()
            day = entry.watch.date()
            yield entry.line()

    def text(self) -> str:
        """Give the whole text, each line ended."""
        return "".join(f"{line}\n" for line in self.lines())

    def data(self) -> list[dict[str, Any]]:
        """Give everything for `--json`, whatever the text shows."""
        return [
            {"at": entry.wall.isoformat(), "since_start": entry.at.total_seconds(), "kind": entry.kind}
            | {"words": entry.words, **entry.data}
            for entry in self._in_order()
        ]

    def _in_order(self) -> list[Entry]:
        return sorted(self.entries, key=lambda entry: (entry.at, KINDS.index(entry.kind)))


def first_difference(expected: Iterable[str], got: Iterable[str]) -> tuple[int, str | None, str | None] | None:
    """Compare two timelines; give the first line (from 1) that differs, as expected and as it came; None if none does.

    Empty lines and lines that begin with `#` do not count. An expected line that ends with `…` fits whatever begins so.
    """
    wanted = [line.rstrip() for line in expected if line.strip() and not line.lstrip().startswith("#")]
    came = [line.rstrip() for line in got]
    for number in range(max(len(wanted), len(came))):
        want = wanted[number] if number < len(wanted) else None
        have = came[number] if number < len(came) else None
        if want is not None and have is not None and want.endswith("…") and have.startswith(want[:-1].rstrip()):
            continue
        if want != have:
            return number + 1, want, have
    return None


def prompt_words(prompt: Prompt) -> str:
    """Say which prompt is shown: "stand card, sat 30m"."""
    return f"{prompt.rule} {prompt.look.value}, sat {span_words(prompt.sat_for)}"


def outcome_words(record: RecordOutcome) -> str:
    """Say how a prompt ended: "stand missed: microphone"."""
    return f"{record.rule} {record.outcome.value.replace('_', ' ')}" + (f": {record.reason}" if record.reason else "")


def bout_words(record: RecordBout) -> str:
    """Say how long a bout was: "sitting 30m, 09:00:00 to 09:30:00"."""
    return (
        f"{record.posture.value} {span_words(record.sat_for)}, {record.began_at:%H:%M:%S} to {record.ended_at:%H:%M:%S}"
    )


def break_words(record: RecordBreak) -> str:
    """Say how long a break was and which rules it reset, in the order of their names."""
    prompted = ", prompted" if record.prompted else ""
    reset = ", resets " + " ".join(sorted(record.reset_rules)) if record.reset_rules else ""
    return f"{span_words(record.away_for)} from {record.began_at:%H:%M:%S}{prompted}{reset}"


def routine_words(record: RecordRoutine) -> str:
    """Say how a routine ended: "hips ended, 2m, 4 of 4 steps, for stand"."""
    rule = f", for {record.rule}" if record.rule else ""
    return f"{record.routine} ended, {span_words(record.done_for)}, {record.steps_done} of {record.steps} steps{rule}"


def opened_words(action: OpenRoutine) -> str:
    """Say which routine opens: "hips opens"."""
    return f"{action.routine} opens"


def tray_words(action: UpdateTray) -> str:
    """Say what the icon shows: the kind, and for a posture nothing more (the ring's progress is in the data)."""
    return action.kind.value + (", down" if action.down else "")


def told_words(action: Tell) -> str:
    """Say what the user is told."""
    return action.title
