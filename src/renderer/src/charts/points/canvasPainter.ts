/** Points as squares of an image's own bytes, for machines without WebGL: 60,000 of them take a few milliseconds. */
import { scaleOf } from './camera'
import { faded, type Painter } from './painter'

export function canvasPainter(canvas: HTMLCanvasElement): Painter & { canvas: HTMLCanvasElement } {
  const context = canvas.getContext('2d')
  let [places, classes, marks] = [new Float32Array(), new Uint8Array(), new Uint8Array()]
  let colours = new Uint32Array(256)
  return {
    kind: 'canvas',
    canvas,
    setPlaces: (next) => (places = next as Float32Array<ArrayBuffer>),
    setClasses: (next) => (classes = next as Uint8Array<ArrayBuffer>),
    setMarks: (next) => (marks = next as Uint8Array<ArrayBuffer>),
    setPalette: (next) => (colours = new Uint32Array(next.slice().buffer)),
    draw({ camera, pointSize, dimmed }) {
      const { width, height } = canvas
      if (!context || width === 0 || height === 0) return
      const image = new ImageData(width, height)
      const pixels = new Uint32Array(image.data.buffer)
      const scale = scaleOf(camera, canvas)
      const [left, top] = [width / 2 - camera.x * scale, height / 2 + camera.y * scale]
      const side = Math.max(1, Math.round(pointSize))
      // what stands out comes last, so that it lies above
      for (const mark of dimmed ? [0, 1] : [null])
        for (let point = 0; point < classes.length; point += 1) {
          if (mark !== null && (marks[point] ?? 0) !== mark) continue
          const colour = colours[classes[point] ?? 0] ?? 0
          if (colour >>> 24 === 0) continue
          const x = Math.round(left + (places[point * 2] ?? 0) * scale - side / 2)
          const y = Math.round(top - (places[point * 2 + 1] ?? 0) * scale - side / 2)
          if (x < 0 || y < 0 || x + side > width || y + side > height) continue
          const shade = mark === 0 ? transparent(colour) : colour
          for (let row = y; row < y + side; row += 1)
            pixels.fill(shade, row * width + x, row * width + x + side)
        }
      context.putImageData(image, 0, 0)
    },
    dispose: () => undefined,
  }
}

/** The same colour, faded: alpha is the highest byte of four that lie as RGBA. */
const transparent = (colour: number): number =>
  ((colour & 0x00ffffff) | (Math.round(255 * faded) << 24)) >>> 0
