// Mounts the page's widgets without a kernel: each holder brings its state as JSON, each module comes as text
// (window.unrolledModules, filled by classic scripts), so that a page opened from a folder works too.
(() => {
  const modules = {};

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

  // The value that text in an address stands for, or undefined when the control does not allow it.
  function parse(text, { kind, min, max, values, max_length }) {
    if (kind === "switch") return { 1: true, 0: false }[text];
    if (kind === "choice") return values.find((value) => String(value) === text);
    if (kind === "text") return text.length <= max_length ? text : undefined;
    const value = text.trim() === "" ? NaN : Number(text);
    const allowed = value >= min && value <= max && (kind === "number" || Number.isInteger(value));
    return allowed ? value : undefined;
  }

  // A state's address: ?unroll.weight=1.5&unroll.text=hello#unroll, the defaults left out.
  function shareable(id, controls, initial) {
    return (state) => {
      const address = new URL(location.href);
      for (const name of [...address.searchParams.keys()]) {
        if (name.startsWith(`${id}.`)) address.searchParams.delete(name);
      }
      for (const [name, value] of Object.entries(state)) {
        if (value === initial[name]) continue;
        address.searchParams.set(`${id}.${name}`, controls[name].kind === "switch" ? Number(value) : value);
      }
      address.hash = id;
      return address.href;
    };
  }

  // The state that the page's address asks for; what it may not ask for is left out, and said in a note.
  function requested(id, controls) {
    const state = {};
    let broken = false;
    for (const [key, text] of new URLSearchParams(location.search)) {
      if (!key.startsWith(`${id}.`)) continue;
      const name = key.slice(id.length + 1);
      const value = Object.hasOwn(controls, name) ? parse(text, controls[name]) : undefined;
      if (value === undefined) broken = true;
      else state[name] = value;
    }
    return { state, note: broken ? "Part of this link could not be read; the start value stands there instead." : null };
  }

  function load(name) {
    modules[name] ??= import(URL.createObjectURL(new Blob([window.unrolledModules[name]], { type: "text/javascript" })));
    return modules[name];
  }

  async function mount(holder) {
    holder.dataset.mounted = "pending";
    const state = JSON.parse(holder.querySelector("script[type='application/json']").textContent);
    const { name, controls } = state.about;
    const initial = Object.fromEntries(Object.keys(controls).map((control) => [control, state[control]]));
    const asked = requested(holder.id, controls);
    const page = { initial, note: asked.note, link: shareable(holder.id, controls, initial) };
    const el = document.createElement("div");
    try {
      const module = await load(name);
      holder.append(el);
      module.default.render({ model: staticModel({ ...state, ...asked.state }), el, page });
      holder.dataset.mounted = "true";
    } catch (error) {
      el.remove();
      holder.dataset.mounted = "failed";      // the picture stays
      console.error(error);
    }
  }

  // Whether the parser is past an element: something follows it, or it is at its end.
  function isWhole(node) {
    while (node && !node.nextSibling) node = node.parentNode;
    return node !== null || document.readyState !== "loading";
  }

  function mountAll() {
    for (const holder of document.querySelectorAll(".u-widget:not([data-mounted])")) {
      if (window.unrolledModules?.[holder.dataset.widget] && isWhole(holder)) mount(holder);
    }
  }

  window.unrolledMount = mountAll;      // called by a module's script that arrives after this one
  const parser = new MutationObserver(mountAll);        // a long page is not awaited to its end
  parser.observe(document, { childList: true, subtree: true });
  document.addEventListener("readystatechange", () => {
    parser.disconnect();
    mountAll();
  });
  mountAll();
})();
