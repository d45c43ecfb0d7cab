import { zeros } from "@bunraku/backends";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { compare, configToCompare } from "./comparison.ts";
import { configsThatFit } from "./configs-that-fit.ts";

test("a checkpoint that fits nothing is compared with the closest official configuration", () => {
  const entries = new Map(
    [...stateDictTable("fomm_mgif256")].map(([module, list]) => [
      module,
      list.filter(({ name }) => name !== "kp.bias").map((entry) => ({ ...entry, load: async () => zeros([1]) })),
    ]),
  );
  const config = configToCompare(configsThatFit(entries), entries)!;
  expect(config).toMatchObject({ from: "closest", name: "mgif-256" });
  const { differences, loads } = compare(config, entries);
  expect(loads).toBe(false);
  expect(differences.kp_detector.missing).toEqual([{ name: "kp.bias", dims: [10] }]);
});
