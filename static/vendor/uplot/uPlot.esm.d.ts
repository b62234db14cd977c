// What the pages use of uPlot; its own declarations say much more.

export default class uPlot {
  constructor(options: object, data: (number | null)[][], root: HTMLElement);
  ctx: CanvasRenderingContext2D;
  bbox: { left: number; top: number; width: number; height: number };
  setData(data: (number | null)[][]): void;
  setSize(size: { width: number; height: number }): void;
  valToPos(value: number, scale: string, isInCanvas: boolean): number;
}
