import { clip, fixed, line, panel, renew, scale, shape } from "./shared.js";

const KINDS = ["window", "bag"];
const SHOWN = 28;       // steps of the sequence that are drawn
const EDGE = 14;        // room beside the first and the last of them

// The net's answer to one window: reference mlp_forward for a single row. network holds W1 (D, H), b1, W2 (H, 1), b2.
export function mlpForward(x, { W1, b1, W2, b2 }) {
  let y = b2[0];
  for (let j = 0; j < b1.length; j++) {
    let a = b1[j];
    for (let i = 0; i < x.length; i++) a += x[i] * W1[i][j];
    y += Math.tanh(a) * W2[j][0];
  }
  return y;
}

// What the net reads at step t: the k inputs up to t, oldest first, perhaps shuffled, perhaps only their sum.
export function inputAt(state, k, t) {
  let window = state.xs.slice(t - k + 1, t + 1);
  if (state.shuffled) window = state.orders[k - 1].map((i) => window[i]);
  return state.kind === "bag" ? [window.reduce((sum, value) => sum + value, 0)] : window;
}

export function networkOf(state, k) {
  const place = (name) => state.networks[name][KINDS.indexOf(state.kind)][state.delay][k - 1];
  return { W1: place("W1"), b1: place("b1"), W2: place("W2"), b2: place("b2") };
}

// Mean squared error over the same held-out steps for every window: those that the longest window and delay reach.
export function errorOf(state, k, first) {
  const network = networkOf(state, k);
  let sum = 0;
  for (let t = first; t < state.xs.length; t++) {
    sum += (mlpForward(inputAt(state, k, t), network) - state.xs[t - state.delay]) ** 2;
  }
  return sum / (state.xs.length - first);
}

export function parameterCount(kind, k, H) {
  return (kind === "bag" ? 1 : k) * H + H + H + 1;
}

const unitsOf = ({ networks }) => networks.b1[0][0][0].length;

function render(context) {
  const ui = panel(context);
  const { controls } = ui.get("about");
  const longest = controls.k.max;
  const first = longest + controls.delay.max;
  ui.slider("k", "Window k");
  ui.slider("delay", "Delay");
  ui.fold("More: which step, a sum in place of the window, shuffled windows", () => {
    ui.slider("step", "Step t");
    ui.choice("kind", "The net sees", { window: "the window", bag: "only its sum" });
    ui.toggle("shuffled", "Shuffle each window");
  });
  const strip = ui.svg("The sequence", 152);
  const [bars, grip] = [shape("g"), makeKnob()];
  strip.append(bars, grip);
  const answers = ui.svg("What the net says", 112);
  const chart = ui.svg("Error and size by window", 146);

  // Dragging the window's left end makes it longer, dragging the window moves it; pressing elsewhere on the sequence
  // picks the step, pressing on the errors the window's length.
  let place = {};
  let ahead = 0;        // how many steps the pressed place is behind the window's last
  const within = (value, { min, max }) => clip(Math.round(value), min, max);
  strip.addEventListener("pointerdown", ({ clientX }) => {
    const { k, step } = ui.values("k", "step");
    const behind = step - Math.round(place.step(clientX - strip.getBoundingClientRect().left));
    ahead = behind >= 0 && behind < k ? behind : 0;
  });
  ui.drag(strip, (x, _, held) => {
    if (held) ui.set({ k: within(ui.get("step") + 0.5 - place.step(x), controls.k) });
    else ui.set({ step: within(place.step(x) + ahead, controls.step) });
  });
  ui.drag(answers, (x) => ui.set({ step: within(place.step(x), controls.step) }));
  ui.drag(chart, (x) => ui.set({ k: within(place.k(x), controls.k) }));

  ui.onDraw(({ width }) => {
    const state = ui.values("delay", "k", "step", "kind", "shuffled", "xs", "networks", "orders");
    const errors = Array.from({ length: longest }, (_, i) => errorOf(state, i + 1, first));
    place = { step: scale([EDGE, width - EDGE], [0, SHOWN - 1]), k: scale([0, width], [0.5, longest + 0.5]) };
    drawStrip({ strip, bars, grip }, width, state);
    drawAnswers(answers, width, state);
    drawChart(chart, width, state, errors);
    ui.say(summary(state, errors));
  });
  return ui.dispose;
}

const text = (x, y, words, more = {}) => shape("text", { x, y, ...more }, words);
const axis = (y, width) => shape("path", { d: line([[0, y], [width, y]]), class: "u-axis" });
const along = (width) => scale([0, SHOWN - 1], [EDGE, width - EDGE]);

