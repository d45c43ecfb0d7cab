/** V8's own default, which it does not tell: that of Node 20, and of later ones. */
const usual = () => (Number.parseInt(process.versions.v8!, 10) < 12 ? 1_800_000 : 13_000_000);

/**
 * Runs something that instantiates onnxruntime's WebAssembly, with V8 in Node told to take its time over optimising it.
 *
 * Its start calls huge functions once, which V8 takes for hot: on two cores it compiled them for 40 to 60 seconds, and
 * nothing went on meanwhile; without, the first session is there after 2. What runs there later is a thin layer over the
 * GPU, for which V8's quick code will do.
 */
export async function withPatientCompiler<T>(start: () => Promise<T>): Promise<T> {
  const v8 = await nodeV8();
  // Code gets its budget when it is instantiated, so what others instantiate later has the usual one.
  v8?.setFlagsFromString("--wasm-tiering-budget=200000000");
  try {
    return await start();
  } finally {
    v8?.setFlagsFromString(`--wasm-tiering-budget=${usual()}`);
  }
}

async function nodeV8(): Promise<{ setFlagsFromString(flags: string): void } | undefined> {
  if (typeof process === "undefined" || !process.versions?.v8 || !process.versions.node) return undefined;
  return process.getBuiltinModule?.("node:v8"); // in Node from 20.16; no import, which bundlers would follow
}
