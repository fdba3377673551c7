"""Day scripts, the virtual desktop's parts, and recordings."""

from __future__ import annotations

import json
import stat
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from traycoach.core.coach import Coach
from traycoach.core.events import CoachStarted, Event, IdleBegan, InputResumed, SessionLocked, Woke
from traycoach.core.instant import MINUTE, SECOND, ZERO, Instant
from traycoach.errors import UserError
from traycoach.simulate import replay_main, simulate_main
from traycoach.simulate.desktop import VirtualDesktop
from traycoach.simulate.hands import Hands, Span
from traycoach.simulate.recording import Recorder, head_of, read_recording
from traycoach.simulate.script import parse_script
from traycoach.simulate.source import VirtualSource
from traycoach.simulate.timeline import first_difference, span_words
from traycoach.simulate.verbs import replay_recording

PLAIN = """
start = "2026-03-02 09:00"
zone = "Europe/Berlin"
only = ["stand"]
routines = ["hips: stand-up 2m"]
day = \"\"\"
09:00  typing until 09:30:10
09:30:15  answers start
09:32:25  typing until 10:05
\"\"\"
"""


START = Instant(timedelta(hours=1), datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Berlin")))


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


# --- hands ------------------------------------------------------------------------------------------------------------


def test_bursts_are_asked_for_their_edges() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(98), on=s(15), off=s(5)))

    assert hands.last_at(s(17)) == s(15)
    assert hands.next_at(s(17)) == s(20)
    assert hands.silent_at(s(1), s(3)) == s(18)
    assert hands.silent_at(s(1), s(10)) == s(105), "the span ends in a lull: its last burst ended at 95"


def test_a_silence_that_input_ends_at_the_same_moment_is_none() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(10)))
    hands.add(Span(s(13), s(20)))

    assert hands.silent_at(s(0), s(3)) == s(23)
    assert hands.silent_at(s(0), s(2)) == s(12)


def test_what_went_on_goes_on_after_a_rest() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(100)))
    hands.rest(s(20), s(50))

    assert hands.last_at(s(40)) == s(20)
    assert hands.next_at(s(40)) == s(50)
    assert hands.end == s(100)


def test_a_rest_leaves_later_input_alone() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(30)))
    hands.add(Span(s(30), s(60)))
    hands.rest(s(20), s(50))

    assert hands.next_at(s(25)) == s(30)


def test_a_click_in_a_lull_keeps_the_rhythm() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(100), on=s(15), off=s(5)))
    hands.press(s(17))

    assert hands.last_at(s(19)) == s(17)
    assert hands.next_at(s(18)) == s(20)
    assert hands.silent_at(s(21), s(3)) == s(38)


# --- the source -------------------------------------------------------------------------------------------------------


def edges(source: VirtualSource, until: timedelta) -> list[tuple[timedelta, Event]]:
    found: list[tuple[timedelta, Event]] = []
    at = ZERO
    while (edge := source.edge_at(at)) is not None and edge <= until:
        at = edge
        found.append((at, source.take(at)))
    return found


def test_source_tells_each_silence_and_its_end_once() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(100)))
    hands.add(Span(s(300), s(301)))
    source = VirtualSource(hands)
    source.watch(MINUTE)

    assert edges(source, s(1000)) == [
        (s(160), IdleBegan(MINUTE)),
        (s(300), InputResumed()),
        (s(361), IdleBegan(MINUTE)),
    ]


def test_source_tells_a_silence_that_is_already_long_at_once() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(100)))
    source = VirtualSource(hands)
    source.watch(MINUTE)
    assert source.edge_at(s(110)) == s(160)

    source.watch(3 * SECOND)

    assert source.edge_at(s(110)) == s(110)
    assert source.take(s(110)) == IdleBegan(s(10))


def test_source_is_silent_before_the_first_watch() -> None:
    hands = Hands()
    hands.add(Span(s(0), s(10)))

    assert VirtualSource(hands).edge_at(s(500)) is None


# --- scripts ----------------------------------------------------------------------------------------------------------


def test_all_problems_of_a_script_are_told_with_line_and_form() -> None:
    text = PLAIN.replace("09:32:25  typing until 10:05", "09:32:25  tiping until 10:05\n09:20 bump\n10:00 lock me")

    with pytest.raises(UserError) as caught:
        parse_script(text, "mine.toml")

    places = [(problem.file, problem.line) for problem in caught.value.problems]
    assert places == [("mine.toml", 9), ("mine.toml", 10), ("mine.toml", 11)]
    told = str(caught.value)
    assert "typing [25m | until 09:25]" in told
    assert "goes back" in told
    assert "lock [5m]" in told


