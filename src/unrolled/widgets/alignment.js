// Two networks that read a date and write it anew: one starts from nothing and looks back at every letter, the other
// starts in the reader's last state.
// A network is { D, H, V } and, as flat row-major arrays, W_x_enc (D, 3H), W_h_enc (H, 3H), b_enc (3H), the same three
// of the decoder, whose inputs are V + 1 tokens, and W_y (2H or H, V), b_y (V). Gate blocks stand in the order
// r | z | n.
import { element, fixed, panel, quiet, scale, shape, share, unpack } from "./shared.js";

const U = 10;

export function unpackNetwork(packed) {
  const [D, H] = [packed.W_x_enc.shape[0], packed.W_h_enc.shape[0]];
  const network = { D, H, V: packed.b_y.shape[0], attends: packed.W_y.shape[0] > H };
  for (const [name, array] of Object.entries(packed)) network[name] = unpack(array);
  return network;
}

const sigmoid = (a) => 1 / (1 + Math.exp(-a));

// One step of a GRU whose input is one-hot at token: the reset gate acts before the product.
function gruStep(network, part, token, hPrev) {
  const { H } = network;
  const [W_x, W_h, b] = ["W_x", "W_h", "b"].map((name) => network[`${name}_${part}`]);
  const width = 3 * H;
  const a = Array.from(b, (bias, j) => bias + W_x[token * width + j]);
  for (let k = 0; k < H; k++) for (let j = 0; j < 2 * H; j++) a[j] += hPrev[k] * W_h[k * width + j];
  const gates = a.slice(0, 2 * H).map(sigmoid);
  for (let k = 0; k < H; k++) {
    const from = gates[k] * hPrev[k];
    for (let j = 2 * H; j < width; j++) a[j] += from * W_h[k * width + j];
  }
  return hPrev.map((old, j) => gates[H + j] * old + (1 - gates[H + j]) * Math.tanh(a[2 * H + j]));
}

function softmax(scores) {
  const largest = Math.max(...scores);
  const e = scores.map((score) => Math.exp(score - largest));
  const sum = e.reduce((total, value) => total + value, 0);
  return e.map((value) => value / sum);
}

// One of the weights is set, the others shrink or grow alike so that all add up to 1.
export function hold(weights, column, weight) {
  if (column >= weights.length) return weights;
  const others = weights.reduce((sum, value) => sum + value, 0) - weights[column];
  return weights.map((value, t) => (t === column ? (others > 0 ? weight : 1)
    : others > 0 ? (value * (1 - weight)) / others : 0));
}

// {row: [column, weight]}, counted from 0, from "10:11:0.9", where both count from 1; what cannot be read is left out.
export function parseHeld(text) {
  const held = {};
  for (const entry of text.split(",")) {
    const match = /^\s*(\d+):(\d+):(-?(?:\d+\.?\d*|\.\d+))\s*$/.exec(entry);
    if (!match) continue;
    const [row, column, weight] = match.slice(1).map(Number);
    if (row >= 1 && row <= U && column >= 1) held[row - 1] = [column - 1, Math.min(1, Math.max(0, weight))];
  }
  return held;
}

// The tokens of a text's letters that are in the alphabet; a blank where there is none.
export function tokensOf(text, letters) {
  const known = Array.from(text.toLowerCase()).filter((letter) => letters.includes(letter));
  return (known.length ? known : [" "]).map((letter) => letters.indexOf(letter));
}

// The network over source tokens: what it writes, the probabilities of each character, and the weights (U, T) or null.
export function run(network, tokens, held) {
  const { H, V, W_y, b_y, attends } = network;
  const hs = [];
  for (const token of tokens) hs.push(gruStep(network, "enc", token, hs.at(-1) ?? Array(H).fill(0)));
  let h = attends ? Array(H).fill(0) : hs.at(-1);
  const written = [];
  const probabilities = [];
  const rows = [];
  for (let row = 0; row < U; row++) {
    h = gruStep(network, "dec", written.at(-1) ?? V, h);
    let seen = h;
    if (attends) {
      const own = softmax(hs.map((key) => key.reduce((sum, value, j) => sum + value * h[j], 0) / Math.sqrt(H)));
      rows.push(held[row] ? hold(own, ...held[row]) : own);
      const context = Array(H).fill(0);
      hs.forEach((value, t) => value.forEach((number, j) => (context[j] += rows[row][t] * number)));
      seen = [...h, ...context];
    }
    const logits = Array.from(b_y);
    seen.forEach((value, k) => { for (let v = 0; v < V; v++) logits[v] += value * W_y[k * V + v]; });
    probabilities.push(softmax(logits));
    written.push(probabilities[row].indexOf(Math.max(...probabilities[row])));
  }
  return { written, probabilities, weights: attends ? rows : null };
}

