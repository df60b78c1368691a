// A recurrent network h_t = act(h_{t-1} W + u_t w) with H units reads numbers u_t; how much of a gradient at its last
// state is left at the states before. Matrices are flat, row by row.
import { clip, element, line, number, panel, power, renew, scale, shape, signed } from "./shared.js";

const H = 16;
const INPUT = 0.05;             // how strongly a number reaches the units
const POINTS = 64;              // at how many lags the norm is measured, at most

export const SLOPES = {
  tanh: (h) => 1 - h * h,
  relu: (h) => (h > 0 ? 1 : 0),
  none: () => 1,
};
const ACTIVATIONS = { tanh: Math.tanh, relu: (a) => Math.max(0, a), none: (a) => a };

// Uniform numbers in [0, 1) from a seed (the generator mulberry32).
export function uniform(seed, count) {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  });
}

// Standard normal numbers (Box and Muller), from twice as many uniform ones.
export function normal(seed, count) {
  const u = uniform(seed, 2 * count);
  return Float64Array.from({ length: count }, (_, i) =>
    Math.sqrt(-2 * Math.log(1 - u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]));
}

export function multiply(A, B, n = H) {
  const C = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) {
      const a = A[i * n + k];
      if (a) for (let j = 0; j < n; j++) C[i * n + j] += a * B[k * n + j];
    }
  return C;
}

// The spectral radius by Gelfand's formula, the k-th root of the norm of W^k, for k = 2^40 by repeated squaring.
export function spectralRadius(W, n = H) {
  let log = 0;
  for (let k = 0; k < 40; k++) {
    const size = Math.hypot(...W);
    if (!size) return 0;
    log += Math.log(size) / 2 ** k;
    const scaled = W.map((value) => value / size);
    W = multiply(scaled, scaled, n);
  }
  return Math.exp(log);
}

// Gram and Schmidt's way to the Q of the QR factors whose R has a positive diagonal.
export function orthogonal(A, n = H) {
  const Q = A.slice();
  const dot = (a, b) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += Q[i * n + a] * Q[i * n + b];
    return sum;
  };
  for (let j = 0; j < n; j++) {
    for (let again = 0; again < 2; again++)         // a second round takes away what rounding left
      for (let k = 0; k < j; k++) {
        const along = dot(k, j);
        for (let i = 0; i < n; i++) Q[i * n + j] -= along * Q[i * n + k];
      }
    const size = Math.sqrt(dot(j, j));
    for (let i = 0; i < n; i++) Q[i * n + j] /= size;
  }
  return Q;
}

// Recurrent weights of spectral radius 1.
export function startingWeights(start, seed) {
  if (start === "identity") return Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) ? 0 : 1));
  const A = normal(seed, H * H);
  if (start === "orthogonal") return orthogonal(A);
  const radius = spectralRadius(A);
  return A.map((value) => value / radius);
}

// The states h_1 ... h_T of a network that reads us from a zero state.
export function forward(us, w, W, activation) {
  const act = ACTIVATIONS[activation];
  let h = new Float64Array(H);
  return Array.from(us, (u) => {
    const a = w.map((weight) => u * weight);
    for (let k = 0; k < H; k++) if (h[k]) for (let j = 0; j < H; j++) a[j] += h[k] * W[k * H + j];
    return (h = a.map(act));
  });
}

// Turn the columns of J against each other until they are orthogonal (one-sided Jacobi), which changes no singular
// value: the longest column is then as long as the spectral norm, which is returned. J is changed.
export function spectralNorm(J, n = H) {
  const square = (j) => {
    let sum = 0;
    for (let i = j; i < n * n; i += n) sum += J[i] * J[i];
    return sum;
  };
  const small =
    1e-10 * J.reduce((sum, value) => sum + value * value, 0);       // products below this do not show in the norm
  for (let sweep = 0, turned = true; turned && sweep < 30; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        let product = 0;
        for (let i = 0; i < n * n; i += n) product += J[i + p] * J[i + q];
        if (Math.abs(product) <= small) continue;
        turned = true;
        const zeta = (square(q) - square(p)) / (2 * product);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = cosine * tangent;
        for (let i = 0; i < n * n; i += n) {
          const kept = J[i + p];
          J[i + p] = cosine * kept - sine * J[i + q];
          J[i + q] = sine * kept + cosine * J[i + q];
        }
      }
  }
  return Math.sqrt(Math.max(...Array.from({ length: n }, (_, j) => square(j))));
}

