import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { BunrakuError, tensor } from "@bunraku/backends";
import { encodeModel, GraphBuilder } from "@bunraku/backends/onnx";
import { reference } from "@bunraku/backends/reference";
import { mockBackend, testBackend } from "@bunraku/backends/testing";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { build } from "esbuild";
import { afterAll, expect, test } from "vitest";
import { remote } from "./remote.ts";
import { serve } from "./serve.ts";

const work = () => ({ x: tensor("float32", Float32Array.of(3, -1), [2]) });

test("it is called after the backend behind it, and has its warnings", async () => {
  const warnings = [{ type: "example", message: "This backend computes nothing." }];
  const { port1, port2 } = new MessageChannel();
  serve(mockBackend({ warnings }), port2);
  await using backend = await remote(port1);
  expect(backend.name).toBe("remote mock");
  expect(backend.warnings).toEqual(warnings);
});

test("sessions and outputs over there are disposed, whoever disposes what", async () => {
  const mock = mockBackend();
  const { port1, port2 } = new MessageChannel();
  serve(mock, port2);
  const backend = await remote(port1);
  const session = await backend.load(relu());
  await backend.load(relu());
  await session.run(work());
  expect(mock.live).toBe(2);
  await session[Symbol.asyncDispose]();
  expect(mock.live).toBe(1);
  await backend[Symbol.asyncDispose]();
  expect(mock.live).toBe(0);
});

test("a port that closes takes the sessions over there with it", async () => {
  const mock = mockBackend();
  const { port1, port2 } = new MessageChannel();
  serve(mock, port2);
  const backend = await remote(port1);
  await backend.load(relu());
  port1.close();
  await expect.poll(() => mock.live).toBe(0);
  await backend[Symbol.asyncDispose]();
});

test("a run fails when the other end goes away, and so does all that comes after it", async () => {
  const { port1, port2 } = new MessageChannel();
  serve(mockBackend({ delay: 60_000 }), port2);
  await using backend = await remote(port1);
  const session = await backend.load(relu());
  const run = session.run(work());
  setTimeout(() => port2.close(), 20);
  const lost = { code: "BACKEND_UNAVAILABLE", message: "remote: the other end is gone. Connect again." };
  await expect(run).rejects.toMatchObject(lost);
  await expect(session.run(work())).rejects.toMatchObject(lost);
});

test("errors come back as errors of this side, with their codes", async () => {
  const { port1, port2 } = new MessageChannel();
  serve(await reference(), port2);
  await using backend = await remote(port1);
  const g = new GraphBuilder("unknown");
  g.output(g.node("NobodyKnowsThis", [g.input("x", [2])], [2]), "y");
  const error = await backend.load(encodeModel(g.build())).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(BunrakuError);
  expect(error).toMatchObject({ code: "UNSUPPORTED", message: expect.stringContaining("NobodyKnowsThis") });
});

testBackend(
  "remote, over a channel in one thread",
  async () => {
    const { port1, port2 } = new MessageChannel();
    serve(await reference({ operators: [gridSampleOperator] }), port2);
    return remote(port1);
  },
  { responsive: true },
);

// Workers of Node 20 do not read TypeScript, so the script is bundled, as an application's is.
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("./worker.ts", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
  platform: "node",
  conditions: ["@bunraku/source"],
});
const script = `data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`;
const worker = new Worker(new URL(script), { execArgv: [] });
afterAll(() => worker.terminate());

testBackend(
  "remote, in a worker",
  async () => {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(port2, [port2 as never]); // Node's type of a port is another than the DOM's, and it is the same port
    return remote(port1);
  },
  { responsive: true },
);

function relu(): Uint8Array {
  const g = new GraphBuilder("relu");
  g.output(g.node("Relu", [g.input("x", [2])], [2]), "y");
  return encodeModel(g.build());
}
