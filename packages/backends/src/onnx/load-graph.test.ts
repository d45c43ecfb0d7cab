import { expect, test } from "vitest";
import { BunrakuError } from "../contract/error.ts";
import { tensor } from "../contract/tensor.ts";
import { reference } from "../reference/index.ts";
import { GraphBuilder } from "./graph-builder.ts";
import { loadGraph } from "./load-graph.ts";

const twice = () => {
  const g = new GraphBuilder("twice");
  const x = g.input("x", [2]);
  g.output(g.node("Add", [x, x], x.dims), "y");
  return g.build();
};

test("a backend gets the graph as the rewrite left it", async () => {
  await using backend = await reference();
  const rewrite = (graph: ReturnType<typeof twice>) => ({
    ...graph,
    nodes: graph.nodes.map((node) => (node.op === "Add" ? { ...node, op: "Mul" } : node)),
  });
  await using plain = await loadGraph(backend, twice());
  await using written = await loadGraph(backend, twice(), { rewrite });
  const feeds = { x: tensor("float32", Float32Array.of(3, 5), [2]) };
  expect([...(await plain.run(feeds)).y!.data]).toEqual([6, 10]);
  expect([...(await written.run(feeds)).y!.data]).toEqual([9, 25]);
});

test("what a rewrite throws is what the caller gets", async () => {
  await using backend = await reference();
  const rewrite = () => {
    throw new BunrakuError("MODEL", "no.");
  };
  await expect(loadGraph(backend, twice(), { rewrite })).rejects.toMatchObject({ code: "MODEL", message: "no." });
});
