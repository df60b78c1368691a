// The trained character network, run forward, one step at a time.
// A network is { W_x (V, H), W_h (H, H), b (H), W_y (H, V), b_y (V) } as flat row-major arrays, with V and H.
import { clip, element, heatMap, number, panel, shape, share, signed, unpack } from "./shared.js";

export function unpackNetwork(packed) {
  const network = { V: packed.W_x.shape[0], H: packed.W_x.shape[1] };
  for (const [name, array] of Object.entries(packed)) network[name] = unpack(array);
  return network;
}

// One step: h = tanh(x W_x + h_prev (s W_h) + b), x being one-hot at token.
export function step(network, token, hPrev, s = 1) {
  const { H, W_x, W_h, b } = network;
  const a = Array.from(b, (bias, j) => bias + W_x[token * H + j]);
  for (let k = 0; k < H; k++) {
    const from = s * hPrev[k];
    for (let j = 0; j < H; j++) a[j] += from * W_h[k * H + j];
  }
  return a.map(Math.tanh);
}

// The probabilities that are read out of a state: softmax((h W_y + b_y) / temperature).
export function predict(network, h, temperature = 1) {
  const { V, H, W_y, b_y } = network;
  const logits = Array.from(b_y);
  for (let k = 0; k < H; k++) for (let v = 0; v < V; v++) logits[v] += h[k] * W_y[k * V + v];
  const largest = Math.max(...logits);
  const e = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const sum = e.reduce((total, value) => total + value);
  return e.map((value) => value / sum);
}

// Read tokens from a zero state: the state after every step, and the probabilities read out of it.
export function read(network, tokens, s = 1, temperature = 1) {
  const hs = [];
  for (const token of tokens) hs.push(step(network, token, hs.at(-1) ?? Array(network.H).fill(0), s));
  return { tokens, hs, ps: hs.map((h) => predict(network, h, temperature)) };
}

// Start from one token and draw the others, one a uniform number in draws: each is the next step's input.
export function write(network, first, draws, s = 1, temperature = 1) {
  const tokens = [first];
  const hs = [];
  const ps = [];
  for (const draw of draws) {
    hs.push(step(network, tokens.at(-1), hs.at(-1) ?? Array(network.H).fill(0), s));
    ps.push(predict(network, hs.at(-1), temperature));
    const total = ps.at(-1).reduce((sum, p) => sum + p);
    let cumulative = 0;
    tokens.push(ps.at(-1).findIndex((p) => (cumulative += p) > draw * total));
  }
  return { tokens, hs, ps };
}

// Uniform numbers in [0, 1) from a seed (the generator mulberry32).
export function uniform(seed, count) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  });
}

// How surprised the network is by each token that it has read, in bits; by the first it is not asked.
export function surprises(tokens, ps) {
  return tokens.slice(1).map((token, t) => -Math.log2(ps[t][token]));
}

// The units that are in no list of named ones,
// those first that change least from step to step while these tokens are read.
export function calmFirst(network, tokens, namedUnits) {
  const { hs } = read(network, tokens);
  const change = (j) => hs.reduce((sum, h, t) => sum + (t ? Math.abs(h[j] - hs[t - 1][j]) : 0), 0);
  const others = [...Array(network.H).keys()].filter((j) => !namedUnits.includes(j));
  return others.map((j) => [change(j), j]).sort(([a], [b]) => a - b).map(([, j]) => j);
}

// Places in the alphabet; what is not in it is read as a space.
export function encode(text, alphabet) {
  return [...text.toLowerCase()].map((character) => Math.max(0, alphabet.indexOf(character)));
}

const WRITTEN = 40;             // characters written from one
const SAMPLES = ["the state of the function", "if it is none", "hello world", "zzzzzzzz"];
const TOP = 62;                 // the strip from above: outputs, states, inputs
const THICK = 6;                // rows that a unit with a name has; after these units stands an empty row
const BOTTOM = 66;
const STRANGE = 8;              // bits from which on a letter is shaded as strongly as it gets
const shown = (character) => (character === " " ? "␣" : character);
const named = (character) => ({ " ": "space", ".": "full stop", ",": "comma" })[character] ?? character;
const percent = (p) => `${Math.round(100 * p)}%`;

