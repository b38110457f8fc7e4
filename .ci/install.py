"""Makes .venv with the pinned packages of some groups: python3 .ci/install.py demo|dev|long.

Needs nothing but Python's standard library. A stamp file makes a second call return at once, and
a lock lets two calls at once install only once.
"""

import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
# What each name installs: extras of the project and dependency groups.
SETS = {
    "demo": (("local",), ()),
    "dev": (("local",), ("dev",)),
    "long": (("local",), ("dev", "engines")),
}


def main() -> int:
    """Install what the first argument names; returns the exit code."""
    if sys.version_info < OLDEST:
        return use_newer_python()
    name = sys.argv[1] if len(sys.argv) > 1 else "demo"
    with pathlib.Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = digest()
        # A larger set holds the smaller ones.
        names = list(SETS)
        if wanted in map(installed, names[names.index(name) :]):
            return 0
        print("Installing packages into .venv (once) ...", flush=True)
        return install(name, wanted)


def install(name: str, wanted: str) -> int:
    """Make the environment where it is missing and install the set `name`."""
    if not is_ours(ROOT) or not is_ours(VENV):
        return 1
    if not works(PYTHON) and not make_environment():
        return 1
    extras, groups = SETS[name]
    # Some machines have no wheel of PostgreSQL; a system PostgreSQL does as well.
    tries = (requirements(extras, groups), requirements((), groups))
    if not any(install_packages(lines) for lines in tries):
        print("The packages could not be installed; the lines above say why.", file=sys.stderr)
        return 1
    stamp(name).write_text(wanted)
    return 0


def requirements(extras, groups):
    """The requirement lines of the project for these extras and dependency groups."""
    import tomllib  # noqa: PLC0415 - older Pythons only look for a newer one here

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = list(project["project"]["dependencies"])
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    waiting = list(groups)
    while waiting:
        for line in project["dependency-groups"][waiting.pop()]:
            if isinstance(line, str):
                lines.append(line)
            else:
                waiting.append(line["include-group"])
    return lines


def install_packages(lines) -> bool:
    """Install with uv, which is quick, else with pip."""
    arguments = ["install", "--quiet", "--constraint", str(ROOT / "constraints.txt"), *lines]
    pip = [str(PYTHON), "-m", "pip"]
    if succeeds([*pip, "install", "--quiet", "uv"], quiet=True):
        uv = [str(VENV / "bin" / "uv"), "pip", *arguments, "--python", str(PYTHON)]
        if succeeds(uv):
            return True
    return succeeds([*pip, *arguments])


def make_environment() -> bool:
    """Make .venv and say what is missing when that cannot be done."""
    if succeeds([sys.executable, "-m", "venv", "--clear", str(VENV)], quiet=True):
        return True
    version = "{}.{}".format(*sys.version_info[:2])
    print(
        f"Python cannot make a virtual environment. On Debian and Ubuntu: "
        f"apt-get install python{version}-venv",
        file=sys.stderr,
    )
    return False


def is_ours(folder: pathlib.Path) -> bool:
    """Whether this user may write there; says so when not."""
    if os.access(folder, os.W_OK) or not os.path.lexists(folder):
        return True
    print(
        f"{folder} cannot be written by this user. Clone Atlas into a folder of your own.",
        file=sys.stderr,
    )
    return False


def use_newer_python() -> int:
    """Start again under a newer Python, or say that one is needed."""
    for name in NEWER:
        path = shutil.which(name)
        if path:
            return subprocess.call([path, *sys.argv])  # noqa: S603 - a path of ours
    print("Atlas needs Python 3.11 or newer. Install it, then run this again.", file=sys.stderr)
    return 1


def digest() -> str:
    """Names what is to be installed."""
    files = (ROOT / "pyproject.toml", ROOT / "constraints.txt", pathlib.Path(__file__))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def stamp(name: str) -> pathlib.Path:
    """The file that says what was installed for a set."""
    return VENV / f".installed-{name}"


def installed(name: str) -> str:
    """What was installed for a set, or nothing."""
    return stamp(name).read_text() if stamp(name).exists() else ""


def works(python: pathlib.Path) -> bool:
    """Whether the environment's Python still starts; it does not after some system upgrades."""
    return python.exists() and succeeds([str(python), "-c", "import sys"], quiet=True)


def succeeds(command, *, quiet: bool = False) -> bool:
    """Run a command and say whether it ended well."""
    output = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.call(command, stdout=output, stderr=output, cwd=str(ROOT)) == 0  # noqa: S603 - pip or uv, by lists of ours
    except OSError:
        return False


if __name__ == "__main__":
    os.environ.update(PIP_DISABLE_PIP_VERSION_CHECK="1", UV_SYSTEM_CERTS="1")  # noqa: TID251 - runs before Atlas exists
    sys.exit(main())