// log10 of the spectral norm of dh_T/dh_{T - lag} for each of the lags, which increase from 0. J is the transpose of
// that matrix, which has the same norm; it is kept near size 1 and its scale apart, so that nothing underflows here.
export function gradientNorms(hs, W, activation, lags) {
  const slope = SLOPES[activation];
  const logs = [];
  let J = Float64Array.from({ length: H * H }, (_, i) => (i % (H + 1) ? 0 : 1));
  let log = 0;
  for (let lag = 0; lag <= lags.at(-1); lag++) {
    if (lag === lags[logs.length]) {
      const size = spectralNorm(J);
      if (size) for (let i = 0; i < H * H; i++) J[i] /= size;
      log += Math.log10(size);
      logs.push(log);
    }
    const h = hs[hs.length - 1 - lag];
    for (let k = 0; k < H; k++) {
      const s = slope(h[k]);
      for (let j = 0; j < H; j++) J[k * H + j] *= s;
    }
    J = multiply(W, J);
  }
  return logs;
}

// log10 of the factor by which clip_by_global_norm brings the gradients at all states to max_norm 10. Their norms are
// given by their log10 at some of the lags; each speaks for the lags since the one before.
export function clipFactor(logs, lags) {
  const top = Math.max(...logs);
  const squares = logs.map((log, i) => (lags[i] - (lags[i - 1] ?? -1)) * 10 ** (2 * (log - top)));
  const norm = top + 0.5 * Math.log10(squares.reduce((sum, square) => sum + square));
  return Math.min(0, 1 - norm);
}

// Between which spectral radii the gradient at the far end is neither a tenth nor ten times of what it was:
// [[from, to], ...]. ends are its log10 for radii that increase; between two of them it is taken to be a power of
// the radius.
export function flatBands(radii, ends) {
  const bands = [];
  const meet = (i, log) => {        // the radius at which it is log, between places i and i + 1
    const share = (log - ends[i]) / (ends[i + 1] - ends[i]);
    return Number.isFinite(ends[i]) && Number.isFinite(ends[i + 1])
      ? radii[i] * (radii[i + 1] / radii[i]) ** share : radii[i + 1];
  };
  for (let i = 0; i + 1 < radii.length; i++) {
    const [low, high] = [ends[i], ends[i + 1]];
    if (Math.max(low, high) < -1 || Math.min(low, high) > 1) continue;
    const from = Math.abs(low) <= 1 ? radii[i] : meet(i, Math.sign(low));
    const to = Math.abs(high) <= 1 ? radii[i + 1] : meet(i, Math.sign(high));
    if (bands.length && bands.at(-1)[1] === from) bands.at(-1)[1] = to;
    else bands.push([from, to]);
  }
  return bands;
}

// Where it is looked for: closer around 1, where under tanh the end bends.
export const RADII = Array.from({ length: 191 }, (_, i) => (i + 10) / 100)
  .filter((radius, i) => i % 5 === 0 || (radius > 0.9 && radius < 1.2 && i % 2 === 0));

// Everything that is drawn: log10 of the measured norm at each lag;
// log10 of what the bound and the radius give per step.
export function measure(
  { radius, length, activation, start, seed }, base = startingWeights(start, seed), most = POINTS
) {
  const W = base.map((value) => radius * value);
  const w = normal(seed + 1000, H).map((value) => INPUT * value);
  const hs = forward(uniform(seed + 2000, length + 1), w, W, activation);
  const points = Math.min(most, length);
  const lags = Array.from({ length: points + 1 }, (_, i) => Math.round((i * length) / points));
  const logs = gradientNorms(hs, W, activation, lags);
  return { lags, logs, bound: Math.log10(spectralNorm(W.slice())), rate: Math.log10(radius) };
}

const SMALLEST = Math.log10(2 ** -149);     // float32: below this only 0 ...
const LARGEST = Math.log10(2 ** 128);       // ... and from here on infinity
const [LOW, HIGH] = [-52, 45];              // the one scale: powers of ten, a little further than float32 reaches
const TICK = 10;

