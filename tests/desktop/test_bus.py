"""The shared D-Bus connection against a real, private bus."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import pytest
from jeepney import MessageType, new_method_return
from jeepney.io.blocking import open_dbus_connection

from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import Lab, wait_until
from traycoach.desktop.bus import Bus, CallFailed, Interface, Method, Property, close_buses, session_bus, system_bus
from traycoach.errors import Unavailable

NAME, PATH = "org.example.Clock", "/org/example/Clock"
LIMIT_S = 5.0


@pytest.fixture
def private(lab: Lab) -> Iterator[PrivateBus]:
    with PrivateBus(lab) as bus:
        yield bus


@pytest.fixture
def bus(private: PrivateBus) -> Iterator[Bus]:
    made = Bus("session", private.address).connect()
    yield made
    made.close()


@pytest.fixture
def other(private: PrivateBus) -> Iterator[Bus]:
    made = Bus("session", private.address).connect()
    yield made
    made.close()


def emit(listening: Bus, sending: Bus, *signal: Any) -> None:
    """Send a signal once the daemon surely knows what `listening` has subscribed to: one answer is a round trip."""
    listening.name_owner(NAME)
    sending.emit(*signal)


class Heard:
    """Collects what callbacks are told; `next` waits for one."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[Any] = SimpleQueue()

    def __call__(self, *what: Any) -> None:
        self.queue.put(what[0] if len(what) == 1 else what)

    def next(self, limit_s: float = LIMIT_S) -> Any:
        return self.queue.get(timeout=limit_s)

    @property
    def empty(self) -> bool:
        return self.queue.empty()


def clock_interface(waits: threading.Event | None = None) -> Interface:
    def fail() -> tuple[Any, ...]:
        raise ValueError("secret detail")

    def wrong() -> tuple[Any, ...]:
        return ("not a number",)

    def wait() -> tuple[Any, ...]:
        assert waits is not None
        waits.wait(LIMIT_S)
        return ()

    return Interface(
        NAME,
        {
            "Add": Method("ii", "i", lambda one, two: (one + two,)),
            "Fail": Method("", "", fail),
            "Wrong": Method("", "i", wrong),
            "Wait": Method("", "", wait),
        },
        {"Zone": Property("s", lambda: "UTC"), "Marks": Property("a(iiay)", lambda: [(1, 1, b"\xff\0\0\0")])},
        {"Ticked": "us"},
    )


@pytest.fixture
def clock(other: Bus) -> Bus:
    other.export(PATH, clock_interface())
    other.own_name(NAME)
    return other


def test_call_gives_the_results_of_an_exported_method(bus: Bus, clock: Bus) -> None:
    assert bus.call(NAME, PATH, NAME, "Add", "ii", (2, 40)) == (42,)


def test_properties_are_readable_one_by_one_and_together(bus: Bus, clock: Bus) -> None:
    assert bus.get_property(NAME, PATH, NAME, "Zone") == "UTC"
    (every,) = bus.call(NAME, PATH, "org.freedesktop.DBus.Properties", "GetAll", "s", (NAME,))
    assert every == {"Zone": ("s", "UTC"), "Marks": ("a(iiay)", [(1, 1, b"\xff\0\0\0")])}


def test_properties_cannot_be_set(bus: Bus, clock: Bus) -> None:
    with pytest.raises(CallFailed) as failed:
        bus.call(NAME, PATH, "org.freedesktop.DBus.Properties", "Set", "ssv", (NAME, "Zone", ("s", "CET")))
    assert failed.value.error == "org.freedesktop.DBus.Error.PropertyReadOnly"


def test_introspection_names_all_members_and_the_path_below(bus: Bus, clock: Bus) -> None:
    (xml,) = bus.call(NAME, PATH, "org.freedesktop.DBus.Introspectable", "Introspect")
    for word in ('"Add"', '"Zone"', '"Ticked"', '"a(iiay)"', '"GetAll"'):
        assert word in xml
    (root,) = bus.call(NAME, "/", "org.freedesktop.DBus.Introspectable", "Introspect")
    assert '<node name="org"/>' in root


