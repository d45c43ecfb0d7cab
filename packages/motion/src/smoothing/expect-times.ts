import { BunrakuError } from "@bunraku/backends";

/** @throws `OPTION` when there are not `count` finite, rising times. */
export function expectTimes(times: ArrayLike<number>, count: number, what: string): void {
  if (times.length !== count) {
    throw new BunrakuError("OPTION", `${what}: expected one per frame (${count}), got ${times.length}.`);
  }
  for (let index = 0; index < count; index++) {
    const time = times[index]!;
    if (Number.isFinite(time) && (index === 0 || time > times[index - 1]!)) continue;
    throw new BunrakuError("OPTION", `${what}: expected rising numbers of seconds, got ${time} at frame ${index}.`);
  }
}
