import { afterEach, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../shared/errors'
import type { WindowEventMessage } from '../../shared/transport'
import { adopt, ask, listen } from './bridge'

const stub = (transport: object) => vi.stubGlobal('window', { darkroom: transport })
afterEach(() => {
  vi.unstubAllGlobals()
})

test('a good reply becomes its result, and name and arguments go over unchanged', async () => {
  const invoke = vi.fn().mockResolvedValue({ ok: true, result: 'text' })
  stub({ invoke })
  expect(await ask('app.diagnostics', {})).toBe('text')
  expect(invoke).toHaveBeenCalledWith('app.diagnostics', {})
})

test('a failed reply is thrown as a DarkroomError with its code and values', async () => {
  const error = { code: 'file-empty', message: 'empty', params: { file: 'a.png' } }
  stub({ invoke: () => Promise.resolve({ ok: false, error }) })
  const failure = ask('photo.close', { photo: '1' })
  await expect(failure).rejects.toBeInstanceOf(DarkroomError)
  await expect(failure).rejects.toMatchObject({ code: 'file-empty', params: { file: 'a.png' } })
})

test('a file that cannot be adopted is refused in the same way', async () => {
  const error = { code: 'request-refused', message: 'no path', params: {} }
  stub({ adopt: () => Promise.resolve({ ok: false, error }) })
  await expect(adopt({} as File)).rejects.toMatchObject({ code: 'request-refused' })
})

test('only events of the name arrive, until unsubscribed', () => {
  const listeners = new Set<(message: WindowEventMessage) => void>()
  stub({
    on: (listener: (message: WindowEventMessage) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
  const heard: string[] = []
  const stop = listen('command', ({ command }) => heard.push(command))
  const send = (message: WindowEventMessage) => listeners.forEach((listener) => listener(message))
  send({ name: 'command', payload: { command: 'open' } })
  send({ name: 'files.opened', payload: [] })
  stop()
  send({ name: 'command', payload: { command: 'paste' } })
  expect(heard).toEqual(['open'])
})

test('many listeners share one subscription, which ends with the last of them', () => {
  const stopped = vi.fn()
  const on = vi.fn((_listener: (message: WindowEventMessage) => void) => stopped)
  stub({ on })
  const heard: string[] = []
  const stops = ['a', 'b'].map((who) => listen('files.opened', () => heard.push(who)))
  expect(on).toHaveBeenCalledTimes(1)
  on.mock.calls[0]?.[0]({ name: 'files.opened', payload: [] })
  expect(heard).toEqual(['a', 'b'])
  stops[0]?.()
  expect(stopped).not.toHaveBeenCalled()
  stops[1]?.()
  expect(stopped).toHaveBeenCalledTimes(1)
})
