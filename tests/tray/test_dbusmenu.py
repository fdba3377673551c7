"""The menu as panels see it over a real bus (platform notes, section 2, rules 3 to 6)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from tests.desktops.lab import Bus as PrivateBus
from tests.tray.stage import Stage, tray_state
from traycoach.core.actions import TrayState
from traycoach.desktop.bus import Bus, CallFailed, Signal
from traycoach.tray.dbusmenu import PATH, MenuServer
from traycoach.tray.menu import build_menu

MENU = "com.canonical.dbusmenu"


class Host:
    """A panel that shows the menu."""

    def __init__(self, address: str) -> None:
        self.stage = Stage()
        self.app = Bus("session", address).connect()
        self.bus = Bus("session", address).connect()
        self.commands: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
        self.signals: SimpleQueue[Signal] = SimpleQueue()
        self.server = MenuServer(self.app, self.stage.loop, self.stage.clock)
        self.bus.subscribe(self.signals.put, interface=MENU)
        self.server.export()
        self.stage.advance(minutes=5)

    def update(self, state: TrayState) -> None:
        def send(verb: str, words: tuple[str, ...]) -> None:
            self.commands.put((verb, words, threading.current_thread().name))

        self.stage.do(lambda: self.server.update(build_menu(state, (), send)))

    def call(self, member: str, signature: str = "", *body: Any) -> tuple[Any, ...]:
        return self.bus.call(self.app.unique_name, PATH, MENU, member, signature, body, limit_s=5)

    def layout(self) -> dict[str, tuple[int, dict[str, Any]]]:
        """Give id and properties of each row by its label; in submenus by both, "Pause > 1 h"."""
        _, root = self.call("GetLayout", "iias", 0, -1, [])
        found: dict[str, tuple[int, dict[str, Any]]] = {}

        def walk(item: Any, above: str) -> None:
            number, properties, children = item
            label = above + properties.get("label", ("s", f"#{number}"))[1]
            found[label] = (number, properties)
            for _, child in children:
                walk(child, f"{label} > " if number else "")

        walk(root, "")
        return found

    def event(self, number: int, kind: str) -> None:
        assert self.call("Event", "isvu", number, kind, ("i", 0), 0) == ()
        self.stage.settle()

    def next(self) -> Signal:
        return self.signals.get(timeout=5)

    def nothing_came(self) -> bool:
        """Tell whether no signal came; a call after it proves that it had time to."""
        self.call("GetLayout", "iias", 0, 0, [])
        done = threading.Event()
        self.bus.defer(done.set)
        assert done.wait(5)
        return self.signals.empty()

    def stop(self) -> None:
        self.stage.stop()
        self.app.close()
        self.bus.close()


@pytest.fixture
def host(session_bus: PrivateBus) -> Iterator[Host]:
    made = Host(session_bus.address)
    yield made
    made.stop()


def test_layout_has_checks_submenus_separators_and_disabled_rows(host: Host) -> None:
    host.update(tray_state())
    rows = host.layout()
    assert rows["Next: stand up in 6 min."][1]["enabled"] == ("b", False)
    assert rows["Take a break now"][1]["children-display"] == ("s", "submenu")
    assert rows["Take a break now > Choose for me"][0] > 0
    assert rows["I'm standing"][1]["toggle-type"] == ("s", "checkmark")
    assert rows["I'm standing"][1]["toggle-state"] == ("i", 0)
    assert rows["Snooze"][1]["enabled"] == ("b", False)
    assert sum(1 for _, properties in rows.values() if properties.get("type") == ("s", "separator")) == 4


def test_layout_can_be_had_in_parts(host: Host) -> None:
    host.update(tray_state())
    _, (number, properties, children) = host.call("GetLayout", "iias", 0, 1, ["label"])
    assert (number, properties) == (0, {})
    assert all(set(child[1]) <= {"label"} and child[2] == [] for _, child in children)
    now = host.layout()["Take a break now"][0]
    _, (number, _, children) = host.call("GetLayout", "iias", now, -1, [])
    assert number == now
    assert children[0][1][1]["label"] == ("s", "Choose for me")


def test_properties_that_new_panels_insist_on_are_served(host: Host) -> None:
    (every,) = host.bus.call(
        host.app.unique_name, PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", (MENU,), limit_s=5
    )
    assert every == {
        "Version": ("u", 3),
        "TextDirection": ("s", "ltr"),
        "Status": ("s", "normal"),
        "IconThemePath": ("as", []),
    }


def test_groups_are_answered_and_unknown_ids_are_named(host: Host) -> None:
    host.update(tray_state())
    known = host.layout()["History…"][0]
    assert host.call("EventGroup", "a(isvu)", [(known, "hovered", ("i", 0), 0), (999, "clicked", ("i", 0), 0)]) == (
        [999],
    )
    assert host.call("AboutToShowGroup", "ai", [0, known, 999]) == ([], [999])
    assert host.call("GetGroupProperties", "aias", [known, 999], ["label"]) == (
        [(known, {"label": ("s", "History…")})],
    )
    assert host.call("GetProperty", "is", known, "label") == (("s", "History…"),)
    assert len(host.call("GetGroupProperties", "aias", [], [])[0]) == len(host.layout())


@pytest.mark.parametrize(
    ("member", "signature", "body"),
    [("GetLayout", "iias", (999, -1, [])), ("GetProperty", "is", (999, "label")), ("GetProperty", "is", (0, "icon"))],
)
def test_questions_about_nothing_are_answered_too(host: Host, member: str, signature: str, body: Any) -> None:
    with pytest.raises(CallFailed) as failed:
        host.call(member, signature, *body)
    assert failed.value.error.endswith("InvalidArgs")
    host.event(999, "clicked")
    assert host.commands.empty()


def test_underscores_are_doubled(host: Host) -> None:
    host.update(tray_state(why="my_rule is next"))
    assert "my__rule is next" in host.layout()


def test_click_is_a_command_off_the_bus_thread(host: Host) -> None:
    host.update(tray_state())
    host.event(host.layout()["History…"][0], "clicked")
    verb, words, thread = host.commands.get(timeout=5)
    assert (verb, words) == ("open", ("history",))
    assert not thread.startswith("bus-")


def test_click_on_a_disabled_row_does_nothing(host: Host) -> None:
    host.update(tray_state())
    host.event(host.layout()["Skip this one"][0], "clicked")
    assert host.commands.empty()


def test_changed_label_goes_out_as_property_and_keeps_its_id(host: Host) -> None:
    host.update(tray_state())
    assert host.next().member == "LayoutUpdated"
    number = host.layout()["Next: stand up in 6 min."][0]
    host.stage.advance(minutes=2)
    host.update(tray_state(why="Next: stand up in 5 min."))
    signal = host.next()
    assert signal.member == "ItemsPropertiesUpdated"
    assert signal.body == ([(number, {"label": ("s", "Next: stand up in 5 min.")})], [])
    assert host.layout()["Next: stand up in 5 min."][0] == number
    assert host.nothing_came()


def test_row_that_becomes_enabled_says_so_at_once(host: Host) -> None:
    host.update(tray_state())
    host.next()
    snooze = host.layout()["Snooze"][0]
    host.update(tray_state(can_snooze=True))
    changes = dict(host.next().body[0])
    assert changes[snooze] == {"enabled": ("b", True)}


def test_countdown_changes_at_most_once_a_minute(host: Host) -> None:
    host.update(tray_state())
    host.next()
    host.stage.advance(minutes=2)
    host.update(tray_state(why="in 5 min"))
    assert host.next().member == "ItemsPropertiesUpdated"
    host.stage.advance(seconds=30)
    host.update(tray_state(why="in 4 min"))
    assert host.nothing_came()
    host.stage.advance(seconds=29)
    assert host.nothing_came()
    host.stage.advance(seconds=1)
    assert dict(host.next().body[0]).popitem()[1] == {"label": ("s", "in 4 min")}


def test_structure_changes_are_rate_limited(host: Host) -> None:
    host.update(tray_state())
    first = host.next()
    assert first.member == "LayoutUpdated"
    host.update(tray_state(paused=True))
    host.update(tray_state())
    host.update(tray_state(paused=True))
    assert host.nothing_came(), "a second LayoutUpdated came at once"
    host.stage.advance(seconds=2)
    second = host.next()
    assert second.member == "LayoutUpdated"
    assert second.body[0] > first.body[0]
    assert "Resume" in host.layout()
    assert host.nothing_came()


def test_ids_survive_that_rows_come_and_go(host: Host) -> None:
    host.update(tray_state())
    before = host.layout()
    host.stage.advance(seconds=5)
    host.update(tray_state(paused=True, can_claim_presence=True))
    after = host.layout()
    assert {"Resume", "I was at the desk"} <= set(after)
    for label in set(before) & set(after):
        assert before[label][0] == after[label][0], label
    assert after["Resume"][0] not in {number for number, _ in before.values()}


def test_nothing_changes_under_the_pointer_while_the_menu_is_open(host: Host) -> None:
    host.update(tray_state())
    host.next()
    host.stage.advance(minutes=2)
    host.event(0, "opened")
    host.update(tray_state(why="in 4 min", paused=True))
    assert host.nothing_came()
    host.event(host.layout()["Pause"][0], "closed")  # a submenu: the menu itself is still open
    assert host.nothing_came()
    host.event(0, "closed")
    assert {host.next().member, host.next().member} == {"ItemsPropertiesUpdated", "LayoutUpdated"}


def test_menu_that_never_says_closed_is_not_frozen(host: Host) -> None:
    host.update(tray_state())
    host.next()
    host.event(0, "opened")
    host.update(tray_state(why="in 4 min"))
    host.stage.advance(seconds=29)
    assert host.nothing_came()
    host.stage.advance(seconds=1)
    assert host.next().member == "ItemsPropertiesUpdated"


@pytest.mark.parametrize("group", [False, True])
def test_panel_that_only_says_that_the_menu_opens_sees_it_stand_still(host: Host, group: bool) -> None:
    def opens() -> None:
        if group:
            host.call("AboutToShowGroup", "ai", [0])
        else:
            host.call("AboutToShow", "i", 0)
        host.stage.settle()

    host.update(tray_state())
    host.next()
    opens()
    host.update(tray_state(can_snooze=True))
    assert host.nothing_came()
    opens()  # once more: so it was closed, and what waited is shown
    assert host.next().member == "ItemsPropertiesUpdated"


def test_new_host_sees_the_newest_menu_though_the_old_one_died_with_it_open(host: Host) -> None:
    host.update(tray_state())
    host.next()
    host.event(0, "opened")
    host.update(tray_state(can_snooze=True))
    host.stage.do(host.server.host_changed)
    assert host.next().member == "ItemsPropertiesUpdated"


def test_commands_are_those_of_the_newest_menu_even_if_it_looks_the_same(host: Host) -> None:
    host.update(tray_state())
    host.stage.do(lambda: host.server.update(build_menu(tray_state(), (), lambda *_: host.commands.put(("newer",)))))
    host.event(host.layout()["Quit"][0], "clicked")
    assert host.commands.get(timeout=5) == ("newer",)
    with pytest.raises(Empty):
        host.commands.get_nowait()
