// The desk: a notebook as a page. Its texts stand there from the build; the press on "Write it here" puts an editor
// into each code cell and fetches Python meanwhile. Everything shown follows from `work` (notebook.js), which is kept
// after every key (store.js).
/// <reference types="./globals.d.ts" />
import { button, fillCell, lacks, make, markQuoted } from "./cell.js";
import { keepForOffline } from "./keep.js";
import { carriedOver, emptyWork, filledIn, freeId, gradesOf, isEmpty, kindOf, laidOut, textOf } from "./notebook.js";
import { readWork } from "./opened.js";
import { store } from "./store.js";

/** @type {any} */
const desk = document.querySelector(".u-desk");
const release = JSON.parse(desk.querySelector("script[type='application/json']").textContent);
const { name, file, edition, zip } = desk.dataset;
const status = desk.querySelector(".u-desk-status");
const foot = desk.querySelector(".u-desk-foot");
const LARGEST = 100_000_000;     // bytes of a file that is opened
const editors = new Map();        // by cell id
const outcomes = new Map();       // the element below each cell that says what came of it
const runs = new Map();           // what runs each cell
let work = emptyWork();
let kept = true;

const shelf = store(name, edition, (other) => editors.size && kept && other !== undefined && show(here(other)));

// --- small things

const say = (text) => (status.textContent = text);
const counted = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

// --- the work

// What is kept, as work at this edition of the assignment.
const here = (stored) =>
  (!stored ? emptyWork() : stored.edition === edition ? stored.work : carriedOver(release, stored.work));

const answers = release.cells.filter((cell) => kindOf(cell) === "answer");
const checkOf = (id) => {
  const next = release.cells[release.cells.findIndex((cell) => cell.id === id) + 1];
  return next && kindOf(next) === "check" ? next : null;
};
const pointsOf = (id) => gradesOf(checkOf(id) ?? release.cells.find((cell) => cell.id === id)).points ?? 0;
const textNow = (id) => laidOut(release, work).find((cell) => cell.id === id)?.text;

function write(id, text) {
  const own = work.own.find((cell) => cell.id === id);
  const ours = release.cells.find((cell) => cell.id === id);
  if (own) own.text = text;
  else if (text === textOf(ours)) delete work.texts[id];
  else work.texts[id] = text;
  keep();
}

function keep() {
  mindKept(shelf.write(work));
  showPoints();
}

function mindKept(now) {
  kept = now;
  desk.querySelector(".u-desk-warning").textContent = kept ? ""
    : `This browser does not keep what you type, or has no room. Save it as ${file} before you leave this page.`;
}

// Another tab wrote, or a file was opened: the editors follow.
function show(next) {
  const places = ({ own }) => JSON.stringify(own.map(({ id, after, type }) => [id, after, type]));
  const moved = places(next) !== places(work);
  if (moved) for (const { id } of work.own) removeCell(id);
  work = next;
  if (moved) for (const { id, after } of work.own) placeOwn(id, after);
  for (const [id, editor] of editors) {
    const text = textNow(id);
    if (editor.text() !== text) {
      editor.replace(text);
      outcomes.get(id).hidden = true;
    }
  }
  showPoints();
}

function showPoints() {
  const right = ({ id }) => work.passed[id] !== undefined && work.passed[id] === textNow(id);
  const sum = (cells) => cells.reduce((points, { id }) => points + pointsOf(id), 0);
  desk.querySelector(".u-desk-points").textContent =
    `${sum(answers.filter(right))} of ${counted(sum(answers), "point")}`;
  for (const cell of answers) desk.querySelector(`[data-cell="${cell.id}"]`).classList.toggle("u-right", right(cell));
}

// --- running

// Everything above a cell, and the cell: what a check sees.
function cellsDownTo(id) {
  const cells = laidOut(release, work).filter(({ kind, type }) => type === "code" && kind !== "check");
  const end = cells.findIndex((cell) => cell.id === id);
  return cells.slice(0, end + 1).filter((cell) => cell.id === id || !isTraining(cell.cell))
    .map(({ title, text }) => [title, text]);
}
const isTraining = (cell) => cell?.metadata.tags?.includes("skip-execution") ?? false;

