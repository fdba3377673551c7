"""A pynput listener: the source of last resort, and the counts of keys and clicks for those who want them.

It sees every event one by one, which costs a wake-up each; therefore nothing imports pynput before a hook is really
started. It never suppresses an event and never looks at which key it was: the callbacks take no arguments, and `Touch`
has no field for one.
"""

from __future__ import annotations

import importlib.util
import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from enum import Enum, auto
from typing import Protocol

from traycoach import clock as clocks
from traycoach.activity.base import Post
from traycoach.activity.polling import PolledSource
from traycoach.clock import Clock
from traycoach.core.events import SourceLost
from traycoach.core.instant import ZERO
from traycoach.errors import Unavailable
from traycoach.text import _

_log = logging.getLogger(__name__)


class Touch(Enum):
    """What kind of input came. There is nothing else to know."""

    KEY = auto()
    CLICK = auto()
    MOTION = auto()


class _Listener(Protocol):
    """What is used of pynput's listeners: run here and now until the end, and end."""

    def run(self) -> None: ...

    def stop(self) -> None: ...


class InputHook:
    """Two listeners, keyboard and pointer, each in a thread of its own that ends with the mechanism or with `stop`."""

    def __init__(self, touched: Callable[[Touch], None], lost: Callable[[str], None]) -> None:
        """`touched` is called for every event; `lost` once, with the reason, if the mechanism goes. By any thread."""
        self._touched = touched
        self._lost = lost
        self._lock = threading.Lock()
        self._listeners: list[_Listener] = []
        self._over = False

    def start(self) -> None:
        """Begin to listen, soon: the import happens in the listening threads."""
        for listen in (self._keyboard, self._pointer):
            threading.Thread(target=self._run, args=(listen,), name="input-hook", daemon=True).start()

    def stop(self) -> None:
        """Tell nothing more. The threads end with their next event: pynput offers no way to wake them."""
        with self._lock:
            self._over = True
            listeners, self._listeners = self._listeners, []
        for listener in listeners:
            # a listener that is not ready yet would be waited for; it finds `_over` set and lets go
            if getattr(listener, "_ready", True):
                try:
                    listener.stop()
                except Exception:  # of a listener whose server is gone
                    _log.debug("an input hook could not be stopped", exc_info=True)

    def _keyboard(self) -> _Listener:
        from pynput import keyboard

        listener: _Listener = keyboard.Listener(on_press=lambda *_: self._tell(Touch.KEY), suppress=False)
        return listener

    def _pointer(self) -> _Listener:
        from pynput import mouse

        listener: _Listener = mouse.Listener(
            on_move=lambda *_: self._tell(Touch.MOTION),
            on_scroll=lambda *_: self._tell(Touch.MOTION),
            on_click=lambda *event: self._tell(Touch.CLICK if event[3] else Touch.MOTION),
            suppress=False,
        )
        return listener

    def _tell(self, touch: Touch) -> bool:
        if not self._over:
            self._touched(touch)
        return not self._over  # False ends a listener of pynput

    def _run(self, make: Callable[[], _Listener]) -> None:
        reason = _("The input hook ended.")
        try:
            listener = make()
            with self._lock:
                if self._over:
                    return
                self._listeners.append(listener)
            listener.run()
        except Exception as error:  # pynput raises whatever its backend raises, the import included
            reason = _("The input hook ended ({error}).").format(error=type(error).__name__)
            _log.info("the input hook ended", exc_info=True)
        with self._lock:
            first = not self._over
        if first:
            self.stop()
            self._lost(reason)


class HookSource:
    """The age of the last input, kept by hand. `allowed` raises Unavailable where hooks are blind (Wayland)."""

    name = "input hook"

    def __init__(self, allowed: Callable[[], object], clock: Clock = clocks.system) -> None:
        self._allowed = allowed
        self._clock = clock
        self._touched_at = ZERO
        self._gone: str | None = None
        self._hook: InputHook | None = None
        self._polled = PolledSource(self.name, self._age, clock=clock, nudged=True)

    def probe(self) -> None:
        """See `Source`. The library is only looked for, not imported."""
        if importlib.util.find_spec("pynput") is None:
            raise Unavailable(_("The library pynput is not installed."))
        self._allowed()

    def start(self, post: Post) -> None:
        """See `Source`. Before the first event the age counts from here."""
        self.probe()
        self._touched_at = self._awake_for()
        self._polled.start(post)

        def lost(reason: str) -> None:
            self._gone = reason
            if self._polled.running:
                self._polled.stop()
                post(SourceLost(reason))

        self._hook = InputHook(lambda _: self._touch(), lost)
        self._hook.start()

    def watch(self, after: timedelta) -> None:
        """See `Source`."""
        self._polled.watch(after)

    def idle_for(self) -> timedelta:
        """See `Source`."""
        return self._polled.idle_for()

    def stop(self) -> None:
        """See `Source`."""
        if self._hook is not None:
            self._hook.stop()
            self._hook = None
        self._polled.stop()

    def _touch(self) -> None:
        self._touched_at = self._awake_for()
        if self._polled.idle:
            self._polled.nudge()

    def _age(self) -> timedelta:
        if self._gone is not None:
            raise Unavailable(self._gone)
        return max(ZERO, self._awake_for() - self._touched_at)

    def _awake_for(self) -> timedelta:
        return self._clock.now().steady - self._clock.suspended_for()
