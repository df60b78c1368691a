"""Build the site: run the notebooks that are not in the cache, make the pages, and the zips they offer.

Warnings are errors. The cache of executed notebooks belongs to the package that they import: when that changes, it
is dropped.
"""

import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx
from jupyter_cache import get_cache
from jupyter_cache.executors import load_executor

from unrolled.book import pdf
from unrolled.book.address import site_address
from unrolled.book.archive import write_zip
from unrolled.book.desk import write_desks
from unrolled.book.digest import package_digest
from unrolled.book.edition import edition
from unrolled.book.listed import listed_files

KERNEL_SETTINGS = (
    "c.IPKernelApp.log_level = 'ERROR'  # it warns that its port, which only this machine reaches, is not encrypted\n"
)
PDF = "unrolled.pdf"
SITE_ZIP = Path("downloads") / "unrolled-book.zip"


class BuildError(Exception):
    """The book cannot be built; the message says why in one sentence."""


def build(root, target, printed=False):
    """Build the book whose _config.yml lies in root into target, with printed also the PDF; returns the path
    of its index.html.

    Raises BuildError when a notebook fails or anything else is amiss.
    """
    root, target = Path(root).resolve(), Path(target).resolve()
    if not (root / "_config.yml").is_file():
        raise BuildError(f"there is no _config.yml in {root}: the book is built in the folder that has one.")
    target.mkdir(parents=True, exist_ok=True)
    with open(target / "build.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two builds of one target take turns
        return _build(root, target, printed)


def _build(root, target, printed):
    cache, html = target / ".jupyter_cache", target / "html"
    keep_cache_current(cache)
    settings = yaml.safe_load((root / "_config.yml").read_text(encoding="utf8"))
    run_notebooks(listed_files(root), cache, settings["execute"]["timeout"])
    write_desks(root, html / "downloads")  # first, for the buttons say how large they are
    status = build_sphinx(
        root,
        html,
        noconfig=True,
        path_config=root / "_config.yml",
        quiet=True,
        warningiserror=True,
        keep_going=True,
        confoverrides={"external_toc_path": str(root / "_toc.yml"), "latex_individualpages": False},
    )
    if status:
        raise BuildError("the book has warnings, which count as errors: see above.")
    pages = [html / path.relative_to(root).with_suffix(".html") for path in listed_files(root)]
    if printed:
        print_pdf(pages, target / PDF, edition(root), site_address(settings.get("repository", {}).get("url", "")))
    pdf.offer(target / PDF, pages)
    write_site_zip(html, edition(root))
    return html / "index.html"


def print_pdf(pages, target, of, site):
    """Print the pages into the PDF at target, unless it is theirs already."""
    if pdf.is_current(target, pages):
        return
    try:
        pdf.print_course(pages, target, of, site)
    except pdf.PdfError as error:
        raise BuildError(str(error)) from None


def keep_cache_current(cache):
    """Drop the cache of executed notebooks when it was filled by another state of the package."""
    stamp = cache / "package-digest"
    if cache.exists() and (not stamp.exists() or stamp.read_text() != package_digest()):
        shutil.rmtree(cache)
    cache.mkdir(parents=True, exist_ok=True)
    stamp.write_text(package_digest())


def run_notebooks(files, cache, timeout):
    """Run the notebooks that are not in the cache, one a processor; a cell may take timeout seconds.

    Raises BuildError with the first failure's traceback.
    """
    store = get_cache(cache)
    uris = [
        store.add_nb_to_project(str(path), read_data={"name": "myst_nb_md", "type": "plugin"}).uri
        for path in files
        if "```{code-cell}" in path.read_text(encoding="utf8")
    ]
    due = [record.uri for record in store.list_unexecuted(uris)] if uris else []
    if not due:
        return
    settle_kernels(cache / "ipython")
    print(f"Running {len(due)} notebooks, {os.cpu_count()} at a time", flush=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {
            pool.submit(load_executor("local-serial", store).run_and_cache, filter_uris=[uri], timeout=timeout): uri
            for uri in due
        }
        for count, run in enumerate(as_completed(runs), start=1):
            run.result()
            print(f"  {Path(runs[run]).stem} has run ({count} of {len(due)})", flush=True)
    for record in store.list_project_records(due):
        if record.traceback:
            raise BuildError(f"{record.uri} failed:\n{record.traceback}")


def settle_kernels(folder):
    """Notebooks run side by side, each on one thread, and nobody's own start-up files have a part in the book."""
    settings = folder / "profile_default" / "ipython_kernel_config.py"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(KERNEL_SETTINGS)
    os.environ["IPYTHONDIR"] = str(folder)
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def write_site_zip(html, of=None):
    """Pack the site into a zip beside its other downloads: unzipped, it works from its folder."""
    files = [path for path in sorted(html.rglob("*")) if path.is_file() and path != html / SITE_ZIP]
    write_zip(
        html / SITE_ZIP,
        ((f"unrolled-book/{path.relative_to(html)}", path.read_bytes()) for path in files),
        of and of.day,
    )
