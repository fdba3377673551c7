"""Makes the soft tones of traycoach/ui/sounds/ anew: `python -m bench.tones`. The same bytes every time."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "traycoach" / "ui" / "sounds"
RATE = 16_000
PEAK = 0.22
"""Of full scale: soft beside speech and music."""
RISE_S = 0.015
OVERTONES = ((1.0, 1.0), (2.0, 0.16), (3.0, 0.05))
"""(multiple of the pitch, strength): a little more than a bare sine, so that small loudspeakers give it."""

# (begins at s, lasts s, pitch Hz)
TONES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "came": ((0.0, 0.50, 523.25),),  # the next step comes: C5
    "began": ((0.0, 0.22, 587.33), (0.14, 0.36, 783.99)),  # and begins: D5, G5
    "over": ((0.0, 0.24, 783.99), (0.16, 0.42, 523.25)),  # all done: G5, C5
}


def samples(notes: tuple[tuple[float, float, float], ...]) -> list[float]:
    length = max(begin + lasts for begin, lasts, _pitch in notes)
    sound = [0.0] * round(length * RATE)
    for begin, lasts, pitch in notes:
        first = round(begin * RATE)
        for number in range(round(lasts * RATE)):
            if first + number < len(sound):
                sound[first + number] += envelope(number / RATE, lasts) * timbre(number / RATE, pitch)
    return sound


def envelope(at: float, lasts: float) -> float:
    """A cosine rise without a click, then dying away to nothing at the end."""
    rise = 0.5 - 0.5 * math.cos(math.pi * min(1.0, at / RISE_S))
    end = 0.5 + 0.5 * math.cos(math.pi * at / lasts)
    return rise * end * math.exp(-3.0 * at / lasts)


def timbre(at: float, pitch: float) -> float:
    return sum(strength * math.sin(2 * math.pi * pitch * multiple * at) for multiple, strength in OVERTONES)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, notes in TONES.items():
        sound = samples(notes)
        loudest = max(abs(value) for value in sound)
        frames = b"".join(struct.pack("<h", round(value / loudest * PEAK * 32767)) for value in sound)
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(frames)
        print(f"{name}.wav  {(FOLDER / f'{name}.wav').stat().st_size} bytes")


if __name__ == "__main__":
    main()
