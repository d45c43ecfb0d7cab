import { BunrakuError } from "@bunraku/backends";
import type { KeypointLayout } from "../keypoint-layout/keypoint-layout.ts";
import { encodeBeginning, encodeChecksum, encodeEnd, encodeRecord } from "./clip-bytes.ts";
import { completeHeader, type MotionClipFields, type MotionClipHeader } from "./clip-header.ts";
import { crc32 } from "./crc32.ts";
import { join } from "./join.ts";
import { expectFrame, expectInitial, type MotionClip, type MotionFrame } from "./motion-clip.ts";

/** Writes a motion clip piece by piece: `begin()`, `frame()` for each, `end()`, in this order. It keeps no frame. */
export interface MotionClipWriter {
  /** What the file begins with. Bytes are the caller's. */
  begin(): Uint8Array;
  /** One frame. @throws `MOTION`, `OPTION`, `SHAPE`; nothing is counted then, and the next frame may come */
  frame(frame: MotionFrame): Uint8Array;
  /** What the file ends with: without it, it counts as cut short. @throws `OPTION` when the initial frame is missing */
  end(): Uint8Array;
}

/**
 * A writer of motion clips of any length.
 *
 * @param fields number of keypoints and parts (`layoutOf` the first keypoints gives both), and what the clip says of itself
 * @throws `OPTION` when a field is not what it must be
 * @example
 * const writer = motionClipWriter({ ...layoutOf(first), model: { family: "fomm", name: "heads-v0" } });
 * file.write(writer.begin());
 * for await (const { timestamp, driving } of frames) file.write(writer.frame({ timestamp, keypoints: driving }));
 * file.write(writer.end());
 */
export function motionClipWriter(fields: MotionClipFields & KeypointLayout): MotionClipWriter {
  const header: MotionClipHeader = completeHeader(fields);
  const beginning = encodeBeginning(header);
  let stage: "begin" | "frame" | "end" = "begin";
  let [count, crc] = [0, 0];
  let before: number | undefined;
  const now = (wanted: typeof stage, call: string) => {
    if (stage === wanted) return;
    const order = stage === "begin" ? "begin() comes first" : stage === "end" ? "the clip has ended" : "it has begun";
    throw new BunrakuError("OPTION", `motionClipWriter ${call}: ${order}.`);
  };
  const counted = (bytes: Uint8Array) => {
    crc = crc32(bytes, crc);
    return bytes;
  };
  return {
    begin() {
      now("begin", "begin()");
      stage = "frame";
      return counted(beginning.slice());
    },
    frame(frame) {
      now("frame", "frame()");
      expectFrame(frame, count, header, before);
      if (count === 2 ** 32 - 1) throw new BunrakuError("UNSUPPORTED", "motionClipWriter: a clip has no more frames.");
      count++;
      before = frame.timestamp;
      return counted(encodeRecord(frame, header));
    },
    end() {
      now("frame", "end()");
      expectInitial(header, count, "OPTION", "motion clip");
      stage = "end";
      const end = counted(encodeEnd(count));
      return join([end, encodeChecksum(crc)]);
    },
  };
}

/** A whole clip as the bytes of a file. @throws `MOTION`, `OPTION`, `SHAPE` */
export function encodeMotionClip({ header, frames }: MotionClip): Uint8Array {
  const writer = motionClipWriter(header);
  return join([writer.begin(), ...frames.map((frame) => writer.frame(frame)), writer.end()]);
}
