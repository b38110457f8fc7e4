"""What a jail may see, do and use, as arguments of nsjail."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "/semantic"
NOBODY = 65534
# Programs and their libraries, read-only. Of /etc only the links that programs such as awk are
# found through.
PROGRAMS = ("/bin", "/usr/bin", "/lib", "/lib64", "/usr/lib", "/etc/alternatives")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")
VARIABLES = ("PATH=/bin:/usr/bin", "HOME=/tmp", "LANG=C.UTF-8")
# A jail within the jail would have capabilities of its own: with them memory can be filled by
# mounting it, and more of the kernel can be reached.
SYSCALLS = (
    "ERRNO(1) { unshare, setns, mount, pivot_root, fsopen, fsmount, move_mount, open_tree, ptrace, "
    "keyctl, add_key, request_key, bpf, perf_event_open, userfaultfd, io_uring_setup, "
    "clone(clone_flags) { (clone_flags & 0x10000000) != 0 } }, "
    # Its flags cannot be looked at; libraries fall back to clone when it does not exist.
    "ERRNO(38) { clone3 } DEFAULT ALLOW"
)


@dataclass(frozen=True)
class Limits:
    """What one command may take; memory is that of each of its processes."""

    seconds: int
    memory_mb: int
    processes: int


def flags(limits: Limits, root: Path | None, *, as_root: bool, log: int) -> Iterator[str]:
    """The arguments of nsjail up to the command; without a `root` there is no folder to read.

    `log` is the number of the open file that nsjail writes its own messages to.
    """
    yield from ("--mode", "o", "--quiet", "--log_fd", str(log))
    if root is not None:
        yield from ("-R", f"{root}:{FOLDER}")
    for path in (*PROGRAMS, *DEVICES):
        if Path(path).exists():
            yield from ("-R", path)
    yield from ("--proc_path", "/proc", "-T", "/tmp", "--iface_no_lo")  # noqa: S108 - the jail's own
    # Bash needs it to hand a command's output to another as a file.
    yield from ("-s", "/proc/self/fd:/dev/fd")
    yield from ("--cwd", FOLDER if root is not None else "/")
    yield from ("-t", str(limits.seconds), "--rlimit_cpu", str(limits.seconds))
    yield from ("--rlimit_as", str(limits.memory_mb), "--rlimit_fsize", "10")
    yield from ("--rlimit_nproc", str(limits.processes), "--rlimit_nofile", "64")
    # The kernel does not count the processes of root, so outside of the jail too it is nobody.
    user = f"{NOBODY}:{NOBODY}:1" if as_root else str(NOBODY)
    yield from ("-u", user, "-g", user, "--seccomp_string", SYSCALLS)
    for variable in VARIABLES:
        yield from ("-E", variable)
