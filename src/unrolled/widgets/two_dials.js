// A trained GRU whose two gates can be held, and what it is compared with. Steps are for one sequence of inputs x (D);
// a network is { W_x (D, kH), W_h (H, kH), b (kH), W_y (H, 1), b_y (1) } as nested arrays.
import { clip, element, heatMap, line, number, panel, scale, shape } from "./shared.js";

export const sigmoid = (a) => 1 / (1 + Math.exp(-a));

// Block k of the sums x W_x + h W_h + b, a number a unit.
function sums({ W_x, W_h, b }, block, x, h) {
  return h.map((_, j) => {
    const column = block * h.length + j;
    let sum = b[column];
    for (let d = 0; d < x.length; d++) sum += x[d] * W_x[d][column];
    for (let i = 0; i < h.length; i++) sum += h[i] * W_h[i][column];
    return sum;
  });
}

// One step of the GRU (blocks r|z|n). dials, if any, stand in the place of its own gates: { reset, update }.
export function gruStep(network, x, h, dials = null) {
  const r = dials ? h.map(() => dials.reset) : sums(network, 0, x, h).map(sigmoid);
  const z = dials ? h.map(() => dials.update) : sums(network, 1, x, h).map(sigmoid);
  const n = sums(network, 2, x, h.map((value, j) => r[j] * value)).map(Math.tanh);
  return { h: h.map((value, j) => z[j] * value + (1 - z[j]) * n[j]), r, z };
}

// A plain recurrent network with the weights of the GRU's candidate.
export const plainStep = (network, x, h) => sums(network, 2, x, h).map(Math.tanh);

// One step of the LSTM (blocks i|f|g|o).
export function lstmStep(network, x, h, c) {
  const [i, f, g, o] = [0, 1, 2, 3].map((block) => sums(network, block, x, h).map(block === 2 ? Math.tanh : sigmoid));
  const next = c.map((value, j) => f[j] * value + i[j] * g[j]);
  return { h: next.map((value, j) => o[j] * Math.tanh(value)), c: next };
}

export const readout = ({ W_y, b_y }, h) => h.reduce((sum, value, j) => sum + value * W_y[j][0], b_y[0]);

// Every network over the whole input: the states of the GRU, its gates in the mean (rs, zs) and the update gate unit
// by unit (updates), what each network says (ys), and how far the GRU's state comes to be from the others'
// once its dials are held (apart).
export function follow(state) {
  const { gru, lstm, reset, update } = state;
  const xs = state.signals[state.signal];
  const start = state.by_hand ? state.hands_on : xs.length;
  const zero = gru.W_h.map(() => 0);
  const mean = (values) => values.reduce((sum, value) => sum + value) / values.length;
  const result = {
    hs: [], rs: [], zs: [], updates: [], ys: { gru: [], plain: [], feedforward: [], copy: [], lstm: [] },
    apart: { plain: 0, feedforward: 0, copy: 0 },
  };
  let [h, memory] = [zero, { h: lstm.W_h.map(() => 0), c: lstm.W_h.map(() => 0) }];
  let others = null;
  xs.forEach((x, t) => {
    if (t === start) others = { plain: h, feedforward: h, copy: h };
    const step = gruStep(gru, x, h, others && { reset, update });
    h = step.h;
    result.hs.push(h);
    result.rs.push(mean(step.r));
    result.zs.push(mean(step.z));
    result.updates.push(step.z);
    result.ys.gru.push(readout(gru, h));
    if (others) others = {
      plain: plainStep(gru, x, others.plain), feedforward: plainStep(gru, x, zero), copy: others.copy,
    };
    for (const name of ["plain", "feedforward", "copy"]) {
      result.ys[name].push(readout(gru, others ? others[name] : h));
      if (others) result.apart[name] =
        Math.max(result.apart[name], ...h.map((value, j) => Math.abs(value - others[name][j])));
    }
    memory = lstmStep(lstm, x, memory.h, memory.c);
    result.ys.lstm.push(readout(lstm, memory.h));
  });
  return result;
}

