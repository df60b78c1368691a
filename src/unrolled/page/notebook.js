// A notebook and what a student wrote into it, as plain values: work is
//   { texts: { id: text }, own: [{ id, after, text, type }], passed: { id: text } }
// texts of the release's cells where they differ, cells of one's own and the release's cell that each comes after, answers that were right.
// A cell of one's own has a type only where it is no code.

const TYPES = ["code", "markdown", "raw"];

export const textOf = (cell) => [cell.source].flat().join("");
export const emptyWork = () => ({ texts: {}, own: [], passed: {} });
export const isEmpty = (work) => !work.own.length && !Object.keys(work.texts).length;
export const gradesOf = (cell) => cell?.metadata.nbgrader ?? {};

// What a cell of the release is for: "text", "code" that is given, an "answer", the "check" of the answer before it.
export function kindOf(cell) {
  if (gradesOf(cell).solution) return "answer";
  if (cell.cell_type !== "code") return "text";
  return gradesOf(cell).grade ? "check" : "code";
}

// The name of a cell in messages: its function's, or its place in the notebook.
function titleOf(cell, place) {
  return kindOf(cell) === "answer" ? gradesOf(cell).grade_id.replace(/-code$/, "") : `cell ${place + 1}`;
}

// The cells in the notebook's order, those of the student's own at their places: { id, title, kind, type, text, cell: the release's or null }.
// type is Jupyter's: "code", "markdown" or "raw".
export function laidOut(release, work) {
  let count = 0;
  return release.cells.flatMap((cell, place) => {
    const text = work.texts[cell.id] ?? textOf(cell);
    const ours = { id: cell.id, title: titleOf(cell, place), kind: kindOf(cell), type: cell.cell_type, text, cell };
    const own = work.own.filter(({ after }) => after === cell.id);
    return [ours, ...own.map((each) => ({ title: `your own cell ${++count}`, kind: "own", type: "code", ...each, cell: null }))];
  });
}

// The notebook to hand in: the release's, with the student's texts and cells; everything else is as it was.
export function filledIn(release, work) {
  const lines = (text) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const cells = laidOut(release, work).map(({ id, type, text, cell }) => {
    if (!cell && type !== "code") return { cell_type: type, id, metadata: {}, source: lines(text) };
    if (!cell) return { cell_type: "code", execution_count: null, id, metadata: {}, outputs: [], source: lines(text) };
    return id in work.texts ? { ...cell, source: lines(text) } : cell;
  });
  return { ...release, cells };
}

// The work in a notebook that was opened, this page's or Jupyter's. Throws an Error, whose message is a sentence, for any other file.
export function readWork(release, content) {
  const opened = parsed(content);
  const work = emptyWork();
  const left = [...release.cells];
  let after = release.cells[0].id;
  let answers = 0;
  for (const cell of opened.cells) {
    const place = left.findIndex((ours) => isSame(ours, cell));
    const text = textOf(cell).replace(/\r\n?/g, "\n");       // as the editor has it
    if (place >= 0) {
      const [ours] = left.splice(place, 1);
      after = ours.id;
      if (kindOf(ours) === "answer") answers += 1;
      if (["answer", "code"].includes(kindOf(ours)) && text !== textOf(ours)) work.texts[ours.id] = text;
    } else if (text.trim()) work.own.push({ id: freeId(), after, text, ...(cell.cell_type === "code" ? {} : { type: cell.cell_type }) });
  }
  if (!answers) throw new Error("None of this assignment's functions is in that notebook: is it another assignment's?");
  return work;
}

function parsed(content) {
  let opened = null;
  try {
    opened = JSON.parse(content);
  } catch {
    // said below
  }
  if (opened?.worksheets) throw new Error("That notebook has a format of before 2015. Open it in Jupyter, save it there, and open it here again.");
  if (!Array.isArray(opened?.cells) || !opened.cells.every(isCell)) {
    throw new Error("That file is no Jupyter notebook, or not a whole one: choose one whose name ends in .ipynb.");
  }
  return { cells: opened.cells.map((cell) => ({ ...cell, metadata: cell.metadata ?? {} })) };
}

const isCell = (cell) => TYPES.includes(cell?.cell_type) && [cell.source].flat().every((part) => typeof part === "string");

// Whether a cell that was opened is this one of the release: by nbgrader's name, by its id, or, in old files, by its text.
function isSame(ours, cell) {
  if (ours.cell_type !== cell.cell_type) return false;
  const name = gradesOf(cell).grade_id;
  if (name || gradesOf(ours).grade_id) return name === gradesOf(ours).grade_id;
  return cell.id === ours.id || (!cell.id && textOf(cell).trim() === textOf(ours).trim());
}

export const freeId = () => `own-${Math.random().toString(36).slice(2, 10)}`;

// Work that was written into an earlier edition of the assignment: what has no place any more becomes a cell of one's own.
export function carriedOver(release, work) {
  const known = new Set(release.cells.map((cell) => cell.id));
  const last = release.cells.at(-1).id;
  const lost = Object.entries(work.texts).filter(([id]) => !known.has(id));
  return {
    texts: Object.fromEntries(Object.entries(work.texts).filter(([id]) => known.has(id))),
    own: [
      ...work.own.map((cell) => (known.has(cell.after) ? cell : { ...cell, after: last })),
      ...lost.map(([, text]) => ({ id: freeId(), after: last, text })),
    ],
    passed: {},
  };
}
