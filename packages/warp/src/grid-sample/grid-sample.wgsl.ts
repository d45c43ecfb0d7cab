/** What a shader of `gridSample` is written for. */
export interface GridSampleShader {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Places of the grid, per image. */
  readonly places: number;
  readonly padding: "zeros" | "border" | "reflection";
  readonly alignCorners: boolean;
}

/** Threads of a workgroup: places side by side, whose loads and stores the hardware joins. */
export const gridSampleThreads = 64;

/**
 * Channels per thread. Place and weights are worked out once for all of them; with more, a picture of 64 × 64 would not
 * give a large GPU enough threads to hide the loads behind.
 */
export const gridSampleChannels = 8;

/**
 * `gridSample` as a shader: x are places, y blocks of channels, z images.
 *
 * A neighbour outside has weight 0 and is read at the nearest pixel inside.
 */
export function gridSampleWgsl(shader: GridSampleShader): string {
  const { channels, height, width, places } = shader;
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> image: array<f32>; // [N, ${channels}, ${height}, ${width}]
@group(0) @binding(1) var<storage, read> grid: array<vec2f>; // [N, ${places}]
@group(0) @binding(2) var<storage, read_write> moved: array<f32>; // [N, ${channels}, ${places}]

const size = vec2f(${width}, ${height});

// By its bits: compilers may take for granted that no number is NaN.
fn isNan(value: f32) -> bool { return (bitcast<u32>(value) & 0x7fffffffu) > 0x7f800000u; }
fn inside(pixel: vec2f) -> vec2<bool> { return (pixel >= vec2f()) & (pixel < size); }
${shader.padding === "reflection" ? mirrorWgsl(shader) : ""}
@compute @workgroup_size(${gridSampleThreads})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let place = id.x;
  if (place >= ${places}u) { return; }
  let given = grid[id.z * ${places}u + place];
  let known = !(isNan(given.x) || isNan(given.y));
  let read = select(vec2f(), given, known);
  let pixel = ${insideWgsl(shader)}; // 0 on the centre of the first pixel
  let first = floor(pixel);
  let second = first + 1.0;
  let share = pixel - first; // of the right column, of the lower row
  let low = select(vec2f(), 1.0 - share, inside(first) & vec2<bool>(known));
  let high = select(vec2f(), share, inside(second) & vec2<bool>(known));
  let near = vec2u(clamp(first, vec2f(), size - 1.0));
  let far = vec2u(clamp(second, vec2f(), size - 1.0));
  let weights = vec4f(low.y * low.x, low.y * high.x, high.y * low.x, high.y * high.x);
  let corners = vec4u(near.y * ${width}u + near.x, near.y * ${width}u + far.x, far.y * ${width}u + near.x, far.y * ${width}u + far.x);
  let end = min((id.y + 1u) * ${gridSampleChannels}u, ${channels}u);
  for (var c = id.y * ${gridSampleChannels}u; c < end; c++) {
    let plane = id.z * ${channels}u + c;
    let at = corners + plane * ${height * width}u;
    moved[plane * ${places}u + place] = dot(weights, vec4f(image[at.x], image[at.y], image[at.z], image[at.w]));
  }
}`;
}

/** The place in pixels; where padding is not zeros, inside. With zeros, far outside is as good as just outside. */
function insideWgsl({ padding, alignCorners }: GridSampleShader): string {
  const place = alignCorners ? "(read + 1.0) * 0.5 * (size - 1.0)" : "((read + 1.0) * size - 1.0) * 0.5";
  if (padding === "zeros") return `clamp(${place}, vec2f(-2.0), size + 1.0)`;
  return `clamp(${padding === "reflection" ? `mirror(${place})` : place}, vec2f(), size - 1.0)`;
}

/** Between two mirrors, on the centres or the edges of the ends. */
function mirrorWgsl({ alignCorners }: GridSampleShader): string {
  const end = alignCorners ? "0.0" : "-0.5";
  return /* wgsl */ `
fn mirror(place: vec2f) -> vec2f {
  const there = 2.0 * (size${alignCorners ? " - 1.0" : ""}); // and back: the way after which all repeats
  const period = max(there, vec2f(1.0)); // a side of one pixel has no way
  let way = abs(place - ${end});
  let folded = way - period * floor(way / period);
  // Past 2^24 a float32 knows no pixel; as at infinity, the first is as good as any.
  return ${end} + select(min(folded, there - folded), vec2f(), way > vec2f(16777216.0));
}
`;
}
