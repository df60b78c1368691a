"""Modules that are joined: each stands there once, what it keeps to itself stays its own, and what cannot be
joined is an error."""

from pathlib import Path

import pytest

from unrolled import es_modules

PACKAGE = Path(es_modules.__file__).parent


@pytest.fixture
def modules(tmp_path):
    """modules(main="...", helper="...") writes these modules, and returns the path of the first."""

    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.js").write_text(text)
        return tmp_path / f"{next(iter(texts))}.js"

    return write


HELPER = "const secret = 1;\nexport const open = () => secret;\nexport function shut() {}\n"
MAIN = 'import { open, shut } from "./helper.js";\n\n// What it does.\nexport const twice = () => 2 * open();\nexport default { twice };\n'


def test_what_is_imported_stands_in_front_in_a_scope_of_its_own(modules):
    assert es_modules.joined(modules(main=MAIN, helper=HELPER)) == (
        "const $helper = (() => {\nconst secret = 1;\nconst open = () => secret;\nfunction shut() {}\nreturn { open, shut };\n})();\n"
        "const { open, shut } = $helper;\n\n// What it does.\nexport const twice = () => 2 * open();\nexport default { twice };\n"
    )


def test_a_script_has_the_default_export_for_its_value_and_no_line_of_comment(modules):
    text = es_modules.script(modules(main=MAIN, helper=HELPER))
    assert text.startswith('(() => {\n"use strict";\nconst $helper')
    assert text.endswith("\n\nconst twice = () => 2 * open();\nreturn { twice };\n})()")


def test_a_module_that_two_others_import_stands_there_once(modules):
    both = 'import { left } from "./left.js";\nimport { open } from "./helper.js";\n'
    text = es_modules.joined(modules(main=both, left='import { open } from "./helper.js";\nexport const left = open;\n', helper=HELPER))
    assert text.count("const secret") == 1
    assert text.index("const $helper") < text.index("const $left") < text.index("const { left } = $left;")


def test_a_name_that_is_not_exported_is_an_error(modules):
    with pytest.raises(ImportError, match=r"main.js imports secret, which helper.js does not export"):
        es_modules.joined(modules(main='import { open, secret } from "./helper.js";\n', helper=HELPER))


@pytest.mark.parametrize("line", [
    'import * as helper from "./helper.js";', 'import "./helper.js";', 'import {\n  open,\n} from "./helper.js";', 'import { open } from "helper";',
    "import { open } from './helper.js';", "export class Door {}", "export let open = 1;", "export { open };", 'export * from "./helper.js";',
])
def test_an_import_or_an_export_of_another_form_is_an_error(modules, line):
    with pytest.raises(ImportError, match="main.js says `(import|export).*An import is one line"):
        es_modules.joined(modules(main=f"{line}\n", helper=HELPER))


def test_each_of_our_lines_ends_before_120_columns_as_ruff_has_it_in_python():
    ours = [path for path in PACKAGE.rglob("*.*js") if not {"vendor", "packs"} & set(path.parts)]
    assert len(ours) > 20
    assert not [f"{path.name}: {line}" for path in ours for line in path.read_text(encoding="utf8").splitlines() if len(line) > 119]
