// One LSTM unit, step by step, with a hand on its gates.
// A network is { W_x [3][4], W_h [1][4], b [4], W_y [1][1], b_y [1] }, blocks i|f|g|o.
import { clip, element, fixed, line, number, panel, quiet, renew, scale, shape } from "./shared.js";

export const GATES = ["i", "f", "g", "o"];
const LOW = { i: 0, f: 0, g: -1, o: 0 };

const sigmoid = (a) => 0.5 + 0.5 * Math.tanh(0.5 * a);

// { "f12": 0, "g*": -0.5 } from "f12:0,g*:-0.5"; what cannot be read is left out, values are clipped.
export function parseHeld(text) {
  const held = {};
  for (const entry of text.split(",")) {
    const [, gate, step, value] = entry.match(/^([ifgo])(\*|\d+):([-+.\de]+)$/) ?? [];
    if (gate && Number.isFinite(Number(value))) held[gate + step] = Math.min(1, Math.max(LOW[gate], Number(value)));
  }
  return held;
}

// The unit over xs [T][3] from a zero state: lists of i, f, g, o, c, h and y. Steps count from 1.
export function run(network, xs, held, forgetBias) {
  const { W_x, W_h, b, W_y, b_y } = network;
  const kept = { i: [], f: [], g: [], o: [], c: [], h: [], y: [] };
  let h = 0;
  let c = 0;
  xs.forEach((x, t) => {
    const gate = Object.fromEntries(GATES.map((name, k) => {
      let a = (k === 1 ? forgetBias : b[k]) + h * W_h[0][k];
      x.forEach((value, d) => (a += value * W_x[d][k]));
      return [name, held[`${name}${t + 1}`] ?? held[`${name}*`] ?? (name === "g" ? Math.tanh(a) : sigmoid(a))];
    }));
    c = gate.f * c + gate.i * gate.g;
    h = gate.o * Math.tanh(c);
    for (const [name, value] of Object.entries({ ...gate, c, h, y: h * W_y[0][0] + b_y[0] })) kept[name].push(value);
  });
  return kept;
}

// How many steps a cell takes to lose half, when nothing is asked of it: the forget gate then hears its bias alone.
export function halfLife(forgetBias) {
  return Math.LN2 / Math.log1p(Math.exp(-forgetBias));
}

// What should be said at each step: the number that was stored last.
export function recalled(xs) {
  let last = 0;
  return xs.map(([value, store]) => (last = store ? value : last));
}

const NAMES = {
  x: "number", i: "input gate", f: "forget gate", g: "candidate", o: "output gate", c: "cell", y: "what it says",
};
const SHORT = { x: "number", i: "input", f: "forget", g: "cand.", o: "output", c: "cell", y: "says" };
const roomFor = (width) => (width < 480 ? 68 : 116);         // the names, left of the lanes
const LANES = [                 // what is drawn, from above: values from low to high on so many pixels
  { name: "x", top: 22, height: 38, low: -1, high: 1 },
  { name: "i", top: 72, height: 28, low: 0, high: 1 },
  { name: "f", top: 108, height: 28, low: 0, high: 1 },
  { name: "g", top: 144, height: 28, low: -1, high: 1 },
  { name: "o", top: 180, height: 28, low: 0, high: 1 },
  { name: "c", top: 218, height: 44, low: -0.35, high: 0.35 },
  { name: "y", top: 272, height: 44, low: -1, high: 1 },
];
const HEIGHT = 334;
const LIVES = 112;              // the height of the half-life's curve
let desks = 0;
const tone = (name) => `var(--u-${name === "y" ? "h" : name})`;
const inked = (name) =>
  `color-mix(in srgb, ${tone(name)} 80%, var(--u-ink))`;      // a hue that small letters can be read in

function render(context) {
  const ui = panel(context);
  const network = ui.get("network");
  const drawings = makeDrawings(ui);
  const xs = () => ui.get("sequences")[ui.get("sequence") - 1];
  const now = () => Math.min(ui.get("step"), xs().length);
  const { player, gates, letAllGo, hold } = addControls(ui, drawings, now);
  let [left, column] = [0, 20];
  takesHold(ui, drawings.lanes, (x) => {
    player.stop();
    ui.set({ step: clip(Math.floor((x - left) / column) + 1, 1, xs().length) });
  }, hold);

  ui.onDraw(({ width }) => {
    const sequence = xs();
    const held = parseHeld(ui.get("held"));
    const bias = ui.get("forget_bias");
    left = roomFor(width);
    column = (width - left) / sequence.length;
    const view = {
      width, left, sequence, held, column, t: now() - 1,
      told: player.runs() ? now() : sequence.length,        // Play tells it step by step
      curves: run(network, sequence, held, bias),
      alone: run(network, sequence, {}, network.b[1]),        // the unit as it was trained
      targets: recalled(sequence),
    };
    drawLanes(drawings, view);
    for (const name of GATES) showGate(gates[name], name, view);
    showSum(drawings.sum, view);
    showLife(drawings, width, bias, ui.get("about").controls.forget_bias);
    letAllGo.style.visibility = Object.keys(held).length ? "visible" : "hidden";     // what stands below must not jump
    ui.say(spoken(view));
  });

  return ui.dispose;
}

