"""Layers of settings to `Settings`: the defaults, over them a preset, over that the user's file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from traycoach.core.rules import AtTimes, BeforeWorkEnds, Budget, Interval, RoutineFilter, Rule, Schedule, Trigger
from traycoach.paths import bundled
from traycoach.settings.reading import Layer, RuleLayer, read_layer
from traycoach.settings.schema import TRIGGERS
from traycoach.settings.values import Appearance, FigureLook, Guards, Offers, Prompting, Settings
from traycoach.text import _

Values = Mapping[str, Any]


@cache
def default_layer() -> Layer:
    """Give config/default.toml, read."""
    return _shipped("config/default.toml", is_preset=False)


def preset_layer(name: str) -> Layer:
    """Give a ready-made schedule, read. The name is one of `schema.preset_names()`."""
    return _shipped(f"config/presets/{name}.toml", is_preset=True)


def _shipped(name: str, *, is_preset: bool) -> Layer:
    layer = read_layer(bundled(name).read_text(encoding="utf-8"), name, is_preset=is_preset)
    assert not layer.problems, layer.problems  # ours, and tested
    return layer


def build(user: Layer) -> Settings:
    """Lay the user's file over its preset and the defaults.

    Faulty keys are not in the layer, so the settings are good whatever the file; what only shows when the layers lie
    on each other is added to `user.problems`, and the layer below then stands for it.
    """
    defaults = default_layer()
    preset = preset_layer(user.values.get("preset", defaults.values["preset"]))
    values: dict[str, Any] = {**defaults.values, **preset.values, **user.values}
    if values["presence.idle_after"] > values["presence.away_after"]:
        key = "presence.idle_after" if "presence.idle_after" in user.values else "presence.away_after"
        message = _("idle_after must not be longer than away_after")
        user.wrong(tuple(key.split(".")), key, message)
        for one in ("presence.idle_after", "presence.away_after"):
            values[one] = defaults.values[one]
    schedule = Schedule(
        rules=_rules((defaults, preset), user, values),
        idle_after=values["presence.idle_after"],
        away_after=values["presence.away_after"],
        work_hours=values["work.hours"],
        quiet_hours=values["quiet.hours"],
        budget=Budget(
            prompts_an_hour=values["budget.prompts_an_hour"],
            cards_an_hour=values["budget.cards_an_hour"],
            apart=values["budget.apart"],
        ),
        patience=values["prompt.patience"],
        day_starts_at=values["day.starts_at"],
    )
    return Settings(
        preset=values["preset"],
        language=values["language"],
        schedule=schedule,
        guards=Guards(
            fullscreen=values["quiet.fullscreen"],
            microphone=values["quiet.microphone"],
            camera=values["quiet.camera"],
            do_not_disturb=values["quiet.do_not_disturb"],
            sharing=values["quiet.sharing"],
            inhibitor=values["quiet.inhibitor"],
            media=values["quiet.media"],
            on_battery=values["quiet.on_battery"],
            in_front=values["quiet.in_front"],
            running=values["quiet.running"],
            meeting=values["quiet.meeting"],
            calendars=values["quiet.calendars"],
        ),
        prompting=Prompting(by=values["prompt.by"], corner=values["prompt.corner"]),
        offers=Offers(
            floor=values["routines.floor"],
            wheelchair=values["routines.wheelchair"],
            level=values["routines.level"],
            leave_out=frozenset(values["routines.leave_out"]),
            seated=values["routines.seated"],
            kit=frozenset(values["routines.kit"]),
            discreet=values["routines.discreet"],
            favourites=frozenset(values["routines.favourites"]),
            hidden=frozenset(values["routines.hidden"]),
        ),
        appearance=Appearance(
            theme=values["look.theme"],
            high_contrast=values["look.high_contrast"],
            reduced_motion=values["look.reduced_motion"],
            text_scale=values["look.text_scale"],
            sounds=values["look.sounds"],
            figure=FigureLook(
                skin=values["look.figure.skin"],
                hair=values["look.figure.hair"],
                hair_colour=values["look.figure.hair_colour"],
                shirt=values["look.figure.shirt"],
                trousers=values["look.figure.trousers"],
                shoes=values["look.figure.shoes"],
                girth=values["look.figure.girth"],
            ),
        ),
        bar=values["tray.bar"],
        counts=values["input.counts"],
    )


def merged_rule(below: Values, above: Values) -> dict[str, Any]:
    """Lay the keys that a rule names over those below it. A trigger takes the place of the one below.

    An `offset` from below goes with the old interval: it is dropped where it no longer fits into the new one.
    """
    merged = dict(below)
    if any(trigger in above for trigger in TRIGGERS):
        for trigger in TRIGGERS:
            merged.pop(trigger, None)
    merged.update(above)
    interval = merged.get("every")
    fits = isinstance(interval, Interval) and merged.get("offset", interval.every) <= interval.every
    if "offset" not in above and not fits:
        merged.pop("offset", None)
    return merged


def _rules(shipped: Sequence[Layer], user: Layer, values: Values) -> tuple[Rule, ...]:
    good: dict[str, dict[str, Any]] = {}
    for layer in shipped:
        for layered in layer.rules:
            good[layered.id] = merged_rule(good.get(layered.id, {}), layered.values)
    for layered in user.rules:
        merged = merged_rule(good.get(layered.id, {}), layered.values)
        if _holds_together(user, layered, merged):
            good[layered.id] = merged
    return tuple(_rule(keys, values) for keys in good.values() if keys.get("enabled", True))


def _holds_together(user: Layer, layered: RuleLayer, merged: Values) -> bool:
    """Tell whether the merged keys make a rule; note in the user's layer why not."""
    known_wrong = any((problem.key or "").startswith(f"rule.{layered.id}.") for problem in user.problems)
    place = ("rule", layered.index)
    key = f"rule.{layered.id}"
    triggers = [trigger for trigger in TRIGGERS if trigger in merged]
    if len(triggers) != 1:
        if not known_wrong:
            message = _("a rule needs one trigger: {choices}").format(choices=", ".join(TRIGGERS))
            user.wrong(place, key, message)
        return False
    if "offset" in merged and "every" not in merged:
        user.wrong((*place, "offset"), f"{key}.offset", _("only a rule with every = … has an offset"))
        return False
    if "offset" in merged and merged["offset"] > merged["every"].every:
        user.wrong((*place, "offset"), f"{key}.offset", _("the offset must not be longer than the interval"))
        return False
    return True


