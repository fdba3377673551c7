"""Opening a file in the user's own program: the settings in the editor, the week's page in the browser."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from traycoach.errors import Unavailable
from traycoach.text import _


def open_file(path: Path, token: str = "", environ: Mapping[str, str] = os.environ) -> None:
    """Hand the file to the desktop's opener; it goes on by itself. Raises Unavailable if there is none.

    `token` is an XDG activation token, so that the program may come to the front.
    """
    opener = shutil.which("xdg-open", path=environ.get("PATH"))
    if opener is None:
        raise Unavailable(_("There is no “xdg-open” to show {path} with.").format(path=path))
    env = {**environ, **({"XDG_ACTIVATION_TOKEN": token} if token else {})}
    # a session of its own: the program outlives the coach, and nobody waits for it
    subprocess.Popen(
        [opener, str(path)],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
