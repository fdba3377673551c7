"""Edits that keep comments and order, what is in force, migration, and the generated reference."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traycoach.errors import UserError
from traycoach.paths import bundled
from traycoach.settings import load, settings_of
from traycoach.settings.edit import create, set_value, unset
from traycoach.settings.files import good_copy, write_text
from traycoach.settings.migrate import migrated
from traycoach.settings.reference import entries, schema_data, schema_text, with_reference
from traycoach.settings.schema import KEYS, RULE_KEYS
from traycoach.settings.show import get, literal, show

FILE = """# my settings
version = 1   # of the file

# quiet things
[quiet]
camera = false   # I use it all day
hours = [
  "22:00-07:00",   # nights
]

# rules below
[[rule]]
id = "stand"     # up!
every = "45m sitting"

# the tea rule
[[rule]]
id = "tea"
at = ["15:00"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "traycoach.toml"
    path.write_text(FILE)
    return path


def lines_that_differ(new: str, old: str = FILE) -> list[str]:
    import difflib

    return list(difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]


def changes(new: str, old: str = FILE) -> list[str]:
    return [line for line in lines_that_differ(new, old) if not line.startswith("@@")]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "quiet.camera",
            "true",
            ["-camera = false   # I use it all day", "+camera = true   # I use it all day"],
        ),
        ("quiet.microphone", False, ["+microphone = false"]),
        ("rule.stand.every", "50m sitting", ['-every = "45m sitting"', '+every = "50m sitting"']),
        ("rule.stand.look", "notice", ['+look = "notice"']),
        ("rule.tea.text", "true", ['+text = "true"']),
        ("preset", "gentle", ['+preset = "gentle"']),
        ("look.theme", "dark", ["+", "+[look]", '+theme = "dark"']),
        ("look.figure.shirt", "", ["+", "+[look.figure]", '+shirt = ""']),
        ("work.hours", "mon-fri 08:00-16:00", ["+", "+[work]", '+hours = ["mon-fri 08:00-16:00"]']),
        ("rule.move.resets_after", "6m", ["+", "+[[rule]]", '+id = "move"', '+resets_after = "6m"']),
        ("rule.stand.max_snoozes", "1", ["+max_snoozes = 1"]),
        ("look.text_scale", "1.5", ["+", "+[look]", "+text_scale = 1.5"]),
    ],
)
def test_edit_changes_its_line_and_no_other(file: Path, key: str, value: object, expected: list[str]) -> None:
    set_value(file, key, value)
    assert changes(file.read_text()) == expected
    assert load(file)


def test_new_key_stands_above_the_comment_that_announces_the_next_table(file: Path) -> None:
    set_value(file, "quiet.microphone", value=False)
    set_value(file, "rule.stand.look", "notice")
    set_value(file, "language", "de")
    text = file.read_text()
    assert '# of the file\nlanguage = "de"\n\n# quiet things' in text
    assert "]\nmicrophone = false\n\n# rules below" in text
    assert 'look = "notice"\n\n# the tea rule' in text


def test_part_of_an_inline_table_keeps_the_other_parts(file: Path) -> None:
    set_value(file, "rule.stand.routines.at_most", "1m")
    assert get(file, "rule.stand.routines") == {"purpose": "stand-up", "at_most": "1m"}
    set_value(file, "rule.stand.routines.purpose", "move")
    assert get(file, "rule.stand.routines") == {"purpose": "move", "at_most": "1m"}


def test_missing_file_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "traycoach.toml"
    set_value(file, "quiet.camera", "false")
    assert not load(file).guards.camera
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_file_is_made_once_and_never_replaced_by_an_empty_one(tmp_path: Path, file: Path) -> None:
    create(file)
    assert file.read_text() == FILE
    create(tmp_path / "other.toml")
    assert load(tmp_path / "other.toml") == settings_of("")


@pytest.mark.parametrize(
    ("key", "value", "part"),
    [
        ("quiet.camra", "true", "did you mean “quiet.camera”"),
        ("camera", "true", "did you mean “quiet.camera”"),
        ("quiet", "true", "no such setting"),
        ("quiet.camera", "maybe", "expected true or false"),
        ("rule.stand.evry", "5m use", "did you mean “rule.stand.every”"),
        ("rule.stand.every.more", "5m use", "no such setting"),
        ("rule.stand", "x", "no such setting"),
        ("rule.stand.routines.most", "5m", "no such setting"),
        ("rule.new.look", "card", "needs one trigger"),
        ("rule.stand.at", "10:30", "one trigger"),
        ("presence.idle_after", "5m", "longer than away_after"),
        ("presence.idle_after", "5 min", "did you mean “5m”"),
        ("rule.No good.at", "10:30", "small letters"),
    ],
)
def test_edit_that_does_not_fit_is_told_and_writes_nothing(file: Path, key: str, value: str, part: str) -> None:
    with pytest.raises(UserError) as caught:
        set_value(file, key, value)
    assert part in str(caught.value)
    assert file.read_text() == FILE
    assert not good_copy(file).exists()


