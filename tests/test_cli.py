"""The command line: what it prints, where, and with which exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desktops.lab import Lab
from traycoach import __version__
from traycoach.cli import main
from traycoach.cli.output import progress
from traycoach.cli.parser import build_parser
from traycoach.control import claim
from traycoach.control.server import Server
from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome
from traycoach.core.rules import Posture
from traycoach.errors import Unavailable, UserError
from traycoach.history import History
from traycoach.messages import PROTOCOL, Reply, Request
from traycoach.paths import Paths, user_paths

ROOT = Path(__file__).parents[1]
NOON = datetime(2025, 2, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("TRAYCOACH_HOME", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "desktop"))
    for name in ("VISUAL", "EDITOR", "XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID"):
        monkeypatch.delenv(name, raising=False)
    return user_paths()


class Said:
    """What one command printed, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Say = Callable[..., Said]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def call(*words: str) -> Said:
        code = main(words)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call


class Coach:
    """Answers on the real control channel and remembers what it was asked."""

    def __init__(self, paths: Paths) -> None:
        self.heard: list[Request] = []
        self.answer: Reply | Exception = Reply(0, "Sitting for 24 min.", {"state": "sitting"})
        self._claim = claim(paths)
        self._server = Server(self._claim, self._handle)
        self._server.start()

    def _handle(self, request: Request) -> Reply:
        self.heard.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def close(self) -> None:
        self._server.close()
        self._claim.release()


@pytest.fixture
def coach(home: Paths) -> Iterator[Coach]:
    running = Coach(home)
    yield running
    running.close()


# --- verbs of the running coach ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "request_words"),
    [
        (["status"], ()),
        (["why"], ()),
        (["open"], ()),
        (["open", "history"], ("history",)),
        (["pause"], ()),
        (["pause", "30m"], ("30m",)),
        (["pause", "tomorrow"], ("tomorrow",)),
        (["resume"], ()),
        (["now"], ()),
        (["now", "hips-3"], ("hips-3",)),
        (["snooze"], ()),
        (["snooze", "meeting"], ("meeting",)),
        (["skip"], ()),
        (["stand"], ()),
        (["sit"], ()),
        (["here"], ()),
        (["away"], ()),
        (["away", "20m"], ("20m",)),
        (["quit"], ()),
    ],
    ids=" ".join,
)
def test_a_verb_reaches_the_coach_as_it_was_typed(
    say: Say, coach: Coach, words: list[str], request_words: tuple[str, ...]
) -> None:
    said = say(*words)
    assert (said.code, said.out, said.err) == (0, "Sitting for 24 min.\n", "")
    assert coach.heard == [Request(words[0], request_words)]


def test_json_gives_the_data_of_the_reply(say: Say, coach: Coach) -> None:
    assert say("status", "--json").data == {"state": "sitting"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (UserError("“soon” is no length of time."), 2),
        (Unavailable("There is nothing to snooze."), 1),
        (Reply(1, "Not now."), 1),
    ],
)
def test_a_refusal_goes_to_the_error_stream_with_its_code(
    say: Say, coach: Coach, answer: Reply | UserError | Unavailable, code: int
) -> None:
    coach.answer = answer
    said = say("snooze", "--json")
    assert (said.code, said.out) == (code, "")
    assert said.err == f"traycoach: {answer.text if isinstance(answer, Reply) else answer}\n"


@pytest.mark.parametrize("words", [["status"], ["why", "--json"], ["open"], ["pause", "30m"], ["quit"]], ids=" ".join)
def test_without_a_coach_one_sentence_says_so(say: Say, words: list[str]) -> None:
    said = say(*words)
    assert (said.code, said.out) == (1, "")
    assert said.err == "traycoach: The coach is not running. Start it with “traycoach”.\n"


def test_an_older_coach_is_to_be_restarted(say: Say, coach: Coach) -> None:
    coach.answer = Reply(0, "fine", protocol=PROTOCOL - 1)
    said = say("status")
    assert said.code == 1
    assert "The running coach is older than this command. Restart it" in said.err


