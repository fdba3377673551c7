"""Shell completion for bash, zsh and fish, made from the parser itself: a new verb is completed at once.

Facts: bash(1), "Programmable Completion"; zshcompsys(1), `_arguments`-free `compadd`; fish's `complete(1)`. Words are
offered by the verbs typed so far; where a file may stand, files are offered too.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping

from traycoach.cli.parser import build_parser

FILES = {"FILE", "LOG", "DAY.toml", "FOLDER"}

Node = tuple[tuple[str, ...], Mapping[str, str], bool]
"""The verbs so far, the words that may follow with their meaning, and whether files may."""


def print_completion(arguments: argparse.Namespace) -> int:
    """Print the script of one shell, to be evaluated by it or put where it looks for completions."""
    nodes = list(_nodes(build_parser(), ()))
    sys.stdout.write({"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell](nodes))
    return 0


def _nodes(parser: argparse.ArgumentParser, path: tuple[str, ...]) -> Iterator[Node]:
    words: dict[str, str] = {}
    below: list[tuple[str, argparse.ArgumentParser]] = []
    files = False
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list of them
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            meanings = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001
            words |= {name: meanings.get(name, "") for name in action.choices}
            below += action.choices.items()
        elif action.option_strings:
            words |= dict.fromkeys(action.option_strings[-1:], action.help or "")
        else:
            words |= dict.fromkeys(map(str, action.choices or ()), "")
            files = files or action.metavar in FILES
    yield path, words, files
    for name, inner in below:
        yield from _nodes(inner, (*path, name))


def _cases(nodes: list[Node]) -> str:
    return "\n".join(
        f'    "{" ".join(path)}") words="{" ".join(words)}"; files={"1" if files else ""} ;;'
        for path, words, files in nodes
    )


def _verbs(nodes: list[Node]) -> str:
    return "|".join(f'"{" ".join(path)}"' for path, _words, _files in nodes if path)


def _bash(nodes: list[Node]) -> str:
    return f"""# traycoach completion for bash; for example in ~/.bashrc: source <(traycoach completion bash)
_traycoach() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" path="" next words="" files="" word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    next="${{path:+$path }}$word"
    case "$next" in
    {_verbs(nodes)}) path="$next" ;;
    esac
  done
  case "$path" in
{_cases(nodes)}
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
  [ -n "$files" ] && COMPREPLY+=( $(compgen -f -- "$current") )
}}
complete -o filenames -F _traycoach traycoach
"""


def _zsh(nodes: list[Node]) -> str:
    return f"""#compdef traycoach
# traycoach completion for zsh; for example: traycoach completion zsh > ~/.zfunc/_traycoach
_traycoach() {{
  local path_so_far="" next words files word
  for word in "${{(@)words_typed}}"; do
    next="${{path_so_far:+$path_so_far }}$word"
    case "$next" in
    {_verbs(nodes)}) path_so_far="$next" ;;
    esac
  done
  case "$path_so_far" in
{_cases(nodes)}
  esac
  compadd -- ${{=words}}
  [[ -n "$files" ]] && _files
}}
_traycoach_start() {{
  local -a words_typed=("${{(@)words[2,CURRENT-1]}}")
  _traycoach
}}
compdef _traycoach_start traycoach
[[ "${{funcstack[1]}}" == "_traycoach" ]] && _traycoach_start
"""


def _fish(nodes: list[Node]) -> str:
    lines = ["# traycoach completion for fish: traycoach completion fish > ~/.config/fish/completions/traycoach.fish"]
    lines.append("complete -c traycoach -f")
    for path, words, files in nodes:
        seen = " ".join(path)
        below = [word for word in words if not word.startswith("-")]
        condition = f"__traycoach_at '{seen}' '{' '.join(below)}'"
        for word, meaning in words.items():
            described = f" -d '{_fish_quoted(meaning)}'" if meaning else ""
            option = f"-l {word.removeprefix('--')}" if word.startswith("--") else f"-a {word}"
            lines.append(f'complete -c traycoach -n "{condition}" {option}{described}')
        if files:
            lines.append(f'complete -c traycoach -n "{condition}" -F')
    function = """function __traycoach_at
    set -l typed (commandline -opc)
    set -l typed $typed[2..-1]
    set -l verbs
    for word in $typed
        string match -q -- '-*' $word; or set verbs $verbs $word
    end
    test "$verbs" = "$argv[1]"
end"""
    return "\n".join([lines[0], function, *lines[1:]]) + "\n"


def _fish_quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("$", "\\$")
