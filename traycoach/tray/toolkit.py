"""pystray's models (`Icon`, `Menu`, `MenuItem`) without its Linux backends.

pystray chooses a backend while it is imported, and on Linux that opens a display or raises (platform notes, pystray).
The dummy backend is only the common base class. Import this module lazily: it is the only one that imports pystray.
"""

from __future__ import annotations

import os
import sys

_VARIABLE = "PYSTRAY_BACKEND"

_before = os.environ.get(_VARIABLE)
if sys.platform.startswith("linux"):
    os.environ[_VARIABLE] = "dummy"
try:
    from pystray import Icon, Menu, MenuItem
finally:
    # our children are no business of this setting
    if _before is None:
        os.environ.pop(_VARIABLE, None)
    else:
        os.environ[_VARIABLE] = _before

__all__ = ["Icon", "Menu", "MenuItem"]
