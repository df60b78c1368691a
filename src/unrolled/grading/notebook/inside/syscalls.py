"""A filter for system calls that no notebook needs: tracing, keyrings, namespaces, other cores, sockets, memory that
no limit counts, leases and locks on files that others read too, what the machine has few of, and setting the limits
and ranks of other processes.

The namespaces and limits of `zygote.py` are the walls; this takes away tools with which one could look for holes in
them. It is a seccomp filter (see seccomp(2)), for the two architectures whose numbers stand here;
elsewhere there is none.
"""

import ctypes
import errno
import os
import struct
from typing import NamedTuple


class Machine(NamedTuple):
    """An architecture's own numbers: of its system calls, and of its table of them for audit(7)."""

    audit: int
    clone: int
    clone3: int
    setrlimit: int
    prlimit: int
    fcntl: int
    mmap: int
    prctl: int
    refused: dict[str, int]


MACHINES = {
    "x86_64": Machine(
        0xC000003E, clone=56, clone3=435, setrlimit=160, prlimit=302, fcntl=72, mmap=9, prctl=157,
        refused={
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "memfd_create": 319, "memfd_secret": 447,
        "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "add_key": 248, "request_key": 249, "keyctl": 250,
        "bpf": 321, "userfaultfd": 323, "perf_event_open": 298, "io_uring_setup": 425, "unshare": 272, "setns": 308,
        "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "sched_setaffinity": 203,
        "sched_setparam": 142, "sched_setscheduler": 144, "sched_setattr": 314, "setpriority": 141, "ioprio_set": 251,
        "pidfd_getfd": 438, "socket": 41, "socketpair": 53, "flock": 73, "sync": 162, "syncfs": 306,
        "inotify_init": 253, "inotify_init1": 294, "fanotify_init": 300, "vmsplice": 278, "io_setup": 206,
    }),
    "aarch64": Machine(
        0xC00000B7, clone=220, clone3=435, setrlimit=164, prlimit=261, fcntl=25, mmap=222, prctl=167,
        refused={
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "memfd_create": 279, "memfd_secret": 447,
        "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "add_key": 217, "request_key": 218, "keyctl": 219,
        "bpf": 280, "userfaultfd": 282, "perf_event_open": 241, "io_uring_setup": 425, "unshare": 97, "setns": 268,
        "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "sched_setaffinity": 122, "sched_setparam": 118,
        "sched_setscheduler": 119, "sched_setattr": 274, "setpriority": 140, "ioprio_set": 30, "pidfd_getfd": 438,
        "socket": 198, "socketpair": 199, "flock": 32, "sync": 81, "syncfs": 267, "inotify_init1": 26,
        "fanotify_init": 262, "vmsplice": 75, "io_setup": 0,
    }),
}  # fmt: skip

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
# offsets in struct seccomp_data; an argument has 8 bytes, the low ones first
NUMBER, ARCHITECTURE, ARGUMENTS = (0, 4, 16)
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NEW_NAMESPACES = 0x7E020000  # the flags of clone(2) that make namespaces
FOREIGN = 0x40000000  # system calls of x86_64's second table
OWN = 0  # the process id by which a process means itself
RLIMIT_CPU = 0  # past it the system kills, which looks like somebody outside
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20  # together memory that no process shows and no limit counts
# Locks, leases, notices: whoever owns a file may stall all who read it. The pipes' size: all of one user
# share a bound.
REFUSED_OF_FCNTL = {
    "F_SETLK": 6,
    "F_SETLKW": 7,
    "F_OFD_SETLK": 37,
    "F_OFD_SETLKW": 38,
    "F_SETLEASE": 1024,
    "F_NOTIFY": 1026,
    "F_SETPIPE_SZ": 1031,
}
PR_SET_SECCOMP, MODE_FILTER = 22, 2
PR_SET_THP_DISABLE = 41  # huge pages, of which one kept byte holds two megabytes and is shown as four kilobytes


def refuse_system_calls(libc):
    """Install the filter for this process and all that it starts. Raises OSError when the kernel does not take it."""
    if os.uname().machine not in MACHINES:
        return
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in _program(MACHINES[os.uname().machine]))
    memory = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(memory)))
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(machine):
    """The filter's instructions as (operation, steps when true, steps when false, value)."""
    no = (RETURN, 0, 0, REFUSE | errno.EPERM)
    yield from [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, machine.audit), no]
    yield from [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, FOREIGN), no]
    for number in machine.refused.values():
        yield from [(EQUAL, 0, 1, number), no]
    # its flags lie in memory, where no filter can look; the C library then falls back to clone
    yield from [(EQUAL, 0, 1, machine.clone3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    yield from _only_for(machine.prlimit, 0, [(EQUAL, 1, 0, OWN), no])
    yield from _only_for(machine.prlimit, 1, [(EQUAL, 0, 1, RLIMIT_CPU), no])
    yield from _only_for(machine.setrlimit, 0, [(EQUAL, 0, 1, RLIMIT_CPU), no])
    yield from _only_for(machine.clone, 0, [(ANY_BIT, 0, 1, NEW_NAMESPACES), no])
    yield from _only_for(machine.mmap, 3, [(ANY_BIT, 0, 2, MAP_SHARED), (ANY_BIT, 0, 1, MAP_ANONYMOUS), no])
    yield from _only_for(machine.prctl, 0, [(EQUAL, 0, 1, PR_SET_THP_DISABLE), no])
    yield from _only_for(
        machine.fcntl, 1, [step for value in REFUSED_OF_FCNTL.values() for step in ((EQUAL, 0, 1, value), no)]
    )
    yield (RETURN, 0, 0, ALLOW)


def _only_for(call, argument, steps):
    """Instructions that take these steps with an argument (its low half) of one system call,
    and go on with the call's number."""
    yield from [(EQUAL, 0, len(steps) + 2, call), (LOAD, 0, 0, ARGUMENTS + 8 * argument), *steps, (LOAD, 0, 0, NUMBER)]
