// What every bundle does: loads a graph whose answer fits in a head, runs it, and leaves what it saw for the test.
import { BunrakuError, tensor } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { ortWeb } from "@bunraku/backends/ort-web";

export async function runGraph(options) {
  const thread = new URLSearchParams(location.search).get("thread");
  try {
    const backend = await ortWeb(thread === "main" ? { ...options, thread, worker: undefined } : options);
    const session = await backend.load(twoByTwo());
    const two = (a, b) => tensor("float32", Float32Array.of(a, b), [2]);
    const { sum, product } = await session.run({ a: two(1, 2), b: two(3, 4) });
    globalThis.outcome = {
      answer: [...sum.data, ...product.data],
      threads: backend.report.threads,
      warnings: backend.warnings.map(({ type }) => type),
    };
    await backend[Symbol.asyncDispose]();
  } catch (error) {
    globalThis.outcome = { error: `${BunrakuError.is(error) ? error.code : error.name}: ${error.message}` };
  }
}

function twoByTwo() {
  const g = new GraphBuilder("two by two");
  const [a, b] = [g.input("a", [2]), g.input("b", [2])];
  g.output(g.node("Add", [a, b], [2]), "sum");
  g.output(g.node("Mul", [a, b], [2]), "product");
  return encodeModel(g.build());
}
