"""The icon as a StatusNotifierItem, with its menu as dbusmenu: XFCE, Plasma, waybar, GNOME with the extension.

Interface: the StatusNotifierItem specification of freedesktop.org, with KDE's additions. The rules that hosts impose
were found by experiment: platform notes, section 2.

WORKAROUND GNOME's AppIndicator extension 46: an item that registers by a well-known name is watched in a second way,
which forgets what was just read of it, and every other time the icon is gone for good after a second (appIndicator.js,
`_nameOwnerChanged` against `_setupProxy`). So we own no such name and register by our unique one, as those do that give
the path of their object. And whoever drops the icon is told of it again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from PIL import Image

from traycoach.clock import Clock
from traycoach.core.instant import MINUTE
from traycoach.desktop.bus import Bus, CallFailed, Interface, Method, Property, Signal, Subscription
from traycoach.errors import Unavailable
from traycoach.text import _
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
_TOKEN_LASTS = MINUTE  # GNOME gives one as the menu opens; nobody reads a menu for longer

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
        self._token, self._token_at = "", clock.now()
        self._sizes: tuple[int, ...] = SIZES
        self._pixmaps: list[Pixmap] = []

    @property
    def has_bus(self) -> bool:
        """Whether there is a session bus at present."""
        return self._bus is not None and self._bus.connected

    def probe(self) -> None:
        """Unavailable without a session bus, or while nobody owns the watcher's name."""
        if not self._open_bus().name_owner(WATCHER):
            raise Unavailable(_no_watcher())

    # --- pystray's hooks ----------------------------------------------------------------------------------------------

    def _show(self) -> None:
        """Offer the icon, then watch for who takes it. Raises Unavailable if there will never be a session bus."""
        bus = self._bus = self._open_bus()
        self._server = MenuServer(bus, self._loop, self._clock)
        if self.menu is not None:
            self._server.update(self.menu)
        self._refused = _("No panel here has taken the StatusNotifier icon.")
        try:
            # everything a host may ask for is there before it can hear of us
            self._kept.append(self._server.export())
            self._kept.append(bus.export(_PATH, self._interface()))
            for member in ("StatusNotifierHostRegistered", "StatusNotifierHostUnregistered"):
                self._kept.append(bus.subscribe(self._host_signal, interface=WATCHER, member=member))
            dropped = "StatusNotifierItemUnregistered"
            self._kept.append(bus.subscribe(self._item_signal, interface=WATCHER, member=dropped, sender=WATCHER))
            self._kept.append(bus.watch_name(WATCHER, self._watcher_changed))
            self._kept.append(bus.watch_connection(lambda _there: self._loop.post(self._changed)))
        except Unavailable:
            self._hide()
            raise

    def _hide(self) -> None:
        kept, self._kept = self._kept, []
        for one in reversed(kept):
            one.close()
        self._set_shown(False, _("The icon is switched off."))

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

    def _item_signal(self, signal: Signal) -> None:
        # what hosts call an item: its bus name, then its path or "@" and its path
        bus_name = str(signal.body[0]).partition("/")[0].removesuffix("@")
        if self._bus is not None and bus_name == self._bus.unique_name:
            self._loop.post(partial(self._not_registered, _("The panel has dropped the icon.")))

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
                (self._bus.unique_name,),
                limit_s=_REGISTER_LIMIT_S,
            )
        except Unavailable as error:
            refused = _("The panel refused the icon: {reason}").format(reason=error.reason)
            self._loop.post(partial(self._not_registered, refused))
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
            self._set_shown(
                False, _no_watcher() if self.has_bus else _("There is no session bus to offer the icon on.")
            )
        elif self._server is not None:
            self._server.host_changed()

    def _use_sizes(self, sizes: tuple[int, ...]) -> None:
        if sizes != self._sizes:
            self._sizes = sizes
            self._update_icon()

    def _not_registered(self, reason: str) -> None:
        self._set_shown(False, reason)
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
        self._set_shown(hosted and bool(self._watcher), _("The panel has no place for icons at present."))

    def _clicked(self, verb: str, *words: str) -> None:
        self._command(verb, words, self.take_token())

    def _keep_token(self, token: str) -> None:
        self._token, self._token_at = token, self._clock.now()

    def take_token(self) -> str:
        """Give the activation token that came with the latest click, once; "" if there was none."""
        token, self._token = self._token, ""
        return token if self._clock.now() - self._token_at < _TOKEN_LASTS else ""

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
                # not in the specification, but GNOME's extension reads them and stumbles where they are missing
                "IconAccessibleDesc": Property("s", lambda: self.title),
                "AttentionAccessibleDesc": Property("s", str),
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
        self._loop.post(partial(self._keep_token, token))
        return ()


def _no_watcher() -> str:
    return _("No panel here takes StatusNotifier icons (nobody owns {name}).").format(name=WATCHER)


def _pixmap(picture: Image.Image) -> Pixmap:
    """Give the picture as ARGB32 in network byte order."""
    red, green, blue, alpha = picture.split()
    return picture.width, picture.height, Image.merge("RGBA", (alpha, red, green, blue)).tobytes()