function makeDrawings(ui) {
  const lanes = ui.svg("", HEIGHT);
  const marks = shape("g");
  const grips = Object.fromEntries(GATES.map((name) => [name, makeGrip(name)]));
  lanes.append(marks, ...Object.values(grips).map(({ group }) => group));
  const key = element("p", { style: "font-size: 0.85rem; color: var(--u-muted)" },
    "S: store this number. R: say it. Circle: what should be said. " +
    "Dashed line: what the unit would do without your hand.");
  const sum = element("p", { style: "font-variant-numeric: tabular-nums; font-size: 0.9rem" });
  const rest = element("p", { style: "font-size: 0.9rem" });
  ui.stage.append(key, sum);
  return { lanes, marks, grips, sum, rest, lives: /** @type {any} */ (null) };
}

// Pressing or dragging on the drawing picks a step; a gate's bar is dragged up and down, any bar by a mouse, by a
// finger the present step's. A press that does not move only picks the step.
function takesHold(ui, lanes, pick, hold) {
  let [landed, moved] = [0, false];
  lanes.addEventListener("pointerdown", ({ clientY }) => {
    landed = clientY - lanes.getBoundingClientRect().top;
    moved = false;
  });
  ui.drag(lanes, (x, y, grip) => {
    moved ||= Math.abs(y - landed) > 3;
    if (!grip || !moved) return pick(x);
    const { top, height, low, high } = LANES.find(({ name }) => name === grip);
    hold(grip, Number(clip(scale([top + height, top], [low, high])(y), low, high).toFixed(2)));
  });
}

// A slider a gate shows what the gate says until a hand moves it; the box before it lets go again.
function addControls(ui, drawings, now) {
  const kept = () => parseHeld(ui.get("held"));
  const write = (held) =>
    ui.set({ held: Object.entries(held).map(([place, value]) => `${place}:${value}`).join(",") });
  const hold = (name, value) => {
    const held = kept();
    const every = ui.get("every");
    player.stop();
    if (every) for (const key of Object.keys(held)) if (key[0] === name) delete held[key];
    write({ ...held, [name + (every ? "*" : now())]: value });
  };
  const letGo = (name) => {
    const held = kept();
    delete held[name + now()];
    delete held[`${name}*`];
    write(held);
  };
  desks += 1;
  const player = ui.player("step", "Step", { interval: 700, below: drawings.lanes });
  ui.toggle("every", "Hold it at every step");
  ui.button("Another sequence", () =>
    ui.set({ sequence: (ui.get("sequence") % ui.get("sequences").length) + 1, held: "" }));
  const letAllGo = ui.button("Let all go", () => ui.set({ held: "" }));
  let gates = {};
  ui.fold("The gates as sliders", () => {
    gates = Object.fromEntries(GATES.map((name) => [name, gateSlider(ui, name, hold, letGo)]));
  });
  ui.fold("The forget bias, and how long a memory lasts", () => {
    ui.stage.append(drawings.rest);
    drawings.lives = ui.svg("", LIVES);
    ui.slider("forget_bias", "Forget bias", { step: 0.1, format: (value) => number(value, 1) });
  });
  return { player, gates, letAllGo, hold };
}

function gateSlider(ui, name, hold, letGo) {
  const id = `u-desk-${desks}-${name}`;
  const input = element("input", {
    type: "range", min: LOW[name], max: 1, step: 0.01, id, ...quiet,
    oninput: () => hold(name, Number(input.value)),
  });
  const grip = element("input", {
    type: "checkbox", "aria-label": `Hold the ${NAMES[name]}`, ...quiet,
    onchange: () => (grip.checked ? hold(name, Number(input.value)) : letGo(name)),
  });
  const value = element("output", { for: id, "aria-live": "off" });
  const letter = element("b", { style: `color: ${inked(name)}; font-style: italic` }, name);
  const label = element("label", { for: id, style: "flex-basis: 6.2em" }, letter, ` ${NAMES[name]}`);
  ui.controls.append(element("div", { class: "u-control" },
    element("span", { class: "u-option" }, grip), label, input, value));
  return { input, value, grip };
}

