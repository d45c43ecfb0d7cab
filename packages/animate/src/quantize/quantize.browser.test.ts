import { ortWeb } from "@bunraku/backends/ort-web";
import { proceduralImage } from "@bunraku/backends/testing/procedural";
import { expect, test } from "vitest";
import { openBundle } from "../bundle/open-bundle.ts";
import { quantizeModel } from "./quantize-model.ts";

test("the default model is quantised in a page, and computes in integers on wasm", { timeout: 300_000 }, async () => {
  // The server's root is the repository's.
  const bundle = await openBundle(new URL("/packages/model-heads/files", location.href));
  const size = { height: 64, width: 64 };
  const images = [0, 1, 2, 3].map((seed) => proceduralImage(size, seed));
  await using backend = await ortWeb({ threads: 1 });
  const clips = [{ initial: images[0]!, frames: images }];
  const { integers, difference, bytes, milliseconds } = await quantizeModel(backend, bundle, clips, { targetPsnr: 0 });
  expect(integers.length).toBeGreaterThan(20);
  expect(bytes.length).toBeLessThan(6e6);
  // Pictures of no faces: how near depends on what is shown.
  expect(difference.psnr).toBeGreaterThan(25);
  expect(difference.psnr).toBeLessThan(120);
  console.log(JSON.stringify({ difference, milliseconds }));
});
