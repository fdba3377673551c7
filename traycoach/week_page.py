"""The readable week: a page of HTML for *History…* and plain text for `traycoach history`.

The page is one file without scripts, fonts or anything from elsewhere, light or dark as the desktop wishes; a screen
reader hears every bar as a sentence. Colours and sizes are those of the windows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path

from traycoach.core.actions import RecordBout
from traycoach.core.instant import ZERO
from traycoach.core.words import span
from traycoach.errors import Unavailable
from traycoach.history import Day, History, Week
from traycoach.history.days import Part, day_of
from traycoach.paths import Paths, private
from traycoach.text import _, ngettext

WIDTH = 656
"""Pixels of the day line, from the first to the last hour."""

_HOUR = timedelta(hours=1)
_STYLE = """
:root { color-scheme: light dark; --desk: #E6ECEA; --window: #FBFDFC; --card: #FFFFFF; --stage: #EAF1EF;
  --text: #16282D; --second: #4A5F66; --accent: #12695F; --line: #D5E0DD; --sit: #C2701A; --stand: #14655B;
  --away: #D7E0E2; --hatch: #73878C; --tick: #FFFFFF }
@media (prefers-color-scheme: dark) { :root { --desk: #080D11; --window: #0F171D; --card: #1A262E; --stage: #18232B;
  --text: #E8F0F2; --second: #A9BCC3; --accent: #45C9B6; --line: #2B3B45; --sit: #EBA957; --stand: #2B9486;
  --away: #31424C; --hatch: #7D939C; --tick: #06211D } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 12px; background: var(--desk); color: var(--text); font-variant-numeric: tabular-nums;
  font: 15px/20px Inter, "Segoe UI", "SF Pro Text", "Noto Sans", sans-serif }
main { max-width: 728px; margin: 0 auto; padding: 24px; background: var(--window); border-radius: 16px }
h1 { margin: 0 0 20px; font-size: 24px; line-height: 30px; font-weight: 650 }
h1 small { margin-left: 8px; font-size: 15px; font-weight: 400; color: var(--second) }
h2 { margin: 24px 0 8px; font-size: 17px; line-height: 24px; font-weight: 600 }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: 12px; margin: 0 }
.facts div { display: flex; flex-direction: column-reverse; padding: 10px 14px; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px }
.facts dd { margin: 0; font-size: 20px; line-height: 26px; font-weight: 650 }
.facts dt, .legend, .note, .week small { color: var(--second); font-size: 14px }
.line { margin-top: 20px; overflow-x: auto }
svg { display: block; width: 100%; min-width: 520px; height: auto }
svg text { font-size: 13px; fill: var(--text) }
.legend { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 8px 0 0; padding: 0; list-style: none }
.legend i { display: inline-block; width: 13px; height: 13px; margin-right: 8px; border-radius: 3px;
  vertical-align: -1px }
.week { display: grid; grid-template-columns: repeat(7, 1fr); gap: 12px; margin: 0; padding: 0; list-style: none;
  text-align: center }
.week div { display: flex; flex-direction: column; justify-content: flex-end; align-items: center; gap: 2px;
  height: 128px; padding: 4px; margin-bottom: 4px; background: var(--stage); border-radius: 14px }
.week .today div { box-shadow: inset 0 0 0 2px var(--accent) }
.week i { width: 40%; border-radius: 5px }
.week b, .week small { display: block; font-variant-numeric: tabular-nums }
.sit { background: var(--sit); fill: var(--sit) } .stand { background: var(--stand); fill: var(--stand) }
.away { background: repeating-linear-gradient(135deg, var(--hatch) 0 1.5px, var(--away) 1.5px 5px) }
.break { background: var(--accent) } .legend .break { border-radius: 50% }
.note { margin: 16px 0 0 }
@media (forced-colors: active) { .week i, .legend i { forced-color-adjust: none } }
"""


def write_week_page(history: History, paths: Paths, wall: datetime, running: Iterable[RecordBout] = ()) -> Path:
    """Write the page of the present week, readable by its owner only, and give its path.

    `wall` is the local time, `running` the bout under way. Raises `Unavailable` if the history cannot be read, or the
    page cannot be written.
    """
    today = day_of(wall, history.day_starts_at)
    page = week_html(history.week(today, running), today, wall)
    path = paths.state / "week.html"
    new = path.with_name(".week.html.new")
    try:
        private(paths.state)
        new.unlink(missing_ok=True)
        new.touch(0o600, exist_ok=False)
        new.write_text(page, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        sentence = _("The page {path} cannot be written: {reason}.")
        raise Unavailable(sentence.format(path=path, reason=error.strerror)) from error
    return path


def week_html(week: Week, on: date, wall: datetime | None) -> str:
    """Give the page for this day and its week; `wall` draws the "now" line."""
    day = _day_in(week, on)
    facts = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for value, label in _facts(day, week)
    )
    bars = "".join(_bar(one, one.on == on, _scale(week)) for one in week.days)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>traycoach – {escape(_title(on))}</title><style>{_STYLE}</style></head><body><main>
<h1>{escape(_heading(on, wall))}<small>{escape(_title(on))}</small></h1>
<dl class="facts">{facts}</dl>
<div class="line">{_day_line(day, wall)}</div>
<ul class="legend">
<li><i class="sit"></i>{escape(_("Sitting"))} {_short(day.sat_for)}</li>
<li><i class="stand"></i>{escape(_("Standing"))} {_short(day.stood_for)}</li>
<li><i class="away"></i>{escape(_("Away"))} {_short(day.away_for)}</li>
<li><i class="break"></i>{escape(_("Break"))}</li></ul>
<h2>{escape(_("This week"))}</h2>
<ul class="week">{bars}</ul>
<p class="note">{escape(_note(week))}</p>
</main></body></html>
"""


def week_text(week: Week, on: date, wall: datetime | None) -> str:
    """Give the same for a terminal, 80 columns wide."""
    day = _day_in(week, on)
    lines = [f"{_heading(on, wall)} · {_title(on)}", ""]
    lines.append("   ".join(f"{value} {label}" for value, label in _facts(day, week)))
    if day.parts:
        lines += ["", *_text_line(day)]
    lines += ["", _("This week"), ""]
    hours = _scale(week) / _HOUR
    for one in week.days:
        sat, stood = (round(24 * (length / _HOUR) / hours) for length in (one.sat_for, one.stood_for))
        bar = "█" * sat + "▒" * stood
        numbers = _("{sat} sitting, {stood} standing, {done}/{planned} breaks").format(
            sat=_short(one.sat_for), stood=_short(one.stood_for), done=one.breaks_done, planned=one.breaks_planned
        )
        mark = "▸" if one.on == on else " "
        lines.append(f"{mark} {_weekday(one.on)[:3]}  {bar:<25} {'–' if one.is_off else numbers}")
    lines += ["", "█ " + _("sitting") + "  ▒ " + _("standing") + "  · " + _("away")]
    return "\n".join(lines)


# --- words ------------------------------------------------------------------------------------------------------------


def _weekday(on: date) -> str:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return names[on.weekday()]


def _heading(on: date, wall: datetime | None) -> str:
    return _("Today") if wall is not None else _weekday(on)


def _title(on: date) -> str:
    return f"{_weekday(on)}, {on.isoformat()}"


def _short(length: timedelta) -> str:
    """Give hours and minutes, as the legend has them: "5 h 03"."""
    minutes = round(length / timedelta(minutes=1))
    return _("{hours} h {minutes:02}").format(hours=minutes // 60, minutes=minutes % 60)


def _facts(day: Day, week: Week) -> list[tuple[str, str]]:
    done = _("{done} of {planned}").format(done=day.breaks_done, planned=day.breaks_planned)
    streak = ngettext("{count} day", "{count} days", week.streak).format(count=week.streak)
    return [
        (span(day.longest_sit) if day.longest_sit else "–", _("longest sit")),
        (done if day.breaks_planned else "–", _("breaks done")),
        (_short(day.stood_for) if day.stood_for else "–", _("standing")),
        (streak if week.streak else "–", _("in a row")),
    ]


def _note(week: Week) -> str:
    if all(day.is_off for day in week.days):
        return _("Nothing was recorded in this week.")
    return _(
        "Bars: hours sitting and standing at the desk. Numbers: breaks done of planned. The days in a row are those"
        " with at least half of the planned breaks; days off do not break the row."
    )


def _spoken(day: Day) -> str:
    if day.is_off:
        return _("{weekday}, nothing recorded").format(weekday=_weekday(day.on))
    return _("{weekday}, sitting {sat}, standing {stood}, {done} of {planned} breaks").format(
        weekday=_weekday(day.on),
        sat=_short(day.sat_for),
        stood=_short(day.stood_for),
        done=day.breaks_done,
        planned=day.breaks_planned,
    )


def _spoken_part(part: Part) -> str:
    kinds = {"sitting": _("Sitting"), "standing": _("Standing"), "away": _("Away"), "break": _("Break")}
    return f"{kinds[part.kind]} {part.began_at:%H:%M}–{part.ended_at:%H:%M}"


# --- the day line -----------------------------------------------------------------------------------------------------


def _day_in(week: Week, on: date) -> Day:
    return next(day for day in week.days if day.on == on)


def _since_midnight(wall: datetime, on: date) -> float:
    """Give hours on the wall since the midnight with which this day's date begins."""
    return (wall.replace(tzinfo=None) - datetime.combine(on, datetime.min.time())) / _HOUR


def _hours(day: Day) -> tuple[int, int]:
    """Give the first and last hour to show: 8 to 18, extended to what there is."""
    edges = [_since_midnight(edge, day.on) for part in day.parts for edge in (part.began_at, part.ended_at)]
    return int(min([8.0, *edges])), -int(-max([18.0, *edges]) // 1)


def _day_line(day: Day, wall: datetime | None) -> str:
    first, last = _hours(day)

    def x(hour: float) -> float:
        return round((hour - first) / (last - first) * WIDTH, 1)

    every = 1 if last - first <= 14 else 2
    drawn = [f'<rect x="0" y="26" width="{WIDTH}" height="44" rx="10" style="fill: var(--stage)"/>']
    for hour in range(first, last + 1, every):
        drawn.append(f'<path d="M{x(hour)} 16v10M{x(hour)} 70v12" style="stroke: var(--line)"/>')
        drawn.append(f'<text x="{x(hour)}" y="102" text-anchor="middle">{hour % 24}</text>')
    looks = {"sitting": (36, "sit"), "standing": (44, "stand"), "away": (18, "hatched")}
    ticks = []
    for part in day.parts:
        left, right = (x(_since_midnight(edge, day.on)) for edge in (part.began_at, part.ended_at))
        title = f"<title>{escape(_spoken_part(part))}</title>"
        if part.kind in looks:
            tall, look = looks[part.kind]
            wide = max(2.0, round(right - left - 2, 1))
            drawn.append(
                f'<rect x="{left + 1:.1f}" y="{70 - tall}" width="{wide}" height="{tall}" rx="{min(5.0, wide / 2)}"'
                f' class="{look}">{title}</rect>'
            )
        if part.kind in {"break", "away"}:
            middle = round((left + right) / 2, 1)
            ticks.append(
                f'<g>{title}<circle cx="{middle}" cy="13" r="8.5" style="fill: var(--accent)"/>'
                f'<path d="M{middle - 3.6:.1f} 13.2l2.6 2.6 4.6-5" style="fill: none; stroke: var(--tick);'
                f' stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round"/></g>'
            )
    drawn += ticks
    if wall is not None and first <= (now := _since_midnight(wall, day.on)) <= last:
        end = "end" if now > last - 1 else "start"
        at = x(now) + (-7 if end == "end" else 7)
        drawn.append(f'<path d="M{x(now)} 4v78" style="stroke: var(--text); stroke-width: 2"/>')
        drawn.append(
            f'<text x="{at}" y="17" text-anchor="{end}" style="font-weight: 600; paint-order: stroke;'
            f' stroke: var(--window); stroke-width: 4px">{escape(_("now"))} {wall:%H:%M}</text>'
        )
    return (
        f'<svg viewBox="-12 0 {WIDTH + 24} 108" role="img" aria-label="{escape(_spoken(day))}">'
        '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" style="fill: var(--away)"/><path d="M0 0v5" style="stroke: var(--hatch);'
        ' stroke-width: 2.5"/></pattern><style>.hatched { fill: url(#hatch) }</style></defs>'
        f"{''.join(drawn)}</svg>"
    )


def _text_line(day: Day) -> list[str]:
    """Give the day line in characters, a quarter of an hour each, with the hours above."""
    first, last = _hours(day)
    signs = {"sitting": "█", "standing": "▒", "away": "·", "break": "·"}
    cells = [" "] * ((last - first) * 4)
    most = [ZERO] * len(cells)
    for part in day.parts:
        began, ended = (_since_midnight(edge, day.on) - first for edge in (part.began_at, part.ended_at))
        for cell in range(int(began * 4), min(len(cells), int(ended * 4) + 1)):
            within = (min(ended, (cell + 1) / 4) - max(began, cell / 4)) * _HOUR
            if within > most[cell]:
                cells[cell], most[cell] = signs[part.kind], within
    scale = "".join(f"{hour % 24:<4}" for hour in range(first, last))
    return [scale.rstrip(), "".join(cells).rstrip()]


# --- the week's bars --------------------------------------------------------------------------------------------------


def _scale(week: Week) -> timedelta:
    """Give the length of a full bar: the longest day, at least eight hours."""
    return max(8 * _HOUR, *(day.sat_for + day.stood_for for day in week.days))


def _bar(day: Day, is_today: bool, scale: timedelta) -> str:
    tall = 112
    parts = "".join(
        f'<i class="{look}" style="height: {max(3, round(length / scale * tall))}px"></i>'
        for length, look in ((day.stood_for, "stand"), (day.sat_for, "sit"))
        if length
    )
    numbers = f"{day.breaks_done} / {day.breaks_planned}" if day.breaks_planned else "–"
    spoken = escape(_spoken(day))
    return (
        f'<li{" class=today" if is_today else ""}><div role="img" aria-label="{spoken}" title="{spoken}">{parts}</div>'
        f"<b>{escape(_weekday(day.on)[:3])}</b><small>{numbers}</small></li>"
    )
