"""A filter for system calls that no notebook needs: tracing, keyrings, namespaces, other cores, memory that no limit
counts, and setting the limits and ranks of other processes: a function's own must not reach the kernel's.

The namespaces and limits of `zygote.py` are the walls; this takes away tools with which one could look for holes in
them. It is a seccomp filter (see seccomp(2)), for the two architectures whose numbers stand here; elsewhere there is none.
"""

import ctypes
import errno
import os
import struct

# By machine: its audit number, clone, clone3, prlimit64, and the system calls that are refused.
MACHINES = {
    "x86_64": (0xC000003E, 56, 435, 302, {
        "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "memfd_create": 319, "memfd_secret": 447, "shmget": 29,
        "semget": 64, "msgget": 68, "mq_open": 240, "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "userfaultfd": 323,
        "perf_event_open": 298, "io_uring_setup": 425, "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155,
        "chroot": 161, "sched_setaffinity": 203, "sched_setparam": 142, "sched_setscheduler": 144, "sched_setattr": 314,
        "setpriority": 141, "ioprio_set": 251, "pidfd_getfd": 438,
    }),
    "aarch64": (0xC00000B7, 220, 435, 261, {
        "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "memfd_create": 279, "memfd_secret": 447, "shmget": 194,
        "semget": 190, "msgget": 186, "mq_open": 180, "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280, "userfaultfd": 282,
        "perf_event_open": 241, "io_uring_setup": 425, "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41,
        "chroot": 51, "sched_setaffinity": 122, "sched_setparam": 118, "sched_setscheduler": 119, "sched_setattr": 274,
        "setpriority": 140, "ioprio_set": 30, "pidfd_getfd": 438,
    }),
}  # fmt: skip

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16     # offsets in struct seccomp_data
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
NEW_NAMESPACES = 0x7E020000                         # the flags of clone(2) that make namespaces
FOREIGN = 0x40000000                                # system calls of x86_64's second table
OWN = 0                                             # the process id by which a process means itself
PR_SET_SECCOMP, MODE_FILTER = 22, 2


def refuse_system_calls(libc):
    """Install the filter for this process and all that it starts. Raises OSError when the kernel does not take it."""
    if os.uname().machine not in MACHINES:
        return
    code = b"".join(struct.pack("<HBBI", *instruction) for instruction in _program(*MACHINES[os.uname().machine]))
    memory = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("<HxxxxxxQ", len(code) // 8, ctypes.addressof(memory)))
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, program, 0, 0):
        number = ctypes.get_errno()
        raise OSError(number, f"seccomp: {os.strerror(number)}")


def _program(audit, clone, clone3, prlimit, refused):
    """The filter's instructions as (operation, steps when true, steps when false, value)."""
    no = (RETURN, 0, 0, REFUSE | errno.EPERM)
    yield from [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, audit), no]
    yield from [(LOAD, 0, 0, NUMBER), (AT_LEAST, 0, 1, FOREIGN), no]
    for number in refused.values():
        yield from [(EQUAL, 0, 1, number), no]
    # its flags lie in memory, where no filter can look; the C library then falls back to clone
    yield from [(EQUAL, 0, 1, clone3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    yield from [(EQUAL, 0, 3, prlimit), (LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 1, 0, OWN), no]
    yield from [(LOAD, 0, 0, NUMBER), (EQUAL, 0, 3, clone), (LOAD, 0, 0, FIRST_ARGUMENT), (ANY_BIT, 0, 1, NEW_NAMESPACES), no]
    yield (RETURN, 0, 0, ALLOW)
