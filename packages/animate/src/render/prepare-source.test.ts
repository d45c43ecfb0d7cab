import { expect, test } from "vitest";
import type { Model } from "../models/model.ts";
import { colours } from "../testing/tiny-model.ts";
import { prepareSource } from "./prepare-source.ts";

const still = { size: { height: 64, width: 64 }, hasMotion: false } as Model;
const moving = { ...still, hasMotion: true } as Model;

test("a source larger than the model is warped at its own size, if the model has a warp", () => {
  const large = colours(100, 100);
  expect(prepareSource(moving, large, {})).toMatchObject({ mode: "hybrid", outputSize: { height: 100, width: 100 } });
  expect(prepareSource(still, large, {})).toMatchObject({ mode: "generator", outputSize: { height: 64, width: 64 } });
  expect(prepareSource(moving, colours(64, 64), {})).toMatchObject({ mode: "generator" });
});

test.each(["warp", "hybrid"] as const)("a model without motion cannot %s, and says what it can", (render) => {
  expect(() => prepareSource(still, colours(64, 64), { render })).toThrow(
    `render: this model estimates no motion, so it cannot "${render}". Use "generator".`,
  );
});

test("a wanted size decides as a source's own would", () => {
  const size = { width: 90, height: 60 };
  const prepared = prepareSource(moving, colours(64, 64), { size });
  expect(prepared).toMatchObject({ mode: "hybrid", outputSize: size, still: size });
  expect(prepared.image.dims).toEqual([1, 3, 64, 64]);
});
