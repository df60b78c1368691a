"""Which edition of the book this is, from CITATION.cff, and how it is cited."""

import datetime
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Edition:
    """What a page says of the whole book."""

    title: str
    authors: str
    version: str
    day: datetime.date

    def date(self):
        """28 November 2026."""
        return f"{self.day.day} {self.day:%B %Y}"


def edition(root):
    """The Edition of the book in a folder, from its CITATION.cff; None where it has none."""
    path = Path(root) / "CITATION.cff"
    if not path.is_file():
        return None
    cited = yaml.safe_load(path.read_text(encoding="utf8"))
    names = [person.get("name") or f"{person['given-names']} {person['family-names']}" for person in cited["authors"]]
    return Edition(cited["title"], ", ".join(names), cited["version"], cited["date-released"])
