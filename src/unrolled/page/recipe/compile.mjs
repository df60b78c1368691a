// node compile.mjs FOLDER: turns the modules in FOLDER/*.zip into bytecode,
// by the very interpreter that will run them.
import fs from "node:fs";
import { loadPyodide } from "pyodide";

const folder = process.argv[2];
const python = await loadPyodide();
for (const name of ["stdlib", "numpy"]) {
  const place = name === "stdlib" ? "/lib/python313.zip/" : "/lib/python3.13/site-packages/";
  python.FS.writeFile("/source.zip", fs.readFileSync(`${folder}/${name}.zip`));
  python.globals.set("place", place);
  python.runPython(`
import _imp, importlib._bootstrap_external as bootstrap, zipfile

with zipfile.ZipFile("/source.zip") as source, zipfile.ZipFile("/compiled.zip", "w") as compiled:
    for name in source.namelist():
        data = source.read(name)
        if name.endswith(".py"):
            code = compile(data, place + name, "exec", dont_inherit=True,
                           optimize=0)      # docstrings stay: the checker reads them
            digest = _imp.source_hash(bootstrap._RAW_MAGIC_NUMBER, data)
            data, name = bytes(bootstrap._code_to_hash_pyc(code, digest, checked=False)), name + "c"
        compiled.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
`);
  fs.writeFileSync(`${folder}/${name}.zip`, python.FS.readFile("/compiled.zip"));
}
