"""The warm process inside the sandbox: it imports everything once, then forks a kernel for each submission.

Each fork gets process, mount and IPC namespaces of its own, a work folder that is gone with them, limits, and
where the grader is root a user id of its own. So a submission can neither see, signal, trace nor fill up
this process or another submission, and everything that it starts ends with it.

Usage: zygote.py SOCKET, a file descriptor; each request on it is a JSON object with two descriptors: the socket that
the kernel serves, and the lease. The kernel is ended when the other end of its lease is closed.
"""

import contextlib
import ctypes
import gc
import glob
import json
import os
import resource
import select
import signal
import socket
import sys
from pathlib import Path

from kernel import Server
from syscalls import PR_SET_THP_DISABLE, refuse_system_calls
from wire import READY, send

NEW_MOUNTS, NEW_PROCESSES, NEW_IPC = 0x00020000, 0x20000000, 0x08000000  # see unshare(2)
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    1,
    2,
    4,
    8,
    1 << 5,
    1 << 12,
    1 << 14,
    1 << 18,
)
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 1, 24, 38, 47
libc = ctypes.CDLL(None, use_errno=True)


def system(name, *args):
    """Call a function of the C library; raise OSError when it fails."""
    if getattr(libc, name)(*args) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def main(control):
    system("prctl", PR_SET_THP_DISABLE, 1, 0, 0, 0)  # for all forks, too
    kernel = Server()
    gc.collect()
    gc.freeze()  # forks share these pages as long as nobody touches them
    control.sendall(b"!")
    while True:
        data, fds, _, _ = socket.recv_fds(control, 1 << 16, 2)
        if not data:
            return
        if os.fork() == 0:
            control.close()
            keep(kernel, json.loads(data), *fds)
        for fd in fds:
            os.close(fd)
        reap()


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def keep(kernel, request, wire, lease):
    """Start a kernel in namespaces of its own, end it with its lease, and say on the lease how it ended.

    `outside` tells what nothing in the kernel can have done: its first process was killed, and not by its keeper.
    """
    try:
        if request["isolate"]:
            system("unshare", NEW_PROCESSES | NEW_IPC)  # for the child: its process id there is 1
        child = os.fork()
        if child == 0:
            os.close(lease)
            become_kernel(kernel, request, wire)
        os.close(wire)
        reason = watch(child, lease, request["memory_mb"])
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        outside = request["isolate"] and reason is None and code == -signal.SIGKILL
        os.write(lease, json.dumps({"reason": reason or describe(code), "outside": outside}).encode())
    except OSError as error:
        send(wire, READY, str(error).encode())
    finally:
        os._exit(0)


def watch(child, lease, memory_mb):
    """Wait for the end of child or of its lease; end it when its processes together use too much memory."""
    gone = os.pidfd_open(child)
    own = memory_of(os.getpid())
    while True:
        ready, _, _ = select.select([gone, lease], [], [], 0.1)
        if gone in ready:
            return None
        too_much = sum(max(0, memory_of(pid) - own) for pid in descendants(child)) > memory_mb << 20
        if lease in ready or too_much:
            signal.pidfd_send_signal(gone, signal.SIGKILL)  # the first of a namespace takes all others along
            with contextlib.suppress(OSError):  # without a sandbox, its group at least
                os.killpg(child, signal.SIGKILL)
            return f"it used more than {memory_mb} MB of memory" if too_much else "its lease ended"


def memory_of(pid):
    """Bytes of memory that a process has written to, in swap too; 0 when it is gone."""
    try:
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
        )
        return (
            sum(int(fields.get(name, "0").split()[0]) for name in ("RssAnon", "RssShmem", "VmSwap", "HugetlbPages"))
            << 10
        )
    except OSError:
        return 0


def descendants(pid):
    """pid and all processes below it."""
    found = [pid]
    for parent in found:
        for children in glob.glob(f"/proc/{parent}/task/*/children"):  # every thread has its own
            with contextlib.suppress(OSError):
                found += map(int, Path(children).read_text().split())
    return found


def describe(code):
    """An exit code in words; a negative one is a signal's number."""
    if code >= 0:
        return f"it ended itself with code {code}"
    named = {number.value: number.name for number in signal.Signals}
    return f"it was ended by {named.get(-code, f'signal {-code}')}"


def become_kernel(kernel, request, wire):
    """Give up every right that this process has, then serve."""
    try:
        system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        os.closerange(3, wire)
        os.closerange(wire + 1, 1024)
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        if request["isolate"]:
            mount_own(request["memory_mb"])
            os.chdir("/tmp")
            drop_rights(request["uid"])
        else:
            os.chdir(request["folder"])
        os.setsid()  # and so it can never leave its process group
        set_limits(request, mapped)
        kernel.open(wire, request)
        if request["isolate"]:
            refuse_system_calls(libc)
    except OSError as error:
        send(wire, READY, str(error).encode())
        os._exit(1)
    try:
        send(wire, READY, b"")
        kernel.serve()
    finally:
        os._exit(0)


def mount_own(memory_mb):
    """Fresh /proc, /tmp, /dev/shm and terminals: what is written is seen by nobody else and gone with
    the last process.

    The rest of /dev cannot be written to: without a user id of its own, a kernel could leave something there.
    """
    system("unshare", NEW_MOUNTS)
    system("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    # what a mount forbids already is said again, since without root nobody may take it back; statvfs has mount's own
    # numbers
    forbidden = os.statvfs("/dev").f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
    system("mount", None, b"/dev", None, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | forbidden, None)
    size = f"size={memory_mb // 8}m,nr_inodes=10000,mode=1777".encode()  # twice: a quarter of all
    system("mount", b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, size)
    system("mount", b"tmpfs", b"/dev/shm", b"tmpfs", MS_NOSUID | MS_NODEV, size)
    system("mount", b"devpts", b"/dev/pts", b"devpts", MS_NOSUID | MS_NOEXEC, b"max=32,ptmxmode=0666,mode=620")
    try:
        system("mount", b"proc", b"/proc", b"proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, None)
    except OSError:  # some containers allow no fresh one: then none
        system("mount", b"tmpfs", b"/proc", b"tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, None)


def drop_rights(uid):
    """Change to user id uid where there is one to change to; lose all capabilities for ever."""
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    system("capset", header, none)
    system("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)  # cleared by a change of user id


def set_limits(request, mapped):
    """Limits of each process; mapped is the address space, in bytes, that it has before any student's code."""
    memory = request["memory_mb"] << 20
    for kind, value in {
        resource.RLIMIT_AS: mapped + memory,
        resource.RLIMIT_NPROC: request["processes"],
        resource.RLIMIT_FSIZE: memory // 8,
        resource.RLIMIT_NOFILE: 256,
        # 0 would still hand a dump to a program, where the machine has one for it; 1 byte is none
        resource.RLIMIT_CORE: 1,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_SIGPENDING: 256,
    }.items():
        if request["isolate"] or kind != resource.RLIMIT_NPROC:  # it counts all processes of a user
            resource.setrlimit(kind, (value, value))


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
