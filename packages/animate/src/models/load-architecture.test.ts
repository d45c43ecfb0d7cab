import type { Family } from "@bunraku/checkpoints";
import { expect, test } from "vitest";
import { tinyParams } from "../testing/tiny-model.ts";
import { architectureOf } from "./architecture.ts";
import { loadArchitecture } from "./load-architecture.ts";

test("an architecture that is loaded is the one that architectureOf gives", async () => {
  const loaded = await loadArchitecture("fomm", tinyParams);
  const { specs, frames, numKeypoints } = architectureOf("fomm", tinyParams);
  expect(loaded).toMatchObject({ family: "fomm", specs, frames, numKeypoints });
});

test.each([
  ["dance" as Family, {}],
  ["toString" as Family, {}],
  ["fomm", "none"],
  ["monkey-net", undefined],
] as const)("both say the same of family %j with model_params %j", async (family, modelParams) => {
  let problem: unknown;
  try {
    architectureOf(family, modelParams);
  } catch (error) {
    problem = error;
  }
  expect(problem).toMatchObject({ code: "MODEL" });
  await expect(loadArchitecture(family, modelParams)).rejects.toThrow(problem as Error);
});
