const KINDS = ["window", "bag"];
const SHOWN = 28;       // steps of the sequence that are drawn

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

function render(context) {
  const ui = panel(context);
  const controls = context.model.get("about").controls;
  const longest = controls.k.max;
  const first = longest + controls.delay.max;
  ui.slider("k", "Window k");
  ui.slider("delay", "Delay");
  ui.slider("step", "Step t");
  ui.choice("kind", "The net sees", { window: "the window", bag: "only its sum" });
  ui.toggle("shuffled", "Shuffle each window");
  const strip = ui.svg("The sequence", 168);
  const answers = ui.svg("What the net says", 128);
  const chart = ui.svg("Error and size by window", 208);

  // Pressing on the sequence picks the step, pressing on the errors the window; dragging too.
  let stepAt, windowAt;
  const within = (value, { min, max }) => Math.min(max, Math.max(min, Math.round(value)));
  for (const drawing of [strip, answers]) ui.drag(drawing, (x) => ui.set({ step: within(stepAt(x), controls.step) }));
  ui.drag(chart, (x) => ui.set({ k: within(windowAt(x), controls.k) }));

  const text = (x, y, words, more = {}) => shape("text", { x, y, ...more }, words);

  function drawStrip(width, state) {
    const { xs, step, k, delay } = state;
    const x = scale([0, SHOWN - 1], [14, width - 14]);
    stepAt = scale([14, width - 14], [0, SHOWN - 1]);
    const half = (x(1) - x(0)) / 2;
    const y = scale([-2.6, 2.6], [138, 34]);
    const echo = step - delay;
    const inside = delay < k;
    const bars = xs.slice(0, SHOWN).map((value, t) => {
      const read = t > step - k && t <= step;
      const top = Math.min(y(0), y(value));
      return shape("rect", {
        x: x(t) - half * 0.6, y: top, width: half * 1.2, height: Math.max(1, Math.abs(y(value) - y(0))),
        fill: "var(--u-x)", opacity: read ? 1 : 0.35,
      });
    });
    strip.replaceChildren(
      text(0, 14, width < 400 ? "Inputs, the window, and the echo (ring)" : "The inputs, the window, and the echo that is asked for at step t (ring)"),
      shape("path", { d: line([[0, y(0)], [width, y(0)]]), class: "u-axis" }),
      ...bars,
      shape("rect", {
        x: x(step - k + 1) - half, y: 24, width: (x(1) - x(0)) * k, height: 122, rx: 4,
        fill: "none", stroke: "var(--u-accent)", "stroke-width": 2,
      }),
      shape("circle", {
        cx: x(echo), cy: y(xs[echo]), r: 6, fill: "none", stroke: "var(--u-gradient)", "stroke-width": 2.5,
        "stroke-dasharray": inside ? null : "3 2",
      }),
      text(x(step), 160, "t", { "text-anchor": "middle", "font-weight": "bold" }),
      delay ? text(x(echo), 160, `t−${delay}`, { "text-anchor": "middle" }) : "",
    );
    strip.setAttribute("aria-label", `Inputs as bars. The window holds steps ${step - k + 1} to ${step}; the echo, step ${echo}, is ${inside ? "inside" : "outside"} it.`);
  }

  function drawAnswers(width, state) {
    const { xs, delay, k, step } = state;
    const x = scale([0, SHOWN - 1], [14, width - 14]);
    const y = scale([-2.6, 2.6], [118, 24]);
    const network = networkOf(state, k);
    const start = Math.max(k - 1, delay);
    const steps = Array.from({ length: SHOWN - start }, (_, i) => start + i);
    const said = steps.map((t) => mlpForward(inputAt(state, k, t), network));
    answers.replaceChildren(
      text(0, 14, "Line: the echo. Dots: what the net says"),
      shape("path", { d: line([[0, y(0)], [width, y(0)]]), class: "u-axis" }),
      shape("path", { d: line(steps.map((t) => [x(t), y(xs[t - delay])])), class: "u-curve", stroke: "var(--u-gradient)" }),
      ...steps.map((t, i) => shape("circle", { cx: x(t), cy: y(_clip(said[i], -2.6, 2.6)), r: t === step ? 5 : 3, fill: "var(--u-h)" })),
    );
    const now = said[step - start];
    answers.setAttribute("aria-label", `At step ${step} the net says ${fixed(now)}; the echo is ${fixed(xs[step - delay])}.`);
  }

  function drawChart(width, state, errors) {
    const { k, delay, kind } = state;
    const H = state.networks.b1[0][0][0].length;
    const x = scale([0.5, longest + 0.5], [0, width]);
    windowAt = scale([0, width], [0.5, longest + 0.5]);
    const wide = (x(2) - x(1)) * 0.62;
    const y = scale([0, Math.max(1.6, ...errors.map((error) => Math.min(error, 3)))], [112, 26]);
    const nodes = [text(0, 14, "Mean squared error, and its floor (orange)")];
    errors.forEach((error, i) => {
      const now = i + 1 === k;
      const middle = x(i + 1);
      const top = Math.max(y(error), 20);
      const floor = y(i + 1 > delay ? 0 : 1);
      nodes.push(
        shape("rect", { x: middle - wide / 2, y: top, width: wide, height: Math.max(1, 112 - top), fill: "var(--u-loss)", opacity: now ? 1 : 0.4 }),
        shape("path", { d: line([[middle - wide * 0.75, floor], [middle + wide * 0.75, floor]]), stroke: "var(--u-gradient)", "stroke-width": 2.5 }),
        text(middle, top - 7, fixed(error), { "text-anchor": "middle", "font-weight": now ? "bold" : null }),
        text(middle, 128, i + 1 === 1 ? "k = 1" : String(i + 1), { "text-anchor": "middle", "font-weight": now ? "bold" : null }),
      );
      const count = parameterCount(kind, i + 1, H);
      const size = scale([0, parameterCount("window", longest, H)], [0, 34])(count);
      nodes.push(
        shape("rect", { x: middle - wide / 2, y: 204 - size, width: wide, height: size, fill: "var(--u-x)", opacity: now ? 1 : 0.4 }),
        text(middle, 200 - size, count, { "text-anchor": "middle", "font-weight": now ? "bold" : null }),
      );
    });
    nodes.push(text(0, 150, "Numbers to learn"));
    chart.replaceChildren(...nodes);
    chart.setAttribute("aria-label", `Error by window length: ${errors.map((error, i) => `k ${i + 1}: ${fixed(error)}`).join(", ")}.`);
  }

  ui.onDraw(({ width }) => {
    const names = ["delay", "k", "step", "kind", "shuffled", "xs", "networks", "orders"];
    const state = Object.fromEntries(names.map((name) => [name, ui.get(name)]));
    const errors = Array.from({ length: longest }, (_, i) => errorOf(state, i + 1, first));
    drawStrip(width, state);
    drawAnswers(width, state);
    drawChart(width, state, errors);
    const { k, delay, kind } = state;
    const reach = k > delay ? "The echo is inside the window" : `The echo is ${delay - k + 1} ${delay === k ? "step" : "steps"} outside the window`;
    const size = parameterCount(kind, k, state.networks.b1[0][0][0].length);
    ui.say(`${reach}: error ${fixed(errors[k - 1])}, ${size} numbers to learn.`);
  });
  return ui.dispose;
}

export default { render };
