"""The limits of the thirteen checks, one constant each. The table they come from: docs/figure.md, "Checks"."""

from __future__ import annotations

from typing import Final

from traycoach.figure.channels import PINNED_ANKLE_HIGH, SINGLE

SAMPLES_PER_SECOND: Final = 30

# 1: solved joints, degrees. Solving is exact to a fraction of a degree, so a little more than written is let pass.
KNEE: Final = SINGLE["knee"].high
ELBOW: Final = SINGLE["elbow"].high
ANKLE: Final = PINNED_ANKLE_HIGH
JOINT_SLACK: Final = 0.5

REACH: Final = 0.5
"""2: cm missing between an end and its pinned target."""
DRIFT: Final = 0.3
"""3: cm a held contact moves against its target."""
DEPTH: Final = 1.0
"""4: cm under floor or mat."""
MAT_GIVES: Final = 1.2
"""4: a mat is soft: what lies on it may sink into it by its thickness before it counts."""
BALANCE: Final = 6.0
"""5: cm the centre of mass of a standing figure may lie outside its support."""
AFLOAT: Final = 3.0
"""5: cm between the lowest point and the ground from which a figure without other support floats."""
MARGIN: Final = 0.03
"""6: share of the picture's height."""
SPEED: Final = 200.0
"""7: cm a second for hands, feet and head."""
STRETCH_SPEED: Final = 60.0
"""7: the same for the limb that is stretched."""
LONG_HOLD_S: Final = 5.0
"""7: a move into a hold this long is the stretch itself."""
JUMP: Final = 12.0
"""8: cm a joint may move between two frames."""
ORDER_CHANGES_MOVE: Final = 2
ORDER_CHANGES_HOLD: Final = 0
"""9: changes of the draw order per limb."""
FACING: Final = -0.3
"""10: a target whose flesh points away from the viewer by more than this (cosine) is not seen."""
CUE_LETTERS: Final = 42
CUE_WORDS: Final = 8
"""12: a cue may have at most this."""
HEAD_RADIUS: Final = 11.0
"""13: cm around the middle of the skull an arrow must not enter."""
