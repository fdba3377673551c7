"""What is wrong with a calendar, as sentences for its owner. Nothing of what stands in the calendar is in them."""

from __future__ import annotations

from collections.abc import Iterable

from traycoach.calendars import Fault, Trouble
from traycoach.errors import Problem
from traycoach.text import _


def problems(troubles: Iterable[Trouble]) -> tuple[Problem, ...]:
    """Give each as a problem: the file's short name, line, component and property, and what was expected."""
    return tuple(
        Problem(sentence(trouble.fault), file=trouble.file or None, key=trouble.key, line=trouble.line)
        for trouble in troubles
    )


def sentence(fault: Fault) -> str:
    """Give what was expected, and what becomes of it."""
    match fault:
        case Fault.NOT_FOUND:
            return _("there is no such file or folder; it is watched for")
        case Fault.NOT_READABLE:
            return _("this cannot be read; the coach needs the permission to")
        case Fault.NO_FILES:
            return _("this folder has no calendar (a file whose name ends in .ics) yet; it is watched for one")
        case Fault.NOT_A_FILE:
            return _("a calendar file was expected, this is none")
        case Fault.TOO_LARGE:
            return _("a calendar may have 25 MB at most; this one is not read")
        case Fault.TOO_MANY:
            return _("20,000 files in 300 folders, 8 deep, are the most; the others are not read")
        case Fault.EMPTY:
            return _("a calendar was expected, the file is empty")
        case Fault.NO_CALENDAR:
            return _("a calendar was expected: a file with a line BEGIN:VCALENDAR")
        case Fault.NO_END:
            return _("a line END was expected; what stands before the next component is read")
        case Fault.NO_START:
            return _("a line DTSTART was expected; the event is not read")
        case Fault.BAD_TIME:
            return _("a time like 20250602T090000 was expected; what it stands for is not read")
        case Fault.BAD_LENGTH:
            return _("a length like PT45M was expected; the event is not read")
        case Fault.BAD_RULE:
            return _("a rule like FREQ=WEEKLY;BYDAY=MO was expected; only the meetings without it are read")
        case Fault.BAD_ZONE:
            return _("a whole definition of a time zone was expected; your local time is taken for it")
        case Fault.UNKNOWN_ZONE:
            return _("a time zone that is known, or defined in the file, was expected; your local time is taken for it")
        case Fault.ENDS_BEFORE_START:
            return _("an end after the start was expected; the event is not read")
        case Fault.TOO_OFTEN:
            return _("a rule for meetings was expected, this one comes true all the time; it is not read")
        case Fault.TOOK_TOO_LONG:
            return _("this takes too long to find out; it is not read")
        case Fault.NOT_UNDERSTOOD:
            return _("these times are out of all bounds; the event is not read")
        case Fault.AND_MORE:
            return _("there are more problems than these")
