// The page's Python, in a worker of its own; Pyodide's two scripts stand in front of this one. It is told
//   { parts, info, module }    begin: its parts as bytes, and the compiled module that an earlier worker handed back
//   { id, name, cells, check } run the cells [title, source] of the desk of that name, then the check below them
// and says { module }, { ready }, { id, text } for what is printed, { id, result }, or { broken },
// after which it is of no more use.
"use strict";

let run;

const unpacked = (bytes) =>
  new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

// Pyodide asks for its files by address, and is given them from memory: a page opened from a folder cannot fetch.
function standIn(files, module) {
  const { instantiate } = WebAssembly;
  self.fetch = async (address) => {
    const name = String(address).split("/").at(-1);
    if (name in files) return new Response(await files[name]);
    throw new TypeError("The page's Python has no network.");
  };
  for (const name of ["XMLHttpRequest", "WebSocket", "EventSource", "importScripts"]) delete self[name];
  WebAssembly.instantiateStreaming = async (_, imports) => ({ module, instance: await instantiate(module, imports) });
}

async function begin({ parts, info, module }) {
  const library = unpacked(parts.stdlib);
  const archives = [unpacked(parts.numpy), unpacked(parts.unrolled)];
  const compiled = module ?? (await WebAssembly.compile(await unpacked(parts.wasm)));
  const lock = JSON.stringify({ info, packages: {} });
  standIn({ "pyodide-lock.json": lock, "python_stdlib.zip": library, "pyodide.asm.wasm": "" }, compiled);
  const python = await loadPyodide({ indexURL: "https://pack.invalid/", stdout() {}, stderr() {} });
  for (const archive of archives) python.unpackArchive(await archive, "zip");
  run = python.runPython("import numpy, unrolled; from unrolled.page import runner; runner.settle(); runner.run");
  if (!module) postMessage({ module: compiled });
  postMessage({ ready: true });
}

self.onmessage = async ({ data }) => {
  try {
    if (data.parts) await begin(data);
    else {
      const result = run(data.name, JSON.stringify(data.cells), JSON.stringify(data.check),
        (text) => postMessage({ id: data.id, text }));
      postMessage({ id: data.id, result: JSON.parse(result) });
    }
  } catch (error) {
    postMessage({ broken: String(error) });
  }
};
