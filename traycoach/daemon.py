"""The composition root: builds the parts, owns the threads, starts and stops them in order. Nothing else.

The main thread runs the tray's loop; one thread of ours runs the coach's loop (`coach_loop.py`). Sources, buses and the
window process have threads of their own that do nothing to others but post.
"""

from __future__ import annotations

import traycoach.no_network
import traycoach.spared_imports  # noqa: F401 - before anything imports APScheduler

# isort: split

import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from traycoach import __version__, clock, coach_state, control, memory, messages, seat, verbs
from traycoach.activity.chooser import InputWatch
from traycoach.activity.load import InputLoad, InputMeter
from traycoach.activity.session import SessionWatch
from traycoach.activity.sources import input_sources
from traycoach.alarm import ClockRules
from traycoach.coach_loop import CoachLoop
from traycoach.coach_state import Saved
from traycoach.control.server import Server
from traycoach.core import events
from traycoach.core.actions import Action, RecordBout, WarmWindows
from traycoach.core.coach import Coach
from traycoach.core.events import CoachStarted, Event
from traycoach.core.instant import Instant
from traycoach.core.picker import RoutineInfo
from traycoach.desktop import display
from traycoach.desktop.bus import close_buses, session_bus
from traycoach.desktop.x11 import SharedX11
from traycoach.errors import Unavailable, UserError
from traycoach.guards.desktop import DesktopGuards
from traycoach.guards.watch import GuardWatch
from traycoach.history import History
from traycoach.library import Library
from traycoach.messages import Request
from traycoach.notify import Notifications
from traycoach.paths import Paths, bundled, private, user_paths
from traycoach.perform import Performer
from traycoach.preferences import Preferences
from traycoach.presenting import Presenter, appearance_of
from traycoach.routines_view import MENU_ROWS, RoutinesDesk, in_menu_order
from traycoach.settings import Means, load, load_at_start
from traycoach.settings.watch import Watcher
from traycoach.simulate.recording import Recorder, head_of
from traycoach.status_view import end_card_facts, greeting, running_bouts, status_view
from traycoach.tray.linux import Tray
from traycoach.ui_process import UiProcess
from traycoach.voice import Voice

if TYPE_CHECKING:
    from traycoach.doctor import Inside

_log = logging.getLogger(__name__)
LOGIN_WAITS = timedelta(seconds=60)
SETTLES_AFTER = timedelta(seconds=15)


def run(*, login: bool = False) -> int:
    """Run the coach until it is told to quit; give the exit code.

    `login`: started by the desktop at login, so a display may come up to a minute later, a coach that runs already
    is no news, and one left over from another session makes way. Raises Unavailable where there is no display, or
    another coach runs.
    """
    paths = user_paths()
    try:
        claim = seat.take(paths, os.environ, login=login)
    except control.AlreadyRunning:
        if login:
            return 0
        raise
    memory.share_one_arena()
    try:
        display.wait_for(LOGIN_WAITS if login else timedelta(0))
        return Daemon(paths, claim).run()
    finally:
        claim.release()


