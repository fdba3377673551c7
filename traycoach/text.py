"""Every sentence a user reads goes through `_` (gettext), so that a translation needs no change of code.

The catalogue is installed once by the entry points; until then, and for every sentence without a translation, the
English text stands. Marking happens at import time nowhere: call `_` where the sentence is built.
"""

from __future__ import annotations

import gettext as _gettext

_active: _gettext.NullTranslations = _gettext.NullTranslations()


def install(translation: _gettext.NullTranslations) -> None:
    """Use this catalogue from now on, for the whole process."""
    global _active  # noqa: PLW0603 - one language a process; passing it to every sentence would bury the sentences
    _active = translation


def _(sentence: str) -> str:
    """Give the sentence in the user's language. Placeholders are `str.format` names: `_("sat {minutes} min")`."""
    return _active.gettext(sentence)


def ngettext(one: str, many: str, count: int) -> str:
    """Give the form of the sentence that fits the count, in the user's language."""
    return _active.ngettext(one, many, count)
