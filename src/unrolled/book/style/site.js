// The page's own script: the theme's button, Ctrl+K for the search, copy buttons on code, the present section's mark.
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
  addEventListener("pageshow", (event) => event.persisted && follow());       // or on the page that was left for this one
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      document.querySelector("#top-query").focus();
    }
  });

  // The search's words for what it found, and how much of it.
  if (typeof Documentation !== "undefined") {
    Object.assign(Documentation.TRANSLATIONS, {
      "Search Results": "Results",
      "Search finished, found ${resultCount} page(s) matching the search query.": "Places found: ${resultCount}.",
      "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
        "Nothing was found: no page has all of these words. The commonest words, such as “the”, are not looked for.",
    });
  }

  // A page that was opened from a folder may not read the others: the search's results then stand without their surroundings.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  // What is wider than the screen is scrolled, also from the keyboard.
  const reach = () => {
    for (const box of document.querySelectorAll("pre, .u-table, .u-equation")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  reach();
  addEventListener("resize", reach);

  for (const code of navigator.clipboard ? document.querySelectorAll(".highlight") : []) {
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

  const links = new Map([...document.querySelectorAll(".here a[href^='#']")].map((link) => [link.hash.slice(1), link]));
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        links.forEach((link) => link.removeAttribute("aria-current"));
        links.get(target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "0px 0px -70% 0px" },
  );
  links.forEach((_, id) => {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  });
})();
