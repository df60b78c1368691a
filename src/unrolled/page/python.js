// Python for the page: nothing is loaded before it is asked for. In front of this stand, from the build,
// unrolledSupply { info, parts: { name: [scripts] }, sizes: { script: bytes }, size: in words, worker: source }.
// It offers one name,
//   unrolledPython.load(onProgress)              the parts, then a worker; onProgress(share) goes from 0 to 1
//   unrolledPython.run(name, cells, check, { onStart, onPrint })
//                                                -> { error, cell, line }, once Python is there; one run at a time,
//                                                   in turn
//   unrolledPython.isHere()                      whether its parts are
//   unrolledPython.stop()                        ends what runs, and begins again
//   unrolledPython.watch(onState)                told "starting", "ready" and "failed"
//   unrolledPython.script(name)                  loads a part that is a script, such as the editor
(() => {
  const home = new URL("python/", document.currentScript.src).href;
  const PARTS = ["core", "wasm", "stdlib", "numpy", "unrolled"];
  const STOPPED = "Stopped.";
  const pieces = {};
  const got = {};
  let loading = null;
  let workerAddress = null;
  let module = null;
  let worker = null;
  let ready = null;
  let running = null;       // { resolve, onPrint }
  let turn = Promise.resolve();
  let count = 0;
  let watcher = () => {};

  window.unrolledPiece = (name, place, text) => ((pieces[name] ??= [])[place] = text);

  function element(address) {
    return new Promise((resolve, reject) => {
      const node = document.createElement("script");
      node.src = address;
      node.onload = () => (node.remove(), resolve());
      node.onerror = () => (node.remove(), reject(new Error(`${address.split("/").at(-1)} could not be loaded`)));
      document.head.append(node);
    });
  }

  function bytesOf(text) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    return bytes;
  }

  function part(name, onPiece = () => {}) {
    got[name] ??= Promise.all(unrolledSupply.parts[name].map((file) =>
      element(home + file).then(() => onPiece(unrolledSupply.sizes[file]))))
      .then(() => {
        const bytes = bytesOf(pieces[name].join(""));
        delete pieces[name];
        return bytes;
      })
      .catch((error) => {
        delete got[name];       // the next press tries again
        throw error;
      });
    return got[name];
  }

  const unpacked = (bytes) =>
    new Response(new Response(bytes).body.pipeThrough(new DecompressionStream("gzip"))).text();

  async function loadAll(onProgress) {
    const files = PARTS.flatMap((name) => unrolledSupply.parts[name]);
    const whole = files.reduce((sum, file) => sum + unrolledSupply.sizes[file], 0);
    let there = 0;
    await Promise.all(PARTS.map((name) => part(name, (size) => onProgress((there += size) / whole))));
    const source = [await unpacked(await got.core), unrolledSupply.worker];
    workerAddress ??= URL.createObjectURL(new Blob(source, { type: "text/javascript" }));
    return begin();
  }

  // A worker, and the promise that it is ready. The page keeps the parts: the next worker needs them too.
  function begin() {
    watcher("starting");
    worker = new Worker(workerAddress);
    ready = new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.module) module = data.module;
        else if (data.ready) {
          watcher("ready");
          resolve();
        } else if (data.text !== undefined) running?.onPrint(data.text);
        else if (data.result) finish(data.result);
        else if (data.broken) breakOff(data.broken, reject);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        breakOff(event.message ?? "", reject);
      };
    });
    ready.catch(() => {});
    Promise.all(PARTS.filter((name) => name !== "core" && !(name === "wasm" && module))
        .map(async (name) => [name, await got[name]]))
      .then((entries) =>
        worker.postMessage({ parts: Object.fromEntries(entries), info: unrolledSupply.info, module }));
    return ready;
  }

  function finish(result) {
    running?.resolve(result);
    running = null;
  }

  // Python is gone. If it was at work, it is told in words and begun again; if it never came, there is no use in that.
  function breakOff(reason, reject) {
    worker.terminate();
    if (!running) {
      watcher("failed");
      return reject(new Error(reason));
    }
    finish({ error: inWords(reason), cell: null, line: null });
    begin();
  }

  function inWords(reason) {
    if (/call stack|recursion/i.test(reason)) return "The code called itself so deeply that Python had no room left.";
    if (/exit/i.test(reason)) return "The code ended Python itself.";
    if (/memory|allocation/i.test(reason)) return "The code took all the memory that a page may have.";
    return `Python broke off: ${reason.split("\n")[0]}`;
  }

  window.unrolledPython = {
    watch: (onState) => (watcher = onState),
    isHere: () => workerAddress !== null,
    load: (onProgress = () => {}) => {
      loading ??= loadAll(onProgress).catch((error) => {
        loading = null;
        throw error;
      });
      return loading;
    },
    // A part that is a script of its own; its text is run as the page's.
    async script(name) {
      const address = URL.createObjectURL(new Blob([await unpacked(await part(name))], { type: "text/javascript" }));
      await element(address);
      URL.revokeObjectURL(address);
    },
    run(name, cells, check = null, { onStart = () => {}, onPrint = () => {} } = {}) {
      const result = turn.then(async () => {
        await unrolledPython.load();
        await ready;
        return new Promise((resolve) => {
          running = { resolve, onPrint };
          onStart();
          worker.postMessage({ id: ++count, name, cells, check });
        });
      });
      turn = result.catch(() => {});
      return result;
    },
    stop() {
      if (!worker) return;
      worker.terminate();
      finish({ error: STOPPED, cell: null, line: null, stopped: true });
      begin();
    },
  };
})();
