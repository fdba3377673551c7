"""What each setting is, for `config schema` and docs/configuration.md: kinds from the schema, words from default.toml.

`python -m traycoach.settings.reference docs/configuration.md` brings the page's table of settings up to date.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traycoach.errors import Problem, UserError
from traycoach.paths import bundled
from traycoach.settings.building import preset_layer
from traycoach.settings.files import read_text, write_text
from traycoach.settings.kinds import Choice, Kind, nearest
from traycoach.settings.lines import key_lines
from traycoach.settings.schema import KEYS, RULE_KEYS
from traycoach.settings.show import literal
from traycoach.text import _

_EXAMPLES = "# Two rules of your own"
_BEGIN = "<!-- settings: made by python -m traycoach.settings.reference -->"
_END = "<!-- end of settings -->"


@dataclass(frozen=True, slots=True)
class Entry:
    """One setting. `default` is TOML, None for a key that has none (or one of its own in each rule).

    Keys of rules are written `rule.*.every`. `choices` are its words, each with what it means where that is known.
    """

    key: str
    expected: str
    meaning: str
    default: str | None
    choices: tuple[tuple[str, str], ...] = ()


def entries(prefix: str = "") -> tuple[Entry, ...]:
    """Give the settings whose key is, or begins with, `prefix`. Raises UserError if there are none."""
    text = bundled("config/default.toml").read_text(encoding="utf-8")
    values = tomllib.loads(text)
    meanings = _meanings(text)
    all_entries = [_entry(key, kind, meanings[key], literal(_value(values, key))) for key, kind in KEYS.items()]
    all_entries += [_entry(f"rule.*.{key}", kind, meanings[f"rule.*.{key}"], None) for key, kind in RULE_KEYS.items()]
    wanted = _general(prefix)
    found = tuple(entry for entry in all_entries if not wanted or f"{entry.key}.".startswith(f"{wanted}."))
    if not found:
        near = nearest(prefix, [entry.key for entry in all_entries])
        raise UserError(Problem(_("there is no such setting"), key=prefix, suggestion=near))
    return found


def schema_text(prefix: str = "") -> str:
    """Give the settings below `prefix` as a page for a terminal. Raises UserError if there are none."""
    blocks: list[str] = []
    for entry in entries(prefix):
        lines = [entry.key, f"    {entry.meaning}", f"    {_('takes')}: {entry.expected}"]
        if entry.default is not None:
            lines.append(f"    {_('default')}: {entry.default}")
        lines += [f"      {word}: {meaning}" for word, meaning in entry.choices if meaning]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def schema_data(prefix: str = "") -> list[dict[str, Any]]:
    """Give the settings below `prefix` for `--json`. Raises UserError if there are none."""
    return [
        {
            "key": entry.key,
            "expected": entry.expected,
            "meaning": entry.meaning,
            "default": entry.default,
            "choices": [word for word, _meaning in entry.choices],
        }
        for entry in entries(prefix)
    ]


def reference() -> str:
    """Give the tables of docs/configuration.md, one a section."""
    parts: list[str] = []
    section = None
    for entry in entries():
        name = entry.key.rpartition(".")[0]
        if name != section:
            section = name
            title = "Rules: `[[rule]]`" if name == "rule.*" else f"`[{name}]`" if name else "Top of the file"
            parts.append(f"\n### {title}\n\n| key | default | meaning | takes |\n| --- | --- | --- | --- |")
        default = f"`{entry.default}`" if entry.default is not None else "–"
        cells = (f"`{entry.key.rpartition('.')[2]}`", default, entry.meaning, entry.expected)
        parts.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(parts).strip() + "\n"


def with_reference(page: str) -> str:
    """Give the page with its tables brought up to date."""
    before, _begin, rest = page.partition(_BEGIN)
    _old, _end, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n\n{reference()}\n{_END}{after}"


def _general(prefix: str) -> str:
    names = prefix.split(".")
    if names[0] == "rule" and len(names) > 1:
        names[1] = "*"
    return ".".join(names[:3] if names[0] == "rule" else names)


def _entry(key: str, kind: Kind, meaning: str, default: str | None) -> Entry:
    choices: tuple[tuple[str, str], ...] = ()
    if isinstance(kind, Choice):
        choices = tuple((word, _preset_meaning(word) if key == "preset" else "") for word in kind.words)
    return Entry(key, kind.expected, meaning, default, choices)


def _preset_meaning(name: str) -> str:
    summary = tomllib.loads(preset_layer(name).text)["summary"]
    return _(str(summary))


def _value(values: Any, key: str) -> object:  # noqa: ANN401 - plain TOML
    for name in key.split("."):
        values = values[name]
    found: object = values
    return found


def _meanings(text: str) -> dict[str, str]:
    """Give the comment line above the first use of each key."""
    settings, _marker, examples = text.partition(_EXAMPLES)
    uncommented = "\n".join(line.removeprefix("# ") for line in examples.split("\n")[1:])
    found: dict[str, str] = {}
    for part in (settings, uncommented):
        lines = part.split("\n")
        for path, line in key_lines(part).items():
            names = ["*" if isinstance(name, int) else name for name in path]
            above = lines[line - 2].strip() if line >= 2 else ""
            if above.startswith("# "):
                found.setdefault(".".join(names), above.removeprefix("# "))
    return found


if __name__ == "__main__":
    target = Path(sys.argv[1])
    write_text(target, with_reference(read_text(target) or ""))
    target.chmod(0o644)
