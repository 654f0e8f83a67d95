import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DarkroomError } from '../../../shared/errors'
import type { DataCard, LibraryItem } from '../../../shared/training'
import { House } from './testing/house'
import { libraryItem, preview } from './testing/runs'

let house: House
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})
async function open(items: LibraryItem[]) {
  house = await House.open((engine) => (engine.items = items))
  await house.settle()
  return house.workspace.library
}
const named = (item: string, more: Partial<LibraryItem> = {}) =>
  libraryItem({ item, name: item, ...more })

describe('the library', () => {
  test('an item that changed is replaced, a new one comes first, any other change asks for the list', async () => {
    const library = await open([named('a')])
    await house.send('library.changed', { item: named('a', { name: 'A' }) })
    await house.send('library.changed', { item: named('b') })
    expect(library.items.map(({ name }) => name)).toEqual(['b', 'A'])
    house.engine.asked = []
    house.emit('library.changed', { item: null })
    house.emit('library.changed', { item: null })
    await house.settle()
    expect(house.engine.of('library.list')).toHaveLength(1)
  })

  test('what is put into the trash can be taken back by the notice', async () => {
    const library = await open([named('a'), named('b')])
    library.selected = 'a'
    await library.trash(named('a'))
    expect(library.items.map(({ item }) => item)).toEqual(['b'])
    expect(library.trashed.map(({ item }) => item)).toEqual(['a'])
    expect(library.selected).toBe('b')
    house.workspace.notices.list[0]?.action?.run()
    await house.settle()
    expect(library.items.map(({ item }) => item)).toEqual(['a', 'b'])
    expect(house.told).toEqual([])
  })

  test('an emptied trash cannot be undone any more', async () => {
    const library = await open([named('a')])
    await library.trash(named('a'))
    await library.emptyTrash()
    expect(house.told).toEqual([])
  })

  test('a name that is refused stays as it was', async () => {
    const library = await open([named('a')])
    house.engine.handlers['library.rename'] = () => {
      throw new DarkroomError('name-taken', 'taken')
    }
    expect(await library.rename('a', 'b')).toBe(false)
    expect(library.items[0]?.name).toBe('a')
    expect(house.told).toEqual(['error: name-taken'])
  })

  test('an export tells where it went; one without a place is none', async () => {
    const library = await open([named('a')])
    house.engine.handlers['files.chooseModelExport'] = () => null
    await library.export(named('a'), 'model')
    expect(house.engine.of('library.export')).toEqual([])
    house.engine.handlers['files.chooseModelExport'] = () => ({ file: 'target', name: 'a.ldm' })
    await library.export(named('a'), 'savedmodel-encoder')
    expect(house.engine.of('files.chooseModelExport')).toEqual([
      { suggestedName: 'a.ldm', as: 'model' },
      { suggestedName: 'a-encoder', as: 'savedmodel-encoder' },
    ])
    expect(house.engine.of('library.export')).toEqual([
      { item: 'a', as: 'savedmodel-encoder', file: 'target' },
    ])
    expect(house.workspace.notices.list[0]?.action).not.toBeNull()
  })

  test('of several imports a bad one is named and does not stop the others', async () => {
    const library = await open([])
    house.engine.handlers['library.import'] = ({ file }) => {
      if (file === 'bad') throw new DarkroomError('model-not-ours', 'foreign')
      return named(file)
    }
    await library.import(['bad', 'good'].map((file) => ({ file, name: file })))
    expect(library.active?.item).toBe('good')
    expect(house.told[0]).toBe('error: model-not-ours')
  })

  test('a thumbnail is asked for once, and again when its item has changed', async () => {
    const library = await open([named('a')])
    house.engine.handlers['library.preview'] = () => preview(1)
    house.engine.asked = []
    library.want('a')
    library.want('a')
    await house.settle()
    expect(house.engine.of('library.preview')).toHaveLength(1)
    expect(library.previews.get('a')?.epoch).toBe(1)
    library.put(named('a'))
    library.want('a')
    await house.settle()
    expect(house.engine.of('library.preview')).toHaveLength(2)
  })

  test('data sets are those of the items, each once', async () => {
    const card = (hash: string) => ({ hash, name: hash }) as DataCard
    const library = await open([
      named('a', { data: card('x') }),
      named('b', { data: card('y') }),
      named('c', { data: card('x') }),
      named('d'),
    ])
    const found = library.dataSets.map(({ card: { hash }, users }) => [hash, users.length])
    expect(found).toEqual([
      ['x', 2],
      ['y', 1],
    ])
  })

  test('its size follows its items', async () => {
    const library = await open([named('a', { bytes: 600 })])
    expect(library.bytes).toBe(1000)
    await house.send('library.changed', { item: named('a', { bytes: 700 }) })
    expect(library.bytes).toBe(1100)
  })
})
