"""`python -m unrolled.unprinted`: record anew what `check` needs at home of each function that nobody has printed."""

from unrolled.exercises import EXERCISES
from unrolled.exercises.recorded import RECORDED, make_record, write_record


def main():
    for exercise in EXERCISES.values():
        if not exercise.printed:
            path = RECORDED / f"{exercise.name}.npz"
            write_record(make_record(exercise), path)
            print(f"{exercise.name}: {len(exercise.mistakes)} mistakes, {path.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