def _rule(keys: Values, values: Values) -> Rule:
    trigger = _trigger(keys)
    ends_with_work = isinstance(trigger, BeforeWorkEnds)
    interval = isinstance(trigger, Interval)
    resets_after: timedelta | None = keys.get("resets_after", values["prompt.resets_after"] if interval else None)
    catch_up: timedelta | None = keys.get("catch_up", None if ends_with_work else values["prompt.catch_up"])
    return Rule(
        id=keys["id"],
        trigger=trigger,
        look=keys.get("look", values["prompt.look"]),
        resets_after=resets_after,
        length=keys.get("length", values["prompt.length"]),
        hours=keys.get("hours"),
        routines=keys.get("routines", RoutineFilter()),
        snooze=keys.get("snooze", values["prompt.snooze"]),
        max_snoozes=keys.get("max_snoozes", values["prompt.max_snoozes"]),
        catch_up=catch_up,
        text=keys.get("text") or None,
        skip_after=keys.get("skip_after", values["prompt.skip_after"]),
    )


def _trigger(keys: Values) -> Trigger:
    if "every" in keys:
        interval: Interval = keys["every"]
        return Interval(interval.every, interval.medium, keys.get("offset"))
    if "at" in keys:
        return AtTimes(tuple(sorted(set(keys["at"]))))
    if "cron" in keys:
        cron: Trigger = keys["cron"]
        return cron
    return BeforeWorkEnds(keys["before_work_ends"])