function render(context) {
  const ui = panel(context);
  const network = unpackNetwork(ui.get("network"));
  const alphabet = ui.get("alphabet");
  const namedUnits = ui.get("named");
  const calm = calmFirst(network, encode(SAMPLES.join(" "), alphabet), namedUnits.map(({ unit }) => unit));
  const length = () => encode(ui.get("text"), alphabet).length;         // a capital may be two small letters
  const last = () => (ui.get("mode") === "one-to-many" ? WRITTEN : length());
  const drawings = makeDrawings(ui, network, 2 * (namedUnits.length * THICK + 1 + calm.length));
  const { stop, again } = addControls(ui, drawings, last);

  // Pressing or dragging on the strip picks a step.
  let place = (x) => x;
  ui.drag(drawings.strip, (x) => {
    stop();
    ui.set({ step: Math.min(last(), Math.max(1, place(x))) });
  });

  ui.onDraw(({ width }) => {
    const mode = ui.get("mode");
    const ran = run(ui, network, alphabet);
    const view = {
      ...ran, ...network, alphabet, width, namedUnits, calm, high: drawings.high,
      ...ui.values("mode", "text", "scale"), ...shownPart(ran.hs, mode, width, ui.get("step")),
    };
    place = (x) => view.first + Math.floor((x - view.left) / view.column) + 1;
    again.hidden = mode !== "one-to-many";
    drawStrip(drawings, view);
    if (drawings.matrices.closest("details").open) drawWeights(drawings.weights, drawings.picked, view);
    drawBars(drawings.bars, view);
    drawings.note.style.minHeight =
      width < 480 ? "4.35em" : width < 660 ? "2.9em" : "1.45em";       // what stands below must not jump
    drawings.note.textContent = noteText(view);
    ui.say(spoken(view));
  });

  return ui.dispose;
}

// The strip: outputs above, states as columns of a heat-map, inputs below. Then the three weights,
// and the distribution that is read out.
function makeDrawings(ui, network, high) {
  const strip = element("div", { style: "position: relative" });
  const states = ui.canvas("The hidden state at every step", high);
  const marks = ui.svg("", TOP + high + BOTTOM);
  Object.assign(states.style, { position: "absolute", top: `${TOP}px` });
  marks.style.position = "relative";
  strip.append(states, marks);
  const note = element("p", { style: "overflow-wrap: anywhere" });
  const weights = {
    W_x: weightPicture("x", network), W_h: weightPicture("h", network), W_y: weightPicture("y", network),
  };
  const picked = element("div", {
    style: "position: absolute; left: -3px; right: -3px; height: 5px; border: 1px solid var(--u-ink)",
  });
  weights.W_x.canvas.after(picked);
  const bars = ui.svg("", 118);
  const matrices = element("div", {},
    element("p", { style: "margin-bottom: 0.3rem" }, "The same three weights at every step"),
    element("div", { style: "display: flex; flex-wrap: wrap; gap: 14px; align-items: end" },
      ...Object.values(weights).map(({ box }) => box)));
  ui.stage.append(strip, note, element("div", { style: "min-width: 0" }, bars));
  return { strip, states, marks, note, weights, matrices, picked, bars, high };
}

