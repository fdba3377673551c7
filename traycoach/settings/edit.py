"""Edits of the settings file that keep the user's comments and order.

Needs tomlkit, so it is imported only where somebody edits: the command line and the settings window.
"""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit

from traycoach.errors import Problem, UserError
from traycoach.settings.files import keep_good, read_text, write_text
from traycoach.settings.kinds import Wrong
from traycoach.settings.lines import Path as KeyPath
from traycoach.settings.lines import key_lines, last_lines
from traycoach.settings.load import check
from traycoach.settings.places import as_item, kind_of, place
from traycoach.settings.schema import VERSION
from traycoach.settings.show import get

START = f"""# Settings of traycoach. `traycoach config show` prints every setting with its default and its meaning.
version = {VERSION}
"""


def set_value(path: Path, key: str, value: object) -> None:
    """Write one setting into the user's file, which is made if there is none.

    `key` is dotted: "quiet.camera", "rule.stand.every" (the rule is added if the file has none of this id). `value` is
    what the file should hold; a text may also be TOML, "true" or '["10:30"]', as it comes from a command line.
    Raises UserError, with nothing written, for an unknown key, a value that does not fit, and a file that is no TOML.
    """
    raw = _fitting(key, value)
    old = read_text(path)
    text = START if old is None else old
    _need_toml(path, text)
    names = key.split(".")
    if names[0] == "rule" and len(names) == 4:  # a part of an inline table: the others, from below too, must stay
        whole: object = None
        with suppress(UserError):  # a rule that is only now begun
            whole = get(path, ".".join(names[:3]))
        raw = {**(whole if isinstance(whole, dict) else {}), names[3]: raw}
        names = names[:3]
    new = _added(text, names, raw)
    if new is None:
        document = tomlkit.parse(text)
        table, last = place(document, ".".join(names), make=True)
        assert table is not None
        table[last[0]] = as_item(raw)
        new = tomlkit.dumps(document)
    _write(path, old, text, new, key)


def set_listed(path: Path, key: str, entry: str, *, listed: bool) -> None:
    """Put an entry at the end of a list of texts that is empty by default, or take it out; the others stay as they are.

    Raises UserError, with nothing written, as `set_value` does.
    """
    text = read_text(path)
    if text is not None:
        _need_toml(path, text)
        document = tomlkit.parse(text)
        table, last = place(document, key, make=False)
        entries: Any = table.get(last[0]) if table is not None and len(last) == 1 else None
        if isinstance(entries, list):  # the user's own: edited where it stands, with its comments
            if listed and entry not in entries:
                entries.append(entry)
            while not listed and entry in entries:
                entries.remove(entry)
            _write(path, text, text, tomlkit.dumps(document), key)
            return
    if listed:
        set_value(path, key, [entry])


def unset(path: Path, key: str) -> None:
    """Take one setting, or a whole rule ("rule.tea"), out of the user's file, so that what is below it holds again.

    Raises UserError for an unknown key and a file that is no TOML.
    """
    if not _is_rule(key):
        kind_of(key)
    old = read_text(path)
    if old is None:
        return
    _need_toml(path, old)
    document = tomlkit.parse(old)
    if _is_rule(key):
        _drop_rule(document, key.removeprefix("rule."))
    else:
        table, names = place(document, key, make=False)
        for name in names[:-1]:
            table = table.get(name) if table is not None else None
        if table is not None and names[-1] in table:
            del table[names[-1]]
    _write(path, old, old, tomlkit.dumps(document), key)


def create(path: Path) -> None:
    """Make the user's file, with nothing but its version, if there is none. Raises UserError."""
    if read_text(path) is None:
        write_text(path, START)


def _need_toml(path: Path, text: str) -> None:
    try:
        tomllib.loads(text)
        key_lines(text)
    except (ValueError, RecursionError):
        raise UserError(*check(text, str(path))) from None


def _drop_rule(document: tomlkit.TOMLDocument, rule_id: str) -> None:
    rules: Any = document.get("rule", [])
    for index, rule in enumerate(rules):
        if rule.get("id") == rule_id:
            del rules[index]
            break
    if "rule" in document and not rules:
        del document["rule"]


def _added(text: str, names: list[str], raw: object) -> str | None:
    """Give the text with a key added that is not yet in it; None if it is, or if its table is of an unusual form.

    tomlkit would add it below the comments that announce the next table.
    """
    lines, lasts = key_lines(text), last_lines(text)
    table = _table_path(text, names)
    pair = f"{names[-1]} = {as_item(raw).as_string()}"
    if table is not None and (*table, names[-1]) in lines:
        return None
    if table is not None and table in lasts:
        return _with_line(text, lasts[table], pair)
    if table is not None and table in lines and not any(header[: len(table)] == table for header in lasts):
        return None  # dotted keys or an inline table: tomlkit keeps the form
    if names[0] != "rule":
        return _with_end(text, f"[{'.'.join(names[:-1])}]", pair)
    if "rule" in tomllib.loads(text) and ("rule", 0) not in lasts:
        return None
    return _with_end(text, "[[rule]]", f'id = "{names[1]}"', *([] if names[-1] == "id" else [pair]))


def _table_path(text: str, names: list[str]) -> KeyPath | None:
    if names[0] != "rule":
        return tuple(names[:-1])
    for index, rule in enumerate(tomllib.loads(text).get("rule", [])):
        if rule.get("id") == names[1]:
            return ("rule", index)
    return None


def _with_line(text: str, line: int, pair: str) -> str:
    kept = re.split(r"(?<=\n)", text)  # splitlines knows line ends that TOML does not
    above = kept[line - 1]
    indent = above[: len(above) - len(above.lstrip(" \t"))]
    if not above.endswith("\n"):
        kept[line - 1] = above + _line_end(text)
    kept.insert(line, f"{indent}{pair}{_line_end(text)}")
    return "".join(kept)


def _with_end(text: str, *new: str) -> str:
    end = _line_end(text)
    base = text if text.endswith("\n") or not text else text + end
    gap = "" if not base or base.endswith(end * 2) else end
    return base + gap + "".join(line + end for line in new)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _write(path: Path, old: str | None, text: str, new: str, key: str) -> None:
    before = check(text, str(path))
    known = {(problem.key, problem.message) for problem in before}
    fresh = [problem for problem in check(new, str(path)) if (problem.key, problem.message) not in known]
    if fresh:
        raise UserError(*fresh)
    _only_changed(text, new, key)
    if new == old:
        return
    if old is not None and not before:
        keep_good(path, old)
    write_text(path, new)


def _only_changed(old: str, new: str, key: str) -> None:
    # should an edit ever lose another key, nothing must be written
    top = key.partition(".")[0]
    before, after = tomllib.loads(old), tomllib.loads(new)
    for table in (before, after):
        table.pop(top, None)
    if before != after:
        raise RuntimeError(f"setting {key} would have changed other keys")


def _is_rule(key: str) -> bool:
    return key.startswith("rule.") and key.count(".") == 1


def _fitting(key: str, value: object) -> object:
    """Give the value as the file should hold it: as it is, as TOML, or as the one entry of a list."""
    kind = kind_of(key)
    candidates: list[object] = [value]
    if isinstance(value, str):
        with suppress(ValueError, RecursionError):
            candidates.insert(0, tomllib.loads(f"v = {value}")["v"])
        candidates.append([value])
    wrongs: list[Wrong] = []
    for candidate in candidates:
        try:
            kind.read(candidate)
        except Wrong as wrong:
            wrongs.append(wrong)
        else:
            return candidate
    raise UserError(Problem(wrongs[0].message, key=key, suggestion=wrongs[0].suggestion))
