"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken limit: the number of the check, the pose aimed at, when in the loop, what it was and may be."""

    check: int
    pose: str
    time_s: float
    value: float
    limit: float
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        kind = "warning" if self.is_warning else "error"
        return (
            f"check {self.check:2d} {kind}: {self.message} "
            f"({self.value:.4g}, limit {self.limit:g}) → {self.pose or '–'} at {self.time_s:.2f} s"
        )
