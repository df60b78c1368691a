// Networks that say where words end in a text without spaces: each answers some letters late,
// the last one reads both ways.
// A network is { directions: [{ W_x, W_h, b }], W_y, b_y } of flat row-major arrays; a second direction reads
// from the right.
import { clip, element, fixed, heatMap, number, panel, scale, shape, unpack } from "./shared.js";

export function unpackNetworks(packed) {
  return packed.map(({ W_x, W_h, b, W_y, b_y }) => {
    const ways = W_h.shape.length - 1;
    const part = (array, way) => {
      const values = unpack(array);
      return values.slice((way * values.length) / ways, ((way + 1) * values.length) / ways);
    };
    const directions = Array.from({ length: ways }, (_, way) => ({
      W_x: part(W_x, way), W_h: part(W_h, way), b: part(b, way),
    }));
    return { directions, W_y: unpack(W_y), b_y: unpack(b_y) };
  });
}

// The letters of a text as places in the alphabet, and for each whether a word ends there;
// what is no letter ends a word.
export function unspaced(text) {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return {
    tokens: [...words.join("")].map((letter) => letter.charCodeAt(0) - 97),
    ends: words.flatMap((word) => [...word].map((_, at) => at === word.length - 1)),
  };
}

// The state after each letter, in the order of the text; nothing comes in at the step `without`.
function states({ W_x, W_h, b }, tokens, fromTheRight, without) {
  const H = b.length;
  const hs = Array(tokens.length);
  let h = Array(H).fill(0);
  for (let step = 0; step < tokens.length; step++) {
    const t = fromTheRight ? tokens.length - 1 - step : step;
    const a = [...b];
    if (t !== without) for (let j = 0; j < H; j++) a[j] += W_x[tokens[t] * H + j];
    for (let k = 0; k < H; k++) for (let j = 0; j < H; j++) a[j] += h[k] * W_h[k * H + j];
    h = hs[t] = a.map(Math.tanh);
  }
  return hs;
}

// Read the tokens: hs, the states of each direction, and ps, the probability that a word ends at each letter. It is
// read out `late` letters after it; null where the text has ended by then.
export function read(network, tokens, late, without = -1) {
  const { directions, W_y, b_y } = network;
  const hs = directions.map((direction, way) => states(direction, tokens, way === 1, without));
  const ps = tokens.map((_, t) => {
    if (t + late >= tokens.length) return null;
    const h = hs.flatMap((of) => of[t + late]);
    const gap = h.reduce((sum, value, k) => sum + value * (W_y[2 * k + 1] - W_y[2 * k]), b_y[1] - b_y[0]);
    return 0.5 + 0.5 * Math.tanh(0.5 * gap);
  });
  return { hs, ps };
}

// How much the probability at letter t changes when each letter is left out; null where there is no answer.
export function depends(network, tokens, late, t) {
  if (t + late >= tokens.length) return null;
  const p = read(network, tokens, late).ps[t];
  return tokens.map((_, without) => Math.abs(p - read(network, tokens, late, without).ps[t]));
}

const SAMPLES = ["so the values are assigned", "an instance is not an integer", "in the instance of the class",
  "a man then met another"];
const BARS = [20, 70];          // the strip from above: probabilities, letters, what they depend on, the two states
const LETTERS = 90;
const DEPENDS = [103, 137];
const STATES = [[178, 250], [274, 346]];
const HEIGHT = 348;
const percent = (p) => `${Math.round(100 * p)}%`;
const letterOf = (token) => String.fromCharCode(97 + token);
const lateness = (place, both) => (place === both ? "both ways" : place === 0 ? "none" : `${place} late`);

function render(context) {
  const ui = panel(context);
  const networks = unpackNetworks(ui.get("networks"));
  const both = networks.length - 1;
  const drawings = makeDrawings(ui);
  const letter = addControls(ui, both);

  let column = 10;
  ui.drag(drawings.strip, (x) => {
    const { tokens } = unspaced(ui.get("text"));
    ui.set({ letter: clip(Math.floor(x / column) + 1, 1, Math.max(1, tokens.length)) });
  });

  ui.onDraw(({ width }) => {
    const { tokens, ends } = unspaced(ui.get("text"));
    column = Math.min(30, width / Math.max(1, tokens.length));
    const view = {
      ...look(networks, ui.get("future"), tokens, Math.min(ui.get("letter"), tokens.length) - 1), ends, column,
      told: ends.slice(0, -1).some(Boolean),          // the reader gave spaces: where words end is known
    };
    letter.max = Math.max(1, view.T);
    letter.value = view.t + 1;
    drawStates(drawings.maps, view);
    drawings.marks.replaceChildren(...(view.T
      ? [...captions(view), ...tokens.flatMap((_, s) => letterMarks(view, s)), ...frames(view)] : []));
    drawings.marks.setAttribute("aria-label", inWords(view));
    drawings.reading.style.minHeight = width < 480 ? "4.35em" : "1.45em";        // what stands below must not jump
    drawings.reading.replaceChildren(...readingOf(view));
    ui.say(spoken(view));
  });

  return ui.dispose;
}

