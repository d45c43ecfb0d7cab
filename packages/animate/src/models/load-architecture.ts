import type { Family } from "@bunraku/checkpoints";
import type { Architecture } from "./architecture.ts";
import { expectFamily } from "./known-families.ts";

const readers: Readonly<Record<Family, () => Promise<(modelParams: unknown) => Architecture>>> = {
  fomm: async () => (await import("./fomm/fomm-architecture.ts")).fommArchitecture,
  "monkey-net": async () => (await import("./monkey-net/monkey-net-architecture.ts")).monkeyNetArchitecture,
};

/**
 * `architectureOf` for applications that fetch their code: only the family that is asked for is imported, when it is.
 *
 * @throws as `architectureOf` does
 */
export async function loadArchitecture(family: Family, modelParams: unknown): Promise<Architecture> {
  expectFamily(family);
  const read = await readers[family]();
  return read(modelParams);
}
