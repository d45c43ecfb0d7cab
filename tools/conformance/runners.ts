import { type GoldenFile, runGolden, type Tolerances } from "@bunraku/animate/testing";
import type { Backend } from "@bunraku/backends";
import { isMiscFomm, partsNotRun, runMiscFomm } from "./misc-fomm.ts";
import { isMiscMonkey, monkeyPartsNotRun, runMiscMonkey } from "./misc-monkey.ts";

/** What a field's comparison gave, whatever the fixture. */
export interface ConformanceRow {
  readonly mode: string;
  readonly field: string;
  readonly maxAbsError: number;
  readonly tolerance: number;
  readonly pass: boolean;
}

/** A fixture, understood: its rows, and which of its parts nothing here computes. */
export interface Conformance {
  readonly notRun: readonly string[];
  rows(backend: Backend, tolerances: Tolerances): AsyncIterable<ConformanceRow>;
}

/** Finds what a fixture holds: a model, or parts that no model file has. */
export function conformanceOf(golden: object): Conformance {
  if (isMiscFomm(golden))
    return { notRun: partsNotRun(golden), rows: (backend, tolerances) => runMiscFomm(backend, golden, tolerances) };
  if (isMiscMonkey(golden))
    return { notRun: monkeyPartsNotRun(golden), rows: (backend) => runMiscMonkey(backend, golden) };
  return { notRun: [], rows: (backend, tolerances) => runGolden(backend, golden as GoldenFile, tolerances) };
}
