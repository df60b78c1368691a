"""What a student takes home: for each assignment a zip with the notebook, the package and a one-page how-to."""

from pathlib import Path

from hatchling.builders.wheel import WheelBuilder
from markdown_it import MarkdownIt

from unrolled.book.archive import write_zip
from unrolled.book.edition import edition
from unrolled.exercises import ASSIGNMENTS

PYTHONS = "3.11, 3.12 or 3.13"
HOW_TO = """\
# {title}

You need Python {python} (on Debian and Ubuntu with the package `python3-venv`) and nothing else.
In this folder, open a terminal and type, line by line:

    python -m venv desk
    {activate}
    pip install -r requirements.txt
    jupyter lab {notebook}

On Windows, take the Command Prompt (`cmd`), and as the second line `desk\\Scripts\\activate`. Where `python --version`
says something else than {python}, write `python3`, `python3.13` or, on Windows, `py -3.13` in
the first line. The third line needs the internet, this once. When you come back another day, the second line and the
fourth are enough.

In the notebook, each cell that you write is followed by one that checks it: `check(...)` says whether your
function is right, and if not, what is wrong with it. Run a cell with Shift+Enter. You may check as often as you
like; only what you hand in counts. Keep the notebook's name, `{notebook}`, and hand in that one file.

If something does not work, `unrolled doctor` in the same terminal looks at your installation and says how to
mend it. If you would rather write in VS Code, open this folder there and choose the Python in `desk` as the kernel.
"""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Start here: {title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 1.1rem/1.6 -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }}
body {{ max-width: 38rem; margin: 2rem auto; padding: 0 1.25rem; }}
h1 {{ line-height: 1.25; }}
pre {{ padding: 0.8rem 1rem; overflow-x: auto; border: 1px solid; border-radius: 6px; }}
</style>
</head>
<body>
<main>
{body}</main>
</body>
</html>
"""


def write_desks(root, folder):
    """Write folder/NN-topic.zip for every assignment whose notebook stands in root/exercises; returns their paths."""
    notebooks = {name: sorted((root / "exercises" / name).glob("*.ipynb")) for name in ASSIGNMENTS}
    notebooks = {name: paths[0] for name, paths in notebooks.items() if paths}
    folder.mkdir(parents=True, exist_ok=True)
    wheel = build_wheel(root, folder)
    of = edition(root)
    return [write_desk(name, path, wheel, folder, of and of.day) for name, path in notebooks.items()]


def build_wheel(root, folder):
    """The package as a wheel in folder, an older one replaced."""
    for old in folder.glob("*.whl"):
        old.unlink()
    (path,) = WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])
    return Path(path)


def write_desk(name, notebook, wheel, folder, day=None):
    """The zip of one assignment: one folder, named as the assignment is."""
    title = f"Assignment {name}"
    how_to = HOW_TO.format(title=title, python=PYTHONS, activate="source desk/bin/activate", notebook=notebook.name)
    contents = {
        notebook.name: notebook.read_bytes(),
        wheel.name: wheel.read_bytes(),
        "requirements.txt": f"./{wheel.name}\njupyterlab>=4\n".encode(),
        "START-HERE.html": PAGE.format(title=title, body=MarkdownIt().render(how_to)).encode(),
    }
    target = folder / f"{name}.zip"
    write_zip(target, ((f"{name}/{file}", content) for file, content in contents.items()), day)
    return target
