"""What an instructor is told of a hand-in, beside its marks."""

from dataclasses import dataclass, replace

from unrolled.quoting import one_line


@dataclass(frozen=True)
class Remark:
    """One sentence. put_right tells that all of it was put right, so that it needs nobody where it cost no points."""

    text: str
    put_right: bool = False

    def on_one_line(self) -> "Remark":
        """The same, bounded and on one line, whatever a student's text in it holds."""
        return replace(self, text=one_line(self.text))


def put_right(text: str) -> Remark:
    """The Remark on something that was put right."""
    return Remark(text, put_right=True)
