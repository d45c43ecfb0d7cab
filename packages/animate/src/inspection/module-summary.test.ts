import { zeros } from "@bunraku/backends";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { summarizeModule } from "./module-summary.ts";

test("parameters are counted by part, as spec 2.2 has them", () => {
  const table = stateDictTable("fomm_vox256");
  const summaries = [...table].map(([module, entries]) =>
    summarizeModule(
      module,
      entries.map((entry) => ({ ...entry, load: async () => zeros([1]) })),
    ),
  );
  expect(Object.fromEntries(summaries.map(({ name, parameters }) => [name, parameters]))).toEqual({
    generator: 45_575_391,
    kp_detector: 14_215_368,
    discriminator: 2_758_849,
  });
  expect(Object.fromEntries(summaries[0]!.parts.map(({ name, parameters }) => [name, parameters]))).toEqual({
    dense_motion_network: 37_730_268,
    first: 9_600,
    down_blocks: 369_792,
    up_blocks: 369_216,
    bottleneck: 7_087_104,
    final: 9_411,
  });
});
