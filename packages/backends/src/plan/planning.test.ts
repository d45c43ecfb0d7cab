import { expect, test } from "vitest";
import { layerGraph } from "../onnx/passes/conv-forms/testing/layer-graph.ts";
import { ortNode } from "../ort-node/index.ts";
import { ortWeb } from "../ort-web/index.ts";
import { reference } from "../reference/index.ts";
import { formNames } from "./forms.ts";
import { layerKey, parseLayer } from "./layer.ts";
import { measureLayers } from "./measure-layers.ts";
import { ortNodeCpu } from "./measured/ort-node-cpu.ts";
import { ortWebWasm } from "./measured/ort-web-wasm.ts";
import { planningFor } from "./planning.ts";

test("planning keeps what it planned", async () => {
  await using backend = await ortNode({ thread: "main" });
  const planning = planningFor(backend)!;
  expect(planning.measurements).toBe(ortNodeCpu);
  planning.rewrite(layerGraph({ channels: [256, 256], size: [64, 64] }));
  expect(planning.plans).toMatchObject([{ graph: "layer", layers: [{ layer: "256>256 3x3 64x64" }] }]);
  expect(planning.plans[0]!.layers[0]!.form).not.toBe("plain");
});

test("each kind of backend has its own measurements, and one of which nothing is known has no planning", async () => {
  await using web = await ortWeb();
  expect(planningFor(web)!.measurements).toBe(ortWebWasm);
  await using typescript = await reference();
  expect(planningFor(typescript)).toBeUndefined();
});

test.each([ortNodeCpu, ortWebWasm])("what was measured can be read: $where", ({ layers }) => {
  expect(Object.keys(layers).length).toBeGreaterThan(20);
  for (const [key, [form, milliseconds, plain]] of Object.entries(layers)) {
    expect(layerKey(parseLayer(key)!)).toBe(key);
    expect(formNames).toContain(form);
    expect(milliseconds).toBeLessThanOrEqual(plain);
  }
});

test("measuring says for each layer once which form was the fastest", async () => {
  await using backend = await ortNode({ thread: "main", threads: 1 });
  const [first, second] = [
    layerGraph({ channels: [4, 4], size: [8, 8] }),
    layerGraph({ channels: [4, 2], size: [6, 6], upsampling: true }),
  ];
  const progress: number[] = [];
  const measured = await measureLayers(backend, [first, second, first], {
    rounds: 1,
    onProgress: ({ loaded, total }) => progress.push(loaded / total!),
  });
  expect(Object.keys(measured)).toEqual(["4>4 3x3 8x8", "4>2 3x3 6x6 doubled"]);
  for (const [form, milliseconds, plain] of Object.values(measured)) {
    expect(formNames).toContain(form);
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThanOrEqual(plain);
  }
  expect(progress).toEqual([0, 0.5]);
});

test("measuring can be aborted", async () => {
  await using backend = await ortNode({ thread: "main", threads: 1 });
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(measureLayers(backend, [layerGraph({ channels: [4, 4], size: [8, 8] })], { signal })).rejects.toThrow(
    "enough",
  );
});
