"""`traycoach routines export`: painted offscreen by a child, encoded here; what comes out opens and shows the thing."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image, ImageSequence

from tests.test_library import BREAK, NOD
from traycoach.cli import main
from traycoach.cli.export import Painted, appearance, painted, subject
from traycoach.cli.export_files import gif
from traycoach.cli.output import progress
from traycoach.errors import Unavailable, UserError
from traycoach.figure.clip import parse_clip
from traycoach.library import Library

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRAYCOACH_HOME", str(tmp_path / "home"))
    # no display may be needed
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "home" / "config"
    config.mkdir(parents=True)
    return config


def export(name: str, kind: str, out: Path, *more: str) -> int:
    return main(["routines", "export", name, f"--{kind}", str(out), *more])


def colours(image: Image.Image) -> int:
    return len(image.convert("RGB").getcolors(1 << 20) or ())


# --- the animation ----------------------------------------------------------------------------------------------------


def test_animation_lasts_as_long_as_the_movement_and_moves(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "squeeze.gif"
    assert export("scap-squeeze", "gif", out) == 0
    assert capsys.readouterr().out == f"{out}: {round(out.stat().st_size / 1000)} kB\n"
    library = Library.load()
    clip = parse_clip(library.exercise("scap-squeeze"), library.poses())
    holds = sum(min(3.0, move.hold) for move in clip.moves)
    seconds = holds + sum(move.time for move in clip.moves)
    with Image.open(out) as image:
        assert image.info["loop"] == 0, "for ever"
        assert image.size[0] == 400
        frames = []
        lasts = 0
        for frame in ImageSequence.Iterator(image):
            lasts += frame.info["duration"]
            frames.append(frame.convert("RGB").tobytes())
    assert lasts / 1000 == pytest.approx(seconds, rel=0.08)
    assert len(set(frames)) > 10


def test_both_sides_of_an_exercise_are_in_its_animation_mirrored(tmp_path: Path) -> None:
    out = tmp_path / "side.gif"
    assert export("figure4-seated", "gif", out) == 0
    with Image.open(out) as image:
        frames = [frame.convert("RGB").crop((0, 0, 400, 400)) for frame in ImageSequence.Iterator(image)]
    right, left = frames[0], frames[len(frames) // 2]
    mirrored = left.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    apart = [abs(a - b) for a, b in zip(right.tobytes(), mirrored.tobytes(), strict=True)]
    same = [abs(a - b) for a, b in zip(right.tobytes(), left.tobytes(), strict=True)]
    assert sum(apart) < 0.2 * sum(same)


# --- the storyboard ---------------------------------------------------------------------------------------------------


def test_storyboard_of_a_routine_shows_every_exercise(tmp_path: Path) -> None:
    out = tmp_path / "one.png"
    assert export("stand-60", "png", out) == 0
    with Image.open(out) as image:
        one_routine = image.size
        assert colours(image) > 500
    assert export("full-stretch-5", "png", out) == 0
    with Image.open(out) as image:
        assert image.size[1] > one_routine[1]
        assert image.size[0] == 4 * 300 + 5 * 20


def test_dark_storyboard_is_dark(tmp_path: Path) -> None:
    means = {}
    for more in ((), ("--dark",)):
        out = tmp_path / "page.png"
        assert export("hips-3", "png", out, *more) == 0
        with Image.open(out) as image:
            grey = image.convert("L")
            means[more] = sum(grey.tobytes()) / (grey.width * grey.height)
    assert means[("--dark",)] < 90
    assert means[()] > 180


def test_figure_is_the_users_own(tmp_path: Path, home: Path) -> None:
    (home / "traycoach.toml").write_text('version = 1\n[look.figure]\nshirt = "#ff00ff"\n')
    out = tmp_path / "page.png"
    assert export("neck-nod", "png", out) == 0
    with Image.open(out) as image:
        found = {colour for _count, colour in image.convert("RGB").getcolors(1 << 20) or ()}
    assert (255, 0, 255) in found


# --- the page to print ------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The tags and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.images: list[dict[str, str]] = []
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "img":
            self.images.append({name: value or "" for name, value in attrs})
        elif tag not in ("meta",):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))


def test_page_to_print_is_complete_in_itself(tmp_path: Path) -> None:
    out = tmp_path / "hips.html"
    assert export("hips-3", "html", out) == 0
    text = out.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == [], "every tag is closed"
    assert {"script", "link", "iframe"}.isdisjoint(page.tags)
    assert not re.search(r"https?:|url\(|@import", text), "nothing is loaded"
    heads = [words for tag, words in page.texts if tag == "h2"]
    assert heads[0] == "1. Ankle on knee"
    assert len(heads) == 3
    assert "Leave it out with knee or groin pain, a new hip joint, or leg tingling that grows." in text
    assert "{side}" not in text
    assert len(page.images) >= 6
    for one in page.images:
        assert len(one["alt"]) > 20, "a sentence for screen readers"
        kind, _comma, data = one["src"].partition(",")
        assert kind == "data:image/png;base64"
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            assert image.size == (480, 480)


def test_lesson_ends_with_the_one_thing_to_change(tmp_path: Path) -> None:
    out = tmp_path / "seat.html"
    assert export("seat", "html", out) == 0
    lesson = Library.load().lesson_message("seat")
    assert lesson.change_now is not None
    assert ("p", lesson.change_now) in Page(out.read_text(encoding="utf-8")).texts


def test_own_texts_are_no_markup(tmp_path: Path, home: Path) -> None:
    for folder, name, text in (("exercises", "nod", NOD), ("routines", "my-break", BREAK)):
        (home / folder).mkdir()
        (home / folder / f"{name}.toml").write_text(text)
    path = home / "exercises" / "nod.toml"
    path.write_text(NOD.replace('how = "Nod', "how = '<script>alert(1)</script> & \"nod\"'\n# \"").replace(
        'cue = "Nod"', "cue = '<b>\"'"))  # fmt: skip
    out = tmp_path / "own.html"
    assert export("my-break", "html", out) == 0
    page = Page(out.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert ("p", '<script>alert(1)</script> & "nod"') in page.texts


# --- what may go wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hips-4", "--png", "x.png"], "did you mean “hips-3”?"),
        (["../hips-3", "--png", "x.png"], "there is no routine, exercise or lesson of this name"),
        (["hips-3"], "one of the arguments --gif --png --html is required"),
        (["hips-3", "--png", "x.png", "--gif", "x.gif"], "not allowed with argument"),
    ],
)
def test_bad_words_are_a_sentence(
    words: list[str], sentence: str, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["routines", "export", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert list(tmp_path.glob("x.*")) == []


def test_folder_that_does_not_exist_is_named_and_a_file_in_place_is_kept_whole(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "nowhere" / "x.png"
    assert export("neck-nod", "png", out) == 2
    assert f"{out}: the file cannot be written" in capsys.readouterr().err
    (tmp_path / "folder").mkdir()
    assert export("neck-nod", "png", tmp_path / "folder") == 2
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import sys; sys.exit('no Qt here')", "no Qt here"),
        ("import os; os.abort()", "-6"),
        ('print(\'{"width": 9, "height": 9, "ms": 0}\')', "nothing was painted"),
    ],
)
def test_painter_that_fails_is_told_with_its_last_words(program: str, reason: str) -> None:
    wanted = subject(Library.load(), "neck-nod")
    command = (sys.executable, "-c", program)
    with pytest.raises(Unavailable, match=reason):
        gif(painted(wanted, appearance(dark=False), "animation", 64, command=command))


def test_painter_that_cannot_be_started_is_told() -> None:
    wanted = subject(Library.load(), "neck-nod")
    with pytest.raises(Unavailable, match="nothing can be painted here"):
        list(painted(wanted, appearance(dark=False), "page", 0, command=("/nowhere/python",)))


def test_painter_refuses_what_it_does_not_understand() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "traycoach.ui.export", "page", "0"], input=b"{}\n{}\n", capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"Traceback" not in done.stderr


def test_bar_is_drawn_on_a_terminal_while_it_is_painted() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    wanted = subject(Library.load(), "neck-nod")
    found = list(painted(wanted, appearance(dark=False), "animation", 64, progress("painting", terminal)))
    total = next(one.about["total"] for one in found if "total" in one.about)
    assert sum(bool(one.pixels) for one in found) == total + 1, "the frames, and their colours"
    assert "painting ███" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_nothing_but_the_child_loads_qt(tmp_path: Path) -> None:
    program = (
        "import sys; from traycoach.cli import main; "
        f"assert main(['routines', 'export', 'neck-nod', '--gif', {str(tmp_path / 'x.gif')!r}]) == 0; "
        "print([name for name in sys.modules if name.startswith('PySide6')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_empty_stream_is_no_animation() -> None:
    with pytest.raises(Unavailable):
        gif([Painted({"total": 0})])


def test_unknown_name_is_told() -> None:
    with pytest.raises(UserError, match="nothing-at-all"):
        subject(Library.load(), "nothing-at-all")
