// "Run it here": a block of a chapter's code becomes a cell. site.js loads this at a page's first press, with Python's script and with
// unrolledCode, { cells: { name: { title, text, above, note, check } }, statements: [[name of its cell, text]] }; above is a list of places.
/// <reference types="./globals.d.ts" />
import { button, fillCell, lacks, make, markQuoted } from "./cell.js";
import { keepForOffline } from "./keep.js";

const { cells, statements } = unrolledCode;
const KEYS = "u-run-keys";
const opened = new Map();       // by the cells' names
const bars = new Map();         // of each block that waits for Python, its bar and its words
let editors = null;
let share = 0;                  // of Python that is here

const isChanged = (name) => opened.has(name) && opened.get(name).editor.text() !== cells[name].text;

// What runs before a cell: the statements that it needs, each under its cell's name. A cell that the reader has changed stands there as
// it is now, after what it needs itself.
function above(name) {
  const places = new Set();
  const add = (cell) => {
    for (const place of cells[cell].above) {
      if (places.has(place)) continue;
      places.add(place);
      if (isChanged(statements[place][0])) add(statements[place][0]);
    }
  };
  add(name);
  const texts = new Map();
  for (const place of [...places].sort((a, b) => a - b)) {
    const [cell, text] = statements[place];
    if (isChanged(cell)) texts.set(cell, opened.get(cell).editor.text());
    else texts.set(cell, texts.has(cell) ? `${texts.get(cell)}\n${text}` : text);
  }
  return [...texts].map(([cell, text]) => [cells[cell]?.title ?? `code above (${cell})`, text]);
}

function cellsDownTo(name) {
  return [...above(name), [cells[name].title, opened.get(name).editor.text()]];
}

function pointAt(name, { error, cell, line }) {
  const [, named] = [...opened].find(([other]) => cells[other].title === cell) ?? [];
  if (named) named.editor.mark(line);
  else markQuoted(opened.get(name).editor, error);
}

function open(box, name) {
  const { title, text, note, check } = cells[name];
  const desk = `${location.pathname} ${name}`;
  const due = (asked) => ({ name: desk, cells: cellsDownTo(name), check: asked, ondone: (result) => result.error && pointAt(name, result) });
  const verbs = { Run: () => due(null), ...(check && { Check: () => due(check) }) };
  const original = button("Original", () => {
    const { editor, outcome } = opened.get(name);
    editor.replace(text);
    outcome.hidden = true;
  });
  original.setAttribute("aria-label", `Original of ${title}`);
  const cell = fillCell(box, {
    title, text, verbs, label: `Code of ${title}`, describedBy: KEYS, beside: [original, make("span", { className: "u-run-note", textContent: note ?? "" })],
    onchange() {},
  });
  opened.set(name, cell);
  return cell;
}

function sayKeys() {
  if (document.getElementById(KEYS)) return;
  document.querySelector("main").append(make("p", { id: KEYS, hidden: true, textContent: "Shift+Enter runs. Tab indents; Escape, then Tab, leaves the editor." }));
}

function show(state) {
  const words = { loading: `Python is loading: ${unrolledSupply.size}, this once. You can read on.`, starting: "Python is getting ready …" };
  for (const { bar, said } of bars.values()) {
    if (said.textContent !== words[state]) said.textContent = words[state] ?? "";
    if (state === "loading") bar.value = share;
    else bar.removeAttribute("value");
  }
}

function waiting() {
  const said = make("p");
  said.setAttribute("role", "status");
  const bar = make("progress", { max: 1, value: 0 });
  bar.setAttribute("aria-label", "Python is loading");
  return { said, bar, node: make("div", { className: "u-run-wait" }, said, bar) };
}

// The code of a cell makes room for its editor; that of a reference function stays, with its notes.
function makeRoom(press) {
  const code = press.parentElement.previousElementSibling;
  const box = make("div", { className: "u-cell u-ran" });
  press.parentElement.after(box);
  return { box, code: press.closest(".u-code") ? null : code };
}

// The press: the size and a bar at once, the editor when its script is here, and a first run as soon as Python is.
globalThis.unrolledRunHere = async (press) => {
  const name = press.value.split("/")[1];
  const holder = press.parentElement;
  if (lacks()) return holder.replaceChildren("This browser cannot run Python in a page. Another one can.");
  sayKeys();
  const wait = waiting();
  holder.after(wait.node);
  bars.set(name, wait);
  if (!unrolledPython.isHere()) show("loading");
  try {
    await keepForOffline();
    const python = load().catch(() => {});       // the first run says what is amiss
    await loadEditor();
    begin(press, name);
    await python;
  } finally {
    bars.delete(name);
    wait.node.remove();
  }
};

function loadEditor() {
  editors ??= unrolledPython.script("editor").catch((error) => {
    editors = null;       // the next press tries again
    throw error;
  });
  return editors;
}

function begin(press, name) {
  const focused = document.activeElement === press;
  const { box, code } = makeRoom(press);
  const cell = open(box, name);
  press.parentElement.hidden = true;
  if (code) code.hidden = true;
  if (focused) box.querySelector(".u-cell-bar button").focus({ preventScroll: true });
  cell.run("Run", false);
}

function load() {
  unrolledPython.watch(show);
  return unrolledPython.load((there) => {
    share = there;
    show("loading");
  });
}
