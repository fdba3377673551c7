"""What can be said on the command line, as an argparse parser; shell completion is made from it as well."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from traycoach import __version__
from traycoach.errors import Problem, UserError
from traycoach.text import _

Verbs = Any
"""What `add_subparsers` gives; argparse keeps its type to itself."""


MOST_CHOICES = 8
"""More than so many are not listed in a sentence."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises `UserError` in place of printing its usage and leaving."""

    def error(self, message: str) -> NoReturn:
        """Raise argparse's sentence."""
        raise UserError(
            _("{message}. “{program} --help” shows what can be said.").format(
                message=message.rstrip("."), program=self.prog
            )
        )

    def _check_value(self, action: argparse.Action, value: Any) -> None:  # noqa: ANN401 - argparse's signature
        if action.choices is not None and value not in action.choices:
            from difflib import get_close_matches  # the daemon's command line is read by this parser, too

            known = [str(choice) for choice in action.choices]
            nearest = next(iter(get_close_matches(str(value), known, 1)), None)
            if nearest is not None or len(known) > MOST_CHOICES:
                what = _("“{word}” is not known here; “{program} --help” shows what is")
            else:
                what = _("“{word}” is not known here; known are {choices}")
            sentence = what.format(word=value, program=self.prog, choices=", ".join(known))
            raise UserError(Problem(sentence, suggestion=nearest))


def build_parser() -> Parser:
    """Build the parser of all verbs. Each parsed namespace has `body`, "module:function" below `traycoach.cli`."""
    parser = Parser(
        prog="traycoach",
        description=_("A coach for people who sit for a living. Without a verb: start it, or show its status window."),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"traycoach {__version__}")
    parser.set_defaults(body="start:start")
    verbs = parser.add_subparsers(metavar="VERB", title=_("verbs"))
    _coach_verbs(verbs)
    _routine_verbs(verbs)
    _history_verbs(verbs)
    _config_verbs(verbs)
    _other_verbs(verbs)
    return parser


def _verb(verbs: Verbs, name: str, words: str, body: str, *, json: bool = False) -> Parser:
    parser: Parser = verbs.add_parser(name, help=words, description=words, allow_abbrev=False)
    parser.set_defaults(body=body, verb=name)
    if json:
        parser.add_argument("--json", action="store_true", help=_("print data for programs"))
    return parser


def _coach_verbs(verbs: Verbs) -> None:
    run = _verb(verbs, "run", _("run the coach in the foreground"), "start:run")
    run.add_argument("--login", action="store_true", help=_("started by the desktop: wait for the display, be quiet"))
    run.add_argument("--verbose", action="store_true", help=_("log details"))
    asked = "coach:ask_coach"
    length = _("a length such as 20m, 1h30m or 90s")
    until = _("{length}, “tomorrow” or “resumed” (the default)").format(length=length)
    later = _("{length}, or “meeting”: after it").format(length=length)
    windows = ["status", "history", "routines", "settings", "lesson"]
    for name, words, json, takes in (
        ("status", _("tell what the coach sees"), True, None),
        ("why", _("tell why there is, or is not, a prompt"), True, None),
        ("open", _("open a window of the coach"), False, ("WINDOW", ", ".join(windows))),
        ("pause", _("no prompts for a while"), True, ("UNTIL", until)),
        ("resume", _("end the pause"), True, None),
        ("now", _("take a break now"), True, ("ROUTINE", _("a routine's id; without it one is chosen"))),
        ("snooze", _("this prompt later"), True, ("LENGTH", later)),
        ("skip", _("not this prompt"), True, None),
        ("stand", _("I am standing"), True, None),
        ("sit", _("I am sitting"), True, None),
        ("here", _("I was at the desk: take the last absence back"), True, None),
        ("away", _("I am leaving; with a length: I was away"), True, ("LENGTH", length)),
        ("quit", _("end the coach"), False, None),
    ):
        verb = _verb(verbs, name, words, asked, json=json)
        if takes is not None:
            choices = windows if name == "open" else None
            verb.add_argument("words", nargs="?", metavar=takes[0], help=takes[1], choices=choices)
            if name == "open":
                verb.add_argument("lesson", nargs="?", metavar="LESSON", help=_("which lesson: its id"))


