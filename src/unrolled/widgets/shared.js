// Helpers that stand in front of every widget's module. A widget uses, by these names:
//   panel(context) -> ui     frame, controls, announcements, redrawing: see below
//   element, shape           new HTML and SVG elements: element("p", { class: "u-note" }, "text", child)
//   scale, line              from values to pixels, from points to a path
//   number, fixed            from a number to its text: of any size, or always two places
//   signed, share            colours for values in [-1, 1] and in [0, 1]
//   heatMap                  a matrix drawn on a canvas
//   unpack                   an array that Python's base.pack made, as a flat list
//   quiet                    attributes of every input: JupyterLab keeps its shortcuts away, the browser does not fill it in
// All other names begin with an underscore.

const _SVG = "http://www.w3.org/2000/svg";

function _fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

const element = (tag, attributes = {}, ...children) => _fill(document.createElement(tag), attributes, children);
const shape = (tag, attributes = {}, ...children) => _fill(document.createElementNS(_SVG, tag), attributes, children);

// scale([0, 10], [40, 300])(5) is 170.
function scale([low, high], [start, end]) {
  return (value) => start + ((value - low) / (high - low || 1)) * (end - start);
}

// The path through points [[x, y], ...]; a point that is not finite leaves a gap.
function line(points) {
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

// A number as a reader wants to see it: 1.50, 0.04, 0.0042, 3.0e−12, with a true minus sign.
function number(value, digits = 2) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not a number" : value > 0 ? "infinity" : "−infinity";
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 10 ** -digits && size < 1e6);
  const small = !plain && size >= 1e-4 && size < 1;
  const text = plain ? value.toFixed(digits) : small ? value.toPrecision(2) : value.toExponential(1).replace("e+", "e");
  return text.replaceAll("-", "−");
}

// A number of the size of 1, always with two places: 0.00, −0.14.
const fixed = (value) => value.toFixed(2).replace("-", "−").replace(/^−(0\.00)$/, "$1");

const _mix = (name, amount) => `color-mix(in srgb, var(--u-${name}) ${(100 * amount).toFixed(0)}%, var(--u-page))`;
const _clip = (value, low, high) => Math.min(high, Math.max(low, value));

// CSS colours: signed(-1) is the negative hue, signed(0) the page, signed(1) the positive hue.
const signed = (value) => _mix(value < 0 ? "negative" : "positive", _clip(Math.abs(value) || 0, 0, 1));
const share = (value, hue = "positive") => _mix(hue, _clip(value || 0, 0, 1));

// Draw rows of values on a <canvas>, one pixel a value (the style sheet enlarges it). hue "signed" is for values in
// [-1, 1]; any colour's name for values in [0, 1]. A value that is null or not a number stays transparent.
function heatMap(canvas, rows, hue = "signed") {
  const height = rows.length;
  const width = rows[0]?.length ?? 0;
  if (!width) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const drawing = canvas.getContext("2d");
  const image = drawing.createImageData(width, height);
  const read = (name) => _rgb(getComputedStyle(canvas).getPropertyValue(`--u-${name}`));
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
function unpack({ scale, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return Array.from(new Int8Array(bytes.buffer), (integer) => integer * scale);
}

const _rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.trim().slice(at, at + 2), 16));

// On the way back to a page, browsers fill in what inputs held, and tell nobody; the state is kept by the page instead.
const _keys = { "data-lm-suppress-shortcuts": "true" };
const quiet = { ..._keys, autocomplete: "off" };

let _panels = 0;

