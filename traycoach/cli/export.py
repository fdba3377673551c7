"""Routines, exercises and lessons as files: an animation, a storyboard, a page to print.

A child of the window's program paints offscreen, Pillow encodes; this process never loads Qt.
"""

from __future__ import annotations

import contextlib
import dataclasses
import html
import io
import json
import os
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from traycoach.errors import Problem, Unavailable, UserError
from traycoach.library import Library
from traycoach.library.bodies import sides_of, step_dose
from traycoach.library.dose import dose_of
from traycoach.messages import Appearance, OpenRoutineWindow, RoutineStep, SetAppearance
from traycoach.settings.durations import duration_text
from traycoach.text import _
from traycoach.ui_process.child import python_path
from traycoach.wire import encode

if TYPE_CHECKING:
    from PIL.Image import Image

GIF_SIZE = 400
PANEL_SIZE = 480
COLOURS = 128
