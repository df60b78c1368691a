// A trained GRU whose two gates can be held, and what it is compared with. Steps are for one sequence of inputs x (D);
// a network is { W_x (D, kH), W_h (H, kH), b (kH), W_y (H, 1), b_y (1) } as nested arrays.

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
  const count = ui.get("count");
  const units = { gru: ui.get("gru").W_h.length, lstm: ui.get("lstm").W_h.length };
  const caption = (words) => element("p", { style: "font-size: 0.85rem; margin-top: 0.35rem" }, words);

  // --- the GRU, its gates and its state; the LSTM below
  const legend = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.85rem" });
  ui.stage.append(caption(`GRU: ${units.gru} units, ${count} numbers learned`), legend);
  const chart = ui.svg("What the GRU says at every step", 204);
  const gatesLegend = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.85rem" });
  ui.stage.append(gatesLegend);
  const gates = ui.svg("The gates", 80);
  ui.stage.append(caption("Its state, a row for each unit"));
  const states = ui.canvas("The state", 84);
  const lstmChart = ui.svg("What the LSTM says at every step", 110);      // below the controls, which do not touch it
  ui.controls.after(element("div", { style: "margin-top: 0.8rem" },
    caption(`Beside it, an LSTM on the same input: ${units.lstm} units, also ${count} numbers, left alone`), lstmChart));
  Object.assign(states.style, { marginLeft: `${LEFT}px`, width: `calc(100% - ${LEFT + RIGHT}px)` });

  // --- controls
  const picks = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.4rem; flex: 1 1 100%" });
  ui.controls.append(picks);
  const pick = (words, reset, update) => ui.button(words, () => ui.set({ reset, update, by_hand: true }), picks);
  pick("Plain network", 1, 0);
  pick("Feedforward", 0, 0);
  pick("Copy", 1, 1);
  const dials = ["reset", "update"].map((name) => ui.slider(name, name === "reset" ? "Reset r" : "Update z", { step: 0.01 }));
  for (const dial of dials) dial.addEventListener("input", () => ui.set({ by_hand: true }));
  ui.slider("hands_on", "Hands on from step");
  ui.toggle("by_hand", "My hands on the dials");
  ui.choice("signal", "Input", { pulses: "pulses", one: "one pulse", wave: "a wave" });

  // Dragging on the chart moves the step from which the dials are held.
  let place = () => 0;
  ui.drag(chart, (x) => ui.set({ hands_on: place(x), by_hand: true }));

  const swatch = (pen) => shape("svg", { width: 30, height: 12, "aria-hidden": "true", style: "vertical-align: middle; margin-right: 6px" },
    shape("path", { d: "M1 6H29", fill: "none", ...pen }));
  const item = (pen, words) => element("span", { style: "white-space: nowrap" }, swatch(pen), words);
  const curvePen = { stroke: "var(--u-h)", "stroke-width": 2 };
  const targetPen = { stroke: "var(--u-loss)", "stroke-width": 1.3, "stroke-dasharray": "1.5 3" };
  const bandPen = (name) => ({ stroke: "var(--u-muted)", "stroke-width": 5, "stroke-opacity": 0.45, "stroke-dasharray": DASHES[name] });
  const resetPen = { stroke: "var(--u-r)", "stroke-width": 2, "stroke-dasharray": "6 3" };
  const updatePen = { stroke: "var(--u-z)", "stroke-width": 2 };
  gatesLegend.append(item(resetPen, "reset r"), item(updatePen, "update z"), "mean over the units");
  legend.append(
    item(curvePen, "GRU"), item(targetPen, "last number told"), item(bandPen("plain"), "plain network"),
    item(bandPen("feedforward"), "feedforward"), item(bandPen("copy"), "copy"),
  );

  const text = (x, y, words, more = {}) => shape("text", { x, y, ...more }, words);
  const curve = (ys, x, y, pen, from = 0) => shape("path", { d: line(ys.slice(from).map((value, t) => [x(from + t), y(value)])), fill: "none", "stroke-linejoin": "round", ...pen });

  function background(xs, x, y) {
    const steps = held(xs).flatMap((value, t) => [[x(t - 0.5), y(value)], [x(t + 0.5), y(value)]]);
    return [
      shape("path", { d: line([[x(-0.5), y(0)], [x(xs.length - 0.5), y(0)]]), class: "u-axis" }),
      ...[-1, 0, 1].map((value) => text(LEFT - 6, y(value) + 4, number(value, 0), { "text-anchor": "end", class: "u-muted" })),
      ...xs.map(([value], t) => value && shape("path", { d: `M${x(t)} ${y(0)}V${y(value)}`, stroke: "var(--u-x)", "stroke-width": 3 })).filter(Boolean),
      shape("path", { d: line(steps), fill: "none", ...targetPen }),
    ];
  }

  // The line from which the dials are in the reader's hands.
  function grip(x, start, top, bottom, words) {
    const at = x(start - 0.5);
    const right = at > x(20);
    return [
      shape("path", { d: `M${at} ${top}V${bottom}`, stroke: "var(--u-accent)", "stroke-width": 1.5, "stroke-dasharray": "5 3" }),
      ...(words ? [text(at + (right ? -6 : 6), top + 10, words, { "text-anchor": right ? "end" : "start", style: "fill: var(--u-accent)" })] : []),
    ];
  }

  ui.onDraw(({ width }) => {
    const state = Object.fromEntries(["gru", "lstm", "signals", "signal", "reset", "update", "by_hand", "hands_on"].map((name) => [name, ui.get(name)]));
    const xs = state.signals[state.signal];
    const { hs, rs, zs, ys, apart } = follow(state);
    const start = state.by_hand ? state.hands_on : xs.length;
    const x = scale([-0.5, xs.length - 0.5], [LEFT, width - RIGHT]);
    place = (pixel) => Math.max(0, Math.min(xs.length - 1, Math.round(((pixel - LEFT) / (width - LEFT - RIGHT)) * xs.length)));
    const on = Object.keys(NAMES).filter((name) => state.by_hand && apart[name] < EXACT);

    const y = edged([176, 18]);
    chart.replaceChildren(
      ...background(xs, x, y),
      ...(state.by_hand ? ["plain", "feedforward", "copy"].map((name) => curve(ys[name], x, y, bandPen(name), start)) : []),
      curve(ys.gru, x, y, { ...curvePen, "stroke-width": 2.5 }),
      ...(state.by_hand ? grip(x, start, 2, 184, "your hands") : []),
      text(width - RIGHT, 199, on.length ? `exactly ${on.map((name) => SHORT[name]).join(" and ")}` : "", { "text-anchor": "end", "font-weight": 600 }),
    );
    const verdict = verdictOf(state, start, apart, on);
    chart.setAttribute("aria-label", `Output of the GRU over ${xs.length} steps. ${verdict}`);

    const share = scale([0, 1], [70, 10]);
    gates.replaceChildren(
      ...[0, 1].map((value) => shape("path", { d: `M${LEFT} ${share(value)}H${width - RIGHT}`, stroke: "var(--u-line)" })),
      ...[0, 1].map((value) => text(LEFT - 6, share(value) + 4, value, { "text-anchor": "end", class: "u-muted" })),
      curve(rs, x, share, resetPen),
      curve(zs, x, share, updatePen),
      ...(state.by_hand ? grip(x, start, 4, 76) : []),
    );
    gates.setAttribute("aria-label", state.by_hand
      ? `Reset ${number(state.reset)} and update ${number(state.update)} from step ${start}.`
      : `The network's own gates: update is ${number(Math.min(...zs))} to ${number(Math.max(...zs))} in the mean over units.`);

    heatMap(states, hs[0].map((_, j) => hs.map((h) => h[j])));
    states.setAttribute("aria-label", `The state: ${hs[0].length} units at ${xs.length} steps${on.includes("copy") ? `, the same from step ${start} on` : ""}.`);

    const below = edged([102, 8]);
    lstmChart.replaceChildren(...background(xs, x, below), curve(ys.lstm, x, below, curvePen));
    lstmChart.setAttribute("aria-label", `Output of the LSTM: it is ${number(distance(ys.lstm, held(xs)))} from the target at most.`);
    ui.say(verdict);
  });

  function verdictOf(state, start, apart, on) {
    if (!state.by_hand) return "The network sets its own dials: it opens to a number that comes in, and keeps it until the next.";
    if (on.length) return `From step ${start} on, the state is exactly that of ${on.map((name) => NAMES[name]).join(", and ")}.`;
    return `Apart at most: ${number(apart.plain)} from a plain network's state, ${number(apart.feedforward)} from a feedforward net's, ${number(apart.copy)} from a copy.`;
  }

  return ui.dispose;
}

function edged(range) {
  const inside = scale([-LIMIT, LIMIT], range);
  return (value) => inside(Math.max(-LIMIT, Math.min(LIMIT, value)));
}

const distance = (some, others) => Math.max(...some.map((value, t) => Math.abs(value - others[t])));

export default { render };
