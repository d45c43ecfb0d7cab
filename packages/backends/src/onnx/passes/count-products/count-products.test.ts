import { expect, test } from "vitest";
import { noise } from "../../../testing/noise.ts";
import { GraphBuilder } from "../../graph-builder.ts";
import { countProducts } from "./count-products.ts";

test("a convolution multiplies once per output and weight of its kernel", () => {
  const g = new GraphBuilder("conv");
  const x = g.input("x", [1, 6, 5, 4]);
  const weight = g.constant(noise([8, 3, 3, 3]), "weight");
  g.output(g.node("Conv", [x, weight], [1, 8, 5, 4], { group: 2, pads: [1, 1, 1, 1] }), "y");
  expect(countProducts(g.build())).toBe(8 * 5 * 4 * 3 * 9);
});

test("a transposed one multiplies once per input and weight of its kernel", () => {
  const g = new GraphBuilder("transposed");
  const x = g.input("x", [1, 6, 5, 4]);
  const weight = g.constant(noise([6, 2, 4, 4]), "weight");
  g.output(g.node("ConvTranspose", [x, weight], [1, 2, 20, 16], { strides: [4, 4] }), "y");
  expect(countProducts(g.build())).toBe(6 * 5 * 4 * 2 * 16);
});

test("a product of matrices multiplies once per output and inner element, and a sum does not", () => {
  const g = new GraphBuilder("matrices");
  const x = g.input("x", [7, 2, 3]);
  const product = g.node("MatMul", [x, g.constant(noise([3, 5]), "w")], [7, 2, 5]);
  g.output(g.node("Add", [product, product], product.dims), "y");
  expect(countProducts(g.build())).toBe(7 * 2 * 5 * 3);
});
