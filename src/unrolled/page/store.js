// Where the work is kept: in this browser, under the assignment's name, after every key.
// Two tabs of one assignment are one desk: what is typed in one stands in the other at once,
// so neither overwrites the other.
import { emptyWork, isEmpty } from "./notebook.js";

export function store(name, edition, onForeign) {
  const key = `unrolled:desk:${name}`;
  // { work, edition }, null where there is nothing yet, undefined where nothing may be read.
  const read = () => {
    try {
      const stored = JSON.parse(localStorage.getItem(key));
      return stored && { work: { ...emptyWork(), ...stored.work }, edition: stored.edition };
    } catch {
      return undefined;
    }
  };
  addEventListener("storage", (event) => (event.key === key || event.key === null) && onForeign(read()));
  for (const event of ["focus", "pageshow"])
    addEventListener(event, () => onForeign(read()));       // a tab that slept was told nothing
  return {
    read,
    // Whether it was kept.
    write(work) {
      try {
        if (isEmpty(work)) localStorage.removeItem(key);
        else localStorage.setItem(key, JSON.stringify({ edition, work }));
        return true;
      } catch {
        return false;
      }
    },
    // Whether this browser keeps anything at all.
    works() {
      try {
        localStorage.setItem(`${key}:try`, "1");
        localStorage.removeItem(`${key}:try`);
        return true;
      } catch {
        return false;
      }
    },
  };
}
