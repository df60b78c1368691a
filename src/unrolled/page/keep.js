/// <reference types="./globals.d.ts" />

// A second visit needs no network: a service worker keeps the folder's pages and what they load.
// From a folder there is none, and no need.
export async function keepForOffline() {
  if (!location.protocol.startsWith("http") || !navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register("offline.js");
    const ready = new Promise((resolve) =>
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    if (!navigator.serviceWorker.controller) await Promise.race([ready,
      new Promise((resolve) => setTimeout(resolve, 1000))]);
    const seen = performance.getEntriesByType("resource").map((entry) => entry.name);
    navigator.serviceWorker.controller?.postMessage({
      keep: [location.href.split("#")[0], ...seen], python: Object.keys(unrolledSupply.sizes),
    });
  } catch {
    // a browser that allows none loads everything again, and that is all
  }
}