function makeDrawings(ui) {
  const strip = element("div", { style: "position: relative" });
  const maps = ["The state of the network that reads forward",
    "The state of the network that reads from the right"].map((words, way) => {
    const canvas = ui.canvas(words, STATES[way][1] - STATES[way][0]);
    Object.assign(canvas.style, { position: "absolute", left: 0, top: `${STATES[way][0]}px` });
    return canvas;
  });
  const marks = ui.svg("", HEIGHT);
  marks.style.position = "relative";
  strip.append(...maps, marks);
  const reading = element("p", { style: "overflow-wrap: anywhere" });
  ui.stage.append(strip, reading);
  return { strip, maps, marks, reading };
}

// It returns the slider of the letter, whose range depends on the text.
function addControls(ui, both) {
  const future = ui.slider("future", "Future", { format: (place) => lateness(place, both) });
  future.nextElementSibling.style.cssText = "flex-basis: 4.8em; white-space: nowrap";
  const letter = ui.slider("letter", "Letter");
  const field = ui.textField("text", "Text");
  field.parentElement.style.flexBasis = "100%";
  const picks = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.4rem; flex: 1 1 100%" });
  ui.controls.append(picks);
  for (const sample of SAMPLES) ui.button(sample, () => ui.set({ text: sample }), picks);
  return letter;
}

// What the network at that place of the slider makes of the text, asked about letter t.
function look(networks, place, tokens, t) {
  const network = networks[place];
  const bothWays = place === networks.length - 1;
  const late = bothWays ? 0 : place;
  const T = tokens.length;
  const shares = T ? depends(network, tokens, late, t) : null;
  return {
    ...read(network, tokens, late), tokens, T, t, late, bothWays, shares, largest: shares ? Math.max(...shares) : 0,
  };
}

function drawStates(maps, { hs, T, column }) {
  maps.forEach((canvas, way) => {
    const of = hs[way] ?? [];
    canvas.hidden = !of.length;
    canvas.style.width = `${T * column}px`;
    if (of.length) heatMap(canvas, of[0].map((_, j) => of.map((h) => h[j])));
  });
}

function captions({ T, column, hs, shares, largest, bothWays }) {
  const small = { x: 0, class: "u-muted", style: "font-size: 12px" };
  const [above, below] = STATES;
  const empty = {
    x: 0.5, y: below[0], width: Math.max(0, T * column - 1), height: below[1] - below[0], rx: 2,
    fill: "none", stroke: "var(--u-line)", "stroke-dasharray": "4 4",
  };
  return [
    shape("text", { ...small, y: 11 }, "probability that a word ends after the letter"),
    shape("text", { ...small, y: DEPENDS[1] + 14 },
      shares ? `a letter left out changes it by up to ${number(largest)}` : "not answered: the text ends before"),
    shape("text", { ...small, y: above[0] - 6 }, `reads →, ${hs[0][0].length} units`),
    shape("text", { ...small, y: below[0] - 6 },
      bothWays ? `← reads, ${hs[1][0].length} units` : "no second network: what follows is unknown"),
    ...(bothWays ? [] : [shape("rect", empty)]),
    shape("path", { d: `M0 ${BARS[1] + 0.5}H${T * column}`, class: "u-axis" }),
    shape("path", {
      d: `M0 ${(BARS[0] + BARS[1]) / 2}H${T * column}`, stroke: "var(--u-line)", "stroke-dasharray": "2 3",
    }),
  ];
}

