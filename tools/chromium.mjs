// The browser of the browser tests: which one, and how it is started. CHROMIUM names it where it is not /usr/bin/chromium.
import { existsSync } from "node:fs";

export const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** What to say and do where there is none. */
export const missingBrowser = existsSync(executablePath)
  ? undefined
  : `There is no browser at ${executablePath}. Install one (Debian: apt-get install chromium) or name it in CHROMIUM.`;

/** As root, and without a word to other hosts. */
export const args = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** WebGPU in software, with video frames as textures: only this set of flags gives both. */
export const webgpuArgs = [
  ...args,
  "--enable-unsafe-webgpu",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--use-angle=swiftshader",
  "--use-webgpu-adapter=swiftshader",
  "--ignore-gpu-blocklist",
];
