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