const isHeld = (held, name, t) => `${name}${t + 1}` in held || `${name}*` in held;

function showGate({ input, value, grip }, name, { curves, held, t }) {
  const now = curves[name][t];
  input.value = now;
  value.textContent = fixed(now);
  grip.checked = isHeld(held, name, t);
  input.setAttribute("aria-valuetext", `${fixed(now)}${grip.checked ? ", by hand" : ""}`);
}

function drawLanes({ lanes, marks, grips }, view) {
  const { sequence, column, curves, t, left } = view;
  const present = {
    x: left + t * column, y: 0, width: column, height: HEIGHT, rx: 3,
    fill: "var(--u-surface)", stroke: "var(--u-accent)",
  };
  marks.replaceChildren(
    shape("rect", present), ...LANES.flatMap((lane) => laneMarks(view, lane)),
    ...sequence.flatMap((_, s) => stepMarks(view, s)));
  for (const lane of LANES) if (lane.name in grips) moveGrip(grips[lane.name], view, lane);
  const gates = GATES.map((name) => `${NAMES[name]} ${fixed(curves[name][t])}`).join(", ");
  lanes.setAttribute("aria-label",
    `At step ${t + 1}: ${gates}, cell ${fixed(curves.c[t])}, output ${fixed(curves.y[t])}.`);
}

const middleOf = ({ left, column }, s) => left + (s + 0.5) * column;

// What the bars of a gate are taken hold of by, wider than a bar where those are narrow; the present one has a knob.
const FINE = matchMedia("(pointer: fine)").matches;
function makeGrip(name) {
  const area = shape("rect", { fill: "transparent" });
  const knob = shape("circle", { r: 5, style: `fill: ${inked(name)}`, stroke: "var(--u-page)", "stroke-width": 1.5 });
  return { area, knob, group: shape("g", { "data-grip": name, cursor: "ns-resize" }, area, knob) };
}

function moveGrip({ area, knob }, view, { name, top, height, low, high }) {
  const { curves, t, left, column, width } = view;
  const middle = middleOf(view, t);
  const wide = Math.max(column, 26);
  const across = FINE ? { x: left, width: width - left } : { x: middle - wide / 2, width: wide };
  renew(area, { ...across, y: top - 4, height: height + 8 });
  renew(knob, { cx: middle, cy: scale([low, high], [top + height, top])(clip(curves[name][t], low, high)) });
}

function laneMarks(view, lane) {
  const { name, top, height, low, high } = lane;
  const inside = scale([low, high], [top + height, top]);
  const at = (value) => inside(clip(value, low, high));
  const values = name === "x" ? view.sequence.map((x) => x[0]) : view.curves[name];
  return [
    shape("text", { x: 2, y: top + height / 2 + 5, style: `fill: ${inked(name)}` },
      shape("tspan", { "font-style": "italic", "font-weight": 700 }, name),
      shape("tspan", { x: 16, style: "font-size: 12px" }, (view.left < 100 ? SHORT : NAMES)[name])),
    shape("path", { d: `M${view.left} ${at(0)}H${view.width}`, class: "u-axis", "stroke-width": 0.6 }),
    ...values.slice(0, name === "x" ? values.length : view.told)
      .flatMap((value, s) => valueMarks(view, lane, at, value, s)),
  ];
}

// A value at step s of a lane: its bar; a frame where it is held; where it would be without a hand;
// what should be said.
function valueMarks(view, { name, top, height }, at, value, s) {
  const { sequence, column, held, alone, targets } = view;
  const middle = middleOf(view, s);
  const y = at(value);
  const parts = [shape("rect", {
    x: middle - 0.36 * column, width: 0.72 * column, y: Math.min(y, at(0)), height: Math.max(Math.abs(y - at(0)), 1),
    fill: tone(name), opacity: name === "x" && !sequence[s][1] ? 0.45 : 1,
  })];
  if (name in LOW && isHeld(held, name, s)) {
    const frame = {
      x: middle - 0.45 * column, y: top - 2, width: 0.9 * column, height: height + 4, rx: 2, fill: "none",
    };
    parts.push(shape("rect", { ...frame, stroke: "var(--u-ink)", "stroke-width": 1.6, "stroke-dasharray": "3 2" }));
  }
  if ((name === "c" || name === "y") && Math.abs(alone[name][s] - value) > 0.01) {
    const d = `M${middle - 0.42 * column} ${at(alone[name][s])}h${0.84 * column}`;
    parts.push(shape("path", { d, stroke: "var(--u-ink)", "stroke-width": 1.4, "stroke-dasharray": "2 2" }));
  }
  if (name === "y" && sequence[s][2]) {
    const ring = { cx: middle, cy: at(targets[s]), r: Math.min(4, 0.3 * column), fill: "none" };
    parts.push(
      shape("circle", { ...ring, stroke: "var(--u-page)", "stroke-width": 4 }),
      shape("circle", { ...ring, stroke: "var(--u-ink)", "stroke-width": 1.6 }),
    );
  }
  return parts;
}

