import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { tinyBundle, tinyParams } from "../testing/tiny-model.ts";
import { encodeBundle } from "./encode-bundle.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import { parseManifest } from "./manifest.ts";
import { openBundle } from "./open-bundle.ts";

async function withFolder<T>(files: Record<string, Uint8Array>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "bunraku-bundle-"));
  try {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("what was encoded is opened again: from a path, a file URL and the manifest's own name", async () => {
  const original = tinyBundle();
  const wanted = await original.loadWeights();
  await withFolder(await encodeBundle(original, { name: "again", trainedOn: "nothing" }), async (folder) => {
    for (const location of [folder, pathToFileURL(folder), join(folder, "bunraku.json")]) {
      const bundle = await openBundle(location);
      expect(bundle.manifest).toMatchObject({ name: "again", trainedOn: "nothing", modelParams: tinyParams });
      const weights = await bundle.loadWeights();
      expect([...weights.generator.keys()]).toEqual([...wanted.generator.keys()]);
      expect(weights.kp_detector.get("kp.weight")!.data).toEqual(wanted.kp_detector.get("kp.weight")!.data);
    }
  });
});

test("half precision takes half the bytes and keeps weights within a thousandth of themselves", async () => {
  const bundle = tinyBundle();
  const [full, half] = await Promise.all([encodeBundle(bundle), encodeBundle(bundle, { dtype: "F16" })]);
  expect(half["weights.safetensors"].length / full["weights.safetensors"].length).toBeLessThan(0.6);
  const wanted = (await bundle.loadWeights()).generator.get("final.weight")!.data;
  await withFolder(half, async (folder) => {
    const got = (await (await openBundle(folder)).loadWeights()).generator.get("final.weight")!.data;
    for (let i = 0; i < got.length; i++)
      expect(Math.abs(got[i]! - wanted[i]!)).toBeLessThanOrEqual(Math.abs(wanted[i]!) / 1000 + 1e-7);
  });
});

test("a bundle is opened over the network, with progress; a server's refusal is told", async () => {
  const files: Record<string, Uint8Array> = await encodeBundle(tinyBundle());
  const server = createServer((request, response) => {
    const bytes = files[request.url!.replace("/model/", "")];
    if (bytes) response.end(bytes);
    else response.writeHead(404, "Not Found").end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    let loaded = 0;
    const bundle = await openBundle(`${origin}/model`, {
      onProgress: (progress) => (loaded = Math.max(loaded, progress.loaded)),
    });
    expect((await bundle.loadWeights()).kp_detector.size).toBeGreaterThan(10);
    expect(loaded).toBe(files["weights.safetensors"]!.length);
    await expect(openBundle(`${origin}/none`)).rejects.toThrow(
      /none\/bunraku\.json: the server answered 404 Not Found\./,
    );
    await expect(openBundle(`${origin}/model`, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  } finally {
    server.close();
  }
});

test("a download longer than announced, one that breaks off, and one whose reader stops are told apart", async () => {
  const server = createServer((request, response) => {
    response.writeHead(200, request.url === "/broken" ? { "content-length": "4096" } : {});
    response.write(new Uint8Array(64));
    if (request.url === "/broken") setTimeout(() => response.destroy(), 50);
    else response.end(new Uint8Array(64));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await fetchBytes(`${origin}/whole`, 128)).toEqual(new Uint8Array(128));
    await expect(fetchBytes(`${origin}/long`, 127)).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringContaining("/long: larger than the 127 bytes that were announced."),
    });
    await expect(fetchBytes(`${origin}/broken`, 4096)).rejects.toMatchObject({
      code: "FILE",
      message: expect.stringContaining("/broken: the download broke off after 64 bytes"),
    });
    const stop = new Error("stop");
    const onProgress = () => controller.abort(stop);
    const controller = new AbortController();
    await expect(fetchBytes(`${origin}/broken`, 4096, { signal: controller.signal, onProgress })).rejects.toBe(stop);
    expect(await fetchBytes("data:,ab", 2)).toEqual(Uint8Array.of(97, 98));
    expect(await fetchBytes("data:,", 2)).toEqual(new Uint8Array(0));
  } finally {
    server.close();
  }
});

test("without Web Crypto no bundle is written that could not be opened", async () => {
  vi.stubGlobal("crypto", undefined);
  try {
    await expect(encodeBundle(tinyBundle())).rejects.toMatchObject({ code: "UNSUPPORTED" });
  } finally {
    vi.unstubAllGlobals();
  }
});

test("a connection that is refused is told with the address", async () => {
  await expect(openBundle("http://127.0.0.1:9/model")).rejects.toMatchObject({
    code: "FILE",
    message: expect.stringContaining("127.0.0.1:9/model/bunraku.json"),
  });
});

const manifest = {
  formatVersion: 1,
  name: "x",
  family: "fomm",
  modelParams: {},
  frameSize: [64, 64],
  weights: { file: "w", sha256: "0".repeat(64), bytes: 1 },
};

test.each([
  ["[]", "expected an object"],
  ["{", "not JSON"],
  [{ ...manifest, formatVersion: 9 }, '"formatVersion" must be 1'],
  [{ ...manifest, family: "gan" }, '"family" must be "fomm" or "monkey-net", got "gan"'],
  [{ ...manifest, transfer: { movement: "sideways" } }, '"movement" must be "relative" or "absolute"'],
  [{ ...manifest, transfer: { speed: true } }, '"transfer" must be an object with some of movement,'],
  [{ ...manifest, transfer: { adaptScale: 1 } }, '"adaptScale" must be true or false'],
  [{ ...manifest, frameSize: [64] }, '"frameSize" must be [height, width] in pixels, got [64]'],
  [{ ...manifest, framing: "feet" }, '"framing" must be "face", or absent, got "feet"'],
  [{ ...manifest, alignCorners: "yes" }, '"alignCorners" must be true or false, got "yes"'],
  [
    { ...manifest, weights: { ...manifest.weights, file: "/etc/passwd" } },
    '"weights.file" must be the name of a file beside it',
  ],
  [{ ...manifest, weights: { ...manifest.weights, sha256: "abc" } }, '"weights.sha256" must be 64 hexadecimal digits'],
])("a manifest %j is refused", (value, message) => {
  expect(() => parseManifest(typeof value === "string" ? value : JSON.stringify(value))).toThrow(message);
});

test("alignCorners is true where a manifest does not say", () => {
  expect(parseManifest(JSON.stringify(manifest)).alignCorners).toBe(true);
});
