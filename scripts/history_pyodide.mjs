// Runs the probe of history.py in Pyodide, which is a CPython without files of its own:
// node history_pyodide.mjs <node_modules/pyodide/pyodide.mjs> <probe.py> <wanted.json>
import { readFileSync } from "node:fs";

const [where, probe, wanted] = process.argv.slice(2);
const { loadPyodide } = await import(where);
const python = await loadPyodide();
python.globals.set("wanted", readFileSync(wanted, "utf8"));
python.runPython(readFileSync(probe, "utf8").replace(/\nif __name__ == [^]*$/, "\n"));
const answer = python.runPython(`
warnings.simplefilter("ignore")
json.dumps(run(json.loads(wanted)))
`);
process.stdout.write(answer, () => process.exit(0));
