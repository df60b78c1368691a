"""Copies are found in whatever dress; those who wrote alone are left alone; and what is shown is safe to open."""

import ast
import functools
import importlib
import inspect
import itertools
import json
import random
import re
import shutil
import textwrap

import numpy as np
import pytest
from markupsafe import escape

from tests.conftest import ROOT
from tests.exercises.correct import CORRECT
from tests.grading.classroom import ASSIGNMENT, RELEASE, answers, hand_in, new_course, unrolled
from tests.grading.course.disguises import DISGUISES, disguise
from tests.grading.notebooks import code
from unrolled import examine, withheld
from unrolled.exercises import ASSIGNMENTS
from unrolled.grading.course.course import CourseError
from unrolled.grading.course.fingerprints import fingerprints
from unrolled.grading.course.similarity import (
    FURTHER,
    OTHER_CELLS,
    Answer,
    HandIn,
    compare_class,
    find_in_book,
    find_pairs,
    rarity,
    read_book,
    write_pages,
)  # fmt: skip
from unrolled.grading.notebook.release import read_release
from unrolled.grading.run.demo import fill

for path in (ROOT / "tests" / "exercises").glob("correct_*.py"):
    importlib.import_module(f"tests.exercises.{path.stem}")
NASTY = '</code></pre><script>document.title = "owned"</script><img src=x onerror="document.title=\'owned\'">'


