// The search page: MiniSearch over the book's places (places.js). A result opens at its place, the words marked there.
(() => {
  const { places, same } = window.unrolledSearch;
  const COMMON = new Set("a an and are as at be by for from in is it of on or that the this to was what with".split(" "));
  const SHOWN = 30;

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => plain(text).match(/[\p{L}\p{N}_]+/gu) ?? [];

  // A plural is looked for as its singular.
  function stem(word) {
    if (word.length < 4 || /(ss|us|is|as)$/.test(word)) return word;
    return word.replace(/ies$/, "y").replace(/(s|x|z|ch|sh)es$/, "$1").replace(/([^s])s$/, "$1");
  }
  const stems = (text) => words(text).map(stem);
  const joined = (text) => ` ${stems(text).join(" ")} `;
  const groups = same.map((phrases) => ({ phrases, keys: phrases.map(joined) }));
  function speaksOf(text) {
    const said = joined(text);
    return groups.filter(({ keys }) => keys.some((key) => said.includes(key)));
  }

  // What a place is found by: its words, compounds also as one word, and what means the same.
  function indexed(text) {
    const compounds = (plain(text).match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu) ?? []).map((word) => word.replaceAll("-", ""));
    return [...words(text), ...compounds, ...speaksOf(text).flatMap(({ phrases }) => phrases.flatMap(words))];
  }

  const index = new MiniSearch({
    fields: ["title", "page", "text", "code"],
    tokenize: indexed,
    processTerm: (term) => (COMMON.has(term) ? null : stem(term)),
    searchOptions: {
      tokenize: words,
      boost: { title: 6, page: 2, code: 0.3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => term.length > 5 && 0.2,
      weights: { prefix: 0.5, fuzzy: 0.2 },
      boostDocument: (id) => (places[id].at.startsWith("chapters/references") ? 0.3 : 1),
    },
  });
  index.addAll(places.map((place, id) => ({ id, ...place })));

  const list = document.querySelector("#search-results");
  const count = document.querySelector("#search-count");
  const input = document.querySelector(".search-form input");

  function find(query) {
    const all = index.search(query, { combineWith: "AND" });
    const names = [joined(query), ...groups.filter(({ keys }) => keys.includes(joined(query))).flatMap(({ keys }) => keys)];
    const called = (result) => names.includes(joined(places[result.id].title));         // exactly so
    if (all.length) return { all: true, results: all.sort((a, b) => called(b) - called(a)) };
    return { all: false, results: index.search(query) };
  }

  // The words that a result is to show: those that were found there, and what means the same as the question.
  const toMark = (query, result) => [...new Set([...result.terms, ...speaksOf(query).flatMap(({ phrases }) => phrases)])];

  function addressOf(place, marks) {
    const [page, anchor] = place.at.split("#");
    return `${page}?${new URLSearchParams(marks.map((word) => ["find", word]))}#${anchor}`;
  }

  // The text around the first word that was found.
  function excerpt(text, pattern) {
    const first = Math.max(0, text.search(pattern));
    const from = first < 90 ? 0 : text.indexOf(" ", first - 80) + 1;
    const cut = text.length > from + 220 ? text.lastIndexOf(" ", from + 220) : text.length;
    return marked(`${from ? "… " : ""}${text.slice(from, cut)}${cut < text.length ? " …" : ""}`, pattern);
  }

  function marked(text, pattern) {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      parts.push(text.slice(end, match.index), element("mark", match[0]));
      end = match.index + match[0].length;
    }
    return [...parts, text.slice(end)];
  }

  function element(tag, ...children) {
    const node = document.createElement(tag);
    node.append(...children);
    return node;
  }

  function item(query, result) {
    const place = places[result.id];
    const marks = toMark(query, result);
    const pattern = unrolledPattern(marks);
    const link = element("a", ...marked(place.title, pattern));
    link.href = addressOf(place, marks);
    const entry = element("li", link);
    if (place.page !== place.title) entry.append(element("span", place.page));
    const from = place.text.search(pattern) < 0 && place.code.search(pattern) >= 0 ? place.code : place.text;
    if (from) entry.append(element("p", ...excerpt(from, pattern)));
    return entry;
  }

  function show() {
    const query = input.value.trim();
    const { all, results } = find(query);
    list.replaceChildren(...results.slice(0, SHOWN).map((result) => item(query, result)));
    const more = results.length > SHOWN ? `; the first ${SHOWN} are shown` : "";
    count.textContent = !query ? "" : !results.length
      ? "Nothing was found. The commonest words, such as “the”, are not looked for."
      : `${all ? "Places found" : "No place has all of these words; with some of them"}: ${results.length}${more}.`;
  }

  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", () => {
    const address = new URL(location.href);
    address.searchParams.set("q", input.value);
    history.replaceState(null, "", address);
    show();
  });
  input.form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