def test_edit_of_a_file_with_a_problem_may_mend_it_but_adds_none(file: Path) -> None:
    file.write_text(FILE.replace("camera = false", "camera = 3"))
    set_value(file, "rule.tea.look", "notice")
    assert not good_copy(file).exists()
    set_value(file, "quiet.camera", "false")
    assert load(file)


def test_edit_of_a_file_that_is_no_toml_is_refused(file: Path) -> None:
    file.write_text("version = 1\n[quiet\n")
    with pytest.raises(UserError) as caught:
        set_value(file, "quiet.camera", "false")
    assert caught.value.problems[0].line == 2
    with pytest.raises(UserError):
        unset(file, "quiet.camera")
    assert file.read_text() == "version = 1\n[quiet\n"


def test_file_before_the_edit_is_kept_as_the_good_copy(file: Path) -> None:
    set_value(file, "quiet.camera", "true")
    assert good_copy(file).read_text() == FILE


def test_write_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "traycoach.toml"
    folder.mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_text(folder, "version = 1")
    assert list(tmp_path.iterdir()) == [folder]


def test_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "traycoach.toml"
    texts = {f"version = 1\n# {letter * 200_000}\n" for letter in "ab"}
    program = (
        "import itertools, sys; from pathlib import Path; from traycoach.settings.files import write_text\n"
        "for turn, letter in enumerate(itertools.cycle('ab')):\n"
        "    write_text(Path(sys.argv[1]), f'version = 1\\n# {letter * 200_000}\\n')\n"
        "    print(turn, flush=True)\n"
    )
    for writes in range(1, 5):
        with subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _turn in range(writes):
                writer.stdout.readline()
            writer.kill()
        assert file.read_text() in texts


def test_edit_through_a_link_keeps_the_link(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    set_value(link, "quiet.camera", "true")
    assert link.is_symlink()
    assert "camera = true" in file.read_text()


def test_edit_of_unusual_forms_keeps_them(file: Path) -> None:
    file.write_text(
        'version = 1\nquiet.camera = false\nlook = { theme = "dark" }\nrule = [{ id = "a", at = ["9:00"] }]\n'
    )
    set_value(file, "quiet.microphone", "false")
    set_value(file, "look.sounds", "true")
    set_value(file, "rule.a.look", "notice")
    set_value(file, "rule.b.at", "10:00")
    found = load(file)
    assert not found.guards.camera
    assert not found.guards.microphone
    assert found.appearance.sounds
    assert found.appearance.theme == "dark"
    assert [rule.id for rule in found.schedule.rules][-2:] == ["a", "b"]


def test_line_ends_of_windows_stay(file: Path) -> None:
    file.write_bytes(FILE.replace("\n", "\r\n").encode())
    set_value(file, "quiet.microphone", "false")
    set_value(file, "look.theme", "dark")
    set_value(file, "quiet.camera", "true")
    content = file.read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert load(file).appearance.theme == "dark"


def test_file_without_a_last_line_end_is_continued(file: Path) -> None:
    file.write_text("version = 1")
    set_value(file, "preset", "gentle")
    set_value(file, "look.theme", "dark")
    assert file.read_text() == 'version = 1\npreset = "gentle"\n\n[look]\ntheme = "dark"\n'


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                [
                    ("quiet.camera", "false"),
                    ("quiet.hours", '["22:00-06:00"]'),
                    ("preset", "firm"),
                    ("language", "pt_BR"),
                    ("rule.stand.look", "overlay"),
                    ("rule.micro.enabled", "false"),
                    ("rule.extra.at", "12:15"),
                    ("look.figure.hair", "bun"),
                    ("look.theme", "light"),
                    ("presence.away_after", "4m"),
                    ("rule.stand.routines.purpose", "walk"),
                ]
            ),
            st.booleans(),
        ),
        max_size=5,
    )
)
def test_any_row_of_edits_leaves_a_good_file_with_the_last_values(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[tuple[str, str], bool]]
) -> None:
    file = tmp_path_factory.mktemp("edits") / "traycoach.toml"
    file.write_text(FILE)
    for (key, value), keep in edits:
        set_value(file, key, value)
        assert str(get(file, key)).lower() == str(_plain(value)).lower() or key == "rule.extra.at"
        if not keep:
            unset(file, ".".join(key.split(".")[:2]) if key.startswith("rule.") else key)
        load(file)
    comments = [line.strip() for line in FILE.split("\n") if line.startswith("#")]
    assert all(comment in file.read_text() for comment in comments if "tea" not in comment)


def _plain(value: str) -> object:
    try:
        return tomllib.loads(f"v = {value}")["v"]
    except tomllib.TOMLDecodeError:
        return value


# --- taking out -------------------------------------------------------------------------------------------------------


def test_key_taken_out_gives_back_the_default(file: Path) -> None:
    unset(file, "quiet.camera")
    assert load(file).guards.camera
    assert changes(file.read_text()) == ["-camera = false   # I use it all day"]


