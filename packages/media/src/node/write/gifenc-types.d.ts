// gifenc 1.0.3 comes without types; these are the parts in use.
declare module "gifenc" {
  type Colour = [red: number, green: number, blue: number];
  interface Gif {
    readonly stream: { reset(): void };
    writeHeader(): void;
    writeFrame(
      index: Uint8Array,
      width: number,
      height: number,
      options: {
        first?: boolean;
        palette?: Colour[] | null;
        /** Milliseconds. */
        delay?: number;
        /** 0: for ever. */
        repeat?: number;
        transparent?: boolean;
        transparentIndex?: number;
        dispose?: number;
      },
    ): void;
    finish(): void;
    bytesView(): Uint8Array<ArrayBuffer>;
  }
  export function GIFEncoder(options: { auto: boolean; initialCapacity?: number }): Gif;
  export function quantize(rgba: Uint8Array, maxColors: number, options?: { format?: "rgb565" | "rgb444" }): Colour[];
  const everything: { GIFEncoder: typeof GIFEncoder; quantize: typeof quantize };
  export default everything;
  export type { Colour, Gif };
}
