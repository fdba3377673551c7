"""Make a fresh checkout ready: `python3 scripts/prepare.py run|test|desktops`. Standard library only.

Creates `.venv`, installs the pinned packages of `requirements/` and this project into it, and the system packages of
`scripts/system-packages.toml` where it may. What is done is stamped inside `.venv`, so a second call is quick. What may
not be done here is said in one sentence, and the rest goes on: without desktop packages the desktop tests are skipped,
without a compiler pynput is left out, which the program runs without.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(f"traycoach needs Python {OLDEST[0]}.{OLDEST[1]} or newer; `make PYTHON=python3.12 …` names another one.")

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
REQUIREMENTS = {"run": "run.txt", "test": "dev.txt"}
SYSTEM = {"run": ("run",), "test": ("run", "test"), "desktops": ("run", "test", "desktops")}
"""Which lists of system packages each purpose needs."""
BUILT_FROM_SOURCE = ("evdev", "pynput")
HEADERS = "#include <Python.h>\n#include <linux/input.h>\n"


def say(sentence: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(f"traycoach: {sentence}", flush=True)


class Refused(SystemExit):
    """The preparation cannot go on; the text says what a person can do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"traycoach: {sentence}")


# --- system packages --------------------------------------------------------------------------------------------------


def lists() -> dict[str, list[str]]:
    """Give the lists of `system-packages.toml`."""
    import tomllib  # not at the top: an older Python must get as far as the sentence that tells it so

    return tomllib.loads((ROOT / "scripts" / "system-packages.toml").read_text(encoding="utf-8"))


def not_installed(packages: Iterable[str]) -> list[str]:
    """Give those of the Debian packages that dpkg does not know as installed."""
    wanted = list(packages)
    asked = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    installed = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in installed]


def as_root() -> list[str] | None:
    """Give what to put before a command so that it runs as root: nothing, or sudo; None if neither works unasked."""
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages and tell whether that worked. The package index is fetched only if it is needed."""
    root = as_root()
    if not shutil.which("apt-get") or root is None:
        names = " ".join(packages)
        say(f"not installed: {names}. As root: apt-get install --no-install-recommends {names}")
        return False
    say(f"installing {len(packages)} system packages: {' '.join(packages)}")
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=600", "-q"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    tried = subprocess.run(install, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if tried.returncode:
        say("fetching the package index")
        subprocess.run([*apt, "update"], capture_output=True, check=False, stdin=subprocess.DEVNULL)
        tried = subprocess.run(install, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if tried.returncode:
        tail = "\n".join((tried.stdout + tried.stderr).splitlines()[-12:])
        say(f"apt-get could not install them:\n{tail}")
    return tried.returncode == 0


def prepare_system(purpose: str) -> bool:
    """Install what is missing for this purpose; tell whether everything is there now."""
    wanted = lists()
    packages = [package for name in SYSTEM[purpose] for package in wanted[name]]
    if not shutil.which("dpkg-query"):
        say(f"this is no Debian: please see to it yourself that there is what these hold: {' '.join(packages)}")
        return True
    missing = not_installed(packages)
    return not missing or apt_install(missing)


def can_compile() -> bool:
    """Tell whether evdev can be built here: a C compiler, Python's headers and the kernel's."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        return False
    include = sysconfig.get_paths()["include"]
    tried = subprocess.run(
        [compiler, "-E", "-o", os.devnull, f"-I{include}", "-x", "c", "-"],
        input=HEADERS,
        capture_output=True,
        text=True,
        check=False,
    )
    return tried.returncode == 0


# --- Python packages --------------------------------------------------------------------------------------------------


def venv_python() -> Path:
    """Where the virtual environment's Python is."""
    return VENV / "bin" / "python"


def works(python: Path) -> bool:
    """Tell whether this Python runs and is new enough (a moved or upgraded system breaks an old environment)."""
    if not python.exists():
        return False
    asked = subprocess.run(
        [str(python), "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"], capture_output=True, check=False
    )
    return asked.returncode == 0


