"""The built site: no page, no search data and no download holds what nobody has printed."""

import pytest

from tests.leaks import SECRET, leaks_in, squeezed
from unrolled import withheld


def test_the_site_holds_no_line_that_nobody_has_printed(site):
    files = [path for path in site.rglob("*") if path.is_file()]
    assert {".html", ".js", ".zip"} <= {path.suffix for path in files}
    assert [leak for path in files for leak in leaks_in(str(path.relative_to(site)), path.read_bytes())] == []


HIGHLIGHTED = (
    '<span class="n">dW_y</span> <span class="o">=</span> <span class="n">np</span><span class="o">.</span>einsum'
    "(<span>&quot;tnh,tnv-&gt;hv&quot;</span>, hs, dys)\n"
)


@pytest.mark.parametrize(
    "content",
    [HIGHLIGHTED, '{"source": "    dW_y = np.einsum(\\"tnh,tnv->hv\\", hs, dys)\\n"}', "dW_y=np.einsum('tnh,tnv->hv',hs,dys)"],
    ids=["in a page", "in search data or a notebook", "written closer"],
)
def test_one_line_is_enough(content):
    line = squeezed('dW_y = np.einsum("tnh,tnv->hv", hs, dys)')
    assert line in SECRET
    assert leaks_in("page.html", content.encode()) == [f"page.html: {line}"]


def test_a_line_of_the_text_is_found():
    assert len(leaks_in("page.html", withheld.text().splitlines()[100].encode())) == 1
