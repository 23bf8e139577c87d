// Plays a module of the model outside of Python: in Node, in a page, or in a worker made of a blob of this text.
//
// All that is known here of places and sizes stands in the memory plan that Python writes (memory_plan in host.py). Python's
// own host goes on in the same way after a replicate in which the module stops: its row is not a number.
"use strict";

/**
 * Return the rows of some replicates, one after another in a Float64Array.
 *
 * module            a WebAssembly.Module, from WebAssembly.compile(bytes)
 * plan              the memory plan, with room for `count` rows or more
 * whole, scenario   the bytes of the scenario's two arrays, as Uint8Array
 * seed, first       of the replicates, which may be large: numbers, BigInt or text
 */
function playRows({ module, plan, whole, scenario, seed, first, count }) {
  const { width } = plan.sizes;
  const rows = new Float64Array(count * width);
  for (let done = 0; done < count; ) {
    const played = playOn(module, plan, { whole, scenario }, BigInt(seed), BigInt(first) + BigInt(done), count - done);
    rows.set(played, done * width);
    done += played.length / width;
  }
  return rows;
}

/** Return the rows of replicates up to the last that is asked for, or to the first that stops. */
function playOn(module, plan, arrays, seed, first, count) {
  const memory = new WebAssembly.Memory({ initial: plan.pages, maximum: plan.pages });
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  for (const name in arrays) new Uint8Array(memory.buffer, plan.places[name]).set(arrays[name]);
  const sizes = { ...plan.sizes, count, seed, first };
  const given = plan.arguments.map((name) => plan.places[name] ?? BigInt(sizes[name]));
  const rows = (length) => new Float64Array(memory.buffer, plan.places.rows, length * plan.sizes.width);
  try {
    exports[plan.entry](...given);
    return rows(count);
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    const replicate = new DataView(memory.buffer).getBigInt64(plan.places.replicate, true);
    const stopped = Number(replicate - first);
    return rows(stopped + 1).fill(NaN, stopped * plan.sizes.width);
  }
}

if (typeof importScripts === "function") {
  // In a worker: a message is what playRows takes, the answer its rows or what went wrong.
  self.onmessage = ({ data }) => {
    try {
      const rows = playRows(data);
      self.postMessage({ rows }, [rows.buffer]);
    } catch (error) {
      self.postMessage({ error: String(error) });
    }
  };
} else if (typeof exports === "object") {
  exports.playRows = playRows;
}
