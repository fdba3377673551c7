"""The guard that a simulation tells what to say keeps the contract of all guards."""

from __future__ import annotations

import pytest

from tests.contracts.guard import GuardContract, Scene
from traycoach.errors import Unavailable
from traycoach.guards.base import Verdict
from traycoach.guards.memory import MemoryGuard


class MemoryScene(Scene):
    def __init__(self) -> None:
        super().__init__()
        self.guard: MemoryGuard = MemoryGuard()

    def begin(self) -> None:
        self.guard.say(Verdict.YES)

    def end(self) -> None:
        self.guard.say(Verdict.NO)

    def break_down(self) -> None:
        self.guard.say(Verdict.UNKNOWN)


class TestMemoryGuard(GuardContract):
    @pytest.fixture
    def scene(self) -> MemoryScene:
        return MemoryScene()


def test_guard_with_a_refusal_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="No such service"):
        MemoryGuard(refusal="No such service.").probe()
