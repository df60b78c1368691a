// "Run it here": a block of a chapter's code becomes a cell. site.js loads this at a page's first press; this loads
// Python's script, the desk's style, and what the page's buttons run, from run/NN-topic.js:
//   unrolledCode    { cells: { name: { title, text, above, note, check } }, statements: [[name of its cell, text]] }
// where above lists the places of the statements that a cell needs.
/// <reference types="./globals.d.ts" />
import { button, fillCell, lacks, make, markQuoted } from "./cell.js";
import { keepForOffline } from "./keep.js";

const KEYS = "u-run-keys";
/** @type {any} */
const own = document.currentScript;
const arrivals = new Map();     // of files, by their names
const opened = new Map();       // the cells that are open, by their names
const bars = new Set();         // of the blocks that wait for Python
let share = 0;                  // of Python that is here

// --- what is loaded

// What makes a promise, once by a name; what did not come is asked for again.
function once(name, promise) {
  if (!arrivals.has(name)) arrivals.set(name,
    promise().catch((error) => (arrivals.delete(name), Promise.reject(error))));
  return arrivals.get(name);
}

function arrival(tag, file, properties) {
  return once(file, () => new Promise((resolve, reject) => {
    const onerror = () => reject(new Error(`${file} could not be loaded`));
    document.head.append(make(tag, { ...properties(new URL(file, own.src).href), onload: resolve, onerror }));
  }));
}

function loadScripts(page) {
  const scripts = ["python.js", `run/${page}.js`].map((file) => arrival("script", file, (src) => ({ src })));
  return Promise.all([...scripts, arrival("link", "desk.css", (href) => ({ rel: "stylesheet", href }))]);
}

function loadPython() {
  unrolledPython.watch(show);
  return unrolledPython.load((there) => {
    share = there;
    show("loading");
  });
}

function show(state) {
  const words = {
    loading: `Python is loading: ${unrolledSupply.size}, this once. You can read on.`,
    starting: "Python is getting ready …",
  };
  for (const { said, bar } of bars) {
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

// --- what runs

const isChanged = (name) => opened.has(name) && opened.get(name).editor.text() !== unrolledCode.cells[name].text;

// The cells that run before one, as [title, text]: of each the statements that are needed. One that the reader has
// changed stands there as it is now, after what it needs itself.
function above(name) {
  const { cells, statements } = unrolledCode;
  const places = new Set();
  const add = (cell) => {
    for (const place of cells[cell].above.filter((each) => !places.has(each))) {
      places.add(place);
      if (isChanged(statements[place][0])) add(statements[place][0]);
    }
  };
  add(name);
  const texts = new Map();
  for (const [cell, text] of [...places].sort((a, b) => a - b).map((place) => statements[place])) {
    if (isChanged(cell)) texts.set(cell, opened.get(cell).editor.text());
    else texts.set(cell, texts.has(cell) ? `${texts.get(cell)}\n${text}` : text);
  }
  return [...texts].map(([cell, text]) => [cells[cell]?.title ?? `code above (${cell})`, text]);
}

function due(name, check) {
  const { title } = unrolledCode.cells[name];
  const cells = [...above(name), [title, opened.get(name).editor.text()]];
  return {
    name: `${location.pathname} ${name}`, cells, check, ondone: (result) => result.error && pointAt(name, result),
  };
}

function pointAt(name, { error, cell, line }) {
  const [, named] = [...opened].find(([other]) => unrolledCode.cells[other].title === cell) ?? [];
  if (named) named.editor.mark(line);
  else markQuoted(opened.get(name).editor, error);
}

// --- the press

// The code of a cell makes room for its editor; that of a reference function stays, with its notes.
function open(press, name) {
  const { title, text, note = "", check } = unrolledCode.cells[name];
  const holder = press.parentElement;
  const box = make("div", { className: "u-cell u-ran" });
  holder.after(box);
  holder.hidden = true;
  if (!press.closest(".u-code")) holder.previousElementSibling.hidden = true;
  const original = button("Original", () => {
    opened.get(name).editor.replace(text);
    opened.get(name).outcome.hidden = true;
  });
  original.setAttribute("aria-label", `Original of ${title}`);
  opened.set(name, fillCell(box, {
    title, text, label: `Code of ${title}`, describedBy: KEYS,
    verbs: { Run: () => due(name, null), ...(check && { Check: () => due(name, check) }) },
    beside: [original, make("span", { className: "u-run-note", textContent: note })],
    onchange() {},
  }));
  return box.querySelector("button");
}

function sayKeys() {
  if (document.getElementById(KEYS)) return;
  document.querySelector("main").append(make("p", {
    id: KEYS, hidden: true, textContent: "Shift+Enter runs. Tab indents; Escape, then Tab, leaves the editor.",
  }));
}

// The size and a bar at once, the editor when its script is here, and a first run as soon as Python is.
async function begin(press, wait) {
  const [page, name] = press.value.split("/");
  await loadScripts(page);
  press.parentElement.after(wait.node);
  if (!unrolledPython.isHere()) show("loading");
  await keepForOffline();
  const python = loadPython().catch(() => {});        // the first run says what is amiss
  await once("editor", () => unrolledPython.script("editor"));
  const focused = document.activeElement === press;
  const go = open(press, name);
  if (focused) go.focus({ preventScroll: true });
  opened.get(name).run("Run", false);
  await python;
}

globalThis.unrolledRunHere = async (press) => {
  const told = press.nextElementSibling;
  if (press.ariaDisabled) return;
  told.textContent = lacks() ? "This browser cannot run Python in a page. Another one can." : "";
  if (lacks()) return;
  const wait = waiting();
  bars.add(wait);
  press.ariaDisabled = "true";
  sayKeys();
  try {
    await begin(press, wait);
  } catch (error) {
    told.textContent = `This did not start: ${error.message}. Try again once the page can be reached.`;
  }
  press.ariaDisabled = null;
  bars.delete(wait);
  wait.node.remove();
};
