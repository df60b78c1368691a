"""`python -m experiments [NAME ...]`: run what is missing, on all cores; stopped, it goes on where it was."""

import argparse
import os
import sys

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"       # a run a core, before NumPy is loaded

from experiments.runner import UnknownExperiment, names, run  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="python -m experiments", description=__doc__.split(": ", 1)[1])
    parser.add_argument("names", nargs="*", metavar="NAME",
        help=f"one of {', '.join(names())}; all when none is given")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many runs at a time")
    arguments = parser.parse_args()
    try:
        for name in arguments.names or names():
            run(name, arguments.jobs)
    except UnknownExperiment as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. What was finished is kept; the same command goes on from there.")


if __name__ == "__main__":
    main()