// The last number that was told, at every step: what both networks have learned to say. An input is [number, flag].
export function held(xs) {
  let last = 0;
  return xs.map(([value, told]) => (last = told ? value : last));
}

const NAMES = {
  plain: "a plain recurrent network", feedforward: "a feedforward net", copy: "a copy of the old state",
};
const PRESETS = { plain: ["Plain network", 1, 0], feedforward: ["Feedforward", 0, 0], copy: ["Copy", 1, 1] };
const EXACT = 1e-9;
const [LEFT, RIGHT] = [30, 8];
const LIMIT = 1.8;      // what lies beyond is drawn at the edge
const SNAP = 0.04;      // so near to an edge of the pad, a hand means the edge
const WIDE = 600;       // from here on the pad stands beside the curves, and not between them

function render(context) {
  const ui = panel(context);
  const drawings = makeDrawings(ui);
  addControls(ui, drawings);

  // Dragging on the pad turns both dials; dragging on the chart moves the step from which they are held.
  let [place, dials] = [(pixel) => pixel, (x, y) => ({ reset: x, update: y })];
  ui.drag(drawings.chart, (x) => ui.set({ hands_on: place(x), by_hand: true }));
  ui.drag(drawings.pad, (x, y) => ui.set({ ...dials(x, y), by_hand: true }));

  ui.onDraw(({ width: whole }) => {
    const state = ui.values("gru", "lstm", "signals", "signal", "reset", "update", "by_hand", "hands_on", "ghost");
    const xs = state.signals[state.signal];
    const run = follow(state);
    const [size, width] = arrange(drawings, whole);
    const on = Object.keys(NAMES).filter((name) => state.by_hand && run.apart[name] < EXACT);
    const view = {
      ...run, width, whole, xs, on, size, ghost: state.ghost, byHand: state.by_hand,
      start: state.by_hand ? state.hands_on : xs.length,
      x: scale([-0.5, xs.length - 0.5], [LEFT, width - RIGHT]),
    };
    place = (pixel) => clip(Math.round(((pixel - LEFT) / (width - LEFT - RIGHT)) * xs.length), 0, xs.length - 1);
    dials = (x, y) => ({ reset: turned((x - EDGE) / size), update: turned(1 - (y - TOP) / size) });
    const verdict = verdictOf(view);
    drawChart(drawings.chart, view, verdict);
    drawPad(drawings.pad, view, state);
    drawGates(drawings.gates, view, state);
    drawStates(drawings.states, view);
    drawLstm(drawings.lstm, { ...view, x: scale([-0.5, xs.length - 0.5], [LEFT, whole - RIGHT]) });
    ui.say(verdict);
  });

  return ui.dispose;
}

const [EDGE, TOP, BELOW] = [20, 4, 20];       // room around the pad, for the names of its sides

function turned(share) {
  const value = clip(Number(share.toFixed(2)), 0, 1);
  return value < SNAP ? 0 : value > 1 - SNAP ? 1 : value;
}

// The GRU's curves, the pad with its dials, the gates and the state.
function makeDrawings(ui) {
  const chart = ui.svg("What the GRU says at every step", 164);
  const pad = ui.svg("The two dials", 200);
  pad.dataset.grip = "dials";
  const sliders = element("div", {
    class: "u-controls", style: "margin: 0; flex: 1 1 0; min-width: 0; align-content: start",
  });
  const desk = element("div", { style: "gap: 0.4rem 1rem" }, element("div", { style: "flex: none" }, pad), sliders);
  const gates = ui.svg("The gates", 92);
  const states = ui.canvas("The state", 50);
  Object.assign(states.style, { marginLeft: `${LEFT}px`, width: `calc(100% - ${LEFT + RIGHT}px)` });
  const legends = [legend(), legend()];
  const curves = element("div", { style: "min-width: 0" }, legends[0], chart);
  const inside = element("div", { style: "min-width: 0" },
    legends[1], gates, caption("Its state, a row for each unit"), states);
  const grid = element("div", { style: "display: grid; gap: 0.3rem 1.2rem" }, curves, desk, inside);
  ui.stage.append(grid);
  legends[1].replaceChildren(
    item(updatePen, "update z"), item(unitPen, "of each unit"), item(resetPen, "reset r, mean"));
  return { grid, curves, desk, inside, chart, pad, sliders, gates, states, key: legends[0] };
}

