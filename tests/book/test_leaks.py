"""The built site: no page, no search data and no download holds what nobody has printed."""

import pytest

from tests.leaks import SECRET, leaks_in, squeezed
from unrolled import withheld


def test_the_site_holds_no_line_that_nobody_has_printed(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    assert {".html", ".js", ".zip"} <= {path.suffix for path in files}
    assert [leak for path in files for leak in leaks_in(str(path.relative_to(site)), path.read_bytes())] == []


HIGHLIGHTED = (
    '<span class="n">dw</span> <span class="o">=</span> <span class="n">np</span><span class="o">.</span>einsum'
    "(<span>&quot;unt,utnk-&gt;k&quot;</span>, dscores, hidden)\n"
)


@pytest.mark.parametrize(
    "content",
    [HIGHLIGHTED, '{"source": "    dw = np.einsum(\\"unt,utnk->k\\", dscores, hidden)\\n"}', "dw=np.einsum('unt,utnk->k',dscores,hidden)"],
    ids=["in a page", "in search data or a notebook", "written closer"],
)
def test_one_line_is_enough(content):
    line = squeezed('dw = np.einsum("unt,utnk->k", dscores, hidden)')
    assert line in SECRET
    assert leaks_in("page.html", content.encode()) == [f"page.html: {line}"]


def test_a_line_of_the_text_is_found():
    assert len(leaks_in("page.html", withheld.text().splitlines()[100].encode())) == 1
