"""The StatusNotifierItem against a panel of our own (platform notes, section 2, rules 1, 2, 4, 6 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, SimpleQueue
from typing import Any

import pytest

from tests.desktops.lab import Bus as PrivateBus
from tests.tray.stage import Panel, Stage, tray_state
from traycoach.desktop.bus import Bus, CallFailed
from traycoach.errors import Unavailable
from traycoach.tray.colours import Look
from traycoach.tray.icon import SIZES, Drawing
from traycoach.tray.menu import build_menu
from traycoach.tray.sni import StatusNotifierIcon

ITEM = "org.kde.StatusNotifierItem"
PATH = "/StatusNotifierItem"


class App:
    """The icon's side."""

    def __init__(self, address: str) -> None:
        self.stage = Stage()
        self.bus = Bus("session", address).connect()
        self.commands: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
        self.shown: SimpleQueue[bool] = SimpleQueue()
        self.icon = StatusNotifierIcon(
            lambda: self.bus,
            self.stage.loop,
            self.stage.clock,
            lambda *command: self.commands.put(command),
            lambda: self.shown.put(self.icon.shown),
        )
        self.icon.icon = Drawing(tray_state(), Look.DARK)
        self.icon.title = "traycoach – sitting 24 of 30 min"
        self.icon.menu = build_menu(tray_state(), (), lambda *_: None)

    def show(self) -> None:
        self.stage.do(lambda: setattr(self.icon, "visible", True))

    def next_shown(self) -> bool:
        return self.shown.get(timeout=5)

    def stop(self) -> None:
        self.stage.do(lambda: setattr(self.icon, "visible", False))
        self.stage.stop()
        self.bus.close()


@pytest.fixture
def app(session_bus: PrivateBus) -> Iterator[App]:
    made = App(session_bus.address)
    yield made
    made.stop()


@pytest.fixture
def new_panel(session_bus: PrivateBus) -> Iterator[Callable[..., Panel]]:
    made: list[Panel] = []

    def make(**options: Any) -> Panel:
        made.append(Panel(session_bus.address, **options))
        return made[-1]

    yield make
    for panel in made:
        panel.stop()


def test_it_registers_under_its_unique_name_when_a_watcher_comes(app: App, new_panel: Callable[..., Panel]) -> None:
    app.show()
    panel = new_panel()
    panel.start()
    assert panel.registered.get(timeout=5) == app.bus.unique_name, "GNOME loses icons with another name"
    assert app.next_shown() is True
    assert app.icon.refused == ""