def _routine_verbs(verbs: Verbs) -> None:
    routines = _verb(verbs, "routines", _("the routines"), "routines:list_routines", json=True)
    below = routines.add_subparsers(metavar="VERB")
    _verb(below, "list", _("all routines"), "routines:list_routines", json=True)
    show = _verb(below, "show", _("one routine with its steps"), "routines:show_routine", json=True)
    show.add_argument("routine", metavar="ROUTINE", help=_("its id"))
    checked = _("check all exercises, routines and lessons, yours included")
    check = _verb(below, "check", checked, "routines:check_routines", json=True)
    check.add_argument("folder", nargs="?", metavar="FOLDER", help=_("only what lies there"))
    written = _("write a routine, exercise or lesson as a file")
    export = _verb(below, "export", written, "routines:export_routine")
    export.add_argument("routine", metavar="ID", help=_("its id"))
    kind = export.add_mutually_exclusive_group(required=True)
    kind.add_argument("--gif", metavar="FILE", help=_("an animation"))
    kind.add_argument("--png", metavar="FILE", help=_("a storyboard: every exercise with its poses"))
    kind.add_argument("--html", metavar="FILE", help=_("a page to print, complete in itself"))
    export.add_argument("--dark", action="store_true", help=_("in the dark theme"))


def _history_verbs(verbs: Verbs) -> None:
    history = _verb(verbs, "history", _("today and this week"), "history:show_history", json=True)
    _on(history)
    below = history.add_subparsers(metavar="VERB")
    delete = _verb(below, "delete", _("delete what was recorded, for good"), "history:delete_history")
    delete.add_argument("--before", metavar="DATE", help=_("only the days before this one (YYYY-MM-DD)"))
    delete.add_argument("--yes", action="store_true", help=_("do not ask"))
    export = _verb(below, "export", _("write everything that was recorded"), "history:export_history")
    export.add_argument("file", nargs="?", default="-", metavar="FILE", help=_("- (the default) is the terminal"))
    export.add_argument("--format", choices=["json", "csv"], help=_("by the file's name, else json"))
    report = _verb(verbs, "report", _("the figures of a week"), "history:report", json=True)
    _on(report)


def _on(parser: Parser) -> None:
    parser.add_argument("--on", metavar="DATE", help=_("another day (YYYY-MM-DD)"))


def _config_verbs(verbs: Verbs) -> None:
    config = _verb(verbs, "config", _("the settings"), "config:show_path")
    below = config.add_subparsers(metavar="VERB")
    _verb(below, "path", _("where the settings file is"), "config:show_path", json=True)
    _verb(below, "show", _("all settings in force, with their meaning"), "config:show_config", json=True)
    check = _verb(below, "check", _("check the settings file"), "config:check_config", json=True)
    check.add_argument("file", nargs="?", metavar="FILE", help=_("another file"))
    _verb(below, "edit", _("open the settings file in your editor"), "config:edit_config")
    get = _verb(below, "get", _("one setting"), "config:get_setting", json=True)
    get.add_argument("key", metavar="KEY", help=_("such as quiet.microphone or rule.stand.every"))
    set_one = _verb(below, "set", _("change one setting"), "config:set_setting")
    set_one.add_argument("key", metavar="KEY")
    set_one.add_argument("value", metavar="VALUE", help=_("as the file would have it; quotes may be left out"))
    unset = _verb(below, "unset", _("back to the default"), "config:unset_setting")
    unset.add_argument("key", metavar="KEY")
    schema = _verb(
        below, "schema", _("every setting: what it takes, means and is by default"), "config:schema", json=True
    )
    schema.add_argument("prefix", nargs="?", default="", metavar="KEY", help=_("only this one, or those below it"))


def _other_verbs(verbs: Verbs) -> None:
    login = _verb(verbs, "autostart", _("start at login"), "desktop:autostart_status", json=True)
    below = login.add_subparsers(metavar="VERB")
    on = _verb(below, "on", _("start the coach at login"), "desktop:autostart_on", json=True)
    on.add_argument("--systemd", action="store_true", help=_("by a unit of systemd, which restarts it after a crash"))
    _verb(below, "off", _("do not"), "desktop:autostart_off", json=True)
    _verb(below, "status", _("tell whether it is started"), "desktop:autostart_status", json=True)
    simulate = _verb(verbs, "simulate", _("run day scripts on a clock of their own"), "days:simulate", json=True)
    simulate.add_argument("files", nargs="+", metavar="DAY.toml")
    replay = _verb(verbs, "replay", _("run recorded days again"), "days:replay", json=True)
    replay.add_argument("file", nargs="?", metavar="LOG", help=_("your own recording by default"))
    doctor = _verb(verbs, "doctor", _("tell what works here, and why not what does not"), "desktop:doctor", json=True)
    doctor.add_argument("--watch", action="store_true", help=_("show live what the running coach sees, until Ctrl+C"))
    completion = _verb(verbs, "completion", _("print the completion of a shell"), "completion:print_completion")
    completion.add_argument("shell", choices=["bash", "zsh", "fish"], metavar="SHELL", help="bash, zsh, fish")
