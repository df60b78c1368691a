// Helpers of all widgets, which import by these names what they use:
//   panel(context) -> ui     frame, controls, announcements, redrawing: see below
//   element, shape           new HTML and SVG elements: element("p", { class: "u-note" }, "text", child)
//   renew                    other attributes for an element that stays: what a finger holds must not be made anew
//   scale, line              from values to pixels, from points to a path
//   number, fixed, power     from a number to its text: of any size, always two places, a power of ten
//   signed, share            colours for values in [-1, 1] and in [0, 1]
//   heatMap                  a matrix drawn on a canvas
//   unpack                   an array that Python's base.pack made, as a flat list
//   clip                     a value, held between two others
//   quiet                    attributes of every input: JupyterLab keeps its shortcuts away, the browser does not
//                            fill it in

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

export const element = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const renew = (node, attributes) => fill(node, attributes, []);
export const shape = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

// scale([0, 10], [40, 300])(5) is 170.
export function scale([low, high], [start, end]) {
  return (value) => start + ((value - low) / (high - low || 1)) * (end - start);
}

// The path through points [[x, y], ...]; a point that is not finite leaves a gap.
export function line(points) {
  let pen = "M";
  let path = "";
  for (const [x, y] of points) {
    if (Number.isFinite(x) && Number.isFinite(y)) {
      path += `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
    } else pen = "M";
  }
  return path;
}

// A power of ten by its exponent: 10⁻¹².
export const power = (exponent) => (exponent
  ? `10${[...String(exponent)].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c] ?? "⁻").join("")}` : "1");

// A number as a reader wants to see it: 1.50, 0.04, 0.0042, 3.0 × 10⁻¹², with a true minus sign.
export function number(value, digits = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "infinity" : "−infinity";
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 10 ** -digits && size < 1e6);
  const small = !plain && size >= 1e-4 && size < 1;
  const text = plain ? value.toFixed(digits) : small ? value.toPrecision(2) : value.toExponential(1);
  const [significand, exponent] = text.replaceAll("-", "−").split("e");
  return exponent ? `${significand}\u00a0×\u00a0${power(Number(exponent.replace("−", "-")))}` : significand;
}

// A number of the size of 1, always with two places: 0.00, −0.14.
export const fixed = (value) => value.toFixed(2).replace("-", "−").replace(/^−(0\.00)$/, "$1");

const mix = (name, amount) => `color-mix(in srgb, var(--u-${name}) ${(100 * amount).toFixed(0)}%, var(--u-page))`;
export const clip = (value, low, high) => Math.min(high, Math.max(low, value));

// CSS colours: signed(-1) is the negative hue, signed(0) the page, signed(1) the positive hue.
export const signed = (value) => mix(value < 0 ? "negative" : "positive", clip(Math.abs(value) || 0, 0, 1));
export const share = (value, hue = "positive") => mix(hue, clip(value || 0, 0, 1));

// Draw rows of values on a <canvas>, one pixel a value (the style sheet enlarges it). hue "signed" is for values in
// [-1, 1]; any colour's name for values in [0, 1]. A value that is null or not a number stays transparent.
export function heatMap(canvas, rows, hue = "signed") {
  const height = rows.length;
  const width = rows[0]?.length ?? 0;
  if (!width) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const drawing = canvas.getContext("2d");
  const image = drawing.createImageData(width, height);
  const read = (name) => rgb(getComputedStyle(canvas).getPropertyValue(`--u-${name}`));
  const below = hue === "signed" ? read("negative") : null;
  const above = read(hue === "signed" ? "positive" : hue);
  rows.forEach((row, y) =>
    row.forEach((value, x) => {
      if (value === null || Number.isNaN(value)) return;
      const [red, green, blue] = value < 0 && below ? below : above;
      image.data.set([red, green, blue, 255 * Math.min(1, Math.abs(value))], 4 * (y * width + x));
    }),
  );
  drawing.putImageData(image, 0, 0);
}

// An array that came as 8-bit integers in base64, and one scale: its numbers, row after row.
export function unpack({ scale: unit, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return Array.from(new Int8Array(bytes.buffer), (integer) => integer * unit);
}

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));

// On the way back to a page, browsers fill in what inputs held, and tell nobody;
// the state is kept by the page instead.
const keys = { "data-lm-suppress-shortcuts": "true" };
export const quiet = { ...keys, autocomplete: "off" };

let panels = 0;

// The frame of a widget. context is what render() was given: { model, el } and, in the published page,
// page: { initial, note: string | null, link() -> address, forget() }. It returns ui:
//   get(name), values(...names), set({ name: value })        the state: one value, or several as { name: value }
//   follow(name, show)                                       show(value) is called now and at each change
//   slider, choice, toggle, textField, button, player        controls, in the order in which they are made
//   svg(words, height), canvas(words, height), stage         places to draw, words being what a screen reader says
//   fold(words, build)                                       what is wanted less often: build() makes its controls and
//                                                            drawings
//   drag(drawing, (x, y, grip) => ...)                       told where the drawing is pressed, in pixels from its
//                                                            upper left corner
//   onDraw(({ width }) => ...), redraw()                      drawing, at most once a frame
//   say(text)                                                 the status line, shown at once and read aloud once the
//                                                             reader pauses
//   reducedMotion, dispose()
export const panel = (context) => new Panel(context);

class Panel {
  reducedMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stage = element("div", { class: "u-stage" });
  controls = element("div", { class: "u-controls" });
  #status = element("p", { class: "u-status" });
  #spoken = element("p", { class: "u-spoken", role: "status" });
  #note = element("p", { class: "u-note", role: "status" });
  #folds = element("div");
  #foot = element("div", { class: "u-foot" });
  #buttons = element("div", { class: "u-buttons" });
  #names = new Set();         // of the controls made so far
  #cleanups = [];
  #halts = [];        // what stops the players
  #drawers = [];

  constructor({ model, el, page = null }) {
    this.model = model;
    this.el = el;
    this.about = model.get("about");
    this.id = `u-${this.about.name}-${++panels}`;
    this.initial = page?.initial
      ?? Object.fromEntries(Object.keys(this.about.controls).map((name) => [name, this.get(name)]));
    this.frame = this.#layOut();
    el.append(this.frame);
    this.#redrawWhenNeeded();
    this.#addReset(page);
    if (page) this.#addLink(page);
    if (page?.note)
      setTimeout(() => (this.#note.textContent = page.note));       // a change is read aloud, a beginning is not
  }

  #layOut() {
    const { title, tries } = this.about;
    const [first, ...others] = tries;
    const heading = element("p", { class: "u-title", id: `${this.id}-title` }, title);
    const lead = element("p", { class: "u-lead", hidden: !first }, first ?? "");
    if (others.length) {
      const items = others.map((words) => element("li", {}, words));
      const summary = element("summary", {},
        `Then try ${others.length} more ${others.length > 1 ? "things" : "thing"}`);
      this.#foot.append(element("details", { class: "u-tries" }, summary, element("ul", {}, ...items)));
    }
    this.#foot.append(this.#buttons);
    return element("div", { class: "u-panel", role: "group", "aria-labelledby": heading.id },
      heading, lead, this.#note, this.stage, this.controls, this.#status, this.#spoken, this.#folds, this.#foot);
  }

  dispose = () => {
    this.#cleanups.forEach((cleanup) => cleanup());
    this.frame.remove();
  };

  // --- the state

  get(name) {
    return this.model.get(name);
  }

  /** @template {string} Name @param {Name[]} names @returns {Record<Name, any>} */
  values(...names) {
    return Object.assign({}, ...names.map((name) => ({ [name]: this.get(name) })));
  }

  set(values) {
    Object.entries(values).forEach(([name, value]) => this.model.set(name, value));
    this.model.save_changes();
  }

  follow(name, show) {
    this.#names.add(name);
    const update = () => show(this.get(name));
    this.#onModel(`change:${name}`, update);
    update();
  }

  #onModel(event, handler) {
    this.model.on(event, handler);
    this.#cleanups.push(() => this.model.off(event, handler));
  }

  #listen(target, event, handler) {
    target.addEventListener(event, handler);
    this.#cleanups.push(() => target.removeEventListener(event, handler));
  }

  // --- announcements: what is said is shown at once, and read aloud once the reader pauses;
  // the beginning is not read aloud
  #said = null;
  #speech = 0;

  say(text, wait = 900) {         // longer than a step of any player
    if (text === this.#said) return;
    const beginning = this.#said === null;
    this.#status.textContent = this.#said = text;
    clearTimeout(this.#speech);
    if (!beginning) this.#speech = setTimeout(() => (this.#spoken.textContent = text), wait);
  }

  // --- drawing
  #request = 0;
  #drawnWidth = 0;

  onDraw(draw) {        // at once: what comes below is laid out where it stays
    this.#drawers.push(draw);
    this.#drawAll();
  }

  redraw = () => (this.#request ||= requestAnimationFrame(this.#drawAll));

  #drawAll = () => {
    cancelAnimationFrame(this.#request);
    this.#request = 0;
    const width = this.#widthNow();
    if (!width) return;
    this.#drawnWidth = width;
    const start = performance.now();
    this.#drawers.forEach((draw) => draw({ width }));
    this.el.dispatchEvent(
      new CustomEvent("unrolled:drawn", { bubbles: true, detail: { start, end: performance.now() } }));
  };

  #widthNow() {
    return Math.floor(this.stage.getBoundingClientRect().width);
  }

  #redrawWhenNeeded() {
    this.#onModel("change", this.redraw);
    const resize = new ResizeObserver(() => this.#widthNow() !== this.#drawnWidth && this.redraw());
    resize.observe(this.stage);
    const theme = new MutationObserver(this.redraw);
    for (const root of [document.documentElement, document.body]) {
      theme.observe(root, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
    }
    this.#cleanups.push(() => {
      clearTimeout(this.#speech);
      cancelAnimationFrame(this.#request);
      resize.disconnect();
      theme.disconnect();
    });
  }

  // --- controls

  // What build() makes stands folded away below; open from the beginning where a link has set something in it.
  fold(words, build) {
    const [controls, stage, names] = [this.controls, this.stage, this.#names];
    this.controls = element("div", { class: "u-controls" });
    this.stage = element("div", { class: "u-stage" });
    this.#names = new Set();
    build();
    const open = [...this.#names].some((name) => this.get(name) !== this.initial[name]);
    const box = element("details", { class: "u-fold", open, ontoggle: this.redraw },
      element("summary", {}, words), this.stage, this.controls);
    [this.controls, this.stage, this.#names] = [controls, stage, names];
    this.#folds.append(box);
    return box;
  }

  #row(...children) {
    this.controls.append(element("div", { class: "u-control" }, ...children));
  }

  slider(name, text, { step = null, format = null } = {}) {
    const { kind, min, max } = this.about.controls[name];
    const whole = kind === "integer";
    const words = format ?? (whole ? String : number);
    const id = `${this.id}-${name}`;
    const input = element("input", {
      type: "range", id, min, max, step: step ?? (whole ? 1 : (max - min) / 100), ...quiet,
    });
    const value = element("output", { for: id, "aria-live": "off" });
    this.#listen(input, "input", () => this.set({ [name]: Number(input.value) }));
    this.follow(name, (now) => {
      input.value = now;
      value.textContent = words(now);
      input.setAttribute("aria-valuetext", words(now));
    });
    this.#row(element("label", { for: id }, text), input, value);
    return input;
  }

  choice(name, text, labels) {
    const group = element("fieldset", { class: "u-choice" }, element("legend", {}, text));
    for (const [value, words] of Object.entries(labels)) {
      const id = `${this.id}-${name}-${value}`;
      const input = element("input", { type: "radio", name: `${this.id}-${name}`, value, id, ...quiet });
      this.#listen(input, "change", () => this.set({ [name]: value }));
      this.follow(name, (now) => (input.checked = now === value));
      group.append(element("span", { class: "u-option" }, input, element("label", { for: id }, words)));
    }
    this.#row(group);
    return group;
  }

  toggle(name, text) {
    const id = `${this.id}-${name}`;
    const input = element("input", { type: "checkbox", id, ...quiet });
    this.#listen(input, "change", () => this.set({ [name]: input.checked }));
    this.follow(name, (now) => (input.checked = now));
    this.#row(element("span", { class: "u-option" }, input, element("label", { for: id }, text)));
    return input;
  }

  textField(name, text) {
    const id = `${this.id}-${name}`;
    const input = element("input", {
      type: "text", id, maxlength: this.about.controls[name].max_length, spellcheck: "false", ...quiet,
    });
    this.#listen(input, "input", () => this.set({ [name]: input.value }));
    this.follow(name, (now) => {
      if (input.value !== now) input.value = now;
    });
    this.#row(element("label", { for: id }, text), input);
    return input;
  }

  button(text, onPress, place = this.controls) {
    const node = element("button", { type: "button", class: "u-button", ...keys }, text);
    this.#listen(node, "click", onPress);
    place.append(node);
    return node;
  }

  // A slider over an integer control with buttons to step and to play. last() is the last position, for sequences
  // whose length changes; interval is in milliseconds; it stands right below the drawing that it plays,
  // if one is named.
  player(name, text, { last = () => this.about.controls[name].max, interval = 600, below = null } = {}) {
    const { min } = this.about.controls[name];
    const go = (position) => this.set({ [name]: clip(position, min, last()) });
    const clock = this.#clock(interval, () => (this.get(name) < last() ? go(this.get(name) + 1) : stop()));
    const stop = () => {
      if (clock.runs()) this.redraw();          // a drawing may show more when nothing plays
      clock.stop();
      play.textContent = "Play";
    };
    const start = () => {
      if (this.get(name) >= last()) go(min);
      clock.start();
      play.textContent = "Pause";
    };
    const buttons = element("div", { class: "u-buttons" });
    const back = this.button("Back", () => (stop(), go(this.get(name) - 1)), buttons);
    const play = this.button("Play", () => (clock.runs() ? stop() : start()), buttons);
    play.classList.add("u-primary");
    const next = this.button("Step", () => (stop(), go(this.get(name) + 1)), buttons);
    const input = this.slider(name, text);
    const box = element("div", { class: "u-player" }, buttons, input.parentElement);
    if (below) below.after(box);
    else this.controls.append(box);
    for (const event of ["pointerdown", "keydown"]) this.#listen(input, event, stop);
    this.#drawers.push(() => {
      const now = this.get(name);
      input.max = last();
      input.value = now;
      if (now > last()) go(last());         // a link may ask for a step that there is not
      back.setAttribute("aria-disabled", this.get(name) <= min);
      next.setAttribute("aria-disabled", this.get(name) >= last());
    });
    this.#halts.push(stop);
    return { play, stop, go, runs: () => clock.runs() };
  }

  #clock(interval, tick) {
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
    };
    this.#cleanups.push(stop);
    return { stop, start: () => (timer = setInterval(tick, interval)), runs: () => Boolean(timer) };
  }

  // --- places to draw; they belong to the stage, in the order in which they are made

  svg(words, height) {
    const node = shape("svg", { class: "u-svg", role: "img", "aria-label": words, width: "100%", height });
    this.stage.append(node);
    return node;
  }

  canvas(words, height) {
    const node = element("canvas", {
      class: "u-heat", role: "img", "aria-label": words, style: `height: ${height}px`,
    });
    this.stage.append(node);
    return node;
  }

  // Pressing or dragging on a drawing. A finger that moves up or down scrolls the page and must change nothing on its
  // way, so a finger counts from where it has moved sideways, or where it is lifted. What is there to be taken hold of
  // has a data-grip: on it a finger scrolls nothing and counts at once, and move is told its
  // name, as long as the drag lasts.
  drag(drawing, move) {
    Object.assign(drawing.style, { touchAction: "pan-y pinch-zoom", userSelect: "none", cursor: "pointer" });
    let [landed, grip] = [null, null];
    const tell = ({ clientX, clientY }) => {
      const { left, top } = drawing.getBoundingClientRect();
      move(clientX - left, clientY - top, grip);
    };
    this.#listen(drawing, "pointerdown", (event) => {
      if (event.button) return;         // the other buttons are not for dragging
      drawing.setPointerCapture(event.pointerId);
      grip = event.target.closest("[data-grip]")?.dataset.grip ?? null;
      landed = event.pointerType === "touch" && !grip ? event.clientX : null;
      if (landed === null) tell(event);
    });
    this.#listen(drawing, "pointermove", (event) => {
      if (!drawing.hasPointerCapture(event.pointerId)
        || (landed !== null && Math.abs(event.clientX - landed) < 8)) return;
      landed = null;
      tell(event);
    });
    this.#listen(drawing, "pointerup", (event) => drawing.hasPointerCapture(event.pointerId) && tell(event));
  }

  // --- what stands below: reset, and the link

  #addReset(page) {
    this.button("Reset", () => {
      this.#halts.forEach((halt) => halt());
      this.set(this.initial);
      page?.forget();
      this.#note.textContent = "";
      this.say("Back at the start.", 0);
    }, this.#buttons);
  }

  #addLink(page) {
    const copy = this.button("Copy link", async () => {
      const address = page.link();
      try {
        await navigator.clipboard.writeText(address);
        this.say("The link to this state is copied.", 0);
        copy.textContent = "Link copied";       // the status line may already speak of the next step
        setTimeout(() => (copy.textContent = "Copy link"), 1500);
      } catch {
        this.#showLink(address);
      }
    }, this.#buttons);
  }

  #showLink(address) {
    const field = element("input", {
      type: "text", class: "u-link", readonly: true, value: address, "aria-label": "Link to this state",
    });
    this.#foot.querySelector(".u-link")?.remove();
    this.#foot.append(field);
    field.select();
    this.say("Copy the link from the field.", 0);
  }
}
