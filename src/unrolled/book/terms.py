"""Links from a term's first use on each page to the glossary, so that no author has to remember them.

A link says the term's meaning to a reader who points at it, as a citation says its source.
"""

import re

from docutils import nodes

GLOSSARY = "chapters/glossary"
# What a word may stand in without being linked: links, headings, code, formulae, and what is not prose.
_CLOSED = (
    nodes.reference,
    nodes.title,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.raw,
    nodes.term,
    nodes.caption,
    nodes.citation,
)


def link_terms(app, doctree, docname):
    """Link the first use of every glossary term in a page's prose; Sphinx calls this with a page's resolved tree."""
    if docname == GLOSSARY:
        return
    places = {
        name.lower(): labelid
        for (kind, name), (page, labelid) in app.env.domaindata["std"]["objects"].items()
        if kind == "term" and page == GLOSSARY
    }
    if not places:
        return
    address = app.builder.get_relative_uri(docname, GLOSSARY)
    said = meanings(app.env.get_doctree(GLOSSARY))
    for text in list(doctree.findall(nodes.Text)):
        if places and is_prose(text):
            text.parent.replace(text, linked(text.astext(), places, address, said))


def meanings(glossary):
    """What each term of the glossary's tree means, by the term's id; left out where a formula is
    more than a letter."""
    found = {}
    for item in glossary.findall(nodes.definition_list_item):
        formulae = [formula.astext() for formula in item.findall(nodes.math)]
        if all(formula.isalpha() for formula in formulae):
            meaning = " ".join(item[-1].astext().split())
            found |= {labelid: meaning for term in item.findall(nodes.term) for labelid in term["ids"]}
    return found


def is_prose(text):
    """Whether a Text node stands in a paragraph, outside of everything that is no running text."""
    node, in_paragraph = text.parent, False
    while node is not None:
        if isinstance(node, _CLOSED):
            return False
        in_paragraph = in_paragraph or isinstance(node, nodes.paragraph)
        node = node.parent
    return in_paragraph


def linked(text, places, address, said=None):
    """text as nodes, with the first use of each term in places a link; what is linked is taken out of places.

    A term may stand in the plural; where two overlap, the longer is linked. said holds what terms mean,
    by their labels.
    """
    found, position = [], 0
    while match := _pattern(places).search(text, position) if places else None:
        found.append(nodes.Text(text[position : match.start()]))
        name = _singular(match[0].lower(), places)
        labelid = places.pop(name)
        title = {"reftitle": said[labelid]} if said and labelid in said else {}
        found.append(
            nodes.reference("", match[0], refuri=f"{address}#{labelid}", internal=True, classes=["u-term"], **title)
        )
        position = match.end()
    return [*found, nodes.Text(text[position:])]


def _pattern(places):
    longest_first = sorted(places, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})s?(?![\w-])", re.IGNORECASE)


def _singular(word, places):
    return word if word in places else word.removesuffix("s")