class Daemon:
    """All parts of a running coach, wired together."""

    def __init__(self, paths: Paths, claim: control.Claim) -> None:
        self._paths = paths
        private(paths.state)
        started = load_at_start(paths.settings)
        self._settings = started.settings
        self._problems = started.problems
        self._library = Library.load(bundled("config"), paths.config)
        self._notices = self._make_notices()
        self._voice = Voice(self._notices)
        self._history = History(paths.history, self._settings.schedule.day_starts_at, self._voice.say)
        self._x11 = SharedX11()
        self._tray = Tray(
            self._tray_command,
            on_visible=self._icon_seen,
            tell=self._voice.tell,
            told=paths.state / "told-no-tray",
            bar=self._settings.bar.value,
            x11=self._x11,
        )
        self._windows = UiProcess(self._heard_window, self._windows_lost, self._windows_lost)
        self._presenter = Presenter(
            self._windows,
            self._notices,
            self._library,
            post=self.post,
            run_verb=self._window_verb,
            facts=self._facts,
            by_notification=self._by_notification,
            corner=lambda: self._settings.prompting.corner.value,
            appearance=lambda: appearance_of(self._settings),
            preferences=Preferences(paths.state / "preferences.json"),
            offers=lambda: self._settings.offers,
        )
        self._desk = RoutinesDesk(
            self._library,
            paths.settings,
            offers=lambda: self._settings.offers,
            send=self._windows.send,
            tell=self._voice.say,
            written=self._settings_written,
        )
        self._input = InputWatch(input_sources(self._x11), self.post)
        self._meter = InputMeter(self._settings.counts.value, self._x11)
        self._session = SessionWatch(self.post)
        self._reasons = DesktopGuards(self._settings.guards, self._x11, self.post, self._voice.calendar_problems)
        self._guards = GuardWatch(self._reasons.all, self.post, self._settings.guards.switches)
        self._loop = self._build_loop()
        self._verbs = verbs.Verbs(
            self.post,
            self._loop.ask,
            self._open,
            self._tray.stop,
            self._catalogue,
            self._inside,
            lambda: self._tray.visible,
            self._presenter.open_lesson,
        )
        self._server = Server(claim, self._handle)
        self._watcher: Watcher | None = None
        self._greets = self._saved is None

    # --- life ---------------------------------------------------------------------------------------------------------

    def run(self) -> int:
        """Start everything, run the tray on this thread until the end, stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self._tray.stop())
        self._presenter.appearance_changed()
        self._tray.set_routines(in_menu_order(self._catalogue(), self._settings.offers))
        self._input.start()
        with contextlib.suppress(OSError):  # told at the first event
            self._recorder.open()
        self._loop.start(self._first_event())
        self._meter.start()
        self._session.start()
        self._guards.start()
        self._server.start()
        self._notices.start()
        self._watch_settings()
        for problem in (*self._problems, *self._library.problems):
            _log.warning("%s", problem)
        if self._problems:
            self._voice.settings_problems(self._problems)
        _log.info("traycoach %s runs", __version__)
        memory.settle_later(SETTLES_AFTER)
        try:
            self._tray.run()
        finally:
            self._stop()
        return 0

    def _stop(self) -> None:
        parts: list[Callable[[], object]] = [
            self._server.close,
            self._guards.stop,
            self._session.stop,
            self._meter.stop,
            self._input.stop,
            lambda: self._loop.ask(lambda _coach, _now: self._save()),
            self._loop.stop,
            self._windows.stop,
            self._notices.close,
            self._history.close,
            self._recorder.close,
            self._x11.close,
            close_buses,
        ]
        if self._watcher is not None:
            parts.insert(1, self._watcher.close)
        for end in parts:
            try:
                end()
            except Exception:
                _log.exception("a part could not be stopped in order")  # the others still have to be
        _log.info("traycoach has ended")

    def post(self, event: Event) -> None:
        """Take an event from any part, in any thread."""
        self._loop.post(event)

    # --- the coach ----------------------------------------------------------------------------------------------------

    def _build_loop(self) -> CoachLoop:
        now = clock.now()
        saved = coach_state.load(self._paths.coach_state)
        self._saved = saved
        seed = int.from_bytes(os.urandom(4))
        schedule = self._settings.schedule
        catalogue = self._catalogue()
        coach = Coach(schedule, catalogue, saved.state if saved else None, seed, now)
        self._recorder = Recorder(
            self._paths.recording,
            lambda: head_of(clock.now(), seed, self._settings.schedule, self._catalogue(), coach.state, __version__),
        )
        performer = Performer(
            self._presenter,
            self._history,
            watch_idle=self._input.watch,
            update_tray=self._tray.show,
            tray_now=lambda: coach.tray(clock.now()),
            save=self._save,
            tell=lambda title, body: self._voice.say(body, title),
        )
        clock_rules = ClockRules(schedule, saved.seen_until.astimezone(now.wall.tzinfo) if saved else now.wall)
        return CoachLoop(coach, clock.system, clock_rules, performer, self._input.idle_for, self._done)

    def _first_event(self) -> CoachStarted:
        slept = self._saved is not None and clock.suspended_for() - self._saved.suspended_for > timedelta(seconds=1)
        return CoachStarted(clock.boot_id(), slept, self._input.idle_for())

    def _save(self) -> None:
        saved = Saved(self._loop.coach.state, clock.suspended_for(), self._loop.clock_rules.seen_until)
        coach_state.save(self._paths.coach_state, saved)

    def _done(self, event: Event, now: Instant, actions: list[Action]) -> None:
        if any(isinstance(action, RecordBout | WarmWindows) for action in actions):
            self._tell_load(now)  # a bout ended, or a routine will soon be chosen
            self._guards.look()
        if isinstance(event, events.SleepBegan):
            self._session.let_sleep()  # the state is saved by now
        if isinstance(event, events.ClockJumped | events.MachineSlept | events.SleepEnded):
            self._reasons.time_moved()
        try:
            self._recorder.record(event, now, actions)
        except OSError:
            _log.exception("the recording of events could not be written")

    def _tell_load(self, now: Instant) -> None:
        load = self._meter.take()
        if load == InputLoad():
            return
        self._history.record_load(now.wall, load.typing_minutes, load.pointing_minutes, load.keys, load.clicks)
        self.post(events.HandsUsed(load.typing_minutes, load.pointing_minutes))

    def _catalogue(self) -> tuple[RoutineInfo, ...]:
        return self._library.catalogue(self._settings.offers)

    # --- settings -----------------------------------------------------------------------------------------------------

    def _watch_settings(self) -> None:
        try:
            self._watcher = Watcher(self._paths.settings, self._read_settings)
        except Unavailable as error:
            _log.warning("edits of the settings are not noticed: %s", error.reason)

    def _read_settings(self) -> None:
        try:
            settings = load(self._paths.settings)
        except UserError as error:
            self._voice.settings_problems(error.problems)
            return
        before, self._settings = self._settings, settings
        self._history.day_starts_at = settings.schedule.day_starts_at
        self._reasons.change(settings.guards)
        self._guards.switch(settings.guards.switches)
        self._tray.set_bar(settings.bar.value)
        if settings.offers != before.offers:
            catalogue = self._catalogue()
            self.post(events.CatalogueChanged(catalogue))
            self._tray.set_routines(in_menu_order(catalogue, settings.offers))
            self._desk.refresh()
        if settings.appearance != before.appearance or settings.language != before.language:
            self._presenter.appearance_changed()
        if settings.schedule != before.schedule:
            self.post(events.SettingsChanged(settings.schedule))

    def _settings_written(self) -> None:
        if self._watcher is None:  # nobody else will notice
            self._read_settings()

    # --- what the user does -------------------------------------------------------------------------------------------

    def _tray_command(self, verb: str, words: tuple[str, ...], token: str) -> None:
        if verb == "default":
            due = self._loop.ask(verbs.standing).due
            verb, words = ("now", ()) if due else ("open", ("status",))
        self._run_verb(verb, words, token)

    def _window_verb(self, verb: str, words: tuple[str, ...]) -> None:
        # from the window process's thread, which must only hand over
        threading.Thread(target=self._run_verb, args=(verb, words, ""), name="verb", daemon=True).start()

    def _handle(self, request: Request) -> messages.Reply:
        if request.verb == "now":  # the click on the icon, or a hotkey: the window that follows may take the focus
            self._presenter.activation_token = request.activation_token
        return self._verbs.handle(request)

    def _run_verb(self, verb: str, words: tuple[str, ...], token: str) -> None:
        try:
            reply = self._handle(Request(verb, words, activation_token=token))
        except (Unavailable, UserError, TimeoutError) as error:
            self._voice.say(str(error))
            return
        if reply.code:
            self._voice.say(reply.text)

    def _open(self, what: str, token: str) -> None:
        from traycoach import opening, week_page  # seldom wanted, and a MiB together

        if what == "settings":
            if not self._paths.settings.exists():
                from traycoach.settings import edit  # brings tomlkit, which the daemon does without

                edit.create(self._paths.settings)
            opening.open_file(self._paths.settings, token)
        elif what == "history":
            running = self._loop.ask(lambda coach, now: running_bouts(coach.turn(now)))
            opening.open_file(week_page.write_week_page(self._history, self._paths, clock.now().wall, running), token)
        elif what == "routines":
            self._desk.show(token)
        else:
            self._presenter.show_status(self._status(), token)

    def _inside(self) -> Inside:
        from traycoach.doctor import Inside  # seldom asked for

        return Inside(
            self._input,
            self._x11,
            self._session,
            self._guards,
            lambda: self._reasons.problems,
            self._tray,
            self._notices,
            self._windows,
        )

    def _status(self) -> messages.StatusView:
        catalogue = in_menu_order(self._catalogue(), self._settings.offers, MENU_ROWS)
        return self._loop.ask(lambda coach, now: status_view(coach, now, self._history, catalogue))

    def _facts(self) -> tuple[tuple[str, str], ...]:
        # called in the coach's own thread, as it opens the routine
        return end_card_facts(self._loop.coach, clock.now(), self._history)

    def _heard_window(self, message: messages.FromWindows) -> None:
        if not self._desk.heard(message):
            self._presenter.heard(message)

    def _windows_lost(self) -> None:
        self._desk.lost()
        self._presenter.windows_lost()

    def _by_notification(self) -> bool:
        means = self._settings.prompting.by
        if means is Means.AUTO:
            return display.is_wayland()
        return means is Means.NOTIFICATION

    # --- what the user is told ----------------------------------------------------------------------------------------

    def _icon_seen(self, visible: bool) -> None:
        if visible and self._greets:  # where it never is, the notice of that is the greeting
            self._greets = False
            self._voice.tell(greeting(self._settings.schedule))

    def _make_notices(self) -> Notifications:
        return Notifications(
            session_bus(awaited=True),
            answered=lambda *answer: self._presenter.notice_answered(*answer),
            closed=lambda prompt: self._presenter.notice_closed(prompt),
            shown=lambda prompt: self.post(events.PromptShown(prompt)),
            failed=lambda prompt: self._presenter.notice_failed(prompt),
            lost=lambda prompt: self._presenter.notice_lost(prompt),
            opened=lambda token: self._run_verb("open", ("status",), token),
        )
