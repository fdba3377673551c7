"""What the user is told outside of windows: a sentence, now and then, as a notification; its title goes to the log."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from traycoach.core.actions import Tell
from traycoach.errors import Problem
from traycoach.notify import Notifications
from traycoach.text import _

MOST_PROBLEMS_TOLD = 5

_log = logging.getLogger(__name__)


class Voice:
    """Tells one thing at a time. From any thread, at once; nothing is heard before the notifications are started."""

    def __init__(self, notices: Notifications) -> None:
        self._notices = notices

    def tell(self, what: Tell) -> Callable[[], None]:
        """Tell one thing; the result takes it back."""
        _log.info("told: %s", what.title)
        return self._notices.tell(what)

    def say(self, sentence: str, title: str = "traycoach") -> None:
        """Tell a sentence."""
        self.tell(Tell(title, sentence))

    def settings_problems(self, problems: Sequence[Problem]) -> None:
        """Tell why an edit of the settings was not taken over."""
        for problem in problems:
            _log.warning("settings: %s", problem)
        self.say(_first(problems), _("Your settings were not taken over"))

    def calendar_problems(self, problems: Sequence[Problem]) -> None:
        """Tell what is wrong with the user's calendars. Names of their files are not for the log."""
        self.say(_first(problems), _("A calendar could not be read to the end"))


def _first(problems: Sequence[Problem]) -> str:
    return "\n".join(str(problem) for problem in problems[:MOST_PROBLEMS_TOLD])
