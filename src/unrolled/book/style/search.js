// The search page: MiniSearch over the book's places (places.js). A result opens at its place, the words marked there.
(() => {
  const { places, same } = window.unrolledSearch;
  const COMMON = new Set(("a an and are as at be by can do does for from has have how i if in is it its not of on " +
    "or that the this to vs was versus what when where which who why with you").split(" "));
  const SHOWN = 30;
  const FEW = 5;          // so few places that have all words are followed by others
  const LENGTH = 220;     // of an excerpt, in characters

  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/['’]s\b/g, "").toLowerCase();
  const words = (text) => plain(text).match(/[\p{L}\p{N}_]+/gu) ?? [];

  // A plural is looked for as its singular.
  function stem(word) {
    if (word.length < 4 || /(ss|us|is|as)$/.test(word)) return word;
    return word.replace(/ies$/, "y").replace(/(s|x|z|ch|sh)es$/, "$1").replace(/([^s])s$/, "$1");
  }
  const stems = (text) => words(text).filter((word) => !COMMON.has(word)).map(stem);
  const spaced = (stemmed) => ` ${stemmed.join(" ")} `;
  const joined = (text) => spaced(stems(text));
  const groups = same.map((phrases) => ({ phrases, keys: phrases.map(joined) }));
  function speaksOf(text) {
    const said = joined(text);
    return groups.filter(({ keys }) => keys.some((key) => said.includes(key)));
  }

  // What a place is found by: its words, compounds also as one word, and what means the same.
  function indexed(text) {
    const compounds = (plain(text).match(/[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu) ?? [])
      .map((word) => word.replaceAll("-", ""));
    return [...words(text), ...compounds, ...speaksOf(text).flatMap(({ phrases }) => phrases.flatMap(words))];
  }

  // near only by whom it is from: the book's own words come first
  const isSource = ({ at }) => at.startsWith("chapters/references");
  const sharing = new Map();        // how many places have a title: "Summary" says less of one than "Clipping"
  for (const { title } of places) sharing.set(title, (sharing.get(title) ?? 0) + 1);

  const known = new Set();
  const index = new MiniSearch({
    fields: ["title", "page", "text", "code"],
    tokenize: indexed,
    processTerm: (word) => {
      if (COMMON.has(word)) return null;
      known.add(stem(word));
      return stem(word);
    },
    searchOptions: {
      tokenize: words,
      processTerm: (word) => (COMMON.has(word) ? null : stem(word)),
      boost: { title: 6, page: 2, code: 0.3 },
      prefix: (term) => term.length > 2,
      fuzzy: (term) => term.length > 5 && !known.has(term) && 0.2,        // what the book knows is not misspelt
      weights: { prefix: 0.5, fuzzy: 0.2 },
      boostDocument: (id) => (isSource(places[id]) ? 0.3 : sharing.get(places[id].title) > 2 ? 0.6 : 1),
    },
  });
  index.addAll(places.map((place, id) => ({ id, ...place })));

  // A text's sentences, and what stands apart in them, as the cells of a table's row do:
  // no phrase reaches from one into the next.
  const sentences = (text) => text.split(/(?<=[.!?…][”)]?)(?: (?=[\p{Lu}“(])|\n)/u);
  const pieces = (text) => [...text.matchAll(/(?:[^.,:;|!?…—()[\]“”\n]|[.,:;|!?…—](?=\S))+/gu)];
  const apart = (text) => pieces(text).map(([piece]) => joined(piece)).join("|");
  const withoutTables = (text) => text.split("\n").filter((block) => !block.includes(" | ")).join("\n");
  const read = places.map(({ title, page, ...place }) => {
    const text = isSource(place) ? "" : place.text;
    return { title: apart(title), page: apart(page), prose: apart(withoutTables(text)), text: apart(text) };
  });

  // A question is looked for in all its wordings, in each of which a word stands for all that the index takes it for.
  function asked(query) {
    const alike = (word) => (word.length > 3
      ? [...new Set([word, ...index.search(word).flatMap(({ terms }) => terms)])] : [word]);       // GRU is not Gruber
    const pattern = (word) => `(?:${alike(word).join("|")})`;
    const alternatives = (wording, keys) => {
      const key = keys.find((one) => wording.includes(one));
      return key ? keys.map((one) => wording.replace(key, one)) : [wording];
    };
    const all = groups.reduce(
      (found, { keys }) => [...new Set(found.flatMap((wording) => alternatives(wording, keys)))], [joined(query)]);
    const wordings = all.map((wording) => wording.trim().split(" "));
    const inOrder = (between) =>
      new RegExp(` (?:${wordings.map((wording) => wording.map(pattern).join(between)).join("|")}) `);
    return {
      together: inOrder(" "),
      titled: inOrder(" (?:\\S+ )?"),       // as in "Vanishing and exploding gradients"
      each: wordings.map((wording) => wording.map((word) => new RegExp(` ${pattern(word)} `))),
    };
  }

  const most = (text, { each }) =>
    Math.max(...each.map((wording) => wording.filter((word) => word.test(text)).length / wording.length));

  // How near a place is: the words together in its title, its prose, its tables; all of them in its title, its text;
  // elsewhere, as in its code.
  function nearness({ title, page, prose, text }, question) {
    const ways = [
      question.titled.test(title),
      question.together.test(prose),
      question.together.test(text),
      most(title, question) === 1,
      most(title + page + text, question) === 1,
    ];
    return ways.includes(true) ? ways.length - ways.indexOf(true) : 0;
  }

  const list = document.querySelector("#search-results");
  const count = document.querySelector("#search-count");
  const input = document.querySelector(".search-form input");

  // [all, some]: the places that have all the words, and those that have some; what is called so comes first.
  function find(query, question) {
    const names = [joined(query),
      ...groups.filter(({ keys }) => keys.includes(joined(query))).flatMap(({ keys }) => keys)];
    const ranked = (results) => results
      .map((result) => ({
        ...result, called: names.includes(read[result.id].title), near: nearness(read[result.id], question),
      }))
      .sort((a, b) => b.called - a.called || b.near - a.near || b.score - a.score);
    const all = index.search(query, { combineWith: "AND" });
    const found = new Set(all.map(({ id }) => id));
    const some = all.length < FEW ? index.search(query).filter(({ id }) => !found.has(id)) : [];
    return [ranked(all), ranked(some)];
  }

  // The words that a result is to show: those that were found there, and what means the same as the question.
  const toMark = (query, result) =>
    [...new Set([...result.terms, ...speaksOf(query).flatMap(({ phrases }) => phrases)])];

  function addressOf(place, marks) {
    const [page, anchor] = place.at.split("#");
    return `${page}?${new URLSearchParams(marks.map((word) => ["find", word]))}#${anchor}`;
  }

  // The text from the first sentence that has the words together, or most of them.
  function excerpt(text, question, pattern) {
    const parts = sentences(text);
    const worth = parts.map((part) => (question.together.test(apart(part)) ? 2 : most(apart(part), question)));
    const best = worth.indexOf(Math.max(...worth));
    const begin = parts.slice(0, best).reduce((length, part) => length + part.length + 1, 0);
    const piece = pieces(parts[best]).find(([said]) => question.together.test(joined(said)));
    const first = piece?.index ?? parts[best].search(pattern);
    const from = begin + (first < LENGTH / 2 ? 0 : parts[best].lastIndexOf(" ", first - LENGTH / 4) + 1);
    const cut = text.length > from + LENGTH ? text.lastIndexOf(" ", from + LENGTH) : text.length;
    return marked(`${from ? "… " : ""}${text.slice(from, cut)}${cut < text.length ? " …" : ""}`, pattern);
  }

  // The lines of code from the first that has a word, before all from a definition.
  function lines(code, pattern) {
    const all = code.split("\n");
    const found = all.filter((line) => line.search(pattern) >= 0);
    const from = all.indexOf(found.find((line) => /^\s*(?:def|class) /.test(line)) ?? found[0]);
    const indented = all[from].search(/\S/);
    return marked(all.slice(from, from + 3).map((line) => line.slice(Math.min(indented, line.search(/\S|$/))))
      .join("\n").trimEnd(), pattern);
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

  function item(query, question, result) {
    const place = places[result.id];
    const marks = toMark(query, result);
    const pattern = unrolledPattern(marks);
    const link = element("a", ...marked(place.title, pattern));
    link.href = addressOf(place, marks);
    const entry = element("li", link);
    if (place.page !== place.title) entry.append(element("span", place.page));
    if (place.text.search(pattern) < 0 && place.code.search(pattern) >= 0)
      entry.append(element("pre", ...lines(place.code, pattern)));
    else if (place.text) entry.append(element("p", ...excerpt(place.text, question, pattern)));
    return entry;
  }

  function show() {
    const query = input.value.trim();
    const question = asked(query);
    const [all, some] = find(query, question);
    list.replaceChildren(...[...all, ...some].slice(0, SHOWN).map((result) => item(query, question, result)));
    count.textContent = query ? summary(all.length, some.length) : "";
  }

  function summary(all, some) {
    if (!all && !some) return "Nothing was found. The commonest words, such as “the”, are not looked for.";
    const parts = [all && `Places found: ${all}`,
      some && `${all ? "with" : "No place has all of these words; with"} some of the words: ${some}`];
    return `${parts.filter(Boolean).join("; ")}${all + some > SHOWN ? `; the first ${SHOWN} are shown` : ""}.`;
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
