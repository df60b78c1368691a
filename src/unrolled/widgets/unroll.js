// The trained character network, run forward, one step at a time.
// A network is { W_x (V, H), W_h (H, H), b (H), W_y (H, V), b_y (V) } as flat row-major arrays, with V and H.

export function unpackNetwork(packed) {
  const network = { V: packed.W_x.shape[0], H: packed.W_x.shape[1] };
  for (const [name, array] of Object.entries(packed)) network[name] = unpack(array);
  return network;
}

// One step: h = tanh(x W_x + h_prev (s W_h) + b), x being one-hot at token.
export function step(network, token, hPrev, s = 1) {
  const { H, W_x, W_h, b } = network;
  const a = Array.from(b, (bias, j) => bias + W_x[token * H + j]);
  for (let k = 0; k < H; k++) {
    const from = s * hPrev[k];
    for (let j = 0; j < H; j++) a[j] += from * W_h[k * H + j];
  }
  return a.map(Math.tanh);
}

// The probabilities that are read out of a state: softmax((h W_y + b_y) / temperature).
export function predict(network, h, temperature = 1) {
  const { V, H, W_y, b_y } = network;
  const logits = Array.from(b_y);
  for (let k = 0; k < H; k++) for (let v = 0; v < V; v++) logits[v] += h[k] * W_y[k * V + v];
  const largest = Math.max(...logits);
  const e = logits.map((logit) => Math.exp((logit - largest) / temperature));
  const sum = e.reduce((total, value) => total + value);
  return e.map((value) => value / sum);
}

// Read tokens from a zero state: the state after every step, and the probabilities read out of it.
export function read(network, tokens, s = 1, temperature = 1) {
  const hs = [];
  for (const token of tokens) hs.push(step(network, token, hs.at(-1) ?? Array(network.H).fill(0), s));
  return { tokens, hs, ps: hs.map((h) => predict(network, h, temperature)) };
}

// Start from one token and draw the others, one a uniform number in draws: each is the next step's input.
export function write(network, first, draws, s = 1, temperature = 1) {
  const tokens = [first];
  const hs = [];
  const ps = [];
  for (const draw of draws) {
    hs.push(step(network, tokens.at(-1), hs.at(-1) ?? Array(network.H).fill(0), s));
    ps.push(predict(network, hs.at(-1), temperature));
    const total = ps.at(-1).reduce((sum, p) => sum + p);
    let cumulative = 0;
    tokens.push(ps.at(-1).findIndex((p) => (cumulative += p) > draw * total));
  }
  return { tokens, hs, ps };
}

// Uniform numbers in [0, 1) from a seed (the generator mulberry32).
export function uniform(seed, count) {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  });
}

// Places in the alphabet; what is not in it is read as a space.
export function encode(text, alphabet) {
  return [...text.toLowerCase()].map((character) => Math.max(0, alphabet.indexOf(character)));
}

const WRITTEN = 40;             // characters written from one
const SAMPLES = ["the state of the function", "if it is none", "hello world", "zzzzzzzz"];
const TOP = 66;                 // the strip from above: outputs, states, inputs
const STATES = 192;
const BOTTOM = 68;
const shown = (character) => (character === " " ? "␣" : character);
const named = (character) => ({ " ": "space", ".": "full stop", ",": "comma" })[character] ?? character;
const percent = (p) => `${Math.round(100 * p)}%`;

