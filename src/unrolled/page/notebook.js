// A notebook and what a student wrote into it, as plain values: work is
//   { texts: { id: text }, own: [{ id, after, text, type }], beside: { id: { metadata, attachments } },
//     passed: { id: text } }
// texts of the release's cells where they differ; cells of one's own and the release's cell that each comes after,
// "" for none, with a type only where it is no code; what Jupyter keeps beside a cell's text, and at "" beside the
// cells; answers that were right.

export const textOf = (cell) => [cell.source].flat().join("");
export const emptyWork = () => ({ texts: {}, own: [], beside: {}, passed: {} });
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

// The cells in the notebook's order, those of the student's own at their places:
// { id, title, kind, type, text, cell: the release's or null }. type is Jupyter's: "code", "markdown" or "raw".
export function laidOut(release, work) {
  let count = 0;
  const ownAfter = (id) => work.own.filter(({ after }) => after === id)
    .map((own) => ({ title: `your own cell ${++count}`, kind: "own", type: "code", ...own, cell: null }));
  const ours = (cell, place) => {
    const text = work.texts[cell.id] ?? textOf(cell);
    return { id: cell.id, title: titleOf(cell, place), kind: kindOf(cell), type: cell.cell_type, text, cell };
  };
  return [...ownAfter(""), ...release.cells.flatMap((cell, place) => [ours(cell, place), ...ownAfter(cell.id)])];
}

// The notebook to hand in: the release's, with the student's texts and cells; everything else is as it was.
export function filledIn(release, work) {
  const cells = laidOut(release, work).map(({ id, type, text, cell }) => {
    const { metadata = {}, ...beside } = work.beside[id] ?? {};
    const source = cell && !(id in work.texts) ? cell.source : text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const empty = type === "code" ? { execution_count: null, outputs: [] } : {};
    return cell
      ? { ...cell, ...beside, metadata: { ...metadata, ...cell.metadata }, source }
      : { cell_type: type, ...empty, id, ...beside, metadata, source };
  });
  return { ...release, cells, metadata: { ...release.metadata, ...work.beside[""]?.metadata } };
}

export const freeId = () => `own-${Math.random().toString(36).slice(2, 10)}`;

// Work that was written into an earlier edition of the assignment:
// what has no place any more becomes a cell of one's own.
export function carriedOver(release, work) {
  const known = new Set(release.cells.map((cell) => cell.id));
  const last = release.cells.at(-1).id;
  const lost = Object.entries(work.texts).filter(([id]) => !known.has(id));
  return {
    ...work,
    texts: Object.fromEntries(Object.entries(work.texts).filter(([id]) => known.has(id))),
    own: [
      ...work.own.map((cell) => (!cell.after || known.has(cell.after) ? cell : { ...cell, after: last })),
      ...lost.map(([, text]) => ({ id: freeId(), after: last, text })),
    ],
    passed: {},
  };
}