@pytest.mark.parametrize(
    ("path", "member", "signature", "body", "error"),
    [
        (PATH, "Divide", "ii", (1, 2), "UnknownMethod"),
        (PATH, "Add", "s", ("two",), "InvalidArgs"),
        ("/nowhere", "Add", "ii", (1, 2), "UnknownObject"),
        (PATH, "Fail", "", (), "Failed"),
        (PATH, "Wrong", "", (), "Failed"),
    ],
)
def test_every_call_is_answered_even_a_wrong_one(
    bus: Bus, clock: Bus, path: str, member: str, signature: str, body: tuple[Any, ...], error: str
) -> None:
    with pytest.raises(CallFailed) as failed:
        bus.call(NAME, path, NAME, member, signature, body, limit_s=LIMIT_S)
    assert failed.value.error == f"org.freedesktop.DBus.Error.{error}"
    assert "secret detail" not in failed.value.reason
    assert bus.call(NAME, PATH, NAME, "Add", "ii", (1, 1)) == (2,)


def test_call_gives_up_after_its_limit_and_the_late_answer_does_no_harm(bus: Bus, other: Bus) -> None:
    gate = threading.Event()
    other.export(PATH, clock_interface(gate))
    other.own_name(NAME)
    with pytest.raises(Unavailable, match=r"did not answer Wait within 0\.05 s"):
        bus.call(NAME, PATH, NAME, "Wait", limit_s=0.05)
    gate.set()
    assert bus.call(NAME, PATH, NAME, "Add", "ii", (2, 3), limit_s=LIMIT_S) == (5,)


def test_call_never_starts_a_service_unasked(bus: Bus, private: PrivateBus) -> None:
    # xfconf is one of the services that the private bus could start
    with pytest.raises(CallFailed) as failed:
        bus.call("org.xfce.Xfconf", "/org/xfce/Xfconf", "org.xfce.Xfconf", "ListChannels")
    assert failed.value.error == "org.freedesktop.DBus.Error.NameHasNoOwner"
    assert not private.has_owner("org.xfce.Xfconf")


def test_a_body_that_does_not_fit_its_signature_is_a_loud_bug(bus: Bus, clock: Bus) -> None:
    with pytest.raises(Exception, match=r"."):
        bus.call(NAME, PATH, NAME, "Add", "ii", ("one", "two"))
    assert bus.call(NAME, PATH, NAME, "Add", "ii", (1, 2)) == (3,)


def test_calling_from_a_method_is_refused_instead_of_waiting_for_itself(bus: Bus, other: Bus) -> None:
    def ask() -> tuple[Any, ...]:
        return (other.name_owner(NAME),)

    other.export(PATH, Interface(NAME, {"Ask": Method("", "s", ask)}))
    with pytest.raises(CallFailed) as failed:
        bus.call(other.unique_name, PATH, NAME, "Ask", limit_s=LIMIT_S)
    assert failed.value.reason == "RuntimeError"


def test_name_watch_tells_the_present_owner_and_every_change(bus: Bus, other: Bus) -> None:
    heard = Heard()
    with bus.watch_name(NAME, heard):
        assert heard.next() == ""
        own = other.own_name(NAME)
        assert heard.next() == other.unique_name
        own.close()
        assert heard.next() == ""
        other.own_name(NAME)
        assert heard.next() == other.unique_name
    other.close()
    with bus.watch_name("org.example.Late", Heard()) as _:
        wait_until(lambda: not bus.name_owner(NAME), LIMIT_S, "the end of the name")
    assert heard.empty, "a closed watch was told"


def test_several_watch_the_same_name(bus: Bus, clock: Bus) -> None:
    first, second = Heard(), Heard()
    one = bus.watch_name(NAME, first)
    bus.watch_name(NAME, second)
    assert first.next() == second.next() == clock.unique_name
    one.close()
    clock.close()
    assert second.next() == ""
    assert first.empty


def test_signals_reach_whom_they_match(bus: Bus, clock: Bus) -> None:
    every, by_sender, other_path, by_argument = Heard(), Heard(), Heard(), Heard()
    bus.subscribe(every, interface=NAME)
    bus.subscribe(by_sender, interface=NAME, member="Ticked", sender=NAME)
    bus.subscribe(other_path, interface=NAME, path="/elsewhere")
    bus.subscribe(by_argument, interface=NAME, member="Named", arg0="noon")
    assert bus.name_owner(NAME) == clock.unique_name  # the rules are in place when this is answered
    emit(bus, clock, PATH, NAME, "Ticked", "us", (7, "seven"))
    emit(bus, clock, PATH, NAME, "Named", "s", ("midnight",))
    emit(bus, clock, PATH, NAME, "Named", "s", ("noon",))
    signal = every.next()
    assert (signal.sender, signal.path, signal.member, signal.body) == (clock.unique_name, PATH, "Ticked", (7, "seven"))
    assert by_sender.next().body == (7, "seven")
    assert by_argument.next().body == ("noon",)
    assert other_path.empty
    assert by_argument.empty


