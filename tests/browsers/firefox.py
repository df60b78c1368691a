"""Debian's Firefox as a person uses it, over WebDriver BiDi, which it speaks itself: no driver stands between."""

import itertools
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import websocket

FIREFOX = shutil.which("firefox-esr")       # where tools/require looks for it too
PATIENCE = 120                             # seconds; Python takes a few to come, and a busy machine many
SHIFT, CONTROL, ENTER = "\ue008", "\ue009", "\ue006"
REQUEST, COMPLAINT, DOWNLOAD = "network.beforeRequestSent", "log.entryAdded", "browsingContext.downloadEnd"
SETTINGS = """
user_pref("browser.download.folderList", 2);
user_pref("browser.download.dir", "{folder}");
"""


class Firefox:
    """A headless Firefox with one tab and a new profile; what its page asks for, complains of and
    downloads is kept."""

    def __init__(self, folder):
        profile = folder / "profile"
        profile.mkdir()
        (profile / "user.js").write_text(SETTINGS.format(folder=folder))
        command = [FIREFOX, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port=0"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        says = re.compile(r"BiDi listening on (\S+)")
        address = next(found[1] for line in self.process.stderr if (found := says.search(line)))
        threading.Thread(target=self.process.stderr.read, daemon=True).start()      # a full pipe would stop it
        self.socket = websocket.create_connection(f"{address}/session", timeout=PATIENCE, suppress_origin=True)
        self.ids = itertools.count()
        self.events = []
        self.send("session.new", capabilities={"alwaysOn": {}})
        self.send("session.subscribe", events=[REQUEST, COMPLAINT, DOWNLOAD])
        self.tab = self.send("browsingContext.getTree")["contexts"][0]["context"]

    def close(self):
        self.send("browser.close")
        self.socket.close()
        self.process.wait(PATIENCE)

    def send(self, method, **params):
        """The result of a command; the events that come before it are kept."""
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            self.events.append(answer)
        assert answer["type"] == "success", f"{method}: {answer['error']}: {answer['message']}"
        return answer["result"]

    def told(self, method):
        """What the events of that kind said so far."""
        return [event["params"] for event in self.events if event["method"] == method]

    def downloaded(self):
        """The path of the file that was downloaded last, waited for."""
        while not (ends := self.told(DOWNLOAD)):
            self.events.append(json.loads(self.socket.recv()))
        return Path(ends[-1]["filepath"])

    def go(self, address):
        self.send("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def reload(self):
        self.send("browsingContext.reload", context=self.tab, wait="complete")

    def evaluate(self, expression):
        """The value of an expression in the page, awaited."""
        done = self.send("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True)
        assert done["type"] == "success", done["exceptionDetails"]["text"]
        return done["result"].get("value")

    def wait(self, expression):
        """Until an expression in the page is true."""
        look = f"function look() {{ ({expression}) ? done() : setTimeout(look, 50); }}"
        self.evaluate(f"new Promise((done) => ({look})())")

    def click(self, role, name):
        """Press the one thing of that role and name in the tree that a screen reader gets."""
        (node,) = self._named(role, name)
        self.send(
            "script.callFunction", functionDeclaration="(node) => node.scrollIntoView({ block: 'center' })",
            arguments=[{"sharedId": node["sharedId"]}], target={"context": self.tab}, awaitPromise=False,
        )
        origin = {"type": "element", "element": {"sharedId": node["sharedId"]}}
        there = {"type": "pointerMove", "x": 0, "y": 0, "origin": origin}
        press = [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
        self._act({"type": "pointer", "id": "mouse", "actions": [there, *press]})

    def _named(self, role, name):
        locator = {"type": "accessibility", "value": {"role": role, "name": name}}
        return self.send("browsingContext.locateNodes", context=self.tab, locator=locator)["nodes"]

    def type(self, text, held=""):
        """Press the keys of a text one by one, while others are held."""
        down = [{"type": "keyDown", "value": key} for key in held]
        pressed = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        up = [{"type": "keyUp", "value": key} for key in held]
        self._act({"type": "key", "id": "keyboard", "actions": down + pressed + up})

    def _act(self, source):
        self.send("input.performActions", context=self.tab, actions=[source])
