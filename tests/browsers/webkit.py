"""Debian's WebKit, the engine of Safari, as a person uses it, over WebDriver; it draws on a screen
that nobody sees."""

import json
import shutil
import socket
import subprocess
import time
import urllib.request
from os import environ

from tests.browsers.firefox import PATIENCE

DRIVER = shutil.which("WebKitWebDriver")        # where tools/require looks for it too
SCREEN = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x900x24"]
NAMED = """
const [role, name] = arguments;
const called = (node) => node.getAttribute("aria-label") ?? node.textContent;
const [node] = [...document.querySelectorAll(`${role}, [role=${role}]`)].filter((node) => called(node) === name);
node.scrollIntoView({ block: "center" });
return node;
"""


class WebKit:
    """A WebKit with one window and a new profile."""

    def __init__(self, folder):
        self.screen = subprocess.Popen(SCREEN, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        display = f":{self.screen.stdout.readline().strip()}"
        port = free_port()
        env = environ | {"DISPLAY": display, "HOME": str(folder)}
        self.driver = subprocess.Popen([DRIVER, f"--port={port}"], env=env, stderr=subprocess.DEVNULL)
        wait_for(port)
        self.address = f"http://127.0.0.1:{port}/session"
        self.address += "/" + self.send("", capabilities={})["sessionId"]
        self.send("timeouts", script=1000 * PATIENCE)

    def close(self):
        self._request(urllib.request.Request(self.address, method="DELETE"))
        for process in (self.driver, self.screen):
            process.terminate()
            process.wait(PATIENCE)

    def send(self, command, **params):
        """The result of a command."""
        address = f"{self.address}/{command}".rstrip("/")
        return self._request(urllib.request.Request(address, json.dumps(params).encode(), method="POST"))

    def _request(self, request):
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)["value"]

    def go(self, address):
        self.send("url", url=address)

    def reload(self):
        self.send("refresh")

    def evaluate(self, expression):
        """The value of an expression in the page, awaited."""
        return self.send("execute/async", script=f"Promise.resolve({expression}).then(arguments[0])", args=[])

    def wait(self, expression):
        """Until an expression in the page is true."""
        look = f"function look() {{ ({expression}) ? done() : setTimeout(look, 50); }}"
        self.evaluate(f"new Promise((done) => ({look})())")

    def click(self, role, name):
        """Press the thing of that role and name."""
        (element,) = self.send("execute/sync", script=NAMED, args=[role, name]).values()
        self.send(f"element/{element}/click")

    def type(self, text, held=""):
        """Press the keys of a text one by one, while others are held."""
        down = [{"type": "keyDown", "value": key} for key in held]
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        up = [{"type": "keyUp", "value": key} for key in held]
        self.send("actions", actions=[{"type": "key", "id": "keyboard", "actions": down + pressed + up}])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_for(port):
    """Until somebody listens there: the driver says nothing of it."""
    until = time.monotonic() + PATIENCE
    while socket.socket().connect_ex(("127.0.0.1", port)):
        assert time.monotonic() < until, "WebKitWebDriver did not start"
        time.sleep(0.1)
