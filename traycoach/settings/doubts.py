"""Doubts about good settings: rules that exceed the budget, or that can never speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from traycoach.core.instant import MINUTE, ZERO
from traycoach.core.rules import BeforeWorkEnds, Posture, Rule, Schedule
from traycoach.errors import Problem
from traycoach.settings.durations import duration_text
from traycoach.settings.reading import Layer
from traycoach.text import _

HOUR = timedelta(hours=1)
LOOKED_AT = timedelta(hours=8)
"""A working day without a single break is the worst that a schedule can do."""

MERGED_WITHIN = 3 * MINUTE
"""A lesser prompt is absorbed by a greater one this near (product.md, section 3, merge)."""


@dataclass(frozen=True, slots=True)
class Load:
    """The most prompts and cards in any hour, and the least time between two prompts, in one posture."""

    posture: Posture
    prompts: int
    cards: int
    apart: timedelta | None


def doubts(schedule: Schedule, user: Layer) -> tuple[Problem, ...]:
    """Give what is allowed but hardly meant. `user` tells the line of the rule, where the user has written one."""
    found = [_budget_doubt(schedule, load, user) for load in (load_of(schedule, posture) for posture in Posture)]
    found += [_rule_doubt(rule, schedule, user) for rule in schedule.rules]
    return tuple(doubt for doubt in found if doubt is not None)


def load_of(schedule: Schedule, posture: Posture) -> Load:
    """Count what the interval rules would say in a day at the desk in this posture, if no break were ever taken."""
    shown = _shown(schedule.rules, posture)
    prompts = cards = 0
    for mark, _rule in shown:
        hour = [rule for other, rule in shown if mark <= other < mark + HOUR]
        prompts = max(prompts, len(hour))
        cards = max(cards, sum(rule.is_card for rule in hour))
    gaps = [later - earlier for (earlier, _one), (later, _other) in pairwise(shown)]
    return Load(posture, prompts, cards, min(gaps, default=None))


def _shown(rules: Sequence[Rule], posture: Posture) -> list[tuple[timedelta, Rule]]:
    """Give the marks of a long bout in order, lesser ones absorbed by greater ones near by."""
    marks: list[tuple[timedelta, Rule]] = []
    for rule in rules:
        interval = rule.interval
        if interval is not None and interval.medium.counts(posture):
            count = max(0, (LOOKED_AT - interval.first_mark) // interval.every + 1)
            marks += [(interval.first_mark + step * interval.every, rule) for step in range(count)]
    greatest_first = sorted(marks, key=lambda entry: (*_rank(entry[1], rules), entry[0]))
    kept: list[tuple[timedelta, Rule]] = []
    for mark, rule in greatest_first:
        if all(abs(mark - other) > MERGED_WITHIN or greater is rule for other, greater in kept):
            kept.append((mark, rule))
    return sorted(kept, key=lambda entry: entry[0])


def _rank(rule: Rule, rules: Sequence[Rule]) -> tuple[timedelta, bool, int]:
    return (-(rule.resets_after or ZERO), not rule.is_card, rules.index(rule))


def _budget_doubt(schedule: Schedule, load: Load, user: Layer) -> Problem | None:
    budget = schedule.budget
    over: list[str] = []
    if load.prompts > budget.prompts_an_hour:
        sentence = _("{count} prompts in an hour of {posture}, the budget allows {limit}")
        over.append(sentence.format(count=load.prompts, posture=load.posture, limit=budget.prompts_an_hour))
    if load.cards > budget.cards_an_hour:
        sentence = _("{count} cards in an hour of {posture}, the budget allows {limit}")
        over.append(sentence.format(count=load.cards, posture=load.posture, limit=budget.cards_an_hour))
    if load.apart is not None and load.apart < budget.apart:
        sentence = _("two prompts {gap} apart in {posture}, the budget wants {limit}")
        gap, limit = duration_text(load.apart), duration_text(budget.apart)
        over.append(sentence.format(gap=gap, posture=load.posture, limit=limit))
    if not over:
        return None
    message = _("the rules ask for more than the budget: {excess}. Some will come later, or not at all")
    return user.problem(("budget",), "budget", message.format(excess="; ".join(over)))


def _rule_doubt(rule: Rule, schedule: Schedule, user: Layer) -> Problem | None:
    layered = user.rule(rule.id)
    place: tuple[str | int, ...] = ("rule",) if layered is None else ("rule", layered.index)
    if rule.interval is not None:
        return None
    if isinstance(rule.trigger, BeforeWorkEnds) and schedule.work_hours is None:
        message = _("without [work] hours this rule never speaks")
        return user.problem(("work", "hours"), f"rule.{rule.id}", message)
    if rule.hours is None:
        return None
    from datetime import UTC, datetime

    from traycoach.occurrences import next_after  # APScheduler is needed for clock rules only

    monday = datetime(2024, 1, 1, tzinfo=UTC)
    if next_after(rule.trigger, schedule.work_hours, monday, rule.hours) is None:
        message = _("none of its times lies in its hours: this rule never speaks")
        return user.problem((*place, "hours"), f"rule.{rule.id}.hours", message)
    return None
