import { AudioSampleSink, EncodedPacketSink, FilePathSource, Input, MATROSKA, MP4, WEBM } from "mediabunny";
import { describe, expect, test } from "vitest";
import { codecChoices } from "../../testing/codec-choices.ts";
import { steady, writeSourceVideo } from "../../testing/source-video.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { CodecChoice } from "../codecs/codecs.ts";
import { openVideo } from "../read/open-video.ts";
import type { FrameRange } from "../read/video-reader.ts";
import { createVideoWriter } from "./create-video-writer.ts";

/** Reads a range of a video and writes it with its sound. */
async function through(from: string, to: string, range: FrameRange, codecs: CodecChoice) {
  await using reader = await openVideo(from, { codecs });
  await using writer = await createVideoWriter(to, { ...reader.info, audio: reader.audio, codecs });
  for await (const frame of reader.frames(range)) await writer.write(frame);
  return writer.finish();
}

/** Packets of the sound of a file. */
async function packetsOf(path: string) {
  using input = new Input({ formats: [MP4, WEBM, MATROSKA], source: new FilePathSource(path) });
  const track = await input.getPrimaryAudioTrack();
  const packets = [];
  for await (const packet of new EncodedPacketSink(track!).packets()) packets.push(packet);
  return { codec: await track!.getCodec(), packets };
}

for (const { codecs, skip, name } of codecChoices) {
  describe.skipIf(skip)(name, () => {
    test("AAC is copied to MP4, byte for byte", async () => {
      await using folder = await temporaryFolder();
      const [from, to] = [folder.file("in.mp4"), folder.file("out.mp4")];
      await writeSourceVideo(from, { times: steady(50, 25), audio: { codec: "aac", from: 0, to: 2 } });
      expect(await through(from, to, {}, codecs)).toMatchObject({ audio: "copied", warnings: [] });
      const [before, after] = [await packetsOf(from), await packetsOf(to)];
      expect(after.codec).toBe("aac");
      // The encoder's last packet may begin after the last frame ends.
      const kept = before.packets.filter((packet) => packet.timestamp < 2);
      expect(after.packets.map((packet) => Buffer.from(packet.data).toString("hex"))).toEqual(
        kept.map((packet) => Buffer.from(packet.data).toString("hex")),
      );
      for (const [i, packet] of after.packets.entries()) expect(packet.timestamp).toBeCloseTo(kept[i]!.timestamp, 3);
    });

    test("both tracks are rebased by the first frame, so sound that begins later stays later", async () => {
      await using folder = await temporaryFolder();
      const [from, to] = [folder.file("in.mkv"), folder.file("out.mp4")];
      const times = steady(50, 25).map((time) => time + 0.4);
      await writeSourceVideo(from, { times, audio: { codec: "aac", from: 1, to: 2 } });
      await through(from, to, {}, codecs);
      const before = (await packetsOf(from)).packets[0]!.timestamp;
      const after = (await packetsOf(to)).packets[0]!.timestamp;
      expect(after).toBeCloseTo(before - 0.4, 2);
    });

    test("a range takes its own part of the sound, and no more", async () => {
      await using folder = await temporaryFolder();
      const [from, to] = [folder.file("in.mp4"), folder.file("out.mp4")];
      await writeSourceVideo(from, { times: steady(75, 25), audio: { codec: "aac", from: 0, to: 3 } });
      await through(from, to, { start: 1, duration: 1 }, codecs);
      const { packets } = await packetsOf(to);
      const packet = 1024 / 48000;
      expect(packets[0]!.timestamp).toBeGreaterThan(-2 * packet);
      expect(packets[0]!.timestamp).toBeLessThanOrEqual(0);
      expect(packets.at(-1)!.timestamp).toBeLessThan(1);
      expect(packets.at(-1)!.timestamp + packet).toBeGreaterThanOrEqual(1);
    });

    test.each([
      ["in.mp4", "aac", 44100, "out.webm", "opus"],
      ["in.mkv", "pcm-s16", 8000, "out.mp4", "aac"],
      ["in.mkv", "flac", 48000, "out.webm", "opus"],
    ] as const)("%s with %s of %i Hz becomes %s with %s", async (source, codec, sampleRate, destination, expected) => {
      await using folder = await temporaryFolder();
      const [from, to] = [folder.file(source), folder.file(destination)];
      await writeSourceVideo(from, { times: steady(25, 25), audio: { codec, from: 0, to: 1.5, sampleRate } });
      expect(await through(from, to, {}, codecs)).toMatchObject({ audio: "transcoded", warnings: [] });
      const after = await packetsOf(to);
      expect(after.codec).toBe(expected);
      const last = after.packets.at(-1)!;
      // Cut to the video's second; encoders run on for a packet to empty themselves.
      expect(last.timestamp).toBeLessThan(1 + 1024 / 48000);
      expect(last.timestamp + last.duration).toBeGreaterThan(0.95);
    });
  });
}

/** When the sound of a file is first heard. Seconds. */
async function onset(path: string): Promise<number> {
  using input = new Input({ formats: [MP4, WEBM, MATROSKA], source: new FilePathSource(path) });
  const track = await input.getPrimaryAudioTrack();
  let heard: number | undefined;
  for await (const sample of new AudioSampleSink(track!).samples()) {
    const values = new Float32Array(sample.numberOfFrames);
    sample.copyTo(values, { planeIndex: 0, format: "f32-planar" });
    const index = values.findIndex((value) => Math.abs(value) > 0.1);
    if (index >= 0) heard ??= sample.timestamp + index / sample.sampleRate;
    sample.close();
  }
  return heard ?? Number.NaN;
}

describe.each(codecChoices)("encoded anew $name, the sound keeps its moment", ({ codecs, skip }) => {
  test.skipIf(skip).each([
    ["in.mkv", "pcm-s16", "out.mp4", 0.002],
    ["in.mp4", "aac", "out.webm", 0.01],
    // The container writer does not tell the 6.5 ms that Opus puts first.
    ["in.mkv", "pcm-s16", "out.webm", 0.01],
  ] as const)("%s with %s to %s", async (source, codec, destination, tolerance) => {
    await using folder = await temporaryFolder();
    const [from, to] = [folder.file(source), folder.file(destination)];
    const times = steady(50, 25).map((time) => time + 0.2);
    await writeSourceVideo(from, { times, audio: { codec, from: 1, to: 1.5 } });
    const before = await onset(from);
    expect(before).toBeGreaterThan(0.99);
    await through(from, to, { start: 0.4, duration: 1.2 }, codecs);
    expect(Math.abs((await onset(to)) - (before - 0.6))).toBeLessThanOrEqual(tolerance);
  });
});

test("Opus is copied to WebM", async () => {
  await using folder = await temporaryFolder();
  const [from, to] = [folder.file("in.webm"), folder.file("out.webm")];
  await writeSourceVideo(from, { times: steady(25, 25), audio: { codec: "opus", from: 0, to: 1 } });
  expect(await through(from, to, {}, "auto")).toMatchObject({ audio: "copied" });
});

test.each(["out.gif", "frames/"])("%s has no sound, which is said", async (name) => {
  await using folder = await temporaryFolder();
  await writeSourceVideo(folder.file("in.mp4"), { times: steady(5, 25), audio: { codec: "aac", from: 0, to: 1 } });
  const { audio, warnings } = await through(folder.file("in.mp4"), folder.file(name), {}, "auto");
  expect(audio).toBe("dropped");
  expect(warnings[0]!.message).toMatch(/has no sound, so it was left out\. Write \.mp4 or \.webm to keep it\.$/);
});
