"""The thread of a guard that follows files or a socket: begun with the guard, ended with it, and what if it fails."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from traycoach.errors import Unavailable
from traycoach.guards.base import Telling, Verdict
from traycoach.stop_flag import StopFlag

_log = logging.getLogger(__name__)


class Following:
    """Runs `follow` in a thread between `start` and `stop`; it may be started again after that.

    `follow` gets the flag that ends it and says what it finds to `telling`. What it raises ends it as well: then the
    verdict is unknown and `lost` is true. OSError and Unavailable are ways of the world, anything else is a fault of
    ours and loud, but never leaves the last verdict standing.
    """

    def __init__(self, name: str, follow: Callable[[StopFlag], None]) -> None:
        self.telling = Telling()
        self.lost = False
        self._name = name
        self._follow = follow
        self._stop: StopFlag | None = None
        self._thread: threading.Thread | None = None

    def start(self, changed: Callable[[Verdict], None]) -> None:
        """Tell verdicts to this one from now on."""
        self.lost = False
        self.telling.begin(changed)
        stop = self._stop = StopFlag()
        self._thread = threading.Thread(target=self._run, args=(stop,), name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell nothing more, and wait for the thread to end. Stopping twice is fine."""
        self.telling.end()
        stop, self._stop = self._stop, None
        if stop is not None:
            stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _run(self, stop: StopFlag) -> None:
        try:
            self._follow(stop)
        except (OSError, Unavailable) as error:
            _log.warning("%s: watched no more: %s", self._name, error)
            self._die()
        except Exception:
            _log.exception("%s: watched no more", self._name)
            self._die()
        finally:
            stop.close()

    def _die(self) -> None:
        self.lost = True
        self.telling.lose()
