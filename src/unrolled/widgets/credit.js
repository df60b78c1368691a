// A recurrent network with one unit, forward and back, one step at a time. Every quantity is a single number, so every
// arrow of the drawing can carry its own. Arrays hold steps 1 to T at the places 0 to T - 1.
import { clip, element, line, number, panel, scale, shape, signed } from "./shared.js";

// The states h_t = tanh(x_t W_x + h_{t-1} W_h + b).
export function forward({ xs, h0, W_x, W_h, b }) {
  const hs = [];
  for (const x of xs) hs.push(Math.tanh(x * W_x + (hs.at(-1) ?? h0) * W_h + b));
  return hs;
}

// Back through time in chunks of k steps. dhs is what arrives from each step's own loss. For every step: the whole dh,
// da, what goes to the input (dx) and to the state before (back), and what the step adds to each weight's gradient.
export function backward(dhs, hs, { xs, h0, W_x, W_h }, k) {
  const steps = [];
  let carried = 0;
  for (let t = xs.length - 1; t >= 0; t--) {
    if ((t + 1) % k === 0) carried = 0; // a chunk ends here: what comes after it is not heard
    const dh = dhs[t] + carried;
    const da = dh * (1 - hs[t] ** 2);
    carried = da * W_h;
    steps[t] = { dh, da, dx: da * W_x, back: carried, dW_x: xs[t] * da, dW_h: (hs[t - 1] ?? h0) * da, db: da };
  }
  return steps;
}

