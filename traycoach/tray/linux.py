"""The tray on Linux: which way shows the icon, and the loop that keeps icon, tooltip and menu up to date.

StatusNotifierItem comes first and stays offered whatever happens. Where nobody has taken it for 10 s (or there is no
session bus to offer it on), XEmbed is tried, and hears of a tray that comes later; where that shows nothing either,
there is no tray, and `tell` says so once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

from traycoach import clock as clocks
from traycoach.core.actions import TrayState
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.core.picker import RoutineInfo
from traycoach.desktop.bus import Bus, session_bus
from traycoach.desktop.x11 import SharedX11, XConnection
from traycoach.errors import Unavailable
from traycoach.tray.bar import Bar, look_for
from traycoach.tray.base import Backend, Command
from traycoach.tray.colours import Look
from traycoach.tray.icon import Drawing
from traycoach.tray.loop import Loop
from traycoach.tray.menu import build_menu, title_of
from traycoach.tray.none import NoTray, Telling
from traycoach.tray.pace import icon_after, title_after
from traycoach.tray.sni import StatusNotifierIcon
from traycoach.tray.xembed import XEmbedIcon

_log = logging.getLogger(__name__)

_GRACE = 10 * SECOND  # how long panels may take at login before another way is tried
_LOOK_AGAIN = 2 * SECOND  # a panel that has just taken the icon may not be painted yet
_LOOK_FOR = 10 * MINUTE
_X_AGAIN = MINUTE  # an X server that went may come back


def _awaited_bus() -> Bus:
    return session_bus(awaited=True)


class Tray:
    """The icon. `run` on the main thread; everything else from any thread, at once and without waiting."""

    def __init__(
        self,
        on_command: Command,
        *,
        on_visible: Callable[[bool], None] = lambda _visible: None,
        tell: Telling = lambda _tell: None,
        told: Path | None = None,
        bar: Bar = "auto",
        clock: clocks.Clock = clocks.system,
        bus: Callable[[], Bus] = _awaited_bus,
        x11: Callable[[], XConnection] | None = None,
        grace: timedelta = _GRACE,
    ) -> None:
        """Prepare the tray.

        `on_command(verb, words, activation_token)` gets what the user chose, as on the command line; `on_visible` is
        told whenever `visible` changes; both are called on the main thread. `tell` gets the one notice that there is no
        tray, and may give what takes it back; `told` is a file that remembers it. `bar` is the setting "auto", "light"
        or "dark".
        """
        self._on_command, self._on_visible = on_command, on_visible
        self._bar, self._clock, self._grace = bar, clock, grace
        self._x11 = x11 or SharedX11()
        self._loop = Loop(clock)
        self._sni = StatusNotifierIcon(bus, self._loop, clock, self._command, self._changed)
        self._xembed = XEmbedIcon(self._loop, self._command, self._changed)
        self._none = NoTray(self._command, self._changed, tell, told)
        self._backends: tuple[Backend, ...] = (self._sni, self._xembed, self._none)
        self._failed: dict[str, str] = {}
        self._visible = False
        self._routines: tuple[RoutineInfo, ...] = ()
        self._wanted: TrayState | None = None
        self._drawn: tuple[TrayState, Instant] | None = None
        self._titled: tuple[TrayState, Instant] | None = None
        self._look: tuple[Look, Instant] | None = None
        self._cancel_refresh: Callable[[], None] = lambda: None
        self._cancel_fall_back: Callable[[], None] = lambda: None

    # --- from any thread ----------------------------------------------------------------------------------------------

    @property
    def visible(self) -> bool:
        """Whether a panel has the icon: only then may anything rely on the user seeing it."""
        return self._visible

    @property
    def backend(self) -> str:
        """The way that shows the icon: "status-notifier", "xembed", or "none"."""
        return next((one.kind for one in self._backends if one.shown), "none")

    @property
    def refusals(self) -> tuple[tuple[str, str], ...]:
        """Every way that does not show the icon, with the reason; for doctor."""
        reasons = ((one.kind, self._failed.get(one.kind) or one.refused) for one in (self._sni, self._xembed))
        return tuple((kind, reason) for kind, reason in reasons if reason)

    def show(self, state: TrayState) -> None:
        """Show this state. The first one makes the icon appear."""
        self._loop.post(partial(self._show, state))

    def set_routines(self, routines: Sequence[RoutineInfo]) -> None:
        """Offer these under "Take a break now", in this order."""
        self._loop.post(partial(self._set_routines, tuple(routines)))

    def set_bar(self, bar: Bar) -> None:
        """Follow a changed setting."""
        self._loop.post(partial(self._set_bar, bar))

    def run(self) -> None:
        """Run the tray on the main thread until `stop`; the icon is gone when this returns."""
        self._loop.run()
        for backend in self._backends:
            backend.visible = False

    def stop(self) -> None:
        """End `run`, from any thread or from a signal handler of Python."""
        self._loop.stop()

    # --- on the loop --------------------------------------------------------------------------------------------------

    def _show(self, state: TrayState) -> None:
        first = self._wanted is None
        self._wanted = state
        self._set_menu()
        self._refresh()
        if first:
            self._switch(self._sni, True)
            # without a bus there is nothing to wait for
            self._fall_back_after(self._grace if self._sni.has_bus else ZERO)

    def _set_routines(self, routines: tuple[RoutineInfo, ...]) -> None:
        self._routines = routines
        self._set_menu()

    def _set_menu(self) -> None:
        if self._wanted is not None:
            self._sni.menu = build_menu(self._wanted, self._routines, self._row_chosen)

    def _set_bar(self, bar: Bar) -> None:
        self._bar = bar
        self._look_again()

    def _refresh(self) -> None:
        """Bring icon and tooltip up to date, now or when the pace allows it."""
        state, now = self._wanted, self._clock.now()
        assert state is not None, "there is a state to show"
        self._cancel_refresh()
        icon = ZERO if self._drawn is None else icon_after(self._drawn[0], state, now - self._drawn[1])
        title = ZERO if self._titled is None else title_after(self._titled[0], state, now - self._titled[1])
        if icon == ZERO:
            self._drawn = state, now
            self._draw()
        if title == ZERO:
            self._titled = state, now
            for backend in self._backends:
                backend.title = title_of(state)
        later = [after for after in (icon, title) if after]
        if later:
            self._cancel_refresh = self._loop.later(min(later), self._refresh)

    def _draw(self) -> None:
        assert self._drawn is not None, "there is a state to draw"
        now = self._clock.now()
        if self._look is None or now - self._look[1] > _LOOK_FOR:
            self._look = look_for(self._bar, self._x11), now
        drawing = Drawing(self._drawn[0], self._look[0])
        self._xembed.bar = self._bar
        for backend in self._backends:
            backend.icon = drawing

    def _look_again(self) -> None:
        before, self._look = self._look, None
        if self._drawn is not None:
            self._look = look_for(self._bar, self._x11), self._clock.now()
            if before is None or before[0] is not self._look[0]:
                self._draw()

    def _draw_again(self) -> None:
        """WORKAROUND waybar 0.9.17: an icon taken while the bar lays itself out may stay unpainted until NewIcon."""
        self._look = None
        if self._drawn is not None:
            self._draw()

    def _switch(self, backend: Backend, on: bool) -> None:
        try:
            backend.visible = on
            self._failed.pop(backend.kind, None)
        except Unavailable as error:
            _log.info("the tray backend %s is not available: %s", backend.kind, error.reason)
            self._failed[backend.kind] = error.reason

    def _fall_back_after(self, grace: timedelta) -> None:
        self._cancel_fall_back()
        self._cancel_fall_back = self._loop.later(grace, self._fall_back)

    def _fall_back(self) -> None:
        if self._sni.shown:
            return
        self._switch(self._xembed, True)
        # docking takes a few round trips; a bus that is still to come has its time too
        grace = SECOND if self._sni.has_bus else max(SECOND, self._grace)
        self._cancel_fall_back = self._loop.later(grace, self._give_up)

    def _give_up(self) -> None:
        if self._visible:
            return
        if self._sni.has_bus:  # else nobody could be told, and the bus may bring a panel along
            self._switch(self._none, True)
        if not self._xembed.visible and self._xembed.possible:
            self._fall_back_after(_X_AGAIN)

    def _changed(self) -> None:
        if self._sni.shown and self._xembed.visible:
            self._switch(self._xembed, False)
        visible = self._sni.shown or self._xembed.shown
        if not visible and not (self._none.visible and self._xembed.visible):
            self._fall_back_after(self._grace)
        if visible:
            self._look_again()
            self._loop.later(_LOOK_AGAIN, self._draw_again)
        if visible != self._visible:
            self._visible = visible
            _log.info("the tray icon is %s", f"shown by {self.backend}" if visible else "not shown by any panel")
            self._on_visible(visible)
        if visible and self._none.visible:
            self._switch(self._none, False)
        elif visible:
            self._none.forget()

    def _row_chosen(self, verb: str, words: tuple[str, ...]) -> None:
        self._command(verb, words, self._sni.take_token())

    def _command(self, verb: str, words: tuple[str, ...], token: str) -> None:
        self._on_command(verb, words, token)
