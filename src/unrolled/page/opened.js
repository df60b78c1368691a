// A notebook that was opened, this page's or Jupyter's, as a student's work: what is the release's in it,
// and what was written into that.
import { emptyWork, freeId, gradesOf, kindOf, textOf } from "./notebook.js";

const TYPES = ["code", "markdown", "raw"];
const NO_NOTEBOOK = "That file is no Jupyter notebook: choose one whose name ends in .ipynb.";
const OTHERS = [
  [/^\s*$/, "That file is empty."],
  [/^PK/, "That is a zip: unpack it, and open the notebook that is in it."],
  [/^\s*[^\s{]/, NO_NOTEBOOK],
];

// The work in a file's content; whether that is of an older edition of the assignment, of which our own texts are left
// out; and whether there were outputs, which are left out too. Throws an Error, whose message is
// a sentence, for any other file.
export function readWork(release, content) {
  const opened = parsed(content);
  const older = opened.cells.some(({ grades }) =>
    grades && !release.cells.some((ours) => gradesOf(ours).checksum === grades.checksum));
  const ours = oursAmong(release, opened.cells, older);
  const named = opened.cells.some(({ name }) => name);       // some editors leave nbgrader's names out
  if (![...ours].some(([cell, mine]) => kindOf(mine) === "answer" && (named ? cell.name : defines(cell, mine)))) {
    throw new Error("None of this assignment's functions is in that notebook: is it another assignment's?");
  }
  const work = emptyWork();
  const ids = new Set(["", ...release.cells.map(({ id }) => id)]);
  let after = "";
  keepBeside(work, "", { metadata: unlike(opened.metadata,
    { ...release.metadata, widgets: opened.metadata.widgets }) });       // widgets are output
  for (const cell of opened.cells) {
    const mine = ours.get(cell);
    if (mine) {
      after = mine.id;
      takeOver(work, mine, cell, older);
    }
    const text = !mine ? cell.text : kindOf(mine) === "text" && !older ? addedTo(textOf(mine), cell.text) : "";
    if (!text.trim() || (!mine && older && isOurs(cell))) continue;
    const id = typeof cell.id === "string" && /^[\w-]{1,64}$/.test(cell.id) && !ids.has(cell.id) ? cell.id : freeId();
    ids.add(id);
    work.own.push({ id, after, text, ...(cell.type === "code" ? {} : { type: cell.type }) });
    keepBeside(work, id, { metadata: mine || cell.name ? {} : cell.metadata, attachments: cell.attachments });
  }
  return { work, older, outputs: opened.outputs };
}

function takeOver(work, mine, { text, metadata, attachments }, older) {
  const isWritten = ["answer", "code"].includes(kindOf(mine)) && text !== textOf(mine);
  if (isWritten && !(older && (isStub(text) || isTraining(mine)))) work.texts[mine.id] = text;
  keepBeside(work, mine.id, {
    metadata: unlike(metadata, mine.metadata), attachments: kindOf(mine) === "answer" ? attachments : undefined,
  });
}

function keepBeside(work, id, beside) {
  const kept = Object.entries(beside).filter(([, value]) => value && Object.keys(value).length);
  if (kept.length) work.beside[id] = Object.fromEntries(kept);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isCell = (cell) =>
  TYPES.includes(cell?.cell_type) && [cell.source].flat().every((part) => typeof part === "string");
const unlike = (some, others) => Object.fromEntries(Object.entries(some)
  .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(others[key])));
const isStub = (text) => /# YOUR CODE HERE\s+raise NotImplementedError(\(\))?\s*$/.test(text);
const defines = ({ type, text }, { metadata }) => type === "code"
  && new RegExp(`^(async )?def ${metadata.nbgrader.grade_id.replace(/-code$/, "")}\\b`, "m").test(text);
const isTraining = ({ metadata }) => metadata.tags?.includes?.("skip-execution") ?? false;

// A file as { metadata, cells: [{ id, type, name, grades, text, metadata, attachments }], outputs },
// where grades and name are nbgrader's.
function parsed(content) {
  const [, words] = OTHERS.find(([beginning]) => beginning.test(content)) ?? [];
  if (words) throw new Error(words);
  let opened;
  try {
    opened = JSON.parse(content);
  } catch {
    throw new Error("That notebook is not whole: its end is missing, or it is damaged.");
  }
  if (opened.worksheets) throw new Error("That notebook has a format of before 2015: " +
    "open it in Jupyter, save it there, and open it here again.");
  if (!Array.isArray(opened.cells)) throw new Error(NO_NOTEBOOK);
  const broken = opened.cells.findIndex((cell) => !isCell(cell));
  if (broken >= 0) throw new Error(`That notebook is damaged: what is in its cell ${broken + 1} cannot be read.`);
  const outputs = opened.cells.some((cell) => cell.outputs?.length);
  return { metadata: isObject(opened.metadata) ? opened.metadata : {}, cells: opened.cells.map(readCell), outputs };
}

function readCell(cell) {
  const metadata = isObject(cell.metadata) ? cell.metadata : {};
  const grades = isObject(metadata.nbgrader) ? metadata.nbgrader : null;
  const text = textOf(cell).replace(/\r\n?/g, "\n");       // as the editor has it
  const attachments = cell.cell_type !== "code" && isObject(cell.attachments) ? cell.attachments : undefined;
  return {
    id: cell.id ?? metadata.id, type: cell.cell_type, name: grades?.grade_id, grades, text, metadata, attachments,
  };
}

// What was written into a text of ours: its lines that ours does not have.
function addedTo(ours, text) {
  const lines = new Set(ours.split("\n"));
  return text.split("\n").filter((line) => !lines.has(line)).join("\n").trim();
}

// The release's cell that each cell of an opened notebook stands for, where it stands for any.
function oursAmong(release, cells, older) {
  const ours = new Map();
  for (const cell of release.cells) {
    const name = gradesOf(cell).grade_id;
    const free = cells.filter((each) => !ours.has(each) && (each.name ?? name) === name);
    const found = kindOf(cell) === "answer" ? answerAmong(cell, free)
      : free.find((each) => each.name) ?? givenAmong(cell, free, older);
    if (found) ours.set(found, cell);
  }
  return ours;
}

// The grader's choice: of the cells under an answer's name, or else of those that define its function,
// the last that is written.
function answerAmong(answer, cells) {
  const named = cells.filter((cell) => cell.name);
  const rank = (cell) => 2 * Number(defines(cell, answer)) + Number(cell.text.trim() !== textOf(answer).trim());
  const found = named.length ? named
    : cells.filter((cell) => cell.id === answer.id || defines(cell, answer) || !rank(cell));
  return found.reduce((best, cell) => (best && rank(best) > rank(cell) ? best : cell), null);
}

// A text or code that is given, where it has no name: by its id, which another edition gives to another cell,
// or by what it says.
function givenAmong(ours, cells, older) {
  const headingOf = (text) => text.trim().split("\n")[0].replace(/^#+ *(\d+\. *)?/, "");
  const isAlike = ({ type, text, metadata }) => (type === "code"
    ? textOf(ours).trim() === text.trim() || (isTraining(ours) && isTraining({ metadata }))
    : headingOf(textOf(ours)) === headingOf(text));
  const alike = cells.filter(({ type }) => type === ours.cell_type);
  return alike.find(({ id }) => !older && id === ours.id) ?? alike.find(isAlike);
}

// Whether a cell that the release has not is an older edition's all the same, and nobody's own.
function isOurs({ id, type, grades, text, metadata }) {
  if (grades) return !grades.solution || isStub(text);
  return isTraining({ metadata }) || (type === "markdown" && (/^cell-\d+$/.test(id) || /^## \d+\. /.test(text)));
}
