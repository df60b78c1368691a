"""Which pages the book has, from its table of contents."""

import yaml


def listed_files(root):
    """The files that the table of contents names and that exist, in its order."""
    names = []

    def collect(node):
        for entry in node if isinstance(node, list) else [node]:
            names.extend(entry[key] for key in ("root", "file") if key in entry)
            for key in ("parts", "chapters", "sections"):
                collect(entry.get(key, []))

    collect(yaml.safe_load((root / "_toc.yml").read_text(encoding="utf8")))
    return [path for name in names if (path := root / f"{name}.md").is_file()]