function weightPicture(letter, network) {
  const { V, H } = network;
  const flat = network[`W_${letter}`];
  const [rows, columns] = { x: [V, H], h: [H, H], y: [H, V] }[letter];
  const canvas = element("canvas", {
    class: "u-heat", role: "img", "aria-label": `The matrix W_${letter}, ${rows} rows and ${columns} columns`,
  });
  const caption = element("p", { style: "font-size: 0.8rem; white-space: nowrap" },
    element("i", {}, "W"), element("sub", {}, letter), ` ${rows}×${columns}`);
  const box = element("div", {}, element("div", { style: "position: relative; width: max-content" }, canvas), caption);
  const values = Array.from({ length: rows }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
  return { canvas, box, values, largest: Math.max(...flat.map(Math.abs)) };
}

// It returns what stops the player, and the button that is there only where the network writes.
function addControls(ui, { strip, matrices }, last) {
  const picks = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.4rem; flex: 1 1 100%" });
  const toEnd = () => ui.set({ step: last() });         // what the reader types is read to its end
  const { stop } = ui.player("step", "Step", { last, interval: 350, below: strip });
  ui.textField("text", "Text").addEventListener("input", toEnd);
  ui.slider("scale", "Recurrent scale", { step: 0.05 });
  ui.fold("More: other texts and networks, temperature, the three weights", () => {
    const modes = ui.choice("mode", "Network", {
      "many-to-many": "many to many", "many-to-one": "many to one", "one-to-many": "one to many",
    });
    modes.parentElement.style.flexBasis = "100%";
    modes.addEventListener("change", toEnd);
    ui.controls.append(picks);
    for (const sample of SAMPLES) ui.button(sample, () => ui.set({ text: sample, step: sample.length }), picks);
    ui.slider("temperature", "Temperature", { step: 0.05 });
    ui.stage.append(matrices);
  });
  const again = ui.button("Draw again", () => ui.set({ seed: (ui.get("seed") % 999) + 1, step: last() }), picks);
  return { stop, again };
}

// What the network does with the text.
function run(ui, network, alphabet) {
  const [s, temperature] = [ui.get("scale"), ui.get("temperature")];
  const tokens = encode(ui.get("text"), alphabet);
  if (ui.get("mode") !== "one-to-many") return read(network, tokens, s, temperature);
  return write(network, tokens[0] ?? 0, uniform(ui.get("seed"), WRITTEN), s, temperature);
}

// The present step, the steps of the strip that there is room for, and whether there is an output at step t.
function shownPart(hs, mode, width, asked) {
  const now = Math.min(asked, hs.length);
  const left = width < 480 ? 54 : 96;         // the names of the units
  const count = Math.max(1, Math.min(hs.length, Math.floor((width - left) / 13)));
  const first = Math.max(0, Math.min(now - count + 2, hs.length - count));
  return {
    now, count, first, left, visible: hs.slice(first, first + count), column: Math.min(30, (width - left) / count),
    reads: (t) => mode !== "many-to-one" || t === hs.length - 1,
  };
}

function drawStrip({ states, marks }, view) {
  const { H, hs, tokens, alphabet, now, count, first, visible, column, left, namedUnits, calm } = view;
  Object.assign(states.style, { left: `${left}px`, width: `${count * column}px` });
  const row = (j) => Array.from({ length: count }, (_, i) => (first + i < now ? visible[i][j] : null));
  const thick = namedUnits.flatMap(({ unit }) => Array(THICK).fill(row(unit)));
  heatMap(states, [...thick, Array(count).fill(null), ...calm.map(row)]);
  states.setAttribute("aria-label", `The hidden state: ${H} numbers after each of ${now} steps`);
  marks.replaceChildren(
    ...captions(view), ...names(view),
    ...visible.flatMap((_, i) => columnMarks(view, first + i, left + (i + 0.5) * column)),
    ...(now ? focus(view) : []));
  marks.setAttribute("aria-label", now
    ? `Step ${now} of ${hs.length}. Inputs so far: ${inLetters(alphabet, tokens.slice(0, now))}.`
    : "Nothing is read yet.");
}

const inLetters = (alphabet, tokens) => tokens.map((token) => alphabet[token]).join("");

// What a few units follow, beside their rows; the others stand below, from the calm to the restless.
function names({ namedUnits, calm, left, high }) {
  const words = { x: left - 6, "text-anchor": "end", class: "u-muted", style: "font-size: 11px" };
  const others = TOP + 2 * (namedUnits.length * THICK + 1);
  return [
    ...namedUnits.map(({ name, short }, i) =>
      shape("text", { ...words, y: TOP + 2 * THICK * (i + 0.5) + 4 }, left < 60 ? short : name)),
    shape("text", { ...words, y: others + 12 }, "calm"),
    shape("text", { ...words, y: (others + TOP + high) / 2 + 4 },
      left < 60 ? `${calm.length} more` : `${calm.length} other units`),
    shape("text", { ...words, y: TOP + high - 3 }, "restless"),
  ];
}

function captions({ H, mode, width, count, column, left, high }) {
  const written = mode === "one-to-many";
  const right = Math.min(width, left + count * column);
  const words = { y: 10, class: "u-muted", style: "font-size: 12px" };
  const low = TOP + high + 60;
  return [
    shape("text", words, written ? "written" : mode === "many-to-one" ? "expected at the end" : "expected next"),
    shape("text", { ...words, y: low },
      written ? "read: its own letters" : mode === "many-to-one" ? "read" : "read; shaded: a surprise"),
    ...(right < 300 ? [] : [
      shape("text", { ...words, x: right, y: low, "text-anchor": "end" }, `${H} units, −1 to 1`),
      ...[-1, -0.6, -0.2, 0.2, 0.6, 1].map((value, i) => shape("rect", {
        x: right - 152 + 8 * i, y: low - 9, width: 8, height: 10, fill: signed(value),
      })),
    ]),
  ];
}

const inputArrow = (x, high, pen) => arrow(x, TOP + high + 24, TOP + high + 4, pen);
const outputArrow = (x, pen) => arrow(x, TOP - 4, TOP - 24, pen);

function columnMarks(view, t, x) {
  const { tokens, alphabet, mode, now, reads, high, column, ps } = view;
  const done = t < now;
  const drawn = mode === "one-to-many" && t > 0;
  const pen = { stroke: `var(--u-${done ? "muted" : "line"})`, class: "u-axis" };
  const parts = [inputArrow(x, high, pen)];
  if (done && t > 0 && mode === "many-to-many") {
    const strange = clip(surprises(tokens.slice(t - 1, t + 1), [ps[t - 1]])[0] / STRANGE, 0, 1);
    parts.push(shape("rect", {
      x: x - column / 2 + 0.5, y: TOP + high + 26, width: column - 1, height: 21, rx: 3,
      fill: share(0.45 * strange, "loss"), class: "u-surprise",
    }));
  }
  if (done || !drawn) {
    parts.push(shape("text", {
      x, y: TOP + high + 41, "text-anchor": "middle", "font-weight": t === now - 1 ? 700 : 400,
      style: `fill: var(--u-${drawn ? "accent" : done ? "ink" : "muted"})`,
    }, shown(alphabet[tokens[t]])));
  }
  if (reads(t)) parts.push(outputArrow(x, pen));
  if (done && reads(t)) parts.push(outputMark(view, t, x));
  return parts;
}

// Above a state stands what it says: the likeliest symbol, paler the less sure; or the symbol that was drawn.
function outputMark({ tokens, ps, alphabet, mode }, t, x) {
  const drawn = mode === "one-to-many";
  const symbol = drawn ? tokens[t + 1] : likeliest(ps[t]);
  const right = !drawn && symbol === tokens[t + 1];
  return shape("text", {
    x, y: 34, "text-anchor": "middle",
    "font-weight": right ? 700 : 400, "text-decoration": right ? "underline" : "none",
    style: `fill: var(--u-${drawn ? "accent" : "ink"}); opacity: ${0.7 + 0.3 * ps[t][symbol]}`,
  }, shown(alphabet[symbol]));
}

const likeliest = (p) => p.indexOf(Math.max(...p));

// The step that is being taken: a frame, and the names of the three weights at its three arrows.
function focus({ width, now, first, column, left, high, reads }) {
  const t = now - 1;
  const x = left + (t - first + 0.5) * column;
  const pen = { stroke: "var(--u-h)", "stroke-width": 2, fill: "none" };
  const side = x > width - 42 ? -1 : 1;
  const frame = { x: x - column / 2, y: TOP, width: column, height: high, rx: 2 };
  const parts = [
    shape("rect", { ...frame, ...pen, stroke: "var(--u-page)", "stroke-width": 5 }),
    shape("rect", { ...frame, ...pen }),
    inputArrow(x, high, pen), ...weightName("x", x + side * 18, TOP + high + 13),
  ];
  if (reads(t)) parts.push(outputArrow(x, pen), ...weightName("y", x + side * 18, TOP - 15));
  if (t > first) {
    const y = TOP + high / 2;
    const from = Math.max(left + 12, x - column - 12);
    parts.push(shape("path", { d: `M${from} ${y}H${x - column / 2 - 2}m-5 -4l5 4l-5 4`, ...pen }),
      ...weightName("h", from, y));
  }
  return parts;
}

function drawWeights(weights, picked, { width, scale, tokens, now, reads }) {
  const zoom = width < 640 ? 1 : 2;
  for (const [name, { canvas, values, largest }] of Object.entries(weights)) {
    canvas.style.width = `${zoom * values[0].length + 2}px`;
    canvas.style.height = `${zoom * values.length + 2}px`;
    const factor =
      (name === "W_h" ? scale : 1) * 2 / largest;       // few weights are large: half of the largest is full colour
    heatMap(canvas, values.map((row) => row.map((value) => value * factor)));
  }
  picked.style.top = `${zoom * ((now ? tokens[now - 1] : 0) + 0.5) - 2}px`;     // a one-hot input picks one row of W_x
  picked.hidden = !now;
  weights.W_y.canvas.style.opacity = now && reads(now - 1) ? 1 : 0.4;
}

/** @type {(bars: any, view: any) => void} */
function drawBars(bars, { V, tokens, ps, alphabet, now, reads }) {
  const wide = Math.floor(bars.parentElement.getBoundingClientRect().width) / V;
  const p = now && reads(now - 1) ? ps[now - 1] : null;
  const next = p && now < tokens.length ? tokens[now] : null;
  const unread = now ? "No output is read at this step" : "What it expects next will stand here";
  bars.replaceChildren(
    shape("path", { d: `M0 90.5H${wide * V}`, class: "u-axis" }),
    shape("text", { x: 0, y: 12, style: "font-size: 0.85rem" },
      p ? `Read out of h at step ${now}: next symbol` : unread),
    ...[...alphabet].flatMap((character, v) => symbolMarks(character, (v + 0.5) * wide, wide, p?.[v], v === next)),
    ...(p ? [peak(p, wide)] : []),
  );
  bars.setAttribute("aria-label", p ? `Probabilities of the next symbol: ${ranking(alphabet, p, 5)}` : `${unread}.`);
}

const BAR = 60;         // how high a bar of 100% is

// A symbol, its probability as a bar, and a mark where it is the one that comes.
function symbolMarks(character, x, wide, probability, comes) {
  const height = BAR * probability;
  return [
    ...(probability === undefined ? [] : [shape("rect", {
      x: x - 0.4 * wide, y: 90 - height, width: 0.8 * wide, height, fill: "var(--u-positive)",
    })]),
    shape("text", {
      x, y: 104, "text-anchor": "middle", style: `font-size: ${Math.min(13, wide + 2.5)}px`,
      "font-weight": comes ? 700 : 400,
    }, shown(character)),
    ...(comes ? [shape("path", { d: `M${x} 108l4 7h-8z`, fill: "var(--u-ink)" })] : []),
  ];
}

function peak(p, wide) {
  const v = likeliest(p);
  const x = Math.min(wide * p.length - 18, Math.max(18, (v + 0.5) * wide));
  return shape("text", { x, y: 85 - BAR * p[v], "text-anchor": "middle" }, percent(p[v]));
}

function ranking(alphabet, p, many) {
  const order = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, many);
  return order.map((v) => `${named(alphabet[v])} ${percent(p[v])}`).join(", ");
}

