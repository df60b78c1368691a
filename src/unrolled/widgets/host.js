// Mounts the page's widgets without a kernel: each holder brings its state as JSON, each module stands in
// window.unrolledModules, filled by classic scripts, so that a page opened from a folder works too. Right behind each
// holder the page calls unrolledMount: the panel takes the picture's place before anything below
// is laid out, and nothing jumps.
(() => {
  /** @type {any} */
  const shared = window;         // what scripts of the page leave for each other

  // anywidget's model interface, without a kernel behind it.
  function staticModel(state) {
    const handlers = {};
    const emit = (event) => (handlers[event] ?? []).forEach((handler) => handler());
    return {
      get: (name) => state[name],
      set(name, value) {
        if (Object.is(state[name], value)) return;
        state[name] = value;
        emit(`change:${name}`);
        emit("change");
      },
      save_changes() {},
      on: (event, handler) => (handlers[event] ??= []).push(handler),
      off: (event, handler) => (handlers[event] = (handlers[event] ?? []).filter((other) => other !== handler)),
    };
  }

  // --- a state as text, [[name, text], ...], what stands at its start value left out; and back

  // The value that a text stands for, or undefined when the control does not allow it.
  function parse(text, { kind, min, max, values, max_length, pattern = ".*" }) {
    if (kind === "switch") return { 1: true, 0: false }[text];
    if (kind === "choice") return values.find((value) => String(value) === text);
    if (kind === "text") return text.length <= max_length && new RegExp(`^(?:${pattern})$`, "su").test(text)
      ? text : undefined;
    const value = text.trim() === "" ? NaN : Number(text);
    const allowed = value >= min && value <= max && (kind === "number" || Number.isInteger(value));
    return allowed ? value : undefined;
  }

  function toState(entries, controls) {
    const state = {};
    let broken = false;
    for (const [name, text] of entries) {
      const value = Object.hasOwn(controls, name) ? parse(text, controls[name]) : undefined;
      if (value === undefined) broken = true;
      else state[name] = value;
    }
    return { state, broken };
  }

  function toEntries(model, controls, initial) {
    const changed = Object.keys(controls).filter((name) => model.get(name) !== initial[name]);
    return changed.map((name) =>
      [name, String(controls[name].kind === "switch" ? Number(model.get(name)) : model.get(name))]);
  }

  // --- in an address: ?unroll.weight=1.5&unroll.text=hello#unroll

  function fromAddress(id) {
    const own = [...new URLSearchParams(location.search)].filter(([key]) => key.startsWith(`${id}.`));
    return own.map(([key, text]) => [key.slice(id.length + 1), text]);
  }

  // The page's address with these entries in the place of what it says of the widget.
  function addressWith(id, entries) {
    const address = new URL(location.href);
    for (const [name] of fromAddress(id)) address.searchParams.delete(`${id}.${name}`);
    for (const [name, text] of entries) address.searchParams.set(`${id}.${name}`, text);
    return address;
  }

  function linkTo(id, entries) {
    const address = addressWith(id, entries);
    address.hash = id;
    return address.href;
  }

  // --- in the browser's history: whoever goes back to the page, or loads it again, finds what was set there

  const mounted = new Map();        // what each widget's state is, as entries, by the holder's id
  let due = 0;

  function keep(address = location.href) {
    clearTimeout(due);
    due = 0;
    const unrolled = Object.fromEntries([...mounted].map(([id, entries]) => [id, entries()]));
    try {
      history.replaceState({ ...history.state, unrolled }, "", address);
    } catch {
      // a browser that keeps nothing forgets it, and that is all
    }
  }

  const keepSoon = () => (due ||= setTimeout(keep, 200));       // browsers count how often they are asked
  addEventListener("pagehide", () => due && keep());
  addEventListener("hashchange", keepSoon);         // a new place in the history, the same page

  function mount(holder) {
    const start = JSON.parse(holder.querySelector("script[type='application/json']").textContent);
    const { name, controls } = start.about;
    const { id } = holder;
    const initial = Object.fromEntries(Object.keys(controls).map((control) => [control, start[control]]));
    const asked = toState(history.state?.unrolled?.[id] ?? fromAddress(id), controls);
    const model = staticModel({ ...start, ...asked.state });
    const entries = () => toEntries(model, controls, initial);
    const page = {
      initial,
      note: asked.broken ? "Part of this link could not be read; the start value stands there instead." : null,
      link: () => linkTo(id, entries()),
      forget: () => keep(addressWith(id, []).href),
    };
    const el = document.createElement("div");
    holder.append(el);
    holder.dataset.mounted = "true";        // the picture makes room
    try {
      shared.unrolledModules[name].render({ model, el, page });
      mounted.set(id, entries);
      model.on("change", keepSoon);
    } catch (error) {
      el.remove();
      holder.dataset.mounted = "failed";        // the picture stays
      console.error(error);
    }
  }

  shared.unrolledMount = () => {
    for (const holder of
      /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".u-widget:not([data-mounted])"))) {
      if (shared.unrolledModules?.[holder.dataset.widget]) mount(holder);
    }
  };
})();
