import { noise } from "@bunraku/backends/testing";
import { expect, test } from "vitest";
import { gridSampleOperator } from "./grid-sample.reference.ts";
import { gridSample } from "./grid-sample.ts";

const image = noise([1, 1, 4, 5], 1);
const grid = noise([1, 3, 3, 2], 2, [-1.5, 1.5]);

test("attributes mean what ONNX says, with ONNX's defaults", () => {
  const [plain] = gridSampleOperator.run([image, grid], {}, 1);
  expect(plain!.data).toEqual(gridSample(image, grid).data);
  const [other] = gridSampleOperator.run([image, grid], { padding_mode: "border", align_corners: 1 }, 1);
  expect(other!.data).toEqual(gridSample(image, grid, { padding: "border", alignCorners: true }).data);
  const [mirrored] = gridSampleOperator.run([image, grid], { padding_mode: "reflection" }, 1);
  expect(mirrored!.data).toEqual(gridSample(image, grid, { padding: "reflection" }).data);
});

test("modes that have no definition here are refused", () => {
  expect(() => gridSampleOperator.run([image, grid], { mode: "nearest" }, 1)).toThrow(
    "GridSample: expected bilinear with zeros, border or reflection, got nearest with zeros.",
  );
  expect(() => gridSampleOperator.run([image, grid], { padding_mode: "wrap" }, 1)).toThrow("got bilinear with wrap.");
});