// The pad stands beside the curves where there is room, else below the first of them.
// It returns the sides of pad and curves.
function arrange({ grid, curves, desk, inside, pad, sliders, key }, whole) {
  const wide = whole >= WIDE;
  const size = wide ? 184 : 128;
  grid.style.gridTemplateColumns = wide ? `${size + EDGE + 8}px minmax(0, 1fr)` : "minmax(0, 1fr)";
  curves.style.gridArea = wide ? "1 / 2" : "auto";
  inside.style.gridArea = wide ? "2 / 2" : "auto";
  desk.style.gridArea = wide ? "1 / 1 / 3" : "auto";
  desk.style.display = wide ? "block" : "flex";
  key.style.minHeight = wide ? "" : "2.9em";        // a curve to compare with must not move what stands below
  sliders.classList.toggle("u-narrow", !wide);
  pad.setAttribute("height", size + TOP + BELOW);
  pad.setAttribute("width", size + EDGE + 8);
  return [size, wide
    ? whole - (size + EDGE + 8) - 1.2 * parseFloat(getComputedStyle(document.documentElement).fontSize) : whole];
}

function addControls(ui, drawings) {
  const below = ui.controls;
  ui.controls = drawings.sliders;
  for (const dial of [ui.slider("reset", "Reset r", { step: 0.01 }),
      ui.slider("update", "Update z", { step: 0.01 })]) {
    dial.addEventListener("input", () => ui.set({ by_hand: true }));
  }
  ui.toggle("by_hand", "My hands on the dials");
  ui.controls = below;
  const picks = element("div", { class: "u-buttons" });
  ui.controls.append(picks);
  for (const [name, [words, reset, update]] of Object.entries(PRESETS)) {
    ui.button(words, () => ui.set({ reset, update, by_hand: true, ghost: name }), picks);
  }
  const count = ui.get("count");
  const units = (name) => ui.get(name).W_h.length;
  ui.fold("More: other inputs, a curve to compare with, an LSTM", () => {
    ui.choice("signal", "Input", { pulses: "pulses", one: "one pulse", wave: "a wave" });
    ui.choice("ghost", "Compare with", {
      none: "nothing", plain: "plain network", feedforward: "feedforward", copy: "copy",
    });
    ui.slider("hands_on", "Hands on from step");
    ui.stage.append(caption(
      `The GRU has ${units("gru")} units and ${count} numbers learned. ` +
      `An LSTM of ${units("lstm")} units has ${count} too; this is what it says, left alone:`));
    drawings.lstm = ui.svg("What the LSTM says at every step", 96);
  });
}

const caption = (words) => element("p", { style: "font-size: 0.85rem" }, words);
const legend = (...items) =>
  element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.85rem" }, ...items);
const swatch = (pen) => shape("svg",
  { width: 30, height: 12, "aria-hidden": "true", style: "vertical-align: middle; margin-right: 6px" },
  shape("path", { d: "M1 6H29", fill: "none", ...pen }));
const item = (pen, words) => element("span", { style: "white-space: nowrap" }, swatch(pen), words);

const curvePen = { stroke: "var(--u-h)", "stroke-width": 2 };
const targetPen = { stroke: "var(--u-loss)", "stroke-width": 1.3, "stroke-dasharray": "1.5 3" };
const ghostPen = { stroke: "var(--u-muted)", "stroke-width": 6, "stroke-opacity": 0.45 };
const resetPen = { stroke: "var(--u-r)", "stroke-width": 2, "stroke-dasharray": "6 3" };
const updatePen = { stroke: "var(--u-z)", "stroke-width": 2.5 };
const unitPen = { stroke: "var(--u-z)", "stroke-width": 1, "stroke-opacity": 0.4 };

