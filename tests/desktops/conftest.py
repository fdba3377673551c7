"""Every test in this folder starts a private desktop; those of the matrix share one, and their results are kept."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.desktops.driver import DESKTOPS, Aspect, Driver, driver_class
from tests.desktops.matrix import RESULTS, Result, Verdict

HERE = Path(__file__).parent
VERSION = pytest.StashKey[str]()
FAILED = pytest.StashKey[bool]()
SHARED = pytest.StashKey["SharedDesktop"]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not desktop"` leaves the slow ones out; sort those of the matrix."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.desktop)
    names = list(DESKTOPS)
    places = [place for place, item in enumerate(items) if _cell_of(item)]
    by_desktop = sorted((items[place] for place in places), key=lambda item: names.index(_cell_of(item)[0]))
    for place, item in zip(places, by_desktop, strict=True):
        items[place] = item


class SharedDesktop:
    """The desktop that tests of the matrix share: the newest one, as long as they ask for it and pass."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._name = ""
        self._driver: Driver | None = None

    def started(self, name: str) -> Driver:
        """Give this desktop, running."""
        if self._driver is None or self._name != name:
            self.fresh(name).start()
            self._name = name
        assert self._driver is not None
        return self._driver

    def fresh(self, name: str) -> Driver:
        """Give this desktop, not started, for one test."""
        self.end()
        self._name, self._driver = "", driver_class(name)(self._folders.mktemp(name))
        return self._driver

    def end(self) -> None:
        """End the desktop; the next one who asks gets a new one."""
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.stop()


@pytest.fixture(scope="session")
def shared_desktop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedDesktop]:
    """Keep one desktop of the matrix."""
    shared = request.session.stash[SHARED] = SharedDesktop(tmp_path_factory)
    yield shared
    shared.end()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the shared desktop as soon as the next test has no use for it."""
    shared = item.session.stash.get(SHARED, None)
    if shared is not None and (nextitem is None or _cell_of(nextitem)[:1] != _cell_of(item)[:1]):
        shared.end()


@pytest.fixture
def driver(request: pytest.FixtureRequest, shared_desktop: SharedDesktop) -> Iterator[Driver]:
    """Give the desktop of this cell of the matrix: running, or for the login not yet."""
    name, aspect = request.param
    own = aspect is Aspect.LOGIN
    found = shared_desktop.fresh(name) if own else shared_desktop.started(name)
    if not own:
        request.node.stash[VERSION] = found.version()
    yield found
    failed = request.node.stash.get(FAILED, True)
    if failed:
        with suppress(Exception):  # a desktop that crashed shows nothing
            found.picture().save(RESULTS / f"{name}-{request.node.originalname}.png")
    if failed or own:
        shared_desktop.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write down how a test of the matrix ended."""
    report = yield
    cell = _cell_of(item)
    if cell and (report.when == "call" or not report.passed):
        item.stash[FAILED] = not report.passed
        name, aspect = cell
        test = item.name.partition("[")[0]
        Result(name, aspect.name, test, Verdict(report.outcome), item.stash.get(VERSION, "")).write()
    return report


def _cell_of(item: pytest.Item) -> Any:
    """Give the desktop and the aspect of a test of the matrix; nothing for any other."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("driver", ()) if callspec and item.path == HERE / "test_matrix.py" else ()
