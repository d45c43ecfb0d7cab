import { BunrakuError } from "@bunraku/backends";
import type { Keypoints } from "../../keypoints.ts";
import { choosePerson, type PersonChoice } from "./choose-person.ts";
import { createPointReader, expectList, expectObject, type ReadOptions } from "./read-points.ts";

export interface OpenPoseOptions extends ReadOptions {
  /** `body25` and `coco18` read the body, `face70` the face. */
  readonly layout: "body25" | "coco18" | "face70";
  /** Who is meant. `surest` has the largest sum of confidences, `largest` the largest bounding box. @default "surest" */
  readonly person?: PersonChoice;
}

const fields = { body25: "pose_keypoints_2d", coco18: "pose_keypoints_2d", face70: "face_keypoints_2d" } as const;

/**
 * The landmarks of one frame of OpenPose (`--write_json`), or of AlphaPose's `sep-json` in the format `open`.
 *
 * Convention: OpenPose counts pixels from the centre of the first, in all its `--keypoint_scale`s. A point with
 * confidence 0 was not found, whatever its place: it gets the place (0, 0) and confidence 0.
 *
 * @param document The parsed JSON of one frame. Borrowed.
 * @returns Points in [-1, 1] and their confidences, owned by the caller. A frame without that person has all its points
 * not found.
 * @throws `OPTION`; `SHAPE` when a person has another number of points; `MOTION` when it is not such a document
 * @example readOpenPose(JSON.parse(text), { layout: "face70", size: { height: 480, width: 640 } });
 */
export function readOpenPose(document: unknown, options: OpenPoseOptions): Keypoints {
  const who = "readOpenPose";
  const reader = createPointReader(options, who);
  const field = Object.hasOwn(fields, options.layout) ? fields[options.layout] : undefined;
  if (!field) {
    const known = Object.keys(fields).join(", ");
    throw new BunrakuError("OPTION", `${who}: layout must be one of ${known}, got ${JSON.stringify(options.layout)}.`);
  }
  const people = expectList(expectObject(document, who).people, `${who} people`).map((entry, i) => {
    const what = `people[${i}]`;
    const list = expectObject(entry, `${who} ${what}`)[field];
    // OpenPose writes an empty list where it looked for no such thing, or found none.
    const absent = list === undefined || (Array.isArray(list) && list.length === 0);
    return { points: reader.points(absent ? new Array(3 * reader.layout.count).fill(0) : list, `${what}.${field}`) };
  });
  return reader.keypoints(choosePerson(people, options.person ?? "surest", who));
}