const DIGITS = "0123456789-";
const LEFT = 30;            // room for what is written
const TOP = 26;             // and for what is read
const ROW = 22;
const BARS = 92;
const WRITERS = { attention: "looks back at every letter", vector: "has the last state alone" };

function render(context) {
  const ui = panel(context);
  const networks = Object.fromEntries(
    Object.entries(ui.get("networks")).map(([kind, packed]) => [kind, unpackNetwork(packed)]));
  const letters = ui.get("letters");
  const drawings = makeDrawings(ui);
  const tokens = () => tokensOf(ui.get("text"), letters);
  const { take, ...controls } = addControls(ui, drawings.grid);

  let column = 20;
  ui.drag(drawings.grid, (x) => {
    const place = Math.floor((x - LEFT) / column);
    if (ui.get("writer") === "attention" && place >= 0) take(Math.min(tokens().length, place + 1), 1);
  });

  ui.onDraw(({ width }) => {
    const read = tokens();
    const held = parseHeld(ui.get("held"));
    column = Math.min(26, (width - LEFT) / read.length);
    const view = {
      ...run(networks[ui.get("writer")], read, held), width, read, held, letters, column,
      step: ui.get("step") - 1,
      at: Math.min(ui.get("at"), read.length) - 1,
      target: ui.get("samples").find(([source]) => source === ui.get("text"))?.[1],
    };
    drawGrid(drawings.grid, view);
    showResult(drawings.result, view);
    drawBars(drawings.bars, view);
    showControls(controls, view);
    ui.say(spoken(view));
  });

  return ui.dispose;
}

function makeDrawings(ui) {
  const grid = ui.svg("", TOP + U * ROW + 6);
  const result = element("p", { style: "font-variant-numeric: tabular-nums; min-height: 3em" });
  const bars = ui.svg("", BARS);
  ui.stage.insertBefore(result, bars);
  return { grid, result, bars };
}

// It returns the controls that follow what is drawn, and take(letter, weight), by which a hand sets a weight.
function addControls(ui, grid) {
  const { stop } = ui.player("step", "Character", { interval: 900, below: grid });
  const take = (at, value) => {
    stop();
    const held = { ...parseHeld(ui.get("held")), [ui.get("step") - 1]: [at - 1, value] };
    ui.set({ at, held: Object.entries(held)
      .map(([row, [column, weight]]) => `${Number(row) + 1}:${column + 1}:${weight}`).join(",") });
  };
  ui.choice("writer", "The writer", WRITERS).parentElement.style.flexBasis = "100%";
  ui.textField("text", "Date");
  const buttons = element("div", { class: "u-buttons" });
  ui.controls.append(buttons);
  ui.button("Another date", () => anotherDate(ui), buttons);
  const letAllGo = ui.button("Let all go", () => ui.set({ held: "" }), buttons);
  const sliders = /** @type {any} */ ({});
  ui.fold("More: a letter's weight as a slider", () => {
    sliders.letter = ui.slider("at", "A letter");
    sliders.weight = weightSlider(ui, `${sliders.letter.id}-weight`, (value) => take(ui.get("at"), value));
  });
  return { take, letAllGo, ...sliders };
}

function weightSlider(ui, id, take) {
  const input = element("input", {
    type: "range", min: 0, max: 1, step: 0.01, id, ...quiet, oninput: () => take(Number(input.value)),
  });
  const value = element("output", { for: id, "aria-live": "off" });
  ui.controls.append(
    element("div", { class: "u-control" }, element("label", { for: id }, "Its weight"), input, value));
  return { input, value };
}

function anotherDate(ui) {
  const samples = ui.get("samples");
  const place = samples.findIndex(([source]) => source === ui.get("text"));
  ui.set({ text: samples[(place + 1) % samples.length][0], held: "", at: 1 });
}

function drawGrid(grid, view) {
  const { read, written, step, weights } = view;
  grid.replaceChildren(
    ...read.map((_, t) => letterMark(view, t)),
    ...written.slice(0, step + 1).flatMap((_, row) => rowMarks(view, row)),
    ...(weights ? written.slice(step + 1).map((_, k) => rowToCome(view, step + 1 + k)) : []),
    ...(weights ? [] : nothingToShow()),
  );
  grid.setAttribute("aria-label", weights
    ? `What the writer takes from each letter: for character ${step + 1}, ${listed(view)}.`
    : "This writer has no weights: all that it knows of the date is the encoder's last state.");
}

function letterMark({ read, letters, at, weights, column }, t) {
  const marked = t === at && weights;
  const letter = letters[read[t]];
  return shape("text", {
    x: LEFT + (t + 0.5) * column, y: 17, "text-anchor": "middle",
    "font-weight": marked ? 700 : 400, "text-decoration": marked ? "underline" : null,
    style: column < 11 ? "font-size: 11px" : null,
  }, letter === " " ? "␣" : letter);
}