def source_of(function, name):
    """The source of a right answer, with the name that it is handed in by."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(getattr(function, "pyfunc", function))))
    tree.body[0].name, tree.body[0].decorator_list = name, []
    return ast.unparse(tree)


def honest_class(assignment):
    """Sources by function of students who each have another right answer; who comes late in the line has fewer."""
    names = [exercise.name for exercise in ASSIGNMENTS[assignment]]
    variants = {name: [source_of(function, name) for function in CORRECT[name]] for name in names}
    for place in range(max(map(len, variants.values()))):
        yield {name: sources[place] for name, sources in variants.items() if place < len(sources)}


def handed_in(who, sources):
    return HandIn(who, {name: Answer(source, fingerprints(source)) for name, source in sources.items()})


def shared_with(first, pairs):
    return {pair.second.who if pair.first.who == first else pair.first.who for pair in pairs if first in (pair.first.who, pair.second.who)}


@functools.cache
def classes():
    """By assignment, the honest class as it handed in."""
    return {assignment: [handed_in(str(k), sources) for k, sources in enumerate(honest_class(assignment))] for assignment in ASSIGNMENTS}


@functools.cache
def book():
    return read_book(ROOT / "chapters")


def test_right_answers_in_other_words_do_not_stand_out():
    """Of some two hundred pairs of students who wrote alone, none; nearly all stay below half of what it takes."""
    couples = sum(len(list(itertools.combinations(handins, 2))) for handins in classes().values())
    assert couples > 180
    assert not [pair for handins in classes().values() for pair in find_pairs(handins, book().found)]
    near = [pair for handins in classes().values() for pair in find_pairs(handins, book().found, least=0.25)]
    assert len(near) <= 0.03 * couples, near


@pytest.mark.parametrize("way", DISGUISES)
def test_a_disguised_copy_stands_out_and_nobody_else(way):
    """Each of the first three of a class who have written all functions is copied once."""
    rng, missed, falsely = random.Random(0), [], []
    for assignment, handins in classes().items():
        for owner in [handin for handin in handins if len(handin.parts) == len(ASSIGNMENTS[assignment])][:3]:
            copied = {name: disguise(part.source, *DISGUISES[way], rng=rng) for name, part in owner.parts.items()}
            pairs = find_pairs([*handins, handed_in("copy", copied)], book().found)
            missed += [] if owner.who in shared_with("copy", pairs) else [(assignment, owner.who)]
            falsely += [pair for pair in pairs if {pair.first.who, pair.second.who} != {"copy", owner.who}]
    assert not missed and not falsely, (missed, falsely)


def test_one_long_function_is_nearly_always_enough_and_a_short_one_never():
    rng, found = random.Random(0), {}
    for handins in classes().values():
        for owner, name in [(handin, name) for handin in handins[:3] for name in handin.parts]:
            copied = handed_in("copy", {name: disguise(owner.parts[name].source, *DISGUISES["everything"], rng=rng)})
            own = len(owner.parts[name].found.keys() - book().found)
            length = "short" if own < FURTHER else "long" if own >= 20 else "between"
            found.setdefault(length, []).append(bool(find_pairs([*handins, copied], book().found)))
    assert len(found["long"]) > 15 and np.mean(found["long"]) >= 0.9
    assert len(found["short"]) > 15 and not any(found["short"])


def test_what_is_moved_to_another_cell_is_found_there():
    (owner, *others) = classes()["05-lstm"]
    moved = "\n\n".join(part.source for part in owner.parts.values())
    copied = handed_in("copy", {OTHER_CELLS: moved} | {name: f"def {name}(*args):\n    return helper(*args)" for name in owner.parts})
    (pair,) = find_pairs([owner, *others, copied], book().found)
    assert {pair.first.who, pair.second.who} == {"0", "copy"} and "lstm_backward" in pair.functions


@pytest.mark.parametrize("way", DISGUISES)
def test_a_disguised_answer_is_still_right(way):
    rng = random.Random(0)
    for exercise in ASSIGNMENTS["05-lstm"]:
        for function in CORRECT[exercise.name]:
            if isinstance(function, np.vectorize):
                continue
            namespace = dict(function.__globals__)
            exec(disguise(source_of(function, exercise.name), *DISGUISES[way], rng=rng), namespace)
            with np.errstate(all="ignore"):
                assert examine(namespace[exercise.name]).passed, function.__name__


def test_what_many_write_counts_nothing_and_what_some_write_less():
    common, some, rare = ({bytes([k])} for k in range(3))
    handins = [HandIn(str(k), {"f": Answer("", dict.fromkeys(common | (some if k < 5 else set()) | (rare if k < 2 else set()), ()))}) for k in range(40)]
    weights = rarity(handins)
    assert weights.keys() == some | rare
    assert 0.5 < weights[bytes([1])] < weights[bytes([2])] == 1


def test_the_same_share_says_less_in_a_small_class():
    def weight(count):
        return rarity([HandIn(str(k), {"f": Answer("", {b"": ()} if k < 2 else {})}) for k in range(count)])[b""]

    assert weight(3) < weight(10) < weight(30) == weight(300) == 1


def test_two_of_earlier_terms_are_no_pair():
    owner = classes()["05-lstm"][1]
    twins = [HandIn(f"then {k}", owner.parts, of_class=False) for k in range(2)]
    pairs = find_pairs([*classes()["05-lstm"], *twins], book().found)
    assert [(pair.first.who, pair.second.who) for pair in pairs] == [("1", "then 0"), ("1", "then 1")]


def test_the_reference_is_told_from_right_answers_in_other_words():
    near = [name for handins in classes().values() for pair in find_in_book(handins, book()) for name in pair.functions]
    assert len(near) <= 2       # of 158, and these are the formulas, line by line
    for assignment, handins in classes().items():
        printed = [name for name in handins[0].parts if name in book().parts]
        long = [name for name in printed if len(book().parts[name].found) >= 16]
        for way in ("nothing", "everything"):
            copied = {name: disguise(book().parts[name].source, *DISGUISES[way], rng=random.Random(0)) for name in printed}
            told = [name for pair in find_in_book([handed_in("copy", copied)], book()) for name in pair.functions]
            assert set(long) <= set(told), (assignment, way)


def test_what_nobody_has_printed_is_not_in_the_book():
    assert not book().parts.keys() & withheld.functions().keys()


def test_copying_the_reference_makes_no_pairs():
    """Two who took the same page are told to be near the page, not to each other."""
    same = {name: book().parts[name].source for name in classes()["05-lstm"][0].parts if name in book().parts}
    handins = [*classes()["05-lstm"], handed_in("a", same), handed_in("b", same)]
    assert not find_pairs(handins, book().found) and len(find_in_book(handins, book())) == 2


def test_code_of_the_chapters_counts_as_printed(tmp_path):
    source = classes()["05-lstm"][1].parts["lstm_backward"].source
    (tmp_path / "05-lstm.md").write_text(f"Text.\n\n```{{code-cell}} ipython3\n:tags: [hide-input]\n{source}\n```\n\nMore.\n", encoding="utf8")
    book = read_book(tmp_path)
    assert fingerprints(source).keys() <= book.found
    assert [pair.functions for pair in find_in_book([handed_in("reader", {"lstm_backward": source})], book)] == [("lstm_backward",)]


# A class in its folder

def right(place):
    """Right answers of one of several students, who write each function in another way where there are so many."""
    names = [exercise.name for exercise in ASSIGNMENTS[ASSIGNMENT]]
    return {name: source_of(CORRECT[name][place % len(CORRECT[name])], name) for name in names}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Ada wrote alone, Bob too; Eve took from Bob; Mallory writes markup; Ned's file is none;
    Uma was here last year."""
    rng = random.Random(0)
    eve = {name: disguise(source, *DISGUISES["everything"], rng=rng) for name, source in right(1).items()}
    mallory = right(2) | {"softmax": "def softmax(:", "readout": f"def readout(hs, W_y, b_y):\n    return '''{NASTY}'''\n\n{right(1)['cross_entropy']}"}
    folder = tmp_path_factory.mktemp("similar")
    notebooks = {"ada": fill(RELEASE, right(0)), "bob": fill(RELEASE, right(1)), "eve": fill(RELEASE, eve), "blank": RELEASE, "ned": b"<!DOCTYPE html>"}
    course = new_course(folder, notebooks | {f"mallory{NASTY[:14]}".replace("/", ""): fill(RELEASE, mallory)})
    hand_in(folder / "then", "uma", fill(RELEASE, right(0)))
    return course


