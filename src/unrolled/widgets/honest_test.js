// Four forecasters of a series, one value ahead, and what each of them errs by after a split: honestly, and with a
// leak from the future.
// Networks are { W_x, W_h, b, W_y, b_y } of flat row-major arrays, for every split at which some were trained, and
// five seeds each.
import { clip, element, line, number, panel, scale, shape, unpack } from "./shared.js";

const PERIOD = 11;
const LARGEST = 30;
const SEEDS = 5;

// Each value the mean of itself and its neighbours: of three, and of two at the ends.
export function smoothed(series) {
  return series.map((_, t) => {
    const near = series.slice(Math.max(0, t - 1), t + 2);
    return near.reduce((sum, value) => sum + value, 0) / near.length;
  });
}

// The whole series as forecasters are given it, in units of the training part: honest, or with a leak.
export function prepared(series, split, leak) {
  const values = leak === "smooth" ? smoothed(series) : series;
  const known = leak === "scale" ? values : values.slice(0, split);
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const std = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return { xs: values.map((value) => (value - mean) / std), mean, std };
}

// The weights of the last p values, the newest first, and an intercept, by least squares. Gram and Schmidt make the
// columns perpendicular, one after the other, and what is left of the targets is shared out
// from the last column to the first.
export function fitAutoregression(series, p) {
  const T = series.length;
  const columns = Array.from({ length: p }, (_, i) => Float64Array.from(series.slice(p - 1 - i, T - 1 - i)));
  columns.push(new Float64Array(T - p).fill(1), Float64Array.from(series.slice(p)));
  const R = columns.map(() => new Float64Array(p + 2));
  for (let i = 0; i <= p; i++) {
    const pivot = columns[i];
    const size = Math.sqrt(dot(pivot, pivot));
    for (let t = 0; t < pivot.length; t++) pivot[t] /= size;
    R[i][i] = size;
    for (let j = i + 1; j < p + 2; j++) {
      const column = columns[j];
      const along = (R[i][j] = dot(pivot, column));
      for (let t = 0; t < column.length; t++) column[t] -= along * pivot[t];
    }
  }
  const solution = new Float64Array(p + 1);
  for (let i = p; i >= 0; i--) {
    let left = R[i][p + 1];
    for (let j = i + 1; j <= p; j++) left -= R[i][j] * solution[j];
    solution[i] = left / R[i][i];
  }
  return { coefficients: Array.from(solution.subarray(0, p)), intercept: solution[p] };
}

function dot(a, b) {
  let sum = 0;
  for (let t = 0; t < a.length; t++) sum += a[t] * b[t];
  return sum;
}

// What an autoregression of that order, fitted to the first `fitted` values,
// says of the values from there to `judged`.
function autoregression(xs, order, fitted, judged) {
  const { coefficients, intercept } = fitAutoregression(xs.slice(0, fitted), order);
  return xs.slice(fitted, judged).map((_, k) =>
    coefficients.reduce((sum, weight, i) => sum + weight * xs[fitted + k - 1 - i], intercept));
}

export function rmse(forecast, target) {
  return Math.sqrt(target.reduce((sum, value, t) => sum + (forecast[t] - value) ** 2, 0) / target.length);
}

// The order whose autoregression, fitted to the first `fitted` values, errs least from there to `judged`.
export function bestOrder(series, fitted, judged) {
  const target = series.slice(fitted, judged);
  const errors = Array.from({ length: LARGEST }, (_, k) =>
    rmse(autoregression(series, k + 1, fitted, judged), target));
  return errors.indexOf(Math.min(...errors)) + 1;
}

export function unpackNetworks(packed) {
  return Object.fromEntries(Object.entries(packed).map(([name, array]) => [name, unpack(array)]));
}

// What the network at a place of the splits, of one seed, says of the values xs[1:], each from those before it.
function predict(networks, place, seed, xs) {
  const runs = networks.b_y.length;
  const part = (name) => {
    const size = networks[name].length / runs;
    const at = place * SEEDS + seed;
    return networks[name].slice(at * size, (at + 1) * size);
  };
  const [W_x, W_h, b, W_y, b_y] = ["W_x", "W_h", "b", "W_y", "b_y"].map(part);
  const H = b.length;
  let h = Array(H).fill(0);
  return xs.slice(0, -1).map((x) => {
    const a = b.map((bias, j) => bias + x * W_x[j]);
    for (let k = 0; k < H; k++) for (let j = 0; j < H; j++) a[j] += h[k] * W_h[k * H + j];
    h = a.map(Math.tanh);
    return h.reduce((sum, value, j) => sum + value * W_y[j], b_y[0]);
  });
}