@pytest.mark.parametrize(
    ("broken", "key", "words"),
    [
        (PLAIN.replace('only = ["stand"]', 'only = ["stnad"]'), "only", "did you mean “stand”"),
        (PLAIN.replace("zone =", "zoen ="), "zoen", "did you mean “zone”"),
        (PLAIN.replace("Europe/Berlin", "Europe/Bern-ish"), "zone", "Europe/Berlin"),
        (PLAIN.replace('"2026-03-02 09:00"', '"tomorrow"'), "start", "2026-03-02 09:00"),
        (PLAIN.replace("stand-up 2m", "stand-up"), "routines", "hips: stand-up 2m"),
        (PLAIN.replace("only =", 'show = ["promt"]\nonly ='), "show", "did you mean “prompt”"),
        (PLAIN + '[settings.budget]\napart = "soon"\n', "settings.budget.apart", "soon"),
        (PLAIN.replace("day =", "dya ="), "day", "missing"),
    ],
)
def test_a_bad_key_is_told_by_name(broken: str, key: str, words: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_script(broken, "mine.toml")

    assert key in [problem.key for problem in caught.value.problems]
    assert words in str(caught.value)


def test_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(UserError) as caught:
        parse_script('start = "2026-03-02 09:00"\nday = \n', "mine.toml")

    assert caught.value.problems[0].line == 2


@pytest.mark.parametrize(
    "line",
    [
        "09:00 working 3h lulls 30s every 20s",
        "09:00 working for ever",
        "09:00 clock 07:00",
        "09:00 zone Mars/Olympus",
        "09:00 meeting",
        "09:00 meeting until noon",
        "09:00 answers maybe",
        "09:00 tray coffee",
        "09:00 when card: dance",
        "09:00 when card start",
        "09:00 when card: start after lunch",
        "09:00 settings unknown",
        "09:00 sleep",
        "09:00 end now",
        "25:00 bump",
        "+5 bump",
        "nine typing",
        "09:00",
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_of_that_line(line: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_script(PLAIN.replace("09:30:15  answers start", line.replace("09:00", "09:31")), "mine.toml")

    assert 8 in [problem.line for problem in caught.value.problems]


def test_an_answer_to_nothing_is_told_in_the_timeline() -> None:
    script = parse_script(PLAIN.replace("09:30:15  answers start", "09:29 answers start"), "mine.toml")

    assert "09:29:00  script     no prompt is shown to answer with start" in list(VirtualDesktop(script).run().lines())


def test_printing_gives_text_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plain.toml"
    path.write_text(PLAIN)

    assert simulate_main([path]) == 0
    text = capsys.readouterr().out
    assert simulate_main([path], json=True) == 0
    data = json.loads(capsys.readouterr().out)

    assert text.splitlines()[0] == "09:30:13  prompt     stand card, sat 30m 13s"
    prompt = next(entry for entry in data if entry["kind"] == "prompt")
    assert prompt["at"] == "2026-03-02T09:30:13+01:00"
    assert prompt["rule"] == "stand"


def test_nothing_is_printed_if_any_script_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(PLAIN)
    bad.write_text("day = 3")

    with pytest.raises(UserError):
        simulate_main([good, bad, tmp_path / "none.toml"])

    assert capsys.readouterr().out == ""


def test_lengths_are_written_as_scripts_write_them() -> None:
    assert [span_words(s(value)) for value in (0, 59.9, 60, 3600, 3725)] == ["0s", "59s", "1m", "1h", "1h 2m 5s"]


def test_the_first_difference_of_two_timelines_is_named() -> None:
    assert first_difference(["# note", "", "a", "b…"], ["a", "bcd"]) is None
    assert first_difference(["a", "b"], ["a"]) == (2, "b", None)
    assert first_difference(["a"], ["a", "b"]) == (2, None, "b")


# --- recordings -------------------------------------------------------------------------------------------------------


def record(path: Path, text: str = PLAIN, **limits: int) -> VirtualDesktop:
    script = parse_script(text, "mine.toml")

    def begin() -> object:
        coach = desktop._coach
        fresh = desktop.events <= 1
        state = None if coach is None or fresh else coach.state
        return head_of(desktop.now, script.seed, script.schedule, script.catalogue, state, "0.1.0")

    desktop = VirtualDesktop(script, Recorder(path, begin, **limits))  # type: ignore[arg-type]
    desktop.run()
    return desktop


def test_a_recorded_day_replays_to_the_same_timeline(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    desktop = record(log)

    timeline, difference = replay_recording(log)

    assert difference is None
    assert list(timeline.lines()) == list(desktop.timeline.lines())
    assert replay_main(log) == 0


def test_a_recording_is_for_its_owner_only(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log)

    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_different_decision_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    lines = log.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if '"ShowPrompt"' in line)
    lines[place] = lines[place].replace('"rule":"stand"', '"rule":"sit-down"')
    log.write_text("\n".join(lines) + "\n")

    _timeline, difference = replay_recording(log)

    assert difference is not None
    assert difference.line == place + 1
    assert replay_main(log, json=True) == 1
    assert f"{log}:{place + 1}" in capsys.readouterr().err


def test_each_file_of_a_rotated_recording_replays_alone(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log, max_bytes=6_000, keep=3)
    files = sorted(tmp_path.iterdir())

    assert [file.name for file in files] == ["events.jsonl", "events.jsonl.1", "events.jsonl.2", "events.jsonl.3"]
    for file in files:
        _timeline, difference = replay_recording(file)
        assert difference is None, file.name


def test_a_recording_begun_in_the_middle_replays_from_there(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    script = parse_script(PLAIN, "mine.toml")
    coach = Coach(script.schedule, script.catalogue, None, 1, START)
    recorder = Recorder(log, lambda: head_of(START, 1, script.schedule, script.catalogue, coach.state, "0.1.0"))
    for event, now in (
        (CoachStarted("boot 1", slept=False, idle_for=ZERO), START),
        (Woke(ZERO), START.after(MINUTE)),
        (SessionLocked(), START.after(2 * MINUTE)),
    ):
        recorder.record(event, now, coach.handle(event, now))
    recorder.close()

    assert [type(one.event) for _line, one in read_recording(log)[1]] == [Woke, SessionLocked]
    assert replay_recording(log)[1] is None


def test_a_new_run_sets_the_old_recording_aside(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    old = log.read_bytes()
    record(log)

    assert (tmp_path / "events.jsonl.1").read_bytes() == old


def test_a_line_cut_off_by_a_crash_is_left_out(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    whole = log.read_text()
    log.write_text(whole[:-20])

    assert len(list(read_recording(log)[1])) == len(whole.splitlines()) - 2


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda text: "", None),
        (lambda text: "no json\n", 1),
        (lambda text: text.replace('"format":1', '"format":99', 1), 1),
        (lambda text: text.replace('"type":"Woke"', '"type":"Wok"', 1), None),
        (lambda text: text + "junk\n", None),
    ],
)
def test_what_is_no_recording_is_told(tmp_path: Path, change: object, line: int | None) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    log.write_text(change(log.read_text()))  # type: ignore[operator]

    with pytest.raises(UserError) as caught:
        replay_recording(log)

    assert caught.value.problems[0].file == str(log)
    assert line is None or caught.value.problems[0].line == line


def test_a_recording_without_actions_replays_without_comparison(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    head, *rest = [json.loads(line) for line in log.read_text().splitlines()]
    bare = [{key: value for key, value in line.items() if key != "actions"} for line in rest]
    log.write_text("".join(json.dumps(line) + "\n" for line in [head, *bare]))

    timeline, difference = replay_recording(log)

    assert difference is None
    assert "09:30:13  prompt     stand card, sat 30m 13s" in list(timeline.lines())


# --- the whole --------------------------------------------------------------------------------------------------------


def test_time_jumps_from_deadline_to_deadline() -> None:
    """A quiet weekend costs a handful of events, not one a second or a minute."""
    text = PLAIN.replace("09:32:25  typing until 10:05", "09:32:25 typing 1m\nthu 09:00 typing 1m")
    desktop = VirtualDesktop(parse_script(text, "mine.toml"))

    desktop.run()

    assert desktop.events < 200


def test_the_coach_sees_the_events_that_the_recording_holds(tmp_path: Path) -> None:
    log = tmp_path / "events.jsonl"
    record(log)
    head, heard = read_recording(log)
    kinds = [type(one.event) for _line, one in heard]

    assert head.wall == datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    assert kinds[0] is CoachStarted
    assert {Woke, IdleBegan, InputResumed} <= set(kinds)
