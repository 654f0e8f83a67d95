/**
 * Principal components of images, for comparison with what an autoencoder learns.
 *
 * The k orthonormal directions w that keep most of the variance of x − m, m the mean image: the leading eigenvectors
 * of XᵀX, X [n, d] the centred images. They are found by subspace iteration from a random start,
 *
 *   Q ← orthonormal basis of Xᵀ(XQ),  repeated;  then Rayleigh–Ritz: S = (XQ)ᵀ(XQ), S = VΛVᵀ, W = QV,
 *
 * with TensorFlow's own kernels (`MatMul`, `Qr`, `SelfAdjointEigV2`) and a few more directions than are wanted. A
 * whole decomposition in JavaScript (ml-matrix, ml-pca) would be a dependency more, takes seconds for MNIST's 784
 * pixels in one piece, and minutes and gigabytes from 64 × 64 × 3 on; here nothing is larger than the images
 * themselves and a basis.
 * Sources: Halko, Martinsson, Tropp, 'Finding structure with randomness', SIAM Review 53 (2011), algorithms 4.4 and
 * 5.3; Stewart, 'Matrix Algorithms II' (2001), subspace iteration with Rayleigh–Ritz.
 */
import { setImmediate } from 'node:timers/promises'
import { DarkroomError } from '../../../shared/errors'
import { gaussianField } from '../noise'
import { backend, native, tf, type Tensor } from '../runtime/tensorflow'

/** Images (or codes) by their places in one array, `size` values each. */
export interface Rows {
  images: Uint8Array | Float32Array
  size: number
  indices: Int32Array
  /** The value that stands for 1. Default: 255, of bytes. */
  unit?: number
}

export interface Components {
  /** The mean, [size]; of images with pixels in [0, 1]. */
  mean: Float64Array
  /** W [size, count], orthonormal columns, the one with the largest variance first. The caller's to dispose. */
  directions: Tensor
}

/** Directions beyond those that are wanted: with them the wanted ones converge faster. */
const spare = 16
const iterations = 8
/** Pixels that are worked on between two moments for others: some hundredths of a second. */
const chunkPixels = 1 << 19
const rowsAtOnce = (size: number): number => Math.max(1, Math.floor(chunkPixels / size))
/** Up to this size XᵀX is made once, which is then the cheaper of the two. */
const largestSquare = 1024

/**
 * The mean and the first `count` principal components of images; fewer where the images, or their pixels, are fewer.
 * Other work of the engine gets its turn in between. The same images give the same components on the same machine.
 * @throws DarkroomError 'cancelled'
 */
export async function principalComponents(
  rows: Rows,
  count: number,
  signal?: AbortSignal,
): Promise<Components> {
  const { size, indices } = rows
  const mean = await meanOf(rows, signal)
  const width = Math.min(count + spare, size, indices.length)
  const centred: Tensor[] = []
  let square: Tensor | null = null
  let basis = tf.tidy(() => orthonormal(tf.tensor2d(gaussianField(size * width, 0), [size, width])))
  try {
    for await (const part of centredChunks(rows, mean, signal)) {
      centred.push(part)
      if (size > largestSquare) continue
      const product = tf.tidy(() => tf.matMul(part, part, true))
      square = square ? added(square, product) : product
    }
    for (let step = 0; step < iterations; step++) {
      const image = square ? tf.matMul(square, basis) : await applied(centred, basis, signal)
      basis.dispose()
      basis = tf.tidy(() => orthonormal(image))
      image.dispose()
      await breath(signal)
    }
    const kept = Math.min(count, width)
    const small = await gram(centred, basis, signal)
    const directions = tf.tidy(() => tf.matMul(basis, leading(small, kept)))
    small.dispose()
    return { mean, directions }
  } finally {
    tf.dispose([...centred, basis])
    square?.dispose()
  }
}

/**
 * The images without their mean as tensors [n, size] of some rows each; the receiver's to dispose.
 * @throws DarkroomError 'cancelled'
 */