const text = (x, y, words, more = {}) => shape("text", { x, y, ...more }, words);
const tick = (y, words) => text(LEFT - 6, y + 4, words, { "text-anchor": "end", class: "u-muted" });

function curve(ys, x, y, pen, from = 0) {
  const points = ys.slice(from).map((value, t) => [x(from + t), y(value)]);
  return shape("path", { d: line(points), fill: "none", "stroke-linejoin": "round", ...pen });
}

function background({ xs, x }, y) {
  const steps = held(xs).flatMap((value, t) => [[x(t - 0.5), y(value)], [x(t + 0.5), y(value)]]);
  return [
    shape("path", { d: line([[x(-0.5), y(0)], [x(xs.length - 0.5), y(0)]]), class: "u-axis" }),
    ...[-1, 0, 1].map((value) => tick(y(value), number(value, 0))),
    ...xs.map(([value], t) => value && shape("path", {
      d: `M${x(t)} ${y(0)}V${y(value)}`, stroke: "var(--u-x)", "stroke-width": 3,
    })).filter(Boolean),
    shape("path", { d: line(steps), fill: "none", ...targetPen }),
  ];
}

// The line from which the dials are in the reader's hands.
function grip({ byHand, x, start }, top, bottom, words) {
  if (!byHand) return [];
  const at = x(start - 0.5);
  const right = at > x(20);
  return [
    shape("path", {
      d: `M${at} ${top}V${bottom}`, stroke: "var(--u-accent)", "stroke-width": 1.5, "stroke-dasharray": "5 3",
    }),
    ...(words ? [text(at + (right ? -6 : 6), top + 10, words, {
      "text-anchor": right ? "end" : "start", style: "fill: var(--u-accent)",
    })] : []),
  ];
}

function drawChart(chart, view, verdict) {
  const { x, ys, ghost, start, xs } = view;
  const y = edged([154, 10]);
  const compared = ghost !== "none" && start < xs.length;
  chart.replaceChildren(
    ...background(view, y),
    ...(compared ? [curve(ys[ghost], x, y, ghostPen, start)] : []),
    curve(ys.gru, x, y, { ...curvePen, "stroke-width": 2.5 }),
    ...grip(view, 2, 162, "your hands"),
  );
  chart.setAttribute("aria-label", `Output of the GRU over ${xs.length} steps. ${verdict}`);
  chart.previousElementSibling.replaceChildren(
    item(curvePen, "GRU"), item(targetPen, "last number told"),
    ...(compared ? [item(ghostPen, PRESETS[ghost][0].toLowerCase())] : []));
}

