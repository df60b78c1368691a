"""The widgets' base: what a class declares reaches the page, and what it declares wrongly is refused."""

import json

import numpy as np
import pytest
import traitlets

from unrolled import plots
from unrolled.book.renderer import widget_html
from unrolled.widgets import base
from unrolled.widgets.base import Widget, control, data, numbers

FRONT_END = "export default { render: () => {} };"


class Dial(Widget):
    """A widget as small as can be, with one control of each kind."""

    title = "Dial"
    tries = ("Turn it.",)

    weight = control(traitlets.Float(1.5, min=-3, max=3))
    step = control(traitlets.Int(2, min=0, max=9))
    shape = control(traitlets.Enum(["round", "square"], "round"))
    quiet = control(traitlets.Bool(False))
    word = control(traitlets.Unicode("hello"), max_length=8)
    samples = data(traitlets.List([1, 2]))

    @classmethod
    def module(cls):
        return FRONT_END

    def picture(self):
        return plots.Picture(plots.new_figure()[0], "A dial that points to 1.5.")


def test_controls_tell_the_page_what_they_allow():
    assert Dial().about["controls"] == {
        "weight": {"kind": "number", "min": -3, "max": 3},
        "step": {"kind": "integer", "min": 0, "max": 9},
        "shape": {"kind": "choice", "values": ["round", "square"]},
        "quiet": {"kind": "switch"},
        "word": {"kind": "text", "max_length": 8},
    }


def test_state_is_the_widgets_own_traits_as_json():
    state = Dial(weight=2.0).state()
    assert state.keys() == {"about", "weight", "step", "shape", "quiet", "word", "samples"}
    assert json.loads(json.dumps(state)) == state


def test_a_kernels_view_and_a_pages_state_stand_side_by_side():
    bundle, _ = Dial()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle[base.MIME]["alt"] == "A dial that points to 1.5."


@pytest.mark.parametrize("trait", [traitlets.Float(1.0), traitlets.Int(1), traitlets.Int(1, min=0), traitlets.Unicode("a"), traitlets.List()])
def test_a_control_without_limits_is_refused(trait):
    class Loose(Dial):
        loose = control(trait)

    with pytest.raises(TypeError, match="'loose' must be"):
        Loose().about  # noqa: B018


def test_a_widget_without_a_picture_says_so():
    class Blind(Dial):
        picture = Widget.picture

    with pytest.raises(NotImplementedError, match="Blind has no picture"):
        Blind()._repr_mimebundle_()


def test_names_of_files_follow_from_the_class():
    class LongMemory(Dial):
        pass

    assert LongMemory.module_name() == "long_memory"


def test_numbers_keeps_significant_digits_and_integers():
    assert numbers(np.array([[1 / 3, 1e-9]]), digits=3) == [[0.333, 1e-9]]
    assert numbers(np.array([True, False])) == [True, False]
    assert numbers(np.arange(3)) == [0, 1, 2]


def test_nothing_in_a_state_can_end_its_script_element():
    bundle, _ = Dial(word="</scrip")._repr_mimebundle_()
    text = widget_html(bundle[base.MIME], "dial")
    assert text.count("</script") == 2, "its own, and that of the line that mounts it"
    assert json.loads(text.split('application/json">')[1].split("</script>")[0])["word"] == "</scrip"


def test_the_same_widget_is_the_same_html():
    first, second = (widget_html(Dial()._repr_mimebundle_()[0][base.MIME], "dial") for _ in range(2))
    assert first == second
