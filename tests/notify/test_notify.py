"""Notifications against a server on a real private bus, and against the real XFCE server with a real pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from PIL import ImageChops

from tests.desktops.lab import Bus as PrivateBus
from tests.desktops.lab import Lab, XfceDesktop
from tests.notify.server import Server
from tests.tray.stage import HandClock
from traycoach import clock
from traycoach.core.actions import Prompt, SnoozeChoice, Tell
from traycoach.core.events import Answer
from traycoach.core.rules import Look, Posture
from traycoach.desktop.bus import Bus
from traycoach.notify import SERVER, Notifications

FIVE = timedelta(minutes=5)
CARD = Prompt(
    id=7,
    rule="stand",
    look=Look.CARD,
    headline="You've been sitting 52 min",
    line="Two minutes for hips & back? No <floor>, no kit.",
    sat_for=timedelta(minutes=52),
    routine="hips-and-back",
    routine_length=timedelta(minutes=2),
    snoozes=(SnoozeChoice(FIVE, datetime(2026, 11, 22, 14, 47, tzinfo=UTC)),),
)
NOTICE = replace(CARD, id=8, look=Look.NOTICE, length=timedelta(seconds=30))


class Heard:
    def __init__(self, bus: Bus, **options: Any) -> None:
        self.events: SimpleQueue[tuple[Any, ...]] = SimpleQueue()
        self.notifications = Notifications(
            bus,
            answered=lambda *what: self.events.put(("answered", *what)),
            closed=lambda prompt: self.events.put(("closed", prompt)),
            shown=lambda prompt: self.events.put(("shown", prompt)),
            failed=lambda prompt: self.events.put(("failed", prompt.id)),
            lost=lambda prompt: self.events.put(("lost", prompt)),
            opened=lambda token: self.events.put(("opened", token)),
            **options,
        )
        self.notifications.start()

    def next(self) -> tuple[Any, ...]:
        return self.events.get(timeout=5)


@pytest.fixture
def private(lab: Lab) -> Iterator[PrivateBus]:
    with PrivateBus(lab, activation=False) as bus:
        yield bus


@pytest.fixture
def bus(private: PrivateBus) -> Iterator[Bus]:
    made = Bus("session", private.address).connect()
    yield made
    made.close()


@pytest.fixture
def new_server(private: PrivateBus) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(*capabilities: str) -> Server:
        made.append(Server(private.address, capabilities) if capabilities else Server(private.address))
        return made[-1]

    yield make
    for server in made:
        server.stop()


@pytest.fixture
def heard(bus: Bus) -> Iterator[Heard]:
    made = Heard(bus)
    yield made
    made.notifications.close()


def keys(actions: list[str]) -> list[str]:
    return actions[::2]


def test_card_has_its_buttons_and_no_markup_gets_through(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.show_prompt(CARD)
    _, app, replaces, icon, title, body, actions, hints, length_ms = server.next()
    assert (app, replaces, length_ms) == ("traycoach", 0, 0)
    assert Path(icon.removeprefix("file://")).exists()
    assert title == "You've been sitting 52 min"
    assert body == "Two minutes for hips &amp; back? No &lt;floor&gt;, no kit."
    assert keys(actions) == ["default", "start", "snooze", "skip", "getting-up"]
    assert actions[1::2][1:] == ["Start (2 min)", "Snooze 5 min", "Skip", "I'm getting up"]
    assert hints["desktop-entry"] == ("s", "traycoach")
    assert heard.next() == ("shown", 7)


def test_server_that_shows_the_default_as_a_button_gets_one_start(heard: Heard, private: PrivateBus) -> None:
    server = Server(private.address, name="Xfce Notify Daemon")
    heard.notifications.show_prompt(CARD)
    assert server.next()[6][:4] == ["default", "Start (2 min)", "snooze", "Snooze 5 min"]
    server.stop()


def test_body_is_not_escaped_for_a_server_without_markup(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server("body")
    heard.notifications.show_prompt(CARD)
    assert heard.next() == ("failed", 7), "a card without buttons is no question"
    heard.notifications.show_prompt(CARD, plain=True)
    shown = server.next()
    assert shown[5] == CARD.line
    assert shown[6] == [], "a server without actions was given buttons"
    assert heard.next() == ("shown", 7)
    assert "buttons" in heard.notifications.refused


def test_notice_lasts_its_length_and_only_opens_on_a_click(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.show_prompt(NOTICE)
    shown = server.next()
    assert keys(shown[6]) == ["default"]
    assert shown[8] == 30_000
    assert shown[7]["transient"] == ("b", True)


@pytest.mark.parametrize(
    ("key", "answer", "snooze_for"),
    [
        ("default", Answer.START, None),
        ("start", Answer.START, None),
        ("snooze", Answer.SNOOZE, FIVE),
        ("skip", Answer.SKIP, None),
        ("getting-up", Answer.GETTING_UP, None),
    ],
)
def test_button_is_an_answer_and_the_notification_goes(
    heard: Heard, new_server: Callable[..., Server], key: str, answer: Answer, snooze_for: timedelta | None
) -> None:
    server = new_server()
    heard.notifications.show_prompt(CARD)
    number = server.next()[0]
    assert heard.next() == ("shown", 7)
    server.press(number, key, token="token-1")
    assert heard.next() == ("answered", 7, answer, snooze_for, "token-1")
    assert server.closed.get(timeout=5) == number
    server.press(number, key)
    heard.notifications.show_prompt(NOTICE)
    assert heard.next() == ("shown", 8), "the same button counted twice"


def test_prompt_that_asks_to_sit_down_says_so(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.show_prompt(replace(CARD, routine=None, posture_asked=Posture.SITTING, snoozes=()))
    shown = server.next()
    assert shown[6] == ["skip", "Skip", "getting-up", "I'm sitting down"]


@pytest.mark.parametrize("reason", [1, 2, 4])
def test_prompt_closed_by_another_is_told(heard: Heard, new_server: Callable[..., Server], reason: int) -> None:
    server = new_server()
    heard.notifications.show_prompt(CARD)
    number = server.next()[0]
    assert heard.next() == ("shown", 7)
    server.close_by(number + 100, reason)
    server.close_by(number, reason)
    assert heard.next() == ("closed", 7)


def test_withdrawn_prompt_goes_without_a_word(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.show_prompt(CARD)
    number = server.next()[0]
    assert heard.next() == ("shown", 7)
    heard.notifications.withdraw_prompt(99)
    heard.notifications.withdraw_prompt(7)
    assert server.closed.get(timeout=5) == number
    assert server.closed.empty()
    heard.notifications.show_prompt(NOTICE)
    assert heard.next() == ("shown", 8), "our own withdrawal was taken for the user's"


def test_prompt_does_not_outlive_the_program(private: PrivateBus, new_server: Callable[..., Server]) -> None:
    server = new_server()
    bus = Bus("session", private.address).connect()
    heard = Heard(bus)
    heard.notifications.show_prompt(CARD)
    number = server.next()[0]
    heard.notifications.close()
    bus.close()
    assert server.closed.get(timeout=5) == number


def test_new_prompt_takes_the_place_of_the_shown_one(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.show_prompt(CARD)
    number = server.next()[0]
    heard.notifications.show_prompt(NOTICE)
    assert server.next()[:3] == (number, "traycoach", number)


def test_at_login_the_prompt_waits_for_the_server_and_starts_none(
    heard: Heard, new_server: Callable[..., Server]
) -> None:
    heard.notifications.show_prompt(CARD)
    heard.notifications.tell(Tell("Hello", "I'm here."))
    assert heard.notifications.able, "it may be on its way"
    assert "Nobody" in heard.notifications.refused or "nobody" in heard.notifications.refused
    server = new_server()
    assert server.next()[4] == CARD.headline
    assert server.next()[4] == "Hello"
    assert heard.next() == ("shown", 7)
    assert heard.notifications.refused == ""


def test_prompt_withdrawn_before_the_server_came_is_never_shown(
    heard: Heard, new_server: Callable[..., Server]
) -> None:
    heard.notifications.show_prompt(CARD)
    heard.notifications.withdraw_prompt(7)
    heard.notifications.tell(Tell("Hello", "I'm here."))
    server = new_server()
    assert server.next()[4] == "Hello"
    assert server.notified.empty()


def test_server_that_restarts_gets_the_prompt_again(heard: Heard, new_server: Callable[..., Server]) -> None:
    first = new_server()
    heard.notifications.show_prompt(CARD)
    first.next()
    assert heard.next() == ("shown", 7)
    first.stop()
    second = new_server()
    number = second.next()[0]
    assert heard.next() == ("shown", 7)
    second.press(number, "skip")
    assert heard.next() == ("answered", 7, Answer.SKIP, None, "")


@pytest.fixture
def impatient(bus: Bus) -> Iterator[Heard]:
    made = Heard(bus, start_after=timedelta(0), back_within=timedelta(0))
    yield made
    made.notifications.close()


def test_prompt_that_no_server_will_show_is_given_back(
    bus: Bus, impatient: Heard, new_server: Callable[..., Server]
) -> None:
    impatient.notifications.show_prompt(CARD)
    assert impatient.next() == ("failed", 7)
    assert not impatient.notifications.able
    new_server()
    assert bus.name_owner(SERVER), "the word of a new owner came before this answer"
    impatient.notifications.show_prompt(NOTICE)
    assert impatient.next() == ("shown", 8), "what was given back came up after all"


def test_notice_needs_no_buttons(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server("body")
    heard.notifications.show_prompt(NOTICE)
    assert server.next()[6] == []
    assert heard.next() == ("shown", 8)


def test_server_that_goes_for_good_under_a_prompt_loses_it(impatient: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    impatient.notifications.show_prompt(CARD)
    server.next()
    assert impatient.next() == ("shown", 7)
    server.stop()
    assert impatient.next() == ("lost", 7)
    again = new_server()
    impatient.notifications.tell(Tell("Hello", ""))
    assert again.next()[4] == "Hello", "what was lost came up after all"


def test_server_that_refuses_gives_the_prompt_back(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    server.refuses = True
    heard.notifications.show_prompt(CARD)
    assert heard.next() == ("failed", 7)


def test_click_on_what_was_told_opens_the_coach(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.tell(Tell("traycoach is running without an icon", ""))
    number, *_, actions, hints, _length_ms = server.next()
    assert actions == ["default", "Open", "open", "Open"]
    assert hints["urgency"] == ("y", 1), "GNOME shows nothing that is less"
    server.press(number, "open", token="token-1")
    assert heard.next() == ("opened", "token-1")
    assert server.closed.get(timeout=5) == number
    server.press(number, "open")
    heard.notifications.show_prompt(CARD)
    assert heard.next() == ("shown", 7), "the same click counted twice"


def test_token_of_one_notification_is_not_given_to_another(heard: Heard, new_server: Callable[..., Server]) -> None:
    server = new_server()
    heard.notifications.tell(Tell("Hello", ""))
    number = server.next()[0]
    heard.notifications.show_prompt(CARD)
    prompt = server.next()[0]
    assert heard.next() == ("shown", 7)
    server.bus.emit("/org/freedesktop/Notifications", SERVER, "ActivationToken", "us", (number, "token-1"))
    server.press(prompt, "start")
    assert heard.next() == ("answered", 7, Answer.START, None, "")


def test_what_was_told_is_taken_back(heard: Heard, new_server: Callable[..., Server]) -> None:
    never = heard.notifications.tell(Tell("Never", ""))
    never()
    server = new_server()
    take_back = heard.notifications.tell(Tell("Hello", ""))
    number, *_, title = server.next()[:5]
    assert title == "Hello"
    take_back()
    assert server.closed.get(timeout=5) == number
    take_back()
    heard.notifications.tell(Tell("Goodbye", ""))
    assert server.next()[4] == "Goodbye"
    assert server.closed.empty()


def test_old_news_is_no_news(bus: Bus, new_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    hand = HandClock()
    monkeypatch.setattr(clock, "now", hand.now)
    heard = Heard(bus)
    heard.notifications.tell(Tell("Old", ""))
    bus.name_owner(SERVER)
    hand.steady += timedelta(minutes=10)
    heard.notifications.tell(Tell("New", ""))
    assert new_server().next()[4] == "New"
    heard.notifications.close()


def test_server_on_demand_is_started_after_the_wait(lab: Lab) -> None:
    services = lab.folder / "services"
    with PrivateBus(lab) as private:
        started = lab.folder / "started"
        command = f"/usr/bin/touch {started}"
        (services / "notify.service").write_text(
            f"[D-BUS Service]\nName=org.freedesktop.Notifications\nExec={command}\n"
        )
        bus = Bus("session", private.address).connect()
        private.call("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "ReloadConfig")
        patient = Heard(bus, start_after=timedelta(minutes=5))
        patient.notifications.show_prompt(CARD)
        assert bus.name_owner("org.freedesktop.Notifications") == ""
        assert not started.exists()
        soon = Heard(bus, start_after=timedelta(0))
        soon.notifications.tell(Tell("Hello", ""))
        lab.wait_until(started.exists, 10, "the start of the server")
        patient.notifications.close()
        soon.notifications.close()
        bus.close()


@pytest.mark.desktop
def test_real_server_shows_the_card_and_its_button_is_pressed(tmp_path: Path) -> None:
    with XfceDesktop(tmp_path, "640x400", panel=False) as desktop:
        bus = Bus("session", desktop.bus.address).connect()
        heard = Heard(bus)
        before = desktop.picture().convert("RGB")
        heard.notifications.show_prompt(CARD)
        assert heard.next() == ("shown", 7)
        assert "actions" in heard.notifications.capabilities

        def box() -> tuple[int, int, int, int] | None:
            found = ImageChops.difference(before, desktop.picture().convert("RGB")).getbbox()
            return found if found is not None and found[3] - found[1] > 60 else None

        left, _, right, bottom = desktop.wait_until(box, 5, "the notification")
        desktop.wait_until(lambda: box() == (left, _, right, bottom), 5, "the notification to stand")
        # the buttons stand in one row along the lower edge: the first is Start
        x = left + 20
        while heard.events.empty() and x < right:
            desktop.x_server.pointer.click(x, bottom - 20)
            bus.name_owner("org.freedesktop.Notifications")
            x += 24
        event = heard.next()
        assert event[:2] == ("answered", 7)
        heard.notifications.close()
        bus.close()