def test_signals_of_a_name_come_from_its_owner_only(bus: Bus, clock: Bus, private: PrivateBus) -> None:
    heard, owner = Heard(), Heard()
    bus.subscribe(heard, interface=NAME, sender=NAME)
    bus.subscribe(Heard(), interface=NAME)  # makes the bus deliver the stranger's signal to this process too
    bus.watch_name(NAME, owner)
    assert owner.next() == clock.unique_name
    stranger = Bus("session", private.address).connect()
    stranger.emit(PATH, NAME, "Ticked", "us", (1, "false"))
    assert stranger.name_owner(NAME)
    emit(bus, clock, PATH, NAME, "Ticked", "us", (2, "true"))
    assert heard.next().body == (2, "true")
    stranger.close()


def test_closed_subscription_hears_no_more(bus: Bus, clock: Bus) -> None:
    heard, witness = Heard(), Heard()
    subscription = bus.subscribe(heard, interface=NAME)
    bus.subscribe(witness, interface=NAME)
    subscription.close()
    subscription.close()
    emit(bus, clock, PATH, NAME, "Ticked", "us", (1, "one"))
    assert witness.next().body == (1, "one")
    assert heard.empty


def test_callbacks_may_call_and_a_failing_one_stops_nothing(
    bus: Bus, clock: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Heard()

    def fail(_: object) -> None:
        raise ValueError("a bug in a callback")

    def ask(_: object) -> None:
        heard(bus.call(NAME, PATH, NAME, "Add", "ii", (20, 22)))

    bus.subscribe(fail, interface=NAME)
    bus.subscribe(ask, interface=NAME)
    assert bus.name_owner(NAME)
    emit(bus, clock, PATH, NAME, "Ticked", "us", (1, "one"))
    assert heard.next() == (42,)
    assert "a bug in a callback" in caplog.text


def test_own_name_that_is_taken_is_refused(bus: Bus, clock: Bus) -> None:
    with pytest.raises(Unavailable, match="taken"):
        bus.own_name(NAME)


def test_bus_that_dies_is_told_and_everything_is_restored(private: PrivateBus) -> None:
    bus = Bus("session", private.address).connect()
    connection, owners, signals = Heard(), Heard(), Heard()
    bus.watch_connection(connection)
    bus.export(PATH, clock_interface())
    bus.own_name(NAME)
    bus.watch_name(NAME, owners)
    bus.subscribe(signals, interface=NAME, sender=NAME)
    assert owners.next() == bus.unique_name
    private.stop()
    assert connection.next() is False
    assert owners.next() == ""
    assert not bus.connected
    bus.emit(PATH, NAME, "Ticked", "us", (0, "into the void"))
    with pytest.raises(Unavailable, match="no session bus"):
        bus.call(NAME, PATH, NAME, "Add", "ii", (1, 2))
    private.start()
    assert connection.next(limit_s=15) is True
    assert owners.next() == bus.unique_name
    assert private.has_owner(NAME)
    assert private.call(NAME, PATH, NAME, "Add", "ii", (1, 2)) == (3,)
    bus.emit(PATH, NAME, "Ticked", "us", (1, "again"))
    assert signals.next().body == (1, "again")
    bus.close()


def test_call_under_way_when_the_bus_dies_raises_at_once(private: PrivateBus) -> None:
    caller, answerer = (Bus("session", private.address).connect() for _ in range(2))
    gate, asked = threading.Event(), Heard()

    def wait() -> tuple[Any, ...]:
        asked(True)
        gate.wait(LIMIT_S)
        return ()

    answerer.export(PATH, Interface(NAME, {"Wait": Method("", "", wait)}))
    failures = Heard()

    def call() -> None:
        try:
            caller.call(answerer.unique_name, PATH, NAME, "Wait", limit_s=60)
        except Unavailable as error:
            failures(error.reason)

    thread = threading.Thread(target=call)
    thread.start()
    assert asked.next()
    private.stop()
    assert "went away" in failures.next()
    gate.set()
    thread.join(LIMIT_S)
    caller.close()
    answerer.close()


def test_close_ends_both_threads(private: PrivateBus) -> None:
    before = set(threading.enumerate())
    bus = Bus("session", private.address).connect()
    told = Heard()
    bus.watch_name(NAME, told)
    assert told.next() == ""
    bus.close()
    assert set(threading.enumerate()) == before


def test_without_a_bus_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="DBUS_SESSION_BUS_ADDRESS is not set"):
        session_bus()
    for address in ("unix:path=/nonexistent/bus", "tcp:host=localhost,port=1", "nonsense"):
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        with pytest.raises(Unavailable, match="system bus cannot be reached"):
            system_bus()