// The frame of a widget. context is what render() was given: { model, el } and, in the published page,
// page: { initial, note: string | null, link() -> address, forget() }. It returns ui:
//   get(name), set({ name: value }), follow(name, show)      the state; show(value) is called now and at each change
//   slider, choice, toggle, textField, button, player        controls, in the order in which they are made
//   svg(words, height), canvas(words, height), stage         places to draw, words being what a screen reader says
//   drag(drawing, (x) => ...)                                 told where the drawing is pressed, in pixels from its left edge
//   onDraw(({ width }) => ...), redraw()                      drawing, at most once a frame
//   say(text)                                                 the status line, shown at once and read aloud once the reader pauses
//   reducedMotion, dispose()
function panel({ model, el, page = null }) {
  const about = model.get("about");
  const id = `u-${about.name}-${++_panels}`;
  const initial = page?.initial ?? Object.fromEntries(Object.keys(about.controls).map((name) => [name, model.get(name)]));
  const cleanups = [];
  const halts = [];         // what stops the players
  const stage = element("div", { class: "u-stage" });
  const controls = element("div", { class: "u-controls" });
  const status = element("p", { class: "u-status" });
  const spoken = element("p", { class: "u-spoken", role: "status" });
  const note = element("p", { class: "u-note", role: "status" });
  const foot = element("div", { class: "u-foot" });
  const title = element("p", { class: "u-title", id: `${id}-title` }, about.title);
  const [first, ...others] = about.tries;
  const lead = element("p", { class: "u-lead", hidden: !first }, first ?? "");
  const frame = element("div", { class: "u-panel", role: "group", "aria-labelledby": `${id}-title` }, title, lead, note, stage, controls, status, spoken, foot);
  el.append(frame);

  const get = (name) => model.get(name);
  const set = (values) => {
    Object.entries(values).forEach(([name, value]) => model.set(name, value));
    model.save_changes();
  };
  const listen = (target, event, handler) => {
    target.addEventListener(event, handler);
    cleanups.push(() => target.removeEventListener(event, handler));
  };
  const follow = (name, show) => {
    const update = () => show(get(name));
    model.on(`change:${name}`, update);
    cleanups.push(() => model.off(`change:${name}`, update));
    update();
  };

  // --- announcements: what is said is shown at once, and read aloud once the reader pauses; the beginning is not read aloud
  let speech = 0;
  let said = null;
  const say = (text, wait = 900) => {         // longer than a step of any player
    if (text === said) return;
    const beginning = said === null;
    status.textContent = said = text;
    clearTimeout(speech);
    if (!beginning) speech = setTimeout(() => (spoken.textContent = text), wait);
  };
  cleanups.push(() => clearTimeout(speech));

  // --- drawing
  const drawers = [];
  let frameRequest = 0;
  let drawnWidth = 0;
  const widthNow = () => Math.floor(stage.getBoundingClientRect().width);
  const drawAll = () => {
    cancelAnimationFrame(frameRequest);
    frameRequest = 0;
    const width = widthNow();
    if (!width) return;
    drawnWidth = width;
    const start = performance.now();
    drawers.forEach((draw) => draw({ width }));
    el.dispatchEvent(new CustomEvent("unrolled:drawn", { bubbles: true, detail: { start, end: performance.now() } }));
  };
  const redraw = () => (frameRequest ||= requestAnimationFrame(drawAll));
  cleanups.push(() => cancelAnimationFrame(frameRequest));
  const onDraw = (draw) => {        // at once: what comes below is laid out where it stays
    drawers.push(draw);
    drawAll();
  };
  model.on("change", redraw);
  cleanups.push(() => model.off("change", redraw));
  const resize = new ResizeObserver(() => widthNow() !== drawnWidth && redraw());
  resize.observe(stage);
  const theme = new MutationObserver(redraw);
  for (const root of [document.documentElement, document.body]) {
    theme.observe(root, { attributeFilter: ["data-theme", "data-jp-theme-light"] });
  }
  cleanups.push(() => resize.disconnect(), () => theme.disconnect());

  // --- controls
  const row = (...children) => {
    const box = element("div", { class: "u-control" }, ...children);
    controls.append(box);
    return box;
  };

  function slider(name, text, { step = null, format = about.controls[name].kind === "integer" ? String : number } = {}) {
    const { kind, min, max } = about.controls[name];
    const input = element("input", {
      type: "range", id: `${id}-${name}`, min, max, step: step ?? (kind === "integer" ? 1 : (max - min) / 100), ...quiet,
    });
    const value = element("output", { for: input.id, "aria-live": "off" });
    listen(input, "input", () => set({ [name]: Number(input.value) }));
    follow(name, (now) => {
      input.value = now;
      value.textContent = format(now);
      input.setAttribute("aria-valuetext", format(now));
    });
    row(element("label", { for: input.id }, text), input, value);
    return input;
  }

  function choice(name, text, labels) {
    const group = element("fieldset", { class: "u-choice" }, element("legend", {}, text));
    for (const [value, words] of Object.entries(labels)) {
      const input = element("input", { type: "radio", name: `${id}-${name}`, value, id: `${id}-${name}-${value}`, ...quiet });
      listen(input, "change", () => set({ [name]: value }));
      follow(name, (now) => (input.checked = now === value));
      group.append(element("span", { class: "u-option" }, input, element("label", { for: input.id }, words)));
    }
    row(group);
    return group;
  }

  function toggle(name, text) {
    const input = element("input", { type: "checkbox", id: `${id}-${name}`, ...quiet });
    listen(input, "change", () => set({ [name]: input.checked }));
    follow(name, (now) => (input.checked = now));
    row(element("span", { class: "u-option" }, input, element("label", { for: input.id }, text)));
    return input;
  }

  function textField(name, text) {
    const { max_length } = about.controls[name];
    const input = element("input", {
      type: "text", id: `${id}-${name}`, maxlength: max_length, spellcheck: "false", ...quiet,
    });
    listen(input, "input", () => set({ [name]: input.value }));
    follow(name, (now) => {
      if (input.value !== now) input.value = now;
    });
    row(element("label", { for: input.id }, text), input);
    return input;
  }

  function button(text, onPress, place = controls) {
    const node = element("button", { type: "button", class: "u-button", ..._keys }, text);
    listen(node, "click", onPress);
    place.append(node);
    return node;
  }

  // A slider over an integer control with buttons to step and to play. last() is the last position, for sequences
  // whose length changes; interval is in milliseconds; it stands right below the drawing that it plays, if one is named.
  function player(name, text, { last = () => about.controls[name].max, interval = 600, below = null } = {}) {
    let timer = 0;
    const buttons = element("div", { class: "u-buttons" });
    const go = (position) => set({ [name]: _clip(position, about.controls[name].min, last()) });
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
    };
    const tick = () => (get(name) < last() ? go(get(name) + 1) : stop());
    const back = button("Back", () => (stop(), go(get(name) - 1)), buttons);
    const play = button("Play", () => {
      if (timer) return stop();
      if (get(name) >= last()) go(about.controls[name].min);
      timer = setInterval(tick, interval);
      play.textContent = "Pause";
    }, buttons);
    play.classList.add("u-primary");
    const next = button("Step", () => (stop(), go(get(name) + 1)), buttons);
    const input = slider(name, text);
    const box = element("div", { class: "u-player" }, buttons, input.parentElement);
    if (below) below.after(box);
    else controls.append(box);
    listen(input, "pointerdown", stop);
    listen(input, "keydown", stop);
    const limit = () => {
      input.max = last();
      input.value = get(name);
      if (get(name) > last()) go(last());       // a link may ask for a step that there is not
      for (const [node, off] of [[back, get(name) <= about.controls[name].min], [next, get(name) >= last()]]) {
        node.setAttribute("aria-disabled", off);
      }
    };
    drawers.push(limit);
    halts.push(stop);
    cleanups.push(() => clearInterval(timer));
    return { play, stop, go };
  }

  // --- places to draw; they belong to the stage, in the order in which they are made
  function svg(words, height) {
    const node = shape("svg", { class: "u-svg", role: "img", "aria-label": words, width: "100%", height });
    stage.append(node);
    return node;
  }

  function canvas(words, height) {
    const node = element("canvas", { class: "u-heat", role: "img", "aria-label": words, style: `height: ${height}px` });
    stage.append(node);
    return node;
  }

  // Pressing or dragging on a drawing. A finger that moves up or down scrolls the page and must change nothing on its way,
  // so a finger counts from where it has moved sideways, or where it is lifted.
  function drag(drawing, move) {
    Object.assign(drawing.style, { touchAction: "pan-y pinch-zoom", userSelect: "none", cursor: "pointer" });
    const tell = ({ clientX }) => move(clientX - drawing.getBoundingClientRect().left);
    let landed = null;
    listen(drawing, "pointerdown", (event) => {
      if (event.button) return;         // the other buttons are not for dragging
      drawing.setPointerCapture(event.pointerId);
      landed = event.pointerType === "touch" ? event.clientX : null;
      if (landed === null) tell(event);
    });
    listen(drawing, "pointermove", (event) => {
      if (!drawing.hasPointerCapture(event.pointerId) || (landed !== null && Math.abs(event.clientX - landed) < 8)) return;
      landed = null;
      tell(event);
    });
    listen(drawing, "pointerup", (event) => drawing.hasPointerCapture(event.pointerId) && tell(event));
  }

  // --- what stands below: reset, the link, what else to try
  button("Reset", () => {
    halts.forEach((halt) => halt());
    set(initial);
    page?.forget();
    note.textContent = "";
    say("Back at the start.", 0);
  }, foot);
  if (page) {
    const copy = button("Copy link", async () => {
      const address = page.link();
      try {
        await navigator.clipboard.writeText(address);
        say("The link to this state is copied.", 0);
        copy.textContent = "Link copied";       // the status line may already speak of the next step
        setTimeout(() => (copy.textContent = "Copy link"), 1500);
      } catch {
        const field = element("input", { type: "text", class: "u-link", readonly: true, value: address, "aria-label": "Link to this state" });
        foot.querySelector(".u-link")?.remove();
        foot.append(field);
        field.select();
        say("Copy the link from the field.", 0);
      }
    }, foot);
    if (page.note) setTimeout(() => (note.textContent = page.note));      // a change is read aloud, a beginning is not
  }
  if (others.length) {
    const items = others.map((words) => element("li", {}, words));
    frame.append(element("div", { class: "u-tries" }, element("p", { class: "u-tries-title" }, "Then try"), element("ul", {}, ...items)));
  }

  return {
    get, set, follow, slider, choice, toggle, textField, button, player, svg, canvas, stage, controls,
    drag, onDraw, redraw, say,
    reducedMotion: matchMedia("(prefers-reduced-motion: reduce)").matches,
    dispose: () => {
      cleanups.forEach((cleanup) => cleanup());
      frame.remove();
    },
  };
}