function rowMarks({ read, written, weights, held, step, column }, row) {
  const y = TOP + row * ROW;
  const now = row === step;
  const parts = [shape("text", {
    x: 12, y: y + 16, "text-anchor": "middle", "font-weight": now ? 700 : 400,
  }, DIGITS[written[row]])];
  for (const [t, value] of (weights?.[row] ?? []).entries()) {
    const cell = { x: LEFT + t * column, y: y + 1, width: Math.max(1, column - 1), height: ROW - 2 };
    parts.push(shape("rect", { ...cell, fill: share(Math.sqrt(value)) }));
    if (held[row]?.[0] === t) parts.push(shape("rect", {
      ...cell, fill: "none", stroke: "var(--u-ink)", "stroke-width": 1.6, "stroke-dasharray": "3 2",
    }));
  }
  if (now) parts.push(shape("rect", {
    x: 1, y, width: LEFT + read.length * column - 2, height: ROW, rx: 3,
    fill: "none", stroke: "var(--u-accent)", "stroke-width": 1.6,
  }));
  return parts;
}

// What is not written yet has its place already.
const rowToCome = ({ read, column }, row) => shape("rect", {
  x: LEFT, y: TOP + row * ROW + 1, width: read.length * column - 1, height: ROW - 2, fill: "var(--u-surface)",
});

function nothingToShow() {
  return ["No weights to show: all that this", "writer knows of the date is the", "encoder's last state."]
    .map((words, k) => shape("text", { x: LEFT + 14, y: TOP + 24 + 20 * k, class: "u-muted" }, words));
}

function showResult(result, { written, step, target }) {
  const characters = written.slice(0, step + 1).map((token, row) => {
    const wrong = target && DIGITS[token] !== target[row];
    return wrong
      ? element("u", { style: "text-decoration-style: wavy" }, element("b", {}, DIGITS[token])) : DIGITS[token];
  });
  const verdict = !target || step + 1 < U ? ""
    : written.every((token, row) => DIGITS[token] === target[row]) ? " Right." : ` It should be ${target}.`;
  result.replaceChildren("Written: ",
    element("span", { style: "font-family: monospace; font-size: 1.1em" }, ...characters), verdict);
}

function drawBars(bars, { width, probabilities, written, step }) {
  const p = probabilities[step];
  const wide = (width - LEFT) / p.length;
  const up = scale([0, 1], [BARS - 20, 14]);
  bars.replaceChildren(
    ...p.flatMap((value, v) => [
      shape("rect", {
        x: LEFT + (v + 0.15) * wide, width: 0.7 * wide,
        y: up(value), height: BARS - 20 - up(value), fill: "var(--u-positive)",
      }),
      shape("text", {
        x: LEFT + (v + 0.5) * wide, y: BARS - 4, "text-anchor": "middle",
        "font-weight": v === written[step] ? 700 : 400,
      }, DIGITS[v])]),
    shape("path", { d: `M${LEFT} ${BARS - 20}H${width}`, class: "u-axis" }),
    shape("text", { x: LEFT, y: 11, class: "u-muted" }, `probability of character ${step + 1}`));
  bars.setAttribute("aria-label",
    `Character ${step + 1} is ${DIGITS[written[step]]} with probability ${fixed(p[written[step]])}.`);
}

function showControls({ letter, weight, letAllGo }, { read, letters, weights, held, step, at }) {
  const value = weights ? weights[step][at] : 0;
  letter.max = read.length;
  letAllGo.style.visibility = Object.keys(held).length ? "visible" : "hidden";
  for (const input of [weight.input, letter]) input.disabled = !weights;
  weight.input.value = value;
  weight.value.textContent = weights ? fixed(value) : "none";
  weight.input.setAttribute("aria-valuetext",
    `${fixed(value)} on “${letters[read[at]]}”${held[step]?.[0] === at ? ", by hand" : ""}`);
}

// The letters with most of the weight at the present step.
function listed({ weights, step, letters, read }) {
  const order = weights[step].map((value, t) => [value, t]).sort(([a], [b]) => b - a).slice(0, 3);
  return order.map(([value, t]) => `${fixed(value)} on “${letters[read[t]]}”, letter ${t + 1}`).join("; ");
}

function spoken(view) {
  const { written, probabilities, weights, step } = view;
  const says = `Character ${step + 1} is ${DIGITS[written[step]]}, ` +
    `with probability ${fixed(probabilities[step][written[step]])}.`;
  return weights ? `${says} Most weight: ${listed(view)}.` : `${says} It was written from the last state alone.`;
}

export default { render };
