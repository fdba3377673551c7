"""Files of older versions, brought up to date with the user's comments and order kept. The old file stays beside it.

A step takes the document of version n and makes it one of n + 1. Steps are never changed once released.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from traycoach.errors import Problem, UserError
from traycoach.settings.files import write_text
from traycoach.settings.schema import VERSION
from traycoach.text import _

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

Step = Callable[["TOMLDocument"], None]

STEPS: Mapping[int, Step] = MappingProxyType({})
"""From version → the step to the next. Empty as long as version 1 is the only one there is."""

_VERSION_LINE = re.compile(r"^version[ \t]*=[ \t]*(\d{1,6})[ \t]*(?:#.*)?$", re.MULTILINE)


def migrated(path: Path, text: str, steps: Mapping[int, Step] = STEPS, target: int = VERSION) -> str:
    """Give the text as of version `target`, and write it to `path` if it was older; else give it back unchanged.

    The older file is kept as `<name>.v<version>`, written before anything else. Raises UserError if it cannot be
    written; a text that is no TOML is given back as it is, for whoever reads it to say so.
    """
    found = _VERSION_LINE.search(text)
    version = int(found[1]) if found else target
    if version >= target or any(step not in steps for step in range(version, target)):
        return text
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        for step in range(version, target):
            steps[step](document)
    except (TOMLKitError, LookupError, TypeError, ValueError, RecursionError) as error:
        message = _("the file is of version {version} and could not be brought up to {target}; it was left as it is")
        raise UserError(Problem(message.format(version=version, target=target), file=str(path))) from error
    document["version"] = target
    write_text(path.with_name(f"{path.name}.v{version}"), text)
    new = tomlkit.dumps(document)
    write_text(path, new)
    return new