// The pad: reset to the right, update up. Its upper side is a copy, wherever reset stands.
// Dots are the network's own settings.
function drawPad(pad, { rs, zs, size, start, byHand, on }, { reset, update }) {
  const [x, y] = [scale([0, 1], [EDGE, EDGE + size]), scale([0, 1], [TOP + size, TOP])];
  const name = (words, at, more) =>
    text(...at, words, { style: "font-size: 12px", "font-weight": on.includes(more) ? 700 : null });
  const corner = (words, right, which) => {
    const node = name(words, [right ? x(1) - 6 : x(0) + 6, y(0) - 8], which);
    node.setAttribute("text-anchor", right ? "end" : "start");
    return node;
  };
  const top = name("copy", [x(1) - 6, y(1) + 16], "copy");
  top.setAttribute("text-anchor", "end");
  const side = { class: "u-muted", style: "font-size: 12px" };
  pad.replaceChildren(
    shape("rect", {
      x: x(0), y: y(1), width: size, height: size, rx: 4, fill: "var(--u-surface)", stroke: "var(--u-muted)",
    }),
    shape("path", {
      d: `M${x(0)} ${y(1)}H${x(1)}`, stroke: "var(--u-z)", "stroke-width": 4, "stroke-linecap": "round",
    }),
    ...[0, 1].map((at) => shape("circle", { cx: x(at), cy: y(0), r: 4, fill: "var(--u-ink)" })),
    top, corner(size < 160 ? "feedfwd" : "feedforward", false, "feedforward"),
    corner(size < 160 ? "plain" : "plain net", true, "plain"),
    ...zs.slice(0, start).map((z, t) =>
      shape("circle", { cx: x(rs[t]), cy: y(z), r: 2.5, fill: "none", stroke: "var(--u-z)" })),
    text((x(0) + x(1)) / 2, y(0) + 16, "reset r →", { ...side, "text-anchor": "middle" }),
    text(0, 0, "update z →", {
      ...side, "text-anchor": "middle", transform: `translate(13 ${(y(0) + y(1)) / 2}) rotate(-90)`,
    }),
    shape("circle", {
      cx: x(reset), cy: y(update), r: 9, fill: byHand ? "var(--u-accent)" : "var(--u-page)",
      stroke: byHand ? "var(--u-page)" : "var(--u-accent)",
      "stroke-width": 2.5, "stroke-dasharray": byHand ? null : "3 2",
    }),
  );
  pad.setAttribute("aria-label", byHand
    ? `Both dials on one square: reset ${number(reset)} to the right, update ${number(update)} up.`
    : `Both dials on one square, let go; the network sets them itself, ` +
      `reset ${number(Math.min(...rs))} to ${number(Math.max(...rs))} ` +
      `and update ${number(Math.min(...zs))} to ${number(Math.max(...zs))} in the mean.`);
}

function drawGates(gates, view, { reset, update }) {
  const { width, x, rs, zs, updates, byHand, start } = view;
  const y = scale([0, 1], [84, 10]);
  gates.replaceChildren(
    ...[0, 1].map((value) => shape("path", { d: `M${LEFT} ${y(value)}H${width - RIGHT}`, stroke: "var(--u-line)" })),
    ...[0, 1].map((value) => tick(y(value), value)),
    ...updates[0].map((_, j) => curve(updates.map((z) => z[j]), x, y, unitPen)),
    curve(rs, x, y, resetPen),
    curve(zs, x, y, updatePen),
    ...grip(view, 4, 90),
  );
  gates.setAttribute("aria-label", byHand
    ? `Reset ${number(reset)} and update ${number(update)} from step ${start}.`
    : `The network's own gates: update is ${number(Math.min(...zs))} to ${number(Math.max(...zs))} ` +
      `in the mean over units, ${number(Math.min(...updates.flat()))} to ${number(Math.max(...updates.flat()))} ` +
      `in single units.`);
}

function drawStates(states, { hs, xs, on, start }) {
  heatMap(states, hs[0].map((_, j) => hs.map((h) => h[j])));
  const kept = on.includes("copy") ? `, the same from step ${start} on` : "";
  states.setAttribute("aria-label", `The state: ${hs[0].length} units at ${xs.length} steps${kept}.`);
}

function drawLstm(chart, view) {
  const { xs, x, ys } = view;
  const y = edged([88, 8]);
  chart.replaceChildren(...background(view, y), curve(ys.lstm, x, y, curvePen));
  chart.setAttribute("aria-label",
    `Output of the LSTM: it is ${number(distance(ys.lstm, held(xs)))} from the target at most.`);
}

function verdictOf({ byHand, start, apart, on }) {
  if (!byHand) return "The network sets its own dials: it opens to a number that comes in, " +
    "and keeps it until the next.";
  if (on.length) return `From step ${start} on, the state is exactly that of ` +
    `${on.map((name) => NAMES[name]).join(", and ")}.`;
  return `Apart at most: ${number(apart.plain)} from a plain network's state, ` +
    `${number(apart.feedforward)} from a feedforward net's, ${number(apart.copy)} from a copy.`;
}

function edged(range) {
  const inside = scale([-LIMIT, LIMIT], range);
  return (value) => inside(clip(value, -LIMIT, LIMIT));
}

const distance = (some, others) => Math.max(...some.map((value, t) => Math.abs(value - others[t])));

export default { render };