def test_bus_that_is_awaited_has_everything_when_it_comes(lab: Lab) -> None:
    private = PrivateBus(lab)
    awaiting = Bus("session", private.address).connect(awaited=True)
    there, owners, heard = Heard(), Heard(), Heard()
    awaiting.watch_connection(there)
    awaiting.watch_name(NAME, owners)
    awaiting.subscribe(heard, interface=NAME)
    awaiting.export(PATH, clock_interface())
    awaiting.own_name(NAME)
    assert owners.next() == ""
    assert not awaiting.connected
    with pytest.raises(Unavailable, match="no session bus"):
        awaiting.call(NAME, PATH, NAME, "Now")
    with private:
        assert there.next(10) is True
        assert owners.next() == awaiting.unique_name
        other = Bus("session", private.address).connect()
        assert other.name_owner(NAME) == awaiting.unique_name
        emit(awaiting, other, PATH, NAME, "Ticked")
        assert heard.next().member == "Ticked"
        other.close()
        awaiting.close()


def test_bus_that_never_came_is_given_up_at_once(lab: Lab) -> None:
    before = set(threading.enumerate())
    Bus("session", f"unix:path={lab.folder}/none").connect(awaited=True).close()
    assert set(threading.enumerate()) == before


def test_who_does_not_await_the_bus_hears_that_there_is_none(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    private = PrivateBus(lab)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", private.address)
    awaited = session_bus(awaited=True)
    assert session_bus(awaited=True) is awaited
    with pytest.raises(Unavailable, match="session bus cannot be reached"):
        session_bus()
    there = Heard()
    awaited.watch_connection(there)
    with private:
        assert there.next(10) is True
        assert session_bus() is awaited
        close_buses()


def test_shared_connection_is_one_and_found_under_the_runtime_folder(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with PrivateBus(lab) as private:
        socket = private.address.removeprefix("unix:path=")
        (lab.runtime / "bus").symlink_to(socket)
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(lab.runtime))
        assert session_bus() is session_bus()
        assert session_bus().connected
        close_buses()


def test_system_bus_hands_over_file_descriptors(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with PrivateBus(lab, "system") as private:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", private.address)
        reader, writer = os.pipe()
        with open_dbus_connection(private.address, enable_fds=True) as giver:

            def give() -> None:
                while (message := giver.receive()).header.message_type is not MessageType.method_call:
                    pass
                giver.send(new_method_return(message, "h", (reader,)))

            thread = threading.Thread(target=give)
            thread.start()
            (received,) = system_bus().call(giver.unique_name, PATH, NAME, "Inhibit", limit_s=LIMIT_S)
            thread.join(LIMIT_S)
        os.write(writer, b"kept awake")
        with received.to_file("rb", buffering=0) as file:
            assert file.read(10) == b"kept awake"
        os.close(reader)
        os.close(writer)
        close_buses()


def test_a_namespace_takes_its_names_and_no_others(bus: Bus, other: Bus) -> None:
    heard: SimpleQueue[str] = SimpleQueue()
    bus.subscribe(lambda signal: heard.put(signal.body[0]), interface=NAME, arg0_namespace="org.player")

    for name in ("org.players", "org.player", "org", "org.player.radio"):
        emit(bus, other, PATH, NAME, "Said", "s", (name,))

    assert [heard.get(timeout=LIMIT_S) for _ in range(2)] == ["org.player", "org.player.radio"]
