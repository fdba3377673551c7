"""The coach at work, without a screen: `make demo`.

A private X server, a real XFCE panel, the real daemon with a schedule of seconds, and real key strokes (XTEST). It
walks from sitting to the prompt, through a routine, to the history, takes a picture at each station and writes a
timeline, all into `demo/`. Exit code 0: every station was reached.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.desktops.lab import (
    Coach,
    GaveUpError,
    MissingProgramsError,
    XfceDesktop,
    pause,
    steady_s,
)

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "demo"
STATIONS = 7
PANEL = (0, 0, 1280, 40)
# where the Start button lies in the card
START = (106, 136)
SETTINGS = """\
version = 1

[quiet]
hours = []

[budget]
apart = "0s"

[[rule]]
id = "micro"
enabled = false

[[rule]]
id = "move"
enabled = false

[[rule]]
id = "wind-down"
enabled = false

[[rule]]
id = "stand"
every = "5s sitting"
look = "card"
routines = { ids = ["hands-30"] }
"""


class Demo:
    """One walk through the program, with its clock, its pictures and its timeline."""

    def __init__(self, desktop: XfceDesktop, coach: Coach) -> None:
        self.desktop = desktop
        self.coach = coach
        self.began = steady_s()
        self.lines: list[str] = []
        self.station = 0

    def tell(self, sentence: str) -> None:
        """Write a line of the timeline, and to the terminal."""
        line = f"{steady_s() - self.began:5.1f} s  {sentence}"
        self.lines.append(line)
        print(line, flush=True)

    def arrive(self, name: str, sentence: str) -> None:
        """Reach a station: a picture, and a line that says what it shows."""
        self.station += 1
        picture = self.desktop.screenshot(OUT / f"{self.station}-{name}.png")
        self.tell(f"[{self.station}/{STATIONS}] {sentence} ({picture.relative_to(ROOT)})")

    def work(self, for_s: float) -> None:
        """Type and move as a person does."""
        until = steady_s() + for_s
        x = 300
        while steady_s() < until:
            self.desktop.server.keyboard.tap("Shift_L")
            x = 300 + (x * 7 + 31) % 500
            self.desktop.server.pointer.move(x, 400)
            pause(0.25)

    def rest_until(self, reached: Callable[[], object], timeout: float, what: str) -> None:
        """Take the hands off until something has happened."""
        self.desktop.wait_until(reached, timeout, what)

    def work_until(self, reached: Callable[[], object], timeout: float, what: str) -> None:
        """Type until something has happened."""

        def worked() -> object:
            self.work(1)
            return reached()

        self.desktop.wait_until(worked, timeout, what)

    def still(self) -> bool:
        """Tell whether nothing moves on the screen for a second and a half; a routine that plays counts its seconds."""
        before = self.desktop.picture()
        pause(1.5)
        return not changed(before, self.desktop.picture())

    def why(self) -> str:
        """What the coach says of itself."""
        return self.coach.say("why")

    def status(self) -> dict[str, Any]:
        """The coach's state, as `traycoach status --json` gives it."""
        said = self.coach.ask("status")
        assert isinstance(said, dict)
        return said


def changed(before: Image.Image, after: Image.Image) -> bool:
    """Tell whether two pictures of the screen differ."""
    return before.tobytes() != after.tobytes()


def walk(demo: Demo) -> None:
    """Go from station to station; a `GaveUpError` or a failed assertion says where it ended."""
    desktop, coach = demo.desktop, demo.coach
    desktop.server.paint(0x3A5A78)
    bare = desktop.picture().crop(PANEL)
    coach.start()
    demo.rest_until(lambda: changed(bare, desktop.picture().crop(PANEL)), 10, "the icon in the panel")
    demo.arrive("icon", "The icon is in the panel.")

    demo.work(3)
    assert demo.status()["sat_for_s"] > 0, demo.status()
    demo.arrive("sitting", f"Someone types. The coach says: {demo.why()}")

    demo.work_until(lambda: demo.status()["prompts"], 60, "the prompt to come due")
    demo.tell(f"Due, and held back while keys are pressed: {demo.why()}")
    demo.rest_until(lambda: any(one["stage"] == "shown" for one in demo.status()["prompts"]), 15, "the card")
    # for its first second the card is deaf, so that nobody answers it by accident
    pause(1.2)
    demo.arrive("prompt", "The hands rest for three seconds: a good moment, and the card is there.")

    card = desktop.server.window("sitting")
    assert card is not None, desktop.server.windows()
    desktop.server.pointer.click(card.x + START[0], card.y + START[1])
    demo.rest_until(lambda: demo.status()["routine"], 15, "the routine, after a click on Start")
    demo.rest_until(lambda: desktop.server.window("Hands"), 15, "the routine's window")
    pause(2)
    first = desktop.picture()
    demo.arrive("routine", f"Start was clicked. The routine: {demo.status()['routine']}.")
    demo.rest_until(lambda: changed(first, desktop.picture()), 5, "a movement of the figure")
    pause(3)
    demo.arrive("moving", "The figure shows what to do; it takes half a minute.")

    demo.rest_until(demo.still, 45, "the routine's last step")
    demo.arrive("done", "Done, and asked how it was.")
    desktop.server.keyboard.tap("Return")
    demo.rest_until(lambda: demo.status()["routine"] is None, 10, "the routine's end")
    demo.work(1)

    said = coach.tell("history", "--json")
    assert said.returncode == 0, said.stderr
    assert "completed" in said.stdout, said.stdout
    (OUT / "history.json").write_text(said.stdout)
    coach.say("open", "status")
    demo.rest_until(lambda: desktop.server.windows("traycoach"), 10, "the status window")
    pause(1)
    demo.arrive("status", f"The day so far; as data it is in demo/history.json. The coach says: {demo.why()}")


def main() -> int:
    """Run the demo; 0 if every station was reached, 1 with a sentence if not."""
    if OUT.exists():
        shutil.rmtree(OUT)
    OUT.mkdir()
    print("traycoach: a private desktop, a schedule of seconds. No window opens on your own screen.", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="tc-demo-") as folder, XfceDesktop(Path(folder)) as desktop:
            demo = Demo(desktop, desktop.coach(SETTINGS))
            try:
                walk(demo)
            except (GaveUpError, AssertionError) as failure:
                desktop.screenshot(OUT / "failed.png")
                (OUT / "failed.txt").write_text(f"{failure}\n{demo.coach.log}")
                print(f"traycoach: the demo did not get through; see {OUT.name}/failed.txt and {OUT.name}/failed.png")
                return 1
            finally:
                (OUT / "timeline.txt").write_text("\n".join(demo.lines) + "\n")
                if demo.coach.running:
                    demo.coach.stop()
    except MissingProgramsError as missing:
        print(f"traycoach: {missing}")
        return 1
    print(f"Look at {OUT.name}/: the pictures in their order, and timeline.txt.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
