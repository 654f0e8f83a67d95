/** The main job, in the real program: a noisy photo comes in, a clean one goes out. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { decode as decodeTiff } from 'tiff'
import { pictures } from '../axe'
import { expect, test } from '../fixtures'
import { allLooks, inChinese, inEachLook, pictureForReadme } from '../looks'
import { DenoiseScreen, type LookSlider } from '../pages/denoiseScreen'
import { colourProfile, profileTag, writeDeepTiff } from '../photoFiles'
import { enginePid, root } from '../program'

const sample = join(root, 'resources', 'sample', 'astronaut.png')

/**
 * scikit-image 0.26 on the same noisy file (`add-noise --sigma 25 --seed 0`): `denoise_nl_means` with the true σ,
 * patch size 5, distance 6, h = 0.8 σ, `fast_mode=False`, the best of nine settings that were tried.
 */
const nonLocalMeans = 29.51

/** Runs the command line that the build made, under plain Node, and returns what it printed. */
function commandLine(...parameters: string[]): string {
  return execFileSync(process.execPath, [join(root, 'out', 'main', 'cli.js'), ...parameters], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** A noisy picture, large enough that denoising it takes a while. */
function writeLargePicture(path: string, width = 2400, height = 1600): void {
  const data = new Uint8Array(width * height)
  for (let i = 0, state = 1; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    data[i] = 60 + ((i % width) >> 4) + (state >>> 27)
  }
  writeFileSync(
    path,
    encode({ width, height, data, channels: 1, depth: 8 }, { zlib: { level: 1 } }),
  )
}

test.describe.configure({ timeout: 180_000 })

test('the sample photo: noise, denoise, wipe by keyboard, export; the command line writes the same bytes', async ({
  app,
  window,
  folder,
}) => {
  const screen = new DenoiseScreen(app, window.page)
  await screen.openSample()
  await screen.addNoise()
  const { noisy, denoised } = await screen.psnr()
  expect(noisy).toBeCloseTo(20.84, 1)
  expect(denoised).toBeGreaterThan(nonLocalMeans + 1)

  await screen.wipe.focus()
  await expect(screen.wipe).toHaveAttribute('aria-valuenow', '50')
  for (const key of ['ArrowRight', 'ArrowRight', 'PageDown']) await window.page.keyboard.press(key)
  await expect(screen.wipe).toHaveAttribute('aria-valuenow', '42')
  mkdirSync(pictures, { recursive: true })
  await screen.picture(join(pictures, 'wiped-dark-en.png'))

  const exported = join(folder, 'from the window.png')
  await screen.exportTo(exported)
  const [noisyFile, fromCommandLine] = [join(folder, 'noisy.png'), join(folder, 'cli.png')]
  commandLine(
    'add-noise',
    sample,
    '--out',
    noisyFile,
    '--sigma',
    '25',
    '--seed',
    '0',
    '--kind',
    'gaussian',
  )
  commandLine('denoise', noisyFile, '--out', fromCommandLine)
  expect(readFileSync(exported).equals(readFileSync(fromCommandLine))).toBe(true)
  const inspected = JSON.parse(commandLine('inspect', exported, '--json')) as object
  expect(inspected).toMatchObject({ width: 512, height: 512, channels: 3, bits: 8 })
})

test('a malformed file is refused by name, and the program goes on', async ({
  app,
  window,
  folder,
}) => {
  const screen = new DenoiseScreen(app, window.page)
  const broken = join(folder, 'broken.png')
  writeFileSync(broken, readFileSync(sample).subarray(0, 40_000))
  await screen.open(broken)
  await expect(screen.alert).toContainText('broken.png')
  await screen.openSample()
  await screen.result()
})

inChinese((locale) => {
  test('noise by brightness, strength, luma, chroma and texture by keyboard, undone step by step; the command line writes the same bytes', async ({
    app,
    window,
    folder,
  }) => {
    const screen = new DenoiseScreen(app, window.page, locale)
    await screen.openSample()
    await screen.addNoise()
    const full = await screen.psnr()
    const estimated = await screen.tones()
    expect(new Set(estimated).size).toBe(1) // white noise is the same at every brightness
    await screen.tone('level_shadows').focus()
    await window.page.keyboard.press('PageUp')
    await screen.tone('level_highlights').focus()
    for (const key of ['PageDown', 'ArrowDown']) await window.page.keyboard.press(key)
    const tones = await screen.tones()
    const moved = [5, 0, -5.5].map((by, i) =>
      String(Number((Number(estimated[i]) + by).toFixed(1))),
    )
    expect(tones).toEqual(moved)
    const press = async (name: LookSlider, ...keys: string[]) => {
      await screen.slider(name).focus()
      for (const key of keys) await window.page.keyboard.press(key)
    }
    await press('luma', 'PageDown', 'PageDown')
    await press('chroma', 'ArrowLeft')
    await press('texture', 'PageUp', 'PageUp', 'PageUp')
    await expect(screen.slider('luma')).toHaveValue('80')
    await expect(screen.slider('chroma')).toHaveValue('99')
    await expect(screen.slider('texture')).toHaveValue('30')
    const exported = join(folder, 'look.png')
    await screen.exportTo(exported)
    const [noisyFile, written] = [join(folder, 'noisy.png'), join(folder, 'cli.png')]
    const noise = ['--kind', 'gaussian', '--sigma', '25', '--seed', '0']
    commandLine('add-noise', sample, '--out', noisyFile, ...noise)
    const look = ['--luma', '80', '--chroma', '99', '--texture', '30']
    commandLine('denoise', noisyFile, '--out', written, '--sigma', tones.join(), ...look)
    expect(readFileSync(exported).equals(readFileSync(written))).toBe(true)

    await press('luma', 'Home')
    await press('chroma', 'Home')
    await expect.poll(async () => (await screen.psnr()).denoised).toBe(full.noisy)
    const values = () =>
      Promise.all(
        (['luma', 'chroma', 'texture'] as const).map((name) => screen.slider(name).inputValue()),
      )
    const undo = async (...expected: string[]) => {
      await window.page.keyboard.press('Control+z')
      await expect.poll(values).toEqual(expected)
    }
    await undo('0', '99', '30')
    await undo('80', '99', '30')
    await undo('80', '99', '0')
    await undo('80', '100', '0')
    await undo('100', '100', '0')
    await window.page.keyboard.press('Control+Shift+z')
    await expect.poll(values).toEqual(['80', '100', '0'])
    mkdirSync(pictures, { recursive: true })
    await screen.tone('level_shadows').focus()
    await screen.picture(join(pictures, `noise-by-brightness-dark-${locale}.png`))
    await screen.backToEstimate()
    await expect.poll(() => screen.tones()).toEqual(estimated)
    await window.page.keyboard.press('Control+z')
    await expect.poll(() => screen.tones()).toEqual(tones)

    // a grey photo has one strength instead of luma and chroma
    const grey = join(folder, 'grey.png')
    writeLargePicture(grey, 300, 200)
    await screen.open(grey)
    await press('strength', 'PageDown', 'PageDown', 'PageDown')
    await expect(screen.slider('strength')).toHaveValue('70')
    await screen.result()
    const [weaker, byCommand] = [join(folder, 'weaker.png'), join(folder, 'weaker cli.png')]
    await screen.exportTo(weaker)
    commandLine('denoise', grey, '--out', byCommand, '--luma', '70')
    expect(readFileSync(weaker).equals(readFileSync(byCommand))).toBe(true)
  })

  test('a 16-bit file stays one, as PNG and as TIFF with its colour profile, or becomes what is chosen', async ({
    app,
    window,
    folder,
  }) => {
    const screen = new DenoiseScreen(app, window.page, locale)
    const at = (name: string): string => join(folder, name)
    const [width, height] = [64, 48]
    const data = Uint16Array.from({ length: 3 * width * height }, (_, i) => {
      return 20_000 + ((i * 7919) % 9001)
    })
    writeFileSync(at('deep.png'), encode({ width, height, data, channels: 3, depth: 16 }))
    await screen.open(at('deep.png'))
    await screen.result()
    await screen.exportTo(at('denoised.png'))
    const png = decode(readFileSync(at('denoised.png')))
    expect([png.width, png.height, png.depth, png.channels]).toEqual([width, height, 16, 3])
    expect([...png.data].some((value) => value % 257 !== 0)).toBe(true)

    const profile = colourProfile()
    writeDeepTiff(at('deep.tif'), { width, height, data, profile })
    await screen.open(at('deep.tif'))
    await expect(window.page.getByRole('heading', { name: 'deep.tif' })).toBeVisible()
    await screen.result()
    await screen.chooseFormat('TIFF')
    await screen.exportTo(at('denoised.tif'))
    const [deep] = decodeTiff(readFileSync(at('denoised.tif')))
    expect([deep?.width, deep?.height, deep?.bitsPerSample]).toEqual([width, height, 16])
    expect([...(deep?.data ?? [])]).toEqual([...png.data])
    expect(Buffer.from(deep?.fields.get(profileTag) as Uint8Array).equals(profile)).toBe(true)
    mkdirSync(pictures, { recursive: true })
    await screen.picture(join(pictures, `export-dark-${locale}.png`))

    await screen.chooseFormat('TIFF', 8)
    await screen.exportTo(at('shallow.tif'))
    const [shallow] = decodeTiff(readFileSync(at('shallow.tif')))
    expect(shallow?.bitsPerSample).toBe(8)
    const rounded = Array.from(png.data, (value) => Math.round(value / 257))
    expect([...(shallow?.data ?? [])]).toEqual(rounded)
    await screen.picture(join(pictures, `export-lowered-dark-${locale}.png`))
  })
})

test('the engine is killed in the middle of a job: the window goes on, and the job is done all the same', async ({
  app,
  window,
  folder,
}) => {
  const screen = new DenoiseScreen(app, window.page)
  const path = join(folder, 'large.png')
  writeLargePicture(path)
  await screen.open(path)
  await expect(screen.cancel).toBeVisible({ timeout: 60_000 })
  process.kill(await enginePid(app), 'SIGKILL')
  await expect.poll(async () => (await window.ask('settings.read', {})).theme).toBe('dark')
  await expect.poll(() => window.engineState(), { timeout: 15_000 }).toBe('ready')
  await screen.result()
})

test('a running job is cancelled at once and can be started again', async ({
  app,
  window,
  folder,
}) => {
  const screen = new DenoiseScreen(app, window.page)
  const path = join(folder, 'large.png')
  writeLargePicture(path)
  await screen.open(path)
  await screen.cancel.click({ timeout: 60_000 })
  await expect(screen.progress).toBeHidden()
  await screen.startAgain()
  await screen.result()
})

test('an export that cannot be written is refused by name and leaves nothing behind', async ({
  app,
  window,
  folder,
}) => {
  const screen = new DenoiseScreen(app, window.page)
  const path = join(folder, 'small.png')
  writeLargePicture(path, 300, 200)
  await screen.open(path)
  await screen.result()
  await screen.chooseTarget(join(folder, 'missing', 'result.png'))
  await expect(screen.alert).toContainText('result.png')
  await screen.chooseTarget(path) // the source itself
  await expect(screen.alert.filter({ hasText: 'small.png' })).toBeVisible()
  expect(readdirSync(folder).sort()).toEqual(['small.png', 'user-data'])
  await screen.exportTo(join(folder, 'result.png'))
  expect(readdirSync(folder).sort()).toEqual(['result.png', 'small.png', 'user-data'])
})

test('axe finds nothing on any screen', async ({ app, window }) => {
  const look = (name: string) => inEachLook(window, name, allLooks)
  const screen = new DenoiseScreen(app, window.page)
  await expect(window.page.getByRole('main')).toBeVisible()
  const found = await look('empty')
  await screen.openSample()
  await screen.addNoise()
  await screen.psnr()
  found.push(...(await look('denoise')))
  await pictureForReadme(window, 'denoise')
  expect(await screen.score()).toBeGreaterThan(24) // the noise's σ is in it
  await screen.slider('texture').press('PageUp')
  found.push(...(await look('score')))
  await screen.goTo('rail_settings')
  found.push(...(await look('settings')))
  expect(found).toEqual([])
})
