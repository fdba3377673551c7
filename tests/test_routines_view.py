"""The daemon's half of the Routines window, with the real library and a real settings file."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from traycoach.errors import UserError
from traycoach.library import Library
from traycoach.messages import (
    PicturesAsked,
    PreviewAsked,
    RoutineMarked,
    RoutinesClosed,
    ShowPictures,
    ShowPreview,
    ShowRoutines,
    StatusAction,
    ToWindows,
    UpdateRoutines,
)
from traycoach.routines_view import RoutinesDesk, in_menu_order, routines_view
from traycoach.settings import Offers, load
from traycoach.settings.edit import set_listed, set_value
from traycoach.ui.routines_sought import GROUPS, PARTS
from traycoach.wire import decode, encode

LIMIT_S = 20


class Desk:
    """A desk whose messages are kept, as they are after the wire."""

    def __init__(self, library: Library, settings: Path) -> None:
        self.settings = settings
        self.sent: list[ToWindows] = []
        self.told: list[str] = []
        self._news = threading.Condition()
        self.written = threading.Event()
        self.desk = RoutinesDesk(library, settings, self.offers, self._send, self._tell, self.written.set)

    def offers(self) -> Offers:
        return load(self.settings).offers

    def wait(self, condition: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(condition, LIMIT_S)

    def _send(self, message: ToWindows) -> None:
        with self._news:
            self.sent.append(decode(encode(message), ToWindows))
            self._news.notify_all()

    def _tell(self, sentence: str) -> None:
        with self._news:
            self.told.append(sentence)
            self._news.notify_all()


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load()


@pytest.fixture
def desk(library: Library, tmp_path: Path) -> Desk:
    return Desk(library, tmp_path / "settings.toml")


def test_view_holds_the_whole_library_with_the_marks(library: Library) -> None:
    ids = [entry.id for entry in library.entries()]
    view = routines_view(library, Offers(favourites=frozenset(ids[:1]), hidden=frozenset(ids[1:2])))
    lessons = [entry.id for entry in library.lessons()]
    assert [(entry.id, entry.lesson) for entry in view.entries] == [
        *((name, False) for name in ids),
        *((name, True) for name in lessons),
    ]
    assert [(entry.favourite, entry.hidden) for entry in view.entries[:3]] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_menus_list_favourites_first_then_what_is_offered_and_hidden_ones_not_at_all(library: Library) -> None:
    ids = [entry.id for entry in library.entries() if not entry.floor]
    on_the_floor = next(entry.id for entry in library.entries() if entry.floor)
    offers = Offers(favourites=frozenset((ids[-1], on_the_floor, ids[0])), hidden=frozenset(ids[:1]))
    listed = [one.id for one in in_menu_order(library.catalogue(offers), offers)]
    assert set(listed[:2]) == {ids[-1], on_the_floor}
    assert listed[2:] == ids[1:-1]
    assert [one.id for one in in_menu_order(library.catalogue(offers), offers, 3)] == listed[:3]


def test_every_purpose_and_region_of_the_library_can_be_looked_for(library: Library) -> None:
    parts, groups = (frozenset().union(*(group for _key, group in table)) for table in (PARTS, GROUPS))
    for entry in routines_view(library, Offers()).entries:
        assert set(entry.regions) <= parts
        assert set(entry.purposes) <= groups


def test_hidden_routine_is_not_offered(library: Library) -> None:
    offered = [routine.id for routine in library.catalogue(Offers()) if routine.offered]
    hidden = Offers(hidden=frozenset(offered[:1]))
    assert [routine.id for routine in library.catalogue(hidden) if routine.offered] == offered[1:]


def test_window_is_shown_and_learns_of_changes_until_it_is_closed(desk: Desk) -> None:
    desk.desk.refresh()
    assert desk.sent == []
    desk.desk.show("token")
    desk.desk.refresh()
    assert [type(message) for message in desk.sent] == [ShowRoutines, UpdateRoutines]
    assert desk.desk.heard(RoutinesClosed())
    desk.desk.refresh()
    desk.desk.show("")
    desk.desk.lost()
    desk.desk.refresh()
    assert [type(message) for message in desk.sent] == [ShowRoutines, UpdateRoutines, ShowRoutines]


def test_messages_of_other_windows_are_left_to_others(desk: Desk) -> None:
    assert not desk.desk.heard(StatusAction("now"))


def test_steps_and_pictures_are_sent_on_demand(desk: Desk, library: Library) -> None:
    first, second, *_ = (entry.id for entry in library.entries())
    assert desk.desk.heard(PreviewAsked(first))
    assert desk.desk.heard(PicturesAsked((first, second, "no-such-routine")))
    desk.wait(lambda: len(desk.sent) == 2)
    preview, pictures = desk.sent
    assert isinstance(preview, ShowPreview)
    assert preview.routine == first
    assert preview.steps
    assert preview.poses == library.poses()
    assert isinstance(pictures, ShowPictures)
    assert set(pictures.pictures) == {first, second, "no-such-routine"}
    assert pictures.pictures["no-such-routine"] is None
    assert pictures.pictures[first]["id"]


def test_lesson_has_a_picture_and_a_preview_of_its_parts(desk: Desk, library: Library) -> None:
    first = library.lessons()[0]
    assert desk.desk.heard(PreviewAsked(first.id))
    assert desk.desk.heard(PicturesAsked((first.id,)))
    desk.wait(lambda: len(desk.sent) == 2)
    preview, pictures = desk.sent
    assert isinstance(preview, ShowPreview)
    assert preview.steps == library.lesson_message(first.id).steps
    assert isinstance(pictures, ShowPictures)
    assert pictures.pictures[first.id] == preview.steps[0].exercise


def test_routine_that_cannot_be_read_gets_an_empty_preview(desk: Desk) -> None:
    desk.desk.heard(PreviewAsked("no-such-routine"))
    desk.wait(lambda: desk.sent)
    assert desk.sent == [ShowPreview("no-such-routine", (), {})]


def test_marks_are_written_into_the_settings_and_comments_stay(desk: Desk) -> None:
    desk.settings.write_text('version = 1\n[routines]\n# my knees\nleave_out = ["kneel"] # for now\n', encoding="utf-8")
    desk.desk.heard(RoutineMarked("hips-3", favourite=True, hidden=False))
    assert desk.written.wait(LIMIT_S)
    assert desk.offers().favourites == {"hips-3"}
    text = desk.settings.read_text(encoding="utf-8")
    assert '# my knees\nleave_out = ["kneel"] # for now\n' in text
    desk.written.clear()
    desk.desk.heard(RoutineMarked("hips-3", favourite=False, hidden=True))
    assert desk.written.wait(LIMIT_S)
    assert (desk.offers().favourites, desk.offers().hidden) == (frozenset(), frozenset({"hips-3"}))


def test_mark_that_cannot_be_written_is_told_and_taken_back_in_the_window(desk: Desk) -> None:
    desk.settings.mkdir()  # no file can be written there
    desk.desk._offers = Offers
    desk.desk.show("")
    desk.desk.heard(RoutineMarked("hips-3", favourite=True, hidden=False))
    desk.wait(lambda: desk.told and isinstance(desk.sent[-1], UpdateRoutines))
    assert not desk.written.is_set()


def test_list_is_edited_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('version = 1\n[routines]\nhidden = [\n  "a", # too loud\n  "b",\n]\n', encoding="utf-8")
    set_listed(path, "routines.hidden", "c", listed=True)
    set_listed(path, "routines.hidden", "c", listed=True)
    set_listed(path, "routines.hidden", "b", listed=False)
    assert "# too loud" in path.read_text(encoding="utf-8")
    assert load(path).offers.hidden == {"a", "c"}


def test_first_entry_makes_the_file_and_taking_out_of_nothing_does_not(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    set_listed(path, "routines.hidden", "a", listed=False)
    assert not path.exists()
    set_listed(path, "routines.hidden", "a", listed=True)
    assert load(path).offers.hidden == {"a"}


def test_id_that_the_settings_cannot_hold_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    set_value(path, "routines.hidden", ["a"])
    before = path.read_text(encoding="utf-8")
    with pytest.raises(UserError):
        set_listed(path, "routines.hidden", "Not an id", listed=True)
    assert path.read_text(encoding="utf-8") == before
