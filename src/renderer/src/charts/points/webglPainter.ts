/** Points by WebGL 1, one draw call a frame: places stay on the card, so that panning and zooming send it only the camera. */
import { scaleOf } from './camera'
import { faded, type Painter } from './painter'
import { paletteSize } from './palette'

const vertexShader = `
attribute vec2 place;
attribute float kind;
attribute float mark;
uniform vec2 middle;
uniform vec2 scale;
uniform mediump float size;
uniform float dimmed;
varying float tint;
varying float strength;
void main() {
  gl_Position = vec4((place - middle) * scale, 0.0, 1.0);
  gl_PointSize = size * (1.0 + 0.35 * mark * dimmed);
  tint = (kind + 0.5) / ${paletteSize}.0;
  strength = mix(1.0, ${faded}, dimmed * (1.0 - mark));
}`

const fragmentShader = `
precision mediump float;
uniform sampler2D palette;
uniform float size;
varying float tint;
varying float strength;
void main() {
  vec4 colour = texture2D(palette, vec2(tint, 0.5));
  if (colour.a < 0.5) discard;
  float away = length(gl_PointCoord - 0.5) * size;
  float cover = clamp(size * 0.5 - away + 0.5, 0.0, 1.0);
  float alpha = cover * strength * 0.9;
  gl_FragColor = vec4(colour.rgb * alpha, alpha);
}`

/** Null where WebGL cannot be had. */
export function webglPainter(
  canvas: HTMLCanvasElement,
): (Painter & { canvas: HTMLCanvasElement }) | null {
  const gl = canvas.getContext('webgl', {
    antialias: false,
    depth: false,
    premultipliedAlpha: true,
  })
  if (!gl) return null
  const program = linked(gl)
  if (!program) return null
  gl.useProgram(program)
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  const uniform = (name: string) => gl.getUniformLocation(program, name)
  const uniforms = {
    middle: uniform('middle'),
    scale: uniform('scale'),
    size: uniform('size'),
    dimmed: uniform('dimmed'),
  }
  const attribute = (name: string, width: number, type: number) => {
    const at = gl.getAttribLocation(program, name)
    const buffer = gl.createBuffer()
    return (values: Float32Array | Uint8Array) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW)
      gl.enableVertexAttribArray(at)
      gl.vertexAttribPointer(at, width, type, false, 0, 0)
    }
  }
  const setPlaces = attribute('place', 2, gl.FLOAT)
  const texture = gl.createTexture()
  let count = 0
  return {
    kind: 'webgl',
    canvas,
    setPlaces(places) {
      count = places.length / 2
      setPlaces(places)
    },
    setClasses: attribute('kind', 1, gl.UNSIGNED_BYTE),
    setMarks: attribute('mark', 1, gl.UNSIGNED_BYTE),
    setPalette(palette) {
      gl.bindTexture(gl.TEXTURE_2D, texture)
      const { RGBA, UNSIGNED_BYTE } = gl
      gl.texImage2D(gl.TEXTURE_2D, 0, RGBA, paletteSize, 1, 0, RGBA, UNSIGNED_BYTE, palette)
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T])
        gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE)
      for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
        gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST)
    },
    draw({ camera, pointSize, dimmed }) {
      const { width, height } = canvas
      const scale = scaleOf(camera, canvas)
      gl.viewport(0, 0, width, height)
      gl.clearColor(0, 0, 0, 0)
      gl.clear(gl.COLOR_BUFFER_BIT)
      gl.uniform2f(uniforms.middle, camera.x, camera.y)
      gl.uniform2f(uniforms.scale, (2 * scale) / width, (2 * scale) / height)
      gl.uniform1f(uniforms.size, pointSize + 1)
      gl.uniform1f(uniforms.dimmed, dimmed ? 1 : 0)
      gl.drawArrays(gl.POINTS, 0, count)
    },
    dispose: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  }
}

function linked(gl: WebGLRenderingContext): WebGLProgram | null {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(type)
    if (!shader || !program) return null
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  if (!program) return null
  gl.linkProgram(program)
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null
}
