import { EncodedPacket, EncodedVideoPacketSource, Output, WebMOutputFormat } from "mediabunny";
import { expect, test } from "vitest";
import { stingyFile } from "../../testing/stingy-file.ts";
import { fileTarget } from "./file-target.ts";

const MEGABYTE = 1_000_000;

async function writePackets(file: ReturnType<typeof stingyFile>, count: number): Promise<void> {
  const output = new Output({ format: new WebMOutputFormat(), target: fileTarget(file) });
  const video = new EncodedVideoPacketSource("vp9");
  output.addVideoTrack(video);
  await output.start();
  const decoderConfig = { codec: "vp09.00.10.08", codedWidth: 64, codedHeight: 64 };
  for (let i = 0; i < count; i++) {
    const packet = new EncodedPacket(new Uint8Array(MEGABYTE).fill(i), "key", i / 25, 1 / 25);
    await video.add(packet, i === 0 ? { decoderConfig } : undefined);
  }
  await output.finalize();
}

test("a container is the same, however few bytes the file takes at once", async () => {
  const [generous, stingy] = [stingyFile({ atOnce: 2 ** 30 }), stingyFile({ atOnce: 999_999 })];
  await writePackets(generous, 3);
  await writePackets(stingy, 3);
  expect(stingy.calls).toBeGreaterThan(generous.calls);
  expect(Buffer.compare(stingy.bytes, generous.bytes)).toBe(0);
});

test.each([
  ["at the end, in the only piece", 3, 2],
  ["in the middle, of which only later packets hear", 60, 20],
])("room that ends %s is an error", async (_, packets, room) => {
  const file = stingyFile({ atOnce: 2 ** 30, room: room * MEGABYTE });
  await expect(writePackets(file, packets)).rejects.toMatchObject({ code: "ENOSPC" });
  expect(file.bytes.length).toBe(room * MEGABYTE);
});
