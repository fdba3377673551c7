"""Easier and harder: the links between exercises lead to exercises that exist, and never round in a circle."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from traycoach.errors import Problem
from traycoach.text import _

KEYS = ("easier", "harder")


class Linked(Protocol):
    """What has links: an index entry."""

    @property
    def easier(self) -> str:
        """The easier exercise's id, or ""."""
        ...

    @property
    def harder(self) -> str:
        """The harder one's."""
        ...


class Fault(NamedTuple):
    """A link of the exercise `id`, at `key`, that cannot be followed; the problem has no file yet."""

    id: str
    key: str
    problem: Problem


class _Link(NamedTuple):
    """`lower` is easier than `upper`, says the exercise `id` at `key`."""

    lower: str
    upper: str
    id: str
    key: str


def faulty_links(entries: Mapping[str, Linked], ids: Iterable[str] | None = None) -> list[Fault]:
    """Give the links of `ids` (default: of all) that lead nowhere or that take part in a circle.

    `entries` are all the exercises there are. “Easier” and “harder” are one order: if A names B as harder, B may not
    name A as harder, nor may any way from B lead up to A.
    """
    from traycoach.figure.reading import nearest

    judged = set(entries if ids is None else ids)
    faults: list[Fault] = []
    links: list[_Link] = []
    for name in sorted(entries):
        for key in KEYS:
            other = str(getattr(entries[name], key))
            if not other:
                continue
            if other in entries:
                links.append(_Link(other, name, name, key) if key == "easier" else _Link(name, other, name, key))
            elif name in judged:
                message = _("there is no exercise called {name}").format(name=other)
                faults.append(Fault(name, key, Problem(message, key=key, suggestion=nearest(other, entries))))
    return faults + list(_circles(links, judged))


def _circles(links: list[_Link], judged: set[str]) -> Iterator[Fault]:
    above: dict[str, list[str]] = {}
    for link in links:
        above.setdefault(link.lower, []).append(link.upper)
    for link in links:
        if link.id in judged and (way := _way(above, link.upper, link.lower)):
            circle = " → ".join([link.lower, *way])
            message = _("easier and harder lead round in a circle: {circle}").format(circle=circle)
            yield Fault(link.id, link.key, Problem(message, key=link.key))


def _way(above: Mapping[str, list[str]], start: str, end: str) -> list[str]:
    """Give a shortest way upwards from `start` to `end`, both included; [] if there is none."""
    came_from: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == end:
            way = [here]
            while came_from[way[-1]]:
                way.append(came_from[way[-1]])
            return way[::-1]
        for other in above.get(here, ()):
            if other not in came_from:
                came_from[other] = here
                waiting.append(other)
    return []