def test_the_token_of_the_click_goes_with_the_request(say: Say, coach: Coach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-7")
    say("open", "status")
    assert coach.heard == [Request("open", ("status",), activation_token="token-7")]


def test_traycoach_alone_brings_up_the_window_of_the_running_one(say: Say, coach: Coach) -> None:
    coach.answer = Reply(0, "")
    said = say()
    assert (said.code, said.out, said.err) == (0, "", "")
    assert coach.heard == [Request("open", ("status",))]


# --- usage ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["statsu"], "“statsu” is not known here"),
        (["statsu"], "(did you mean “status”?)"),
        (["open", "cellar"], "known are status, history, routines, settings"),
        (["status", "--jsno"], "unrecognized arguments: --jsno"),
        (["config", "get"], "the following arguments are required: KEY"),
        (["config", "gte", "x"], "did you mean “get”?"),
        (["history", "--on", "yesterday"], "“yesterday” is no date"),
        (["history", "delete", "--before", "1.2.2025", "--yes"], "is no date"),
        (["history", "delete"], "say --yes"),
        (["completion", "tcsh"], "known are bash, zsh, fish"),
        (["simulate"], "DAY.toml"),
        (["simulate", "/nowhere/day.toml"], "/nowhere/day.toml"),
        (["replay", "/nowhere/log"], "/nowhere/log"),
        (["routines", "show", "nothing-at-all"], "nothing-at-all"),
        (["config", "set", "quiet.microphnoe", "true"], "quiet.microphone"),
        (["config", "schema", "nothing"], "no such setting"),
    ],
    ids=lambda part: part if isinstance(part, str) else " ".join(part),
)
def test_bad_usage_is_one_sentence_without_a_traceback(
    say: Say, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    said = say(*words)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith("traycoach: ")
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_help_and_version_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for words, shown in (["--version"], f"traycoach {__version__}"), (["pause", "--help"], "1h30m"):
        with pytest.raises(SystemExit) as ended:
            main(words)
        assert ended.value.code == 0
        assert shown in capsys.readouterr().out


def below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The verbs that may follow."""
    found = [action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found[0]) if found else {}


def test_every_verb_has_a_body_that_exists_and_reading_ones_have_json() -> None:
    def leaves(
        parser: argparse.ArgumentParser, path: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
        yield path, parser
        for name, inner in below(parser).items():
            yield from leaves(inner, (*path, name))

    reading = set()
    for path, parser in leaves(build_parser(), ()):
        module, _colon, name = parser.get_default("body").partition(":")
        assert callable(getattr(importlib.import_module(f"traycoach.cli.{module}"), name))
        if any("--json" in action.option_strings for action in parser._actions):
            reading.add(" ".join(path))
    assert reading >= {
        "status", "why", "routines list", "routines show", "routines check", "history", "report", "config path",
        "config show", "config check", "config get", "config schema", "autostart status", "simulate", "replay",
        "doctor",
    }  # fmt: skip


def test_the_manual_names_every_verb() -> None:
    manual = (ROOT / "docs" / "cli.md").read_text()
    for name, parser in below(build_parser()).items():
        assert f"`{name}" in manual, name
        for inner in below(parser):
            assert f"`{name} {inner}" in manual, f"{name} {inner}"


# --- history ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def recorded(home: Paths) -> Paths:
    with History(home.history) as history:
        history.record(
            RecordBout(Posture.SITTING, NOON, NOON + 52 * MINUTE, 52 * MINUTE),
            RecordBreak(NOON + 52 * MINUTE, NOON + 57 * MINUTE, 5 * MINUTE, True, ("stand",)),
            RecordOutcome(1, "stand", Outcome.SKIPPED, NOON, MINUTE, MINUTE),
        )
    return home


def test_history_shows_a_day_and_its_week(say: Say, recorded: Paths) -> None:
    said = say("history", "--on", "2025-02-05")
    assert "Wednesday, 2025-02-05" in said.out
    assert "1 of 2 breaks done" in said.out
    data = say("history", "--on", "2025-02-05", "--json").data
    assert data["on"] == "2025-02-05"
    assert data["days"][2]["longest_sit_s"] == 52 * 60
    assert data["days"][2]["outcomes"] == {"skipped": 1}


def test_report_gives_the_figures_of_the_week(say: Say, recorded: Paths) -> None:
    said = say("report", "--on", "2025-02-07")
    assert "2025-02-03 to 2025-02-09" in said.out
    assert "prompts: skipped 1" in said.out
    data = say("report", "--on", "2025-02-07", "--json").data
    assert (data["sat_for_s"], data["breaks_done"], data["breaks_planned"]) == (52 * 60, 1, 2)


def test_today_has_the_bout_under_way(say: Say, coach: Coach) -> None:
    coach.answer = Reply(0, "", {"sat_for_s": 600, "posture": "standing"})
    assert say("history", "--json").data["stood_for_s"] == 600
    coach.answer = Reply(0, "", {"sat_for_s": "?"})
    assert say("history", "--json").data["stood_for_s"] == 0


def test_history_without_any_is_a_page_and_makes_no_file(say: Say, home: Paths) -> None:
    assert say("history").code == 0
    assert not home.history.exists()


def test_deleting_needs_a_yes_and_tells_how_much_went(
    say: Say, recorded: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO("no\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    assert say("history", "delete").code == 1
    assert say("history", "delete", "--before", "2025-02-05", "--yes").out == "0 rows deleted.\n"
    assert say("history", "delete", "--yes").out == "3 rows deleted.\n"
    assert say("history", "--on", "2025-02-05", "--json").data["sat_for_s"] == 0


def test_export_writes_json_or_csv_by_the_name(say: Say, recorded: Paths, tmp_path: Path) -> None:
    assert say("history", "export", str(tmp_path / "all.csv")).code == 0
    assert (tmp_path / "all.csv").read_text().startswith("kind,began_at")
    assert say("history", "export", str(tmp_path / "all.json")).code == 0
    assert len(json.loads((tmp_path / "all.json").read_text())["bouts"]) == 1
    assert len(say("history", "export").data["breaks"]) == 1
    assert say("history", "export", "--format", "csv").out.startswith("kind,")
    assert (tmp_path / "all.csv").stat().st_mode & 0o077 == 0
    said = say("history", "export", str(tmp_path / "no" / "such" / "folder.json"))
    assert said.code == 1
    assert "cannot be written" in said.err


def test_a_history_that_cannot_be_read_is_one_sentence(say: Say, home: Paths) -> None:
    home.history.parent.mkdir(parents=True)
    home.history.write_bytes(b"no database, " * 1000)
    said = say("history")
    assert said.code == 1
    assert said.err.count("\n") == 1


# --- settings ---------------------------------------------------------------------------------------------------------


def test_config_tells_sets_and_unsets(say: Say, home: Paths) -> None:
    assert say("config", "path").out == f"{home.settings}\n"
    assert say("config", "path", "--json").data == {"path": str(home.settings), "exists": False}
    assert say("config", "get", "presence.idle_after").out == "60s\n"
    assert say("config", "set", "presence.idle_after", "90s").code == 0
    assert say("config", "get", "presence.idle_after", "--json").data == "90s"
    assert say("config", "show", "--json").data["presence"]["idle_after"] == "90s"
    assert say("config", "unset", "presence.idle_after").code == 0
    assert say("config", "get", "presence.idle_after").out == "60s\n"
    assert "idle_after" in say("config", "schema", "presence").out
    assert any(one["key"] == "presence.idle_after" for one in say("config", "schema", "--json").data)


def test_config_check_names_every_problem_with_its_line(say: Say, home: Paths) -> None:
    home.config.mkdir(parents=True)
    home.settings.write_text('version = 1\n[presence]\nidle_aftr = "60s"\naway_after = "soon"\n')
    said = say("config", "check")
    assert said.code == 2
    assert f"{home.settings}:3" in said.err
    assert f"{home.settings}:4" in said.err
    data = say("config", "check", "--json").data
    assert [one["line"] for one in data["problems"]] == [3, 4]
    home.settings.write_text("version = 1\n")
    assert say("config", "check").code == 0


def test_config_edit_opens_the_editor_and_checks_what_it_left(
    say: Say, home: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes = "import sys, pathlib; pathlib.Path(sys.argv[-1]).write_text({!r})"

    def editor(text: str) -> str:
        return f"{sys.executable} -c '{writes.format(text)}'".replace("'version", '"version').replace("1'", '1"')

    monkeypatch.setenv("EDITOR", editor("version = 1"))
    assert say("config", "edit").code == 0
    assert home.settings.read_text() == "version = 1"
    monkeypatch.setenv("VISUAL", "/nowhere/editor")
    assert "cannot be started" in say("config", "edit").err
    monkeypatch.setenv("VISUAL", "false")
    assert say("config", "edit").code == 1
    home.settings.write_text("nonsense")
    monkeypatch.setenv("VISUAL", "true")
    assert say("config", "edit").code == 2


# --- the rest ---------------------------------------------------------------------------------------------------------


def test_routines_are_listed_shown_and_checked(say: Say, home: Paths) -> None:
    listed = say("routines", "list", "--json").data["routines"]
    assert listed
    assert say("routines", "--json").data["routines"] == listed
    shown = say("routines", "show", listed[0]["id"], "--json").data
    assert shown["steps"]
    home.config.mkdir(parents=True, exist_ok=True)
    assert say("routines", "check", str(home.config)).code == 2, "there are none of one's own"


def test_autostart_is_switched_on_and_off(say: Say, tmp_path: Path) -> None:
    assert say("autostart").out == "The coach is not started at login.\n"
    assert say("autostart", "on", "--json").data["on"] is True
    assert (tmp_path / "desktop" / "autostart" / "traycoach.desktop").exists()
    assert say("autostart", "off").code == 0
    assert say("autostart", "status", "--json").data["on"] is False


def test_bash_completes_verbs_options_and_choices(say: Say, tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_text(say("completion", "bash").out)

    def completed(*words: str) -> set[str]:
        typed = " ".join(f"'{word}'" for word in ("traycoach", *words))
        lines = f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _traycoach; echo ${{COMPREPLY[@]}}"
        done = subprocess.run(["bash", "-c", lines], capture_output=True, text=True, check=True, cwd=tmp_path)
        return set(done.stdout.split())

    assert completed("sta") == {"status", "stand"}
    assert completed("config", "s") == {"show", "set", "schema"}
    assert completed("status", "--") == {"--help", "--json"}
    assert completed("open", "") >= {"status", "history", "routines", "settings"}
    assert completed("pause", "30m", "--j") == {"--json"}
    assert "completion" in completed("simulate", "comp")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_script_with_every_verb(say: Say, shell: str) -> None:
    script = say("completion", shell).out
    for verb in ("status", "simulate", "autostart", "schema"):
        assert verb in script


def test_a_reader_that_leaves_early_is_no_error() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m traycoach config schema | head -1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""


def test_a_terminal_that_cannot_show_a_character_shows_another() -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "traycoach", "status"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "traycoach: The coach is not running. Start it with ?traycoach?.\n"


def test_status_imports_no_more_than_it_needs() -> None:
    script = "import sys; from traycoach.cli import main; main(['status']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "traycoach.control" in loaded
    assert not loaded & {"traycoach.messages", "traycoach.core.events", "logging", "threading", "subprocess", "sqlite3"}
    assert not {
        name for name in loaded if name.partition(".")[0] in {"asyncio", "apscheduler", "PIL", "tomlkit", "Xlib"}
    }


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_long_work_draws_a_bar_on_a_terminal_and_takes_it_away() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        draw = progress("exporting", stream)
        for done in range(1001):
            draw(done, 1000)
    assert pipe.getvalue() == ""
    steps = terminal.getvalue().split("\r\x1b[K")[1:]
    assert len(steps) == 101
    assert steps[50].startswith("exporting ███████████████░")
    assert steps[-1] == ""


# --- the real coach ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [[], ["run"]], ids=["in the background", "in the foreground"])
def test_without_a_display_one_sentence_says_what_is_missing(words: list[str], home: Paths) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "traycoach", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "display" in done.stderr
    assert "make demo" in done.stderr


@pytest.mark.desktop
@pytest.mark.usefixtures("session_bus", "x_server")
def test_the_coach_starts_in_the_background_answers_and_quits(lab: Lab) -> None:
    traycoach = [sys.executable, "-m", "traycoach"]
    lab.environ["PYTHONPATH"] = str(ROOT)
    started = lab.run(traycoach, timeout=60)
    try:
        assert "The coach runs" in started.stdout
        status = json.loads(lab.run([*traycoach, "status", "--json"]).stdout)
        assert status["posture"] == "sitting"
        assert lab.run([*traycoach, "run"], check=False).returncode == 1
        assert lab.run([*traycoach, "run", "--login"]).stderr == ""
        assert lab.run([*traycoach, "pause", "1h"]).stdout.startswith("Paused")
    finally:
        assert lab.run([*traycoach, "quit"]).returncode == 0
    lab.wait_until(lambda: lab.run([*traycoach, "status"], check=False).returncode == 1, 10, "the end of the coach")
