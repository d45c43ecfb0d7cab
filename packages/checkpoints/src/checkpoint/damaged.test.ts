import fc from "fast-check";
import { expect, test } from "vitest";
import { bytesSource } from "../source/byte-source.ts";
import { loadWeights } from "../tensors/load-weights.ts";
import { refusal } from "../testing/refusal.ts";
import { containers, smallCheckpoint } from "../testing/write-checkpoint.ts";
import { readCheckpoint } from "./read-checkpoint.ts";

async function readAll(bytes: Uint8Array): Promise<number> {
  const { modules } = await readCheckpoint(bytesSource(bytes, "damaged"));
  let tensors = 0;
  for (const entries of modules.values()) tensors += (await loadWeights(entries)).size;
  return tensors;
}

test.each(containers)("a $container file cut short at every 64th byte is refused", async ({ write }) => {
  const whole = write(smallCheckpoint());
  expect(await readAll(whole)).toBe(3);
  for (let length = 0; length < whole.length; length += 64) {
    expect(await refusal(() => readAll(whole.subarray(0, length)))).toMatch(/^(MODEL|FILE) damaged: .*\.$/);
  }
});

test.each(containers)("a $container file without its last byte is refused", async ({ write }) => {
  const whole = write(smallCheckpoint());
  expect(await refusal(() => readAll(whole.subarray(0, -1)))).toContain("its download was cut short; get it again.");
});

/** Bytes that were changed, moved, cut out or doubled. */
const damage = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("set" as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant("fill" as const), at: fc.nat(), value: fc.constantFrom(0, 0x7f, 0x80, 0xff) }),
    fc.record({ kind: fc.constant("copy" as const), at: fc.nat(), value: fc.nat() }),
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat(), value: fc.integer({ min: 1, max: 40 }) }),
  ),
  { minLength: 1, maxLength: 6 },
);

function damaged(
  whole: Uint8Array,
  changes: readonly { kind: "set" | "fill" | "copy" | "cut"; at: number; value: number }[],
): Uint8Array {
  let bytes = whole.slice();
  for (const { kind, at, value } of changes) {
    const place = at % bytes.length;
    if (kind === "set") bytes[place] = value;
    else if (kind === "fill") bytes.fill(value, place, place + 8);
    else if (kind === "copy") bytes.copyWithin(place, value % bytes.length, (value % bytes.length) + 16);
    else bytes = Uint8Array.from([...bytes.subarray(0, place), ...bytes.subarray(place + value)]);
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

test.each(containers)("a damaged $container file is read or refused, and never anything else", async ({ write }) => {
  const whole = write(smallCheckpoint());
  const started = performance.now();
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const outcome = await readAll(damaged(whole, changes)).catch((error) => error);
      if (typeof outcome === "number") return;
      refused++;
      // Anything but a BunrakuError is thrown on, and fails the property.
      await refusal(() => Promise.reject(outcome));
    }),
    { numRuns: 500, seed: 20_190_529 },
  );
  expect(refused).toBeGreaterThan(200);
  expect(performance.now() - started).toBeLessThan(20_000);
});