// A number given by its log10, in words that also reach where no float does: 0.042, 3.1 × 10⁻¹².
function amount(log) {
  if (log === -Infinity) return "0";
  if (log > -2.5 && log < 3.5) return number(10 ** log, log < -0.5 ? 3 : log < 1.5 ? 2 : 0);
  let exponent = Math.floor(log);
  let digits = (10 ** (log - exponent)).toFixed(1);
  if (digits === "10.0") [digits, exponent] = ["1.0", exponent + 1];
  return `${digits}\u00a0×\u00a0${power(exponent)}`;
}

const PENS = {
  measured: "stroke: var(--u-gradient); stroke-width: 2.5",
  clipped: "stroke: var(--u-gradient); stroke-width: 2.5; stroke-dasharray: 10 3",
  bound: "stroke: var(--u-muted); stroke-width: 1.5; stroke-dasharray: 7 4",
  radius: "stroke: var(--u-h); stroke-dasharray: 1.5 4; stroke-linecap: round",
};
const [LEFT, TOP, BOTTOM] = [46, 24, 254];      // of the chart, in pixels
const pen = (d, name, more = "") => shape("path", { d, class: "u-curve", style: PENS[name] + more });

function render(context) {
  const ui = panel(context);
  const chart = ui.svg("", 314);
  const [marks, handle] = [shape("g"), makeHandle()];
  chart.append(marks, handle);
  const { slider, legend } = addControls(ui);

  let known = {};         // the weights, as long as only their scale changes
  const weights = (start, seed) => {
    if (known.start !== start || known.seed !== seed) known = { start, seed, base: startingWeights(start, seed) };
    return known.base;
  };

  // Dragging the curve's end sets the radius: each step back multiplies by about as much as the radius does.
  let [end, logAt] = [0, (pixel) => pixel];
  const { min, max } = ui.get("about").controls.radius;
  ui.drag(chart, (x, pixel, grip) => {
    if (!grip) return;
    const wanted = ui.get("radius") * 10 ** ((logAt(pixel) - clip(end, 2 * LOW, 2 * HIGH)) / ui.get("length"));
    ui.set({ radius: clip(Number(wanted.toFixed(2)), min, max) });
  });
  chart.style.cursor = "auto";

  const bands = searchBands(ui, slider, weights);
  ui.onDraw(({ width }) => {
    const state = ui.values("radius", "length", "activation", "start", "seed");
    const flat = bands(state);
    const measured = measure(state, weights(state.start, state.seed));
    const clips = ui.get("clip");
    const factor = clips ? clipFactor(measured.logs, measured.lags) : 0;
    const view = {
      ...measured, width, clips, flat, factor, clipped: measured.logs.map((log) => log + factor),
      length: state.length, right: width - 40,
      x: scale([0, state.length], [LEFT, width - 40]), y: scale([LOW, HIGH], [BOTTOM, TOP]),
    };
    end = measured.logs.at(-1);
    logAt = scale([BOTTOM, TOP], [LOW, HIGH]);
    const words = spoken(view);
    marks.replaceChildren(...zones(view), ...axes(view), ...curves(view), ...strip(view), ...thermometer(view));
    renew(handle, { transform: `translate(${view.x(state.length)} ${clip(view.y(end), TOP, BOTTOM)})` });
    chart.setAttribute("aria-label", words);
    drawLegend(legend, view);
    ui.say(words);
  });

  return ui.dispose;
}

function addControls(ui) {
  const slider = ui.slider("radius", "Spectral radius", { step: 0.01 });
  slider.parentElement.style.flexBasis = "100%";
  const legend = element("div", {
    style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.2rem; font-size: 0.88rem; flex: 1 1 100%",
  });
  ui.controls.append(legend);
  ui.choice("activation", "Activation", { tanh: "tanh", relu: "ReLU", none: "none" });
  ui.slider("length", "Steps");
  ui.fold("More: other weights, clipping", () => {
    ui.choice("start", "Weights", { gaussian: "Gaussian", orthogonal: "orthogonal", identity: "identity" });
    ui.toggle("clip", "Clip to global norm 10");
    ui.button("Draw other weights", () => ui.set({ seed: (ui.get("seed") % 99) + 1 }));
  });
  return { slider, legend };
}

