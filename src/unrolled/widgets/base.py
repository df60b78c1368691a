"""The base of all widgets: one Python class and one ES module, alive with and without a kernel.

How to write a widget
=====================
`widgets/squash.py` declares what the widget holds, and draws its picture for paper:

    class Squash(Widget):
        title = "Squash a value again and again"
        tries = ("Set the weight to 2 and take tanh away: the value runs off.", "...")

        weight = control(traitlets.Float(1.5, min=-3, max=3))       # what the reader sets
        squasher = control(traitlets.Enum(["tanh", "none"], "tanh"))
        step = control(traitlets.Int(0, min=0, max=20))
        samples = data(traitlets.List())                            # what the kernel provides

        def picture(self):
            figure, ax = plots.new_figure()
            ...
            return plots.Picture(figure, "With weight 1.5 and tanh the value settles at 0.86.")

A control goes into the address that "Copy link" makes, and "Reset" brings it back; so a Float or Int needs
`min` and `max`, and text a `max_length` (`control(traitlets.Unicode("hello"), max_length=40)`), and a `pattern`
where not every text has a meaning. Data are JSON values, arrays through `numbers`. `picture()` shows the state that
the reader meets first, or what Play leads to: it stands for the widget where no script runs, and on paper.

`widgets/squash.js` is an ES module. What it uses of the helpers in `widgets/shared.js`, it imports:

    import { line, number, panel, shape } from "./shared.js";

    export function squash(value, weight, squasher, steps) { ... }    // pure maths: named exports,
    tested against Python

    function render(context) {
      const ui = panel(context);                    // frame, buttons, status line, what to try
      ui.slider("weight", "Weight", { step: 0.05 }); // range and value come from the trait
      ui.choice("squasher", "Squasher", { tanh: "tanh", none: "nothing" });
      ui.player("step", "Step");                    // back, play, step; keyboard and touch for free
      const chart = ui.svg("The value after each step", 220);         // 220 pixels high, as wide as there is room
      ui.drag(chart, (x, y) => ...);                // where the drawing is pressed, in pixels from its upper
      left corner ui.fold("More: other starts", () => ...);     // what is wanted less often: the controls that
      are made in there ui.onDraw(({ width }) => {                    // at most once a frame, after any change
      of state, size or theme
        const values = squash(1, ui.get("weight"), ui.get("squasher"), ui.get("step"));
        chart.replaceChildren(shape("path", { d: line(points), class: "u-curve", stroke: "var(--u-h)" }));
        chart.setAttribute("aria-label", `After ${ui.get("step")} steps: ${number(values.at(-1))}`);
        ui.say(`...`);                              // spoken once the reader pauses
      });
      return ui.dispose;
    }
    export default { render };

Rules: quantities have their own hue (`var(--u-h)`), and never hue alone: label, sign or shape as well.
Inputs are the native ones that `panel` makes; a drawing that can be pressed is a `<button>` or has a control
beside it. It works from 320 pixels on: lay out by `width`. A drag redraws within 16 ms. Nothing moves by itself.
Give only what is computed; text through `textContent`, never `innerHTML` of what a reader typed.
"""

import base64
import re
from functools import cache
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from unrolled import es_modules, palette

HERE = Path(__file__).parent
MIME = "application/vnd.unrolled.widget+json"


def control(trait, **limits):
    """Mark a trait that the reader sets: synced, part of a shared link, brought back by a reset."""
    return trait.tag(sync=True, control=True, **limits)


def data(trait):
    """Mark a trait that the kernel provides: synced, but no part of a link."""
    return trait.tag(sync=True)


def numbers(array, digits=6):
    """An array as nested lists, rounded to that many significant digits: what the page has to carry."""
    array = np.asarray(array)
    if array.dtype.kind in "iub":
        return array.tolist()
    return np.vectorize(lambda value: float(f"{value:.{digits}g}"), otypes=[float])(array).tolist()


def pack(value):
    """An array that was scaled up from 8-bit integers, as those integers in base64, and the scale: `unpack` in
    shared.js reads it."""
    scale = np.abs(value).max() / 127
    return {
        "shape": list(value.shape),
        "scale": float(scale),
        "base64": base64.b64encode(np.round(value / scale).astype(np.int8).tobytes()).decode(),
    }


@cache
def read_asset(name):
    """The text of a file that stands beside this module."""
    return (HERE / name).read_text(encoding="utf8")


def stylesheet():
    """The widgets' style sheet, colours included."""
    return palette.css() + read_asset("widgets.css")


def module_source(name):
    """A widget's ES module by the name of its file, with what it imports."""
    return es_modules.joined(HERE / f"{name}.js")


class Widget(anywidget.AnyWidget):
    """What all widgets share. A subclass declares title, tries, its traits and picture()."""

    title: str
    tries: tuple[str, ...] = ()

    about = traitlets.Dict().tag(sync=True)  # what the page needs to know of the class

    def __init_subclass__(cls, **kwargs):
        if "_esm" not in vars(cls):  # anywidget makes a subclass of its own, to add these two as traits
            cls._esm = cls.module()
            cls._css = stylesheet()
        super().__init_subclass__(**kwargs)

    @classmethod
    def module_name(cls):
        """The name of its files: widgets/long_memory.js for LongMemory."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()

    @classmethod
    def module(cls):
        """The widget's front end as one ES module."""
        return module_source(cls.module_name())

    def picture(self):
        """The plots.Picture that stands for the widget where no script runs."""
        raise NotImplementedError(f"{type(self).__name__} has no picture()")

    def state(self):
        """The values of the widget's own traits, as JSON values."""
        own = set(self.trait_names(sync=True)) - set(anywidget.AnyWidget.class_trait_names())
        return {name: getattr(self, name) for name in sorted(own) if not name.startswith("_")}

    @traitlets.default("about")
    def _describe(self):
        controls = {name: _describe_control(name, trait) for name, trait in self.traits(control=True).items()}
        return {"name": self.module_name(), "title": self.title, "tries": list(self.tries), "controls": controls}

    def _repr_mimebundle_(self, **kwargs):
        bundle, metadata = super()._repr_mimebundle_(**kwargs)
        picture = self.picture()
        return bundle | {MIME: {"state": self.state(), "svg": picture.svg(), "alt": picture.alt}}, metadata


def _describe_control(name, trait):
    """What values a control may take, so that the page can refuse others."""
    if isinstance(trait, traitlets.Bool):
        return {"kind": "switch"}
    if isinstance(trait, traitlets.Enum):
        return {"kind": "choice", "values": list(trait.values)}
    if isinstance(trait, (traitlets.Float, traitlets.Int)) and {trait.min, trait.max}.isdisjoint(
        {None, -np.inf, np.inf}
    ):
        kind = "number" if isinstance(trait, traitlets.Float) else "integer"
        return {"kind": kind, "min": trait.min, "max": trait.max}
    if isinstance(trait, traitlets.Unicode) and "max_length" in trait.metadata:
        return {"kind": "text"} | {
            limit: trait.metadata[limit] for limit in ("max_length", "pattern") if limit in trait.metadata
        }
    raise TypeError(
        f"control {name!r} must be a Bool, an Enum, a Float or Int with min and max, or a Unicode with max_length"
    )
