"""Why a routine is offered, as a sentence."""

from __future__ import annotations

from traycoach.core.instant import MINUTE
from traycoach.core.picker import Lead, RoutineInfo, Why
from traycoach.core.turn import Turn
from traycoach.core.words import span
from traycoach.text import _, ngettext

_REGIONS = {
    "ankles": lambda: _("ankles"),
    "arms": lambda: _("arms"),
    "calves": lambda: _("calves"),
    "chest": lambda: _("chest"),
    "core": lambda: _("core"),
    "elbows": lambda: _("elbows"),
    "eyes": lambda: _("eyes"),
    "forearms": lambda: _("forearms"),
    "hamstrings": lambda: _("back of the thighs"),
    "hands": lambda: _("hands"),
    "head": lambda: _("head"),
    "hips": lambda: _("hips"),
    "legs": lambda: _("legs"),
    "low-back": lambda: _("lower back"),
    "neck": lambda: _("neck"),
    "shoulders": lambda: _("shoulders"),
    "thighs": lambda: _("thighs"),
    "upper-back": lambda: _("upper back"),
    "whole-body": lambda: _("the whole body"),
    "wrists": lambda: _("wrists"),
}
_NOBODY_NOTICES = 3


def why_offered(turn: Turn) -> str:
    """Give why the prompt on the screen offers its routine; empty without one, and while the screen is shared."""
    shown = turn.state.shown
    info = turn.routine(shown.routine) if shown is not None else None
    why = turn.state.remembered.whys.get(info.id) if info is not None else None
    return "" if info is None or why is None or turn.state.sharing else because(why, info)


def because(why: Why, routine: RoutineInfo) -> str:
    """Give the sentence: "Chosen for neck and shoulders, whose last turn is longest ago: 2 min, no floor, no kit."."""
    return _("{reason}: {facts}.").format(reason=_reason(why), facts=", ".join(_facts(why, routine)))


def region(name: str) -> str:
    """Give a region in words; one from a user's own file as it is written there, without its hyphens."""
    words = _REGIONS.get(name)
    return words() if words is not None else name.replace("-", " ")


def _reason(why: Why) -> str:
    regions = _(" and ").join(map(region, why.regions))
    if why.lead is Lead.ONLY:
        return _("Chosen because nothing else fits")
    if why.lead in {Lead.TYPING, Lead.POINTING}:
        return _hands(why, regions)
    if not regions:
        return _("Chosen because its last turn is longest ago")
    if why.lead is Lead.NEW:
        return _("Chosen for {regions}, which had no turn yet").format(regions=regions)
    if why.lead is Lead.LONG:
        return _("Chosen for {regions}, whose last turn is long ago").format(regions=regions)
    return _("Chosen for {regions}, whose last turn is longest ago").format(regions=regions)


def _hands(why: Why, regions: str) -> str:
    if why.lead is Lead.TYPING:
        text = ngettext("{minutes} minute of typing lately", "{minutes} minutes of typing lately", why.minutes)
    else:
        text = ngettext("{minutes} minute of pointing lately", "{minutes} minutes of pointing lately", why.minutes)
    cause = text.format(minutes=why.minutes)
    if not regions:
        return _("Chosen after {cause}").format(cause=cause)
    return _("Chosen for {regions} after {cause}").format(regions=regions, cause=cause)


def _facts(why: Why, routine: RoutineInfo) -> list[str]:
    length = routine.length if routine.length < MINUTE else MINUTE * round(routine.length / MINUTE)
    facts = [span(length)]
    if why.gently:
        facts.append(_("gentle"))
    facts.append(_("on the floor") if routine.floor else _("no floor"))
    if not routine.needs:
        facts.append(_("no kit"))
    if routine.discreet >= _NOBODY_NOTICES:
        facts.append(_("nobody notices"))
    return facts