// Forecasts of the values from `split` on, each from those before it: a list of runs, one, or one a network. The
// networks are those of the last of the splits, at which some were trained, that is no later.
export function forecasts(kind, series, split, leak, order, networks, splits) {
  const place = splits.filter((known) => known <= split).length - 1;
  const { xs, mean, std } = prepared(series, kind === "network" ? splits[place] : split, leak);
  const back = { persistence: 1, seasonal: PERIOD }[kind];
  const runs =
    kind === "network"
      ? Array.from({ length: SEEDS }, (_, seed) => predict(networks, place, seed, xs).slice(split - 1))
      : kind === "autoregression" ? [autoregression(xs, order, split, xs.length)]
        : [xs.slice(split - back, -back)];
  return runs.map((run) => run.map((value) => value * std + mean));
}

const middle = (values) => [...values].sort((a, b) => a - b)[(values.length - 1) / 2];

// What a leak has done to errors, one a run: "less", "more", or "nothing", where the runs of both overlap.
export function effect(honest, leaked) {
  if (Math.max(...leaked) < Math.min(...honest) * (1 - 1e-6)) return "less";
  if (Math.min(...leaked) > Math.max(...honest) * (1 + 1e-6)) return "more";
  return "nothing";
}

const NAMES = {
  persistence: "persistence", seasonal: "seasonal naive",
  autoregression: "autoregression", network: "recurrent network",
};
const LEAKS = {
  none: "nothing", scale: "scale before splitting", smooth: "smooth before splitting", order: "order by the test",
};
const WHOLE = 90;               // heights: the whole series, the test part, a row of the table
const TEST = 128;
const ROW = 42;
const HEAD = 18;
const NUMBERS = 116;            // and the width of a row's two numbers
const MOST = 1.4;               // of persistence's error: longer bars are cut
const shownError = (error) => number(error, error < 10 ? 2 : 1);
const times = (share) => number(share, share < 10 ? 2 : 1);

const SMALL = { style: "font-size: 12px" };

function render(context) {
  const ui = panel(context);
  const splits = ui.get("splits");
  const networks = Object.fromEntries(Object.entries(ui.get("networks")).map(([name, leaks]) =>
    [name, Object.fromEntries(Object.entries(leaks).map(([leak, packed]) => [leak, unpackNetworks(packed)]))]));

  const whole = ui.svg("", WHOLE);
  const test = ui.svg("", TEST);
  const table = ui.svg("", HEAD + 4 * ROW);
  const { order, note } = addControls(ui, whole);

  let yearAt = (x) => x;
  ui.drag(whole, (x) => ui.set({ split: clip(Math.round(yearAt(x)), splits[0], splits.at(-1)) }));
  whole.style.cursor = "ew-resize";
  ui.drag(table, (_, y) => ui.set({ shown: Object.keys(NAMES)[clip(Math.floor((y - HEAD) / ROW), 0, 3)] }));

  ui.onDraw(({ width }) => {
    const setting = ui.values("split", "leak", "shown");
    const name = ui.get("series");
    const view = {
      width, name, ...compared(setting, ui.get("values")[name], ui.get("order"), networks[name], splits),
      from: ui.get("first")[name],
    };
    yearAt = scale([2, width - 2], [0, view.series.length - 1]);
    order.disabled = setting.leak === "order";
    drawWhole(whole, view);
    drawTest(test, view);
    drawTable(table, view);
    note.textContent = explained(view);
    note.style.minHeight = width < 480 ? "7.25em" : "2.9em";         // what stands below must not jump
    ui.say(spoken(view));
  });

  return ui.dispose;
}

// It returns the slider of the order, which the leak may choose, and the place for what explains the leak.
function addControls(ui, whole) {
  const wide = (box) => (box.parentElement.style.flexBasis = "100%");
  const note = element("p", { style: "font-size: 0.9rem; flex: 1 1 100%" });
  const [split, order] = [ui.slider("split", "Split after"), ui.slider("order", "Order")];
  whole.after(element("div", { class: "u-controls", style: "margin: 0" }, split.parentElement, order.parentElement));
  wide(ui.choice("leak", "Leak", LEAKS));
  ui.controls.append(note);
  ui.fold("More: a random walk, the forecasts of the others", () => {
    wide(ui.choice("series", "Series", { sunspots: "sunspots", walk: "random walk" }));
    wide(ui.choice("shown", "Draw", NAMES));
  });
  return { order, note };
}

