"""`python -m unrolled.book`: build the site in this folder and say where its first page is."""

import argparse
import sys
from pathlib import Path

from unrolled.book.build import PDF, BuildError, build


def main():
    """Build; exit with 1 and the reason when the book cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m unrolled.book", description=__doc__)
    parser.add_argument("--root", default=".", type=Path, help="the folder with _config.yml")
    parser.add_argument("--target", type=Path, help="where to build, _build in that folder when left out")
    parser.add_argument("--pdf", action="store_true", help="print the whole course into a PDF, too")
    options = parser.parse_args()
    target = options.target or options.root / "_build"
    try:
        index = build(options.root, target, printed=options.pdf)
    except BuildError as error:
        sys.exit(f"The book was not built: {error}")
    print(f"The book is at {index}")
    if options.pdf:
        print(f"The PDF is at {target.resolve() / PDF}")


if __name__ == "__main__":
    main()
