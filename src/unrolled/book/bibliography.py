"""The list of references: each entry by its authors and its year, as the chapters cite it."""

from collections import Counter
from string import ascii_lowercase

from pybtex.style.formatting.unsrt import Style as UnsortedStyle
from pybtex.style.labels import BaseLabelStyle

NAME = "unrolled"


def authors_and_year(entry):
    """Elman, 1990; Hochreiter and Schmidhuber, 1997; Cho et al., 2014."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [
        " ".join([*person.prelast_names, *person.last_names]).replace("{", "").replace("}", "") for person in people
    ]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return ", ".join(filter(None, [who, entry.fields.get("year", "")]))


class AuthorYearLabels(BaseLabelStyle):
    """Labels that say who and when, with a letter where two would be the same."""

    def format_labels(self, sorted_entries):
        labels = [authors_and_year(entry) for entry in sorted_entries]
        count, used = Counter(labels), Counter()
        for label in labels:
            yield label + (ascii_lowercase[used[label]] if count[label] > 1 else "")
            used[label] += 1


class Style(UnsortedStyle):
    """Entries by author, year and title."""

    default_sorting_style = "author_year_title"
    default_label_style = AuthorYearLabels