// Each forecaster's errors after the split, honest and with the leak, and what of them the drawings and words need.
function compared({ split, leak, shown }, series, order, networks, splits) {
  const target = series.slice(split);
  const chosen = leak === "order";
  const orders = chosen
    ? [bestOrder(series, Math.floor((4 * split) / 5), split), bestOrder(series, split, series.length)]
    : [order, order];
  const given = chosen ? "none" : leak;
  const judged = (kind, how, p) => {
    const runs = forecasts(kind, series, split, how, p, networks[how], splits);
    const errors = runs.map((forecast) => rmse(forecast, target));
    const error = middle(errors);
    return { errors, error, forecast: runs[errors.indexOf(error)] };
  };
  const rows = Object.keys(NAMES).map((kind) => {
    const honest = judged(kind, "none", orders[0]);
    const leaked = leak === "none" ? null : judged(kind, given, orders[1]);
    return { kind, honest, leaked, effect: leaked && effect(honest.errors, leaked.errors) };
  });
  return {
    split, leak, shown, series, target, orders, rows,
    now: rows.find(({ kind }) => kind === shown), unit: rows[0].honest.error,
    trained: splits.filter((known) => known <= split).at(-1),
  };
}

function drawWhole(whole, { width, name, series, split, from }) {
  const T = series.length;
  const along = scale([0, T - 1], [2, width - 2]);
  const up = scale([Math.min(...series), Math.max(...series)], [WHOLE - 6, 26]);
  const at = along(split - 0.5);
  const years = (first, dash, last) => `${from + first}${dash}${from + last}`;
  whole.replaceChildren(
    shape("rect", { x: at, y: 18, width: width - at, height: WHOLE - 18, fill: "var(--u-surface)" }),
    shape("path", {
      d: line(series.map((value, t) => [along(t), up(value)])),
      class: "u-curve", stroke: "var(--u-ink)", "stroke-width": 1.2,
    }),
    shape("text", { x: 0, y: 12, ...SMALL }, `training ${years(0, "–", split - 1)}`),
    shape("text", { x: Math.max(Math.min(at, width - 118), 126), y: 12, ...SMALL },
      `test ${years(split, "–", T - 1)}`),
    shape("path", { d: `M${at} 18V${WHOLE}`, stroke: "var(--u-accent)", "stroke-width": 2 }),
    shape("rect", { x: at - 7, y: WHOLE / 2 - 6, width: 14, height: 28, rx: 5, fill: "var(--u-accent)" }),
    shape("path", {
      d: `M${at - 2} ${WHOLE / 2}v16M${at + 2} ${WHOLE / 2}v16`, stroke: "var(--u-page)", "stroke-width": 1.2,
    }));
  const what = name === "walk" ? "A random walk" : "Sunspots";
  whole.setAttribute("aria-label",
    `${what}: training from ${years(0, " to ", split - 1)}, test from ${years(split, " to ", T - 1)}.`);
}

function drawTest(test, view) {
  const { width, series, split, from, target, now, shown } = view;
  const lines = [now.honest.forecast, ...(now.leaked ? [now.leaked.forecast] : [])];
  const all = [target, ...lines].flat();
  const along = scale([0, series.length - split - 1], [2, width - 2]);
  const up = scale([Math.min(...all), Math.max(...all)], [TEST - 24, 24]);
  const path = (values, pen) =>
    shape("path", { d: line(values.map((value, t) => [along(t), up(value)])), class: "u-curve", ...pen });
  const key = (x, words, pen) => [
    shape("path", { d: `M${x} 8h18`, ...pen }),
    shape("text", { x: x + 22, y: 12, ...SMALL }, words),
  ];
  test.replaceChildren(
    path(target, PENS.measured),
    path(lines[0], PENS.honest),
    ...(now.leaked ? [path(lines[1], PENS.leaked)] : []),
    ...key(0, "measured", PENS.measured),
    ...key(88, "honest", PENS.honest),
    ...(now.leaked ? key(156, "leaked", PENS.leaked) : []),
    shape("path", { d: `M0 ${TEST - 18}H${width}`, class: "u-axis" }),
    shape("text", { x: 0, y: TEST - 4, class: "u-muted", ...SMALL }, from + split),
    shape("text", { x: width, y: TEST - 4, "text-anchor": "end", class: "u-muted", ...SMALL },
      from + series.length - 1));
  test.setAttribute("aria-label", `The test part and its forecasts: ${NAMES[shown]}, ${said(view, now)}`);
}

const PENS = {
  measured: { stroke: "var(--u-ink)", "stroke-width": 1.2 },
  honest: { stroke: "var(--u-positive)", "stroke-width": 2 },
  leaked: { stroke: "var(--u-negative)", "stroke-dasharray": "5 2", "stroke-width": 2 },
};

