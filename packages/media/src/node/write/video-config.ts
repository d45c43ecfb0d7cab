/** What a container writes about the stream: codec string, size and colour. */
export function videoConfig(
  codec: "avc" | "vp9",
  firstPart: Uint8Array,
  { width, height }: { width: number; height: number },
): VideoDecoderConfig {
  return {
    codec: codec === "avc" ? avcString(firstPart) : `vp09.00.${vp9Level(width * height)}.08.01.01.01.01.00`,
    codedWidth: width,
    codedHeight: height,
    colorSpace: { primaries: "bt709", transfer: "bt709", matrix: "bt709", fullRange: false },
  };
}

/** "avc1.PPCCLL" from the sequence parameter set, whose three bytes after its header are profile, flags and level. */
function avcString(annexB: Uint8Array): string {
  for (let at = 0; at + 6 < annexB.length; at++) {
    const unit = annexB[at] === 0 && annexB[at + 1] === 0 && annexB[at + 2] === 1;
    if (unit && (annexB[at + 3]! & 31) === 7) {
      return `avc1.${Buffer.from(annexB.subarray(at + 4, at + 7)).toString("hex")}`;
    }
  }
  throw new Error("the encoder's first picture comes without a sequence parameter set");
}

/** The lowest VP9 level (times ten) whose largest picture holds so many pixels. */
function vp9Level(pixels: number): string {
  const levels = [
    [36864, "10"],
    [73728, "11"],
    [122880, "20"],
    [245760, "21"],
    [552960, "30"],
    [983040, "31"],
    [2228224, "40"],
    [8912896, "50"],
  ] as const;
  return levels.find(([largest]) => pixels <= largest)?.[1] ?? "60";
}