function drawStrip({ strip, bars, grip }, width, state) {
  const { xs, step, k, delay } = state;
  const x = along(width);
  const half = (x(1) - x(0)) / 2;
  const y = scale([-2.6, 2.6], [128, 28]);
  const echo = step - delay;
  const inside = delay < k;
  const left = x(step - k + 1) - half;
  bars.replaceChildren(
    text(0, 14, width < 400 ? "Inputs, the window, and the echo (ring)"
      : "The inputs, the window, and the echo that is asked for at step t (ring)"),
    axis(y(0), width),
    ...inputBars(state, x, y, half),
    shape("rect", {
      x: left, y: 22, width: (x(1) - x(0)) * k, height: 112, rx: 4,
      fill: "transparent", cursor: "move", stroke: "var(--u-accent)", "stroke-width": 2,
    }),
    shape("circle", {
      cx: x(echo), cy: y(xs[echo]), r: 6, fill: "none", stroke: "var(--u-gradient)", "stroke-width": 2.5,
      "stroke-dasharray": inside ? null : "3 2",
    }),
    text(x(step), 149, "t", { "text-anchor": "middle", "font-weight": "bold" }),
    delay ? text(x(echo), 149, `t−${delay}`, { "text-anchor": "middle" }) : "",
  );
  renew(grip, { transform: `translate(${left} 78)` });
  const where = inside ? "inside" : "outside";
  strip.setAttribute("aria-label",
    `Inputs as bars. The window holds steps ${step - k + 1} to ${step}; the echo, step ${echo}, is ${where} it.`);
}

// What the window is taken hold of by, to make it longer; it is larger than it looks.
const makeKnob = () => shape("g", { "data-grip": "k", cursor: "ew-resize" },
  shape("rect", { x: -18, y: -60, width: 22, height: 120, fill: "transparent" }),
  shape("circle", { r: 7, fill: "var(--u-accent)", stroke: "var(--u-page)", "stroke-width": 2 }),
  shape("path", { d: "M-10 0l-5 -4v8z", fill: "var(--u-accent)" }));

function inputBars({ xs, step, k }, x, y, half) {
  return xs.slice(0, SHOWN).map((value, t) => shape("rect", {
    x: x(t) - half * 0.6, y: Math.min(y(0), y(value)), width: half * 1.2,
    height: Math.max(1, Math.abs(y(value) - y(0))),
    fill: "var(--u-x)", opacity: t > step - k && t <= step ? 1 : 0.35,
  }));
}

function drawAnswers(answers, width, state) {
  const { xs, delay, k, step } = state;
  const x = along(width);
  const y = scale([-2.6, 2.6], [106, 22]);
  const network = networkOf(state, k);
  const start = Math.max(k - 1, delay);
  const steps = Array.from({ length: SHOWN - start }, (_, i) => start + i);
  const said = steps.map((t) => mlpForward(inputAt(state, k, t), network));
  answers.replaceChildren(
    text(0, 14, "Line: the echo. Dots: what the net says"),
    axis(y(0), width),
    shape("path", {
      d: line(steps.map((t) => [x(t), y(xs[t - delay])])), class: "u-curve", stroke: "var(--u-gradient)",
    }),
    ...steps.map((t, i) =>
      shape("circle", { cx: x(t), cy: y(clip(said[i], -2.6, 2.6)), r: t === step ? 5 : 3, fill: "var(--u-h)" })),
  );
  answers.setAttribute("aria-label",
    `At step ${step} the net says ${fixed(said[step - start])}; the echo is ${fixed(xs[step - delay])}.`);
}

function drawChart(chart, width, state, errors) {
  const { k, delay, kind } = state;
  const longest = errors.length;
  const x = scale([0.5, longest + 0.5], [0, width]);
  const y = scale([0, Math.max(1.6, ...errors.map((error) => Math.min(error, 3)))], [FLOOR, 30]);
  const columns = errors.flatMap((error, i) => {
    const column = { middle: x(i + 1), wide: (x(2) - x(1)) * 0.62, now: i + 1 === k };
    return errorBar(column, y, error, i + 1 > delay ? 0 : 1, i + 1, parameterCount(kind, i + 1, unitsOf(state)));
  });
  const words = width < 400 ? "Error, floor (orange); numbers to learn"
    : "Mean squared error, and its floor (orange); below each k, how many numbers there are to learn";
  chart.replaceChildren(text(0, 14, words), ...columns);
  chart.setAttribute("aria-label",
    `Error by window length: ${errors.map((error, i) => `k ${i + 1}: ${fixed(error)}`).join(", ")}.`);
}

const FLOOR = 102;      // where an error of 0 stands
const labelled = (now) => ({ "text-anchor": "middle", "font-weight": now ? "bold" : null });

/** @type {(column: any, y: any, error: number, least: number, k: number, count: number) => any[]} */
function errorBar({ middle, wide, now }, y, error, least, k, count) {
  const top = Math.max(y(error), 20);
  const floor = y(least);
  return [
    shape("rect", {
      x: middle - wide / 2, y: top, width: wide, height: Math.max(1, FLOOR - top),
      fill: "var(--u-loss)", opacity: now ? 1 : 0.4,
    }),
    shape("path", {
      d: line([[middle - wide * 0.75, floor], [middle + wide * 0.75, floor]]),
      stroke: "var(--u-gradient)", "stroke-width": 2.5,
    }),
    text(middle, top - 7, fixed(error), labelled(now)),
    text(middle, FLOOR + 17, k === 1 ? "k = 1" : String(k), labelled(now)),
    text(middle, FLOOR + 35, count, { ...labelled(now), class: "u-muted" }),
  ];
}

function summary(state, errors) {
  const { k, delay, kind } = state;
  const reach = k > delay ? "The echo is inside the window"
    : `The echo is ${delay - k + 1} ${delay === k ? "step" : "steps"} outside the window`;
  return `${reach}: error ${fixed(errors[k - 1])}, ${parameterCount(kind, k, unitsOf(state))} numbers to learn.`;
}

export default { render };
