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

// Every network over the whole input: the states and mean gates of the GRU, what each network says (ys), and how far the
// GRU's state comes to be from the others' once its dials are held (apart).
export function follow(state) {
  const { gru, lstm, reset, update } = state;
  const xs = state.signals[state.signal];
  const start = state.by_hand ? state.hands_on : xs.length;
  const zero = gru.W_h.map(() => 0);
  const mean = (values) => values.reduce((sum, value) => sum + value) / values.length;
  const result = { hs: [], rs: [], zs: [], ys: { gru: [], plain: [], feedforward: [], copy: [], lstm: [] }, apart: { plain: 0, feedforward: 0, copy: 0 } };
  let [h, memory] = [zero, { h: lstm.W_h.map(() => 0), c: lstm.W_h.map(() => 0) }];
  let others = null;
  xs.forEach((x, t) => {
    if (t === start) others = { plain: h, feedforward: h, copy: h };
    const step = gruStep(gru, x, h, others && { reset, update });
    h = step.h;
    result.hs.push(h);
    result.rs.push(mean(step.r));
    result.zs.push(mean(step.z));
    result.ys.gru.push(readout(gru, h));
    if (others) others = { plain: plainStep(gru, x, others.plain), feedforward: plainStep(gru, x, zero), copy: others.copy };
    for (const name of ["plain", "feedforward", "copy"]) {
      result.ys[name].push(readout(gru, others ? others[name] : h));
      if (others) result.apart[name] = Math.max(result.apart[name], ...h.map((value, j) => Math.abs(value - others[name][j])));
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

const SHORT = { plain: "the plain network", feedforward: "the feedforward net", copy: "a copy" };
const NAMES = { plain: "a plain recurrent network", feedforward: "a feedforward net", copy: "a copy of the old state" };
const DASHES = { plain: null, feedforward: "9 5", copy: "2 6" };
const EXACT = 1e-9;
const [LEFT, RIGHT] = [30, 8];
const LIMIT = 1.8;      // what lies beyond is drawn at the edge

function render(context) {
  const ui = panel(context);
  const drawings = makeDrawings(ui);
  addControls(ui);

  // Dragging on the chart moves the step from which the dials are held.
  let place = (pixel) => pixel;
  ui.drag(drawings.chart, (x) => ui.set({ hands_on: place(x), by_hand: true }));

  ui.onDraw(({ width }) => {
    const state = ui.values("gru", "lstm", "signals", "signal", "reset", "update", "by_hand", "hands_on");
    const xs = state.signals[state.signal];
    const run = follow(state);
    const on = Object.keys(NAMES).filter((name) => state.by_hand && run.apart[name] < EXACT);
    const view = {
      ...run, width, xs, on, byHand: state.by_hand, start: state.by_hand ? state.hands_on : xs.length,
      x: scale([-0.5, xs.length - 0.5], [LEFT, width - RIGHT]),
    };
    place = (pixel) => clip(Math.round(((pixel - LEFT) / (width - LEFT - RIGHT)) * xs.length), 0, xs.length - 1);
    const verdict = verdictOf(view);
    drawChart(drawings.chart, view, verdict);
    drawGates(drawings.gates, view, state);
    drawStates(drawings.states, view);
    drawLstm(drawings.lstm, view);
    ui.say(verdict);
  });

  return ui.dispose;
}

// The GRU, its gates and its state, and the LSTM, which stands below the controls, since they do not touch it.
function makeDrawings(ui) {
  const count = ui.get("count");
  const units = (name) => ui.get(name).W_h.length;
  ui.stage.append(
    caption(`GRU: ${units("gru")} units, ${count} numbers learned`),
    legend(
      item(curvePen, "GRU"), item(targetPen, "last number told"), item(bandPen("plain"), "plain network"),
      item(bandPen("feedforward"), "feedforward"), item(bandPen("copy"), "copy"),
    ),
  );
  const chart = ui.svg("What the GRU says at every step", 204);
  ui.stage.append(legend(item(resetPen, "reset r"), item(updatePen, "update z"), "mean over the units"));
  const gates = ui.svg("The gates", 80);
  ui.stage.append(caption("Its state, a row for each unit"));
  const states = ui.canvas("The state", 84);
  Object.assign(states.style, { marginLeft: `${LEFT}px`, width: `calc(100% - ${LEFT + RIGHT}px)` });
  const lstm = ui.svg("What the LSTM says at every step", 110);
  const words = `Beside it, an LSTM on the same input: ${units("lstm")} units, also ${count} numbers, left alone`;
  ui.controls.after(element("div", { style: "margin-top: 0.8rem" }, caption(words), lstm));
  return { chart, gates, states, lstm };
}

function addControls(ui) {
  const picks = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.4rem; flex: 1 1 100%" });
  ui.controls.append(picks);
  const pick = (words, reset, update) => ui.button(words, () => ui.set({ reset, update, by_hand: true }), picks);
  pick("Plain network", 1, 0);
  pick("Feedforward", 0, 0);
  pick("Copy", 1, 1);
  const dials = [ui.slider("reset", "Reset r", { step: 0.01 }), ui.slider("update", "Update z", { step: 0.01 })];
  for (const dial of dials) dial.addEventListener("input", () => ui.set({ by_hand: true }));
  ui.slider("hands_on", "Hands on from step");
  ui.toggle("by_hand", "My hands on the dials");
  ui.choice("signal", "Input", { pulses: "pulses", one: "one pulse", wave: "a wave" });
}

const caption = (words) => element("p", { style: "font-size: 0.85rem; margin-top: 0.35rem" }, words);
const legend = (...items) => element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.85rem" }, ...items);
const swatch = (pen) => shape("svg", { width: 30, height: 12, "aria-hidden": "true", style: "vertical-align: middle; margin-right: 6px" },
  shape("path", { d: "M1 6H29", fill: "none", ...pen }));
const item = (pen, words) => element("span", { style: "white-space: nowrap" }, swatch(pen), words);

const curvePen = { stroke: "var(--u-h)", "stroke-width": 2 };
const targetPen = { stroke: "var(--u-loss)", "stroke-width": 1.3, "stroke-dasharray": "1.5 3" };
const bandPen = (name) => ({ stroke: "var(--u-muted)", "stroke-width": 5, "stroke-opacity": 0.45, "stroke-dasharray": DASHES[name] });
const resetPen = { stroke: "var(--u-r)", "stroke-width": 2, "stroke-dasharray": "6 3" };
const updatePen = { stroke: "var(--u-z)", "stroke-width": 2 };

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
    ...xs.map(([value], t) => value && shape("path", { d: `M${x(t)} ${y(0)}V${y(value)}`, stroke: "var(--u-x)", "stroke-width": 3 })).filter(Boolean),
    shape("path", { d: line(steps), fill: "none", ...targetPen }),
  ];
}

// The line from which the dials are in the reader's hands.
function grip({ byHand, x, start }, top, bottom, words) {
  if (!byHand) return [];
  const at = x(start - 0.5);
  const right = at > x(20);
  return [
    shape("path", { d: `M${at} ${top}V${bottom}`, stroke: "var(--u-accent)", "stroke-width": 1.5, "stroke-dasharray": "5 3" }),
    ...(words ? [text(at + (right ? -6 : 6), top + 10, words, { "text-anchor": right ? "end" : "start", style: "fill: var(--u-accent)" })] : []),
  ];
}

function drawChart(chart, view, verdict) {
  const { width, x, ys, byHand, start, on } = view;
  const y = edged([176, 18]);
  chart.replaceChildren(
    ...background(view, y),
    ...(byHand ? Object.keys(NAMES).map((name) => curve(ys[name], x, y, bandPen(name), start)) : []),
    curve(ys.gru, x, y, { ...curvePen, "stroke-width": 2.5 }),
    ...grip(view, 2, 184, "your hands"),
    text(width - RIGHT, 199, on.length ? `exactly ${on.map((name) => SHORT[name]).join(" and ")}` : "", { "text-anchor": "end", "font-weight": 600 }),
  );
  chart.setAttribute("aria-label", `Output of the GRU over ${view.xs.length} steps. ${verdict}`);
}

function drawGates(gates, view, { reset, update }) {
  const { width, x, rs, zs, byHand, start } = view;
  const y = scale([0, 1], [70, 10]);
  gates.replaceChildren(
    ...[0, 1].map((value) => shape("path", { d: `M${LEFT} ${y(value)}H${width - RIGHT}`, stroke: "var(--u-line)" })),
    ...[0, 1].map((value) => tick(y(value), value)),
    curve(rs, x, y, resetPen),
    curve(zs, x, y, updatePen),
    ...grip(view, 4, 76),
  );
  gates.setAttribute("aria-label", byHand
    ? `Reset ${number(reset)} and update ${number(update)} from step ${start}.`
    : `The network's own gates: update is ${number(Math.min(...zs))} to ${number(Math.max(...zs))} in the mean over units.`);
}

function drawStates(states, { hs, xs, on, start }) {
  heatMap(states, hs[0].map((_, j) => hs.map((h) => h[j])));
  const kept = on.includes("copy") ? `, the same from step ${start} on` : "";
  states.setAttribute("aria-label", `The state: ${hs[0].length} units at ${xs.length} steps${kept}.`);
}

function drawLstm(chart, view) {
  const { xs, x, ys } = view;
  const y = edged([102, 8]);
  chart.replaceChildren(...background(view, y), curve(ys.lstm, x, y, curvePen));
  chart.setAttribute("aria-label", `Output of the LSTM: it is ${number(distance(ys.lstm, held(xs)))} from the target at most.`);
}

function verdictOf({ byHand, start, apart, on }) {
  if (!byHand) return "The network sets its own dials: it opens to a number that comes in, and keeps it until the next.";
  if (on.length) return `From step ${start} on, the state is exactly that of ${on.map((name) => NAMES[name]).join(", and ")}.`;
  return `Apart at most: ${number(apart.plain)} from a plain network's state, ${number(apart.feedforward)} from a feedforward net's, ${number(apart.copy)} from a copy.`;
}

function edged(range) {
  const inside = scale([-LIMIT, LIMIT], range);
  return (value) => inside(clip(value, -LIMIT, LIMIT));
}

const distance = (some, others) => Math.max(...some.map((value, t) => Math.abs(value - others[t])));

export default { render };
