import { afterEach, describe, expect, it, test } from 'vitest'
import { setLocale, type Locale } from '../../../../../shared/messages'
import en from '../../../../../shared/messages/en/guide.json'
import zh from '../../../../../shared/messages/zh-Hans/guide.json'
import { modelKinds, recipeNames } from '../../../../../shared/training'
import { formulaMarkup } from '../formula'
import { groups, pageOf, pages } from './index'
import { pageIds, type Block, type GuidePage, type Words } from './types'

afterEach(() => setLocale('en'))

const blocksOf = (page: GuidePage): Block[] => page.sections.flatMap(({ blocks }) => blocks)
const formulasOf = (page: GuidePage) =>
  blocksOf(page).flatMap((block) => (block.kind === 'formula' ? [block.tex] : []))

function wordsOf(block: Block): Words[] {
  switch (block.kind) {
    case 'text':
      return [block.text]
    case 'formula':
      return [block.says]
    case 'steps':
    case 'list':
      return [...block.items]
    case 'terms':
      return block.items.flatMap(({ term, text }) => [term, text])
    case 'table':
      return [...block.columns, ...block.rows.flat()]
    case 'note':
      return [block.title, ...block.items]
    case 'keys':
      return []
  }
}

/** Everything that a page says in a language, its sources left out. */
function textsOf(page: GuidePage, locale: Locale): string[] {
  setLocale(locale)
  const sections = page.sections.map(({ title }) => title)
  return [page.title, ...page.lead, ...sections, ...blocksOf(page).flatMap(wordsOf)].map((words) =>
    words(),
  )
}

test('every page is in one group, and there is one for every model', () => {
  expect(groups.flatMap((group) => group.pages.map(({ id }) => id))).toEqual(pageIds)
  for (const kind of [...modelKinds, 'photo-denoiser'] as const) expect(pageOf(kind).id).toBe(kind)
})

test('every recipe can be opened from its page', () => {
  const named = pages.flatMap((page) => page.recipes)
  expect([...new Set(named)].sort()).toEqual([...recipeNames].sort())
})

test('every page of a model has formulas, numbers, advice, recipes and sources', () => {
  for (const kind of [...modelKinds, 'photo-denoiser'] as const) {
    const page = pageOf(kind)
    const tables = blocksOf(page).filter((block) => block.kind === 'table')
    expect(page.lead, kind).not.toEqual([])
    expect(formulasOf(page), kind).not.toEqual([])
    expect(tables.length, kind).toBe(2)
    expect(page.recipes, kind).not.toEqual([])
    expect(page.sources, kind).not.toEqual([])
  }
})

describe.each(pages.map((page) => [page.id, page] as const))('the page %s', (_, page) => {
  it('says the same things in both languages', () => {
    const [english, chinese] = [textsOf(page, 'en'), textsOf(page, 'zh-Hans')]
    expect(chinese.length).toBe(english.length)
    for (const each of [...english, ...chinese]) expect(each).not.toMatch(/^$|[{}]|undefined/)
    for (const each of english) expect(each).not.toMatch(/[\u3400-\u9fff](?!.*[a-z])/)
    const untranslated = chinese.filter(
      (each, index) => each === english[index] && /[a-z]{3}/.test(each),
    )
    // names of things that have the same name everywhere
    expect(untranslated.filter((each) => !/^(Dropout|float32)$/.test(each))).toEqual([])
  })

  it('has formulas that KaTeX can set, for the eye and for screen readers', () => {
    for (const tex of formulasOf(page)) {
      const markup = formulaMarkup(tex)
      expect(markup, tex).toContain('<math')
      expect(markup, tex).toContain('katex-html')
      expect(markup, tex).not.toContain('katex-error')
    }
  })

  it('leads to pages that there are', () => {
    for (const block of blocksOf(page))
      if (block.kind === 'terms')
        for (const item of block.items) if (item.page) expect(pageOf(item.page)).toBeDefined()
  })
})

describe('the article’s slips', () => {
  const noteOf = (id: (typeof pageIds)[number], locale: Locale): string => {
    setLocale(locale)
    const notes = blocksOf(pageOf(id)).filter((block) => block.kind === 'note')
    return notes
      .flatMap(wordsOf)
      .map((words) => words())
      .join(' ')
  }

  it('are named where the right form is shown', () => {
    expect(noteOf('autoencoder', 'en')).toMatch(/bracket/)
    expect(noteOf('autoencoder', 'zh-Hans')).toMatch(/括号/)
    expect(noteOf('variational', 'en')).toMatch(/σ².*θ/)
    expect(noteOf('variational', 'zh-Hans')).toMatch(/σ².*θ/)
    expect(formulasOf(pageOf('autoencoder')).join()).toContain(String.raw`\bigl[`)
    expect(formulasOf(pageOf('variational')).join()).toContain('diag')
  })
})

test('speech and audio are said to be out of scope, in one place of the training part', () => {
  expect(en.guide_principle_scope_text).toMatch(/Speech and audio/)
  expect(zh.guide_principle_scope_text).toMatch(/语音和音频/)
})

test('an unknown formula is an error and not a red text', () => {
  expect(() => formulaMarkup(String.raw`\unknown`)).toThrow(/unknown/)
})
