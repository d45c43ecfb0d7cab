/** Threads that reduce together: a map of 58 × 58 gives each 26 positions. */
export const reducingThreads = 128;

/**
 * What all threads of a workgroup have, as one, in every thread: `sumOf(mine: vec4f, thread: u32)`,
 * `largestOf(mine: f32, thread: u32)`. All threads must call.
 */
export const reductionsWgsl = `${reduction("sumOf", "vec4f", "a + b")}${reduction("largestOf", "f32", "max(a, b)")}`;

function reduction(name: string, type: string, both: string): string {
  return /* wgsl */ `
var<workgroup> ${name}Parts: array<${type}, ${reducingThreads}>;
fn ${name}(mine: ${type}, thread: u32) -> ${type} {
  workgroupBarrier(); // what an earlier call left has been read
  ${name}Parts[thread] = mine;
  for (var half = ${reducingThreads / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      let a = ${name}Parts[thread];
      let b = ${name}Parts[thread + half];
      ${name}Parts[thread] = ${both};
    }
  }
  workgroupBarrier();
  return ${name}Parts[0];
}
`;
}
