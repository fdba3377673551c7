"""A window in an XEmbed tray: dock it, draw into it, hear its clicks, and dock anew when the tray does.

Protocols: System Tray Protocol 0.3 and XEmbed 0.5 of freedesktop.org. Everything here runs on the thread of one X
connection, which nothing else uses: the event mask of the root window belongs to the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PIL import Image, ImageStat
from Xlib import X, Xatom, Xutil
from Xlib.error import XError
from Xlib.protocol.event import ClientMessage

from traycoach.tray.bar import Bar, look_on, luminance
from traycoach.tray.icon import Drawing

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.protocol.rq import Event
    from Xlib.xobject.drawable import Window

_REQUEST_DOCK = 0
_XEMBED_VERSION, _XEMBED_MAPPED = 0, 1
_ALPHA_DEPTH = 32
_FIRST_SIZE = 24
_LAST_BUTTON = 3  # the rest is the wheel


def tray_owner(display: Display) -> Window | None:
    """Give the window of the tray, None if there is none."""
    owner: Any = display.get_selection_owner(_selection(display))
    return display.create_resource_object("window", owner.id) if owner else None


def _selection(display: Display) -> int:
    return display.intern_atom(f"_NET_SYSTEM_TRAY_S{display.get_default_screen()}")


class Dock:
    """The icon's window. `clicked` gets the number of a button, `changed` whether a tray shows the window."""

    def __init__(self, display: Display, clicked: Callable[[int], None], changed: Callable[[bool], None]) -> None:
        self._display = display
        self._clicked, self._changed = clicked, changed
        self._root = display.screen().root
        self._selection = _selection(display)
        self._manager_message = display.intern_atom("MANAGER")
        self._window: Window | None = None
        self._manager: Window | None = None
        self._depth = 0
        self._embedded = False
        self._ground: Image.Image | None = None
        self._drawing: Drawing | None = None
        self._bar: Bar = "auto"
        self._title = ""
        # that a tray has come is told to who selects this on the root window
        self._root.change_attributes(event_mask=X.StructureNotifyMask)
        self._dock()

    def draw(self, drawing: Drawing, bar: Bar) -> None:
        """Show this drawing from now on. With the bar "auto" the rendering follows the ground it lies on."""
        self._drawing, self._bar = drawing, bar
        self._paint()

    def name(self, title: str) -> None:
        """Give the window its name, which screen readers and some trays show."""
        self._title = title
        if self._window is not None:
            self._window.set_wm_name(title.encode("latin-1", "replace").decode("latin-1"))
            utf8 = self._display.intern_atom("UTF8_STRING")
            self._window.change_property(self._display.intern_atom("_NET_WM_NAME"), utf8, 8, title.encode())
            self._display.flush()

    def heard(self, event: Event) -> None:
        """Take an event of the connection."""
        kind = event.type
        if kind == X.ClientMessage:
            if event.client_type == self._manager_message and event.data[1][1] == self._selection:
                self._leave()
                self._dock()
        elif kind == X.DestroyNotify and event.window == self._manager:
            self._leave()
        elif self._window is not None and getattr(event, "window", None) == self._window:
            self._heard_of_window(event)

    def _heard_of_window(self, event: Event) -> None:
        match event.type:
            case X.ButtonPress if event.detail <= _LAST_BUTTON:
                self._clicked(event.detail)
            case X.ReparentNotify:
                self._reparented(event.parent)
            case X.MapNotify:
                self._ground = None
                self._changed(self._embedded)
                self._paint()
            case X.UnmapNotify:
                self._changed(False)
            case X.Expose | X.ConfigureNotify:
                self._ground = None
                self._paint()
            case X.DestroyNotify:  # with the tray's own window around it
                self._window = None
                self._leave()

    # --- docking ------------------------------------------------------------------------------------------------------

    def _dock(self) -> None:
        manager = self._manager = tray_owner(self._display)
        if manager is None:
            return
        manager.change_attributes(event_mask=X.StructureNotifyMask)
        window = self._window = self._create_window(manager)
        window.set_wm_class("traycoach", "traycoach")
        # without a least size trayer gives one pixel
        window.set_wm_normal_hints(flags=Xutil.PMinSize, min_width=_FIRST_SIZE, min_height=_FIRST_SIZE)
        self.name(self._title)
        info = self._display.intern_atom("_XEMBED_INFO")
        window.change_property(info, info, 32, [_XEMBED_VERSION, _XEMBED_MAPPED])
        request = ClientMessage(
            window=manager,
            client_type=self._display.intern_atom("_NET_SYSTEM_TRAY_OPCODE"),
            data=(32, [X.CurrentTime, _REQUEST_DOCK, window.id, 0, 0]),
        )
        manager.send_event(request, event_mask=X.NoEventMask)
        self._display.flush()

    def _create_window(self, manager: Window) -> Window:
        mask = X.ExposureMask | X.StructureNotifyMask | X.ButtonPressMask
        visual = self._alpha_visual(manager)
        if visual is None:
            self._depth = self._display.screen().root_depth
            return self._new_window(0, event_mask=mask)
        self._depth = _ALPHA_DEPTH
        colours = self._root.create_colormap(visual, X.AllocNone)
        return self._new_window(visual, colormap=colours, background_pixel=0, border_pixel=0, event_mask=mask)

    def _new_window(self, visual: int, **attributes: object) -> Window:
        size = _FIRST_SIZE
        window = self._root.create_window(-1, -1, size, size, 0, self._depth, X.InputOutput, visual, **attributes)
        return cast("Window", window)

    def _alpha_visual(self, manager: Window) -> int | None:
        """Give the visual with alpha that the tray asks for (_NET_SYSTEM_TRAY_VISUAL); None if it wants none."""
        name = self._display.intern_atom("_NET_SYSTEM_TRAY_VISUAL")
        wanted = manager.get_full_property(name, Xatom.VISUALID)
        if wanted is None:
            return None
        depths = self._display.screen().allowed_depths
        visuals = [visual.visual_id for depth in depths if depth.depth == _ALPHA_DEPTH for visual in depth.visuals]
        return int(wanted.value[0]) if wanted.value[0] in visuals else None

    def _reparented(self, parent: Window) -> None:
        self._embedded = parent != self._root
        if not self._embedded:
            self._changed(False)
        elif self._depth != _ALPHA_DEPTH and self._window is not None and parent.get_geometry().depth == self._depth:
            # only now is the parent known whose ground shines through, and it must have our depth
            self._window.change_attributes(background_pixmap=X.ParentRelative)

    def _leave(self) -> None:
        """Take the window back, before a tray that dies drops it onto the desktop."""
        if self._window is not None:
            self._window.destroy()
            self._display.flush()
        self._window = self._manager = self._ground = None
        self._embedded = False
        self._changed(False)

    # --- painting -----------------------------------------------------------------------------------------------------

    def _paint(self) -> None:
        if self._window is None or self._drawing is None or not self._embedded:
            return
        try:
            geometry = self._window.get_geometry()
            size = min(geometry.width, geometry.height)
            picture = Image.new("RGBA", (geometry.width, geometry.height), (0, 0, 0, 0))
            place = ((geometry.width - size) // 2, (geometry.height - size) // 2)
            if self._depth == _ALPHA_DEPTH:
                picture.paste(self._drawing.at(size), place)
                self._put(picture.convert("RGBa"))
                return
            if self._ground is None or self._ground.size != picture.size:
                self._ground = self._look_at_ground(geometry.width, geometry.height)
            picture.paste(self._with_look(self._drawing, self._ground).at(size), place)
            blended = self._ground.convert("RGBA")
            blended.alpha_composite(picture)
            self._put(blended)
        except XError:
            return  # the window went, or is hidden; an event follows that says so

    def _look_at_ground(self, width: int, height: int) -> Image.Image:
        assert self._window is not None, "painting needs a window"
        self._window.clear_area()
        data = self._window.get_image(0, 0, width, height, X.ZPixmap, 0xFFFFFFFF).data
        return Image.frombytes("RGB", (width, height), data, "raw", self._order("BGRX", "XRGB"))

    def _with_look(self, drawing: Drawing, ground: Image.Image) -> Drawing:
        if self._bar != "auto":
            return drawing
        red, green, blue = (round(value) for value in ImageStat.Stat(ground).median)
        return replace(drawing, look=look_on(luminance(red, green, blue)))

    def _put(self, picture: Image.Image) -> None:
        assert self._window is not None, "painting needs a window"
        red, green, blue, alpha = picture.split()
        channels = (blue, green, red, alpha) if self._order("BGRX", "XRGB") == "BGRX" else (alpha, red, green, blue)
        data = Image.merge("RGBA", channels).tobytes()
        context: Any = self._window.create_gc()  # put_image takes it, whatever the stubs say
        self._window.put_image(context, 0, 0, picture.width, picture.height, X.ZPixmap, self._depth, 0, data)
        context.free()
        self._display.flush()

    def _order(self, low_first: str, high_first: str) -> str:
        return low_first if self._display.display.info.image_byte_order == X.LSBFirst else high_first
