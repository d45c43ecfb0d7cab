import { zeros } from "@bunraku/backends";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stateDictTable } from "../../../../fixtures/state-dict-table.ts";
import { compare, configToCompare } from "./comparison.ts";
import { configsThatFit } from "./configs-that-fit.ts";
import { summarizeModule } from "./module-summary.ts";

const tables = ["fomm_tiny", "monkey_tiny"].map((fixture) => [...stateDictTable(fixture)]);
const dim = fc.oneof(fc.nat(64), fc.constantFrom(0, 2 ** 31, 2 ** 52, Number.MAX_SAFE_INTEGER));
const change = fc.record({
  at: fc.nat(),
  kind: fc.constantFrom("drop", "dims", "one dim", "rename", "renumber"),
  dims: fc.array(dim, { maxLength: 6 }),
  name: fc.constantFrom("down.weight", "kp.weight", "jacobian.weight", "__proto__", "", ".", "first.conv.weight"),
});

test("whatever a file says of its tensors, it is described without an error", () => {
  fc.assert(
    fc.property(fc.constantFrom(...tables), fc.array(change, { minLength: 1, maxLength: 5 }), (table, changes) => {
      const modules = new Map(
        table.map(([module, entries]) => [
          module,
          entries.map((entry) => ({ ...entry, load: async () => zeros([1]) })),
        ]),
      );
      for (const { at, kind, dims, name } of changes) {
        const [module, entries] = [...modules][at % modules.size]!;
        const place = at % Math.max(1, entries.length);
        const entry = entries[place];
        if (!entry) continue;
        if (kind === "drop")
          modules.set(
            module,
            entries.filter((_, index) => index < place || index > place + (at % 9)),
          );
        else if (kind === "dims") entries[place] = { ...entry, dims };
        else if (kind === "one dim") entries[place] = { ...entry, dims: [...entry.dims.slice(1), dims[0] ?? 0] };
        else if (kind === "rename") entries[place] = { ...entry, name };
        else entries[place] = { ...entry, name: entry.name.replace(/\d+/, String(dims[0] ?? 7)) };
      }
      const configs = configsThatFit(modules);
      const config = configToCompare(configs, modules);
      if (config) expect(compare(config, modules).config).toBe(config);
      for (const [name, entries] of modules) expect(summarizeModule(name, entries).tensors).toBe(entries.length);
    }),
    { numRuns: 150, seed: 20_190_529 },
  );
});

test("thousands of levels are no architecture, and take no time", () => {
  const [, generator] = tables[0]!.find(([module]) => module === "generator")!;
  const [, detector] = tables[0]!.find(([module]) => module === "kp_detector")!;
  const levels = Array.from({ length: 3000 }, (_, level) =>
    ["encoder.down_blocks", "decoder.up_blocks"].map((part) => ({
      name: `predictor.${part}.${level}.conv.weight`,
      dims: [32, 32, 3, 3],
    })),
  ).flat();
  const modules = new Map([
    ["generator", generator],
    ["kp_detector", [...detector.filter(({ name }) => !name.startsWith("predictor.")), ...levels]],
  ]);
  expect(configsThatFit(modules as never)).toMatchObject({ family: "fomm", fits: [], inferred: undefined });
});
