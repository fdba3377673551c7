"""The readable week: a page that needs nothing but itself, and the same as text."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from traycoach.core.actions import Outcome, RecordBout, RecordBreak, RecordOutcome
from traycoach.core.rules import Posture
from traycoach.errors import Unavailable
from traycoach.history import History
from traycoach.paths import Paths
from traycoach.week_page import week_html, week_text, write_week_page

ZONE = timezone(timedelta(hours=1))
FRIDAY = date(2025, 2, 7)
NOW = datetime(2025, 2, 7, 15, 36, tzinfo=ZONE)


def at(clock: str, on: date = FRIDAY) -> datetime:
    return datetime.combine(on, time.fromisoformat(clock), ZONE)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "config", tmp_path / "state", tmp_path / "run")


@pytest.fixture
def history(paths: Paths) -> Iterator[History]:
    with History(paths.history) as opened:
        opened.record(
            RecordBout(Posture.SITTING, at("08:30"), at("09:22"), timedelta(minutes=52)),
            RecordBreak(at("09:22"), at("09:26"), timedelta(minutes=4), True, ("stand",)),
            RecordBout(Posture.STANDING, at("10:00"), at("11:07"), timedelta(minutes=67)),
            RecordBreak(at("12:00"), at("12:45"), timedelta(minutes=45), False, ("stand",)),
            RecordOutcome(1, "stand", Outcome.SKIPPED, at("10:00"), timedelta(0), timedelta(0)),
        )
        yield opened


class Strict(HTMLParser):
    """Sees that every element that is opened is closed again, in order."""

    VOID = frozenset({"meta", "path", "rect", "circle"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag


def parsed(page: str) -> Strict:
    parser = Strict()
    parser.feed(page)
    parser.close()
    assert parser.open == []
    return parser


def test_the_page_is_whole_and_asks_nobody_for_anything(history: History) -> None:
    page = week_html(history.week(FRIDAY), FRIDAY, NOW)
    seen = parsed(page).seen
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _attributes in seen}
    assert not re.search(r"https?://|url\((?!#)|@import", page)
    assert "default-src 'none'" in page
    ET.fromstring(page[page.index("<svg") : page.index("</svg>") + 6])


def test_the_page_has_the_facts_and_the_totals(history: History) -> None:
    page = week_html(history.week(FRIDAY), FRIDAY, NOW)
    for words in ("52 min", "2 of 3", "1 h 07", "1 day", "Sitting 0 h 52", "Away 0 h 49", "now 15:36", "2 / 3"):
        assert words in page, words


def test_every_bar_and_span_is_said_in_words(history: History) -> None:
    page = week_html(history.week(FRIDAY), FRIDAY, NOW)
    assert 'aria-label="Friday, sitting 0 h 52, standing 1 h 07, 2 of 3 breaks"' in page
    assert 'aria-label="Monday, nothing recorded"' in page
    assert "<title>Sitting 08:30–09:22</title>" in page
    assert "<title>Away 12:00–12:45</title>" in page


def test_postures_differ_in_height_and_not_only_in_colour(history: History) -> None:
    page = week_html(history.week(FRIDAY), FRIDAY, NOW)
    heights = dict(re.findall(r'height="(\d+)" rx="[\d.]+" class="(\w+)"', page))
    assert heights == {"36": "sit", "44": "stand", "18": "hatched"}


@pytest.mark.parametrize(("began", "ended", "hours"), [("09:00", "10:00", (8, 18)), ("06:20", "21:10", (6, 22))])
def test_the_day_line_reaches_from_eight_to_eighteen_and_further_if_need_be(
    paths: Paths, began: str, ended: str, hours: tuple[int, int]
) -> None:
    with History(paths.history) as own:
        own.record(RecordBout(Posture.SITTING, at(began), at(ended), at(ended) - at(began)))
        labels = re.findall(r'middle">(\d+)<', week_html(own.week(FRIDAY), FRIDAY, None))
        assert (int(labels[0]), int(labels[-1])) == hours


def test_work_after_midnight_stands_at_the_end_of_its_evening(paths: Paths) -> None:
    with History(paths.history) as own:
        saturday = FRIDAY + timedelta(days=1)
        own.record(RecordBout(Posture.SITTING, at("23:30"), at("01:30", saturday), timedelta(hours=2)))
        page = week_html(own.week(FRIDAY), FRIDAY, at("01:40", saturday))
        assert re.findall(r'middle">(\d+)<', page)[-1] == "2"
        assert "now 01:40" in page


def test_an_empty_week_says_so(paths: Paths) -> None:
    with History(paths.history) as own:
        page = week_html(own.week(FRIDAY), FRIDAY, NOW)
        parsed(page)
        assert "Nothing was recorded in this week." in page


def test_the_file_is_for_the_owner_only_and_is_replaced_whole(history: History, paths: Paths) -> None:
    path = write_week_page(history, paths, NOW)
    first = path.read_text()
    path.chmod(0o644)
    running = [RecordBout(Posture.SITTING, at("14:00"), NOW, NOW - at("14:00"))]
    assert write_week_page(history, paths, NOW, running) == path
    assert "1 h 36 min" in path.read_text()
    assert path.read_text() != first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir() if "week" in file.name] == ["week.html"]


def test_a_page_that_cannot_be_written_is_told_in_a_sentence(history: History, paths: Paths) -> None:
    (paths.state / "week.html").mkdir()
    with pytest.raises(Unavailable, match="cannot be written"):
        write_week_page(history, paths, NOW)


def test_the_text_holds_the_same_in_eighty_columns(history: History) -> None:
    text = week_text(history.week(FRIDAY), FRIDAY, NOW)
    assert max(map(len, text.splitlines())) <= 80
    assert "52 min longest sit" in text
    assert "2 of 3 breaks done" in text
    assert "▸ Fri" in text
    assert "  ████  ▒▒▒▒▒   ···" in text.splitlines()