def test_rule_taken_out_is_the_default_again_or_gone(file: Path) -> None:
    unset(file, "rule.stand")
    unset(file, "rule.tea")
    assert load(file) == settings_of("version = 1\n[quiet]\ncamera = false")


def test_taking_out_what_is_not_there_changes_nothing(file: Path, tmp_path: Path) -> None:
    unset(file, "look.theme")
    unset(file, "rule.nobody")
    unset(file, "rule.nobody.look")
    assert file.read_text() == FILE
    unset(tmp_path / "none.toml", "look.theme")
    assert not (tmp_path / "none.toml").exists()
    with pytest.raises(UserError):
        unset(file, "look.thme")


# --- what is in force -------------------------------------------------------------------------------------------------


def test_shown_settings_are_a_good_file_with_the_same_meaning(file: Path) -> None:
    text = show(file)
    assert settings_of(text) == settings_of(FILE)
    assert "# Wait while a program uses the camera.\ncamera = false\n" in text
    for name in ("gentle", "eyes-first"):
        file.write_text(f'version = 1\npreset = "{name}"\n[[rule]]\nid = "micro"\nat = ["10:30"]\n')
        assert settings_of(show(file)) == load(file)


def test_shown_defaults_are_the_default_file(tmp_path: Path) -> None:
    assert show(tmp_path / "none.toml") == bundled("config/default.toml").read_text(encoding="utf-8")


def test_value_in_force_of_a_key_a_section_and_a_rule(file: Path) -> None:
    assert get(file, "quiet.camera") is False
    assert get(file, "rule.stand.every") == "45m sitting"
    assert get(file, "rule.tea.at") == ["15:00"]
    assert get(file, "rule.tea.snooze") == ["5m", "15m", "30m"]
    assert get(file, "rule.stand.text") is None
    budget = get(file, "budget")
    assert budget == {"prompts_an_hour": 4, "cards_an_hour": 2, "apart": "10m"}
    rule = get(file, "rule.stand")
    assert isinstance(rule, dict)
    assert rule["look"] == "card"


@pytest.mark.parametrize("key", ["quiet.camra", "rule.stnd.every", "rule.stand.evry", "nothing"])
def test_unknown_key_is_told(file: Path, key: str) -> None:
    with pytest.raises(UserError):
        get(file, key)


def test_values_are_written_as_toml() -> None:
    assert literal(True) == "true"
    assert literal("a") == '"a"'
    assert literal(["a", "b"]) == '["a", "b"]'
    assert literal({"a": 1}) == "a = 1"
    assert literal(None) == ""


# --- migration --------------------------------------------------------------------------------------------------------


def test_older_file_is_migrated_with_comments_and_a_backup(file: Path) -> None:
    def rename(document: object) -> None:
        table = document["quiet"]  # type: ignore[index]
        table["webcam"] = table.pop("camera")

    def add(document: object) -> None:
        document["work"] = {"hours": []}  # type: ignore[index]

    steps = MappingProxyType({1: rename, 2: add})
    new = migrated(file, FILE, steps, 3)
    assert file.read_text() == new
    assert (file.parent / "traycoach.toml.v1").read_text() == FILE
    read = tomllib.loads(new)
    assert read["version"] == 3
    assert read["quiet"]["webcam"] is False
    assert read["work"] == {"hours": []}
    assert "# my settings" in new
    assert "# the tea rule" in new


def test_file_of_this_version_is_left_alone(file: Path) -> None:
    assert migrated(file, FILE) == FILE
    assert list(file.parent.iterdir()) == [file]


def test_migration_that_fails_leaves_the_file_as_it_is(file: Path) -> None:
    def fail(document: object) -> None:
        raise KeyError("quiet")

    with pytest.raises(UserError, match="was left as it is"):
        migrated(file, FILE, {1: fail}, 2)
    assert file.read_text() == FILE
    assert list(file.parent.iterdir()) == [file]


def test_version_without_a_way_to_this_one_is_left_to_the_reader(file: Path) -> None:
    assert migrated(file, FILE, {}, 2) == FILE
    assert migrated(file, "nonsense", {1: print}, 2) == "nonsense"


# --- reference --------------------------------------------------------------------------------------------------------


def test_schema_knows_every_setting_and_says_what_it_takes() -> None:
    assert len(entries()) == len(KEYS) + len(RULE_KEYS)
    assert all(entry.meaning and entry.expected for entry in entries())
    assert schema_text("quiet.camera") == (
        "quiet.camera\n    Wait while a program uses the camera.\n    takes: true or false\n    default: true"
    )
    assert [one["key"] for one in schema_data("budget")] == [
        "budget.prompts_an_hour",
        "budget.cards_an_hour",
        "budget.apart",
    ]
    assert [entry.key for entry in entries("rule.stand.every")] == ["rule.*.every"]
    assert "eyes-first: Twenty seconds" in schema_text("preset")


def test_schema_of_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(UserError, match=r"quiet\.camera"):
        entries("quiet.camra")


def test_reference_in_the_documentation_is_up_to_date() -> None:
    page = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert with_reference(page) == page, "run: python -m traycoach.settings.reference docs/configuration.md"
