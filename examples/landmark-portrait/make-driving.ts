// Writes driving.jsonl: one line per frame, each what OpenPose would write for it.
import { writeFileSync } from "node:fs";
import { talkingHead } from "./talking-head.ts";

const frames = 60;
const lines = Array.from({ length: frames }, (_, i) => `${JSON.stringify(talkingHead(i / frames))}\n`);
writeFileSync(new URL("driving.jsonl", import.meta.url), lines.join(""));
