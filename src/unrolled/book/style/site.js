// The page's own script: the theme's button, Ctrl+K for the search, links into the page, copy buttons on code, the
// present section's mark, and what "Run it here" loads.
// followTheme stands in the page's head, since it must run before anything is drawn.
(() => {
  const root = document.documentElement;

  const button = document.querySelector(".theme-button");
  const name = () => {
    const other = root.dataset.theme === "dark" ? "light" : "dark";
    button.textContent = other === "dark" ? "Dark" : "Light";
    button.setAttribute("aria-label", `Switch to the ${other} theme`);
  };
  button.hidden = false;
  name();
  button.addEventListener("click", () => {
    root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.theme = root.dataset.theme;
    } catch {
      // a browser that stores nothing forgets the choice, and that is all
    }
    name();
  });
  const follow = () => {
    followTheme();
    name();
  };
  addEventListener("storage", follow);        // chosen in another tab
  addEventListener("pageshow", (event) => event.persisted && follow());    // or on the page that was left for this one
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);

  const contents = document.querySelector("#contents");
  contents.addEventListener("click", (event) =>
    event.target.closest("a") && contents.matches(":popover-open") && contents.hidePopover());

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.querySelector("#top-query").focus();
    }
  });

  // What is wider than the screen is scrolled, also from the keyboard. All widths are read before anything is written.
  const reach = () => {
    const boxes = [...document.querySelectorAll("pre, .u-table, .u-equation")];
    const wider = boxes.map((box) => box.scrollWidth > box.clientWidth);
    boxes.forEach((box, i) => (wider[i] ? (box.tabIndex = 0) : box.removeAttribute("tabindex")));
  };
  reach();
  addEventListener("resize", reach);

  // --- a link into the page

  // Words where they begin a word, a phrase with hyphens or without; whatever ends the word belongs to it.
  window.unrolledPattern = (words) => {
    const safe = words.map((word) =>
      word.split(/[\s-]+/).map((part) => part.replace(/[^\p{L}\p{N}_]/gu, "\\$&")).join("[\\s-]+"));
    const longestFirst = safe.sort((a, b) => b.length - a.length);
    return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${longestFirst.join("|")})[\\p{L}\\p{N}_]*`, "giu");
  };

  // The places of words in a part of the page that can be seen; where there are none, a fold that has some is opened.
  function placesOf(words, part) {
    const pattern = unrolledPattern(words);
    const texts = [];
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (walker.currentNode.data.search(pattern) >= 0) texts.push(walker.currentNode);
    const seen = (text) => text.parentElement.checkVisibility();
    if (!texts.some(seen)) {
      const fold = texts.map((text) => text.parentElement.closest("details")).find((details) => details);
      if (fold) fold.open = true;
    }
    const found = [];
    for (const text of texts.filter(seen)) {
      for (const match of text.data.matchAll(pattern)) {
        const range = new Range();
        range.setStart(text, match.index);
        range.setEnd(text, match.index + match[0].length);
        found.push(range);
      }
    }
    return found;
  }

  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const sought = new URLSearchParams(location.search).getAll("find");
  const found = target && sought.length ? placesOf(sought, target.closest("section, .citation") ?? target) : [];
  if (found.length && CSS.highlights) CSS.highlights.set("found", new Highlight(...found));

  // What stands above the place may still grow, as when the font of the formulae arrives: once all is there, look
  // again, unless the reader has taken over, or comes back to where they were.
  if (target && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    let taken = false;
    for (const event of ["wheel", "touchstart", "pointerdown", "keydown"]) {
      addEventListener(event, () => (taken = true), { once: true, passive: true });
    }
    const land = () => {
      if (taken) return;
      target.scrollIntoView();
      const word = found[0]?.getBoundingClientRect();
      if (word?.bottom > innerHeight) scrollBy(0, word.top - innerHeight / 2);
    };
    land();
    addEventListener("load", () => document.fonts.ready.then(land));
  }

  for (const code of navigator.clipboard ? document.querySelectorAll(".highlight:not(.u-code *)") : []) {
    const pre = code.querySelector("pre");
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "copy-button";
    copy.textContent = "Copy";
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(pre.innerText.trimEnd());
        copy.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(pre);
        copy.textContent = "Selected";        // where the browser does not let a page copy
      }
      setTimeout(() => (copy.textContent = "Copy"), 1500);
    });
    code.append(copy);
  }

  // --- "Run it here": all that it takes comes at the first press

  const home = document.currentScript.src;
  let runner = null;
  const loadRunner = () => new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), {
      src: new URL("run_here.js", home).href, onload: resolve, onerror: reject,
    }));
  });
  for (const press of document.querySelectorAll(".u-run button")) {
    press.addEventListener("click", async () => {
      try {
        await (runner ??= loadRunner());
      } catch {
        runner = null;
        press.nextElementSibling.textContent = "This could not be loaded. Try again once the page can be reached.";
        return;
      }
      unrolledRunHere(press);
    });
  }

  const links = new Map([...document.querySelectorAll(".here a[href^='#']")]
    .map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target: section } of entries) {
        if (!isIntersecting) continue;
        links.forEach((link) => link.removeAttribute("aria-current"));
        links.get(section.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  links.forEach((_, id) => {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  });
})();
