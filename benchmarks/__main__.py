"""`python -m benchmarks [NAME ...]`: run the named benchmarks, or all, one after another."""

import importlib
import sys

NAMES = ("recurrent", "check", "book", "site", "desk", "grading")


def main(names):
    unknown = set(names) - set(NAMES)
    if unknown:
        sys.exit(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    for name in names or NAMES:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
