// A recurrent network h_t = act(h_{t-1} W + u_t w) with H units reads numbers u_t; how much of a gradient at its last
// state is left at the states before. Matrices are flat, row by row.

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
  return Float64Array.from({ length: count }, (_, i) => Math.sqrt(-2 * Math.log(1 - u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]));
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
  const small = 1e-10 * J.reduce((sum, value) => sum + value * value, 0);       // products below this do not show in the norm
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

// log10 of the spectral norm of dh_T/dh_{T - lag} for each of the lags, which increase from 0. J is kept near size 1 and
// its scale apart, so that nothing underflows here.
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

// log10 of the factor by which clip_by_global_norm brings norms, given by their log10, to max_norm 1.
export function clipFactor(logs) {
  const top = Math.max(...logs);
  if (top === -Infinity) return 0;
  const norm = top + 0.5 * Math.log10(logs.reduce((sum, log) => sum + 10 ** (2 * (log - top)), 0));
  return -Math.max(0, norm);
}

// Everything that is drawn: log10 of the measured norm at each lag; log10 of what the bound and the radius give per step.
export function measure({ radius, length, activation, start, seed }, base = startingWeights(start, seed)) {
  const W = base.map((value) => radius * value);
  const w = normal(seed + 1000, H).map((value) => INPUT * value);
  const hs = forward(uniform(seed + 2000, length + 1), w, W, activation);
  const points = Math.min(POINTS, length);
  const lags = Array.from({ length: points + 1 }, (_, i) => Math.round((i * length) / points));
  const logs = gradientNorms(hs, W, activation, lags);
  return { lags, logs, bound: Math.log10(spectralNorm(W.slice())), rate: Math.log10(radius) };
}

const SMALLEST = Math.log10(2 ** -149);     // float32: below this only 0 ...
const LARGEST = Math.log10(2 ** 128);       // ... and from here on infinity
const raised = (text) => [...String(text)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? (c === "-" ? "⁻" : "")).join("");
const power = (log) => (log === 0 ? "1" : `10${raised(log)}`);

// A number given by its log10: 0.042, 3e−12; also where no float reaches.
function amount(log) {
  if (log === -Infinity) return "0";
  if (log > -3.5 && log < 3.5) return number(10 ** log, log < -1.5 ? 4 : 2);
  const exponent = Math.floor(log + 1e-9);
  return `${(10 ** (log - exponent)).toFixed(1)}e${exponent}`.replace("-", "−");
}