// Above a step, what is asked of the unit; below every fourth one, its number.
function stepMarks(view, s) {
  const [, store, recall] = view.sequence[s];
  const place = { x: middleOf(view, s), "text-anchor": "middle" };
  return [
    ...(store || recall ? [shape("text", { ...place, y: 14, "font-weight": 700 }, store ? "S" : "R")] : []),
    ...((s + 1) % 4 ? [] : [shape("text", { ...place, y: HEIGHT - 8, class: "u-muted" }, s + 1)]),
  ];
}

const word = (name, value) =>
  element("b", { style: `color: ${inked(name)}` }, typeof value === "string" ? value : fixed(value));

function showSum(sum, { width, curves, t }) {
  sum.style.minHeight = width < 420 ? "4.4em" : "2.9em";     // what stands below must not jump
  const [i, f, g, o, c] = ["i", "f", "g", "o", "c"].map((name) => word(name, curves[name][t]));
  const before = word("c", t ? curves.c[t - 1] : 0);
  sum.replaceChildren(
    word("c", "c"), " = ", f, " · ", before, " + ", i, " · ", g, " = ", c, element("br"),
    word("h", "h"), " = ", o, " · tanh(", word("c", curves.c[t]), ") = ", word("h", curves.h[t]));
}

// The half-life on a logarithmic axis, for every forget bias, and where the slider stands on it.
function showLife({ rest, lives }, width, bias, { min, max }) {
  const life = halfLife(bias);
  const steps = number(life, life < 10 ? 1 : 0);
  const across = scale([min, max], [40, width - 10]);
  const up = scale([Math.log10(0.25), Math.log10(2500)], [LIVES - 22, 6]);
  const height = (value) => up(Math.log10(value));
  const biases = Array.from({ length: 41 }, (_, k) => min + (k * (max - min)) / 40);
  rest.textContent = `At rest the forget gate is σ(${number(bias, 1)}) = ${number(1 / (1 + Math.exp(-bias)), 3)}: ` +
    `half of a memory is left after ${steps} steps.`;
  lives.replaceChildren(
    ...[1, 10, 100, 1000].flatMap((value) => [
      shape("path", { d: `M40 ${height(value)}H${width - 10}`, stroke: "var(--u-line)" }),
      shape("text", { x: 34, y: height(value) + 4.5, "text-anchor": "end", class: "u-muted" }, value)]),
    ...[-2, 0, 2, 4, 6, 8].map((value) =>
      shape("text", { x: across(value), y: LIVES - 4, "text-anchor": "middle", class: "u-muted" }, number(value, 0))),
    shape("path", {
      d: line(biases.map((value) => [across(value), height(halfLife(value))])), class: "u-curve", stroke: tone("f"),
    }),
    shape("circle", {
      cx: across(bias), cy: height(life), r: 5, fill: tone("f"), stroke: "var(--u-page)", "stroke-width": 1.5,
    }),
    shape("text", { x: 46, y: height(300) + 4.5, class: "u-muted" }, "half-life in steps"),
    shape("text", { x: width - 12, y: height(0.55), "text-anchor": "end", class: "u-muted" }, "forget bias"));
  lives.setAttribute("aria-label", `The half-life grows with the forget bias: ${steps} steps at ${number(bias, 1)}.`);
}

function spoken({ sequence, curves, targets, t }) {
  const [, store, recall] = sequence[t];
  const what = store ? "store" : recall ? "recall" : "no mark";
  const errors = targets.flatMap((target, s) => (sequence[s][2] ? [Math.abs(curves.y[s] - target)] : []));
  const off = errors.reduce((total, error) => total + error, 0) / errors.length;
  const answer = recall ? ` It says ${fixed(curves.y[t])}, asked for ${fixed(targets[t])}.` : "";
  return `Step ${t + 1}, ${what}.${answer} Over its ${errors.length} recalls it is off by ${fixed(off)} on average.`;
}

export default { render };