// It returns bands(state): where the far end is flat, marked below the slider; null as long as it is searched for, a
// few radii at a time, once the reader leaves everything but the radius alone.
function searchBands(ui, slider, weights) {
  const marks = element("div", {
    "aria-hidden": "true", style: "position: absolute; left: 0; bottom: 2px; pointer-events: none",
  });
  Object.assign(slider.parentElement.style, { position: "relative" });
  slider.after(marks);
  const known = new Map();
  let wanted = "";
  let timer = 0;
  const mark = (found) => {
    const [left, room] = [slider.offsetLeft + THUMB / 2, slider.offsetWidth - THUMB];
    const at = scale([Number(slider.min), Number(slider.max)], [left, left + room]);
    marks.replaceChildren(...(found ?? []).map(([from, to]) => element("div", {
      style: `position: absolute; bottom: 0; height: 4px; forced-color-adjust: none; background: var(--u-gradient); ` +
        `left: ${at(from).toFixed(1)}px; width: ${Math.max(3, at(to) - at(from)).toFixed(1)}px`,
    })));
  };
  const search = (key, state, ends) => {
    if (key !== wanted || !slider.isConnected) return;
    const base = weights(state.start, state.seed);
    for (const radius of RADII.slice(ends.length, ends.length + 3))
      ends.push(measure({ ...state, radius }, base, 8).logs.at(-1));
    if (ends.length < RADII.length) return void (timer = setTimeout(search, 0, key, state, ends));
    known.set(key, flatBands(RADII, ends));
    ui.redraw();
  };
  return ({ length, activation, start, seed }) => {
    const key = [length, activation, start, seed].join();
    if (key !== wanted) {
      wanted = key;
      clearTimeout(timer);
      if (!known.has(key)) timer = setTimeout(search, 150, key, { length, activation, start, seed }, []);
    }
    mark(known.get(key));
    return known.get(key) ?? null;
  };
}

const THUMB = 16;       // how wide a slider's thumb is: its middle does not reach the slider's ends

// What the curve is taken hold of by.
const makeHandle = () => shape("g", { "data-grip": "end", cursor: "ns-resize" },
  shape("circle", { r: 20, fill: "transparent" }),
  shape("circle", { r: 7, fill: "var(--u-gradient)", stroke: "var(--u-page)", "stroke-width": 2 }));

// Where a float32 has nothing to offer.
function zones({ right, y }) {
  const zone = (from, to, text) => [
    shape("rect", {
      x: LEFT, y: y(to), width: right - LEFT, height: y(from) - y(to), style: "fill: var(--u-muted); opacity: 0.16",
    }),
    shape("text", { x: LEFT + 5, y: (y(from) + y(to)) / 2 + 4, class: "u-muted", style: "font-size: 12px" }, text),
  ];
  return [...zone(LOW, SMALLEST, "in float32: 0"), ...zone(LARGEST, HIGH, "in float32: infinity")];
}

function axes({ length, right, x, y }) {
  const parts = [shape("text", { x: 0, y: 12 }, "gradient (last state: 1)")];
  for (let log = TICK * Math.ceil(LOW / TICK); log <= HIGH; log += TICK) {
    if (log >= SMALLEST && log < LARGEST) parts.push(shape("path", {
      d: `M${LEFT} ${y(log)}H${right}`, style: `stroke: var(--u-${log ? "line" : "muted"}); fill: none`,
    }));
    parts.push(
      shape("text", { x: LEFT - 6, y: y(log) + 4, "text-anchor": "end", class: "u-muted" }, power(log)),
    );
  }
  for (let i = 0; i <= 4; i++) {
    const lag = Math.round((i * length) / 4);
    parts.push(shape("text", { x: x(lag), y: BOTTOM + 34, "text-anchor": "middle", class: "u-muted" }, String(lag)));
  }
  parts.push(shape("text", { x: (LEFT + right) / 2, y: BOTTOM + 54, "text-anchor": "middle" },
    "steps back from the last state"));
  return parts;
}

function curves({ logs, clipped, factor, lags, bound, rate, length, x, y }) {
  const curve = (values) => line(values.map((log, i) => [x(lags[i]), clip(y(log), TOP, BOTTOM)]));
  const straight = (perStep) => {         // up to where it leaves the chart
    const to = Math.min(length, Math.max(HIGH / perStep, LOW / perStep) || length);
    return line([[x(0), y(0)], [x(to), y(to * perStep)]]);
  };
  return [
    pen(straight(bound), "bound"),
    pen(straight(rate), "radius"),
    pen(curve(logs), "measured", factor ? "; opacity: 0.4" : ""),
    ...(factor ? [pen(curve(clipped), "clipped")] : []),
  ];
}