function drawTable(table, view) {
  const { width, rows } = view;
  table.replaceChildren(
    shape("text", { ...SMALL, class: "u-muted", x: 0, y: 11 },
      width < 400 ? "errors (RMSE); press one" : "error in the test (RMSE); press one to draw its forecast"),
    shape("text", { ...SMALL, class: "u-muted", x: width, y: 11, "text-anchor": "end" }, "÷ persistence"),
    ...rows.flatMap((row, k) => rowMarks(view, row, HEAD + k * ROW)));
  table.setAttribute("aria-label",
    `Errors over the test part. ${rows.map((row) => `${title(view, row.kind)}: ${said(view, row)}`).join(" ")}`);
}

function rowMarks(view, { kind, honest, leaked }, y) {
  const along = scale([0, MOST], [0, view.width - NUMBERS]);
  return [
    shape("text", { x: 0, y: y + 13, "font-weight": kind === view.shown ? 700 : 400 }, title(view, kind)),
    ...bar(view, along, honest, y + 27, "var(--u-positive)"),
    ...(leaked ? bar(view, along, leaked, y + 39, "var(--u-negative)") : []),
    shape("path", { d: `M${along(1)} ${y + 17}v24`, stroke: "var(--u-ink)", "stroke-dasharray": "2 2" })];
}

// The middle error, and a dot for each run, where there are several.
function bar({ width, unit }, along, { errors, error }, y, fill) {
  const right = { "text-anchor": "end", style: "font-variant-numeric: tabular-nums", y };
  const share = error / unit;
  const end = along(Math.min(MOST, share));
  const dots = errors.length > 1 ? errors.filter((one) => one / unit <= MOST) : [];
  return [
    shape("rect", { x: 0, y: y - 9, width: end, height: 9, fill, opacity: errors.length > 1 ? 0.55 : 1 }),
    ...(share > MOST ? [shape("path", {
      d: `M${end - 9} ${y - 12}l-4 14m8 -14l-4 14`, stroke: "var(--u-page)", "stroke-width": 2.5,
    })] : []),
    ...dots.map((one) => shape("circle", { cx: along(one / unit), cy: y - 5, r: 2.5, fill: "var(--u-ink)" })),
    shape("text", { ...right, x: width - 50 }, shownError(error)),
    shape("text", { ...right, x: width }, times(share))];
}

function title({ name, split, from, orders, trained }, kind) {
  if (kind === "autoregression")
    return `autoregression of order ${orders[0]}${orders[1] === orders[0] ? "" : `, leaked ${orders[1]}`}`;
  if (kind === "network")
    return `middle of ${SEEDS} networks${trained < split ? `, trained to ${from + trained - 1}` : ""}`;
  return kind === "seasonal" ? `seasonal naive, ${PERIOD} ${name === "walk" ? "steps" : "years"}` : NAMES[kind];
}

function said({ unit }, { honest, leaked }) {
  const ratio = `honest ${shownError(honest.error)}, ${times(honest.error / unit)} times persistence's`;
  return leaked ? `${ratio}; with the leak ${shownError(leaked.error)}, ${times(leaked.error / unit)}.` : `${ratio}.`;
}

function explained({ leak, orders }) {
  return {
    none: "Nothing leaks. These figures are honest until somebody chooses by them.",
    scale: "Mean and deviation are those of the whole series, which nobody knows on the day of the forecast. " +
      "Least squares finds the same forecasts in any units; a network does not.",
    smooth: "Before the split, each value became the mean of itself and its two neighbours. " +
      "So the last one that is seen holds a third of the one to be forecast. Errors are against what was measured.",
    order: `Orders 1 to ${LARGEST} were fitted to the training part, and the best over the test part was kept: ` +
      `${orders[1]}. Honest is the best over the last fifth of the training part: ${orders[0]}.`,
  }[leak];
}

function spoken({ shown, leak, orders, unit, now }) {
  const { honest, leaked } = now;
  const who = {
    ...NAMES, autoregression: `an autoregression of order ${orders[0]}`,
    network: `the middle one of ${SEEDS} networks`,
  }[shown];
  const start = `Honest: ${who} errs by ${shownError(honest.error)}, ` +
    `${times(honest.error / unit)} times persistence's.`;
  return leaked ? `${start} With the leak ${shownError(leaked.error)}, ${changeOf(now, shown, leak)}` : start;
}

function changeOf({ honest, leaked, effect: done }, shown, leak) {
  const gone = Math.abs(Math.round(100 * (1 - leaked.error / honest.error)));
  if (done === "more") return `${gone}% more.`;
  if (done === "nothing") {
    const same = honest.errors.length === 1 || leaked.errors.every((error, seed) => error === honest.errors[seed]);
    return same ? "no gain at all." : "no gain that another seed would not bring.";
  }
  if (shown === "seasonal") return `a true gain of ${gone}%: ${PERIOD} back, both neighbours are known.`;
  return leak === "order" ? `a gain of ${gone}% that no data are left to test.` : `a false gain of ${gone}%.`;
}

export default { render };
