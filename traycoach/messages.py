"""What travels between the daemon and its window process, and over the control channel. No I/O; `wire.py` encodes it.

Each message is a frozen dataclass of plain values (str, int, float, bool, None, timedelta, datetime, enums, tuples and
other dataclasses of these); exercise and pose data travel as plain JSON mappings, exactly as their files hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from traycoach.core.actions import Prompt, TrayState
from traycoach.core.events import Answer
from traycoach.listing import ListedRoutine as ListedRoutine  # noqa: PLC0414 - stays importable from here
from traycoach.listing import PicturesAsked as PicturesAsked  # noqa: PLC0414 - stays importable from here
from traycoach.listing import PreviewAsked as PreviewAsked  # noqa: PLC0414 - stays importable from here
from traycoach.listing import RoutineMarked as RoutineMarked  # noqa: PLC0414 - stays importable from here
from traycoach.listing import RoutinesClosed as RoutinesClosed  # noqa: PLC0414 - stays importable from here
from traycoach.listing import RoutinesView as RoutinesView  # noqa: PLC0414 - stays importable from here
from traycoach.listing import ShowPictures as ShowPictures  # noqa: PLC0414 - stays importable from here
from traycoach.listing import ShowRoutines as ShowRoutines  # noqa: PLC0414 - stays importable from here
from traycoach.listing import UpdateRoutines as UpdateRoutines  # noqa: PLC0414 - stays importable from here
from traycoach.request import PROTOCOL as PROTOCOL  # noqa: PLC0414 - stays importable from here
from traycoach.request import Reply as Reply  # noqa: PLC0414 - stays importable from here
from traycoach.request import Request as Request  # noqa: PLC0414 - stays importable from here

# --- daemon to windows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Appearance:
    """How all windows look. `theme`: "light", "dark", "system". `figure` maps colour roles to "#rrggbb", and `hair`."""

    theme: str = "system"
    high_contrast: bool = False
    reduced_motion: bool = False
    sounds: bool = False
    text_scale: float = 1.0
    figure: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, slots=True)
class SetAppearance:
    """Use this look from now on."""

    appearance: Appearance


@dataclass(frozen=True, slots=True)
class ShowPromptWindow:
    """Show a notice, card or overlay. `thumbnail`: one exercise file's mapping, drawn at its key pose; None for none.

    `poses` is the presets mapping that goes with the thumbnail, as in OpenRoutineWindow.
    `corner`: "bottom-right", "top-right", "bottom-left" or "top-left", next to the tray. `mute_for`: clicks and keys
    do nothing for so long.
    """

    prompt: Prompt
    thumbnail: Mapping[str, Any] | None
    corner: str = "bottom-right"
    mute_for: timedelta = timedelta(seconds=1)
    poses: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WithdrawPromptWindow:
    """Take the prompt with this number from the screen; unknown numbers are fine."""

    prompt: int


@dataclass(frozen=True, slots=True)
class RoutineVariant:
    """An easier or harder exercise that may take a step's place, with its own time and repetitions.

    `side` is that of the step, "none", or "both": the right side in the first half of the time, the left in the second.
    """

    exercise: Mapping[str, Any]
    side: str
    time: timedelta
    reps: int | None = None


@dataclass(frozen=True, slots=True)
class RoutineStep:
    """One step as the window plays it: one exercise, one side.

    `exercise` is the exercise file's mapping (text and motion). `side`: "right", "left" or "none". Either `time` is set
    (a timed step) or `reps` (a counted one; `time` is then what it will take at the exercise's pace). `level` is the
    one to begin with: "standard", "easier" or "harder".
    """

    exercise: Mapping[str, Any]
    side: str
    time: timedelta
    reps: int | None = None
    easier: RoutineVariant | None = None
    harder: RoutineVariant | None = None
    level: str = "standard"


@dataclass(frozen=True, slots=True)
class WindowPlace:
    """Where a window is on the desktop, in the logical pixels of the window process."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class OpenRoutineWindow:
    """Play a routine. `poses` is the presets mapping for `figure.clip.parse_clip`. `facts` are end-card lines
    (label, value): breaks today, longest sit, days in a row. `activation_token`: XDG token, may be empty. `place` is
    where the window was left. `change_now` makes it a lesson: its end card says this one thing to change now and asks
    nothing; RoutineOnScreen and RoutineOver are then marked, RoutineProgress and RoutineFocus do not come.
    """

    routine: str
    title: str
    steps: tuple[RoutineStep, ...]
    poses: Mapping[str, Any]
    facts: tuple[tuple[str, str], ...] = ()
    activation_token: str = ""
    place: WindowPlace | None = None
    change_now: str | None = None

    @property
    def is_lesson(self) -> bool:
        """Whether it has parts to be read in place of steps to be done."""
        return self.change_now is not None


@dataclass(frozen=True, slots=True)
class PauseRoutineWindow:
    """Pause the countdown and show `reason`."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseRoutineWindow:
    """Close the routine window without questions; it answers with RoutineOver."""


@dataclass(frozen=True, slots=True)
class DayPart:
    """A span of the day for the status window's line: `kind` is "sitting", "standing", "away" or "break"."""

    kind: str
    began_s: int
    ended_s: int


@dataclass(frozen=True, slots=True)
class StatusView:
    """What the status window shows. `rows` are (label, value) facts of today; `parts` seconds of the local day."""

    tray: TrayState
    clock_words: str
    next_words: str
    rows: tuple[tuple[str, str], ...]
    parts: tuple[DayPart, ...]
    routines: tuple[tuple[str, str], ...]
    now_s: int


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """Open the status window or bring it to the front."""

    view: StatusView
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class UpdateStatus:
    """New figures for the status window, if it is open."""

    view: StatusView


@dataclass(frozen=True, slots=True)
class ShowPreview:
    """The answer to PreviewAsked. Without steps, the routine cannot be read. `poses` as in OpenRoutineWindow."""

    routine: str
    steps: tuple[RoutineStep, ...]
    poses: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leave:
    """End the window process."""


# --- windows to daemon ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WindowsReady:
    """The process is warm. `protocol` is its PROTOCOL."""

    protocol: int


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Sent every two seconds while an overlay is shown."""


@dataclass(frozen=True, slots=True)
class PromptOnScreen:
    """The prompt has been painted."""

    prompt: int


@dataclass(frozen=True, slots=True)
class PromptReply:
    """The user's answer. `snooze_for` only with SNOOZE; None there is "after my meeting"."""

    prompt: int
    answer: Answer
    snooze_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PromptGone:
    """The prompt's window was closed without an answer."""

    prompt: int


@dataclass(frozen=True, slots=True)
class PauseAsked:
    """“Pause for today” was chosen in the prompt's snooze menu."""

    prompt: int


@dataclass(frozen=True, slots=True)
class RoutineOnScreen:
    """The routine window is painted and plays. `lesson`: what it plays is a lesson."""

    routine: str
    lesson: bool = False


@dataclass(frozen=True, slots=True)
class RoutineProgress:
    """How far the routine is, 0…1, at each step change and every few seconds."""

    fraction: float


@dataclass(frozen=True, slots=True)
class RoutineFocus:
    """The routine window gained or lost the focus."""

    focused: bool


@dataclass(frozen=True, slots=True)
class RoutineOver:
    """The routine window closed. `lesson`: what it played was a lesson, and is no break."""

    routine: str
    done_for: timedelta
    steps_done: int
    steps: int
    effort: int | None = None
    pain: int | None = None
    lesson: bool = False


@dataclass(frozen=True, slots=True)
class DifficultyChosen:
    """The user took an exercise easier or harder: `level` is "easier", "standard" or "harder".

    `exercise` is the id of the standard one.
    """

    exercise: str
    level: str


@dataclass(frozen=True, slots=True)
class WindowPlaced:
    """The user left the routine window at another place or size than it was opened with. Never sent on Wayland."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class StatusAction:
    """A button of the status window: `verb` and words of the command line, ("pause", "30m"), ("now",), ("here",)."""

    verb: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowTrouble:
    """Something failed in a window; `what` is one line for the log (no user text)."""

    what: str


ToWindows = (
    SetAppearance
    | ShowPromptWindow
    | WithdrawPromptWindow
    | OpenRoutineWindow
    | PauseRoutineWindow
    | CloseRoutineWindow
    | ShowStatus
    | UpdateStatus
    | ShowRoutines
    | UpdateRoutines
    | ShowPreview
    | ShowPictures
    | Leave
)
FromWindows = (
    WindowsReady
    | Heartbeat
    | PromptOnScreen
    | PromptReply
    | PromptGone
    | PauseAsked
    | RoutineOnScreen
    | RoutineProgress
    | RoutineFocus
    | RoutineOver
    | DifficultyChosen
    | WindowPlaced
    | StatusAction
    | PreviewAsked
    | PicturesAsked
    | RoutineMarked
    | RoutinesClosed
    | WindowTrouble
)