// What a cell runs now: all down to it, and the check below it.
function due(id) {
  const check = checkOf(id);
  const text = textNow(id);
  const ondone = (result) => {
    if (check && result.error === null) work.passed[id] = text;
    else if (check) delete work.passed[id];
    keep();
    if (result.error) pointAt(id, result);
  };
  return { name, cells: cellsDownTo(id), check: check && textOf(check), ondone };
}

// The student's own line: where the error says so, or the checker quotes it.
function pointAt(id, { error, cell, line }) {
  const named = laidOut(release, work).find(({ title }) => title === cell);
  if (named) return editors.get(named.id)?.mark(line);
  markQuoted(editors.get(id), error);
}

async function checkAll() {
  for (const { id } of answers.filter((cell) => checkOf(cell.id))) {
    const result = await runs.get(id)("Check", false);
    if (result?.stopped) return say("Stopped: the functions below were not checked.");
  }
  say(`All are checked: ${desk.querySelector(".u-desk-points").textContent}.`);
}

// --- cells on the page

function fill(box, { id, title, kind, type, text }) {
  const verb = checkOf(id) ? "Check" : "Run";
  const words = type === "code" ? "code" : "text";
  box.classList.toggle("u-prose", type !== "code");
  const beside = kind === "own" ? [button("Delete this cell", () => deleteCell(id))] : [];
  if (kind === "own" && type !== "code")
    beside.push(make("span", { className: "u-run-note", textContent: "A note of yours, which is not run." }));
  if (pointsOf(id)) beside.push(make("span", { className: "u-points", textContent: counted(pointsOf(id), "point") }));
  const { editor, outcome, run } = fillCell(box, {
    title, text,
    label: kind === "answer" ? `Your ${words} for ${title}` : `${words[0].toUpperCase()}${words.slice(1)} of ${title}`,
    describedBy: "u-desk-keys",
    covered: () => foot.offsetHeight,
    verbs: type === "code" ? { [verb]: () => due(id) } : {},
    beside,
    onchange: (now) => now !== textNow(id) && write(id, now),
  });
  editors.set(id, editor);
  outcomes.set(id, outcome);
  runs.set(id, run);
}

function placeOwn(id, after) {
  const box = make("div", { className: "u-cell" });
  box.dataset.cell = id;
  const block = desk.querySelector(`[data-cell="${after}"], [data-check="${after}"], [data-text="${after}"]`);
  const before = work.own.filter((cell) => cell.after === after && cell.id !== id && editors.has(cell.id)).at(-1);
  if (before) desk.querySelector(`[data-cell="${before.id}"]`).after(box);
  else if (block) block.after(box);
  else desk.querySelector("[data-text]").before(box);
  fill(box, laidOut(release, work).find((cell) => cell.id === id));
  return box;
}

function removeCell(id) {
  desk.querySelector(`[data-cell="${id}"]`).remove();
  editors.delete(id);
  outcomes.delete(id);
  runs.delete(id);
}

function addCell(after) {
  const cell = { id: freeId(), after, text: "" };
  work.own.push(cell);
  placeOwn(cell.id, after);
  keep();
  editors.get(cell.id).focus();
}

function deleteCell(id) {
  if (textNow(id).trim() && !confirm("Delete this cell, with what is in it?")) return;
  work.own = work.own.filter((cell) => cell.id !== id);
  delete work.beside[id];
  removeCell(id);
  keep();
}

// --- the file