function noteText(view) {
  const { hs, ps, tokens, alphabet, mode, now } = view;
  if (!hs.length) return "Type a text, or pick one under More.";
  if (mode === "one-to-many") return `Written from “${alphabet[tokens[0]]}”: ` +
    `${inLetters(alphabet, tokens.slice(1, now + 1))}`;
  const spaces = strangers(view);
  if (mode === "many-to-one") return `The whole text, one answer: ` +
    `${now === hs.length ? ranking(alphabet, ps.at(-1), 3) : "at the last step"}.${spaces}`;
  if (hs.length < 2) return spaces || "Underlined where the likeliest symbol is the one that came.";
  return costOf(view, spaces);
}

// What is in the text and not in the alphabet.
function strangers({ text, alphabet }) {
  const unknown = [...new Set(text.toLowerCase())].filter((character) => !alphabet.includes(character));
  return unknown.length ? ` Read as spaces: ${unknown.slice(0, 6).join(" ")}${unknown.length > 6 ? " …" : ""}` : "";
}

function costOf({ V, ps, tokens, now }, spaces) {
  if (now < 2) return `Each letter will be shaded as much as it surprises the network.${spaces}`;
  const known = surprises(tokens.slice(0, now), ps);
  const bits = known.reduce((sum, surprise) => sum + surprise, 0) / known.length;
  const cost = `${now < tokens.length ? "So far the" : "This"} text costs the network ` +
    `${number(bits)} bits a character`;
  return spaces ? `${cost}.${spaces}` : `${cost}; a guess among ${V} symbols, ${number(Math.log2(V))}.`;
}

function spoken({ ps, tokens, alphabet, now, reads }) {
  if (!now) return "Nothing is read yet. Press Play.";
  const past = inLetters(alphabet, tokens.slice(Math.max(0, now - 12), now));
  return reads(now - 1)
    ? `Step ${now}: after “${past}” it expects ${ranking(alphabet, ps[now - 1], 3)}.`
    : `Step ${now}: “${past}” is read, nothing is asked yet.`;
}

const arrow = (x, from, to, pen) => shape("path", { d: `M${x} ${from}V${to}m-3.5 5l3.5 -5l3.5 5`, ...pen });

// The name of a weight, around (x, y), on a ground of its own.
function weightName(letter, x, y) {
  return [
    shape("rect", { x: x - 13, y: y - 14, width: 26, height: 28, rx: 4, style: "fill: var(--u-page)" }),
    shape("text", { x, y: y + 4, "text-anchor": "middle", style: "fill: var(--u-h); font-style: italic" },
      "W", shape("tspan", { dy: 3, "font-size": 10 }, letter)),
  ];
}

export default { render };
