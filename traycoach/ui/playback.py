"""Gives time to the player of a routine and lets the page show what the player says, as often as it can be seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from traycoach.core.instant import ZERO
from traycoach.core.routine import READY_FOR, Moment, Phase, Player
from traycoach.memory import give_back
from traycoach.messages import OpenRoutineWindow, RoutineStep
from traycoach.text import ngettext
from traycoach.ui.exercise_words import explanation_of, feel_of, partner_of, title_of
from traycoach.ui.figure_painter import Stage
from traycoach.ui.picture import build_stage
from traycoach.ui.plan import Plan
from traycoach.ui.routine_page import RoutinePage
from traycoach.ui.stage_view import Change
from traycoach.ui.step_speech import step_sentence
from traycoach.ui.theme import Theme

FRAME_MS: Final = 33
CALM_MS: Final = 100
UNSEEN_MS: Final = 500
TEXT_SWAP_MS: Final = 120
PROGRESS_EVERY: Final = timedelta(seconds=5)
_BAKING: Final = 0.35
"""The share of its time that the window may take to prepare frames, until all are there."""
_SWELLS_FROM: Final = timedelta(seconds=3)


Clock = Callable[[], timedelta]


class Playback(QObject):
    """The routine being played on a page. `over` comes once, after the last step or `stop`.

    `levelled` gives an exercise's id and the level it was taken at; `passed` a moment that the ear may be told of.
    """

    progressed = Signal(float)
    spoken = Signal(str)
    levelled = Signal(str, str)
    passed = Signal(object)
    over = Signal()

    def __init__(
        self, theme: Theme, message: OpenRoutineWindow, page: RoutinePage, clock: Clock | None, parent: QObject
    ) -> None:
        """`clock` gives the time since any beginning; without one it is the window's own, begun now."""
        super().__init__(parent)
        self._theme = theme
        self._poses = message.poses
        self._page = page
        self._is_lesson = message.is_lesson
        self.plan = Plan(message.steps)
        self.now: Clock = clock or _steady_clock()
        self.player = Player(self.plan.for_player(), self.now(), ZERO if self._is_lesson else READY_FOR)
        self._stage_of: tuple[tuple[int, str], Stage | None] | None = None
        self._side_shown = ""
        self._stopped = False
        self._seen = False
        self._progress_told_at = self.now()
        self._baking_left_s = 0.0
        self._tick = QTimer(self)
        self._tick.setTimerType(Qt.TimerType.PreciseTimer)
        self._tick.timeout.connect(self.tick)
        self._text_swap = QTimer(self)
        self._text_swap.setSingleShot(True)
        self._text_swap.setInterval(TEXT_SWAP_MS)
        self._text_swap.timeout.connect(self._say_step)
        self._show_step(Change.AT_ONCE)
        self._say_step()

    def see(self, *, seen: bool) -> None:
        """Draw, or draw nothing because nobody sees it; the time goes on."""
        self._seen = seen
        self._set_pace()

    def restyle(self) -> None:
        """Take over a changed theme."""
        self._stage_of = None
        self._show_step(Change.AT_ONCE)
        self._set_pace()

    @property
    def pace_ms(self) -> int:
        """How often it wakes up at the moment, ms; 0: it does not."""
        return self._tick.interval() if self._tick.isActive() else 0

    # --- orders -----------------------------------------------------------------------------------------------------

    def toggle_pause(self) -> None:
        """Stop the countdown, or let it go on."""
        if self.player.paused:
            self.resume()
        else:
            self.pause()

    def pause(self) -> None:
        """Stop the countdown. The words of a step that is just coming are there at once: a reason may follow them."""
        self._pass(self.player.pause(self.now()))
        if self._text_swap.isActive():
            self._text_swap.stop()
            self._say_step()

    def resume(self) -> None:
        """Let the countdown go on; a reason for the pause is no longer shown."""
        self._pass(self.player.resume(self.now()))
        self._say_step()

    def next(self) -> None:
        """End this step early."""
        self._pass(self.player.next(self.now()))

    def back(self) -> None:
        """Restart this step; twice, go to the one before."""
        self._pass(self.player.back(self.now()))

    def skip(self) -> None:
        """Leave this step out."""
        self._pass(self.player.skip(self.now()))

    def stop(self) -> None:
        """End here. What has been done stays in the player."""
        if not self._stopped:
            self.player.advance(self.now())
            self._finish()

    def take_side(self, side: str) -> None:
        """Do the other side first, if it is yet to come: the two steps change places."""
        index = self.player.index
        partner = partner_of(self.steps, index)
        if partner is None or partner < index or self.steps[index].side == side:
            return
        self.plan.swap(index, partner)
        self._stage_of = None
        self.player.restart(self.now())
        self._come(Change.FLIP)

    def take_level(self, level: str) -> None:
        """Do the exercise easier or harder from here on; the share of the step that is over stays."""
        exercise = self.plan.exercise(self.player.index)
        if self._stopped or not self.plan.take_level(self.player.index, level):
            return
        self._stage_of = None
        moments = self.player.take_steps(self.plan.for_player(), self.now())
        self._come(Change.AT_ONCE if self._theme.reduced_motion else Change.FADE)
        self._pass(moments)
        self.levelled.emit(exercise, level)

    def read_step(self) -> None:
        """Have the screen reader say what this step is."""
        self.spoken.emit(step_sentence(self._as_seen(), self.player.index, lesson=self._is_lesson))

    # --- time -------------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Let the time pass until now."""
        self._pass(self.player.advance(self.now()))
        stage = self._page.stage.stage
        if stage is not None and self._seen and not self._theme.reduced_motion:
            self._bake(stage)

    def _bake(self, stage: Stage) -> None:
        """Prepare frames within the share of the time that is for it; who took more takes less the next times."""
        self._baking_left_s = min(0.0, self._baking_left_s) + self.pace_ms / 1000 * _BAKING
        if self._baking_left_s > 0.0:
            timer = QElapsedTimer()
            timer.start()
            stage.bake(self._baking_left_s, self._loop_at(stage))
            self._baking_left_s -= timer.nsecsElapsed() / 1e9

    def _pass(self, moments: tuple[Moment, ...]) -> None:
        """Carry out what happened, and show the present moment."""
        if self._stopped:
            return
        for moment in moments:
            self.passed.emit(moment)
        if Moment.OVER in moments:
            self.progressed.emit(1.0)
            self._finish()
            return
        if Moment.STEP_CAME in moments:
            self._come(self._change_to_current())
        elif self._step().side != self._side_shown:
            self._come(Change.FLIP)
        else:
            self._speak_time(moments)
            self._show_moment()
        if Moment.STEP_CAME in moments or self.now() - self._progress_told_at >= PROGRESS_EVERY:
            self._progress_told_at = self.now()
            self.progressed.emit(round(self.player.fraction, 3))
        self._set_pace()

    def _finish(self) -> None:
        self._stopped = True
        self._tick.stop()
        self._text_swap.stop()
        self._stage_of = None
        self.over.emit()

    def _set_pace(self) -> None:
        """Wake up as often as something can be seen to change, and no more."""
        if self._stopped or self.player.paused:
            self._tick.stop()
            return
        pace = UNSEEN_MS
        if self._seen:
            stage = self._page.stage.stage
            playing = self.player.phase is Phase.PLAYING and stage is not None
            moving = playing and stage is not None and stage.changes_in(self._loop_at(stage)) <= 0.0
            pace = FRAME_MS if moving and not self._theme.reduced_motion else CALM_MS
        if not self._tick.isActive() or self._tick.interval() != pace:
            self._tick.start(pace)

    def _loop_at(self, stage: Stage) -> float:
        return self.player.loop_at(stage.duration)

    @property
    def steps(self) -> list[RoutineStep]:
        """The steps as they are played."""
        return self.plan.steps

    def _as_seen(self) -> list[RoutineStep]:
        return self.plan.as_seen(self.player.index, self.player.share)

    def _step(self) -> RoutineStep:
        """Give the step at hand, on the side it is on now."""
        return self._as_seen()[self.player.index]

    # --- showing ----------------------------------------------------------------------------------------------------

    def _stage(self) -> Stage | None:
        """Give the figure of the step at hand. Only one is kept: its drawn frames take megabytes."""
        step = self._step()
        key = (self.player.index, step.side)
        if self._stage_of is None or self._stage_of[0] != key:
            self._stage_of = (key, build_stage(step.exercise, self._poses, step.side, self._theme))
        return self._stage_of[1]

    def _change_to_current(self) -> Change:
        shown = self._page.stage.stage
        stage = self._stage()
        turned = shown is not None and stage is not None and shown.clip.id == stage.clip.id and shown.side != stage.side
        return Change.FLIP if turned else Change.FADE

    def _come(self, change: Change) -> None:
        self._text_swap.start()
        self._show_step(change)
        self.read_step()

    def _show_step(self, change: Change) -> None:
        index = self.player.index
        partner = partner_of(self.steps, index)
        self._side_shown = self._step().side
        stage = self._stage()
        if stage is not self._page.stage.stage:
            self._page.stage.show_stage(stage, change)
            give_back()  # the frames of the step before are gone
        self._page.show_levels(self.plan.levels(index), self.plan.level(index))
        self._page.show_sides(self._side_shown, can_change=partner is not None and partner > index)
        self._page.next_up.show_next(self.steps, index)
        self._show_moment()

    def _say_step(self) -> None:
        step = self._step()
        self._say_cue()
        self._page.say_step(explanation_of(step), feel_of(step))

    def _say_cue(self) -> None:
        if self._text_swap.isActive():
            return
        stage = self._page.stage.stage
        cue = ""
        if stage is not None and self.player.phase is Phase.PLAYING and not self._is_lesson:
            cue = stage.cue(self._loop_at(stage))
        self._page.cue.setText(cue or title_of(self.steps[self.player.index]))

    def _show_moment(self) -> None:
        player, page = self.player, self._page
        page.say_place(player.index + 1, len(self.steps), player.total_left_for)
        page.bar.show_steps(player.states, player.index, player.share)
        page.show_paused(paused=player.paused)
        self._say_cue()
        stage = page.stage.stage
        if stage is not None and self._seen:
            page.stage.show_moment(self._loop_at(stage), arrows=player.phase is Phase.PLAYING)
        self._show_ring()

    def _show_ring(self) -> None:
        player, ring, step = self.player, self._page.ring, self.player.step
        if player.phase is Phase.READY:
            ring.show_seconds(player.seconds_shown, 1.0)
        elif step.reps is not None:
            of_a_turn = step.reps // step.turns
            ring.show_reps((player.rep_shown - 1) % of_a_turn + 1, of_a_turn, player.share)
        elif self._theme.reduced_motion:
            ring.show_seconds(player.seconds_shown, player.seconds_shown / step.time.total_seconds())
        else:
            swells_for = round(max(0.0, (_SWELLS_FROM - player.left_for).total_seconds()), 1)
            ring.show_seconds(player.seconds_shown, 1.0 - player.share, swell_for=swells_for)

    def _speak_time(self, moments: tuple[Moment, ...]) -> None:
        """Time is said at half, at ten seconds and nowhere else: a running count would drown the instructions."""
        if Moment.HALF in moments or Moment.TEN_LEFT in moments:
            seconds = self.player.seconds_shown
            words = ngettext("{seconds} second left", "{seconds} seconds left", seconds)
            self.spoken.emit(words.format(seconds=seconds))


def _steady_clock() -> Clock:
    """Give a clock that begins now; on Linux and macOS it stands while the machine sleeps."""
    timer = QElapsedTimer()
    timer.start()
    return lambda: timedelta(microseconds=timer.nsecsElapsed() // 1000)
