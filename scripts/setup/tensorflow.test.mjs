import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ensureTensorflow } from './tensorflow.mjs'
import { linkLibraries, placeAddon, placeInCache } from './tensorflowWheel.mjs'
import { testFolder } from './testFolder.mjs'

const report = { line: () => undefined, start: () => () => undefined }

/** A checkout with tfjs-node but neither its library nor its addon. */
function given() {
  const folder = testFolder()
  const root = path.join(folder, 'checkout')
  const home = path.join(root, 'node_modules/@tensorflow/tfjs-node')
  fs.mkdirSync(home, { recursive: true })
  const binary = { host: 'http://127.0.0.1:9/builds' }
  fs.writeFileSync(path.join(home, 'package.json'), JSON.stringify({ version: '4.22.0', binary }))
  return { root, home, cache: path.join(folder, 'cache') }
}

describe('ensureTensorflow', () => {
  it('stops with the reason and the command where there is no way', async () => {
    const { root, cache } = given()
    for (const name of ['TFJS_NODE_BASE_URI', 'TFJS_NODE_CDN_STORAGE', 'CDN_STORAGE'])
      vi.stubEnv(name, '')
    onTestFinished(() => void vi.unstubAllEnvs())
    /** @type {import('./decide.mjs').Machine} */
    const machine = { platform: 'linux', arch: 'arm64', node: '20.20.0', glibc: '2.36' }
    await expect(ensureTensorflow({ root, cache, machine, report })).rejects.toThrow(
      /^TensorFlow for tfjs-node: 127\.0\.0\.1:9 refused the connection\. .*npm rebuild @tensorflow\/tfjs-node/,
    )
  })
})

describe('placeInCache', () => {
  it('takes the two libraries, the headers that the addon needs and the licences', () => {
    expect(placeInCache('tensorflow/libtensorflow_cc.so.2')).toBe('lib/libtensorflow_cc.so.2')
    expect(placeInCache('tensorflow/include/tensorflow/c/eager/c_api.h')).toBe(
      'include/tensorflow/c/eager/c_api.h',
    )
    expect(placeInCache('tensorflow/include/xla/tsl/c/tsl_status.h')).toBe(
      'include/xla/tsl/c/tsl_status.h',
    )
    expect(placeInCache('tensorflow/THIRD_PARTY_NOTICES.txt')).toBe(
      'licence/THIRD_PARTY_NOTICES.txt',
    )
  })

  it('leaves everything else', () => {
    expect(placeInCache('tensorflow/python/_pywrap_tensorflow_internal.so')).toBeNull()
    expect(placeInCache('tensorflow/include/external/eigen/Core')).toBeNull()
    expect(placeInCache('tensorflow/include/external/llvm/LICENSE')).toBeNull()
  })
})

describe('linkLibraries', () => {
  it('gives the libraries the names that the addon asks for, in the place of what was there', () => {
    const { home, cache } = given()
    for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
      fs.mkdirSync(path.join(cache, 'lib'), { recursive: true })
      fs.writeFileSync(path.join(cache, 'lib', name), name)
    }
    fs.mkdirSync(path.join(home, 'deps/lib/half'), { recursive: true })
    linkLibraries(cache, home)
    const names = fs
      .readdirSync(path.join(home, 'deps/lib'))
      .map((name) => [name, fs.readFileSync(path.join(home, 'deps/lib', name), 'utf8')])
    expect(Object.fromEntries(names)).toEqual({
      'libtensorflow.so': 'libtensorflow_cc.so.2',
      'libtensorflow.so.2': 'libtensorflow_cc.so.2',
      'libtensorflow_cc.so.2': 'libtensorflow_cc.so.2',
      'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
      'libtensorflow_framework.so.2': 'libtensorflow_framework.so.2',
    })
  })
})

describe('placeAddon', () => {
  it('takes the cached build and says when there is none', async () => {
    const { root, cache } = given()
    const request = { root, folder: cache, fresh: false, subject: 'TensorFlow', report }
    expect(await placeAddon(request)).toBe(false)
    fs.mkdirSync(path.join(cache, 'addon'), { recursive: true })
    fs.writeFileSync(path.join(cache, 'addon/tfjs-node-4.22.0-napi-8.node'), 'built')
    expect(await placeAddon(request)).toBe(true)
    const placed = path.join(
      root,
      'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node',
    )
    expect(fs.readFileSync(placed, 'utf8')).toBe('built')
  })

  it('says what the compiler said when the build fails', async () => {
    const { root, cache } = given()
    vi.stubEnv('CXX', '/bin/false')
    onTestFinished(() => void vi.unstubAllEnvs())
    const request = { root, folder: cache, fresh: true, subject: 'TensorFlow', report }
    await expect(placeAddon(request)).rejects.toThrow(
      "the build of tfjs-node's addon: false ended with status 1",
    )
    expect(fs.readdirSync(path.join(cache, 'addon'))).toEqual([])
  })
})