// The same once more as temperature: blue has faded, orange has grown.
function strip({ clipped, lags, x }) {
  return clipped.slice(1).map((log, i) => shape("rect", {
    x: x(lags[i]), y: BOTTOM + 5, width: x(lags[i + 1]) - x(lags[i]) + 0.5, height: 12,
    fill: signed(-Math.sign(log) * Math.min(1, Math.sqrt(Math.abs(log) / 12))),
  }));
}

// At the far end stands a thermometer. 1 is room temperature.
function thermometer({ clipped, width, y }) {
  const at = width - 16;
  const end = clipped.at(-1);
  const mark = clip(y(end), TOP, BOTTOM);
  const [upper, lower] = [Math.min(mark, y(0)), Math.max(mark, y(0))];
  const hue = Math.abs(end) < 0.005 ? "muted" : end < 0 ? "positive" : "negative";
  return [
    shape("text", { x: width, y: 12, "text-anchor": "end", style: "font-size: 15px; font-weight: 600" }, amount(end)),
    shape("rect", {
      x: at - 7, y: TOP - 4, width: 14, height: BOTTOM - TOP + 21, rx: 7,
      style: "fill: var(--u-surface); stroke: var(--u-muted)",
    }),
    shape("rect", {
      x: at - 4, y: upper, width: 8, height: Math.max(3, lower - upper), rx: 3, style: `fill: var(--u-${hue})`,
    }),
    shape("path", { d: `M${at - 10} ${y(0)}H${at + 10}`, class: "u-axis" }),
  ];
}

function drawLegend(legend, { width, clips, factor, bound, rate, flat }) {
  const entry = (name, text) => element("span", { class: "u-option", style: "min-height: 0" },
    shape("svg", { width: 30, height: 10, "aria-hidden": "true", style: "flex: none" }, pen("M1 5H29", name)),
    element("span", {}, text));
  legend.style.flexDirection = width < 640 ? "column" : "row";       // a longer number must not begin a new line
  legend.replaceChildren(
    entry("measured", factor ? "measured, before clipping" : "measured"),
    ...(clips ? [entry("clipped",
      factor ? `after clipping: times ${amount(factor)}` : "after clipping: the same")] : []),
    entry("bound", `bound: times ${number(10 ** bound)} a step, the largest singular value`),
    entry("radius", `times ${number(10 ** rate)} a step, the spectral radius`),
    element("span", { style: `flex: 1 1 100%; min-height: ${width < 640 ? 4.4 : 1.45}em` },
      `Marked below the slider: ${flatWords(flat)}`),
  );
}

// Where neither nine tenths are lost nor ten times gained.
function flatWords(flat) {
  if (!flat) return "…";
  if (!flat.length) return "nowhere is the far end between a tenth and ten times.";
  return `between a tenth and ten times at the far end, ` +
    `radius ${flat.map(([from, to]) => `${number(from, 3)} to ${number(to, 3)}`).join(", ")}.`;
}

function spoken({ logs, lags, length, clips, factor }) {
  const words = [`${length} steps back, ${changeOf(logs.at(-1))}.`];         // the same before and after clipping
  const dead = logs.findIndex((log) => log < SMALLEST);
  const infinite = logs.findIndex((log) => log >= LARGEST);
  if (dead >= 0) words.push(`In float32 it is 0 from about ${lags[dead]} steps back on.`);
  else if (infinite >= 0) words.push(`In float32 it is infinite from about ${lags[infinite]} steps back on.`);
  else if (logs.at(-1) < -1) words.push(
    `A tenth is left after ${lags[logs.findLastIndex((log) => log >= -1)]} steps.`);
  if (factor) words.push(`Clipping multiplies all of it by ${amount(factor)}; its shape stays.`);
  else if (clips) words.push("There is nothing to clip.");
  return words.join(" ");
}

function changeOf(ratio) {
  if (Math.abs(ratio) < 0.005) return "the gradient is as large as at the end";
  return ratio < 0 ? `${amount(ratio)} of the gradient is left` : `the gradient is ${amount(ratio)} times as large`;
}

export default { render };