function render(context) {
  const ui = panel(context);
  const chart = ui.svg("", 330);
  const strip = ui.canvas("", 18);
  const legend = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.1rem 1.2rem; font-size: 0.88rem" });
  ui.stage.append(legend);

  ui.slider("radius", "Spectral radius of W_h", { step: 0.01 });
  ui.slider("length", "Steps");
  ui.choice("activation", "Activation", { tanh: "tanh", relu: "ReLU", none: "none" });
  ui.choice("start", "Weights", { gaussian: "Gaussian", orthogonal: "orthogonal", identity: "identity" });
  ui.toggle("clip", "Clip to global norm 1");
  ui.button("Draw other weights", () => ui.set({ seed: (ui.get("seed") % 99) + 1 }));

  let known = {};         // the weights, as long as only their scale changes
  const weights = (start, seed) => {
    if (known.start !== start || known.seed !== seed) known = { start, seed, base: startingWeights(start, seed) };
    return known.base;
  };

  ui.onDraw(({ width }) => {
    const state = Object.fromEntries(["radius", "length", "activation", "start", "seed"].map((name) => [name, ui.get(name)]));
    const { lags, logs, bound, rate } = measure(state, weights(state.start, state.seed));
    const clipping = ui.get("clip");
    const factor = clipping ? clipFactor(logs) : 0;
    const end = logs.at(-1) + factor;
    const low = -Math.min(50, Math.max(12, state.length / 2));
    const high = state.activation === "tanh" ? 15 : 45;

    const [left, right, top, bottom] = [46, width - 66, 14, 286];
    const last = state.length;
    const x = scale([0, last], [left, right]);
    const level = scale([low, high], [bottom, top]);
    const y = (log) => level(Math.min(high + 1, Math.max(low - 1, log)));
    const curve = (values) => line(values.map((log, i) => [x(lags[i]), log === -Infinity ? bottom + 4 : y(log)]));
    const straight = (perStep) => {         // up to where it leaves the chart
      const leaves = perStep > 0 ? high / perStep : perStep < 0 ? low / perStep : last;
      const to = Math.min(last, leaves);
      return line([[x(0), level(0)], [x(to), level(to * perStep)]]);
    };

    chart.replaceChildren(...zones(), ...axes(), ...curves(), ...thermometer());
    const cold = logs.map((log) => -(log + factor) / 15);
    heatMap(strip, [cold.map((value) => Math.max(-1, Math.min(1, value)))]);
    strip.style.width = `${right - left}px`;
    strip.style.marginLeft = `${left}px`;
    const words = spoken();
    chart.setAttribute("aria-label", words);
    strip.setAttribute("aria-label", "The same as a strip of colour: blue where the gradient has faded, orange where it has grown");
    drawLegend();
    ui.say(words);

    function zones() {
      const parts = [];
      const zone = (from, to, text, at) => {
        const box = { x: left, y: level(to), width: right - left, height: level(from) - level(to), style: "fill: var(--u-muted); opacity: 0.16" };
        parts.push(shape("rect", box), shape("text", { x: right - 5, y: at, "text-anchor": "end", class: "u-muted", style: "font-size: 12px" }, text));
      };
      if (low < SMALLEST) zone(low, SMALLEST, "float32 has only 0 here", bottom - 7);
      if (high > LARGEST) zone(LARGEST, high, "float32 has only infinity here", level(high) + 14);
      return parts;
    }

    function axes() {
      const step = high - low > 30 ? 10 : 5;
      const parts = [];
      for (let log = Math.ceil(low / step) * step; log <= high; log += step) {
        parts.push(
          shape("path", { d: `M${left} ${level(log)}H${right}`, style: `stroke: var(--u-${log ? "line" : "muted"}); fill: none` }),
          shape("text", { x: left - 6, y: level(log) + 4, "text-anchor": "end", class: "u-muted" }, power(log)),
        );
      }
      const places = Math.max(2, Math.min(5, Math.floor((right - left) / 60)));
      for (let i = 0; i <= places; i++) {
        const lag = Math.round((i * last) / places);
        parts.push(shape("text", { x: x(lag), y: bottom + 18, "text-anchor": "middle", class: "u-muted" }, String(lag)));
      }
      parts.push(shape("text", { x: (left + right) / 2, y: bottom + 37, "text-anchor": "middle" }, "steps back from the last state"));
      return parts;
    }

    function curves() {
      const parts = [
        shape("path", { d: straight(bound), class: "u-curve", style: "stroke: var(--u-muted); stroke-dasharray: 7 4; stroke-width: 1.5" }),
        shape("path", { d: straight(rate), class: "u-curve", style: "stroke: var(--u-h); stroke-dasharray: 1.5 4; stroke-linecap: round" }),
        shape("path", { d: curve(logs), class: "u-curve", style: `stroke: var(--u-gradient); opacity: ${factor ? 0.35 : 1}; stroke-width: 2.5` }),
      ];
      if (factor) {
        const clipped = logs.map((log) => log + factor);
        parts.push(shape("path", { d: curve(clipped), class: "u-curve", style: "stroke: var(--u-gradient); stroke-width: 2.5; stroke-dasharray: 10 3" }));
      }
      return parts;
    }

    // At the far end stands a thermometer: 1 is room temperature.
    function thermometer() {
      const at = right + 18;
      const mark = y(end);
      const hue = end < 0 ? "positive" : "negative";
      const [from, to] = [Math.min(mark, level(0)), Math.max(mark, level(0))];
      const shown = amount(end);
      return [
        shape("rect", { x: at - 6, y: top - 6, width: 12, height: bottom - top + 12, rx: 6, style: "fill: var(--u-surface); stroke: var(--u-muted)" }),
        shape("rect", { x: at - 3, y: from, width: 6, height: Math.max(2, to - from), rx: 3, style: `fill: var(--u-${hue})` }),
        shape("path", { d: `M${at - 9} ${level(0)}H${at + 9}`, class: "u-axis" }),
        shape("text", { x: at + 11, y: Math.max(top + 4, Math.min(bottom, mark)) + 4, style: "font-size: 12px; font-weight: 600" }, shown),
      ];
    }

    function drawLegend() {
      const sample = (style, text) => element("span", { class: "u-option", style: "min-height: 0" },
        shape("svg", { width: 30, height: 10, "aria-hidden": "true" }, shape("path", { d: "M0 5H30", class: "u-curve", style })), element("span", {}, text));
      const perStep = (log) => number(10 ** log);
      legend.replaceChildren(
        sample("stroke: var(--u-gradient); stroke-width: 2.5", factor ? "measured, before clipping" : "measured"),
        ...(factor ? [sample("stroke: var(--u-gradient); stroke-width: 2.5; stroke-dasharray: 10 3", `clipped: all of it times ${amount(factor)}`)] : []),
        sample("stroke: var(--u-muted); stroke-dasharray: 7 4; stroke-width: 1.5", `bound: largest singular value ${perStep(bound)}, to the power of the steps`),
        sample("stroke: var(--u-h); stroke-dasharray: 1.5 4; stroke-linecap: round", `spectral radius ${perStep(rate)}, to the power of the steps`),
      );
    }

    function spoken() {
      const words = [`${last} steps back, ${amount(end)} of the gradient is left.`];
      const dead = logs.findIndex((log) => log + factor < SMALLEST);
      const infinite = logs.findIndex((log) => log + factor >= LARGEST);
      if (dead >= 0) words.push(`In float32 it is 0 from about ${lags[dead]} steps back on.`);
      else if (infinite >= 0) words.push(`In float32 it is infinite from about ${lags[infinite]} steps back on.`);
      else if (end < -1) words.push(`A tenth is left ${lags[logs.findLastIndex((log) => log + factor >= -1)]} steps back.`);
      if (clipping) words.push(factor ? "Clipping moves the whole curve, and keeps its shape." : "There is nothing to clip.");
      return words.join(" ");
    }
  });

  return ui.dispose;
}

export default { render };
