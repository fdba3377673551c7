"""The icon as a StatusNotifierItem, with its menu as dbusmenu: XFCE, Plasma, waybar, GNOME with the extension.

Interface: the StatusNotifierItem specification of freedesktop.org, with KDE's additions. The rules that hosts impose
were found by experiment: platform notes, section 2.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from PIL import Image

from traycoach.clock import Clock
from traycoach.desktop.bus import Bus, CallFailed, Interface, Method, Property, Signal, Subscription
from traycoach.errors import Unavailable
from traycoach.tray.base import Backend, Command
from traycoach.tray.dbusmenu import PATH as MENU_PATH
from traycoach.tray.dbusmenu import MenuServer
from traycoach.tray.icon import SIZES
from traycoach.tray.loop import Loop
from traycoach.tray.sizes import sizes_for

WATCHER = "org.kde.StatusNotifierWatcher"
_WATCHER_PATH = "/StatusNotifierWatcher"
_ITEM = "org.kde.StatusNotifierItem"
_PATH = "/StatusNotifierItem"
_REGISTER_LIMIT_S = 2.0  # a panel that is just starting is slow
_RETRY_AFTER_S = (1, 2, 5, 10, 30)

_numbers = itertools.count(1)

Pixmap = tuple[int, int, bytes]


class StatusNotifierIcon(Backend):
    """Registers with every watcher that comes, so restarts and late starts of the panel need nothing more."""

    kind = "status-notifier"

    def __init__(
        self,
        bus: Callable[[], Bus],
        loop: Loop,
        clock: Clock,
        command: Command,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(command, changed)
        self._open_bus = bus
        self._loop = loop
        self._clock = clock
        self._bus: Bus | None = None
        self._server: MenuServer | None = None
        self._kept: list[Subscription] = []
        self._watcher = ""
        self._failures = 0
        self._token = ""
        self._sizes: tuple[int, ...] = SIZES
        self._pixmaps: list[Pixmap] = []
        self._bus_name = f"{_ITEM}-{os.getpid()}-{next(_numbers)}"

    @property
    def watcher_present(self) -> bool:
        """Whether the desktop has a StatusNotifierWatcher at all."""
        return bool(self._watcher)

    def probe(self) -> None:
        """Unavailable without a session bus, or while nobody owns the watcher's name."""
        if not self._open_bus().name_owner(WATCHER):
            raise Unavailable("No panel here takes StatusNotifier icons (nobody owns org.kde.StatusNotifierWatcher).")

    # --- pystray's hooks ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Offer the icon, then watch for who takes it. Raises Unavailable without a session bus."""
        bus = self._bus = self._open_bus()
        self._server = MenuServer(bus, self._loop, self._clock)
        if self.menu is not None:
            self._server.update(self.menu)
        self._refused = "No panel here has taken the StatusNotifier icon."
        try:
            # everything a host may ask for is there before it can hear of us
            self._kept.append(self._server.export())
            self._kept.append(bus.export(_PATH, self._interface()))
            self._kept.append(bus.own_name(self._bus_name))
            for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
                self._kept.append(bus.subscribe(self._host_signal, interface=WATCHER, member=member))
            self._kept.append(bus.watch_name(WATCHER, self._watcher_changed))
        except Unavailable:
            self._hide()
            raise

    def _hide(self) -> None:
        kept, self._kept = self._kept, []
        for one in reversed(kept):
            one.close()
        self._set_shown(False, "The icon is switched off.")

    def _update_icon(self) -> None:
        self._pixmaps = [_pixmap(self.drawing.at(size)) for size in self._sizes]
        self._icon_valid = True
        self._emit("NewIcon")

    def _update_title(self) -> None:
        self._emit("NewTitle")
        self._emit("NewToolTip")

    def _update_menu(self) -> None:
        if self._server is not None and self.menu is not None:
            self._server.update(self.menu)

    def _emit(self, member: str) -> None:
        if self._bus is not None and self._kept:
            self._bus.emit(_PATH, _ITEM, member)

    # --- registering, on the bus's callback thread --------------------------------------------------------------------

    def _watcher_changed(self, owner: str) -> None:
        self._loop.post(partial(self._met_watcher, owner))
        if owner and self._bus is not None:
            self._loop.post(partial(self._use_sizes, sizes_for(self._bus)))
            self._register()

    def _host_signal(self, _signal: Signal) -> None:
        self._ask_for_host()

    def _register(self) -> None:
        assert self._bus is not None, "there is a bus when its callbacks come"
        if not self._kept:
            return  # switched off meanwhile
        try:
            self._bus.call(
                WATCHER,
                _WATCHER_PATH,
                WATCHER,
                "RegisterStatusNotifierItem",
                "s",
                (self._bus_name,),
                limit_s=_REGISTER_LIMIT_S,
            )
        except Unavailable as error:
            self._loop.post(partial(self._not_registered, error.reason))
            return
        self._ask_for_host()

    def _ask_for_host(self) -> None:
        """A watcher only keeps the list; a host draws it. Claim nothing before there is one."""
        assert self._bus is not None, "there is a bus when its callbacks come"
        try:
            hosted = bool(self._bus.get_property(WATCHER, _WATCHER_PATH, WATCHER, "IsStatusNotifierHostRegistered"))
        except CallFailed:
            hosted = True  # a watcher without this property is its own host
        except Unavailable:
            hosted = False
        self._loop.post(partial(self._hosted, hosted))

    # --- on the tray's loop -------------------------------------------------------------------------------------------

    def _met_watcher(self, owner: str) -> None:
        self._watcher = owner
        self._failures = 0
        if not owner:
            self._set_shown(False, "No panel here takes StatusNotifier icons (its watcher is gone).")
        elif self._server is not None:
            self._server.host_changed()

    def _use_sizes(self, sizes: tuple[int, ...]) -> None:
        if sizes != self._sizes:
            self._sizes = sizes
            self._update_icon()

    def _not_registered(self, reason: str) -> None:
        self._set_shown(False, f"The panel refused the icon: {reason}")
        if self._watcher and self._bus is not None:
            after_s = _RETRY_AFTER_S[min(self._failures, len(_RETRY_AFTER_S) - 1)]
            self._failures += 1
            self._loop.later(timedelta(seconds=after_s), partial(self._bus.defer, self._retry))

    def _retry(self) -> None:
        if self._watcher and self._kept and not self._shown:
            self._register()

    def _hosted(self, hosted: bool) -> None:
        if not self._kept:
            return
        self._set_shown(hosted and bool(self._watcher), "The panel has no place for icons at present.")

    def _clicked(self, verb: str, *words: str) -> None:
        self._command(verb, words, self.take_token())

    def take_token(self) -> str:
        """Give the activation token that came with the latest click, once; "" if there was none."""
        token, self._token = self._token, ""
        return token

    # --- answers to hosts, on the bus thread --------------------------------------------------------------------------

    def _interface(self) -> Interface:
        return Interface(
            _ITEM,
            {
                "Activate": Method("ii", "", lambda _x, _y: self._answer("default")),
                "SecondaryActivate": Method("ii", "", lambda _x, _y: self._answer("open", "status")),
                # only a host that draws no menu of its own asks for this
                "ContextMenu": Method("ii", "", lambda _x, _y: self._answer("open", "status")),
                "Scroll": Method("is", "", lambda _delta, _orientation: ()),
                "ProvideXdgActivationToken": Method("s", "", self._got_token),
            },
            {
                "Category": Property("s", lambda: "ApplicationStatus"),
                "Id": Property("s", lambda: "traycoach"),
                "Title": Property("s", lambda: self.title),
                "Status": Property("s", lambda: "Active"),
                "WindowId": Property("i", lambda: 0),
                "IconName": Property("s", str),
                "IconPixmap": Property("a(iiay)", lambda: self._pixmaps),
                "IconThemePath": Property("s", str),
                "OverlayIconName": Property("s", str),
                "OverlayIconPixmap": Property("a(iiay)", list),
                "AttentionIconName": Property("s", str),
                "AttentionIconPixmap": Property("a(iiay)", list),
                "AttentionMovieName": Property("s", str),
                "ToolTip": Property("(sa(iiay)ss)", lambda: ("", [], self.title, "")),
                "ItemIsMenu": Property("b", lambda: False),
                "Menu": Property("o", lambda: MENU_PATH),
            },
            {"NewTitle": "", "NewIcon": "", "NewToolTip": "", "NewStatus": "s", "NewMenu": ""},
        )

    def _answer(self, verb: str, *words: str) -> tuple[Any, ...]:
        self._loop.post(partial(self._clicked, verb, *words))
        return ()

    def _got_token(self, token: str) -> tuple[Any, ...]:
        self._loop.post(partial(setattr, self, "_token", token))
        return ()


def _pixmap(picture: Image.Image) -> Pixmap:
    """Give the picture as ARGB32 in network byte order."""
    red, green, blue, alpha = picture.split()
    return picture.width, picture.height, Image.merge("RGBA", (alpha, red, green, blue)).tobytes()
