/** Draws something over the whole of whatever is drawn to. */
export interface Painter {
  /** Records the drawing; `resources` are bound in their order. */
  encode(encoder: GPUCommandEncoder, resources: readonly GPUBindingResource[], target: GPUTextureView): void;
}

/** What `colour` is given: where it is, from 0 to 1 from the upper left. One triangle covers all, without a seam. */
const cornerWgsl = /* wgsl */ `
struct Corner {
  @builtin(position) position: vec4f,
  @location(0) place: vec2f,
}

@vertex fn corner(@builtin(vertex_index) index: u32) -> Corner {
  let place = vec2f(f32((index << 1u) & 2u), f32(index & 2u));
  return Corner(vec4f(place * vec2f(2.0, -2.0) + vec2f(-1.0, 1.0), 0.0, 1.0), place);
}
`;

/** @param wgsl bindings, and `@fragment fn colour(corner: Corner) -> @location(0) vec4f` */
export function createPainter(device: GPUDevice, format: GPUTextureFormat, wgsl: string): Painter {
  const module = device.createShaderModule({ code: cornerWgsl + wgsl });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module, entryPoint: "corner" },
    fragment: { module, entryPoint: "colour", targets: [{ format }] },
  });
  return {
    encode(encoder, resources, target) {
      const entries = resources.map((resource, binding) => ({ binding, resource }));
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target, loadOp: "clear", storeOp: "store" }],
      });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
      pass.draw(3);
      pass.end();
    },
  };
}