@pytest.mark.xdist_group("similarity")
def test_a_class_is_compared(course):
    similarity = compare_class(course, ASSIGNMENT, [course.root / "then" / "submitted"])
    assert [tuple(sorted((pair.first.who, pair.second.who.split()[0]))) for pair in similarity.pairs][:2] in (
        [("bob", "eve"), ("ada", "uma")], [("ada", "uma"), ("bob", "eve")],
    )  # fmt: skip
    assert similarity.compared == 5 and similarity.earlier == 1
    said = dict(similarity.unread)
    assert "web page" in said["ned"] and any(who.startswith("mallory") and "softmax" in why for who, why in similarity.unread)


@pytest.mark.xdist_group("similarity")
def test_the_releases_code_counts_nothing(course):
    """What stands in the release is in no hand-in's fingerprints, so who hands it in as it was is like nobody."""
    everything = compare_class(course, ASSIGNMENT, least=0.01)
    assert everything.pairs and not [pair for pair in everything.pairs if "blank" in (pair.first.who, pair.second.who)]


def test_cells_of_ones_own_are_compared_too(tmp_path):
    def with_helper(source, **given):
        notebook = read_release(fill(RELEASE, given))
        notebook["cells"].insert(1, code(source))
        return notebook

    helper = "\n\n".join(right(1).values()).replace("def ", "def my_")
    one, two = with_helper(helper), with_helper(disguise(helper, *DISGUISES["rename"], rng=random.Random(0)))
    course = new_course(tmp_path, {"one": json.dumps(one).encode(), "two": json.dumps(two).encode(), "three": answers(), "four": RELEASE})
    (pair,) = compare_class(course, ASSIGNMENT).pairs
    assert (pair.first.who, pair.second.who) == ("one", "two") and OTHER_CELLS in pair.functions


@pytest.mark.xdist_group("similarity")
def test_an_unknown_folder_is_one_sentence(course):
    with pytest.raises(CourseError, match="no hand-in of 02-rnn"):
        compare_class(course, ASSIGNMENT, [course.root / "nowhere"])


@pytest.mark.xdist_group("similarity")
def test_the_command_prints_a_short_table_and_leaves_pages(course):
    shutil.rmtree(course.root / "similar", ignore_errors=True)
    done = unrolled(course.root, "similar", ASSIGNMENT, "--also", "then/submitted")
    assert done.returncode == 0, done.stderr
    assert re.search(r"\d\d +bob +eve ", done.stdout) and "no verdict" in done.stdout and "ned" in done.stdout
    assert {path.name for path in (course.root / "similar" / ASSIGNMENT).iterdir()} >= {"index.html", "pair-1.html", "pair-2.html"}
    wrong = unrolled(course.root, "similar", "07-nothing")
    assert wrong.returncode == 1 and "no assignment '07-nothing'" in wrong.stderr and "Traceback" not in wrong.stderr


@pytest.fixture(scope="module")
def pages(course, tmp_path_factory):
    """The pages of all pairs of the class, however low their score, and of those near the book."""
    folder = tmp_path_factory.mktemp("pages")
    (folder / "pair-99.html").write_text("of an earlier run")
    deep = course.root.joinpath("a" * 100, "then")        # a name that no line of a phone holds
    shutil.copytree(course.root / "then" / "submitted", deep, dirs_exist_ok=True)
    similarity = compare_class(course, ASSIGNMENT, [deep], least=0.01)
    write_pages(similarity, folder)
    return folder


@pytest.mark.xdist_group("similarity")
def test_pages_hold_nothing_that_runs_and_nothing_of_an_earlier_run(pages):
    assert not (pages / "pair-99.html").exists()
    texts = [path.read_text() for path in pages.iterdir()]
    assert any(escape(NASTY) in text for text in texts)
    for text in texts:
        assert "<script" not in text and "<img" not in text and "http://" not in text and "https://" not in text


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.xdist_group("similarity")
def test_pages_are_accessible_and_fit(pages, browser, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    for path in [pages / "index.html", *sorted(pages.glob("pair-*.html"))[:3]]:
        page.goto(path.as_uri())
        assert not Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") and page.title() != "owned"
    context.close()


@pytest.mark.xdist_group("similarity")
def test_a_pair_stands_side_by_side_with_what_is_shared_marked(pages, browser):
    page = browser.new_page()
    page.goto((pages / "index.html").as_uri())
    page.get_by_role("link", name="bob and eve").click()
    section = page.get_by_role("region", name="cross_entropy")
    assert section.get_by_role("heading").all_inner_texts() == ["cross_entropy", "bob", "eve"]
    assert all(side.locator("mark").count() for side in section.locator("pre").all())
    page.close()