def has_module(name: str) -> bool:
    """Tell whether the running Python has a module (a distribution may keep `ensurepip` or `pip` in a package)."""
    return subprocess.run([sys.executable, "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def create_venv() -> None:
    """Create `.venv`, by whatever means this Python offers."""
    if VENV.exists():
        say(f"{VENV.name} does not work any more: making it anew")
        shutil.rmtree(VENV)
    say(f"creating {VENV.name} with Python {sys.version.split()[0]}")
    if not has_module("ensurepip") and not has_module("pip"):
        apt_install(["python3-venv"])
    if has_module("ensurepip"):
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    elif has_module("pip"):
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--without-pip", str(VENV)], capture_output=True, text=True, check=False
        )
    else:
        raise Refused("this Python has neither ensurepip nor pip; as root: apt-get install python3-venv")
    if made.returncode:
        raise Refused(f"the virtual environment could not be made:\n{made.stdout}{made.stderr}")


def pip(*words: str) -> None:
    """Run pip for the virtual environment, configured as it is on this machine."""
    inside = subprocess.run([str(venv_python()), "-m", "pip", "--version"], capture_output=True, check=False)
    # without ensurepip the environment has no pip of its own: the one outside serves it
    command = [str(venv_python()), "-m", "pip"]
    if inside.returncode:
        command = [sys.executable, "-m", "pip", "--python", str(venv_python())]
    environ = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run([*command, *words], env=environ, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Refused("pip could not install the packages; the lines above say why")


def without(requirements: str, names: Iterable[str]) -> str:
    """Give the text of a pinned requirements file without these packages and their hashes."""
    kept = []
    skipping = False
    for line in requirements.splitlines(keepends=True):
        if line[:1].isalnum():
            skipping = line.partition("==")[0] in names
        if not skipping:
            kept.append(line)
    return "".join(kept)


def install_packages(purpose: str) -> None:
    """Install the pinned packages, then this project, editable."""
    source = ROOT / "requirements" / REQUIREMENTS[purpose]
    text = source.read_text(encoding="utf-8")
    if not can_compile() and not (apt_install(lists()["compiler"]) and can_compile()):
        say("no C compiler, so pynput is left out: the reserve source of input is missing, nothing else")
        text = without(text, BUILT_FROM_SOURCE)
    pins = VENV / f"pins-{purpose}.txt"
    pins.write_text(text, encoding="utf-8")
    say(f"installing the Python packages of requirements/{source.name}")
    # the files are complete, so nothing needs to be resolved: --no-deps
    pip(
        "install",
        "-q",
        "--require-hashes",
        "--no-deps",
        "-r",
        str(ROOT / "requirements" / "build.txt"),
        "-r",
        str(pins),
    )
    pip("install", "-q", "--no-deps", "--no-build-isolation", "-e", str(ROOT))


# --- stamps -----------------------------------------------------------------------------------------------------------


def fingerprint(purpose: str, *files: Path) -> str:
    """Give what must be the same for a stamp to hold: the purpose, the Python, and the files' contents."""
    digest = hashlib.sha256(f"{purpose} {sys.version} {sys.base_prefix}".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def stamped(name: str, value: str) -> bool:
    """Tell whether this was done with the same inputs."""
    stamp = VENV / f".{name}"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == value


def main(purpose: str) -> None:
    """Do what is missing for this purpose."""
    of_python = "test" if purpose == "desktops" else purpose
    pins = [ROOT / "requirements" / name for name in ("build.txt", REQUIREMENTS[of_python])]
    system = fingerprint(purpose, ROOT / "scripts" / "system-packages.toml")

    def python() -> str:
        # a compiler that comes later brings what was left out without it
        compiler = shutil.which("gcc") or shutil.which("cc")
        return fingerprint(f"{of_python} {bool(compiler)}", ROOT / "pyproject.toml", *pins, Path(__file__))

    if stamped(f"system-{purpose}", system) and stamped(f"python-{of_python}", python()):
        return
    complete = stamped(f"system-{purpose}", system) or prepare_system(purpose)
    if not works(venv_python()):
        create_venv()
    if complete:
        (VENV / f".system-{purpose}").write_text(system, encoding="utf-8")
    if not stamped(f"python-{of_python}", python()):
        install_packages(of_python)
        (VENV / f".python-{of_python}").write_text(python(), encoding="utf-8")
    say("ready")


if __name__ == "__main__":
    if sys.argv[1:] not in [[purpose] for purpose in SYSTEM]:
        sys.exit(f"usage: prepare.py {'|'.join(SYSTEM)}")
    main(sys.argv[1])
