"""The bar that a command shows while it works through a class."""

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from unrolled.grading.app import err


class _Rate(ProgressColumn):
    """Submissions a second so far."""

    def render(self, task):
        return Text(f"{task.speed:.1f}/s" if task.speed else "")


def progress_bar() -> Progress:
    """A bar that is drawn by whoever advances it, never by a thread: Ctrl-C finds nobody drawing."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=err,
        auto_refresh=False,
    )


def step(progress: Progress, bar: TaskID) -> None:
    """One more is done."""
    progress.update(bar, advance=1, refresh=True)
