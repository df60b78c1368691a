"""JavaScript modules that import from each other, as one text that imports nothing: Jupyter takes no other.

Nor does a page that is opened from a folder. A module begins with its imports, each
`import { names } from "./file.js";`. In the text that is made, what is imported stands in front, every module once and
in a scope of its own; the import is a look into it.
"""

import re

IMPORT = re.compile(r'^import \{ ([^}]+) \} from "\./(\w+)\.js";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const) (\w+))", re.MULTILINE)
OTHER = re.compile(r"^(?:import\b|export\b(?! default )).*", re.MULTILINE)


def joined(path):
    """The module at path and, in front of it, all that it imports. What it exports, it still does."""
    texts = {}
    _gather(path, texts)
    own = texts.pop(path)
    return "".join(_scope(imported.stem, text) for imported, text in texts.items()) + own


def script(path):
    """The same for a page: an expression whose value is the module's default export, if any. Lines of
    comment stay away."""
    body = re.sub(r"^ *//.*\n", "", EXPORT.sub("", joined(path)), flags=re.MULTILINE).replace(
        "\nexport default ", "\nreturn "
    )
    return f'(() => {{\n"use strict";\n{body}}})()'


def _gather(path, texts):
    """Add to texts, by their paths, each module that the one at path imports, and then itself."""
    if path in texts:
        return
    text = path.read_text(encoding="utf8")
    for names, stem in IMPORT.findall(text):
        imported = path.with_stem(stem)
        _gather(imported, texts)
        if missing := set(names.split(", ")) - set(EXPORT.findall(texts[imported])):
            raise ImportError(
                f"{path.name} imports {', '.join(sorted(missing))}, which {imported.name} does not export."
            )
    text = IMPORT.sub(r"const { \1 } = $\2;", text)
    if other := OTHER.search(EXPORT.sub("", text)):
        form = (
            'An import is one line, `import { names } from "./file.js";`, and what is exported by its name is a '
            "function or a const."
        )
        raise ImportError(f"{path.name} says `{other[0]}`. {form}")
    texts[path] = text


def _scope(name, text):
    """The names that a module exports, and nothing else of it, as what $name holds."""
    return (
        f"const ${name} = (() => {{\n{EXPORT.sub('', text)}return {{ {', '.join(EXPORT.findall(text))} }};\n}})();\n"
    )