function render(context) {
  const ui = panel(context);
  const alphabet = ui.get("alphabet");
  const network = unpackNetwork(ui.get("network"));
  const { V, H } = network;
  const matrix = (name, rows, columns) => Array.from({ length: rows }, (_, i) => network[name].slice(i * columns, (i + 1) * columns));

  // --- the strip: outputs above, states as columns of a heat-map, inputs below
  const strip = element("div", { style: "position: relative" });
  const states = ui.canvas("The hidden state at every step", STATES);
  const marks = ui.svg("", TOP + STATES + BOTTOM);
  Object.assign(states.style, { position: "absolute", left: 0, top: `${TOP}px` });
  marks.style.position = "relative";
  strip.append(states, marks);
  const note = element("p", { style: "overflow-wrap: anywhere" });

  // --- the three weights, always the same, and the distribution that is read out
  const weights = {
    W_x: weightPicture("x", V, H), W_h: weightPicture("h", H, H), W_y: weightPicture("y", H, V),
  };
  const picked = element("div", { style: "position: absolute; left: -3px; right: -3px; height: 5px; border: 1px solid var(--u-ink)" });
  weights.W_x.canvas.after(picked);
  const bars = ui.svg("", 132);
  const barsBox = element("div", { style: "flex: 1 1 270px; min-width: 0" }, bars);
  const below = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.6rem 1.6rem; align-items: end" },
    element("div", { style: "flex: none; max-width: 100%" },
      element("p", { style: "font-size: 0.85rem; margin-bottom: 0.3rem" }, "The same three weights at every step"),
      element("div", { style: "display: flex; flex-wrap: wrap; gap: 14px; align-items: end" }, ...Object.values(weights).map((weight) => weight.box))),
    barsBox);
  ui.stage.append(strip, note, below);

  function weightPicture(letter, rows, columns) {
    const canvas = element("canvas", {
      class: "u-heat", role: "img", "aria-label": `The matrix W_${letter}, ${rows} rows and ${columns} columns`,
    });
    const caption = element("p", { style: "font-size: 0.8rem; white-space: nowrap" }, element("i", {}, "W"), element("sub", {}, letter), ` ${rows}×${columns}`);
    const box = element("div", {}, element("div", { style: "position: relative; width: max-content" }, canvas), caption);
    return { canvas, box, values: matrix(`W_${letter}`, rows, columns), largest: Math.max(...network[`W_${letter}`].map(Math.abs)) };
  }

  // --- controls
  const picks = element("div", { style: "display: flex; flex-wrap: wrap; gap: 0.4rem; flex: 1 1 100%" });
  const { stop } = ui.player("step", "Step", { last, interval: 350, below: strip });
  const modes = ui.choice("mode", "Network", { "many-to-many": "many to many", "many-to-one": "many to one", "one-to-many": "one to many" });
  modes.parentElement.style.flexBasis = "100%";
  const field = ui.textField("text", "Text");
  ui.controls.append(picks);
  for (const sample of SAMPLES) ui.button(sample, () => ui.set({ text: sample, step: sample.length }), picks);
  const again = ui.button("Draw again", () => ui.set({ seed: (ui.get("seed") % 999) + 1, step: last() }), picks);
  ui.slider("scale", "Recurrent scale", { step: 0.05 });
  ui.slider("temperature", "Temperature", { step: 0.05 });

  const length = () => encode(ui.get("text"), alphabet).length;         // a capital may be two small letters
  function last() {
    return ui.get("mode") === "one-to-many" ? WRITTEN : length();
  }

  // What the reader types is read to its end.
  const toEnd = () => ui.set({ step: last() });
  field.addEventListener("input", toEnd);
  modes.addEventListener("change", toEnd);

  // --- what the network does with the text
  function run() {
    const [mode, s, temperature] = [ui.get("mode"), ui.get("scale"), ui.get("temperature")];
    const tokens = encode(ui.get("text"), alphabet);
    if (mode !== "one-to-many") return read(network, tokens, s, temperature);
    return write(network, tokens[0] ?? 0, uniform(ui.get("seed"), WRITTEN), s, temperature);
  }

  // --- pressing or dragging on the strip picks a step
  let place = () => 0;
  ui.drag(strip, (x) => {
    stop();
    ui.set({ step: Math.min(last(), Math.max(1, place(x))) });
  });

  ui.onDraw(({ width }) => {
    const { tokens, hs, ps } = run();
    const mode = ui.get("mode");
    const now = Math.min(ui.get("step"), hs.length);
    const count = Math.max(1, Math.min(hs.length, Math.floor(width / 14)));
    const column = Math.min(30, width / count);
    const first = Math.max(0, Math.min(now - count + 2, hs.length - count));
    place = (x) => first + Math.floor(x / column) + 1;
    const reads = (t) => mode !== "many-to-one" || t === hs.length - 1;       // is there an output at step t?

    const visible = hs.slice(first, first + count);
    states.style.width = `${count * column}px`;
    heatMap(states, Array.from({ length: H }, (_, j) => Array.from({ length: count }, (_, i) => (first + i < now ? visible[i][j] : null))));
    states.setAttribute("aria-label", `The hidden state: ${H} numbers after each of ${now} steps`);

    marks.replaceChildren(...captions(), ...visible.flatMap((_, i) => columnMarks(first + i, (i + 0.5) * column)), ...(now ? focus() : []));
    marks.setAttribute("aria-label", now
      ? `Step ${now} of ${hs.length}. Inputs so far: ${tokens.slice(0, now).map((token) => alphabet[token]).join("")}.`
      : "Nothing is read yet.");
    again.hidden = mode !== "one-to-many";

    drawWeights();
    drawBars();
    note.style.minHeight = width < 480 ? "4.35em" : width < 660 ? "2.9em" : "1.45em";       // what stands below must not jump
    note.textContent = noteText();
    ui.say(spoken());

    function captions() {
      const written = mode === "one-to-many";
      const right = Math.min(width, count * column);
      const words = { y: 10, class: "u-muted", style: "font-size: 12px" };
      return [
        shape("text", words, written ? "written" : mode === "many-to-one" ? "expected at the end" : "expected next"),
        shape("text", { ...words, y: TOP + STATES + 62 }, written ? "read: its own letters" : "read"),
        ...(right < 280 ? [] : [
          shape("text", { ...words, x: right, y: TOP + STATES + 62, "text-anchor": "end" }, `${H} units, −1 to 1`),
          ...[-1, -0.6, -0.2, 0.2, 0.6, 1].map((value, i) => shape("rect", {
            x: right - 152 + 8 * i, y: TOP + STATES + 53, width: 8, height: 10, fill: signed(value),
          })),
        ]),
      ];
    }

    function columnMarks(t, x) {
      const done = t < now;
      const drawn = mode === "one-to-many" && t > 0;
      const pen = { stroke: `var(--u-${done ? "muted" : "line"})`, class: "u-axis" };
      const parts = [arrow(x, TOP + STATES + 26, TOP + STATES + 4, pen)];
      if (done || !drawn) {
        parts.push(shape("text", {
          x, y: TOP + STATES + 42, "text-anchor": "middle", "font-weight": t === now - 1 ? 700 : 400,
          style: `fill: var(--u-${drawn ? "accent" : done ? "ink" : "muted"})`,
        }, shown(alphabet[tokens[t]])));
      }
      if (reads(t)) parts.push(arrow(x, TOP - 4, TOP - 24, pen));
      if (done && reads(t)) parts.push(outputMark(t, x));
      return parts;
    }

    // Above a state stands what it says: the likeliest symbol, paler the less sure; or the symbol that was drawn.
    function outputMark(t, x) {
      const drawn = mode === "one-to-many";
      const symbol = drawn ? tokens[t + 1] : ps[t].indexOf(Math.max(...ps[t]));
      const right = !drawn && symbol === tokens[t + 1];
      return shape("text", {
        x, y: 34, "text-anchor": "middle", "font-weight": right ? 700 : 400, "text-decoration": right ? "underline" : "none",
        style: `fill: var(--u-${drawn ? "accent" : "ink"}); opacity: ${0.7 + 0.3 * ps[t][symbol]}`,
      }, shown(alphabet[symbol]));
    }

    // The step that is being taken: a frame, and the names of the three weights at its three arrows.
    function focus() {
      const t = now - 1;
      const x = (t - first + 0.5) * column;
      const pen = { stroke: "var(--u-h)", "stroke-width": 2, fill: "none" };
      const side = x > width - 42 ? -1 : 1;
      const frame = { x: x - column / 2, y: TOP, width: column, height: STATES, rx: 2 };
      const parts = [
        shape("rect", { ...frame, ...pen, stroke: "var(--u-page)", "stroke-width": 5 }), shape("rect", { ...frame, ...pen }),
        arrow(x, TOP + STATES + 26, TOP + STATES + 4, pen), ...weightName("x", x + side * 18, TOP + STATES + 15),
      ];
      if (reads(t)) parts.push(arrow(x, TOP - 4, TOP - 24, pen), ...weightName("y", x + side * 18, TOP - 15));
      if (t > first) {
        const y = TOP + STATES / 2;
        const from = Math.max(12, x - column - 12);
        parts.push(shape("path", { d: `M${from} ${y}H${x - column / 2 - 2}m-5 -4l5 4l-5 4`, ...pen }), ...weightName("h", from, y));
      }
      return parts;
    }

    function drawWeights() {
      const s = ui.get("scale");
      const zoom = width < 640 ? 1 : 2;
      for (const [name, { canvas, values, largest }] of Object.entries(weights)) {
        canvas.style.width = `${zoom * values[0].length + 2}px`;
        canvas.style.height = `${zoom * values.length + 2}px`;
        const factor = (name === "W_h" ? s : 1) * 2 / largest;       // few weights are large: half of the largest is full colour
        heatMap(canvas, values.map((row) => row.map((value) => value * factor)));
      }
      picked.style.top = `${zoom * ((now ? tokens[now - 1] : 0) + 0.5) - 2}px`;      // a one-hot input picks one row of W_x
      picked.hidden = !now;
      weights.W_y.canvas.style.opacity = now && reads(now - 1) ? 1 : 0.4;
    }

    function drawBars() {
      const barWidth = Math.floor(barsBox.getBoundingClientRect().width) / V;
      const p = now && reads(now - 1) ? ps[now - 1] : null;
      const next = now < tokens.length ? tokens[now] : null;
      const parts = [shape("path", { d: `M0 104.5H${barWidth * V}`, class: "u-axis" })];
      parts.push(shape("text", { x: 0, y: 12, style: "font-size: 0.85rem" }, p ? `Read out of h: the next symbol, at step ${now}` : "No output is read at this step"));
      [...alphabet].forEach((character, v) => {
        const x = (v + 0.5) * barWidth;
        const marked = p && v === next;
        if (p) parts.push(shape("rect", { x: x - 0.4 * barWidth, y: 104 - 76 * p[v], width: 0.8 * barWidth, height: 76 * p[v], fill: "var(--u-positive)" }));
        parts.push(shape("text", {
          x, y: 118, "text-anchor": "middle", style: `font-size: ${Math.min(13, barWidth + 2.5)}px`, "font-weight": marked ? 700 : 400,
        }, shown(character)));
        if (marked) parts.push(shape("path", { d: `M${x} 122l4 7h-8z`, fill: "var(--u-ink)" }));
      });
      if (p) {
        const likeliest = p.indexOf(Math.max(...p));
        const x = Math.min(barWidth * V - 18, Math.max(18, (likeliest + 0.5) * barWidth));
        parts.push(shape("text", { x, y: 99 - 76 * p[likeliest], "text-anchor": "middle" }, percent(p[likeliest])));
      }
      bars.replaceChildren(...parts);
      bars.setAttribute("aria-label", p ? `Probabilities of the next symbol: ${ranking(p, 5)}` : "No output is read at this step.");
    }

    function ranking(p, many) {
      const order = [...p.keys()].sort((a, b) => p[b] - p[a]).slice(0, many);
      return order.map((v) => `${named(alphabet[v])} ${percent(p[v])}`).join(", ");
    }

    function noteText() {
      if (!hs.length) return "Type a text, or pick one below.";
      if (mode === "one-to-many") return `Written from “${alphabet[tokens[0]]}”: ${tokens.slice(1, now + 1).map((token) => alphabet[token]).join("")}`;
      const strangers = [...new Set(ui.get("text").toLowerCase())].filter((character) => !alphabet.includes(character));
      const spaces = strangers.length ? ` Read as spaces: ${strangers.slice(0, 6).join(" ")}${strangers.length > 6 ? " …" : ""}` : "";
      if (mode === "many-to-one") return `The whole text, one answer: ${now === hs.length ? ranking(ps.at(-1), 3) : "at the last step"}.${spaces}`;
      if (hs.length < 2) return spaces || "Underlined where the likeliest symbol is the one that came.";
      const bits = tokens.slice(1).reduce((sum, token, t) => sum - Math.log2(ps[t][token]), 0) / (tokens.length - 1);
      const cost = `This text costs the network ${number(bits)} bits a character`;
      return spaces ? `${cost}.${spaces}` : `${cost}; guessing among ${V} symbols would cost ${number(Math.log2(V))}.`;
    }

    function spoken() {
      if (!now) return "";
      const past = tokens.slice(Math.max(0, now - 12), now).map((token) => alphabet[token]).join("");
      return reads(now - 1) ? `Step ${now}: after “${past}” it expects ${ranking(ps[now - 1], 3)}.` : `Step ${now}: “${past}” is read, nothing is asked yet.`;
    }
  });

  return ui.dispose;
}

const arrow = (x, from, to, pen) => shape("path", { d: `M${x} ${from}V${to}m-3.5 5l3.5 -5l3.5 5`, ...pen });

// The name of a weight, around (x, y), on a ground of its own.
function weightName(letter, x, y) {
  return [
    shape("rect", { x: x - 13, y: y - 14, width: 26, height: 28, rx: 4, style: "fill: var(--u-page)" }),
    shape("text", { x, y: y + 4, "text-anchor": "middle", style: "fill: var(--u-h); font-style: italic" },
      "W", shape("tspan", { dy: 3, "font-size": 10 }, letter)),
  ];
}

export default { render };
