import { pathToFileURL } from "node:url";
const [entry, threads] = process.argv.slice(2);
const mems: any[] = [];
const M = WebAssembly.Memory;
(WebAssembly as any).Memory = class extends M { constructor(d: any) { super(d); mems.push(this); } };
const ort: any = await import(entry!);
console.log(Object.keys(ort).slice(0, 20), ort.env.versions, !!ort.default);
ort.env.wasm.numThreads = Number(threads);
const { GraphBuilder, encodeModel } = await import("/work/main/packages/backends/src/onnx/index.ts");
const g = new GraphBuilder("double"); const x = g.input("x", [1, 3]); g.output(g.node("Add", [x, x], x.dims), "y");
const m = encodeModel(g.build());
console.log(m.length);
const t = performance.now();
const s = await ort.InferenceSession.create(m, { executionProviders: ["wasm"] });
console.log("created", performance.now() - t, ort.env.wasm.numThreads, mems.map((m) => m.buffer.byteLength), typeof Worker);
const r = await s.run({ x: new ort.Tensor("float32", Float32Array.of(1, 2, 3), [1, 3]) });
console.log(r.y.data, r.y.data.buffer.byteLength);
async function tryIt(name: string, f: () => Promise<any>) { try { const v = await f(); console.log(name, "ok", v); } catch (e: any) { console.log(name, "ERR", e?.name, String(e?.message ?? e).slice(0, 300)); } console.log(mems.map((m) => m.buffer.byteLength / 2 ** 20)); }
const big = (dims: number[]) => { const g = new GraphBuilder("big"); const x = g.input("x", dims.map(() => 1)); const e = g.node("Expand", [x, g.ints(dims)], dims); const sq = g.node("Mul", [e, e], dims); g.output(g.node("ReduceMean", [sq], [1, 1, 1, 1], { keepdims: 1 }), "y"); return encodeModel(g.build()); };
for (const dims of [[1, 1, 40000, 40000], [1, 1, 20000, 20000], [1, 1, 16000, 16000]]) {
  await tryIt("big" + dims, async () => { const s = await ort.InferenceSession.create(big(dims), { executionProviders: ["wasm"] }); try { const r = await s.run({ x: new ort.Tensor("float32", Float32Array.of(1), [1, 1, 1, 1]) }); return r.y.data; } finally { await s.release(); } });
  await tryIt("again", async () => (await s.run({ x: new ort.Tensor("float32", Float32Array.of(1, 2, 3), [1, 3]) })).y.data);
}
