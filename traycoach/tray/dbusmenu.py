"""A `Menu` offered to panels as com.canonical.dbusmenu.

Interface: libdbusmenu's dbus-menu.xml. What hosts make of it was found by experiment (platform notes, section 2): ids
stay the same for ever; changed labels and checks go out as ItemsPropertiesUpdated, and only a changed structure as
LayoutUpdated, never two in quick succession, because GNOME's extension then leaves rows blank; nothing changes under
the pointer while the menu is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from traycoach.clock import Clock
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.desktop.bus import Bus, Interface, Method, Property, Refused, Subscription
from traycoach.tray.loop import Loop
from traycoach.tray.menu import Row
from traycoach.tray.toolkit import Menu, MenuItem

PATH = "/traycoach/menu"
_NAME = "com.canonical.dbusmenu"
_LAYOUTS_APART = 2 * SECOND
_LABELS_APART = MINUTE
_OPEN_AT_MOST = 30 * SECOND  # XFCE says that the menu opens, never that it is closed (seen)

Properties = dict[str, tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Item:
    """One row as it is served. `activate` is None for separators, submenus and the root."""

    id: int
    properties: Mapping[str, tuple[str, Any]]
    children: tuple[Item, ...] = ()
    activate: Callable[[], None] | None = None

    def walk(self) -> Iterator[Item]:
        """Give this item and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def shape(self) -> tuple[Any, ...]:
        """Give what makes the structure: two items of equal shape differ in properties only."""
        return self.id, tuple(child.shape() for child in self.children)