def test_everything_is_there_when_the_watcher_hears_of_it(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    _, layout = panel.bus.call(
        name, "/traycoach/menu", "com.canonical.dbusmenu", "GetLayout", "iias", (0, -1, []), limit_s=5
    )
    assert len(layout[2]) > 10


def test_it_registers_again_with_every_new_watcher(app: App, new_panel: Callable[..., Panel]) -> None:
    app.show()
    for _ in range(3):
        panel = new_panel()
        panel.start()
        panel.registered.get(timeout=5)
        assert app.next_shown() is True
        panel.stop()
        assert app.next_shown() is False
        assert "nobody owns org.kde.StatusNotifierWatcher" in app.icon.refused


def test_watcher_without_a_host_shows_nothing_and_that_is_not_claimed(
    app: App, new_panel: Callable[..., Panel]
) -> None:
    panel = new_panel(hosts=False)
    panel.start()
    app.show()
    panel.registered.get(timeout=5)
    # a question that goes the same way has its answer after the icon's own
    app.bus.name_owner(ITEM)
    app.stage.settle()
    assert app.shown.empty()
    assert not app.icon.shown
    panel.host_comes(True)
    assert app.next_shown() is True
    panel.host_comes(False)
    assert app.next_shown() is False


def test_refused_registration_is_tried_again(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel(refuses=2)
    panel.start()
    app.show()
    for _ in range(100):
        app.stage.advance(seconds=2)
        try:
            assert panel.registered.get(timeout=0.05)
        except Empty:
            continue
        break
    assert panel.refuses == 0
    assert app.next_shown() is True


@pytest.mark.parametrize("between", ["/", "@/"])
def test_icon_that_the_panel_drops_is_registered_again_and_not_claimed(
    app: App, new_panel: Callable[..., Panel], between: str
) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    assert app.next_shown() is True
    panel.drop(f"{name}0{between}StatusNotifierItem")
    panel.drop(f"{name}{between}StatusNotifierItem")
    assert app.next_shown() is False
    assert "dropped" in app.icon.refused
    app.stage.advance(seconds=2)
    assert panel.registered.get(timeout=5) == name
    assert app.next_shown() is True
    assert panel.registered.empty(), "another's icon was taken for ours"


def test_icon_is_argb_in_network_byte_order_in_every_size(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.stage.do(lambda: setattr(app.icon, "icon", Drawing(tray_state("due"), Look.LIGHT)))
    app.show()
    name = panel.registered.get(timeout=5)
    pixmaps = panel.bus.get_property(name, PATH, ITEM, "IconPixmap", limit_s=5)
    assert [(width, height) for width, height, _ in pixmaps] == [(size, size) for size in SIZES]
    for size, _, data in pixmaps:
        assert len(data) == size * size * 4
        assert data[:4] == b"\0\0\0\0", "the corner is transparent"
        # left of the arrow the disc is full: alpha, red, green, blue
        at = (size // 2 * size + size // 8) * 4
        assert data[at : at + 4] == bytes((255, 0xC8, 0x40, 0x1B)), size


def test_all_properties_that_hosts_ask_for_are_served(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    (every,) = panel.bus.call(name, PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", (ITEM,), limit_s=5)
    assert every["Id"] == ("s", "traycoach")
    assert every["Menu"] == ("o", "/traycoach/menu")
    assert every["Status"] == ("s", "Active")
    assert every["IconName"] == ("s", "")
    assert every["ItemIsMenu"] == ("b", False)
    assert every["Title"] == ("s", "traycoach – sitting 24 of 30 min")
    assert every["ToolTip"] == ("(sa(iiay)ss)", ("", [], "traycoach – sitting 24 of 30 min", ""))
    (xml,) = panel.bus.call(name, PATH, "org.freedesktop.DBus.Introspectable", "Introspect", limit_s=5)
    assert '"ProvideXdgActivationToken"' in xml


def test_changes_are_signalled(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.listen(ITEM)
    panel.start()
    app.show()
    panel.registered.get(timeout=5)
    app.stage.do(lambda: setattr(app.icon, "icon", Drawing(tray_state("due"), Look.DARK)))
    app.stage.do(lambda: setattr(app.icon, "title", "traycoach – break due"))
    members = [panel.signals.get(timeout=5).member for _ in range(3)]
    assert members == ["NewIcon", "NewTitle", "NewToolTip"]


@pytest.mark.parametrize(
    ("member", "signature", "body", "command"),
    [
        ("Activate", "ii", (10, 10), ("default", (), "")),
        ("SecondaryActivate", "ii", (10, 10), ("open", ("status",), "")),
        ("ContextMenu", "ii", (10, 10), ("open", ("status",), "")),
    ],
)
def test_clicks_are_commands(
    app: App,
    new_panel: Callable[..., Panel],
    member: str,
    signature: str,
    body: tuple[int, int],
    command: tuple[Any, ...],
) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    assert panel.bus.call(name, PATH, ITEM, "Scroll", "is", (-180, "Vertical"), limit_s=5) == ()
    panel.bus.call(name, PATH, ITEM, member, signature, body, limit_s=5)
    assert app.commands.get(timeout=5) == command


def test_activation_token_goes_with_the_next_click_and_only_with_it(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    panel.bus.call(name, PATH, ITEM, "ProvideXdgActivationToken", "s", ("token-7",), limit_s=5)
    panel.bus.call(name, PATH, ITEM, "Activate", "ii", (0, 0), limit_s=5)
    panel.bus.call(name, PATH, ITEM, "Activate", "ii", (0, 0), limit_s=5)
    assert app.commands.get(timeout=5) == ("default", (), "token-7")
    assert app.commands.get(timeout=5) == ("default", (), "")


def test_activation_token_does_not_keep(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    panel.bus.call(name, PATH, ITEM, "ProvideXdgActivationToken", "s", ("token-7",), limit_s=5)
    app.stage.settle()
    app.stage.advance(minutes=2)
    panel.bus.call(name, PATH, ITEM, "Activate", "ii", (0, 0), limit_s=5)
    assert app.commands.get(timeout=5) == ("default", (), "")


def test_hidden_icon_gives_its_objects_back(app: App, new_panel: Callable[..., Panel]) -> None:
    panel = new_panel()
    panel.start()
    app.show()
    name = panel.registered.get(timeout=5)
    assert app.next_shown() is True
    app.stage.do(lambda: setattr(app.icon, "visible", False))
    assert app.next_shown() is False
    with pytest.raises(CallFailed):
        panel.bus.get_property(name, PATH, ITEM, "Id", limit_s=5)
    app.show()
    assert panel.registered.get(timeout=5) == name
    assert app.next_shown() is True


def test_probe_says_what_is_missing(app: App, new_panel: Callable[..., Panel]) -> None:
    with pytest.raises(Unavailable, match=r"org\.kde\.StatusNotifierWatcher"):
        app.icon.probe()
    new_panel().start()
    app.icon.probe()