export async function* centredChunks(
  { images, size, indices, unit = 255 }: Rows,
  mean: Float64Array,
  signal?: AbortSignal,
): AsyncGenerator<Tensor> {
  const most = rowsAtOnce(size)
  for (let first = 0; first < indices.length; first += most) {
    await breath(signal)
    const chunk = indices.subarray(first, first + most)
    const values = new Float32Array(chunk.length * size)
    for (let row = 0, to = 0; row < chunk.length; row++) {
      const from = (chunk[row] as number) * size
      for (let i = 0; i < size; i++) {
        values[to++] = (images[from + i] as number) / unit - (mean[i] as number)
      }
    }
    yield tf.tensor2d(values, [chunk.length, size])
  }
}

async function meanOf(
  { images, size, indices, unit = 255 }: Rows,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const sum = new Float64Array(size)
  const most = rowsAtOnce(size)
  for (let first = 0; first < indices.length; first += most) {
    await breath(signal)
    for (const index of indices.subarray(first, first + most)) {
      const from = index * size
      for (let i = 0; i < size; i++) sum[i] = (sum[i] as number) + (images[from + i] as number)
    }
  }
  return sum.map((value) => value / indices.length / unit)
}

/** Xᵀ(XQ). */
const applied = (centred: readonly Tensor[], basis: Tensor, signal?: AbortSignal) =>
  summed(centred, (part) => tf.matMul(part, tf.matMul(part, basis), true), signal)

/** (XQ)ᵀ(XQ). */
const gram = (centred: readonly Tensor[], basis: Tensor, signal?: AbortSignal) =>
  summed(
    centred,
    (part) => {
      const codes = tf.matMul(part, basis)
      return tf.matMul(codes, codes, true)
    },
    signal,
  )

/** The sum over the parts of X, one at a time. */
async function summed(
  parts: readonly Tensor[],
  term: (part: Tensor) => Tensor,
  signal: AbortSignal | undefined,
): Promise<Tensor> {
  let sum: Tensor | null = null
  try {
    for (const part of parts) {
      await breath(signal)
      const next = tf.tidy(() => term(part))
      sum = sum ? added(sum, next) : next
    }
  } catch (error) {
    sum?.dispose()
    throw error
  }
  if (!sum) throw new Error('Expected at least one image. Received none.')
  return sum
}

/** a + b; both are spent. */
function added(a: Tensor, b: Tensor): Tensor {
  const sum = tf.add(a, b)
  tf.dispose([a, b])
  return sum
}

const type = { name: 'T', type: native.TF_ATTR_TYPE, value: native.TF_FLOAT }
const flag = (name: string, value: boolean) => ({ name, type: native.TF_ATTR_BOOL, value })

/** The two results of one of TensorFlow's decompositions; tfjs has none of its own but slow ones. */
function decompose(name: string, attribute: ReturnType<typeof flag>, matrix: Tensor): Tensor[] {
  const ids = backend.getInputTensorIds([matrix])
  const results = native.executeOp(name, [type, attribute], ids, 2)
  return results.map((metadata) => backend.createOutputTensor(metadata))
}

/** An orthonormal basis of the columns of a matrix [m, n], m ≥ n. */
function orthonormal(matrix: Tensor): Tensor {
  const [basis, triangle] = decompose('Qr', flag('full_matrices', false), matrix)
  triangle?.dispose()
  return basis as Tensor
}

/** The eigenvectors of the `count` largest eigenvalues of a symmetric matrix as columns, the largest first. */
function leading(symmetric: Tensor, count: number): Tensor {
  const [values, vectors] = decompose('SelfAdjointEigV2', flag('compute_v', true), symmetric)
  values?.dispose()
  const descending = tf.reverse(vectors as Tensor, 1)
  return tf.slice(descending, [0, 0], [-1, count])
}

async function breath(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  if (signal?.aborted) throw new DarkroomError('cancelled', 'cancelled')
}