// A letter, the answer above it, where a word is known to end,
// and how much the answer that is asked for depends on it.
function letterMarks(view, s) {
  const { tokens, t, late, bothWays, ps, told, ends, shares, largest, column } = view;
  const middle = (s + 0.5) * column;
  const seen = bothWays || s <= t + late;
  const parts = [shape("text", {
    x: middle, y: LETTERS, "text-anchor": "middle", "font-weight": s === t ? 700 : 400, class: seen ? null : "u-muted",
    style: `font-size: ${Math.min(16, column + 3)}px`, "font-style": seen ? "normal" : "italic",
  }, letterOf(tokens[s]))];
  const bar = { x: middle - 0.36 * column, width: 0.72 * column };
  if (ps[s] === null) parts.push(
    shape("text", { x: middle, y: BARS[1] - 5, "text-anchor": "middle", class: "u-muted" }, "?"));
  else {
    const top = scale([0, 1], [BARS[1], BARS[0]])(ps[s]);
    parts.push(shape("rect", {
      ...bar, y: top, height: BARS[1] - top, fill: "var(--u-positive)", opacity: ps[s] > 0.5 ? 1 : 0.55,
    }));
  }
  if (told && ends[s]) {
    parts.push(shape("path", {
      d: `M${(s + 1) * column} ${BARS[1] + 4}V${LETTERS + 6}`, stroke: "var(--u-ink)", "stroke-width": 1.5,
    }));
  }
  if (shares?.[s] > 0.01 * largest) {
    const height = Math.max(1, (shares[s] / largest) * (DEPENDS[1] - DEPENDS[0]));
    parts.push(shape("rect", { ...bar, y: DEPENDS[0], height, fill: "var(--u-x)" }));
  }
  return parts;
}

// The letter that is asked about, how far the network has read by then, and the state that the answer is read from.
function frames({ T, t, late, bothWays, hs, column }) {
  const pen = { fill: "none", stroke: "var(--u-accent)", "stroke-width": 2 };
  const end = (bothWays ? T : Math.min(T, t + late + 1)) * column;
  const answers = t + late < T ? STATES.slice(0, hs.length) : [];
  return [
    shape("rect", { ...pen, x: t * column, y: LETTERS - 15, width: column, height: 20, rx: 3 }),
    shape("path", {
      ...pen, d: `M1 ${DEPENDS[0] - 5}V${DEPENDS[0] - 1}H${end - 1}V${DEPENDS[0] - 5}`, "stroke-width": 1.5,
    }),
    ...answers.flatMap(([top, bottom]) => {
      const frame = { x: (t + late) * column, y: top, width: column, height: bottom - top, rx: 2 };
      return [shape("rect", { ...pen, ...frame, stroke: "var(--u-page)", "stroke-width": 5 }),
        shape("rect", { ...pen, ...frame })];
    }),
  ];
}

function inWords({ T, t, tokens, ps, shares }) {
  if (!T) return "No letters yet.";
  const said = tokens.map((token, s) =>
    `${letterOf(token)} ${ps[s] === null ? "unanswered" : percent(ps[s])}`).join(", ");
  const on = shares
    ? tokens.map((token, s) => `${letterOf(token)} ${number(shares[s], 3)}`).join(", ")
    : "nothing, it is not answered";
  return `Probability that a word ends after each letter: ${said}. The answer at letter ${t + 1} depends on: ${on}.`;
}

// The text with the spaces that the network puts there, and how many of the reader's own are among them.
function readingOf({ T, tokens, ps, ends, told }) {
  if (!T) return ["Type a text, or pick one below."];
  const spaced = tokens.map((token, s) => letterOf(token) + (s < T - 1 && ps[s] > 0.5 ? " " : "")).join("");
  const asked = tokens.map((_, s) => s).filter((s) => ps[s] !== null && s < T - 1);
  const hits = asked.filter((s) => ends[s] && ps[s] > 0.5).length;
  const wrong = asked.filter((s) => !ends[s] && ps[s] > 0.5).length;
  const score = told ? ` (${hits} of ${asked.filter((s) => ends[s]).length} ends found, ${wrong} false)` : "";
  return ["It reads: ", element("b", {}, spaced), score];
}

function spoken({ T, t, tokens, late, bothWays, ps, shares }) {
  if (!T) return "";
  const name = `letter ${t + 1}, “${letterOf(tokens[t])}”`;
  if (!shares) return `The text ends before a network that is ${late} late can answer about ${name}.`;
  const when = bothWays ? ", with the whole text read"
    : late ? `, said at “${letterOf(tokens[t + late])}”, ${late} later` : ", said at once";
  const order = [...shares.keys()].sort((a, b) => shares[b] - shares[a]).slice(0, 3);
  const most = order.map((s) => `${letterOf(tokens[s])} (letter ${s + 1}, ${fixed(shares[s])})`).join(", ");
  return `After ${name}: ${percent(ps[t])} that a word ends${when}. It depends most on ${most}.`;
}

export default { render };
