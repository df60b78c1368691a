"""How long the book takes to build: cold, every notebook executed, and again with nothing changed."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import report

ROOT = Path(__file__).parents[1]
LIMITS = {"cold": 480, "unchanged": 15}  # seconds on two cores


def main():
    rows = []
    with tempfile.TemporaryDirectory() as target:
        for build, limit in LIMITS.items():
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "unrolled.book", "--target", target], cwd=ROOT, check=True, capture_output=True
            )
            rows.append({"build": build, "seconds": time.perf_counter() - start, "at most": limit})
    report("book", rows)


if __name__ == "__main__":
    main()