const NODE = { width: 46, height: 26 };
const THICKEST = 13;
const SMALL = "font-size: 12px";
const HALO = "paint-order: stroke; stroke: var(--u-page); stroke-width: 3px";
const total = (values) => values.reduce((sum, value) => sum + value, 0);
const sub = (t) => [...String(t)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");

function render(context) {
  const ui = panel(context);
  const [xs, ys] = [ui.get("xs"), ui.get("ys")];
  const T = xs.length;
  const graph = ui.svg("", 300);
  graph.style.cursor = "pointer";
  const listing = element("div", {
    style: "font-size: 0.9rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums",
  });
  const bars = ui.svg("", 106);
  ui.stage.insertBefore(listing, bars);

  // The player's places: 0 to T steps forward, then the loss,
  // then one place for every step that the gradient goes back.
  const lossStep = () => (ui.get("every") ? T : ui.get("loss_at"));
  const last = () => T + 1 + lossStep();
  const player = addControls(ui, graph, T, last);

  let layout = layOut(600, T);
  pressable(ui, graph, player, T, (x, y) => clip(layout.stepAt(x, y), 1, T));

  ui.onDraw(({ width }) => {
    layout = layOut(width, T);
    const computed = { ...run(ui, xs, ys), xs, ys, T, lossStep: lossStep(), ...ui.values("k", "every") };
    const view = { ...layout, width, ...computed, ...progress(Math.min(ui.get("step"), last()), computed) };
    graph.setAttribute("height", view.height);
    graph.replaceChildren(...graphMarks(view));
    graph.setAttribute("aria-label", graphWords(view));
    listing.style.minHeight = view.wide ? "4.4em" : "8.75em"; // the buttons below stay where they are
    listing.replaceChildren(...linesOf(view).map(([name, ...rest]) =>
      element("p", {}, element("b", {}, name), ...rest)));
    drawBars(bars, view);
    ui.say(summary(view));
  });

  return ui.dispose;
}

function addControls(ui, graph, T, last) {
  const player = ui.player("step", "Step", { last, interval: 500, below: graph });
  const weight = ui.slider("W_h", "Recurrent weight", { step: 0.05 });
  graph.nextElementSibling.after(weight.parentElement);
  ui.fold("More: where the loss sits, chunks, the input weight", () => {
    ui.slider("loss_at", "Loss at step")
      .addEventListener("input", () => ui.set({ every: false, step: T + 1 + ui.get("loss_at") }));
    ui.slider("k", "Steps in a chunk");
    ui.slider("W_x", "Input weight", { step: 0.05 });
    ui.toggle("every", "A loss at every step").addEventListener("change", () => ui.set({ step: last() }));
  });
  return player;
}

// Pressing a step puts the loss there and lets the gradient run back from it.
function pressable(ui, graph, { play, stop }, T, stepAt) {
  graph.addEventListener("click", (event) => {
    const box = graph.getBoundingClientRect();
    const t = stepAt(event.clientX - box.left, event.clientY - box.top);
    stop();
    ui.set({ every: false, loss_at: t, step: ui.reducedMotion ? T + 1 + t : T + 1 });
    if (!ui.reducedMotion) play.click();
  });
}

// Where things stand: from left to right where there is room, else from top to bottom.
function layOut(width, T) {
  const wide = width >= 600;
  const gap = wide ? (width - NODE.width - 40) / T : 46;
  const along = (t) => (wide ? NODE.width / 2 : NODE.height / 2 + 8) + t * gap;
  const across = wide ? [236, 142, 42] : [NODE.width / 2, 0.5 * width, width - NODE.width / 2];
  return {
    wide, gap, along,
    at: (t, level) => (wide ? [along(t), across[level + 1]] : [across[level + 1], along(t)]),
    height: wide ? 256 : along(T) + NODE.height / 2 + 8,
    stepAt: (x, y) => Math.round(((wide ? x : y) - along(0)) / gap),
  };
}

function run(ui, xs, ys) {
  const net = { xs, h0: 0, b: 0, W_x: ui.get("W_x"), W_h: ui.get("W_h") };
  const hs = forward(net);
  const heard = (t) => ui.get("every") || t === ui.get("loss_at") - 1;
  const dhs = hs.map((h, t) => (heard(t) ? h - ys[t] : 0));
  return { net, hs, heard, dhs, cut: backward(dhs, hs, net, ui.get("k")), whole: backward(dhs, hs, net, xs.length) };
}

// How far the player has come: steps 1 to `read` are computed, and steps from `from` on have been gone back through.
function progress(now, { T, lossStep, heard, dhs, cut }) {
  const from = now > T + 1 ? T + 2 + lossStep - now : T + 1;
  return {
    now, from, read: Math.min(now, T),
    done: (t) => t + 1 >= from && t < lossStep, // t is a place in the arrays
    isCurrent: (t) => (now <= T ? t === now - 1 : now > T + 1 ? t === from - 1 : heard(t)),
    largest: Math.max(...dhs.map(Math.abs), ...cut.flatMap(({ back, dx }) => [Math.abs(back), Math.abs(dx)]), 1e-12),
  };
}

function graphMarks(view) {
  const { T, k, xs, hs, read, at, isCurrent } = view;
  return [
    ...Array.from({ length: T - 1 }, (_, i) => i + 1).filter((t) => t % k === 0).flatMap((t) => cutMark(view, t)),
    ...xs.flatMap((_, t) => [inputEdge(view, t), stateEdge(view, t), lossEdge(view, t)].flat()),
    caption(at(0, -1), "input x"), caption(at(0, 1), "wanted"),
    ...node(at(0, 0), `h${sub(0)} = 0`),
    ...xs.flatMap((x, t) => [
      ...node(at(t + 1, -1), number(x), { hue: "x" }),
      ...node(at(t + 1, 0), t < read ? number(hs[t]) : "", {
        label: `h${sub(t + 1)}`, hue: "h", fill: t < read ? signed(0.55 * hs[t]) : null, strong: isCurrent(t),
      }),
      ...lossNode(view, t),
    ]),
  ];
}

// --- edges: what flowed forward stands on them until the gradient comes back

const slope = ({ hs }, t) => 1 - hs[t] ** 2;

function inputEdge(view, t) {
  const { xs, net, cut, read, done, at, wide } = view;
  const words = t < read ? number(xs[t] * net.W_x) : "";
  return edge(view, at(t + 1, -1), at(t + 1, 0), words, done(t) ? cut[t].dx : null, t < read,
    wide ? slope(view, t) * net.W_x : null);
}

function stateEdge(view, t) {
  const { hs, net, cut, k, read, done, at } = view;
  const words = t < read ? number((hs[t - 1] ?? 0) * net.W_h) : "";
  const isCut = t > 0 && t % k === 0;
  return edge(view, at(t, 0), at(t + 1, 0), isCut && done(t) ? "" : words,
    done(t) && !isCut ? cut[t].back : null, t < read, slope(view, t) * net.W_h);
}

function lossEdge(view, t) {
  const { hs, ys, dhs, heard, now, T, read, at } = view;
  if (!heard(t)) return [];
  const words = t < read && now > T ? number((hs[t] - ys[t]) ** 2 / 2) : "";
  return edge(view, at(t + 1, 0), at(t + 1, 1), words, now > T ? dhs[t] : null, t < read);
}

// An arrow from one node to another with its number; or, with a gradient, the arrow back, as thick as it is large,
// with its number and, if there is one, the factor that made it of the gradient before.
/** @type {(view: any, from: number[], to: number[], words: string, gradient: number | null, lit: boolean,
      factor?: number | null) => any[]} */
function edge({ wide, largest }, [x1, y1], [x2, y2], words, gradient, lit, factor = null) {
  const level = y1 === y2;
  const trim = (level ? NODE.width : NODE.height) / 2 + 2;
  const [dx, dy] = [Math.sign(x2 - x1), Math.sign(y2 - y1)];
  const ends = [[x1 + dx * trim, y1 + dy * trim], [x2 - dx * trim, y2 - dy * trim]];
  const middle = [(ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2];
  const back = gradient !== null;
  const [start, end] = back ? ends.reverse() : ends;
  const thick = back ? THICKEST * Math.abs(gradient) / largest : 0;
  const place = level
    ? { x: middle[0], y: middle[1] - (wide ? NODE.height / 2 : Math.max(thick / 2, 5)) - 4, "text-anchor": "middle" }
    : { x: middle[0] + Math.max(thick / 2, back ? 5 : 3) + 4, y: middle[1] + 4 };
  const label = (text, hue, weight) =>
    shape("text", { ...place, style: `${SMALL}; ${HALO}; fill: var(--u-${hue})`, "font-weight": weight }, text);
  if (gradient === 0) {
    return [
      shape("path", { d: line([start, end]), stroke: "var(--u-line)", "stroke-dasharray": "3 4", fill: "none" }),
      label("0", "muted", 400),
    ];
  }
  if (back) {
    const beside = level
      ? { x: middle[0], y: middle[1] + (wide ? NODE.height / 2 : Math.max(thick / 2, 4)) + 11,
          "text-anchor": "middle" }
      : wide ? { x: place.x, y: place.y + 15 }
        : { x: middle[0] - Math.max(thick / 2, 5) - 4, y: place.y, "text-anchor": "end" };
    const factors = factor === null ? []
      : [shape("text", { ...beside, style: `${SMALL}; ${HALO}; fill: var(--u-ink)` }, `× ${number(factor)}`)];
    return [arrow(start, end, Math.max(thick, 1), "var(--u-gradient)"),
      label(number(gradient), "gradient", 600), ...factors];
  }
  return [arrow(start, end, 0.8, `var(--u-${lit ? "muted" : "line"})`),
    ...(words ? [label(words, "muted", 400)] : [])];
}

function cutMark({ wide, gap, along, height, width }, t) {
  const middle = along(t) + gap / 2;
  const d = wide ? `M${middle} 4V${height - 4}` : `M4 ${middle}H${width - 4}`;
  const words = wide ? { x: middle + 5, y: 13 } : { x: width - 6, y: middle - 5, "text-anchor": "end" };
  return [
    shape("path", { d, stroke: "var(--u-ink)", "stroke-width": 1.5, "stroke-dasharray": "7 5", fill: "none" }),
    shape("text", { ...words, style: SMALL }, "cut"),
  ];
}

// Where no loss sits stands the number of the step, to be pressed.
function lossNode({ ys, heard, now, T, at }, t) {
  const place = at(t + 1, 1);
  if (heard(t)) return node(place, number(ys[t]), { hue: "loss", strong: now === T + 1 });
  return [
    shape("circle", { cx: place[0], cy: place[1], r: 11, style: "fill: var(--u-page); stroke: var(--u-line)" }),
    shape("text", {
      x: place[0], y: place[1] + 4, "text-anchor": "middle", class: "u-muted", style: SMALL,
    }, String(t + 1)),
  ];
}

function graphWords({ now, T, cut, done }) {
  if (now <= T) return `The network unrolled over ${T} steps; ${now} of them are computed.`;
  const known = cut.map(({ dh }, t) => (done(t) ? `step ${t + 1}: ${number(dh)}` : null)).filter(Boolean);
  if (!known.length) return "The loss is measured; no step has been gone back through yet.";
  return `Gradient with respect to the state, back from the loss: ${known.reverse().join(", ")}.`;
}

function summary({ now, T, hs, dhs, cut, from, every, lossStep }) {
  if (now <= T) return now ? `Step ${now} of ${T} is computed: the state is ${number(hs[now - 1])}.`
    : "Nothing is computed yet.";
  if (now === T + 1) return "The loss is measured. The way back begins.";
  const reached = `Back at step ${from}: the gradient of the state is ${number(cut[from - 1].dh)}`;
  return every ? `${reached}.` : `${reached}; at the loss it was ${number(dhs[lossStep - 1])}.`;
}

// --- the debugger: what is computed at this place, in formulas and numbers

function linesOf(view) {
  const { now, T } = view;
  if (now === 0) return [["Forward. ", "Nothing is computed yet. Press Step."]];
  if (now <= T) return forwardLines(view);
  return now === T + 1 ? lossLines(view) : backLines(view);
}

function forwardLines({ now, xs, hs, net }) {
  const t = now - 1;
  const before = t ? hs[t - 1] : 0;
  return [
    [`Forward, step ${now}. `, `h${sub(now)} = tanh(x${sub(now)} Wₓ + h${sub(t)} Wₕ)`],
    ["", `= tanh(${number(xs[t])} · ${number(net.W_x)} + ${bracket(before)} · ${bracket(net.W_h)}) ` +
      `= ${number(hs[t])}`],
  ];
}

function lossLines({ every, lossStep, hs, ys, dhs }) {
  if (every) return [
    ["Loss. ", `L = ½ Σ (hₜ − wanted)² = ${number(total(dhs.map((d) => d * d)) / 2, 3)}`],
    ["", "Each state's own loss sends it dhₜ = hₜ − wanted."],
  ];
  const t = lossStep - 1;
  return [
    ["Loss. ", `L = ½ (h${sub(t + 1)} − wanted)² = ${number(dhs[t] ** 2 / 2, 3)}`],
    ["", `dh${sub(t + 1)} = h${sub(t + 1)} − wanted = ${number(hs[t])} − ${bracket(ys[t])} = ${number(dhs[t])}`],
  ];
}

function backLines({ from, k, lossStep, hs, dhs, cut, heard }) {
  const t = from - 1;
  const { dh, da, back, dW_h } = cut[t];
  const own = heard(t) ? `${number(dhs[t])} (its loss)` : "0 (no loss here)";
  const after = from % k === 0 ? "0 (cut)" : `${bracket(cut[t + 1]?.back)} (step ${from + 1})`;
  const handed = from < lossStep ? ` + ${after} = ${number(dh)}` : "";
  const before = t > 0 && t % k === 0 ? `a cut: nothing goes back to h${sub(t)}`
    : `h${sub(t)} gets da${sub(from)} Wₕ = ${number(back)}`;
  return [
    [`Back, step ${from}. `, `dh${sub(from)} = ${own}${handed}`],
    ["", `da${sub(from)} = dh${sub(from)} (1 − h${sub(from)}²) ` +
      `= ${number(dh)} · ${number(1 - hs[t] ** 2)} = ${number(da)}`],
    ["", `dWₕ gains h${sub(t)} da${sub(from)} = ${number(dW_h, 3)}; ${before}`],
  ];
}

// --- what each step adds to the gradient of W_h; outlines show what it would add without cuts

function drawBars(bars, { width, T, k, lossStep, cut, whole, done, wide, gap, along }) {
  const [top, bottom] = [26, 86];
  const added = (steps) => steps.map(({ dW_h }, t) => (done(t) ? dW_h : 0));
  const [shares, all] = [added(cut), added(whole)];
  const limit = Math.max(...[...whole, ...cut].map(({ dW_h }) => Math.abs(dW_h)), 1e-12);
  const y = scale([-limit, limit], [bottom, top]);
  const column = wide ? gap : width / T;
  const centre = (t) => (wide ? along(t + 1) : (t + 0.5) * column);
  const bar = (value, t, style) => shape("rect", {
    x: centre(t) - 0.28 * column, width: 0.56 * column,
    y: Math.min(y(value), y(0)), height: Math.abs(y(value) - y(0)), ...style,
  });
  const cuts = k < lossStep;
  const sums = `dWₕ by step: ${number(total(shares), 3)} in all` + (cuts ? `, uncut ${number(total(all), 3)}` : "");
  const below = (value, t) => (wide ? (done(t) ? number(value, 3) : "") : String(t + 1));
  bars.replaceChildren(
    shape("text", { x: 0, y: 13, "font-weight": 600, style: SMALL }, sums),
    shape("path", { d: `M0 ${y(0)}H${width}`, class: "u-axis" }),
    ...(cuts ? all : []).map((value, t) =>
      bar(value, t, { fill: "none", stroke: "var(--u-muted)", "stroke-dasharray": "3 2" })),
    ...shares.map((value, t) => bar(value, t, { fill: "var(--u-gradient)" })),
    ...shares.map((value, t) =>
      shape("text", { x: centre(t), y: 102, "text-anchor": "middle", style: SMALL }, below(value, t))),
  );
  bars.setAttribute("aria-label",
    `${sums}. By step: ${shares.map((value, t) => `${t + 1}: ${number(value, 3)}`).join(", ")}`);
}

function caption([x, y], words) {
  return shape("text", { x, y: y + 4.5, "text-anchor": "middle", class: "u-muted", style: SMALL }, words);
}

const bracket = (value = 0) => (value < 0 ? `(${number(value)})` : number(value));

function node([x, y], text, { label = "", hue = "muted", fill = null, strong = false } = {}) {
  return [
    shape("rect", {
      x: x - NODE.width / 2, y: y - NODE.height / 2, width: NODE.width, height: NODE.height, rx: 6,
      style: `fill: ${fill ?? "var(--u-page)"}; stroke: var(--u-${hue}); stroke-width: ${strong ? 3 : 1.2}`,
    }),
    shape("text", { x, y: y + 4.5, "text-anchor": "middle", class: text ? null : "u-muted" }, text || label),
  ];
}

// A solid arrow of the given thickness.
/** @type {(from: number[], to: number[], thick: number, colour: string) => any} */
function arrow([x1, y1], [x2, y2], thick, colour) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const head = Math.min(0.7 * length, 5 + 0.6 * thick);
  const [half, wing] = [thick / 2, thick / 2 + 3];
  const at = (along, side) =>
    `${(x1 + ux * along - uy * side).toFixed(1)} ${(y1 + uy * along + ux * side).toFixed(1)}`;
  const corners = [
    at(0, half), at(length - head, half), at(length - head, wing),
    at(length, 0), at(length - head, -wing), at(length - head, -half), at(0, -half),
  ];
  return shape("path", { d: `M${corners.join("L")}Z`, style: `fill: ${colour}` });
}

export default { render };