class MenuServer:
    """Serves the menu that `update` was given last. Used on the tray's loop; hosts are answered on the bus thread."""

    def __init__(self, bus: Bus, loop: Loop, clock: Clock) -> None:
        self._bus = bus
        self._loop = loop
        self._clock = clock
        self._ids: dict[str, int] = {}
        self._served = Item(0, {"children-display": ("s", "submenu")})
        self._wanted = self._served
        self._by_id = {0: self._served}
        self._revision = 1
        self._layout_at: Instant | None = None
        self._labels_at: Instant | None = None
        self._opened_at: Instant | None = None
        self._cancel: Callable[[], None] = lambda: None

    def export(self) -> Subscription:
        """Offer the menu at `PATH`."""
        return self._bus.export(PATH, self._interface())

    def update(self, menu: Menu) -> None:
        """Serve this menu from now on, as soon as that disturbs nobody."""
        self._wanted = Item(0, {"children-display": ("s", "submenu")}, tuple(self._items(menu, "")))
        self._settle()

    def host_changed(self) -> None:
        """A new host: whatever menu the old one had open is gone."""
        self._opened_at = None
        self._settle()

    # --- what is served, and when -------------------------------------------------------------------------------------

    def _items(self, menu: Menu, above: str) -> Iterator[Item]:
        separators = 0
        for entry in menu:
            if entry is Menu.SEPARATOR:
                separators += 1
                yield Item(self._id(f"{above}--{separators}"), {"type": ("s", "separator")})
            else:
                yield self._item(entry)

    def _item(self, entry: MenuItem) -> Item:
        assert isinstance(entry, Row), "every row has a key"
        properties: Properties = {"label": ("s", str(entry.text).replace("_", "__"))}
        if not entry.enabled:
            properties["enabled"] = ("b", False)
        if entry.checked is not None:
            properties["toggle-type"] = ("s", "radio" if entry.radio else "checkmark")
            properties["toggle-state"] = ("i", int(entry.checked))
        if entry.submenu is None:
            return Item(self._id(entry.key), properties, activate=lambda: entry(None))
        properties["children-display"] = ("s", "submenu")
        return Item(self._id(entry.key), properties, tuple(self._items(entry.submenu, entry.key)))

    def _id(self, key: str) -> int:
        return self._ids.setdefault(key, len(self._ids) + 1)

    def _settle(self) -> None:
        """Serve what is wanted, or arrange to come back when it may be served."""
        self._cancel()
        self._cancel = lambda: None
        after = self._wait_for()
        if after is not None and after > ZERO:
            self._cancel = self._loop.later(after, self._settle)
        elif after is not None:
            self._serve()
        else:
            self._served = self._wanted  # the same to look at; its commands may be newer
            self._by_id = {item.id: item for item in self._served.walk()}

    def _wait_for(self) -> timedelta | None:
        """Give how long to wait until the wanted menu may be served; None if it looks like the served one."""
        now = self._clock.now()
        reshaped = self._wanted.shape() != self._served.shape()
        changed = dict(self._changes())
        if not reshaped and not changed:
            return None
        waits = [_left(self._opened_at, _OPEN_AT_MOST, now)]
        if reshaped:
            waits.append(_left(self._layout_at, _LAYOUTS_APART, now))
        elif all(set(keys) == {"label"} for keys in changed.values()):
            waits.append(_left(self._labels_at, _LABELS_APART, now))
        return max(waits)

    def _changes(self) -> Iterator[tuple[int, Properties]]:
        """Give the properties that differ, by id, for the items of both menus; a dropped one with its default."""
        for item in self._wanted.walk():
            before = self._by_id.get(item.id)
            if before is not None and before.properties != item.properties:
                keys = before.properties.keys() | item.properties.keys()
                yield (
                    item.id,
                    {
                        key: item.properties.get(key, ("b", True))  # only `enabled` comes and goes
                        for key in sorted(keys)
                        if before.properties.get(key) != item.properties.get(key)
                    },
                )

    def _serve(self) -> None:
        now = self._clock.now()
        changes = list(self._changes())
        reshaped = self._wanted.shape() != self._served.shape()
        self._served = self._wanted
        self._by_id = {item.id: item for item in self._served.walk()}
        if changes:
            self._labels_at = now
            self._bus.emit(PATH, _NAME, "ItemsPropertiesUpdated", "a(ia{sv})a(ias)", (changes, []))
        if reshaped:
            self._layout_at = now
            self._revision += 1
            self._bus.emit(PATH, _NAME, "LayoutUpdated", "ui", (self._revision, 0))

    # --- answers to hosts, on the bus thread --------------------------------------------------------------------------

    def _interface(self) -> Interface:
        return Interface(
            _NAME,
            {
                "GetLayout": Method("iias", "u(ia{sv}av)", self._get_layout),
                "GetGroupProperties": Method("aias", "a(ia{sv})", self._get_group_properties),
                "GetProperty": Method("is", "v", self._get_property),
                "Event": Method("isvu", "", self._event),
                "EventGroup": Method("a(isvu)", "ai", self._event_group),
                "AboutToShow": Method("i", "b", self._about_to_show),
                "AboutToShowGroup": Method("ai", "aiai", self._about_to_show_group),
            },
            {
                "Version": Property("u", lambda: 3),
                "TextDirection": Property("s", lambda: "ltr"),
                "Status": Property("s", lambda: "normal"),
                "IconThemePath": Property("as", list),
            },
            {
                "ItemsPropertiesUpdated": "a(ia{sv})a(ias)",
                "LayoutUpdated": "ui",
                "ItemActivationRequested": "iu",
            },
        )

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> tuple[Any, ...]:
        return self._revision, _layout(self._known(parent), depth, names)

    def _known(self, item: int) -> Item:
        found = self._by_id.get(item)
        if found is None:
            raise Refused("InvalidArgs", f"There is no menu item {item}.")
        return found

    def _get_group_properties(self, ids: list[int], names: list[str]) -> tuple[Any, ...]:
        known = self._by_id
        wanted = ids or list(known)
        return ([(one, _chosen(known[one], names)) for one in wanted if one in known],)

    def _get_property(self, item: int, name: str) -> tuple[Any, ...]:
        properties = self._known(item).properties
        if name not in properties:
            raise Refused("InvalidArgs", f"The item {item} has no property {name}.")
        return (properties[name],)

    def _event(self, item: int, kind: str, _data: object, _timestamp: int) -> tuple[Any, ...]:
        self._loop.post(lambda: self._happened(item, kind))
        return ()

    def _event_group(self, events: list[tuple[int, str, object, int]]) -> tuple[Any, ...]:
        for event in events:
            self._event(*event)
        return (self._unknown([event[0] for event in events]),)

    def _about_to_show(self, item: int) -> tuple[Any, ...]:
        if item == 0:
            self._loop.post(self._about_to_open)
        return (False,)

    def _about_to_show_group(self, ids: list[int]) -> tuple[Any, ...]:
        for item in ids:
            self._about_to_show(item)
        return [], self._unknown(ids)

    def _unknown(self, ids: list[int]) -> list[int]:
        return [one for one in ids if one not in self._by_id]

    def _about_to_open(self) -> None:
        # what opens now was closed before, whether or not somebody said so
        self._opened_at = None
        self._settle()
        self._opened_at = self._clock.now()

    def _happened(self, item: int, kind: str) -> None:
        match kind:
            case "opened":
                self._opened_at = self._clock.now()
            case "closed" if item == 0:
                self._opened_at = None
                self._settle()
            case "clicked":
                self._opened_at = None
                found = self._by_id.get(item)
                if found is not None and found.activate is not None and "enabled" not in found.properties:
                    found.activate()
                self._settle()


def _left(since: Instant | None, span: timedelta, now: Instant) -> timedelta:
    return ZERO if since is None else max(ZERO, span - (now - since))


def _chosen(item: Item, names: list[str]) -> Properties:
    return {key: value for key, value in item.properties.items() if not names or key in names}


def _layout(item: Item, depth: int, names: list[str]) -> tuple[Any, ...]:
    """Give the item as the layout's (ia{sv}av), down to `depth` levels below it; -1 is all."""
    children = [] if depth == 0 else [("(ia{sv}av)", _layout(child, depth - 1, names)) for child in item.children]
    return item.id, _chosen(item, names), children
