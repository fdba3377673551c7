"""What every test may ask for: private desktops, and files that are nobody's."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from tests.desktops.lab import Bus, Lab, MissingProgramsError, XembedDesktop, XfceDesktop, XServer

# Two slow cores must not fail a property by its time; the budgets are measured by bench/, never by a test.
hypothesis_settings.register_profile("traycoach", deadline=None, print_blob=True)
hypothesis_settings.load_profile("traycoach")

DESKTOPS = Path(__file__).parent / "desktops"


@pytest.fixture(autouse=True)
def nobodys_files(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own files, display and buses."""
    home = tmp_path_factory.getbasetemp() / "nobody"
    monkeypatch.setenv("TRAYCOACH_HOME", str(home))
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "runtime"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests with real programs a second and a third chance: a busy machine may starve a whole desktop.

    What a test says about the code it says at every try; the summary counts the tries that were needed.
    """
    for item in items:
        in_a_lab = "lab" in getattr(item, "fixturenames", ())
        if in_a_lab or item.path.is_relative_to(DESKTOPS):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A private folder, environment and set of processes; no screen and no bus yet."""
    with Lab(tmp_path) as own:
        yield own


@pytest.fixture
def x_server(lab: Lab) -> Iterator[XServer]:
    """A private X server in `lab`."""
    with XServer(lab) as server:
        yield server


@pytest.fixture
def session_bus(lab: Lab) -> Iterator[Bus]:
    """A private session bus in `lab`."""
    with Bus(lab) as bus:
        yield bus


@pytest.fixture
def system_bus(lab: Lab) -> Iterator[Bus]:
    """A private system bus in `lab`."""
    with Bus(lab, "system") as bus:
        yield bus


@pytest.fixture
def xfce(tmp_path: Path) -> Iterator[XfceDesktop]:
    """A running XFCE desktop."""
    with XfceDesktop(tmp_path) as desktop:
        yield desktop


@pytest.fixture
def xembed(tmp_path: Path) -> Iterator[XembedDesktop]:
    """A running desktop whose tray knows XEmbed only."""
    with XembedDesktop(tmp_path) as desktop:
        yield desktop


def _skip_unless_installed(error: MissingProgramsError) -> None:
    # On a developer's machine without the packages the rest is still worth running; CI must not pass over anything.
    if os.environ.get("CI"):
        raise error
    pytest.skip(str(error))


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    """Skip a test whose desktop is not installed, with the names of the packages; fail it in CI."""
    try:
        return (yield)
    except MissingProgramsError as error:
        _skip_unless_installed(error)
        raise


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    """Do the same for a test that builds its desktop itself."""
    try:
        return (yield)
    except MissingProgramsError as error:
        _skip_unless_installed(error)
        raise
