"""The check of words finds what it should, in code, names and texts, and lets a protocol's own word pass."""

from __future__ import annotations

import pytest

from scripts.vocabulary import promises_in, slips, synonyms_in


def test_project_uses_one_word_for_one_thing() -> None:
    assert [str(slip) for slip in slips()] == []


@pytest.mark.parametrize(
    "line",
    [
        "show_reminder()",
        "class BreakReminder:",
        "# the user is afk",
        'text = "Postpone for 5 min"',
        "sitting_session = 3",
    ],
)
def test_synonym_is_found_however_it_is_written(line: str) -> None:
    found = synonyms_in(f"first = 1\n{line}\n", "some.py")
    assert [slip.line for slip in found] == [2]


def test_synonym_in_a_file_name_is_found() -> None:
    assert [slip.line for slip in synonyms_in("", "traycoach/toast_window.py")] == [0]


def test_word_of_a_protocol_passes_where_it_is_marked() -> None:
    mark = "# vocabulary: allow"
    assert synonyms_in(f"widget.inactive  {mark} inactive - Qt's word\n", "some.py") == []
    assert synonyms_in(f"{mark} inactive - Qt's word\nwidget.inactive\n", "some.py") == []
    assert len(synonyms_in(f"widget.inactive  {mark} afk - another word\n", "some.py")) == 1
    unexplained = synonyms_in(f"{mark} inactive\nwidget.inactive\n", "some.py")
    assert 2 in [slip.line for slip in unexplained], "a mark without a reason is none"


def test_mark_reaches_one_line_only() -> None:
    text = "# vocabulary: allow inactive - Qt's word\nwidget.inactive\nwidget.inactive\n"
    assert [slip.line for slip in synonyms_in(text, "some.py")] == [3]


def test_promise_in_a_shipped_text_is_found_and_located() -> None:
    text = 'id = "cure"\ntitle = "Hip stretch"\nwhy = """\nIt will heal you.\n"""\n[[cue]]\ntext = "No bad posture"\n'
    found = promises_in(text, "config/exercises/x.toml")
    assert {(slip.line, slip.word) for slip in found} == {(1, "cure"), (4, "heal"), (7, "bad posture")}


def test_health_and_secure_are_no_promises() -> None:
    assert promises_in('text = "health, secure, healthy, procedure"', "config/x.toml") == []


def test_sentence_of_the_program_must_not_promise_but_may_name_a_damaged_file() -> None:
    assert len(promises_in('_("This cures your back.")', "traycoach/x.py")) == 1
    assert promises_in('_("The file is damaged.")', "traycoach/x.py") == []
    assert promises_in('note = "cure"', "traycoach/x.py") == []
    assert len(promises_in('text = "Sitting causes damage."', "config/lessons/x.toml")) == 1
