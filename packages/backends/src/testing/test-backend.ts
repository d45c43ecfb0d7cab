import { describe, test } from "vitest";
import type { Backend } from "../contract/backend.ts";
import { abortTests } from "./test-aborts.ts";
import { answerTests } from "./test-answers.ts";
import { disposalTests } from "./test-disposal.ts";
import { refusalTests } from "./test-refusals.ts";

export interface TestBackendOptions {
  /** Largest absolute error of the known answers. @default 1e-5 */
  readonly tolerance?: number;
  /** Names of tests that cannot pass here; say why beside it. @default none */
  readonly skip?: readonly string[];
  /** Whether the backend runs GridSample. @default true */
  readonly gridSample?: boolean;
  /** How many sessions and tensors the backend holds: it must come back to where it was after 200 cycles. */
  readonly live?: (backend: Backend) => number;
  /** Steps of the graphs that are aborted while they run: fewer for a slow device, but so many that a run takes a while. @default 256 */
  readonly steps?: number;
  /** Whether timers must fire while a run goes on. @default false */
  readonly responsive?: boolean;
}

/** A test of the conformance: it gets a backend of its own, which is disposed afterwards. */
export type ConformanceTests = Readonly<Record<string, (backend: Backend) => Promise<void>>>;

/**
 * Registers, with vitest, the tests that every backend must pass: what the contract of `Backend` says, as code.
 *
 * @param name Heading of the tests.
 * @param create Makes a fresh backend; each test disposes its own.
 * @example testBackend("ort-node", () => ortNode());
 */
export function testBackend(name: string, create: () => Promise<Backend>, options: TestBackendOptions = {}): void {
  const groups: Record<string, ConformanceTests> = {
    answers: answerTests(options),
    refusals: refusalTests(),
    aborts: abortTests(options),
    disposal: disposalTests(options),
  };
  const skipped = new Set(options.skip);
  describe(`conformance of ${name}`, () => {
    for (const [group, tests] of Object.entries(groups)) {
      describe(group, () => {
        for (const [sentence, body] of Object.entries(tests)) {
          test.skipIf(skipped.has(sentence))(sentence, async () => {
            await using backend = await create();
            await body(backend);
          });
        }
      });
    }
  });
}
