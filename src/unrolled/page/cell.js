// A cell in a page: an editor, what runs it and stops it, and what came of it.
// The desk and the chapters' code are made of these.
/// <reference types="./globals.d.ts" />

export function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

export const button = (text, onclick, className = "u-button") =>
  make("button", { type: "button", textContent: text, onclick, className });
export const lacks = () => !(window.WebAssembly && window.Worker && window.DecompressionStream && Array.prototype.at);
const isInSight = (node) => node.getBoundingClientRect().bottom > 0 && node.getBoundingClientRect().top < innerHeight;

// Puts a cell into box. What its buttons run is told by verbs, { Run: () => ({ name, cells, check, ondone }) }, of
// which the first is that of Shift+Enter; without any, the cell is text. ondone(result) is called before what came of
// a run is shown.
// -> { editor, outcome, run(verb, follow) -> the promise of the result, of nothing where it runs already }
export function fillCell(box, { title, text, label, describedBy, covered = () => 0, verbs, beside = [], onchange }) {
  const place = make("div", { className: "u-editor" });
  const outcome = make("div", { className: "u-outcome", hidden: true });
  outcome.setAttribute("role", "status");
  const halt = Object.assign(button("Stop", () => unrolledPython.stop()), { hidden: true });
  halt.setAttribute("aria-label", `Stop ${title}`);
  const gos = Object.keys(verbs).map((verb, i) => {
    const go = button(verb, () => run(verb), i ? "u-button" : "u-button u-primary");
    go.setAttribute("aria-label", `${verb} ${title}`);
    return go;
  });
  const bar = make("div", { className: "u-cell-bar" }, ...gos, ...(gos.length ? [halt] : []), ...beside);
  box.replaceChildren(place, bar, outcome);
  const first = Object.keys(verbs)[0];
  const editor = unrolledEditor(place, { text, label, describedBy, covered, onchange,
    onrun: () => first && run(first) });

  async function run(verb, follow = true) {
    const go = gos[Object.keys(verbs).indexOf(verb)];
    if (gos.some((each) => each.ariaDisabled)) return;
    const { name, cells, check, ondone } = verbs[verb]();
    const printed = make("pre");
    const words = make("p", { textContent: unrolledPython.isHere() ? "Running …" : ON_ITS_WAY });
    outcome.replaceChildren(printed, words);
    outcome.className = "u-outcome";
    outcome.hidden = false;
    for (const each of gos) each.ariaDisabled = "true";       // it keeps the focus
    const patience = setTimeout(
      () => halt.hidden || (words.textContent = "Still running. Stop ends it; what you wrote stays."), 10_000);
    const ran = unrolledPython.run(name, cells, check, {
      onStart() {
        halt.hidden = false;
        words.textContent = "Running …";
      },
      onPrint: (more) => printed.append(more),
    });
    const result = await ran.catch(notHere);
    clearTimeout(patience);
    const focused = document.activeElement === halt;
    halt.hidden = true;
    for (const each of gos) each.ariaDisabled = null;
    if (focused) go.focus();
    ondone(result);
    tell(outcome, printed, words, result, check);
    if (follow && isInSight(go)) outcome.scrollIntoView({ block: "nearest" });
    return result;
  }

  return { editor, outcome, run };
}

const ON_ITS_WAY = "Python is on its way. This runs as soon as it is here.";
const notHere = ({ message }) =>
  ({ error: `Python is not here: ${message}. Try again once the page can be reached.`, cell: null, line: null });

function tell(outcome, printed, words, { error, stopped }, check) {
  outcome.classList.add(error === null ? (check ? "u-outcome-right" : "u-outcome-done")
    : stopped ? "u-outcome-stopped" : "u-outcome-wrong");
  words.replaceWith(error === null
    ? (printed.textContent ? "" : make("p", { textContent: "It ran, and printed nothing." }))
    : make("pre", { textContent: error }));
  if (!printed.textContent) printed.remove();
}

// In the checker's words, a line is quoted: it is marked where the editor's line begins as what is quoted.
export function markQuoted(editor, error) {
  const lines = editor.text().split("\n");
  for (const [, number, quoted] of error.matchAll(/\bline (\d+):\s+`([^`\n]+)`/g)) {
    if (lines[number - 1]?.trim().replace(/\s+/g, " ").startsWith(quoted)) return editor.mark(Number(number));
  }
}
