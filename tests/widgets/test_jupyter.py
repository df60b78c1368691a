"""A widget in JupyterLab and in Notebook 7, in a real browser: its traits follow the page, and the page its traits."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import nbformat
import pytest

pytestmark = pytest.mark.xdist_group("jupyter")
CELLS = [
    "from unrolled.widgets.unroll import Unroll\nw = Unroll()\nw",
    "print('scale is', w.scale)",
    "w.scale = 0.25",
]
PLACES = {"JupyterLab": "lab/tree/in_lab.ipynb", "Notebook 7": "notebooks/in_notebook.ipynb"}


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """The address of a Jupyter server, in a folder of its own, that serves JupyterLab and Notebook 7."""
    folder = tmp_path_factory.mktemp("jupyter")
    port = 18_000 + os.getpid() % 10_000
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
    ]
    homes = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    server = subprocess.Popen(command, env=os.environ | homes, stderr=subprocess.DEVNULL, start_new_session=True)
    address = f"http://localhost:{port}"
    wait_until(lambda: answers(f"{address}/api/status"), "the Jupyter server")
    yield address, folder
    os.killpg(server.pid, signal.SIGTERM)
    server.wait(30)


@pytest.mark.parametrize("place", PLACES)
def test_page_and_kernel_follow_each_other(browser, jupyter, place):
    address, folder = jupyter
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = PLACES[place].rpartition("/")[2]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / notebook)
    page = browser.new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{address}/{PLACES[place]}")
    wait_until(lambda: kernel_is_idle(address, notebook), "the kernel")
    run(page, 0)
    slider = page.get_by_label("Recurrent scale")
    slider.wait_for()
    assert slider.input_value() == "1"
    assert page.get_by_role("button", name="Copy link").count() == 0, "there is no page to link to"

    slider.focus()
    slider.press("ArrowRight")          # JupyterLab must leave the key to the slider
    moved = float(slider.input_value())
    assert moved > 1

    run(page, 1)
    page.get_by_text(f"scale is {moved}").wait_for()

    run(page, 2)
    wait_until(lambda: slider.input_value() == "0.25", "the slider")
    page.close()


def run(page, cell):
    """Run a cell by its number, pressing again when a page that was still loading took the focus away."""
    prompt = page.locator(".jp-InputPrompt").nth(cell)

    def started():
        if prompt.inner_text() == "[ ]:":
            page.locator(".jp-Cell .cm-content").nth(cell).click()
            page.keyboard.press("Shift+Enter")
            page.wait_for_timeout(1000)
        return prompt.inner_text() != "[ ]:"

    wait_until(started, f"cell {cell} to run")


def answers(address):
    try:
        with urllib.request.urlopen(address, timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def kernel_is_idle(address, notebook):
    with urllib.request.urlopen(f"{address}/api/sessions", timeout=5) as reply:
        return any(session["path"] == notebook and session["kernel"]["execution_state"] == "idle" for session in json.load(reply))


def wait_until(condition, what, seconds=90):
    """Wait for a condition; fails with what was waited for."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.2)