function save() {
  const content = JSON.stringify(filledIn(release, work), null, 1) + "\n";
  const address = URL.createObjectURL(new Blob([content], { type: "application/x-ipynb+json" }));
  make("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  say(`Saved as ${file}: that is the file to hand in.`);
}

async function open(chosen) {
  let opened;
  try {
    opened = readWork(release, await contentOf(chosen));
  } catch (error) {
    return say(error.message);
  }
  if (!isEmpty(work) && !confirm(`Put what is in ${chosen.name} in the place of what you wrote here?`)) return;
  show(opened.work);
  keep();
  const older = opened.older
    ? " It is of an older edition: your functions are in their places, and what is asked now and was not then " +
      "is still to write."
    : "";
  const outputs = opened.outputs ? " Its outputs are left out: run a cell to see them again." : "";
  say(`${chosen.name} is open.${older}${outputs}`);
}

function contentOf(chosen) {
  if (chosen.size > LARGEST) throw new Error(
    `That file has ${Math.round(chosen.size / 1e6)} MB, too many for a page: clear the outputs in Jupyter, save it, ` +
    `and open it again.`);
  return chosen.text().catch(() => Promise.reject(new Error("That file cannot be read: choose it again.")));
}

function startOver() {
  if (!isEmpty(work) && !confirm(
    "Start over? What you wrote for this assignment goes away. Save it first if you may want it again.")) return;
  show(emptyWork());
  keep();
  say("All is as it was at the start.");
}

function fillTools() {
  const picker = make("input", {
    type: "file", accept: ".ipynb", hidden: true,
    onchange: () => picker.files[0] && open(picker.files[0]).then(() => (picker.value = "")),
  });
  desk.querySelector(".u-desk-tools").append(
    button("Check all", checkAll),
    button(`Save as ${file}`, save, "u-button u-primary"),
    button("Open …", () => picker.click()),
    button("Start over", startOver),
    picker,
  );
}

// --- the press

let opening = null;       // the editors, which come once; Python may need a second press

async function begin() {
  desk.querySelector(".u-desk-press").hidden = true;
  foot.hidden = false;
  say("Python is on its way; you can read and write meanwhile.");
  try {
    await keepForOffline();
    const python = loadPython();
    opening ??= unrolledPython.script("editor").then(openEditors);
    await opening;
    await python;
  } catch (error) {
    if (editors.size === 0) opening = null;
    fail(error);
  }
}

function loadPython() {
  const bar = desk.querySelector("progress");
  bar.hidden = false;
  unrolledPython.watch((state) => {
    bar.hidden = state === "ready";
    if (state === "starting") bar.removeAttribute("value");       // how far it is, nobody knows
    if (state !== "failed") say(state === "ready" ? "Python is ready." : "Python is getting ready …");
  });
  return unrolledPython.load((share) => (bar.value = share));
}

function openEditors() {
  const stored = shelf.read();
  work = here(stored);
  for (const cell of laidOut(release, work)) {
    const box = cell.cell && desk.querySelector(`[data-cell="${cell.id}"]`);
    if (box) fill(box, cell);
    else if (cell.kind === "own") placeOwn(cell.id, work.own.find(({ id }) => id === cell.id).after);
  }
  for (const cell of release.cells) {
    const box = desk.querySelector(`[data-cell="${cell.id}"], [data-check="${cell.id}"]`);
    if (box && !checkOf(cell.id)) box.append(
      make("div", { className: "u-add" }, button("Add a cell", () => addCell(cell.id), "u-button u-quiet")));
  }
  fillTools();
  new ResizeObserver(() => (document.documentElement.style.scrollPaddingBottom = `${foot.offsetHeight + 8}px`))
    .observe(foot);
  desk.classList.add("u-desk-open");
  showPoints();
  mindKept(shelf.works());
  if (stored && stored.edition !== edition)
    say("The assignment has changed since you wrote here. What you wrote is kept.");
}

function fail(error) {
  desk.querySelector(".u-desk-press").hidden = false;
  foot.hidden = editors.size === 0;
  desk.querySelector("progress").hidden = true;
  say("Python did not start: the top of this page says why.");
  desk.querySelector(".u-desk-problem").textContent = `Python did not start here (${error.message}). ` +
    `Try again, or take ${zip.split("/").at(-1)} and work in Jupyter.`;
}

addEventListener("beforeunload", (event) => !kept && !isEmpty(work) && event.preventDefault());

if (lacks()) {
  desk.querySelector(".u-desk-press").replaceChildren(
    make("p", { textContent: "This browser cannot run Python in a page. Take the zip instead, or another browser." }),
    make("a", { href: zip, className: "u-download", textContent: `Download ${zip.split("/").at(-1)}` }),
  );
} else {
  const press = desk.querySelector(".u-desk-press button");
  press.hidden = false;
  press.addEventListener("click", begin);
  if (location.hash === "#write") begin();       // the press was on the chapter's card
}
