import { afterEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { findCodecs } from "./codecs.ts";
import { findFfmpeg, startFfmpeg } from "./system-ffmpeg.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test("without any ffmpeg, the error names the way out", async () => {
  vi.stubEnv("PATH", "");
  vi.stubEnv("FFMPEG_PATH", "");
  await expect(findCodecs("ffmpeg")).rejects.toMatchObject({
    code: "BACKEND_MISSING",
    message: "Video needs codecs and none were found: install ffmpeg 5.1 or newer (on PATH, or named by FFMPEG_PATH).",
  });
});

test("FFMPEG_PATH that names nothing is said, not passed over", async () => {
  vi.stubEnv("FFMPEG_PATH", "/nowhere/ffmpeg");
  await expect(findFfmpeg()).rejects.toMatchObject({
    code: "BACKEND_UNAVAILABLE",
    message: "FFMPEG_PATH names /nowhere/ffmpeg, which is not an executable file.",
  });
});

test("the packages come first, and work without an ffmpeg", async () => {
  vi.stubEnv("PATH", "");
  vi.stubEnv("FFMPEG_PATH", "");
  expect((await findCodecs()).kind).toBe("node-av");
});

test("a program that cannot be started ends at once and says why", async () => {
  await using folder = await temporaryFolder();
  const process = startFfmpeg(folder.file("no-such-program"), []);
  expect(await process.exit).toEqual({ code: null });
  expect(process.complaint()).toContain("ENOENT");
  await process.kill();
});
